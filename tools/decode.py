"""Function calls to actions: the one place where what a model asked for is checked against what can be done.

Everything here raises BadModelOutput, with the function's name, what was given and what it takes.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from reprlib import repr as shortened
from typing import TypeGuard, TypeVar, cast

from pydantic import BaseModel, JsonValue

from ..errors import BadModelOutput
from ..screen import Point
from .actions import (
    Action,
    Ask,
    Back,
    Button,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from .keys import canonical_modifier, split_chord
from .schema import BUILT_IN_NAMES, COMPUTER_ACTIONS, COMPUTER_USE, FURTHER_FUNCTIONS
from .validation import built

ToScreen = Callable[[float, float], Point]
"""The coordinates that a model wrote to screenshot pixels. Raises BadModelOutput for a place that cannot be meant."""

_LARGEST = 1e15
_TAKES = {function.name: function.arguments for function in FURTHER_FUNCTIONS}
_CLICKS: Mapping[str, tuple[Button, int]] = {
    "left_click": ("left", 1),
    "double_click": ("left", 2),
    "triple_click": ("left", 3),
    "right_click": ("right", 1),
    "middle_click": ("middle", 1),
}
_Built = TypeVar("_Built", bound=BaseModel)


def call_to_actions(
    name: str,
    arguments: Mapping[str, JsonValue],
    to_screen: ToScreen,
    *,
    pointer: Point | None = None,
    middle: Point | None = None,
    custom: Collection[str] = (),
) -> tuple[Action, ...]:
    """The actions that one call asks for: most often one, two where `type` names a place to click first.

    `pointer` is where the mouse is, for calls that leave out the place; `middle` is where scrolling happens when that
    is not known either. `custom` are the names of the user's tools, whose arguments are checked when they are called.
    An argument of null counts as absent.
    """
    if name in custom:
        return (built(CallTool, name, name=name, arguments=dict(arguments)),)
    given = {key: value for key, value in arguments.items() if value is not None}
    if name == COMPUTER_USE:
        action = given.pop("action", None)
        if not isinstance(action, str) or action not in COMPUTER_ACTIONS:
            known = ", ".join(COMPUTER_ACTIONS)
            raise BadModelOutput(f"{COMPUTER_USE} has no action {shortened(action)}; known are {known}")
        place = middle if pointer is None and action in ("scroll", "hscroll") else pointer
        call = _Call(action, given, COMPUTER_ACTIONS[action], to_screen, place)
        return _computer_use(call)
    if name in _TAKES:
        return (_further(_Call(name, given, _TAKES[name], to_screen, pointer)),)
    known = ", ".join(sorted(BUILT_IN_NAMES.union(custom)))
    raise BadModelOutput(f"there is no function {shortened(name)}; known are {known}")


@dataclass(frozen=True, slots=True)
class _Call:
    """One call whose arguments are read by type. `name` is the action of computer_use, or the function."""

    name: str
    given: Mapping[str, JsonValue]
    takes: tuple[str, ...]
    to_screen: ToScreen
    pointer: Point | None

    def __post_init__(self) -> None:
        for key in self.given:
            if key not in self.takes:
                raise BadModelOutput(f"{self.name} takes {', '.join(self.takes)}, not {shortened(key)}")

    def fault(self, key: str, expected: str) -> BadModelOutput:
        seen = f"got {shortened(self.given[key])}" if key in self.given else "it is missing"
        return BadModelOutput(f"{self.name} needs {key} as {expected}, but {seen}")

    def place(self) -> Point:
        """The coordinate, or where the pointer is when there is none."""
        if "coordinate" not in self.given and self.pointer is not None:
            return self.pointer
        return self.point("coordinate")

    def point(self, key: str) -> Point:
        return self._to_point(key, self.given.get(key))

    def points(self, key: str) -> tuple[Point, ...]:
        value = self.given.get(key, [])
        if not isinstance(value, list):
            raise self.fault(key, "a list of [x, y]")
        return tuple(self._to_point(key, item) for item in value)

    def _to_point(self, key: str, value: JsonValue) -> Point:
        """[x, y], or the centre of [x1, y1, x2, y2]; models also wrap either in a second pair of brackets."""
        match value[0] if isinstance(value, list) and len(value) == 1 else value:
            case [x, y] if _is_number(x) and _is_number(y):
                return self.to_screen(float(x), float(y))
            case [x1, y1, x2, y2] if _is_number(x1) and _is_number(y1) and _is_number(x2) and _is_number(y2):
                return self.to_screen((float(x1) + float(x2)) / 2, (float(y1) + float(y2)) / 2)
            case _:
                raise self.fault(key, "[x, y]")

    def number(self, key: str, default: float | None = None) -> float:
        value = self.given.get(key, default)
        if not _is_number(value):
            raise self.fault(key, "a number")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = self.given.get(key, default)
        if _is_number(value):
            return str(value)
        if not isinstance(value, str):
            raise self.fault(key, "text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; one string counts as a list of one."""
        value = self.given.get(key, [])
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, str) for item in items):
            raise self.fault(key, "a list of texts")
        return tuple(cast(list[str], items))

    def canonical_keys(self) -> tuple[str, ...]:
        """Canonical key names; chords such as "ctrl+s" are taken apart."""
        return tuple(key for chord in self.texts("keys") for key in split_chord(chord))

    def build(self, kind: type[_Built], **fields: object) -> _Built:
        return built(kind, self.name, **fields)


