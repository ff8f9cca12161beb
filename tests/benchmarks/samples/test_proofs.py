"""What holds for every suite of samples: it is proved, its order is stable, and it is chosen from in the same way."""

from pathlib import Path
from typing import Any

import pytest
from clickwright.benchmarks.row import Row
from clickwright.benchmarks.subjects import ScriptedSubject
from clickwright.benchmarks.suite import Choice, OnlineSuite
from clickwright.benchmarks.suites import SUITES
from clickwright.benchmarks.suites.grounding import SUITES as GROUNDING
from clickwright.benchmarks.suites.offline import SUITES as OFFLINE
from clickwright.benchmarks.suites.proof import faults
from clickwright.benchmarks.suites.samples import Judged, Lost, SampleSuite
from clickwright.errors import UsageError
from clickwright.policies import Decision, Grounding
from clickwright.screen import Point
from clickwright.tools import Navigate


def test_one_who_knows_is_right_everywhere_and_one_who_says_nothing_nowhere(form: Any, tmp_path: Path) -> None:
    suite = form.open(tmp_path)
    assert list(faults(suite)) == []
    assert suite.metric


def test_one_who_is_far_off_is_wrong_everywhere(form: Any, tmp_path: Path) -> None:
    """A place beyond every screen, and an action that nobody recorded."""
    far = ScriptedSubject(
        ground=lambda screenshot, _: Grounding(point=Point(screenshot.size.width + 5000, -5000)),
        act=lambda task, seen, history: Decision(actions=(Navigate(url="about:blank"),), frame=seen.screenshot.frame),
    )
    suite = form.open(tmp_path)
    keys = suite.keys()
    rows = [suite.attempt(key, far) for key in keys]
    assert {row.score for row in rows} == {0}
    assert {row.ended for row in rows} == {"wrong"}


def test_keys_are_the_same_in_each_reading_and_each_once(form: Any, tmp_path: Path) -> None:
    suite = form.open(tmp_path)
    again = SUITES[form.suite].open(Choice(data=tmp_path, settings=form.settings))
    keys = suite.keys()
    assert list(keys) == list(again.keys())
    assert len(set(keys)) == len(keys) > 0


def test_the_hash_of_the_data_is_of_all_of_them_and_of_what_is_right(form: Any, tmp_path: Path) -> None:
    suite = form.open(tmp_path / "a")
    part = form.open(tmp_path / "b", limit=1)
    assert suite.data_hash == part.data_hash, "the same wherever it lies and whatever is chosen"
    more = SampleSuite(Choice(), metric="m", read=lambda: [*suite.chosen, Lost(name="x", judged=Judged(score=0.0))])
    assert more.data_hash != suite.data_hash


def test_a_part_is_chosen_by_name_by_group_and_evenly(form: Any, tmp_path: Path) -> None:
    suite = form.open(tmp_path)
    keys = suite.keys()
    names = [key.task for key in keys]

    def chosen(**choice: Any) -> list[str]:
        again = SUITES[form.suite].open(Choice(data=tmp_path, settings=form.settings, **choice))
        found = again.keys()
        return [key.task for key in found]

    assert chosen(tasks=(names[-1],)) == names[-1:]
    for name, value in suite.sample(names[0]).groups.items():
        assert names[0] in chosen(tasks=(value.upper(),)), name
    assert len(chosen(limit=1)) == 1
    assert chosen(limit=len(names) + 5) == names
    assert chosen(repeats=2) == [name for name in names for _ in range(2)]
    with pytest.raises(UsageError, match="the data have no 'nonsense'"):
        chosen(tasks=("nonsense",))


def test_a_row_says_what_was_asked_and_answered(form: Any, tmp_path: Path) -> None:
    suite = form.open(tmp_path)
    key = suite.keys()[0]
    right = suite.attempt(key, suite.sample(key.task).knower())
    wrong = suite.attempt(key, ScriptedSubject())
    for row, ended in ((right, "correct"), (wrong, "wrong_format")):
        assert Row.model_validate_json(row.model_dump_json()) == row
        assert (row.key, row.ended, row.bad_outputs) == (key, ended, int(ended == "wrong_format"))
        assert row.expected is not None
    assert right.seconds["total"] >= right.seconds["ask"]
    missing = set(wrong.metrics) - set(right.metrics)
    assert not missing, "a wrong answer has no metric of its own"


@pytest.mark.parametrize("name", [*GROUNDING, *OFFLINE])
def test_settings_that_there_are_not_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the suite has no setting 'colour'"):
        SUITES[name].open(Choice(data=tmp_path, settings={"colour": "red"}))


@pytest.mark.parametrize("name", [*GROUNDING, *OFFLINE])
def test_every_suite_is_known_and_says_what_it_needs(name: str, tmp_path: Path) -> None:
    about = SUITES[name]
    assert about.title
    assert about.oracle
    assert not about.is_online
    suite = about.open(Choice())
    assert not isinstance(suite, OnlineSuite)
    with pytest.raises(UsageError, match=f"{name} needs its data"):
        suite.keys()
    with pytest.raises(UsageError, match=r"has no .*: sought were"):
        about.open(Choice(data=tmp_path)).keys()
