"""The actions of OS-Atlas-Pro: a verb a line, with a place or a text in brackets, behind two headings.

thoughts:
click the sign-up button
actions:
CLICK <point>[[493,578]]</point>
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...errors import BadModelOutput, UsageError
from ...model import Grammar
from ...screen import Point
from ...tools import Action, Button, Click, Finish, Hover, LongPress, Press, Scroll, TypeText, Wait, built, split_chord
from ...tools.keys import NAMED_KEYS
from ..reading.limits import quoted, require_short
from ..reading.places import number_at, place_spans, read_numbers
from .answers import Answer
from .arguments import unknown_action
from .canvas import Canvas
from .language import Occasion
from .numbers import coordinate_rules
from .scrolling import direction_of, scrolled

MAX_ACTIONS = 64
"""In one answer."""
BASIC = ("CLICK", "TYPE", "SCROLL")

_HEADING = re.compile(r"(?:^|\n)[ \t*#]*+actions[ \t]*+[:：][ \t*]*+", re.IGNORECASE)
_THOUGHTS = re.compile(r"[ \t*#\n]*+thoughts[ \t]*+[:：][ \t*]*+", re.IGNORECASE)
_VERB = re.compile(r"\n[ \t*-]*+([A-Z][A-Z_]{1,31}+)(?![A-Za-z0-9])[ \t]*+[:：]?+[ \t]*+")
_CLOSING = re.compile(r"\][ \t\r]*+(?=\n|\Z)")
_CLICKS: Mapping[str, tuple[Button, int]] = {
    "CLICK": ("left", 1),
    "DOUBLECLICK": ("left", 2),
    "RIGHTCLICK": ("right", 1),
}
_PRESSES: Mapping[str, str] = {
    "ENTER": "Enter",
    "PRESS_ENTER": "Enter",
    "PRESS_BACK": "GoBack",
    "PRESS_HOME": "GoHome",
    "PRESS_RECENT": "AppSwitch",
    "PRESS_SPACE": "Space",
    "PRESS_TAB": "Tab",
    "PRESS_ESC": "Escape",
    "PRESS_PGDN": "PageDown",
    "PRESS_PGUP": "PageUp",
    "PRESS_DOWN": "ArrowDown",
    "PRESS_UP": "ArrowUp",
    "PRESS_LEFT": "ArrowLeft",
    "PRESS_RIGHT": "ArrowRight",
    "PRESS_DELETE": "Delete",
    "PRESS_BACKSPACE": "Backspace",
}
_KEY_WORDS = {"Control": "CTRL", "Escape": "ESC"}
_EXPECTED = "a line such as CLICK <point>[[x, y]]</point>"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtlasActions:
    """`custom` are the actions that the prompt adds to the basic ones: what is written is kept to them."""

    custom: tuple[str, ...]

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """Every line that begins with a verb in capitals; lines of plain words are passed over.

        Without the heading the first such line begins the actions.
        """
        require_short(text)
        thought, body = _parted(text.strip().removesuffix("<|im_end|>").rstrip())
        verb = _VERB.search(body)
        if verb is None:
            raise BadModelOutput(f"expected {_EXPECTED}, saw {quoted(body.strip()) if body.strip() else 'nothing'}")
        actions: list[Action] = []
        while verb is not None:
            action, end = self._action(body, verb, canvas)
            actions.append(action)
            if len(actions) > MAX_ACTIONS:
                raise BadModelOutput(f"more than {MAX_ACTIONS} actions in one answer")
            verb = _VERB.search(body, end)
        return Answer(thought=thought, references=(), actions=tuple(actions))

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        lines = "\n".join(self._line(action, canvas) for action in actions)
        return f"thoughts:\n{' '.join(thought.split())}\nactions:\n{lines}" if thought.strip() else f"actions:\n{lines}"

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """A thought of one line, then up to eight actions. OPEN_APP is not among them."""
        return Grammar(_RULES.format(item=self._items(), keys=_KEYS, coordinates=coordinate_rules(canvas)), _EXAMPLES)

    def _action(self, text: str, verb: re.Match[str], canvas: Canvas) -> tuple[Action, int]:
        """The action of a verb, and where its line or its bracket ends."""
        word, start = verb[1], verb.end()
        if word == "TYPE" and text.startswith("[", start):
            closing = _CLOSING.search(text, start + 1)
            if closing is None:
                raise BadModelOutput(f"expected a ] at the end of a line after TYPE [, saw {quoted(text[start:])}")
            return built(TypeText, word, text=text[start + 1 : closing.start()]), closing.end()
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline
        return self._of_line(word, text[start:end].strip(), canvas), end

    def _of_line(self, word: str, rest: str, canvas: Canvas) -> Action:
        if word in _CLICKS:
            button, count = _CLICKS[word]
            return Click(point=_point(word, rest, canvas), button=button, count=count)
        if word in _PRESSES:
            return Press(keys=(_PRESSES[word],))
        match word:
            case "TYPE" if not rest:
                raise BadModelOutput("expected a text after TYPE, as in TYPE [hello], saw nothing")
            case "TYPE":
                return built(TypeText, word, text=rest)
            case "SCROLL":
                return scrolled(_in_brackets(rest), canvas.size.box.center, canvas)
            case "HOTKEY":
                return built(Press, word, keys=_keys(_in_brackets(rest)))
            case "OPEN_APP":
                app = quoted(_in_brackets(rest))
                raise BadModelOutput(f"{app} cannot be opened by its name here: expected CLICK on what opens it")
            case "LONG_PRESS":
                return LongPress(point=_point(word, rest, canvas))
            case "MOVETO":
                return Hover(point=_point(word, rest, canvas))
            case "WAIT":
                return Wait()
            case "COMPLETE":
                return Finish()
            case "IMPOSSIBLE":
                return Finish(status="failure")
            case _:
                raise unknown_action(word, (*BASIC, *self.custom))

    def _line(self, action: Action, canvas: Canvas) -> str:
        """One action. Raises UsageError for one without a word here, or whose text would not be read back."""
        match action:
            case Click(point=point, modifiers=()) if word := self._of(_CLICKS, (action.button, action.count)):
                return f"{word} {_mark(point, canvas)}"
            case LongPress(point=point) if "LONG_PRESS" in self.custom:
                return f"LONG_PRESS {_mark(point, canvas)}"
            case Hover(point=point) if "MOVETO" in self.custom:
                return f"MOVETO {_mark(point, canvas)}"
            case Scroll(point=point, modifiers=()) if canvas.place(point) == canvas.place(canvas.size.box.center):
                return f"SCROLL [{direction_of(action).upper()}]"
            case TypeText(text=str(text)) if (end := _CLOSING.search(f"{text}]")) and end.end() > len(text):
                return f"TYPE [{text}]"
            case Press(keys=(key,)) if word := self._of(_PRESSES, key):
                return word
            case Press(keys=keys) if "HOTKEY" in self.custom and _can_be_joined(keys):
                return f"HOTKEY [{'_'.join(_KEY_WORDS.get(key, key.upper()) for key in keys)}]"
            case Wait() if "WAIT" in self.custom:
                return "WAIT"
            case Finish(status="success", answer="") if "COMPLETE" in self.custom:
                return "COMPLETE"
            case Finish(status="failure", answer="") if "IMPOSSIBLE" in self.custom:
                return "IMPOSSIBLE"
            case _:
                names = ", ".join((*BASIC, *self.custom))
                raise UsageError(f"OS-Atlas with {names} has no word for {action.kind}: {action!r:.200}")

    def _of(self, meanings: Mapping[str, object], meaning: object) -> str | None:
        known = (*BASIC, *self.custom)
        return next((word for word, meant in meanings.items() if meant == meaning and word in known), None)

    def _items(self) -> str:
        rules = {"TYPE": '"TYPE [" TEXT "]"', "SCROLL": '"SCROLL [" /UP|DOWN|LEFT|RIGHT/ "]"'}
        rules |= {"HOTKEY": '"HOTKEY [" KEY ("_" KEY){0,2} "]"'}
        pointed = (*_CLICKS, "LONG_PRESS", "MOVETO")
        rules |= {word: f'{json.dumps(f"{word} <point>[[")} x "," y "]]</point>"' for word in pointed}
        words = [word for word in (*BASIC, *self.custom) if word != "OPEN_APP"]
        return "\n    | ".join(rules.get(word, json.dumps(word)) for word in words)


def _parted(text: str) -> tuple[str, str]:
    """The thought, and the lines of the actions, each behind a line break."""
    heading = _HEADING.search(text)
    if heading is not None:
        thought, body = text[: heading.start()], f"\n{text[heading.end() :]}"
    else:
        body = f"\n{text}"
        verb = _VERB.search(body)
        thought = body[: verb.start()] if verb else ""
    told = _THOUGHTS.match(thought)
    return thought[told.end() if told else 0 :].strip(), body


def _in_brackets(rest: str) -> str:
    """What stands in a line's brackets, or without any the line. Raises BadModelOutput where they are cut off."""
    if not rest.startswith("["):
        return rest
    inner, closing, _ = rest[1:].partition("]")
    if not closing:
        raise BadModelOutput(f"expected a ] at the end of the line, saw {quoted(rest)}")
    return inner


