"""What becomes of changes and of pairs is counted, and what is wrong is named."""

import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from clickwright.reliability import kills
from clickwright.reliability.__main__ import PARTS
from clickwright.reliability.mutations import Gone, cases_of
from clickwright.reliability.mutations.counted import figures_of as changes
from clickwright.reliability.pairs import pairs_of
from clickwright.reliability.pairs.counted import figures_of as judged


def test_both_are_parts_of_the_figures() -> None:
    assert {"mutations", "pairs"} <= set(PARTS)


def test_runs_that_take_too_long_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    class Noted(subprocess.Popen[str]):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            started.append(self)

    monkeypatch.setattr(kills, "MOST_S", 0.01)
    monkeypatch.setattr(subprocess, "Popen", Noted)
    with pytest.raises(subprocess.TimeoutExpired):
        kills.killed("asked", tmp_path, 0)
    assert [process.returncode for process in started] == [-signal.SIGKILL] * kills.SIDE_BY_SIDE


def test_changes_that_are_judged_wrongly_are_counted_and_named() -> None:
    cases = cases_of(3)
    same = next(case for case in cases if case.kind.expected == "same")
    defect = next(case for case in cases if case.kind.expected == "defect")
    good = [Gone(case=same, got="same"), Gone(case=defect, got="nothing"), Gone(case=same, got="void")]
    passes, found = changes(good, (3,))
    assert passes.name.startswith("2 changes of 2 kinds, seed 3: ")
    assert (passes.found, passes.holds, found.found, found.holds) == ("0", True, "1 of 1", True)
    passes, found = changes([*good, Gone(case=defect, got="same"), Gone(case=same, got="nothing")], (3, 4))
    assert (passes.found, passes.holds) == (f"1 ({defect.kind.name}: {defect.thing.name})", False)
    assert (found.found, found.bar, found.holds) == (f"1 of 2 ({same.kind.name}: {same.thing.name})", ">= 2", False)


@pytest.mark.slow
def test_pairs_that_are_judged_wrongly_are_counted_and_named() -> None:
    pairs = pairs_of(3, every=20)
    first = pairs[0]
    right, wrong = judged(pairs, []), judged(pairs, [first])
    assert [(one.found, one.holds) for one in right] == [("0", True), ("0", True)]
    told = wrong[0] if first.same else wrong[1]
    assert (told.found, told.holds) == (f"1 ({first.name}: {first.sort})", False)
    assert sum(one.holds for one in wrong) == 1
