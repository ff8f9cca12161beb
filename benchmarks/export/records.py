"""The samples of a data set as records: to train on its training part, and to hold its test part out of training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ...errors import UsageError
from ...screen import Box, Point, Size
from ...tools import Action, points_of
from ...training.data.folder import RecordFolder
from ...training.data.formats.pairs import located
from ...training.data.record import Course, CourseStep, PictureFile, Record, Seen, numbers_of
from ..suite import Choice
from ..suites import open_suite
from ..suites.grounding.described import Described
from ..suites.grounding.targets import InBox, InOutline, Overlap
from ..suites.offline.steps import Step
from ..suites.samples import Sample, SampleSuite


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """How many records were made, and of how many there are none: nothing fits, or no action of ours does it."""

    written: int
    left_out: int


def write_records(suite: str, choice: Choice, out: Path) -> Recorded:
    """Write what a suite's data hold into a folder of records: things and their places, or whole episodes.

    Records of the same names are replaced. Raises UsageError for a suite of another kind, and as its data do.
    """
    opened = open_suite(suite, choice)
    if not isinstance(opened, SampleSuite) or not all(isinstance(one, Described | Step) for one in opened.chosen):
        raise UsageError(f"{suite} has neither things to point at nor recorded steps: it cannot be written as records")
    into = RecordFolder(out)
    records = list(_records(suite, opened.chosen, into))
    into.put(record for record in records if record is not None)
    written = sum(record is not None for record in records)
    return Recorded(written=written, left_out=len(records) - written)


def _records(suite: str, samples: Sequence[Sample], into: RecordFolder) -> Iterator[Record | None]:
    """None for what has no record. Steps of one episode and one goal are one record."""
    episodes: dict[tuple[int, str], list[Step[Any]]] = {}
    for sample in samples:
        if isinstance(sample, Described):
            yield _pointing(suite, sample, into)
        elif isinstance(sample, Step):
            step = cast(Step[Any], sample)
            episodes.setdefault((id(step.episode), step.goal), []).append(step)
    for steps in episodes.values():
        yield _episode(suite, steps, into)


def _pointing(suite: str, sample: Described, into: RecordFolder) -> Record | None:
    screenshot = sample.picture()
    target, size = sample.target, screenshot.size
    match target:
        case InBox() | Overlap():
            shape: Box | Point = target.on(size).clip(size)
        case InOutline():
            shape = target.answer(size).point
        case _:
            return None
    numbers = numbers_of(shape)
    return located(f"{suite}/{sample.name}", into.keep(screenshot), sample.description, numbers, source=suite)


def _episode(suite: str, chosen: Sequence[Step[Any]], into: RecordFolder) -> Record | None:
    """The episode up to the last step that was chosen; others are told and not learned."""
    learned = {step.index for step in chosen}
    pictures: list[PictureFile] = []
    steps: list[CourseStep] = []
    for n, seen in enumerate(chosen[0].episode[: max(learned) + 1]):
        screenshot = seen.picture()
        actions: tuple[Action, ...] = chosen[0].rules.actions(seen.truth, screenshot.size)
        is_held = all(_is_on(point, screenshot.size) for action in actions for point in points_of(action))
        pictures.append(into.keep(screenshot))
        steps.append(
            CourseStep(
                saw=Seen(picture=n),
                actions=actions if is_held else (),
                thought=seen.said,
                worked=is_held and bool(actions),
                learned=n in learned,
            )
        )
    if not any(step.worked and step.learned for step in steps):
        return None
    name = chosen[0].name if len(chosen) == 1 else chosen[0].name.rpartition("/")[0] or chosen[0].name
    trajectory = Course(goal=chosen[0].goal, steps=tuple(steps))
    return Record(id=f"{suite}/{name}", source=suite, pictures=tuple(pictures), trajectory=trajectory)


def _is_on(point: Point, size: Size) -> bool:
    return 0 <= point.x <= size.width and 0 <= point.y <= size.height
