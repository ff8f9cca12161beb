"""The words of `ActionDicts`, and how an action is written in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from ...errors import UsageError
from ...screen import Point
from ...tools import (
    Action,
    Button,
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
)
from .canvas import Canvas
from .quoting import python_text
from .scrolling import direction_of

CLICKS: Mapping[str, tuple[Button, int]] = {
    "CLICK": ("left", 1),
    "TAP": ("left", 1),
    "LEFT_CLICK_DOUBLE": ("left", 2),
    "RIGHT_CLICK_SINGLE": ("right", 1),
}
PRESSES: Mapping[str, tuple[str, ...]] = {
    "ENTER": ("Enter",),
    "PRESS_ENTER": ("Enter",),
    "PRESS_HOME": ("GoHome",),
    "PRESS_BACK": ("GoBack",),
    "COPY": ("ControlOrMeta", "c"),
}
ENDS: Mapping[str, Literal["success", "failure"]] = {"task complete": "success", "task impossible": "failure"}
"""What ShowUI answers where a task asks for no words."""
KEY_WORDS = {"Control": "ctrl"}
"""Keys whose word is not their name in small letters."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """The values of one dictionary."""

    name: str
    value: str | float | None = None
    position: JsonValue = None


def written_dict(action: Action, at: Point | None, canvas: Canvas, names: tuple[str, ...], *, is_json: bool) -> str:
    """One action with these names; what is typed, `at` its place. Raises UsageError for one that has no name."""
    words = _Words(names, canvas)
    entry = words.pointed(action) or words.unpointed(action, at)
    if entry is None:
        raise UsageError(f"dictionaries of {', '.join(names)} have no word for {action.kind}: {action!r:.200}")
    if is_json:
        told = {"action": entry.name, "value": entry.value, "position": entry.position}
        return json.dumps(told, ensure_ascii=False)
    value = python_text(entry.value) if isinstance(entry.value, str) else entry.value
    return f"{{'action': '{entry.name}', 'value': {value}, 'position': {entry.position}}}"


@dataclass(frozen=True, slots=True)
class _Words:
    names: tuple[str, ...]
    canvas: Canvas

    def pointed(self, action: Action) -> _Entry | None:
        """The entry of an action at a place, or from one to another."""
        match action:
            case Click(point=point, modifiers=()):
                name = self._of(CLICKS, (action.button, action.count))
                return _Entry(name, None, self._place(point)) if name else None
            case SelectOption(point=point, label=label) if "SELECT" in self.names:
                return _Entry("SELECT", label, self._place(point))
            case Hover(point=point) if "HOVER" in self.names:
                return _Entry("HOVER", None, self._place(point))
            case LongPress(point=point, duration_s=seconds) if "LONG_PRESS" in self.names:
                return _Entry("LONG_PRESS", seconds, self._place(point))
            case Drag(path=(start, end), modifiers=()) if name := self._any("DRAG", "SELECT_TEXT"):
                return _Entry(name, None, [self._place(start), self._place(end)])
            case Scroll(modifiers=()) if "SCROLL" in self.names:
                middle = self._place(self.canvas.size.box.center)
                place = self._place(action.point)
                return _Entry("SCROLL", direction_of(action), None if place == middle else place)
            case Scroll(modifiers=()) if "SWIPE" in self.names:
                return self._swipe(action)
            case _:
                return None

    def unpointed(self, action: Action, at: Point | None) -> _Entry | None:
        """The entry of an action of the keyboard, and of the task's end."""
        match action:
            case TypeText(text=str(text)) if name := self._any("INPUT", "TYPE"):
                return _Entry(name, text, None if at is None else self._place(at))
            case Press(keys=keys) if name := self._of(PRESSES, keys):
                return _Entry(name)
            case Press(keys=keys) if "HOT_KEY" in self.names:
                return _Entry("HOT_KEY", " ".join(_key_word(key) for key in keys))
            case Wait() if "WAIT" in self.names:
                return _Entry("WAIT")
            case Finish(status="success", answer=answer) if "FINISH" in self.names:
                return _Entry("FINISH", answer or None)
            case Finish(status="success", answer=answer) if answer and "ANSWER" in self.names:
                return _Entry("ANSWER", answer)
            case Finish(status=status, answer="") if "ANSWER" in self.names:
                return _Entry("ANSWER", next(words for words, end in ENDS.items() if end == status))
            case _:
                return None

    def _swipe(self, scroll: Scroll) -> _Entry | None:
        """The way of the finger, as far as it goes on the screen; None where it cannot go in that direction."""
        (x1, y1), (across, down) = self.canvas.place(scroll.point), self.canvas.unit
        x2, y2 = self.canvas.place(Point(scroll.point.x - scroll.dx, scroll.point.y - scroll.dy))
        shown = Scroll(point=scroll.point, dx=(x1 - x2) * across, dy=(y1 - y2) * down)
        is_moved = (x1, y1) != (x2, y2) or not (scroll.dx or scroll.dy)
        if not is_moved or direction_of(shown) != direction_of(scroll):
            return None
        return _Entry("SWIPE", None, [[x1, y1], [x2, y2]])

    def _place(self, point: Point) -> JsonValue:
        return list(self.canvas.place(point))

    def _any(self, *names: str) -> str | None:
        return next((name for name in names if name in self.names), None)

    def _of(self, meanings: Mapping[str, object], meaning: object) -> str | None:
        return next((name for name, meant in meanings.items() if meant == meaning and name in self.names), None)


def _key_word(key: str) -> str:
    return key if len(key) == 1 else KEY_WORDS.get(key, key.lower())
