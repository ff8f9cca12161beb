"""Hermes calls in which places have names: things in words, for another model to find, or the numbers of boxes.

<tool_call>
{"name": "computer_use", "arguments": {"action": "left_click", "element": "the blue Send button"}}
</tool_call>
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput, UsageError
from ...model import Grammar
from ...screen import Box, Point
from ...tools import ELEMENTS, MARKS, Action, CallTool, Naming, action_to_call, call_to_actions, points_of
from ..reading.limits import quoted, require_short
from ..reading.places import read_numbers
from .answers import Answer, before_calls, no_call, thought_of
from .call_grammar import NamedPlace, thought_and_calls
from .canvas import Canvas
from .grounding import Reference
from .language import Occasion
from .tool_calls import call_text, read_calls, tagged

MAX_WORDS_CHARS = 300
"""Of what is said of one thing."""
MAX_NAMED = 16
"""Different things in one answer: each may take a model to find."""
_ELEMENT = NamedPlace(naming=ELEMENTS, pattern=r'/"([^"\\\x00-\x1f]){1,200}"/', example='"the button"')
_PLACES = ("coordinate", "start_coordinate")
_NUMBER = re.compile(r"[0-9]{1,6}")

_Call = tuple[str, dict[str, JsonValue]]
_FindPlace = Callable[[str], Point]


@dataclass(frozen=True, slots=True)
class ElementCalls:
    """A thought, then calls whose `element` says in words which thing is meant; the canvas locates it.

    A place that nobody put into words is written as `the place at (109, 295) of 1000 x 1000`, and read so.
    """

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """What an answer says. Everything else about it is checked before anything is looked for.

        Raises UsageError for a canvas on which nothing can be located.
        """
        if canvas.locate is None:
            raise UsageError("things in words need a model that points: give the policy a grounder")
        found: dict[str, Point] = {}

        def find(words: str) -> Point:
            if words not in found:
                found[words] = _written_place(words, canvas) or _located(words, canvas)
            return found[words]

        calls = _calls(text, ELEMENTS, canvas, _words)
        actions = _actions(calls, ELEMENTS, canvas, find)
        references = (Reference(description=words, shapes=(point,)) for words, point in found.items())
        return Answer(thought=_thought(text), references=tuple(references), actions=actions)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        across, down = canvas.extent

        def words(point: Point) -> str:
            x, y = canvas.place(point)
            return f"the place at ({x}, {y}) of {across:g} x {down:g}"

        return _write(actions, ELEMENTS, words, thought)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return thought_and_calls(occasion.functions, place=_ELEMENT)


@dataclass(frozen=True, slots=True)
class MarkCalls:
    """A thought, then calls whose `mark` is the number of one of the canvas's boxes: its centre is meant."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        used: dict[str, Box] = {}

        def find(number: str) -> Point:
            used[number] = _marked(int(number), canvas.marks)
            return used[number].center

        calls = _calls(text, MARKS, canvas, _number)
        actions = _actions(calls, MARKS, canvas, find)
        references = (Reference(description=f"mark {number}", shapes=(box,)) for number, box in used.items())
        return Answer(thought=_thought(text), references=tuple(references), actions=actions)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """Raises UsageError for a place that is not the centre of a box."""

        def number(point: Point) -> int:
            for n, box in enumerate(canvas.marks, 1):
                if box.center == point:
                    return n
            raise UsageError(f"no numbered box has its centre at ({point.x:g}, {point.y:g})")

        return _write(actions, MARKS, number, thought)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """Without boxes, 1 may be written, and is refused with the reason."""
        numbers = "|".join(str(n + 1) for n in range(max(1, len(canvas.marks))))
        return thought_and_calls(
            occasion.functions, place=NamedPlace(naming=MARKS, pattern=f"/{numbers}/", example="1")
        )


def _calls(text: str, naming: Naming, canvas: Canvas, read: Callable[[JsonValue], str | None]) -> list[_Call]:
    """The calls of an answer with every name in the one form of it. Raises BadModelOutput for any that is wrong."""
    require_short(text)
    calls = [
        (name, arguments if name in canvas.tools else _read_names(name, arguments, naming, read))
        for name, arguments in read_calls(before_calls(text)[1])
    ]
    if not calls:
        raise no_call(f"no call in {quoted(text)}")
    names = set[str]()

    def nowhere(name: str) -> Point:
        names.add(name)
        return canvas.size.box.center

    _actions(calls, naming, canvas, nowhere)
    if len(names) > MAX_NAMED:
        raise BadModelOutput(
            f"{len(names)} different places are named in one answer; at most {MAX_NAMED} are looked for"
        )
    return calls


