"""AgentNetBench of OpenCUA: what to do next on a desktop, where several ways may be right.

The folder as published: an object for each trajectory in `*.json`, pictures in `images/`. The setting `goal` says which
words the task is told in: `high` or `user`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, FiniteFloat, JsonValue

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, open_data, read_entries
from ....screen import Point, Size
from ....tools import Action, Click, Drag, Finish, Hover, Press, Scroll, TypeText, Wait
from ...metrics.agentnet import Deed, marks
from ...suite import Choice
from ..grounding.boxes import Four
from ..samples import Judged, SampleSuite
from ..settings import one_of, require_known
from .answers import known_key
from .steps import Seen, Step, written

METRIC = "average score of a step, by the best of its right answers; micro average"
_CLICKS = {("left", 1): "click", ("left", 2): "doubleclick", ("left", 3): "tripleclick", ("right", 1): "rightclick"}
_BUTTONS = {name: key for key, name in _CLICKS.items()}
PICTURES = ("images", "single_data/images", ".")

Kind = Literal[
    "click", "doubleclick", "tripleclick", "rightclick", "middleclick", "moveto", "dragto", "write", "press", "hotkey",
    "scroll", "wait", "terminate",
]  # fmt: skip


def _name(found: object) -> object:
    return found.replace("_", "").lower() if isinstance(found, str) else found


class _Position(Record):
    x: FiniteFloat
    y: FiniteFloat


class _Parameters(Record):
    position: _Position | None = None
    text: str = ""
    content: str = ""
    keys: tuple[str, ...] = ()
    amount: FiniteFloat = 0
    status: str = ""


class _Bbox(Record):
    rel_bbox: Four


class _Metadata(Record):
    bboxes: tuple[_Bbox, ...] = ()


class _Act(Record):
    type: Annotated[Kind, BeforeValidator(_name)]
    params: _Parameters = _Parameters()
    metadata: _Metadata = _Metadata()


class _Monologue(Record):
    thought: str = ""
    low_level_instruction: str = ""


class _DeskStep(Record):
    image: str
    ground_truth_actions: Annotated[tuple[_Act, ...], Field(min_length=1)]
    alternative_options: tuple[tuple[_Act, ...], ...] = ()
    inner_monologue: _Monologue = _Monologue()


class _Trajectory(Record):
    task_id: str
    high_level_task_description: str = ""
    user_task_description: str = ""
    steps: tuple[_DeskStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The right answers of a step; the first is what was done."""

    options: tuple[tuple[Deed, ...], ...]


class DesktopRules:
    """Implements `Rules`. Metrics: the marks of each kind of action in the right answer, as `KIND_score`."""

    def actions(self, truth: Told, size: Size) -> tuple[Action, ...]:
        done: list[Action] = []
        for deed in truth.options[0]:
            before = done[-1] if done else None
            if deed.kind == "dragto" and isinstance(before, Hover):
                done[-1] = Drag(path=(before.point, _point(deed, size)))
            elif deed.kind == "scroll" and isinstance(before, Hover):
                done[-1] = Scroll(point=before.point, dy=100)
            else:
                done.append(_action(deed, size))
        return tuple(done)

    def judge(self, said: Sequence[Action], truth: Told, size: Size) -> Judged:
        found = marks(deeds_of(said, truth, size), truth.options)
        metrics = {f"{kind}_score": score for kind, score in found.kinds.items()}
        return Judged(score=found.total, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Told) -> Judged:
        return Judged(score=0.0, metrics={f"{deed.kind}_score": 0.0 for deed in truth.options[0]})

    def told(self, truth: Told) -> JsonValue:
        return [[_shown(deed) for deed in option] for option in truth.options]


def deeds_of(said: Sequence[Action], truth: Told, size: Size) -> list[Deed]:
    """An answer in the words of the data, which move the pointer before a scroll; so it is told where they do."""
    moves = any(option[0].kind == "moveto" for option in truth.options)
    deeds = [deed for action in said for deed in _deeds(action, size)]
    return deeds if moves or any(isinstance(action, Drag) for action in said) else _without_moves(deeds)


def _without_moves(deeds: Sequence[Deed]) -> list[Deed]:
    behind = (*(deed.kind for deed in deeds[1:]), "")
    return [deed for deed, after in zip(deeds, behind, strict=True) if (deed.kind, after) != ("moveto", "scroll")]


