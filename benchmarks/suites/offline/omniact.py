"""OmniACT: the whole script for a task on one screen of a desktop or a page.

The folder as published: `test.json` (an object of samples, with paths to a task, a picture and boxes), and what these
name. The setting `split` is `test`, `val` or `train`. Paths of pages that the published file has wrong (`screen_1.png`,
`screen_1.json`) are put right as UGround does. Scores are weighted: `weight` says how much a row counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pydantic import FiniteFloat, JsonValue

from ....errors import UsageError
from ....files import DataFolder, Record, Row, open_data
from ....files.records import understood
from ....files.rows import read_json
from ....screen import Box, Point, Size
from ....tools import (
    Action,
    Click,
    Drag,
    Hover,
    Press,
    Scroll,
    TypeText,
)
from ...metrics.omniact import POINTED, Call, score
from ...suite import Choice
from ..samples import Judged, SampleSuite
from ..settings import one_of, require_known
from .answers import known_key
from .steps import Seen, Step, written

METRIC = "action score: 1 less the penalties where the sequence is right"
MAX_SCRIPT_CHARS = 100_000
_CALL = re.compile(r"\s*pyautogui\.(\w{1,40})\((.*)\)\s*;?\s*(?:#.*)?")
_STRING = re.compile(r""""([^"]*)"|'([^']*)'""")
_NUMBERS = re.compile(r"\s*(?:x\s*=\s*)?(-?\d{1,6}(?:\.\d{1,12})?)\s*,\s*(?:y\s*=\s*)?(-?\d{1,6}(?:\.\d{1,12})?)")
_SCREEN = re.compile(r"screen_(\d+)\.png"), re.compile(r"screen_(\d+)\.json")
_CLICKS = {("left", 1): "click", ("right", 1): "rightclick", ("left", 2): "doubleclick", ("left", 3): "tripleclick"}
_BUTTONS = {name: key for key, name in _CLICKS.items()}


class _Paths(Record):
    task: str
    image: str
    box: str


class _Index(Record):
    samples: dict[str, _Paths]


class _Corners(Record):
    top_left: tuple[FiniteFloat, FiniteFloat]
    bottom_right: tuple[FiniteFloat, FiniteFloat]


