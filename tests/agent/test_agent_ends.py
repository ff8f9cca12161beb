"""Signals in the middle of a run in a real browser: how soon it ends, with which exit code, and what it leaves."""

import signal
import sys
from pathlib import Path

import pytest
from clickwright.reliability.ends import ended, ended_demo

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix"),
]


@pytest.mark.parametrize(
    ("number", "twice", "seconds", "code"),
    [
        (signal.SIGINT, False, 1, 130),
        (signal.SIGTERM, False, 60, 143),
        (signal.SIGINT, True, 60, 130),
    ],
)
def test_a_signal_ends_a_run_and_its_browser(number: int, seconds: float, code: int, *, twice: bool) -> None:
    """Within 5 s on a machine of its own: `python -m clickwright.reliability ends`."""
    end = ended(number, twice=twice, seconds=seconds)
    assert end.code == code, end.said
    assert end.left == ()
    assert end.seconds < 15
    assert "clickwright run --resume run goes on" in end.said


def test_sigterm_ends_a_demo_its_browser_and_its_site(tmp_path: Path) -> None:
    end = ended_demo(tmp_path, signal.SIGTERM)
    assert (end.code, end.left) == (143, ()), end.said
    assert "clickwright demo --run-dir" in end.said
