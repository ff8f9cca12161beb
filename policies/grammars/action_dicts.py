"""Actions as dictionaries: ShowUI writes them in Python, TongUI in JSON behind a thought.

{'action': 'CLICK', 'value': None, 'position': [0.49, 0.42]}

Thought: I open the menu.
Action: {"action": "CLICK", "value": null, "position": [0.49, 0.42]}
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...model import Grammar
from ...tools import (
    Action,
    Ask,
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
    built,
    split_chord,
)
from ..reading.limits import quoted, require_short
from ..reading.objects import read_objects
from .action_dict_grammar import action_dict_grammar
from .action_dict_words import CLICKS, ENDS, PRESSES, written_dict
from .answers import Answer
from .arguments import Arguments, unknown_action
from .canvas import Canvas
from .in_order import in_order
from .language import Occasion
from .scrolling import DIRECTIONS, scrolled
from .typing_at import clicked_first, with_places

WAIT_S = 5.0
"""How long TongUI was told that its WAIT lasts."""

_MARK = re.compile(r"(?:^|\n)[ \t]*+Action[ \t]*+[:：]", re.IGNORECASE)
_EXPECTED = "a dictionary such as {'action': 'CLICK', 'value': None, 'position': [x, y]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDicts:
    """`names` are those of the prompt: what is written is kept to them, what is read may be any that was ever trained.

    `is_json`: a thought, then JSON; otherwise Python. `types_at`: INPUT has the place of the field.
    """

    names: tuple[str, ...]
    is_json: bool = False
    types_at: bool = False

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """The actions of every dictionary, in whatever list or fence they stand; before them, the thought."""
        require_short(text)
        mark = _MARK.search(text)
        found = read_objects(text, mark.end() if mark else 0, _EXPECTED)
        actions = in_order(found, canvas, self._actions)
        return Answer(thought=_thought(text, mark), references=(), actions=actions)

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        """Python tells no thought: ShowUI was never shown one."""
        told = with_places(actions, canvas) if self.types_at else [(action, None) for action in actions]
        dicts = [written_dict(action, at, canvas, self.names, is_json=self.is_json) for action, at in told]
        if not self.is_json:
            return ",".join(dicts)
        body = dicts[0] if len(dicts) == 1 else f"[{', '.join(dicts)}]"
        return f"Thought: {' '.join(thought.split())}\nAction: {body}" if thought.strip() else f"Action: {body}"

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        return action_dict_grammar(self.names, canvas, is_json=self.is_json, types_at=self.types_at)

    def _actions(self, found: dict[str, JsonValue], canvas: Canvas, done: Sequence[Action]) -> tuple[Action, ...]:
        name = found.get("action")
        if not isinstance(name, str):
            keys = ", ".join(quoted(key) for key in list(found)[:8])
            raise BadModelOutput(f"expected {_EXPECTED}, saw an object with {keys or 'nothing'}")
        word = "_".join(name[:80].upper().split())
        given = Arguments(word, found, canvas)
        if word in ("INPUT", "TYPE"):
            typed = built(TypeText, word, text=given.text("value"))
            return clicked_first(typed, given.point("position"), done) if given.has("position") else (typed,)
        action = _pointed(word, given) or _unpointed(word, given)
        if action is None:
            raise unknown_action(name, self.names)
        return (action,)


def _thought(text: str, mark: re.Match[str] | None) -> str:
    if mark is not None:
        return text[: mark.start()].strip().removeprefix("Thought:").strip()
    before = text[: text.find("{")].rstrip("[ \n").removesuffix("```json").removesuffix("```")
    return before.strip().removeprefix("Thought:").strip()


def _pointed(word: str, given: Arguments) -> Action | None:
    """The action at a place, or from one to another; None for a word that means something else."""
    if word in CLICKS:
        button, count = CLICKS[word]
        return Click(point=given.point("position"), button=button, count=count)
    match word:
        case "SELECT" if given.has("value"):
            return built(SelectOption, word, point=given.point("position"), label=given.text("value"))
        case "SELECT":
            return Click(point=given.point("position"))
        case "HOVER":
            return Hover(point=given.point("position"))
        case "LONG_PRESS" if given.has("value"):
            return built(LongPress, word, point=given.point("position"), duration_s=given.number("value"))
        case "LONG_PRESS":
            return LongPress(point=given.point("position"))
        case "SELECT_TEXT" | "DRAG":
            return Drag(path=given.path("position"))
        case "SWIPE":
            start, end = given.path("position")
            return Scroll(point=start, dx=start.x - end.x, dy=start.y - end.y)
        case _:
            return None


def _unpointed(word: str, given: Arguments) -> Action | None:
    """The action of the keyboard or of the whole screen; None for a word that means something else."""
    if word in PRESSES:
        return Press(keys=PRESSES[word])
    middle = given.canvas.size.box.center
    match word.split("_"):
        case ["SCROLL"]:
            point = given.point("position") if given.has("position") else middle
            return scrolled(given.text("value"), point, given.canvas)
        case ["SCROLL", direction] if direction.lower() in DIRECTIONS:
            return scrolled(direction, middle, given.canvas)
        case ["HOT", "KEY"] | ["HOTKEY"]:
            keys = tuple(key for chord in given.text("value").split() for key in split_chord(chord))
            return built(Press, word, keys=keys)
        case ["WAIT"]:
            return Wait(seconds=WAIT_S)
        case ["FINISH"]:
            return built(Finish, word, answer=given.text("value", default=""))
        case ["ANSWER"]:
            return _answered(given.text("value", default=""))
        case ["STATUS", "TASK", "COMPLETE" | "IMPOSSIBLE" as status]:
            return Finish(status=ENDS[f"task {status.lower()}"])
        case ["CALL", "USER"]:
            return built(Ask, word, question=given.text("value", default="") or "The task needs you: what now?")
        case _:
            return None


def _answered(answer: str) -> Finish:
    status = ENDS.get(answer.strip().lower().rstrip("."))
    return built(Finish, "ANSWER", answer=answer) if status is None else Finish(status=status)
