"""What a model is told when it is asked what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from ...model import Conversation, Message, Picture
from ...screen import Observation
from ...tools import Function
from ..grammars import Language
from ..grammars.canvas import Canvas
from ..policy import Decision, Turn
from ..profiles import Acting, Alone, Dialogue, Listed
from .dialogue import dialogue_messages, written_actions
from .functions import told_functions
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
        case Alone():
            messages = _alone(acting, words, observation)
        case _:
            assert_never(acting.history)
    return Conversation(messages=(*system, *messages), prefix=acting.prefill)


def _alone(acting: Acting, words: dict[str, str | int], observation: Observation) -> tuple[Message, ...]:
    picture = Picture(observation.screenshot.pixels)
    return tuple(Message("user", filled(prompt, words, (picture,))) for prompt in acting.prompt)


def _listed(acting: Acting, listed: Listed, canvas: Canvas, history: Sequence[Turn]) -> str:
    """What was done, in words. Turns that did not work are left out."""
    done = [turn.decision for turn in history if turn.decision is not None and turn.error is None]
    language = listed.language or acting.language
    lines = [filled_text(listed.line, _words(n, decision, language, canvas)) for n, decision in enumerate(done, 1)]
    shown = lines if listed.last is None else lines[-listed.last :]
    return listed.separator.join(shown) or listed.none


def _words(n: int, decision: Decision, language: Language, canvas: Canvas) -> dict[str, str | int]:
    action = written_actions(language, decision.actions, canvas)
    return {"n": n, "action": action, "thought": decision.thought, "said": _said(decision.thought) or action}


def _said(thought: str) -> str:
    """What a model said that it does, where it was taught to say so: the words behind `Action:`, on one line."""
    words = thought.rpartition("Action:")[2].strip() if "Action:" in thought else ""
    return " ".join(words.replace('"', "").splitlines())
