"""Multimodal-Mind2Web: what to do next on a web page: on which element, and what.

Three forms are read:

- of the hub, as parquet or as JSON: a row for each step with `operation`, `pos_candidates`, `screenshot`;
- UGround's `*_blocks.jsonl`: a row for each step with the `bbox` of each right element on one block of the page,
  pictures in `BLOCKS/NUMBER.png`;
- SeeClick's `mind2web_data_test_*.json`: episodes with `actions`, pictures in `TASK-ACTION.jpg`.

Steps of which the data have no box are left out, as SeeClick does; with the setting `without_box=wrong` they are wrong
without being asked, as UGround and Mind2Web itself count them. They are in no history. The setting `f1=uground` drops
punctuation in Op.F1, as UGround does; `split` names one of several files: `task`, `website`, `domain`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ....errors import UsageError
from ....files import open_data
from ....screen import Point, Screenshot, Size
from ....tools import Action, Click, SelectOption, TypeText
from ...metrics.grounding import is_in_box
from ...metrics.mind2web import operation, operation_f1
from ...suite import Choice
from ..samples import Judged, Lost, Sample, SampleSuite
from ..settings import one_of, require_known
from .answers import place, typed
from .mind2web_files import Deed, PageStep, read_steps
from .steps import Seen, Step, written

LOST = "the data have no box of the right element"
METRIC = "Step SR: the point lies in the right element, and Op.F1 is 1"


@dataclass(frozen=True, slots=True)
class Mind2WebRules:
    """Implements `Rules`: Ele.Acc, Op.F1 and Step SR as `ele_acc`, `op_f1` and the score."""

    drop_punctuation: bool = False

    def actions(self, truth: Deed, size: Size) -> tuple[Action, ...]:
        at = truth.boxes[0].center
        match truth.operation:
            case "TYPE":
                return Click(point=at), TypeText(text=truth.value)
            case "SELECT":
                return (SelectOption(point=at, label=truth.value),)
            case _:
                return (Click(point=at),)

    def judge(self, said: Sequence[Action], truth: Deed, size: Size) -> Judged:
        at = place(said)
        element = float(at is not None and any(is_in_box(at, box) for box in truth.boxes))
        right = operation(truth.operation, truth.value)
        f1 = operation_f1(_operation(said, at), right, drop_punctuation=self.drop_punctuation)
        step = float(element == 1 and f1 == 1)
        metrics = {"ele_acc": element, "op_f1": f1}
        return Judged(score=step, success=step == 1, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Deed) -> Judged:
        return Judged(score=0.0, success=False, metrics={"ele_acc": 0.0, "op_f1": 0.0})

    def told(self, truth: Deed) -> JsonValue:
        boxes: list[JsonValue] = [[box.x1, box.y1, box.x2, box.y2] for box in truth.boxes]
        return {"operation": truth.operation, "value": truth.value, "boxes": boxes}


def _operation(said: Sequence[Action], at: Point | None) -> str:
    """An answer as an operation; empty for one that is none of the three."""
    text = typed(said)
    if text is not None:
        return operation("SELECT" if any(isinstance(action, SelectOption) for action in said) else "TYPE", text)
    return "CLICK" if at is not None else ""


def open_mind2web(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "f1", "split", "without_box")
    rules = Mind2WebRules(one_of(choice.settings, "f1", "seeclick", "uground") == "uground")
    split = one_of(choice.settings, "split", "", "task", "website", "domain")
    counted = one_of(choice.settings, "without_box", "left_out", "wrong") == "wrong"
    return SampleSuite(choice, metric=METRIC, read=lambda: tuple(_samples(choice, rules, split, counted)))


def _samples(choice: Choice, rules: Mind2WebRules, split: str, counted: bool) -> Iterator[Sample]:
    episodes: dict[str, list[PageStep]] = {}
    for step in read_steps(open_data(choice.data, "mind2web"), split):
        episodes.setdefault(step.task_id, []).append(step)
    for task_id, every in episodes.items():
        steps = [step for step in every if step.deed.boxes]
        if counted:
            yield from (_lost(step) for step in every if not step.deed.boxes)
        if len({step.goal for step in steps}) > 1:
            raise UsageError(f"{steps[0].place}: the steps of {task_id} have several goals")
        episode = [Seen(picture=_picture(step), truth=step.deed, said=step.said) for step in steps]
        for index, step in enumerate(steps):
            yield Step(
                name=f"{task_id}/{step.action_id}",
                goal=step.goal,
                episode=episode,
                index=index,
                rules=rules,
                groups=_groups(step),
            )


def _groups(step: PageStep) -> dict[str, str]:
    return {**step.groups, "operation": step.deed.operation, "episode": step.task_id}


def _picture(step: PageStep) -> Callable[[], Screenshot]:
    assert step.picture is not None, "a step with a box has a picture"
    return step.picture


def _lost(step: PageStep) -> Lost:
    missed = Judged(score=0.0, success=False, metrics={"ele_acc": 0.0, "op_f1": 0.0}, reason=LOST)
    return Lost(name=f"{step.task_id}/{step.action_id}", groups=_groups(step), judged=missed)
