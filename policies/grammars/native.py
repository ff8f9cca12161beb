"""The languages of Qwen2-VL itself: native grounding marks, Hermes calls, and the short answers of clickwright/mini."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...model import Grammar
from ...screen import Box, Point
from ...tools import Action
from .answers import Answer, parse_answer
from .call_grammar import thought_and_calls
from .canvas import Canvas, center_of
from .grounding import Reference, encode_references, parse_grounding
from .language import Occasion
from .plain import PlainPlaces
from .short_answers import one_place, one_point, short_answer
from .tool_calls import encode_calls


@dataclass(frozen=True, slots=True)
class HermesCalls:
    """A thought, then calls in tags: `computer_use` and what stands beside it."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return parse_answer(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        calls = encode_calls(actions, canvas)
        return f"{thought}\n{calls}" if thought else calls

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return thought_and_calls(occasion.functions)


@dataclass(frozen=True, slots=True)
class ShortAnswers:
    """A thing, its box and what is done there, as clickwright/mini was taught."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        return parse_answer(text, canvas)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        return encode_calls(actions, canvas)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return short_answer(occasion.goal, [_in_space(box, canvas) for box in occasion.tried], canvas.reach)


@dataclass(frozen=True, slots=True)
class NativePlaces:
    """What is meant between object_ref marks, where it is between box marks. Answers are kept to one such place.

    Some servers take the marks out: then places are read as they stand. `is_point`: the place is a point, not a box.
    """

    is_point: bool = False

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        return parse_grounding(text, canvas) or PlainPlaces().parse(text, canvas)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        if self.is_point:
            reference = replace(reference, shapes=tuple(center_of(shape) for shape in reference.shapes))
        return encode_references([reference], canvas)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        return one_point(canvas.reach) if self.is_point else one_place(canvas.reach)


def _in_space(box: Box, canvas: Canvas) -> Box:
    return Box(*canvas.place(Point(box.x1, box.y1)), *canvas.place(Point(box.x2, box.y2)))
