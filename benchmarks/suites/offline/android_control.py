"""AndroidControl: what to do next on a phone, by the goal alone (high level) or told the step (low level).

Two forms are read, each with its own rules:

- the standard evaluation of UI-S1: `android_control_evaluation_std.jsonl`, an episode a line, pictures by the last
  part of their path in `images/`;
- OS-Atlas: `ac_test.jsonl` or `ac_low_test.jsonl`, a step a line as a conversation.

The setting `level` is `high` or `low`. With low, what is to be done at the step stands behind the goal. OS-Atlas has
both levels in files of their own, and the setting names the file. Metrics: `type`, and `grounding` for a click whose
kind was right.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, JsonValue

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, open_data, read_entries
from ....screen import Box, Point, Size
from ....tools import (
    Action,
    Click,
    Drag,
    Finish,
    LongPress,
    Press,
    Scroll,
    TypeText,
    Wait,
)
from ...metrics.android_control import Match, Move, Word, match
from ...suite import Choice
from ..grounding.boxes import Four, from_corners
from ..samples import Judged, Sample, SampleSuite
from ..settings import one_of, require_known
from .answers import app, button, known_key, main, opened, opening
from .atlas_files import open_atlas
from .steps import Seen, Step, written

METRIC = "step success: kind, place and text right; micro average"
LOW = "{goal}\nWhat to do now: {step}"
PICTURES = ("images", "AndroidControl/images", ".")
_BUTTONS = {"GoBack": "back", "GoHome": "home", "ContextMenu": "menu", "AppSwitch": "recent", "Enter": "enter"}
_KEYS = {name: key for key, name in _BUTTONS.items()}


class _Asked(Record):
    action: Word
    coordinate: tuple[FiniteFloat, FiniteFloat] | None = None
    coordinate2: tuple[FiniteFloat, FiniteFloat] | None = None
    text: str = ""
    button: str = ""
    status: Literal["success", "failure"] = "success"
    direction: str = ""
    candidate_bbox: tuple[Four, ...] = ()
    bbox: Four | None = None


class _PhoneStep(Record):
    screenshot: str
    action_content: _Asked
    check_options: _Asked | None = None
    step_instruction: str = ""


class _Episode(Record):
    goal: Annotated[str, Field(min_length=1)]
    steps: tuple[_PhoneStep, ...]
    episode_id: int | str = ""


class StandardRules:
    """Implements `Rules`, for the standard evaluation of UI-S1."""

    def actions(self, truth: _PhoneStep, size: Size) -> tuple[Action, ...]:
        """What was done; a swipe whose end is not told goes up."""
        done = truth.action_content
        at = _point(done.coordinate) or size.box.center
        match done.action:
            case "click":
                return (Click(point=at),)
            case "long_press":
                return (LongPress(point=at),)
            case "type":
                return (TypeText(text=done.text),)
            case "open":
                return (opening(done.text),)
            case "swipe":
                return (Drag(path=(at, _point(done.coordinate2) or Point(at.x, at.y / 3))),)
            case "system_button":
                return (Press(keys=(_KEYS.get(done.button.lower()) or known_key(done.button),)),)
            case "wait":
                return (Wait(seconds=2),)
            case "terminate":
                return (Finish(status=done.status),)

    def judge(self, said: Sequence[Action], truth: _PhoneStep, size: Size) -> Judged:
        move = move_of(said)
        found = match(move, _right(truth), _boxes(truth), size)
        return _judged(found, move, written(said))

    def unread(self, raw: str, truth: _PhoneStep) -> Judged:
        action = opened(raw)
        if action is None:
            return Judged(score=0.0, success=False, metrics={"type": 0.0})
        move = move_of((action,))
        return _judged(match(move, _right(truth), (), Size(1, 1)), move, written((action,)))

    def told(self, truth: _PhoneStep) -> JsonValue:
        return (truth.check_options or truth.action_content).model_dump(mode="json", exclude_defaults=True)


def move_of(said: Sequence[Action]) -> Move | None:
    """An answer as an action of the data; None for one that phones do not know."""
    action = main(said)
    match action:
        case Click():
            return Move(word="click", point=action.point)
        case LongPress():
            return Move(word="long_press", point=action.point)
        case TypeText(text=str(text)):
            return Move(word="type", text=text)
        case Drag() | Scroll():
            return Move(word="swipe")
        case Wait():
            return Move(word="wait")
        case Finish(status=status):
            return Move(word="terminate", text=status)
        case _ if (name := app(action)) is not None:
            return Move(word="open", text=name)
        case _:
            key = button(action)
            return Move(word="system_button", button=_BUTTONS.get(key, key)) if key else None


def _judged(found: Match, move: Move | None, prediction: JsonValue) -> Judged:
    metrics = {"type": float(found.kind)}
    if found.kind and move is not None and move.word in ("click", "long_press"):
        metrics["grounding"] = float(found.whole)
    return Judged(score=float(found.whole), success=found.whole, metrics=metrics, prediction=prediction)


def _right(truth: _PhoneStep) -> Move:
    asked = truth.check_options or truth.action_content
    text = asked.status if asked.action == "terminate" else asked.text
    return Move(word=asked.action, point=_point(asked.coordinate), text=text, button=asked.button)


def _boxes(truth: _PhoneStep) -> list[Box]:
    asked = truth.check_options or truth.action_content
    boxes = asked.candidate_bbox or ((asked.bbox,) if asked.bbox else ())
    return [Box.around(Point(x1, y1), Point(x2, y2)) for x1, y1, x2, y2 in boxes]


def _point(coordinate: tuple[float, float] | None) -> Point | None:
    return Point(*coordinate) if coordinate is not None else None


def open_android_control(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "level", "scrolls")
    level = one_of(choice.settings, "level", "high", "low")
    return SampleSuite(choice, metric=METRIC, read=lambda: _read(choice, level))


def _read(choice: Choice, level: str) -> Sequence[Sample]:
    folder = open_data(choice.data, "android-control")
    files = folder.files("*evaluation_std*.jsonl", "datasets/*evaluation_std*.jsonl")
    if not files:
        return tuple(open_atlas(folder, "android_control", level, choice.settings))
    return tuple(step for entry in read_entries(folder, files, _Episode) for step in _steps(folder, entry, level))


def _steps(folder: DataFolder, entry: Entry[_Episode], level: str) -> Iterator[Step[_PhoneStep]]:
    episode = entry.value
    name = str(episode.episode_id) or str(entry.number)
    seen = [
        Seen(
            picture=folder.reader(step.screenshot.rpartition("/")[2], f"{entry.place} step {index}", *PICTURES),
            truth=_sound(step, f"{entry.place} step {index}"),
            said=step.step_instruction,
        )
        for index, step in enumerate(episode.steps)
    ]
    for index, step in enumerate(episode.steps):
        groups = {"level": level, "kind": (step.check_options or step.action_content).action, "episode": name}
        yield Step(
            name=f"{name}/{index}",
            goal=_goal(episode.goal, step.step_instruction, level, f"{entry.place} step {index}"),
            episode=seen,
            index=index,
            rules=StandardRules(),
            groups=groups,
        )


def _goal(goal: str, step: str, level: str, place: str) -> str:
    if level == "high":
        return goal
    if not step:
        raise UsageError(f"{place} has no step_instruction, which the low level needs")
    return LOW.format(goal=goal, step=step)


def _sound(step: _PhoneStep, place: str) -> _PhoneStep:
    """Raises UsageError for an action that lacks what its kind needs, and for boxes that are none."""
    asked = step.check_options or step.action_content
    for box in asked.candidate_bbox:
        from_corners(box, place)
    if asked.action in ("click", "long_press") and asked.coordinate is None:
        raise UsageError(f"{place}: a {asked.action} has no coordinate")
    if step.action_content.action == "system_button" and not step.action_content.button:
        raise UsageError(f"{place}: a system_button has no button")
    return step
