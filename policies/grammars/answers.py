"""Whole answers: an optional thought, what is meant and where it is, then the calls."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import BadModelOutput
from ...screen import Box, Point
from ...tools import Action, Click, points_of
from ..reading.limits import quoted, require_short
from .canvas import Canvas, Shape, center_of
from .grounding import Reference, encode_grounding, parse_grounding, thought_before
from .tool_calls import CALL_START, Call, actions_of, encode_call, encode_calls, read_calls, start_of_calls

_THINKING, _THINKING_END = "<think>", "</think>"
_FENCES = ("```json", "```")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one answer says. At least one action; references may be empty.

    `step` is what is done, as it would be told later on, in a language that has words for that beside the actions.
    """

    thought: str
    references: tuple[Reference, ...]
    actions: tuple[Action, ...]
    step: str = ""

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """Every place that is referred to, in order."""
        return tuple(shape for reference in self.references for shape in reference.shapes)


def answer(description: str | None, box: Box | None, actions: Sequence[Action], canvas: Canvas) -> str:
    """The text of an answer: what is meant and its box, then the calls. Without a place, the calls alone.

    Calls at the centre of the box leave out their coordinate, as `parse_answer` reads it from the box; from the
    first call at another place on, all are written in full.
    """
    if description is None or box is None:
        return encode_calls(actions, canvas)
    lines = [encode_grounding(description, box, canvas)]
    inside = True
    for action in actions:
        inside = inside and all(_is_center(point, box, canvas) for point in points_of(action))
        lines.append(encode_call(action, canvas, with_place=not inside))
    return "\n".join(lines)


def parse_answer(text: str, canvas: Canvas) -> Answer:
    """What an answer to a screenshot says, in its pixels. References are read before the first call.

    A call without a place happens at the one place referred to, or else at the pointer. An answer that is one place
    and no call asks to click its centre. Raises BadModelOutput for an answer without an action.
    """
    require_short(text)
    head, calls = before_calls(text)
    return answer_of(head, read_calls(calls), canvas)


def answer_of(head: str, calls: Sequence[Call], canvas: Canvas) -> Answer:
    """What an answer says whose calls are told apart from what stands before them. Raises as `parse_answer` does."""
    references = parse_grounding(head, canvas)
    shapes = [shape for reference in references for shape in reference.shapes]
    only = center_of(shapes[0]) if len(shapes) == 1 else None
    actions = actions_of(calls, canvas if only is None else replace(canvas, pointer=only))
    if not actions and only is not None:
        actions = (Click(point=only),)
    if not actions:
        raise no_call(f"{len(shapes)} places and no call" if shapes else f"no call in {quoted(head)}")
    return Answer(thought=thought_of(head), references=references, actions=actions)


def no_call(seen: str) -> BadModelOutput:
    """What to raise for an answer without an action."""
    return BadModelOutput(f'expected {CALL_START} with a JSON object of "name" and "arguments", saw {seen}')


def before_calls(text: str) -> tuple[str, str]:
    """What stands before the calls of an answer, its thinking with it, and the calls. Calls in a thought are none."""
    begin = _end_of_thinking(text)
    middle = begin + start_of_calls(text[begin:])
    return text[:middle], text[middle:]


def without_thinking(text: str) -> str:
    """The text behind what was thought."""
    return text[_end_of_thinking(text) :]


def _end_of_thinking(text: str) -> int:
    """The index behind a thought that stands first. Some chat templates begin it, so that only its end is written."""
    end = text.find(_THINKING_END)
    is_thought = end >= 0 and (text.lstrip().startswith(_THINKING) or end < start_of_calls(text))
    return end + len(_THINKING_END) if is_thought else 0


def thought_of(head: str) -> str:
    """What was thought, without its marks and the fence of the code behind it."""
    words = head.replace(_THINKING_END, "\n").removesuffix("\n").replace(_THINKING, "", 1)
    words = words.rstrip().removesuffix("json").removesuffix("```") if words.rstrip().endswith(_FENCES) else words
    return thought_before(words)


def _is_center(point: Point, box: Box, canvas: Canvas) -> bool:
    """Whether the place that the model writes for a point is the centre of the box that it writes, within rounding."""
    if point == box.center:
        return True
    x, y = canvas.place(point)
    (x1, y1), (x2, y2) = canvas.place(Point(box.x1, box.y1)), canvas.place(Point(box.x2, box.y2))
    return abs(2 * x - x1 - x2) <= 1 and abs(2 * y - y1 - y2) <= 1
