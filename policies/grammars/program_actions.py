"""What a program of pyautogui's calls does, read as a small language: its calls as actions, none of them run.

Beside pyautogui's own it has the calls that checkpoints were told of: computer., mobile., browser., terminate, answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...screen import Point
from ...tools import (
    Action,
    CallTool,
    Click,
    Drag,
    Finish,
    Hover,
    LongPress,
    Press,
    Scroll,
    SelectOption,
    TypeText,
    Wait,
    canonical_key,
    points_of,
)
from ...tools.keys import MODIFIERS, split_chord
from ...tools.validation import built
from ..reading.calls import Call
from ..reading.limits import quoted
from ..reading.places import numbers_of
from .arguments import Arguments, unknown_action
from .canvas import Canvas

MAX_ACTIONS = 64
"""Of one program, keys that are pressed several times included."""
NOTCH_PX = 100.0
"""How far one click of the wheel scrolls."""
WAIT_S = 20.0
"""Of a wait that does not say how long, as OpenCUA was told."""

KNOWN = (
    *("click", "doubleClick", "tripleClick", "rightClick", "middleClick", "moveTo", "moveRel", "dragTo", "dragRel"),
    *("mouseDown", "mouseUp", "scroll", "hscroll", "write", "typewrite", "press", "hotkey", "keyDown", "keyUp"),
    *("sleep", "wait", "select_option", "swipe", "long_press", "home", "back", "open_app", "terminate", "answer"),
)
_AT = ("x", "y")
_CLICKS = {
    "click": ("clicks", "interval", "button", "duration"),
    "leftclick": ("interval", "duration"),
    "doubleclick": ("interval", "button", "duration"),
    "tripleclick": ("interval", "button", "duration"),
    "rightclick": ("interval", "duration"),
    "middleclick": ("interval", "duration"),
}
_COUNTS = {"doubleclick": 2, "tripleclick": 3}
_BUTTONS = {"rightclick": "right", "middleclick": "middle"}
_SIDES = {"primary": "left", "secondary": "right"}


def program_actions(calls: Iterable[Call], canvas: Canvas) -> tuple[Action, ...]:
    """What the calls do, in order. A move of the pointer belongs to what is done where it went.

    Raises BadModelOutput for a call that is not known or given what it does not take, for a button that is held and not
    released, and for a key that is neither released nor used.
    """
    run = _Run(canvas)
    for call in calls:
        run.take(call)
    return run.end()


@dataclass(slots=True)
class _Run:
    """A program as far as it was read. The canvas knows where the pointer is by now."""

    canvas: Canvas
    done: list[Action] = field(default_factory=list[Action])
    held: list[str] = field(default_factory=list[str])
    """Keys that are down."""
    is_used: bool = True
    """Whether something was done since the last of them went down."""
    drawn: "_Drawn | None" = None
    """Since the button of the mouse went down."""
    has_moved: bool = False
    """Whether the last action only moved the pointer."""

    def take(self, call: Call) -> None:
        """One more call."""
        word = call.name.rpartition(".")[2].replace("_", "").lower()
        if self.drawn is not None and word not in ("moveto", "move", "moverel", "sleep", "wait", "mouseup"):
            raise BadModelOutput(f"{call.name} cannot be done while a button of the mouse is held")
        match word:
            case "click" | "leftclick" | "doubleclick" | "tripleclick" | "rightclick" | "middleclick":
                self._click(word, self._given(call, *_AT, *_CLICKS[word]))
            case "moveto" | "moverel" | "move" | "dragto" | "dragrel" | "drag" | "swipe" | "mousedown" | "mouseup":
                self._move(word, call)
            case "scroll" | "vscroll" | "hscroll":
                self._scroll(self._given(call, "clicks", *_AT), is_across=word == "hscroll")
            case "longpress":
                self._add(LongPress(point=self._here(self._given(call, *_AT))))
            case "selectoption":
                given = self._given(call, *_AT, "value")
                self._add(built(SelectOption, call.name, point=self._here(given), label=given.text("value", "option")))
            case "write" | "typewrite" | "press" | "hotkey" | "keydown" | "keyup" | "home" | "back":
                self._type(word, call)
            case "sleep" | "wait" | "terminate" | "answer" | "openapp":
                self._say(word, call)
            case _:
                raise unknown_action(call.name, KNOWN)

    def end(self) -> tuple[Action, ...]:
        """All that was done."""
        if self.drawn is not None:
            raise BadModelOutput("mouseDown needs a mouseUp after it")
        if self.held and not self.is_used:
            raise BadModelOutput(f"keyDown needs a keyUp after it, for {', '.join(self.held)}")
        return tuple(self.done)

    def _given(self, call: Call, *names: str) -> Arguments:
        return Arguments.of_call(call, self.canvas, *names)

    def _add(self, action: Action, *, is_held: bool = False, moves: bool = False) -> None:
        """One more action. `is_held`: what is held down is a part of it."""
        if self.held and not is_held and not moves:
            raise BadModelOutput(f"{action.kind} cannot be done while {', '.join(self.held)} is held")
        if len(self.done) >= MAX_ACTIONS:
            raise BadModelOutput(f"more than {MAX_ACTIONS} actions in one answer")
        self.done.append(action)
        self.is_used = self.is_used or is_held
        self.has_moved = moves
        for point in points_of(action)[-1:]:
            self.canvas = replace(self.canvas, pointer=point)

    def _place(self, given: Arguments) -> Point | None:
        """The place that it is given: x and y, or both in one."""
        value = given.given.get("x")
        if given.has("y") and not isinstance(value, list):
            return self.canvas.point(given.number("x"), given.number("y"))
        if isinstance(value, str | list):
            return self.canvas.middle(numbers_of(value))
        if value is not None:
            raise given.fault(("y",), "a number")
        return None

    def _here(self, given: Arguments) -> Point:
        """The place that it is given, or where the pointer is: then the move that brought it there belongs to it."""
        place = self._place(given)
        if place is not None:
            return place
        if self.canvas.pointer is None:
            raise given.fault(("x",), "a number")
        given.require_no_place()
        if self.has_moved:
            self.done.pop()
            self.has_moved = False
        return self.canvas.pointer

    def _click(self, word: str, given: Arguments) -> None:
        button = given.text("button", default=_BUTTONS.get(word, "left")).lower()
        count = given.number("clicks", default=_COUNTS.get(word, 1))
        self._add(
            built(
                Click,
                given.name,
                point=self._here(given),
                button=_SIDES.get(button, button),
                count=count,
                modifiers=tuple(self.held),
            ),
            is_held=True,
        )

    def _move(self, word: str, call: Call) -> None:
        match word:
            case "moveto":
                self._hover(self._required(self._given(call, *_AT, "duration", "tween")))
            case "moverel" | "move":
                self._hover(self._offset(self._given(call, "xOffset", "yOffset", "duration", "tween")))
            case "swipe":
                self._drag(self._given(call, "from_coord", "to_coord"))
            case "dragto":
                self._drag(self._given(call, *_AT, "duration", "button"))
            case "dragrel" | "drag":
                given = self._given(call, "xOffset", "yOffset", "duration", "button")
                end = self._offset(given)
                self._drag_to(given, end)
            case "mousedown":
                given = self._given(call, *_AT, "button")
                start = self._here(given)
                self.drawn = _Drawn(start, given.text("button", default="left").lower())
                self.canvas = replace(self.canvas, pointer=start)
            case _:
                self._release(self._given(call, *_AT, "button"))

    def _required(self, given: Arguments) -> Point:
        place = self._place(given)
        if place is None:
            raise given.fault(("x",), "a number")
        return place

    def _offset(self, given: Arguments) -> Point:
        """The place so far from the pointer, within the screen."""
        if self.canvas.pointer is None:
            raise BadModelOutput(f"{given.name} needs a moveTo before it")
        across, down = self.canvas.unit
        x = self.canvas.pointer.x + given.number("xOffset", "x", default=0) * across
        y = self.canvas.pointer.y + given.number("yOffset", "y", default=0) * down
        return Point(x, y).clip(self.canvas.size)

    def _hover(self, point: Point) -> None:
        if self.drawn is not None:
            self.drawn.path.append(point)
            self.canvas = replace(self.canvas, pointer=point)
        else:
            self._add(Hover(point=point), moves=True)

    def _drag(self, given: Arguments) -> None:
        if given.has("from_coord"):
            path = (self.canvas.middle(_pair(given, "from_coord")), self.canvas.middle(_pair(given, "to_coord")))
            self._add(built(Drag, given.name, path=path, modifiers=tuple(self.held)), is_held=True)
        else:
            self._drag_to(given, self._required(given))

    def _drag_to(self, given: Arguments, end: Point) -> None:
        """From the pointer to another point."""
        if given.text("button", default="left").lower() not in ("left", "primary"):
            raise BadModelOutput(f"{given.name} can only be done with the left button")
        if self.canvas.pointer is None:
            raise BadModelOutput(f"{given.name} needs a moveTo before it")
        path = (self._here(replace(given, given={})), end)
        told = {"duration_s": given.number("duration")} if given.has("duration") else {}
        self._add(built(Drag, given.name, path=path, modifiers=tuple(self.held), **told), is_held=True)

    def _release(self, given: Arguments) -> None:
        """What was done with the button down: a drag, a long press or a click."""
        drawn = self.drawn
        if drawn is None:
            raise BadModelOutput("mouseUp needs a mouseDown before it")
        self.drawn = None
        end = self._place(given)
        if end is not None and end != drawn.path[-1]:
            drawn.path.append(end)
        if len(drawn.path) > 1 and drawn.button not in ("left", "primary"):
            raise BadModelOutput("only the left button can be held while the mouse is moved")
        self._add(drawn.action(tuple(self.held)), is_held=True)

    def _scroll(self, given: Arguments, *, is_across: bool) -> None:
        """Up where it is positive, in clicks of the wheel or in pages; across, to the right.

        Across right behind one upwards or downwards, without a move, is one with it.
        """
        before = self.done[-1] if self.done else None
        size = self.canvas.size
        if not given.has("x") and self.canvas.pointer is None:
            self.canvas = replace(self.canvas, pointer=size.box.center)
        point = self._here(given)
        page = size.width if is_across else size.height
        if given.has("page", "pages"):
            far = given.number("page", "pages") * page
        else:
            clicks = given.number("clicks", "amount")
            far = clicks * (page if isinstance(given.given.get("clicks"), float) and abs(clicks) <= 1 else NOTCH_PX)
        far = max(-100_000.0, min(100_000.0, far))
        held = tuple(self.held)
        if not is_across:
            self._add(built(Scroll, given.name, point=point, dy=0.0 - far, modifiers=held), is_held=True)
        elif isinstance(before, Scroll) and before.point == point and before.modifiers == held and not before.dx:
            self.done[-1] = before.model_copy(update={"dx": far})
        else:
            self._add(built(Scroll, given.name, point=point, dx=far, modifiers=held), is_held=True)

    def _type(self, word: str, call: Call) -> None:
        match word:
            case "write" | "typewrite":
                given = self._given(call, "message", "interval")
                typed = given.given.get("message", given.given.get("text"))
                if isinstance(typed, list):
                    self._press(_names(call.name, typed))
                else:
                    self._add(built(TypeText, call.name, text=given.text("message", "text", "content")))
            case "press":
                given = self._given(call, "keys", "presses", "interval")
                keys = _names(call.name, given.given.get("keys", given.given.get("key")))
                times = given.number("presses", default=1)
                if times < 1 or times % 1:
                    raise given.fault(("presses",), "a whole number from 1 on")
                self._press(keys, int(min(times, MAX_ACTIONS + 1)))
            case "hotkey":
                keys = [name for value in (*call.positional, *_keys(call)) for name in _names(call.name, value)]
                self._chord(call.name, [key for name in keys for key in split_chord(name)])
            case "keydown":
                self.held.append(self._key(call))
                self.is_used = False
            case "keyup":
                self._let_go(call.name, self._key(call))
            case _:
                self._chord(call.name, ["GoHome" if word == "home" else "GoBack"])

    def _key(self, call: Call) -> str:
        return canonical_key(self._given(call, "key").text("key", "keys"))

    def _press(self, names: list[str], times: int = 1) -> None:
        """One key after the other, so often; but what begins with modifiers is pressed at once."""
        chords = [split_chord(name) for name in names]
        keys = [key for chord in chords for key in chord]
        if len(keys) > 1 and all(key in MODIFIERS for key in keys[:-1]):
            chords = [tuple(keys)]
        for _ in range(times):
            for chord in chords:
                self._chord("press", list(chord))

    def _chord(self, name: str, keys: list[str]) -> None:
        pressed = (*(key for key in self.held if key not in keys), *keys)
        self._add(built(Press, name, keys=pressed), is_held=True)

    def _let_go(self, name: str, key: str) -> None:
        """A key goes up. Where nothing was done since it went down, it was pressed, with all that is held."""
        if key not in self.held:
            raise BadModelOutput(f"{name} needs a keyDown before it, for {key}")
        if not self.is_used:
            self._chord(name, [])
        self.held.remove(key)

    def _say(self, word: str, call: Call) -> None:
        match word:
            case "sleep" | "wait":
                seconds = self._given(call, "seconds").number("seconds", "time", "duration", default=WAIT_S)
                if self.drawn is not None:
                    self.drawn.held_s += seconds
                else:
                    self._add(built(Wait, call.name, seconds=seconds))
            case "terminate":
                given = self._given(call, "status", "answer")
                status = given.text("status", default="success").lower()
                status = "failure" if status.startswith("fail") else status
                self._add(built(Finish, call.name, status=status, answer=given.text("answer", "text", default="")))
            case "answer":
                self._add(built(Finish, call.name, answer=self._given(call, "text").text("text", "answer", "content")))
            case _:
                app = self._given(call, "app_name").text("app_name", "name")
                if "open_app" not in self.canvas.tools:
                    raise BadModelOutput(f"{call.name} needs a tool of the user's own by the name of open_app")
                self._add(built(CallTool, call.name, name="open_app", arguments={"app_name": app}))


@dataclass(slots=True)
class _Drawn:
    """What was done while a button was down."""

    start: Point
    button: str
    path: list[Point] = field(init=False)
    held_s: float = 0.0

    def __post_init__(self) -> None:
        self.path = [self.start]

    def action(self, held: tuple[str, ...]) -> Action:
        if len(self.path) > 1:
            return built(Drag, "mouseUp", path=tuple(self.path), modifiers=held)
        if self.held_s > 0 and self.button in ("left", "primary") and not held:
            return LongPress(point=self.start, duration_s=min(self.held_s, 10.0))
        return built(Click, "mouseUp", point=self.start, button=_SIDES.get(self.button, self.button), modifiers=held)


def _pair(given: Arguments, key: str) -> tuple[float, ...]:
    value = given.given.get(key)
    if value is None:
        raise given.fault((key,), "[x, y]")
    return numbers_of(value)


def _keys(call: Call) -> list[JsonValue]:
    """The keys that a call names: in one argument, or in several."""
    return [value for name, value in call.named.items() if name.startswith("key")]


def _names(called: str, value: JsonValue) -> list[str]:
    """One key, or several in a list."""
    names = value if isinstance(value, list) else [value]
    found = [str(name) if isinstance(name, int) and not isinstance(name, bool) else name for name in names]
    texts = [name for name in found if isinstance(name, str) and name]
    if not texts or len(texts) < len(found):
        raise BadModelOutput(f"{called} needs the names of keys, but got {quoted(str(value)[:80])}")
    return texts
