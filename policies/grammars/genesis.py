"""The actions of OS-Genesis on Android: a thought, then one object of JSON, in pixels of the screenshot.

Low-level thought: Click 'Get started' to open the setup screen.
action: {"action_type":"click","x":539.5,"y":2148.0}
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput, UsageError
from ...model import Grammar
from ...screen import Point
from ...tools import Action, Click, Finish, LongPress, Press, Scroll, TypeText, Wait, built
from ..reading.limits import quoted, require_short
from ..reading.objects import read_objects
from .answers import Answer
from .arguments import Arguments, unknown_action
from .canvas import Canvas
from .in_order import in_order
from .language import Occasion
from .numbers import coordinate_rules
from .scrolling import direction_of, scrolled
from .typing_at import clicked_first, with_places

_MARK = re.compile(r"\bactions?+[ \t]*+[:：]\s*+(?=[{`])", re.IGNORECASE)

_THOUGHT = re.compile(r"\s*+(?:low-level[ \t]++)?thoughts?+[ \t]*+[:：]", re.IGNORECASE)
_EXPECTED = 'action: {"action_type": "click", "x": ..., "y": ...}'
_PRESSES: Mapping[str, tuple[str, ...]] = {
    "navigate_back": ("GoBack",),
    "navigate_home": ("GoHome",),
    "keyboard_enter": ("Enter",),
}
_ENDS: Mapping[str, Finish] = {
    "successful": Finish(),
    "complete": Finish(),
    "infeasible": Finish(status="failure"),
}
_KNOWN = ("click", "long_press", "type", "scroll", *_PRESSES, "wait", "status", "answer")


@dataclass(frozen=True, slots=True)
class GenesisActions:
    """What AndroidControl and AndroidWorld do, as OS-Genesis was taught it. Apps are not opened by their names."""

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """The actions of every object behind `action:`, or without it of every object; the thought before them."""
        require_short(text)
        mark = _MARK.search(text)
        start = mark.end() if mark else 0
        before = text[: mark.start() if mark else max(0, text.find("{"))]
        told = _THOUGHT.match(before)
        thought = before[told.end() if told else 0 :].strip()
        return Answer(
            thought=thought,
            references=(),
            actions=in_order(read_objects(text, start, _EXPECTED), canvas, _actions),
        )

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        lines = [f"Low-level thought: {' '.join(thought.split())}"] if thought.strip() else []
        for action, at in with_places(actions, canvas):
            told = json.dumps(_told(action, at, canvas), ensure_ascii=False, separators=(",", ":"))
            lines.append(f"action: {told}")
        return "\n".join(lines)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """A thought of one line and one action."""
        return Grammar(f"{_RULES}{coordinate_rules(canvas)}", examples=_EXAMPLES)


def _actions(found: dict[str, JsonValue], canvas: Canvas, done: Sequence[Action]) -> tuple[Action, ...]:
    name = found.get("action_type")
    if not isinstance(name, str):
        keys = ", ".join(quoted(key) for key in list(found)[:8])
        raise BadModelOutput(f"expected {_EXPECTED}, saw an object with {keys or 'nothing'}")
    given = Arguments(name[:80], found, canvas)
    match name.strip().lower():
        case "click" | "dismiss" | "tap":
            return (Click(point=_point(given)),)
        case "double_tap" | "double_click":
            return (Click(point=_point(given), count=2),)
        case "long_press":
            return (LongPress(point=_point(given)),)
        case "type" | "input_text":
            typed = built(TypeText, given.name, text=given.text("text"))
            return clicked_first(typed, _point(given), done) if given.has("x") else (typed,)
        case "scroll":
            return (scrolled(given.text("direction"), canvas.size.box.center, canvas),)
        case word:
            return (_of_device(word, given),)


def _of_device(word: str, given: Arguments) -> Action:
    """The action of the whole device, and of the task's end."""
    if word in _PRESSES:
        return Press(keys=_PRESSES[word])
    match word:
        case "wait":
            return Wait()
        case "answer":
            return built(Finish, word, answer=given.text("text"))
        case "status":
            status = given.text("goal_status").strip().lower()
            if status not in _ENDS:
                raise BadModelOutput(f"status needs goal_status as one of {', '.join(_ENDS)}, but got {quoted(status)}")
            return _ENDS[status]
        case "open_app":
            app = quoted(given.text("app_name", default=""))
            raise BadModelOutput(f"{app} cannot be opened by its name here: expected click on what opens it")
        case _:
            raise unknown_action(given.name, _KNOWN)


def _point(given: Arguments) -> Point:
    """Where x and y are; an index alone is of a tree of elements, which is not told here."""
    if not given.has("x", "y", "index") and given.canvas.pointer is not None:
        given.require_no_place()
        return given.canvas.pointer
    return given.canvas.point(given.number("x"), given.number("y"))


def _told(action: Action, at: Point | None, canvas: Canvas) -> dict[str, JsonValue]:
    """One action as data. Raises UsageError for one without a word."""

    def placed(name: str, point: Point | None, **others: JsonValue) -> dict[str, JsonValue]:
        place = {} if point is None else dict(zip("xy", canvas.place(point), strict=True))
        return {"action_type": name, **others, **place}

    match action:
        case Click(point=point) if action == Click(point=point):
            return placed("click", point)
        case LongPress(point=point):
            return placed("long_press", point)
        case TypeText(text=str(text)):
            return placed("type", at, text=text)
        case Scroll(point=point, modifiers=()) if canvas.place(point) == canvas.place(canvas.size.box.center):
            return {"action_type": "scroll", "direction": direction_of(action)}
        case Press(keys=keys) if name := next((word for word, meant in _PRESSES.items() if meant == keys), None):
            return {"action_type": name}
        case Wait():
            return {"action_type": "wait"}
        case Finish(status="success", answer=answer) if answer:
            return {"action_type": "answer", "text": answer}
        case Finish(answer=""):
            status = next(word for word, end in _ENDS.items() if end == action)
            return {"action_type": "status", "goal_status": status}
        case _:
            raise UsageError(f"OS-Genesis has no word for {action.kind}: {action!r:.200}")


_RULES = r"""start: "Low-level thought: " THOUGHT "\naction: {\"action_type\":\"" item "}"
item: /click|long_press/ "\"" at
    | "type\",\"text\":" TEXT at?
    | "scroll\",\"direction\":\"" /up|down|left|right/ "\""
    | /navigate_back|navigate_home|keyboard_enter|wait/ "\""
    | "status\",\"goal_status\":\"" /successful|infeasible/ "\""
    | "answer\",\"text\":" TEXT
at: ",\"x\":" x ",\"y\":" y
THOUGHT: /[^\n<]{1,600}/
TEXT: /"([^"\\\x00-\x1f]|\\["\\nt]){0,1000}"/
"""
_EXAMPLES = ('Low-level thought: Click the button.\naction: {"action_type":"click","x":540.0,"y":1200.0}',)
