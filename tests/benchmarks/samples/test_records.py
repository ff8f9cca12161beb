"""Data sets as records: every suite that points or has recorded steps, over the sample that is drawn of it."""

from pathlib import Path

import pytest
from clickwright.benchmarks.export.records import write_records
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites.grounding.described import Described
from clickwright.benchmarks.suites.offline.steps import Step
from clickwright.cli import app
from clickwright.errors import UsageError
from clickwright.policies.profiles import PROFILES
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.held_out import HeldOut, Removal
from clickwright.training.data.lessons import lessons_of
from typer.testing import CliRunner

from .conftest import Drawn


def test_what_points_or_acts_becomes_records(form: Drawn, tmp_path: Path) -> None:
    chosen = form.open(tmp_path / "data").chosen
    choice = Choice(data=tmp_path / "data", settings=form.settings)
    if not all(isinstance(sample, Described | Step) for sample in chosen):
        with pytest.raises(UsageError, match="cannot be written as records"):
            write_records(form.suite, choice, tmp_path / "out")
        return
    made = write_records(form.suite, choice, tmp_path / "out")
    folder = RecordFolder(tmp_path / "out")
    records = list(folder.read())
    assert made.written == len(records) == len({record.id for record in records}) > 0
    assert list(Removal(HeldOut.of(records)).of(records)) == []
    steps = sum(isinstance(sample, Step) for sample in chosen)
    learned = [step for one in records if one.trajectory for step in one.trajectory.steps if step.learned]
    assert len(learned) <= steps
    if all(isinstance(sample, Described) for sample in chosen):
        assert made.written + made.left_out == len(chosen)
    lessons = [lesson for record in records for lesson in lessons_of(record, folder, PROFILES["instruct"]).lessons]
    assert lessons


def test_on_the_command_line(forms: dict[str, Drawn], tmp_path: Path) -> None:
    form = forms["screenspot"] if "screenspot" in forms else next(iter(forms.values()))
    form.draw(tmp_path / "data")
    told = CliRunner().invoke(
        app, ["bench", "records", form.suite, str(tmp_path / "out"), "--data", str(tmp_path / "data")]
    )
    assert told.exit_code == 0, told.output
    assert "records" in told.stdout
