"""Languages: how a checkpoint writes what it does, and how it writes where something is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from ...model import Grammar
from ...screen import Box
from ...tools import Action, Function
from .answers import Answer
from .canvas import Canvas
from .grounding import Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What an answer is asked for: the goal in words, the boxes that were tried in vain, the user's own functions.

    `plans`: it may do nothing yet, but only say what will be done in a second turn.
    """

    goal: str = ""
    tried: Sequence[Box] = ()
    functions: Sequence[Function] = ()
    plans: bool = False


class Language(Protocol):
    """How a checkpoint writes what it does. What `write` makes, `parse` reads back."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """What an answer says, in screenshot pixels. At least one action.

        Raises BadModelOutput, with what was seen and what was expected; for an action that is not known, with all
        that are.
        """
        ...

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """An answer in the checkpoint's own words. Raises UsageError for an action that it has no word for."""
        ...

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """What an answer may be, so that `parse` reads all of it; None where nothing keeps it."""
        ...


class PlaceLanguage(Protocol):
    """How a checkpoint writes where something is."""

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        """Every place that an answer names, in screenshot pixels; empty where it names none.

        Raises BadModelOutput for a place that cannot be read or lies off the screen.
        """
        ...

    def write(self, reference: Reference, canvas: Canvas) -> str:
        """The answer that names this place."""
        ...

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """What an answer may be, as `Language.grammar` has it."""
        ...
