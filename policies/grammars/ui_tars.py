"""The language of UI-TARS: a thought, then calls that name places by boxes or points.

Thought: Click the search field.
Action: click(start_box='<|box_start|>(235,512)<|box_end|>')

https://github.com/bytedance/UI-TARS
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...errors import BadModelOutput
from ...model import Grammar
from ...screen import Point
from ...tools import (
    Action,
    Ask,
    Back,
    Click,
    Drag,
    Finish,
    Hover,
    LongPress,
    Navigate,
    Press,
    Scroll,
    TypeText,
    Wait,
    built,
    points_of,
    split_chord,
)
from ..reading.calls import MAX_CALLS, Call, read_call
from ..reading.limits import quoted, require_short
from .answers import Answer
from .arguments import Arguments, unknown_action
from .canvas import Canvas
from .language import Occasion
from .numbers import coordinate_rules
from .scrolling import DIRECTIONS, direction_of, scrolled
from .ui_tars_grammar import thought_and_actions
from .writing import no_word, string

_TAKES: Mapping[str, tuple[str, ...]] = {
    "click": ("start_box",),
    "left_single": ("start_box",),
    "left_double": ("start_box",),
    "right_single": ("start_box",),
    "hover": ("start_box",),
    "long_press": ("start_box", "time"),
    "drag": ("start_box", "end_box"),
    "select": ("start_box", "end_box"),
    "swipe": ("start_box", "end_box"),
    "scroll": ("start_box", "direction"),
    "hotkey": ("key",),
    "press": ("key",),
    "type": ("content",),
    "wait": (),
    "finished": ("content",),
    "call_user": ("content",),
    "press_home": (),
    "press_back": (),
    "open_app": ("app_name",),
    "navigate": ("content",),
    "navigate_back": (),
}
"""Every action that any version was told of, and its arguments in order."""
_START, _END = ("start_box", "start_point", "point", "box"), ("end_box", "end_point")

WAIT_S = 5.0
"""How long wait() lasts, as every version is told."""
_ASKED = "What should be done next?"
"""What call_user() asks where the model gives no reason."""
_MAX_QUESTION = 4000

# A line's first words; else anywhere, before a call. Each run of spaces is looked at from one mark only.
_LINE = re.compile(r"^[ \t]*+Action[ \t]*+[:：]", re.MULTILINE)
_INLINE = re.compile(r"Action[ \t]*+[:：](?=[ \t`]*+[A-Za-z_][A-Za-z0-9_.]{0,63}+\()")
_CALL = re.compile(r"(?:\A|\n|Action[ \t]*+[:：])[ \t`]*+(?=[A-Za-z_][A-Za-z0-9_.]{0,63}+\()")
_NEXT = re.compile(r"[ \t`;,]*+(?=[A-Za-z_][A-Za-z0-9_.]{0,63}+\()")
_LABEL = re.compile(r"(?:Thought|Action_Summary)[ \t]*+[:：]")


@dataclass(frozen=True, slots=True, kw_only=True)
class UiTarsCalls:
    """A thought and calls. Actions of all versions are read, whatever names a place has and whatever stands around it.

    Only the `words` that a version was told of are written. A place is a box between marks, or, where the version
    `writes_points`, a point in tags. `swipes`: scrolling is said by two places, as a finger moves, and not by its
    direction.
    """

    words: tuple[str, ...]
    writes_points: bool = False
    swipes: bool = False

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """Every call behind `Action:`, one a line, or behind the first line that begins with a call.

        Text typed with a line break at its end is submitted with the key Enter.
        """
        require_short(text)
        mark = _LINE.search(text) or _INLINE.search(text) or _CALL.search(text)
        thought = _thought(text[: mark.start()] if mark else text)
        actions: list[Action] = []
        for call in _calls(text[mark.start() :] if mark else ""):
            if call.name not in _TAKES:
                raise unknown_action(call.name, tuple(_TAKES))
            actions += _read(Arguments.of_call(call, canvas, *_TAKES[call.name]), thought)
            moved = (point for action in reversed(actions) for point in reversed(points_of(action)))
            canvas = replace(canvas, pointer=next(moved, canvas.pointer))
        if not actions:
            raise BadModelOutput(f"expected Action: and a call such as click(start_box='(x,y)'), saw {quoted(text)}")
        return Answer(thought=thought, references=(), actions=tuple(actions))

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """The thought on one line, then the calls. Text and the Enter behind it are one call that ends the line."""
        calls: list[str] = []
        remaining = list(actions)
        while remaining:
            action = remaining.pop(0)
            is_submitted = isinstance(action, TypeText) and remaining[:1] == [Press(keys=("Enter",))]
            remaining = remaining[is_submitted:]
            call = self._call(action, canvas, end="\n" * is_submitted)
            if call is None or call.partition("(")[0] not in self.words:
                raise no_word("UI-TARS", action)
            calls.append(call)
        flat = thought.replace("\n", " ") if _LINE.search(thought) else thought
        head = f"Thought: {flat}\n" if thought else ""
        return f"{head}Action: " + "\n\n".join(calls)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return thought_and_actions(self.words, coordinate_rules(canvas), self.writes_points, self.swipes)

    def _call(self, action: Action, canvas: Canvas, *, end: str) -> str | None:
        """The call that says an action, one that types with `end` behind its text; None where none does."""
        match action:
            case Click(button="left", count=1, modifiers=()):
                return f"click({self._at(action.point, canvas)})"
            case Click(button="left", count=2, modifiers=()):
                return f"left_double({self._at(action.point, canvas)})"
            case Click(button="right", count=1, modifiers=()):
                return f"right_single({self._at(action.point, canvas)})"
            case LongPress() if self.swipes:
                return f"long_press({self._at(action.point, canvas)}, time='{action.duration_s:g}')"
            case LongPress():
                return f"long_press({self._at(action.point, canvas)})"
            case Drag(path=(first, last), modifiers=()):
                return f"drag({self._from_to(first, last, canvas)})"
            case Scroll(modifiers=()):
                return self._scroll(action, canvas)
            case TypeText(text=str(text)):
                return f"type(content={string(text + end)})"
            case Press(keys=("GoHome",)) if "press_home" in self.words:
                return "press_home()"
            case Press(keys=("GoBack",)) if "press_back" in self.words:
                return "press_back()"
            case Press():
                return f"hotkey(key={string(' '.join(_key(key) for key in action.keys))})"
            case Wait():
                return "wait()"
            case Ask():
                return "call_user()" if action.question == _ASKED else f"call_user(content={string(action.question)})"
            case Finish(status="success"):
                return f"finished(content={string(action.answer)})" if action.answer else "finished()"
            case _:
                return None

    def _scroll(self, scroll: Scroll, canvas: Canvas) -> str | None:
        if not self.swipes:
            return f"scroll({self._at(scroll.point, canvas)}, direction='{direction_of(scroll)}')"
        end = Point(scroll.point.x - scroll.dx, scroll.point.y - scroll.dy)
        if canvas.place(end) == canvas.place(scroll.point) and (scroll.dx or scroll.dy):
            return None  # it begins at the edge, and a finger does not come further
        return f"scroll({self._from_to(scroll.point, end, canvas)})"

    def _at(self, point: Point, canvas: Canvas) -> str:
        return f"{'point' if self.writes_points else 'start_box'}='{self._place(point, canvas)}'"

    def _from_to(self, first: Point, last: Point, canvas: Canvas) -> str:
        kind = "point" if self.writes_points else "box"
        return f"start_{kind}='{self._place(first, canvas)}', end_{kind}='{self._place(last, canvas)}'"

    def _place(self, point: Point, canvas: Canvas) -> str:
        x, y = canvas.place(point)
        return f"<point>{x} {y}</point>" if self.writes_points else f"<|box_start|>({x},{y})<|box_end|>"


def _calls(text: str) -> Iterator[Call]:
    """Each call that begins a line or follows a mark or another call; the rest of its line is passed over."""
    found, count = _CALL.search(text), 0
    while found is not None:
        count += 1
        if count > MAX_CALLS:
            raise BadModelOutput(f"more than {MAX_CALLS} calls in one answer")
        call, end = read_call(text, found.end())
        yield call
        found = _NEXT.match(text, end) or _CALL.search(text, end)


def _thought(head: str) -> str:
    """What stands behind the last label, or all of it where there is none."""
    start = 0
    for label in _LABEL.finditer(head):
        start = label.end()
    return head[start:].strip().removesuffix("```").strip()


def _read(given: Arguments, thought: str) -> tuple[Action, ...]:
    """The actions of one call of a known name."""
    match given.name:
        case "click" | "left_single":
            return (Click(point=given.point(*_START, *_END)),)
        case "left_double":
            return (Click(point=given.point(*_START), count=2),)
        case "right_single":
            return (Click(point=given.point(*_START), button="right"),)
        case "hover":
            return (Hover(point=given.point(*_START)),)
        case "long_press":
            seconds = given.number("time", default=0.8) if given.given.get("time") != "" else 0.8
            return (built(LongPress, given.name, point=given.point(*_START), duration_s=seconds),)
        case "select" if not given.has(*_END):
            return (Click(point=given.point(*_START)),)
        case "drag" | "select":
            return (Drag(path=(given.point(*_START), _end(given))),)
        case "scroll" | "swipe":
            return (_scrolled(given),)
        case "type":
            return _typed(given)
        case _:
            return (_without_place(given, thought),)


def _without_place(given: Arguments, thought: str) -> Action:
    match given.name:
        case "hotkey" | "press":
            words = given.text("key", "hotkey", "press").split()
            return built(Press, given.name, keys=[key for word in words for key in split_chord(word)])
        case "wait":
            return built(Wait, given.name, seconds=given.number("time", "seconds", default=WAIT_S))
        case "finished":
            return built(Finish, given.name, answer=given.text("content", default=""))
        case "call_user":
            question = given.text("content", default="") or thought or _ASKED
            return Ask(question=question[:_MAX_QUESTION])
        case "press_home":
            return Press(keys=("GoHome",))
        case "press_back":
            return Press(keys=("GoBack",))
        case "navigate":
            return built(Navigate, given.name, url=given.text("content", "url"))
        case "navigate_back":
            return Back()
        case _:
            raise BadModelOutput(f"{given.name} cannot be done: nothing here opens apps but what the screen shows")


def _typed(given: Arguments) -> tuple[Action, ...]:
    """The typing itself, behind a click where it names a place, and before Enter where it ends in a line break."""
    text = given.text("content", "text")
    typed = built(TypeText, given.name, text=text.removesuffix("\n"))
    first = (Click(point=given.point(*_START)),) if given.has(*_START) else ()
    return (*first, typed, Press(keys=("Enter",))) if text.endswith("\n") else (*first, typed)


def _scrolled(given: Arguments) -> Scroll:
    """In a direction, or as far as from one place to another: what lies under a finger goes with it."""
    start = next((key for key in _START if given.given.get(key) not in (None, "")), None)
    if given.has(*_END):
        first, last = given.point(*_START), _end(given)
        return built(Scroll, given.name, point=first, dx=first.x - last.x, dy=first.y - last.y)
    if not given.has("direction"):
        raise given.fault(("direction",), f"one of {', '.join(DIRECTIONS)}")
    return scrolled(given.text("direction"), given.point(start) if start else None, given.canvas)


def _end(given: Arguments) -> Point:
    """Where a movement ends: never just where the pointer is."""
    return replace(given, canvas=replace(given.canvas, pointer=None)).point(*_END)


def _key(name: str) -> str:
    return "ctrl" if name == "Control" else name.lower() if len(name) > 1 else name
