"""Actions as calls of pyautogui, in the words that a family of checkpoints was told of."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import copysign
from typing import assert_never

from ...errors import UsageError
from ...screen import Point
from ...tools import (
    NAMED_KEYS,
    Action,
    Ask,
    Back,
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
from ...tools.actions import Button
from .canvas import Canvas
from .program_actions import NOTCH_PX, WAIT_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a family calls things that pyautogui has no word for. An `answer` of "": it cannot give any.

    `pages`: it scrolls by parts of the screen, and not by clicks of the wheel. `is_mobile`: it knows the gestures and
    the keys of a phone.
    """

    name: str
    triple_click: str = "pyautogui.tripleClick"
    wait: str
    terminate: str
    answer: str = ""
    pages: bool = False
    is_mobile: bool = False


AGUVIS = Words(
    name="Aguvis",
    wait="mobile.wait",
    terminate="mobile.terminate",
    answer="answer",
    pages=True,
    is_mobile=True,
)
OPENCUA = Words(
    name="OpenCUA",
    triple_click="computer.triple_click",
    wait="computer.wait",
    terminate="computer.terminate",
)

_WITHOUT_WORD = ("ControlOrMeta", "GoHome", "AppSwitch", "Power", "AudioVolumeUp", "AudioVolumeDown")
_NAMES = {"Control": "ctrl", "Meta": "win", "Escape": "esc", "ContextMenu": "apps", "GoBack": "browserback"}
_ARROWS = {f"Arrow{side}": side.lower() for side in ("Up", "Down", "Left", "Right")}
KEY_WORDS = {name: name.lower() for name in NAMED_KEYS if name not in _WITHOUT_WORD} | _NAMES | _ARROWS
"""What pyautogui calls the keys that have names."""

_CLICKS: dict[tuple[Button, int], str] = {
    ("left", 1): "pyautogui.click",
    ("left", 2): "pyautogui.doubleClick",
    ("right", 1): "pyautogui.rightClick",
    ("middle", 1): "pyautogui.middleClick",
}
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


def written_program(actions: Sequence[Action], canvas: Canvas, words: Words) -> str:
    """The calls that do this, each on its own line. Raises UsageError for an action that there is no word for."""
    return "\n".join(line for action in actions for line in _Writer(canvas, words).lines(action))


_SLEEP = "time.sleep"


