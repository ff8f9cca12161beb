"""Android in the Wild (AITW), in SeeClick's split, and Android in the Zoo (AITZ): what to do next on a phone.

AITW: `aitw_data_test.json` of SeeClick, an object of subsets, each a list of episodes, each a list of steps; pictures
by `img_filename` and `.png`. AITZ: an object for each step in `SUBSET/EPISODE/EPISODE.json`, pictures by `image_path`
or beside their file. Both are judged as google-research does; a swipe of ours is any drag, and a scroll is one too.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field, FiniteFloat, JsonValue

from ....errors import UsageError
from ....screen import Point, Screenshot, Size
from ....tools import (
    Action,
    Click,
    Drag,
    Finish,
    LongPress,
    Press,
    Scroll,
    TypeText,
)
from ...data import DataFolder, Record, open_data, read_entries
from ...data.records import understood
from ...data.rows import Row, read_json
from ...metrics.aitw import Gesture, Kind, Place, PlaceBox, is_same, is_same_text
from ...suite import Choice
from ..grounding.boxes import Four
from ..samples import Judged, SampleSuite
from ..settings import require_known
from .answers import button, finger, main
from .steps import Seen, Step, written

METRIC = "action matching: tap within 14 % or in the same box, swipe by axis, else the kind; micro average"
_KEYS = {Kind.PRESS_BACK: "GoBack", Kind.PRESS_HOME: "GoHome", Kind.PRESS_ENTER: "Enter"}
_KINDS = {key: kind for kind, key in _KEYS.items()}
_SWIPES: dict[str, tuple[Place, Place]] = {
    "scroll down": ((0.8, 0.5), (0.2, 0.5)),
    "scroll up": ((0.2, 0.5), (0.8, 0.5)),
    "scroll left": ((0.5, 0.2), (0.5, 0.8)),
    "scroll right": ((0.5, 0.8), (0.5, 0.2)),
}
"""How agent_tasks/action_matching.py of SeeClick has a finger move, from y, x to y, x."""
PICTURES = (".", "images", "aitw_images", "aitw_imgs", "android-in-the-wild")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was done, and the boxes of what can be touched; of those that are in pixels, `in_pixels`."""

    gesture: Gesture
    boxes: tuple[Four, ...] = ()
    in_pixels: bool = False


class GestureRules:
    """Implements `Rules`. Metrics: `type`, and `text` where something is typed."""

    def actions(self, truth: Told, size: Size) -> tuple[Action, ...]:
        gesture = truth.gesture
        match gesture.kind:
            case Kind.TYPE:
                return (TypeText(text=gesture.text),)
            case Kind.DUAL_POINT if gesture.is_tap:
                return (Click(point=_point(gesture.touch, size)),)
            case Kind.DUAL_POINT:
                return (Drag(path=(_point(gesture.touch, size), _point(gesture.lift, size))),)
            case Kind.COMPLETE:
                return (Finish(),)
            case Kind.IMPOSSIBLE:
                return (Finish(status="failure"),)
            case _:
                return (Press(keys=(_KEYS[gesture.kind],)),)

    def judge(self, said: Sequence[Action], truth: Told, size: Size) -> Judged:
        gesture = gesture_of(main(said), size)
        if gesture is None:
            wrong = self.unread("", truth)
            return Judged(score=0.0, success=False, metrics=wrong.metrics, prediction=written(said))
        right = is_same(gesture, truth.gesture, _shares(truth, size))
        metrics = {"type": float(gesture.kind == truth.gesture.kind)}
        if truth.gesture.kind == Kind.TYPE:
            metrics["text"] = float(gesture.kind == Kind.TYPE and is_same_text(gesture.text, truth.gesture.text))
        return Judged(score=float(right), success=right, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Told) -> Judged:
        text = {"text": 0.0} if truth.gesture.kind == Kind.TYPE else {}
        return Judged(score=0.0, success=False, metrics={"type": 0.0, **text})

    def told(self, truth: Told) -> JsonValue:
        gesture = truth.gesture
        touch, lift = list[JsonValue](gesture.touch), list[JsonValue](gesture.lift)
        return {"kind": gesture.kind.name, "touch_yx": touch, "lift_yx": lift, "text": gesture.text}


