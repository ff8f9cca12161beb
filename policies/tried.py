"""Whether a decision does again what came to nothing: a greedy model, shown the same screen, says the same."""

from collections.abc import Sequence
from itertools import takewhile

from ..screen import Box
from ..tools import Action, Wait, points_of
from .policy import Decision, Turn


def failed_at_end(history: Sequence[Turn]) -> list[Turn]:
    """The turns that did not work since the last one that did, newest first."""
    return list(takewhile(lambda turn: turn.error is not None, reversed(history)))


def boxes_in_vain(history: Sequence[Turn]) -> list[Box]:
    """Where the turns at the end that did not work pointed first."""
    decisions = (turn.decision for turn in failed_at_end(history))
    return [decision.boxes[0] for decision in decisions if decision is not None and decision.boxes]


def was_tried(decision: Decision, history: Sequence[Turn]) -> bool:
    """Whether the decision does what a turn before it did in vain: it did not work, or the frame is still the same.

    Pointing elsewhere into the box that was pointed at then is the same again. Waiting on is no repetition.
    """
    if all(isinstance(action, Wait) for action in decision.actions):
        return False
    decided = [turn for turn in reversed(history) if turn.decision is not None or turn.error is not None]
    in_vain = takewhile(lambda turn: turn.error is not None or _is_frame_of(turn, decision), decided)
    return any(turn.decision is not None and _is_same(turn.decision, decision) for turn in in_vain)


def _is_frame_of(turn: Turn, decision: Decision) -> bool:
    return turn.decision is not None and turn.decision.frame == decision.frame


def _is_same(before: Decision, now: Decision) -> bool:
    if len(before.actions) != len(now.actions):
        return False
    return all(_is_alike(*pair, before.boxes) for pair in zip(before.actions, now.actions, strict=True))


def _is_alike(before: Action, now: Action, boxes: tuple[Box, ...]) -> bool:
    """Whether two actions are one, but for where in one of the boxes they point."""
    if before == now:
        return True
    if before.model_dump(exclude={"point"}) != now.model_dump(exclude={"point"}):
        return False
    pairs = zip(points_of(before), points_of(now), strict=True)
    return all(any(box.contains(a) and box.contains(b) for box in boxes) for a, b in pairs)