def _read_names(
    name: str, arguments: dict[str, JsonValue], naming: Naming, read: Callable[[JsonValue], str | None]
) -> dict[str, JsonValue]:
    title = str(arguments.get("action", name))[:40]

    def name_of(key: str, value: JsonValue) -> JsonValue:
        found = None if value is None else read(value)
        if found is None and value is not None:
            raise BadModelOutput(f"{title} needs {key} as {naming.expected}, but got {quoted(str(value)[:80])}")
        return found

    given = dict(arguments)
    for place in _PLACES:
        key = naming.key(place)
        if given.get(place) is not None:
            raise BadModelOutput(f"{title} takes {key}, {naming.expected}, and no {place}")
        if key in given:
            given[key] = name_of(key, given[key])
    via = given.get("via")
    if isinstance(via, list):
        given["via"] = [name_of("via", item) for item in via]
    return given


def _actions(calls: Sequence[_Call], naming: Naming, canvas: Canvas, find: _FindPlace) -> tuple[Action, ...]:
    """What the calls ask for, in order, each name at the place that is found for it."""
    actions: list[Action] = []
    pointer = canvas.pointer
    for name, arguments in calls:
        given = arguments if name in canvas.tools else _placed(arguments, naming, find)
        try:
            made = call_to_actions(
                name, given, Point, pointer=pointer, middle=canvas.size.box.center, custom=canvas.tools
            )
        except BadModelOutput as error:
            raise BadModelOutput(naming.told(str(error))) from None
        actions += made
        pointer = next((point for action in reversed(made) for point in reversed(points_of(action))), pointer)
    return tuple(actions)


def _placed(arguments: dict[str, JsonValue], naming: Naming, find: _FindPlace) -> dict[str, JsonValue]:
    """The arguments with pixels in the place of names."""

    def pixels(name: JsonValue) -> JsonValue:
        if not isinstance(name, str):
            return name
        point = find(name)
        return [point.x, point.y]

    given = dict(arguments)
    for place in _PLACES:
        if naming.key(place) in given:
            given[place] = pixels(given.pop(naming.key(place)))
    via = given.get("via")
    if isinstance(via, list):
        given["via"] = [pixels(name) for name in via]
    return given


def _write(actions: Sequence[Action], naming: Naming, name_of: Callable[[Point], JsonValue], thought: str) -> str:
    """The calls of several actions, in order, behind the thought, with names in the place of pixels."""

    def named(pixels: JsonValue) -> JsonValue:
        match pixels:
            case [int() | float() as x, int() | float() as y]:
                return name_of(Point(x, y))
            case list():
                return [named(one) for one in pixels]
            case _:
                return pixels

    lines = [thought] if thought else []
    for action in actions:
        name, arguments = action_to_call(action, lambda point: (point.x, point.y))
        if not isinstance(action, CallTool):
            arguments = {
                naming.key(key): named(value) if key in (*_PLACES, "via") else value for key, value in arguments.items()
            }
        lines.append(tagged(call_text(name, arguments)))
    return "\n".join(lines)


def _thought(text: str) -> str:
    return thought_of(before_calls(text)[0])


def _words(value: JsonValue) -> str | None:
    """What is said of a thing, on one line."""
    words = " ".join(value.split()) if isinstance(value, str) else ""
    return words if 0 < len(words) <= MAX_WORDS_CHARS else None


def _number(value: JsonValue) -> str | None:
    """The number of a box; models also write it as text, or in brackets."""
    match value:
        case [one]:
            return _number(one)
        case bool():
            return None
        case int() | str() if _NUMBER.fullmatch(str(value).strip()[:10]):
            return str(int(value))
        case _:
            return None


def _marked(number: int, marks: Sequence[Box]) -> Box:
    if 1 <= number <= len(marks):
        return marks[number - 1]
    known = f"the boxes have the numbers 1 to {len(marks)}" if marks else "no box on this screen has a number"
    raise BadModelOutput(f"there is no mark {number}: {known}")


def _located(words: str, canvas: Canvas) -> Point:
    if canvas.locate is None:
        raise AssertionError("parse asks for it")
    return canvas.locate(words)


def _written_place(words: str, canvas: Canvas) -> Point | None:
    """The place that `write` has put into words."""
    across, down = canvas.extent
    begin, end = "the place at ", f" of {across:g} x {down:g}"
    if not words.startswith(begin) or not words.endswith(end):
        return None
    return canvas.middle(read_numbers(words[len(begin) : -len(end)]))