class _Boxes(Record):
    boxes: dict[str, _Corners]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A script, and the boxes of all things on the screen, in pixels of the picture."""

    script: tuple[Call, ...]
    boxes: tuple[Box, ...]


class ScriptRules:
    """Implements `Rules`. Metrics: `sequence_score`, `action_score`, `weight` and the penalties."""

    def actions(self, truth: Told, size: Size) -> tuple[Action, ...]:
        done: list[Action] = []
        for call in truth.script:
            if call.name == "dragto" and done and isinstance(done[-1], Hover):
                start = done.pop()
                assert isinstance(start, Hover)
                done.append(Drag(path=(start.point, call.point or start.point)))
            else:
                done.append(_action(call, size))
        return tuple(done)

    def judge(self, said: Sequence[Action], truth: Told, size: Size) -> Judged:
        found = score([call for action in said for call in calls_of(action)], truth.script, truth.boxes)
        metrics = {
            "sequence_score": found.sequence,
            "action_score": found.action,
            "weight": found.weight,
            "click_penalty": found.click_penalty,
            "key_penalty": found.key_penalty,
            "write_penalty": found.write_penalty,
        }
        return Judged(score=found.action, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Told) -> Judged:
        metrics = {"sequence_score": 0.0, "action_score": 0.0, "weight": score((), truth.script, ()).weight}
        return Judged(score=0.0, metrics=metrics)

    def told(self, truth: Told) -> JsonValue:
        return [
            {
                "call": call.name,
                "at": None if call.point is None else [call.point.x, call.point.y],
                "keys": list[JsonValue](call.keys),
                "text": call.text,
            }
            for call in truth.script
        ]


def calls_of(action: Action) -> list[Call]:
    """An action of ours as calls of pyautogui; none for what is no part of a script, such as its end."""
    match action:
        case Click(button=button, count=count, point=point):
            return [Call(name=_CLICKS.get((button, count), f"{button}click"), point=point)]
        case Hover(point=point):
            return [Call(name="moveto", point=point)]
        case Drag(path=path):
            return [Call(name="moveto", point=path[0]), Call(name="dragto", point=path[-1])]
        case Scroll(dx=dx, dy=dy):
            return [Call(name="hscroll" if abs(dx) > abs(dy) else "scroll")]
        case TypeText(text=str(text)):
            enter = [Call(name="press", keys=("Enter",))] if text.endswith("\n") else []
            return [Call(name="write", text=text.removesuffix("\n").lower()), *enter]
        case Press(keys=(key,)):
            return [Call(name="press", keys=(key,))]
        case Press(keys=keys):
            return [Call(name="hotkey", keys=keys)]
        case _:
            return []


def _action(call: Call, size: Size) -> Action:
    """A call as we do it. `Told` is made of none but these."""
    at = call.point or size.box.center
    match call.name:
        case "moveto" | "dragto":
            return Hover(point=at)
        case "scroll":
            return Scroll(point=size.box.center, dy=100)
        case "hscroll":
            return Scroll(point=size.box.center, dx=100)
        case "write":
            return TypeText(text=call.text)
        case "press" | "hotkey":
            return Press(keys=call.keys)
        case name:
            button, count = _BUTTONS[name]
            return Click(point=at, button="right" if button == "right" else "left", count=count)


def read_script(text: str, place: str) -> tuple[str, tuple[Call, ...]]:
    """The task of a file, and its calls. Nothing of it is run.

    Raises UsageError for a file without either, and for a call that is none of those of OmniACT.
    """
    lines = text[:MAX_SCRIPT_CHARS].strip().splitlines()
    goal = lines[0].partition(":")[2].strip() if lines and lines[0].lower().startswith("task:") else ""
    calls = tuple(_call(line, place) for line in lines[1:] if line.strip().startswith("pyautogui"))
    if not goal or not calls:
        raise UsageError(f"{place} has no {'calls of pyautogui' if goal else 'line that begins with Task:'}")
    return goal, calls


def _call(line: str, place: str) -> Call:
    found = _CALL.fullmatch(line)
    if found is None:
        raise UsageError(f"{place}: {line[:80]!r} is no call of pyautogui")
    name, inner = found[1].lower(), found[2]
    strings = [one or other for one, other in _STRING.findall(inner)]
    if name in POINTED or name in _BUTTONS:
        numbers = _NUMBERS.match(inner)
        if numbers is None:
            raise UsageError(f"{place}: {line[:80]!r} has no place")
        return Call(name=name, point=Point(float(numbers[1]), float(numbers[2])))
    match name:
        case "press" | "hotkey" if strings:
            return Call(name=name, keys=tuple(known_key(key) for key in strings))
        case "write" if strings:
            return Call(name=name, text=strings[0].lower())
        case "scroll" | "vscroll":
            return Call(name="scroll")
        case "hscroll":
            return Call(name="hscroll")
        case _:
            raise UsageError(f"{place}: {line[:80]!r} is none of the calls that OmniACT has")


def open_omniact(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "split")
    split = one_of(choice.settings, "split", "test", "val", "train")
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(open_data(choice.data, "omniact"), split)))


def _samples(folder: DataFolder, split: str) -> Iterator[Step[Told]]:
    for path in folder.require("index of OmniACT", f"{split}.json", f"*{split}.json"):
        file = folder.name(path)
        index = understood(Row({"samples": read_json(path, name=file)}, file, 1), _Index)
        for name, paths in index.samples.items():
            yield _step(folder, name, paths, f"{file} {name}")


def _step(folder: DataFolder, name: str, paths: _Paths, place: str) -> Step[Told]:
    image, box = paths.image, paths.box
    if "web" in paths.task:
        image, box = _SCREEN[0].sub(r"screen\1.png", image), _SCREEN[1].sub(r"screen\1_boxes.json", box)
    goal, script = read_script(_text(folder, paths.task, place), f"{place} {paths.task}")
    platform, _, app = PurePosixPath(paths.task).parent.as_posix().partition("tasks/")[2].partition("/")
    seen = Seen(picture=folder.reader(image, place), truth=Told(script=script, boxes=_boxes(folder, box, place)))
    groups = {"platform": platform or "none", "app": app or "none"}
    return Step(name=name, goal=goal, episode=(seen,), index=0, rules=ScriptRules(), groups=groups)


def _text(folder: DataFolder, name: str, place: str) -> str:
    try:
        return folder.file(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{place}: {name} cannot be read: {error}") from None
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None


def _boxes(folder: DataFolder, name: str, place: str) -> tuple[Box, ...]:
    try:
        path = folder.file(name)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None
    found = understood(Row({"boxes": read_json(path, name=name)}, name, 1), _Boxes)
    return tuple(Box.around(Point(*each.top_left), Point(*each.bottom_right)) for each in found.boxes.values())
