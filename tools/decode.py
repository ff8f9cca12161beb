"""Function calls to actions: the one place where what a model asked for is checked against what can be done.

Everything here raises BadModelOutput, with the function's name, what was given and what it takes.
"""

from collections.abc import Collection, Mapping
from reprlib import repr as shortened

from pydantic import JsonValue

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
from .asked import Asked, ToScreen
from .keys import canonical_modifier
from .mobile import mobile_use
from .schema import BUILT_IN_NAMES, COMPUTER_ACTIONS, COMPUTER_USE, FURTHER_FUNCTIONS, MOBILE_ACTIONS, MOBILE_USE
from .validation import built

_TAKES = {function.name: function.arguments for function in FURTHER_FUNCTIONS}
_CLICKS: Mapping[str, tuple[Button, int]] = {
    "left_click": ("left", 1),
    "double_click": ("left", 2),
    "triple_click": ("left", 3),
    "right_click": ("right", 1),
    "middle_click": ("middle", 1),
}


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
    given: dict[str, JsonValue] = {key: value for key, value in arguments.items() if value is not None}
    if name == COMPUTER_USE:
        action = _action_of(given, COMPUTER_USE, COMPUTER_ACTIONS)
        place = middle if pointer is None and action in ("scroll", "hscroll") else pointer
        return _computer_use(Asked(action, given, COMPUTER_ACTIONS[action], to_screen, place))
    if name == MOBILE_USE:
        action = _action_of(given, MOBILE_USE, MOBILE_ACTIONS)
        return (mobile_use(Asked(action, given, MOBILE_ACTIONS[action], to_screen, pointer)),)
    if name in _TAKES:
        return (_further(Asked(name, given, _TAKES[name], to_screen, pointer)),)
    known = ", ".join(sorted(BUILT_IN_NAMES.union(custom)))
    raise BadModelOutput(f"there is no function {shortened(name)}; known are {known}")


def _action_of(given: dict[str, JsonValue], function: str, actions: Mapping[str, tuple[str, ...]]) -> str:
    """Takes the action out of the arguments."""
    action = given.pop("action", None)
    if not isinstance(action, str) or action not in actions:
        raise BadModelOutput(f"{function} has no action {shortened(action)}; known are {', '.join(actions)}")
    return action


def _computer_use(call: Asked) -> tuple[Action, ...]:
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


def _mouse(call: Asked) -> Action:
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
            return call.build(Scroll, point=call.place(), dx=sideways, dy=-call.number("pixels"), modifiers=_held(call))
        case "hscroll":
            return call.build(Scroll, point=call.place(), dx=call.number("pixels"), modifiers=_held(call))
        case _:
            return _drag(call)


def _drag(call: Asked) -> Drag:
    start = call.pointer
    if "start_coordinate" in call.given or start is None:
        start = call.point("start_coordinate")
    path = (start, *call.points("via"), call.point("coordinate"))
    return call.build(Drag, path=path, duration_s=call.number("time", 0.3), modifiers=_held(call))


def _held(call: Asked) -> tuple[str, ...]:
    return tuple(canonical_modifier(key) for key in call.canonical_keys())


def _further(call: Asked) -> Action:
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


def _page(call: Asked) -> Action:
    match call.given.get("action"):
        case "back":
            return Back()
        case "forward":
            return Forward()
        case "reload":
            return Reload()
        case _:
            raise call.fault("action", "back, forward or reload")


def _tab(call: Asked) -> Action:
    match call.given.get("action"):
        case "new":
            return call.build(NewTab, url=call.text("url", "about:blank"))
        case "switch":
            return call.build(SwitchTab, index=call.number("index"))
        case "close":
            return call.build(CloseTab, index=call.number("index") if "index" in call.given else None)
        case _:
            raise call.fault("action", "new, switch or close")
