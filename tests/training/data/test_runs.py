"""Recorded runs as trajectories: what was seen, thought, done, and what did not work."""

from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.agent.permissions import Permissions
from clickwright.cli import app
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.policies.profiles import PROFILES
from clickwright.screen import Point, Size
from clickwright.tools import Click, Finish, Limits, Press, Task, TypeText
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.lessons import Lessons, lessons_of
from clickwright.training.data.record import Course
from clickwright.training.data.runs import export_records
from typer.testing import CliRunner

from ...agent.conftest import FIELD, NEXT, PAGES, SECRET

SIZE = Size(320, 180)


def run(path: Path, script: list[object], *, task: Task | str = "Go on.", **more: object) -> Path:
    agent = Agent(
        task,
        policy=ScriptedPolicy(script),  # type: ignore[arg-type]
        environment=MemoryEnvironment(PAGES, size=SIZE),
        run_dir=path,
        **more,  # type: ignore[arg-type]
    )
    agent.run()
    return path


def course_of(path: Path) -> Course:
    (record,) = RecordFolder(path).read()
    assert record.trajectory is not None
    return record.trajectory


def test_a_run_becomes_a_trajectory_that_every_family_learns(tmp_path: Path) -> None:
    done = run(
        tmp_path / "run", [Click(point=FIELD.center), TypeText(text="pears"), Click(point=NEXT.center), Finish()]
    )
    told = CliRunner().invoke(app, ["export", str(done), "--to", "records"])
    assert told.exit_code == 0
    assert told.stdout.strip() == str(done / "records")
    course = course_of(done / "records")
    assert course.goal == "Go on."
    assert course.outcome == "success"
    assert [step.actions[0].kind for step in course.steps] == ["click", "type", "click", "finish"]
    assert all(step.worked for step in course.steps)
    (record,) = RecordFolder(done / "records").read()
    for name in ("instruct", "ui-tars", "showui", "os-atlas-pro"):
        assert lessons_of(record, RecordFolder(done / "records"), PROFILES[name]).lessons


def test_what_did_not_work_is_marked(tmp_path: Path) -> None:
    """A place off the screen is no place of a record: what was meant is only told by its error."""
    script = [TypeText(text="x"), Click(point=Point(900, 900)), Click(point=NEXT.center), Finish()]
    course = course_of(export_records(run(tmp_path / "run", list(script)), tmp_path / "out"))
    assert [(len(step.actions), step.worked) for step in course.steps] == [(1, False), (0, False), (1, True), (1, True)]
    assert "nothing that takes text has the focus" in str(course.steps[0].error)
    assert "outside the 320 x 180 screenshot" in str(course.steps[1].error)


def test_secrets_stay_names_and_masked(tmp_path: Path) -> None:
    task = Task(goal="Sign in.")
    script = [Click(point=SECRET.center), TypeText(secret="PASSWORD"), Finish()]
    done = run(tmp_path / "run", script, task=task, secrets={"PASSWORD": "open-sesame"})
    out = export_records(done, tmp_path / "out")
    course = course_of(out)
    assert course.steps[1].actions == (TypeText(secret="PASSWORD"),)
    assert "open-sesame" not in (out / "records.jsonl").read_text()
    frames = {path.name for path in (done / "frames").iterdir()}
    assert {path.name for path in (out / "pictures").iterdir()} <= frames


def test_several_runs_go_into_one_folder_and_the_same_run_only_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / "runs" / name, [Click(point=NEXT.center), Finish()])
    out = tmp_path / "out"
    assert export_records(tmp_path / "runs", out) == out
    export_records(tmp_path / "runs" / "a", out)
    records = list(RecordFolder(out).read())
    assert sorted(record.id.partition("@")[0] for record in records) == ["a", "b"]