def gesture_of(action: Action | None, size: Size) -> Gesture | None:
    """An action of ours as a gesture of the data; None for one that phones do not know."""
    match action:
        case TypeText(text=str(text)):
            return Gesture(kind=Kind.TYPE, text=text)
        case Click() | LongPress():
            at = _place(action.point, size)
            return Gesture(kind=Kind.DUAL_POINT, touch=at, lift=at)
        case Drag():
            start, end = _place(action.path[0], size), _place(action.path[-1], size)
            return Gesture(kind=Kind.DUAL_POINT, touch=start, lift=end)
        case Scroll():
            return _swipe(action)
        case Finish(status=status):
            return Gesture(kind=Kind.COMPLETE if status == "success" else Kind.IMPOSSIBLE)
        case _:
            kind = _KINDS.get(button(action))
            return None if kind is None else Gesture(kind=kind)


def _swipe(scroll: Scroll) -> Gesture:
    """A swipe through the middle of the screen; down where no way is told."""
    across, down = finger(scroll)
    if abs(across) > abs(down):
        touch, lift = _SWIPES["scroll left" if across > 0 else "scroll right"]
    else:
        touch, lift = _SWIPES["scroll up" if down > 0 else "scroll down"]
    return Gesture(kind=Kind.DUAL_POINT, touch=touch, lift=lift)


def _point(place: Place, size: Size) -> Point:
    return Point(place[1] * size.width, place[0] * size.height)


def _place(point: Point, size: Size) -> Place:
    return point.y / size.height, point.x / size.width


def _shares(truth: Told, size: Size) -> list[PlaceBox]:
    high, wide = (size.height, size.width) if truth.in_pixels else (1, 1)
    return [(y / high, x / wide, height / high, width / wide) for y, x, height, width in truth.boxes]


# AITW as SeeClick tells it.

_Pair = tuple[FiniteFloat, FiniteFloat]


class _Touch(Record):
    """A step. Places are x, y here, boxes y, x, height, width one after another; all are shares of the screen."""

    img_filename: str
    goal: Annotated[str, Field(min_length=1)]
    action_type_id: Kind
    action_type_text: str = ""
    touch: _Pair = (-1.0, -1.0)
    lift: _Pair = (-1.0, -1.0)
    type_text: str = ""
    annot_position: tuple[FiniteFloat, ...] = ()


def open_aitw(choice: Choice) -> SampleSuite:
    require_known(choice.settings)
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_aitw(open_data(choice.data, "aitw"))))


def _aitw(folder: DataFolder) -> Iterator[Step[Told]]:
    for path in folder.require("steps of AITW", "aitw_data_test.json", "*aitw*test*.json", "*aitw*.json"):
        file = folder.name(path)
        found = read_json(path, name=file)
        for subset, episodes in _pairs(found, file):
            for number, episode in enumerate(_list(episodes, f"{file} {subset}"), 1):
                yield from _aitw_episode(folder, episode, subset, f"{file} {subset}", number)


def _aitw_episode(folder: DataFolder, episode: object, subset: str, file: str, number: int) -> Iterator[Step[Told]]:
    rows = [
        Row(row if isinstance(row, dict) else {}, f"{file} episode {number}", at)  # pyright: ignore[reportUnknownArgumentType]
        for at, row in enumerate(_list(episode, f"{file} episode {number}"), 1)
    ]
    touches = [understood(row, _Touch) for row in rows]
    seen = [
        Seen(picture=folder.reader(f"{touch.img_filename}.png", row.place, *PICTURES), truth=_truth(touch, row.place))
        for touch, row in zip(touches, rows, strict=True)
    ]
    for index, touch in enumerate(touches):
        yield Step(
            name=f"{subset}:{number}/{index}",
            goal=touch.goal,
            episode=seen,
            index=index,
            rules=GestureRules(),
            groups={"subset": subset, "kind": touch.action_type_id.name, "episode": f"{subset}:{number}"},
        )


