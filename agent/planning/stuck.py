"""When a run gets nowhere, and what its policy is told then."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...tools import (
    Action,
    Click,
    Drag,
    Finish,
    Limits,
    LongPress,
    Press,
    Scroll,
    SelectOption,
    TypeText,
    Upload,
)
from ..effects import needs_no_change
from ..record.trace import Step
from ..words import in_words

LONGEST_CYCLE = 5
"""Turns after which the same comes again."""
REMEMBERED = 60
"""How many of the last turns are compared."""
LITTLE = 0.005
"""Share of a screen that may be a clock, a caret or a small film on it."""
MAX_TRIED = 5
MAX_TRIED_CHARS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What speaks for being stuck, counted up to the turn that has just ended.

    `fruitless`: turns in a row that came to nothing; `same`: how often the last action came on the same screen;
    `insists`: how often it came with no effect where it was done; `refused`: how often the goal was called reached and
    not found to be. `keys` are the last turns, the newest last: equal where the same was done on the same screen.
    """

    fruitless: int
    same: int
    insists: int
    refused: int
    keys: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why a run gets nowhere, how badly, and what it would be stopped for."""

    reason: str
    is_over: bool
    stop: Literal["stuck", "unconfirmed"] = "stuck"


def cycle(keys: Sequence[str]) -> tuple[int, int] | None:
    """How many turns the last ones take until they come again, and how often they came; the shortest such cycle.

    At least two turns that are not one and the same, and at least twice in a row.
    """
    for length in range(2, LONGEST_CYCLE + 1):
        last = keys[-length:]
        rounds = 1
        while len(keys) >= (rounds + 1) * length and keys[-(rounds + 1) * length : -rounds * length] == last:
            rounds += 1
        if rounds > 1 and len(set(last)) > 1:
            return length, rounds
    return None


def trouble(limits: Limits, counts: Counts, last: str) -> Trouble | None:
    """What is wrong by the limits; None where nothing speaks for it yet. `last` is why the turn came to nothing."""
    by_turns = cycle(counts.keys)
    length, rounds = by_turns or (0, 0)
    idle = f"the same action {counts.insists} times in a row, and nothing changed where it was done"
    found = [
        (counts.refused, limits.refusals, f"the goal was called reached {counts.refused} times, and was not: {last}"),
        (counts.fruitless, limits.fruitless, f"{counts.fruitless} turns in a row came to nothing; the last: {last}"),
        (counts.same, limits.repeats, f"the same action on the same screen, {counts.same} times in a row"),
        (rounds, limits.repeats, f"the same {length} turns on the same screens, {rounds} times in a row"),
        (counts.insists, limits.insists, idle),
    ]
    for n, (count, limit, reason) in enumerate(found):
        if count >= limit:
            return Trouble(reason=reason, is_over=True, stop="stuck" if n else "unconfirmed")
    told = [reason for count, _, reason in found[1:-1] if count > 1]
    if counts.insists > limits.insists // 2:
        told = told or [idle]
    return Trouble(reason=told[-1], is_over=False) if told else None


def advice(found: Trouble, step: Step, before: Sequence[Step]) -> str:
    """What the policy is told: what to try; where it was told so in the turn before, what was tried in vain as well."""
    said = f"{found.reason}. {_hint(step)}"
    tried = _tried([*before, step])
    if not tried or not before or before[-1].error is None:
        return said
    return f"{said} Do none of what was tried in vain again: {'; '.join(tried)}"


def came_to_nothing(step: Step) -> bool:
    """Whether the last thing that was done in a turn failed, or changed nothing where it should."""
    if not step.did:
        return False
    last = step.did[-1]
    return last.effect == "failed" or (last.effect == "unchanged" and not needs_no_change(last.action))


def worked(step: Step) -> bool:
    """Whether the last thing that was done is seen to have had an effect."""
    return bool(step.did) and step.did[-1].found in ("changed", "changed here", "navigated")


def is_idle(step: Step) -> bool:
    """Whether the last thing that was done had no effect where it was done, and next to none elsewhere."""
    last = step.did[-1] if step.did else None
    if last is None or last.found not in ("unchanged", "changed elsewhere"):
        return False
    return (last.changed or 0.0) < LITTLE


def nothing_changed(action: Action) -> str:
    return f"nothing changed on the screen after the {action.kind.replace('_', ' ')}"


def in_brief(step: Step) -> str:
    """What was done in a turn, in words."""
    return ", then ".join(in_words(did.action) for did in step.did)[:MAX_TRIED_CHARS]


def _tried(steps: Sequence[Step]) -> list[str]:
    """What the last turns did in vain, each thing once, the newest last."""
    words: list[str] = []
    for step in reversed(steps):
        if len(words) == MAX_TRIED or not (step.error is not None or came_to_nothing(step)):
            break
        if step.did and in_brief(step) not in words:
            words.insert(0, in_brief(step))
    return words


def _hint(step: Step) -> str:
    """Another way, by what was done last."""
    done: Action | None = step.did[-1].action if step.did else None
    elsewhere = bool(step.did) and step.did[-1].found == "changed elsewhere"
    match done:
        case Click() | LongPress() | SelectOption() | Drag() | Upload() if elsewhere:
            return "Something changed elsewhere on the screen: look there first."
        case Click() | LongPress() | SelectOption() | Drag() | Upload():
            return (
                "See whether it is covered, greyed out or not what it seems; scroll, use the keys, or go another way."
            )
        case TypeText():
            return "Click into the field first, and see whether it has the focus."
        case Press():
            return "Click where the keys should go first, or use the mouse instead."
        case Scroll():
            return "It may end here: scroll the other way, over another part, or use what is in sight."
        case Finish() | None:
            return "Do what is missing before you call it done; where it cannot be done, say so."
        case _:
            return "Go another way."