def _computer_use(call: _Call) -> tuple[Action, ...]:
    match call.name:
        case "type":
            fields = {key: call.text(key) for key in ("text", "secret") if key in call.given}
            typed = call.build(TypeText, **fields)
            return (
                (call.build(Click, point=call.point("coordinate")), typed) if "coordinate" in call.given else (typed,)
            )
        case "key":
            return (call.build(Press, keys=call.canonical_keys()),)
        case "wait":
            return (call.build(Wait, seconds=call.number("time", 1.0)),)
        case "terminate":
            return (call.build(Finish, status=call.text("status", "success"), answer=call.text("text", "")),)
        case "answer":
            return (call.build(Finish, answer=call.text("text")),)
        case _:
            return (_mouse(call),)


def _mouse(call: _Call) -> Action:
    if call.name in _CLICKS:
        button, count = _CLICKS[call.name]
        clicks = call.number("count", count)
        return call.build(Click, point=call.place(), button=button, count=clicks, modifiers=_held(call))
    match call.name:
        case "mouse_move":
            return call.build(Hover, point=call.place())
        case "long_press":
            return call.build(LongPress, point=call.place(), duration_s=call.number("time", 0.8))
        case "scroll":
            sideways = call.number("horizontal_pixels", 0.0)
            return call.build(Scroll, point=call.place(), dx=sideways, dy=-call.number("pixels"))
        case "hscroll":
            return call.build(Scroll, point=call.place(), dx=call.number("pixels"))
        case _:
            return _drag(call)


def _drag(call: _Call) -> Drag:
    start = call.pointer
    if "start_coordinate" in call.given or start is None:
        start = call.point("start_coordinate")
    path = (start, *call.points("via"), call.point("coordinate"))
    return call.build(Drag, path=path, duration_s=call.number("time", 0.3), modifiers=_held(call))


def _held(call: _Call) -> tuple[str, ...]:
    return tuple(canonical_modifier(key) for key in call.canonical_keys())


def _further(call: _Call) -> Action:
    match call.name:
        case "select_option":
            return call.build(SelectOption, point=call.place(), label=call.text("option"))
        case "navigate":
            return call.build(Navigate, url=call.text("url"))
        case "page":
            return _page(call)
        case "tab":
            return _tab(call)
        case "upload":
            return call.build(Upload, point=call.place(), paths=call.texts("paths"))
        case "pinch":
            return call.build(Pinch, point=call.place(), factor=call.number("factor"))
        case _:
            return call.build(Ask, question=call.text("question"))


def _page(call: _Call) -> Action:
    match call.given.get("action"):
        case "back":
            return Back()
        case "forward":
            return Forward()
        case "reload":
            return Reload()
        case _:
            raise call.fault("action", "back, forward or reload")


def _tab(call: _Call) -> Action:
    match call.given.get("action"):
        case "new":
            return call.build(NewTab, url=call.text("url", "about:blank"))
        case "switch":
            return call.build(SwitchTab, index=call.number("index"))
        case "close":
            return call.build(CloseTab, index=call.number("index") if "index" in call.given else None)
        case _:
            raise call.fault("action", "new, switch or close")


def _is_number(value: object) -> TypeGuard[int | float]:
    # The comparison is false for NaN, and needs no float of an integer that is too large for one.
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST
