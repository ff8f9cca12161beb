"""What a model is told when it is asked what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ...model import Conversation, Message, Part, Picture
from ...screen import Observation
from ...tools import Function
from ..grammars.canvas import Canvas
from ..policy import Decision, Turn
from ..profiles import Acting, Alone, Dialogue, Interleaved, Listed, Stepped
from .dialogue import dialogue_messages, written
from .events import with_answers
from .functions import told_functions
from .steps import done_in, lines_of, stepped_messages
from .template import filled, filled_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is put into the places of a prompt. `functions` are all that may be called, `own` those of the user."""

    goal: str
    functions: Sequence[Function]
    own: Sequence[Function]
    canvas: Canvas

    @property
    def words(self) -> dict[str, str | int]:
        """By the names of their places."""
        seen = self.canvas.seen or self.canvas.size
        words: dict[str, str | int] = {"goal": self.goal, "width": seen.width, "height": seen.height}
        return words | told_functions(self.functions, self.own)


_OF_ANSWERS = {name: f"{{{name}}}" for name in ("thought", "action", "step")}
"""Places that a system text leaves to the model: it shows with them what an answer is to look like."""


def acting_conversation(acting: Acting, told: Told, history: Sequence[Turn], observation: Observation) -> Conversation:
    """The system text, what came before as the profile wants it told, and the screen now."""
    words = told.words | {"goal": goal_told(acting, told.goal, history, observation)}
    system = () if acting.system is None else (Message("system", (filled_text(acting.system, _OF_ANSWERS | words),)),)
    match acting.history:
        case Dialogue():
            messages = dialogue_messages(acting, acting.history, words, told.canvas, history, observation)
        case Listed():
            messages = _alone(
                acting, words | {"history": _listed(acting, acting.history, told.canvas, history)}, observation
            )
        case Stepped():
            before = stepped_messages(acting, acting.history, told.canvas, history)
            messages = (*before, *_alone(acting, words, observation))
        case Interleaved():
            before = _answered(acting, told.canvas, done_in(history)[-acting.history.last :])
            messages = _alone(acting, words, observation, before)
        case Alone():
            messages = _alone(acting, words, observation)
        case _:
            assert_never(acting.history)
    return Conversation(messages=(*system, *messages), prefix=acting.prefill)


def goal_told(acting: Acting, goal: str, history: Sequence[Turn], observation: Observation) -> str:
    """The goal, with what the user answered where there is no other place for it."""
    is_told = isinstance(acting.history, Dialogue) and acting.history.is_told
    return goal if is_told else with_answers(goal, history, observation)


def _alone(
    acting: Acting, words: dict[str, str | int], observation: Observation, before: Sequence[Part] = ()
) -> tuple[Message, ...]:
    shown = (*before, Picture.of(observation.screenshot))
    return tuple(Message("user", filled(prompt, words, shown)) for prompt in acting.prompt)


def _answered(acting: Acting, canvas: Canvas, turns: Sequence[tuple[Turn, Decision]]) -> tuple[Part, ...]:
    """Each screenshot, and behind it the answer to it."""
    shown: list[Part] = []
    for turn, _ in turns:
        shown += [Picture.of(turn.observation.screenshot), written(turn, acting, canvas)]
    return tuple(shown)


def _listed(acting: Acting, listed: Listed, canvas: Canvas, history: Sequence[Turn]) -> str:
    """What was done, in words."""
    language = listed.language or acting.language
    lines = lines_of(listed.line, acting, canvas, history, first=listed.first, last=listed.last, language=language)
    return listed.separator.join(lines) or listed.none