def _point(word: str, rest: str, canvas: Canvas) -> Point:
    spans = next(place_spans(rest), None)
    if spans is None:
        if not rest:
            raise BadModelOutput(f"expected a place after {word}, as in {word} <point>[[x, y]]</point>, saw nothing")
        return canvas.middle(read_numbers(rest))
    return canvas.middle([number_at(rest, span) for span in spans])


def _keys(value: str) -> tuple[str, ...]:
    """The keys of CTRL_A, of ctrl+a and of a single key; letters are small."""
    parts = [part for part in re.split(r"[_+\s]", value) if part] or [value]
    return tuple(key for part in parts for key in split_chord(part.lower()))


def _can_be_joined(keys: Sequence[str]) -> bool:
    """Whether `_keys` brings them back: a capital letter would be small."""
    return all(key not in "_+[]" and (len(key) > 1 or (key.isascii() and key == key.lower())) for key in keys)


def _mark(point: Point, canvas: Canvas) -> str:
    x, y = canvas.place(point)
    return f"<point>[[{x},{y}]]</point>"


_KEYS = "|".join(sorted(_KEY_WORDS.get(name, name.upper()) for name in NAMED_KEYS if len(name) > 1))
_RULES = r"""
start: ("thoughts:\n" THOUGHT "\n")? "actions:\n" item ("\n" item){{0,7}}
item: {item}
THOUGHT: /[^\n<]{{1,600}}/
TEXT: /([^\]\x00-\x08]|\]+[^\]\s]){{0,1000}}/
KEY: /{keys}|[0-9A-Z]/
{coordinates}""".lstrip()
_EXAMPLES = ("thoughts:\nclick the button\nactions:\nCLICK <point>[[500,500]]</point>",)
