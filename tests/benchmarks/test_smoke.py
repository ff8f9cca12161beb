"""The little of everything, in its smallest form: it runs to its end, and says whether what must be right is."""

from pathlib import Path

import pytest
from clickwright.benchmarks.record import read_rows
from clickwright.benchmarks.smoke import smoke
from rich.console import Console


@pytest.mark.slow
def test_a_little_of_everything_runs_and_ends_with_pages(tmp_path: Path) -> None:
    console = Console(width=120, record=True)
    assert smoke(console, tmp_path, tasks=("click-test", "enter-text"), pages=2)
    said = console.export_text()
    assert "2 samples of ScreenSpot asked about, 0 faults" in said
    assert len(read_rows(tmp_path / "miniwob-model").every) == 2
    for page in ("miniwob-model/report.html", "screenspot-model/report.html", "compared.html"):
        assert (tmp_path / page).read_text("utf-8").startswith("<!doctype html>")