def _truth(touch: _Touch, place: str) -> Told:
    numbers = touch.annot_position
    if len(numbers) % 4:
        raise UsageError(f"{place}: annot_position has {len(numbers)} numbers, and boxes have four each")
    boxes = tuple((a, b, c, d) for a, b, c, d in zip(*(numbers[at::4] for at in range(4)), strict=True))
    if touch.action_type_id != Kind.DUAL_POINT:
        return Told(gesture=Gesture(kind=touch.action_type_id, text=touch.type_text), boxes=boxes)
    if touch.action_type_text in _SWIPES:
        start, end = _SWIPES[touch.action_type_text]
    else:
        start, end = touch.touch[::-1], touch.lift[::-1]
    return Told(gesture=Gesture(kind=Kind.DUAL_POINT, touch=start, lift=end), boxes=boxes)


def _pairs(found: object, file: str) -> Iterator[tuple[str, object]]:
    if not isinstance(found, dict):
        raise UsageError(f"{file} is no object of subsets, such as general and install")
    yield from ((str(name), episodes) for name, episodes in found.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def _list(found: object, place: str) -> list[object]:
    if not isinstance(found, list):
        raise UsageError(f"{place} is {type(found).__name__}, not a list")
    return list(found)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


# AITZ.


def _json(found: object) -> object:
    """Lists that stand in a row as a string of JSON."""
    return json.loads(found) if isinstance(found, str) else found


class _ZooStep(Record):
    """Boxes are y, x, height, width in pixels of the picture, places y, x in shares of it."""

    episode_id: str
    step_id: int
    instruction: Annotated[str, Field(min_length=1)]
    image_path: str
    ui_positions: Annotated[tuple[Four, ...], BeforeValidator(_json)] = ()
    result_action_type: Kind
    result_action_text: str = ""
    result_touch_yx: Annotated[_Pair, BeforeValidator(_json)] = (-1.0, -1.0)
    result_lift_yx: Annotated[_Pair, BeforeValidator(_json)] = (-1.0, -1.0)
    coat_action_desc: str = ""


def open_aitz(choice: Choice) -> SampleSuite:
    require_known(choice.settings)
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_aitz(open_data(choice.data, "aitz"))))


def _aitz(folder: DataFolder) -> Iterator[Step[Told]]:
    for path in folder.require("episodes of AITZ", "test/**/*.json", "**/*.json"):
        entries = sorted(read_entries(folder, (path,), _ZooStep), key=lambda entry: entry.value.step_id)
        seen = [
            Seen(
                picture=_zoo_picture(folder, entry.value, entry.place, folder.name(path.parent)),
                truth=_zoo_truth(entry.value),
                said=entry.value.coat_action_desc,
            )
            for entry in entries
        ]
        for index, entry in enumerate(entries):
            step = entry.value
            subset = step.image_path.partition("/")[0]
            yield Step(
                name=f"{subset}:{step.episode_id}/{step.step_id}",
                goal=step.instruction,
                episode=seen,
                index=index,
                rules=GestureRules(),
                groups={"subset": subset, "kind": step.result_action_type.name, "episode": step.episode_id},
            )


def _zoo_truth(step: _ZooStep) -> Told:
    gesture = Gesture(
        kind=step.result_action_type,
        touch=step.result_touch_yx,
        lift=step.result_lift_yx,
        text=step.result_action_text,
    )
    return Told(gesture=gesture, boxes=step.ui_positions, in_pixels=True)


def _zoo_picture(folder: DataFolder, step: _ZooStep, place: str, beside: str) -> Callable[[], Screenshot]:
    name = step.image_path
    if not folder.holds(name, *PICTURES, "test"):
        return folder.reader(name.rpartition("/")[2], place, beside)
    return folder.reader(name, place, *PICTURES, "test")
