"""The language of UI-Venus: a thought, one action and what it came to, each between tags.

<think>The search field is at the top.</think>
<action>Click(box=(533, 130))</action>
<conclusion>Clicked the search field.</conclusion>

https://github.com/inclusionAI/UI-Venus
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...model import Grammar
from ...screen import Point
from ...tools import (
    NAMED_KEYS,
    Action,
    Ask,
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
from ..reading.calls import read_calls
from ..reading.limits import quoted, require_short
from .answers import Answer
from .arguments import Arguments, unknown_action
from .canvas import Canvas
from .language import Occasion
from .numbers import coordinate_rules
from .scrolling import direction_of, scrolled
from .writing import STRING, no_word, string

_TAKES: Mapping[str, tuple[str, ...]] = {
    "Click": ("box",),
    "DoubleClick": ("box",),
    "Hover": ("box",),
    "LongPress": ("box",),
    "Drag": ("start", "end"),
    "Scroll": ("start", "end", "direction"),
    "Type": ("content",),
    "Launch": ("app", "url"),
    "Wait": (),
    "Finished": ("content",),
    "CallUser": ("content",),
    "Hotkey": ("keys",),
    "PressBack": (),
    "PressHome": (),
    "PressEnter": (),
    "PressRecent": (),
}
"""Every action that any version was told of, and its arguments in order."""
_KEYS = {"PressBack": "GoBack", "PressHome": "GoHome", "PressEnter": "Enter", "PressRecent": "AppSwitch"}
_BY_KEY = {key: name for name, key in _KEYS.items()}
_AT = ("box", "point", "start_box", "start")
_ENTER = Press(keys=("Enter",))

_ON_PHONES = ("Click", "Drag", "Scroll", "Type", "Wait", "Finished", "CallUser", "LongPress", *_KEYS)
_ON_PAGES = (*_ON_PHONES, "Launch", "Hover", "DoubleClick", "Hotkey")

_TERMINALS = rf"""
THOUGHT: /[^<]{{1,1200}}/
STRING: {STRING}
SAID: /([^'\\\x00-\x1f]|\\['"\\nt]){{1,1000}}/
KEY: /'({"|".join(sorted(name.lower() for name in NAMED_KEYS))}|ctrl|[!-&(-\[\]-~])'/
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenusCalls:
    """Actions of all versions are read. `comma` parts the two numbers of a place.

    `submits`: as the version for the web is told, what is typed is submitted with the key Enter by itself, and
    scrolling is said by its direction. Without it, scrolling is said by two places, as a finger moves, and by its
    direction too where the version `tells_direction`; the places count, as they do in its own agent.
    """

    comma: str = ","
    submits: bool = False
    tells_direction: bool = False

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """The actions between the tags, or where it has none those of the text beside the thought and what follows."""
        require_short(text)
        thought = _between(text, "think") or ""
        answer = _without_thought(text)
        inner = _between(answer, "action")
        actions: list[Action] = []
        for call in read_calls(answer.partition("<conclusion>")[0] if inner is None else inner):
            if call.name not in _TAKES:
                raise unknown_action(call.name, tuple(_TAKES))
            actions += self._read(Arguments.of_call(call, canvas, *_TAKES[call.name]))
            moved = (point for action in reversed(actions) for point in reversed(points_of(action)))
            canvas = replace(canvas, pointer=next(moved, canvas.pointer))
        if not actions:
            raise BadModelOutput(f"expected <action>Click(box=(x,y))</action> or another action, saw {quoted(text)}")
        return Answer(thought=thought, references=(), actions=tuple(actions))

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """The thought and the action; what it came to is not known. Several actions stand in one line each."""
        calls: list[str] = []
        remaining = list(actions)
        while remaining:
            action = remaining.pop(0)
            is_submitted = self.submits and isinstance(action, TypeText) and remaining[:1] == [_ENTER]
            remaining = remaining[is_submitted:]
            call = self._call(action, canvas, is_submitted=is_submitted)
            if call is None:
                raise no_word("UI-Venus", action)
            calls.append(call)
        head = f"<think>{thought.replace('<', '(')}</think>\n" if thought else ""
        return f"{head}<action>" + "\n".join(calls) + "</action>"

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        words = _ON_PAGES if self.submits else _ON_PHONES
        start = (
            'start: "<think>" THOUGHT "</think>\\n<action>" action "</action>\\n<conclusion>" THOUGHT "</conclusion>"\n'
        )
        place = f'place: "(" x "{self.comma}" y ")"\n'
        rules = f"{start}action: {' | '.join(self._rule(word) for word in words)}\n{place}"
        example = "<think>The button is there.</think>\n<action>Click(box=("
        return Grammar(rules + coordinate_rules(canvas) + _TERMINALS, examples=(example,))

    def _rule(self, word: str) -> str:
        match word:
            case "Click" | "DoubleClick" | "Hover" | "LongPress":
                return f'"{word}(box=" place ")"'
            case "Drag":
                return '"Drag(start=" place ", end=" place ")"'
            case "Scroll" if self.submits:
                return '"Scroll(direction=\'" /down|up/ "\')"'
            case "Scroll":
                direction = ' ", direction=\'" /down|up|right|left/ "\'"' if self.tells_direction else ""
                return f'"Scroll(start=" place ", end=" place{direction} ")"'
            case "Type" | "CallUser":
                return f'"{word}(content=" STRING ")"' if word == "Type" else '"CallUser(content=\'" SAID "\')"'
            case "Finished":
                return '"Finished(content=" STRING ")"'
            case "Launch":
                return '"Launch(url=\'" SAID "\')"'
            case "Hotkey":
                return '"Hotkey(keys=[" KEY (", " KEY){0,2} "])"'
            case _:
                return f'"{word}()"'

    def _read(self, given: Arguments) -> tuple[Action, ...]:
        match given.name:
            case "Click":
                return (Click(point=given.point(*_AT)),)
            case "DoubleClick":
                return (Click(point=given.point(*_AT), count=2),)
            case "Hover":
                return (Hover(point=given.point(*_AT)),)
            case "LongPress":
                return (LongPress(point=given.point(*_AT)),)
            case "Drag":
                return (Drag(path=(given.point("start"), _end(given))),)
            case "Scroll":
                return (_scrolled(given),)
            case "Type":
                typed = built(TypeText, given.name, text=given.text("content"))
                return (typed, _ENTER) if self.submits else (typed,)
            case _:
                return (_without_place(given),)

    def _call(self, action: Action, canvas: Canvas, *, is_submitted: bool) -> str | None:
        """The call that says an action; None where none does."""
        match action:
            case Click(button="left", count=1, modifiers=()):
                return f"Click(box={self._place(action.point, canvas)})"
            case LongPress():
                return f"LongPress(box={self._place(action.point, canvas)})"
            case Drag(path=(first, last), modifiers=()):
                return f"Drag(start={self._place(first, canvas)}, end={self._place(last, canvas)})"
            case Scroll(modifiers=()):
                return self._scroll(action, canvas)
            case TypeText(text=str(text)) if self.submits == is_submitted:
                return f"Type(content={string(text)})"
            case Press(keys=(key,)) if key in _BY_KEY:
                return f"{_BY_KEY[key]}()"
            case Wait():
                return "Wait()"
            case Ask():
                return f"CallUser(content={string(action.question)})"
            case Finish(status="success"):
                return f"Finished(content={string(action.answer)})"
            case _:
                return self._call_on_pages(action, canvas) if self.submits else None

    def _call_on_pages(self, action: Action, canvas: Canvas) -> str | None:
        match action:
            case Click(button="left", count=2, modifiers=()):
                return f"DoubleClick(box={self._place(action.point, canvas)})"
            case Hover():
                return f"Hover(box={self._place(action.point, canvas)})"
            case Press():
                keys = ("ctrl" if key == "Control" else key.lower() if len(key) > 1 else key for key in action.keys)
                return f"Hotkey(keys=[{', '.join(map(string, keys))}])"
            case Navigate():
                return f"Launch(url={string(action.url)})"
            case _:
                return None

    def _scroll(self, scroll: Scroll, canvas: Canvas) -> str | None:
        start = self._place(scroll.point, canvas)
        if self.submits:
            direction = direction_of(scroll)
            here = scrolled(direction, None, canvas).point
            at = "" if canvas.place(here) == canvas.place(scroll.point) else f"start={start}, "
            return f"Scroll({at}direction='{direction}')"
        last = Point(scroll.point.x - scroll.dx, scroll.point.y - scroll.dy)
        end = self._place(last, canvas)
        if end == start and (scroll.dx or scroll.dy):
            return None  # it begins at the edge, and a finger does not come further
        first, last = (canvas.point(*canvas.place(point)) for point in (scroll.point, last))
        written = Scroll(point=first, dx=first.x - last.x, dy=first.y - last.y)
        direction = f", direction='{direction_of(written)}'" if self.tells_direction else ""
        return f"Scroll(start={start}, end={end}{direction})"

    def _place(self, point: Point, canvas: Canvas) -> str:
        x, y = canvas.place(point)
        return f"({x}{self.comma}{y})"


def _between(text: str, tag: str) -> str | None:
    """What stands between the first such tags; up to the end where the second one is missing."""
    _, found, rest = text.partition(f"<{tag}>")
    return rest.partition(f"</{tag}>")[0].strip() if found else None


def _without_thought(text: str) -> str:
    """The text behind its thought; of a thought without an end only what begins with an action's tag."""
    before, found, rest = text.partition("<think>")
    if not found:
        return text
    _, end, behind = rest.partition("</think>")
    tag = rest.find("<action>")
    return before + (behind if end else rest[tag:] if tag >= 0 else "")


def _without_place(given: Arguments) -> Action:
    match given.name:
        case "Wait":
            return Wait()
        case "Finished":
            return built(Finish, given.name, answer=given.text("content", default=""))
        case "CallUser":
            return built(Ask, given.name, question=given.text("content"))
        case "Hotkey":
            words = _words(given.given.get("keys"))
            return built(Press, given.name, keys=[key for word in words for key in split_chord(word)])
        case "Launch":
            url = given.text("url", default="")
            if not url:
                raise BadModelOutput("Launch cannot be done: nothing here opens apps but what the screen shows")
            return built(Navigate, given.name, url=url)
        case _:
            return Press(keys=(_KEYS[given.name],))


def _words(value: JsonValue) -> list[str]:
    """The keys of a list, or of a text with spaces between them."""
    words = value.split() if isinstance(value, str) else value
    if not isinstance(words, list) or not words:
        raise BadModelOutput(f"Hotkey needs keys as a list such as ['ctrl', 'c'], but got {quoted(str(value)[:80])}")
    return [str(word) for word in words]


def _scrolled(given: Arguments) -> Scroll:
    """As far as from one place to another, as what lies under a finger goes with it; else in a direction."""
    if given.has("end"):
        first, last = given.point("start"), _end(given)
        return built(Scroll, given.name, point=first, dx=first.x - last.x, dy=first.y - last.y)
    at = given.point("start", "box") if given.has("start", "box") else None
    return scrolled(given.text("direction"), at, given.canvas)


def _end(given: Arguments) -> Point:
    """Where a movement ends: never just where the pointer is."""
    return replace(given, canvas=replace(given.canvas, pointer=None)).point("end")
