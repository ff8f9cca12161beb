"""Recorded runs of the agent as trajectories to train on."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from ...agent.record.folder import RUN, RunFolder
from ...agent.record.trace import Status, Step, Trajectory
from ...agent.record.worked import worked
from ...errors import UsageError
from ...screen import Size, Tab
from ...tools import Action, points_of
from .folder import RecordFolder
from .record import Course, CourseStep, PictureFile, Record, Seen, Target, numbers_of

NAME = "records"
"""The folder that records go into unless told, in that of the run."""
SOURCE = "run"


def export_records(run_dir: Path, out: Path | None = None, *, anew: bool = False) -> Path:
    """Write a run, or every run in a folder of runs, as trajectories into a folder of records; where that is.

    Records of other runs that are there stay; those of the same run are replaced. With `anew` the records of the folder
    are exactly those of these runs. Raises UsageError where there is no run with a step, or its pictures are gone.
    """
    runs = [run_dir] if RunFolder(run_dir).is_used else sorted(path.parent for path in run_dir.glob(f"*/{RUN}"))
    if not runs:
        raise UsageError(f"{run_dir} holds no run")
    into = RecordFolder(run_dir / NAME if out is None else out)
    records = [record for path in runs for record in run_records(RunFolder(path), into)]
    if not records:
        raise UsageError(f"the run in {run_dir} has no step yet")
    into.put(records, anew=anew)
    return into.path


def run_records(folder: RunFolder, into: RecordFolder) -> Iterator[Record]:
    """One trajectory for each step of the plan, since the model is told of each anew.

    What did not work is marked. A step of the plan behind which the run went on has succeeded, whatever became of the
    run. Secrets are their names and pictures are masked, as in the run.
    """
    run = folder.read()
    began = "" if run.info is None else f"@{run.info.started_at:%Y%m%dT%H%M%S.%f}"
    for n, (_, group) in enumerate(groupby(run.steps, key=lambda step: step.position)):
        decided = [step for step in group if step.decided is not None]
        if decided:
            yield _record(f"{folder.path.resolve().name}{began}/{n}", decided, run, folder, into)


def _record(name: str, steps: Sequence[Step], run: Trajectory, folder: RunFolder, into: RecordFolder) -> Record:
    pictures: list[PictureFile] = []
    told: list[CourseStep] = []
    for step in steps:
        picture = into.adopt(folder.frame_path(step.saw.frame))
        if picture not in pictures:
            pictures.append(picture)
        told.append(_step(step, pictures.index(picture)))
    trajectory = Course(goal=steps[0].goal, steps=tuple(told), outcome=_outcome(steps, run))
    return Record(id=name, source=SOURCE, pictures=tuple(pictures), trajectory=trajectory)


def _outcome(steps: Sequence[Step], run: Trajectory) -> Status | None:
    if any(step.next_position > step.position for step in steps):
        return "success"
    return None if run.outcome is None else run.outcome.status


def _step(step: Step, picture: int) -> CourseStep:
    saw, size = step.saw, step.saw.size
    tabs = tuple(Tab(title=tab.title, url=tab.url, active=tab.active) for tab in saw.tabs)
    seen = Seen(picture=picture, url=saw.url, title=saw.title, tabs=tabs, error=saw.error, events=saw.events)
    is_held = all(_is_on(action, size) for action in step.actions)
    verdicts = [did.verdict for did in step.did]
    return CourseStep(
        saw=seen,
        actions=step.actions if is_held else (),
        thought=step.thought,
        target=_target(step, size),
        raw=step.decided.raw if step.decided and not (is_held and step.actions) else "",
        worked=worked(step) and is_held,
        error=step.error if is_held else step.error or "a place off the screen was meant",
        verdict=next((verdict for verdict in ("denied", "asked", "allowed") if verdict in verdicts), None),
    )


def _is_on(action: Action, size: Size) -> bool:
    return all(0 <= point.x <= size.width and 0 <= point.y <= size.height for point in points_of(action))


def _target(step: Step, size: Size) -> Target | None:
    """What the model said that it acts on, where it said so by a box."""
    decided = step.decided
    if decided is None or not decided.target or not decided.boxes:
        return None
    box = decided.boxes[0].clip(size)
    return Target(text=decided.target, box=numbers_of(box)) if box.area > 0 else None
