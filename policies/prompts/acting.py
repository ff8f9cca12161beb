"""What a model is told when it is asked what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ...model import Conversation, Message, Picture
from ...screen import Observation
from ..grammars.canvas import Canvas
from ..policy import Turn
from ..profiles import Acting, Alone, Dialogue, Listed, Stepped
from .dialogue import dialogue_messages
from .steps import lines_of, stepped_messages
from .template import filled, filled_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is put into the places of a prompt. `tools` are the schemas of all functions, one a line."""

    goal: str
    tools: str
    canvas: Canvas

    @property
    def words(self) -> dict[str, str | int]:
        """By the names of their places."""
        seen = self.canvas.seen or self.canvas.size
        return {"goal": self.goal, "tools": self.tools, "width": seen.width, "height": seen.height}


def acting_conversation(acting: Acting, told: Told, history: Sequence[Turn], observation: Observation) -> Conversation:
    """The system text, what came before as the profile wants it told, and the screen now."""
    words = told.words
    system = () if acting.system is None else (Message("system", (filled_text(acting.system, words),)),)
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
        case Alone():
            messages = _alone(acting, words, observation)
        case _:
            assert_never(acting.history)
    return Conversation(messages=(*system, *messages), prefix=acting.prefill)


def _alone(acting: Acting, words: dict[str, str | int], observation: Observation) -> tuple[Message, ...]:
    picture = Picture(observation.screenshot.pixels)
    return tuple(Message("user", filled(prompt, words, (picture,))) for prompt in acting.prompt)


def _listed(acting: Acting, listed: Listed, canvas: Canvas, history: Sequence[Turn]) -> str:
    """What was done, in words."""
    lines = lines_of(listed.line, acting, canvas, history)
    shown = lines if listed.last is None else lines[-listed.last :]
    return listed.separator.join(shown) or listed.none