@dataclass(frozen=True, slots=True)
class _Writer:
    canvas: Canvas
    words: Words

    def lines(self, action: Action) -> list[str]:
        """The calls that do this, in order. Raises UsageError for an action that there is no word for."""
        match action:
            case Click() | Drag() | Scroll():
                return self._held(action)
            case Hover():
                return [self._move_to(action.point)]
            case LongPress():
                return self._long_press(action)
            case SelectOption():
                return [f"browser.select_option({self._at(action.point)}, value={_quoted(action.label)})"]
            case TypeText(text=str(text)):
                return [f"pyautogui.write(message={_quoted(text)})"]
            case Press():
                return [self._press(action)]
            case Wait():
                return [self._wait(action.seconds)]
            case Finish():
                return [self._finish(action)]
            case TypeText() | Pinch() | Upload() | Ask() | CallTool():
                raise self._without_word(action)
            case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
                raise self._without_word(action)
            case _:
                assert_never(action)

    def _without_word(self, action: Action) -> UsageError:
        return UsageError(f"{self.words.name} has no word for {action.kind}")

    def _at(self, point: Point) -> str:
        x, y = self.canvas.place(point)
        return f"x={x}, y={y}"

    def _pair(self, point: Point) -> str:
        x, y = self.canvas.place(point)
        return f"[{x}, {y}]"

    def _move_to(self, point: Point) -> str:
        return f"pyautogui.moveTo({self._at(point)})"

    def _held(self, action: Click | Drag | Scroll) -> list[str]:
        """Between the modifiers going down and up."""
        if any(key not in KEY_WORDS for key in action.modifiers):
            raise self._without_word(action)
        keys = [KEY_WORDS[key] for key in dict.fromkeys(action.modifiers)]
        match action:
            case Click():
                lines = [self._click(action)]
            case Drag():
                lines = self._drag(action)
            case Scroll():
                lines = self._scroll(action)
            case _:
                assert_never(action)
        down = [f"pyautogui.keyDown('{key}')" for key in keys]
        up = [f"pyautogui.keyUp('{key}')" for key in reversed(keys)]
        return [*down, *lines, *up]

    def _click(self, action: Click) -> str:
        at = self._at(action.point)
        if action.button == "left" and action.count == 3:
            return f"{self.words.triple_click}({at})"
        name = _CLICKS.get((action.button, action.count))
        return f"{name}({at})" if name else f"pyautogui.click({at}, clicks={action.count}, button='{action.button}')"

    def _drag(self, action: Drag) -> list[str]:
        start, *via, end = action.path
        usual = action.duration_s == Drag.model_fields["duration_s"].default
        if via:
            moves = [self._move_to(point) for point in (*via, end)]
            return [self._move_to(start), "pyautogui.mouseDown()", *moves, "pyautogui.mouseUp()"]
        if self.words.is_mobile and usual:
            return [f"pyautogui.dragTo(from_coord={self._pair(start)}, to_coord={self._pair(end)})"]
        duration = "" if usual else f", duration={_plain(action.duration_s)}"
        return [self._move_to(start), f"pyautogui.dragTo({self._at(end)}{duration}, button='left')"]

    def _long_press(self, action: LongPress) -> list[str]:
        if self.words.is_mobile and action.duration_s == LongPress.model_fields["duration_s"].default:
            return [f"mobile.long_press({self._at(action.point)})"]
        return [self._move_to(action.point), "pyautogui.mouseDown()", _pause(action.duration_s), "pyautogui.mouseUp()"]

    def _scroll(self, action: Scroll) -> list[str]:
        """Up or down, then across; both where it does neither."""
        lines, size = [self._move_to(action.point)], self.canvas.size
        if action.dy or not action.dx:
            lines.append(f"pyautogui.scroll({self._far(-action.dy, size.height)})")
        if action.dx:
            lines.append(f"pyautogui.hscroll({self._far(action.dx, size.width)})")
        return lines

    def _far(self, pixels: float, page: int) -> str:
        """How far to scroll, in the family's measure, at least one step of it."""
        unit, step = (page, 0.01) if self.words.pages else (NOTCH_PX, 1)
        far = round(pixels / unit, 2) if self.words.pages else round(pixels / unit)
        far = far or (copysign(step, pixels) if pixels else 0)
        return f"page={_plain(far)}" if self.words.pages else str(int(far))

    def _press(self, action: Press) -> str:
        if self.words.is_mobile and action.keys in (("GoBack",), ("GoHome",)):
            return "mobile.back()" if action.keys == ("GoBack",) else "mobile.home()"
        keys = [key if len(key) == 1 else KEY_WORDS.get(key, "") for key in action.keys]
        if not all(keys):
            raise self._without_word(action)
        name = "hotkey" if len(keys) > 1 else "press"
        return f"pyautogui.{name}(keys=[{', '.join(map(_quoted, keys))}])"

    def _wait(self, seconds: float) -> str:
        if self.words.is_mobile:
            return f"{self.words.wait}(seconds={_plain(seconds)})"
        return f"{self.words.wait}()" if seconds == WAIT_S else _pause(seconds)

    def _finish(self, action: Finish) -> str:
        if not action.answer:
            return f"{self.words.terminate}(status='{action.status}')"
        if not self.words.answer or action.status == "failure":
            raise UsageError(f"{self.words.name} has no word for finish with {action.status} and an answer")
        return f"{self.words.answer}({_quoted(action.answer)})"


def _pause(seconds: float) -> str:
    """The call that lets time pass, as it is written: nothing here waits."""
    return f"{_SLEEP}({_plain(seconds)})"


def _quoted(text: str) -> str:
    """A string of Python. Typed text may hold anything; written as an escape, it can never turn into a token."""
    return "'" + text.translate(_ESCAPES).replace("<|", "\\u003c|") + "'"


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number