def _deeds(action: Action, size: Size) -> list[Deed]:
    def at(point: Point) -> tuple[float, float]:
        return point.x / size.width, point.y / size.height

    match action:
        case Click(button=button, count=count, point=point):
            return [Deed(kind=_CLICKS.get((button, count), f"{button}click"), point=at(point))]
        case Hover(point=point):
            return [Deed(kind="moveto", point=at(point))]
        case Drag(path=path):
            return [Deed(kind="moveto", point=at(path[0])), Deed(kind="dragto", point=at(path[-1]))]
        case Scroll(point=point):
            return [Deed(kind="moveto", point=at(point)), Deed(kind="scroll")]
        case TypeText(text=str(text)):
            return [Deed(kind="write", text=text)]
        case Press(keys=keys):
            return [Deed(kind="press" if len(keys) == 1 else "hotkey", keys=keys)]
        case Finish(status=status):
            return [Deed(kind="terminate", status=status)]
        case Wait():
            return [Deed(kind="wait")]
        case _:
            return [Deed(kind=action.kind)]


def _action(deed: Deed, size: Size) -> Action:
    """A deed of the data as we do it."""
    match deed.kind:
        case "moveto" | "dragto":
            return Hover(point=_point(deed, size))
        case "scroll":
            return Scroll(point=_point(deed, size), dy=100)
        case "write":
            return TypeText(text=deed.text)
        case "press" | "hotkey":
            return Press(keys=deed.keys)
        case "terminate":
            return Finish(status="failure" if deed.status == "failure" else "success")
        case "wait":
            return Wait()
        case "middleclick":
            return Click(point=_point(deed, size), button="middle")
        case kind:
            button, count = _BUTTONS[kind]
            return Click(point=_point(deed, size), button="right" if button == "right" else "left", count=count)


def _point(deed: Deed, size: Size) -> Point:
    x, y = deed.point or (0.5, 0.5)
    return Point(x * size.width, y * size.height)


def _shown(deed: Deed) -> JsonValue:
    at: list[JsonValue] | None = None if deed.point is None else [*deed.point]
    return {"kind": deed.kind, "at": at, "text": deed.text, "keys": [*deed.keys], "status": deed.status}


def open_agentnet(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "goal")
    words = one_of(choice.settings, "goal", "high", "user")
    return SampleSuite(
        choice, metric=METRIC, read=lambda: tuple(_samples(open_data(choice.data, "agentnetbench"), words))
    )


def _samples(folder: DataFolder, words: str) -> Iterator[Step[Told]]:
    files = folder.require("trajectories of AgentNetBench", "*.json", "single_data/*.json", "sample_data/*.json")
    for entry in read_entries(folder, files, _Trajectory):
        yield from _steps(folder, entry, words)


def _steps(folder: DataFolder, entry: Entry[_Trajectory], words: str) -> Iterator[Step[Told]]:
    task = entry.value
    goal = task.user_task_description if words == "user" else task.high_level_task_description
    if not goal:
        raise UsageError(f"{entry.place} has no description of its task: {words}")
    beside = entry.file.rpartition("/")[0]
    seen: list[Seen[Told]] = []
    for index, step in enumerate(task.steps):
        place = f"{entry.place} step {index}"
        options = (step.ground_truth_actions, *(option for option in step.alternative_options if option))
        seen.append(
            Seen(
                picture=folder.reader(step.image, place, *PICTURES, f"{beside}/images".lstrip("/")),
                truth=Told(options=tuple(tuple(_deed(act, place) for act in option) for option in options)),
                said=step.inner_monologue.low_level_instruction,
            )
        )
    for index, step in enumerate(task.steps):
        kind = step.ground_truth_actions[0].type
        yield Step(
            name=f"{task.task_id}/{index}",
            goal=goal,
            episode=seen,
            index=index,
            rules=DesktopRules(),
            groups={"kind": kind, "episode": task.task_id},
        )


def _deed(act: _Act, place: str) -> Deed:
    """Raises UsageError for an action that lacks what its kind needs."""
    given = act.params
    deed = Deed(kind=act.type, boxes=tuple(box.rel_bbox for box in act.metadata.bboxes))
    match act.type:
        case "write":
            return replace(deed, text=given.content or given.text)
        case "press" | "hotkey" if given.keys:
            return replace(deed, keys=tuple(known_key(key) for key in given.keys))
        case "terminate":
            return replace(deed, status=given.status)
        case "scroll" | "wait":
            return deed
        case _ if given.position is not None:
            return replace(deed, point=(given.position.x, given.position.y))
        case kind:
            raise UsageError(f"{place}: {kind} has no {'keys' if kind in ('press', 'hotkey') else 'position'}")
