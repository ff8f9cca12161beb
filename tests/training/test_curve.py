"""The curve of training: runs that went on with one another stand one behind the other."""

import json
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.training.figures.curve import told


def run(folder: Path, *seconds: int) -> Path:
    folder.mkdir()
    (folder / "log.jsonl").write_text("".join(json.dumps({"s": s, "read": 0.5}) + "\n" for s in seconds))
    return folder


def test_the_seconds_of_earlier_runs_are_added(tmp_path: Path) -> None:
    rows = told([run(tmp_path / "a", 60, 120), run(tmp_path / "b", 30, 90), run(tmp_path / "c", 10)])
    assert [row["s"] for row in rows] == [60, 120, 150, 210, 220]
    assert {row["read"] for row in rows} == {0.5}


def test_a_folder_without_a_log_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no log"):
        told([tmp_path])