def test_a_folder_that_is_written_anew_holds_these_runs_alone(tmp_path: Path) -> None:
    for name in ("a", "b"):
        run(tmp_path / "runs" / name, [Click(point=NEXT.center), Finish()])
    out = export_records(tmp_path / "runs", tmp_path / "out")
    export_records(tmp_path / "runs" / "b", out, anew=True)
    assert [record.id.partition("@")[0] for record in RecordFolder(out).read()] == ["b"]


def test_the_steps_of_a_plan_are_trajectories_of_their_own(tmp_path: Path) -> None:
    task = Task(goal="All.", steps=("First.", "Second."))
    run(tmp_path / "run", [Click(point=NEXT.center), Finish(), Click(point=NEXT.center), Finish()], task=task)
    records = list(RecordFolder(export_records(tmp_path / "run", tmp_path / "out")).read())
    assert [record.trajectory.goal for record in records if record.trajectory] == ["First.", "Second."]


def test_what_is_denied_is_not_learned(tmp_path: Path) -> None:
    permissions = Permissions(origins=("memory:",), denied=frozenset({"press"}))
    done = run(tmp_path / "run", [Click(point=NEXT.center), Press(keys=("F5",)), Finish()], permissions=permissions)
    out = RecordFolder(export_records(done, tmp_path / "out"))
    course = course_of(out.path)
    assert [(step.verdict, step.worked) for step in course.steps] == [
        ("allowed", True),
        ("denied", False),
    ]
    (record,) = out.read()
    (lesson,) = lessons_of(record, out, PROFILES["instruct"], failed=True).lessons
    assert len(lesson.learned) == 1


@pytest.mark.parametrize(
    ("end", "outcome"), [(Finish(), "success"), (Finish(status="failure"), "failure"), (None, "stopped")]
)
def test_a_run_that_missed_its_goal_is_only_learned_where_it_is_asked_for(
    tmp_path: Path, end: Finish | None, outcome: str
) -> None:
    script = [Click(point=NEXT.center), *([] if end is None else [end])]
    limits = Limits(steps=1) if end is None else Limits()
    done = run(tmp_path / "run", list(script), task=Task(goal="Go on.", limits=limits))
    out = RecordFolder(export_records(done, tmp_path / "out"))
    (record,) = out.read()
    assert record.trajectory is not None
    assert record.trajectory.outcome == outcome
    made = lessons_of(record, out, PROFILES["instruct"])
    assert bool(made.lessons) == (outcome == "success")
    assert made.left_out == (() if outcome == "success" else (f"{record.id}: it did not reach its goal",))
    assert lessons_of(record, out, PROFILES["instruct"], failed=True).lessons
    unknown = record.model_copy(update={"trajectory": record.trajectory.model_copy(update={"outcome": None})})
    assert lessons_of(unknown, out, PROFILES["instruct"]).lessons


def test_the_steps_of_a_plan_that_a_failed_run_reached_have_succeeded(tmp_path: Path) -> None:
    task = Task(goal="All.", steps=("First.", "Second."))
    script = [Click(point=NEXT.center), Finish(), Click(point=NEXT.center), Finish(status="failure")]
    run(tmp_path / "run", list(script), task=task)
    out = RecordFolder(export_records(tmp_path / "run", tmp_path / "out"))
    records = list(out.read())
    assert [record.trajectory.outcome for record in records if record.trajectory] == ["success", "failure"]
    found = Lessons(records, out, PROFILES["instruct"])
    assert (found.failed_out, found.left_out) == (1, ())
    assert {lesson.name.rpartition("/")[0] for lesson in found} == {records[0].id}
    assert len(Lessons(records, out, PROFILES["instruct"], failed=True)) > len(found)
    with pytest.raises(UsageError, match="learns nothing from these records: 1 did not reach their goal"):
        Lessons(records[1:], out, PROFILES["instruct"])


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        export_records(tmp_path)
    told = CliRunner().invoke(app, ["export", str(tmp_path), "--to", "records", "--profile", "instruct"])
    assert isinstance(told.exception, UsageError)
    assert "every family" in str(told.exception)
