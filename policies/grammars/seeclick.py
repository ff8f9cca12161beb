"""The actions of SeeClick, by the numbers that Android in the Wild gives them.

{"action_type": 4, "click_point": (0.49,0.40)}
{"action_type": 3, "typed_text": "pears"}
{"action_type": 2, "click_point": (0.49,0.40), "value": "Blue"}
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from ...errors import BadModelOutput, UsageError
from ...model import Grammar
from ...screen import Point
from ...tools import Action, Click, Finish, Press, Scroll, SelectOption, TypeText, built
from ..reading.limits import quoted, require_short
from ..reading.objects import read_objects
from .answers import Answer
from .arguments import Arguments, unknown_action
from .canvas import Canvas
from .in_order import in_order
from .language import Occasion
from .numbers import coordinate_rules
from .scrolling import Direction, direction_of, scrolled
from .typing_at import clicked_first, with_places

Task = Literal["aitw", "mind2web", "miniwob"]

_KNOWN: Mapping[Task, tuple[int, ...]] = {
    "aitw": (0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    "mind2web": (2, 3, 4),
    "miniwob": (3, 4),
}
_SCROLLS: Mapping[int, Direction] = {0: "down", 1: "up", 8: "left", 9: "right"}
_PRESSES: Mapping[int, tuple[str, ...]] = {5: ("GoBack",), 6: ("GoHome",), 7: ("Enter",)}
_ENDS: Mapping[int, Finish] = {10: Finish(), 11: Finish(status="failure")}
_EXPECTED = '{"action_type": 4, "click_point": (x,y)}'


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeClickActions:
    """`task`: what the checkpoint was fine-tuned for, which is what it writes. All that any writes is read."""

    task: Task

    def parse(self, text: str, canvas: Canvas) -> Answer:
        """The actions of every dictionary. None has a thought.

        A quote in a text may stand unescaped: so the checkpoints were trained.
        """
        require_short(text)
        try:
            found = list(read_objects(text, 0, _EXPECTED))
        except BadModelOutput:
            found = list(read_objects(text, 0, _EXPECTED, is_bare=True))
        return Answer(thought="", references=(), actions=in_order(found, canvas, self._actions))

    def write(self, actions: Sequence[Action], canvas: Canvas, *, thought: str = "") -> str:
        told = with_places(actions, canvas) if self.task == "mind2web" else [(action, None) for action in actions]
        return ",".join(self._written(action, at, canvas) for action, at in told)

    def grammar(self, canvas: Canvas, occasion: Occasion) -> Grammar | None:
        """One action, as the checkpoint was trained on."""
        items = "\n    | ".join(f'"{kind}"{self._rest(kind)}' for kind in _KNOWN[self.task])
        return Grammar(f"{_RULES.format(items=items)}{coordinate_rules(canvas)}", examples=('{"action_type": 4',))

    def _actions(self, found: dict[str, JsonValue], canvas: Canvas, done: Sequence[Action]) -> tuple[Action, ...]:
        kind = found.get("action_type")
        if isinstance(kind, str) and kind.isascii() and kind.isdigit() and len(kind) < 4:
            kind = int(kind)
        given = Arguments(f"action_type {kind}"[:40], found, canvas)
        match kind:
            case bool() | None:
                keys = ", ".join(quoted(key) for key in list(found)[:8])
                raise BadModelOutput(f"expected {_EXPECTED}, saw an object with {keys or 'nothing'}")
            case 2:
                label = given.text("value", "typed_text")
                return (built(SelectOption, given.name, point=given.point("click_point"), label=label),)
            case 3:
                typed = built(TypeText, given.name, text=given.text("typed_text", "value"))
                has_place = given.has("click_point")
                return clicked_first(typed, given.point("click_point"), done) if has_place else (typed,)
            case 4:
                return (Click(point=given.point("click_point")),)
            case int() if kind in _SCROLLS:
                return (scrolled(_SCROLLS[kind], canvas.size.box.center, canvas),)
            case int() if kind in _PRESSES:
                return (Press(keys=_PRESSES[kind]),)
            case int() if kind in _ENDS:
                return (_ENDS[kind],)
            case _:
                raise unknown_action(str(kind)[:80], tuple(str(known) for known in _KNOWN[self.task]))

    def _written(self, action: Action, at: Point | None, canvas: Canvas) -> str:
        """One action. Raises UsageError for one without a number here."""
        match action:
            case Click(point=point) if action == Click(point=point):
                return f'{{"action_type": 4, "click_point": {_place(point, canvas)}}}'
            case TypeText(text=str(text)) if at is not None:
                return f'{{"action_type": 3, "click_point": {_place(at, canvas)}, "value": {_text(text)}}}'
            case TypeText(text=str(text)):
                return f'{{"action_type": 3, "typed_text": {_text(text)}}}'
            case SelectOption(point=point, label=label) if 2 in _KNOWN[self.task]:
                return f'{{"action_type": 2, "click_point": {_place(point, canvas)}, "value": {_text(label)}}}'
            case _:
                kind = self._number(action, canvas)
                if kind not in _KNOWN[self.task]:
                    raise UsageError(f"SeeClick for {self.task} has no word for {action.kind}: {action!r:.200}")
                return f'{{"action_type": {kind}}}'

    def _number(self, action: Action, canvas: Canvas) -> int | None:
        """The number of an action that nothing else belongs to."""
        match action:
            case Scroll(point=point, modifiers=()) if canvas.place(point) == canvas.place(canvas.size.box.center):
                return next(kind for kind, direction in _SCROLLS.items() if direction == direction_of(action))
            case Press(keys=keys):
                return next((kind for kind, pressed in _PRESSES.items() if pressed == keys), None)
            case Finish():
                return next((kind for kind, end in _ENDS.items() if end == action), None)
            case _:
                return None

    def _rest(self, kind: int) -> str:
        """What follows a number, as a part of a rule."""
        place = r' ", \"click_point\": (" x "," y ")"'
        if kind == 4:
            return place
        if kind in (2, 3) and self.task == "mind2web":
            return rf'{place} ", \"value\": " TEXT'
        return r' ", \"typed_text\": " TEXT' if kind == 3 else ""


_RULES = r"""start: "{{\"action_type\": " item "}}"
item: {items}
TEXT: /"([^"\\\x00-\x1f]|\\["\\nt]){{0,1000}}"/
"""


def _place(point: Point, canvas: Canvas) -> str:
    """With both decimals, as it was trained."""
    x, y = canvas.place(point)
    return f"({x:.{canvas.space.decimals}f},{y:.{canvas.space.decimals}f})"


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
