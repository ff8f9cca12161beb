"""A run folder is read as it was written, whatever a kill has left at its end."""

from pathlib import Path

import pytest
from clickwright.benchmarks.record import RESULTS, RUN, read_manifest, read_record, read_rows
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.synthetic import Drawn, draw_manifest, draw_rows, write_run
from clickwright.errors import UsageError
from pydantic import ValidationError


def write(folder: Path, *rows: Row, end: str = "") -> Path:
    lines = "".join(f"{row.model_dump_json()}\n" for row in rows)
    (folder / RESULTS).write_text(lines + end, encoding="utf-8")
    return folder


def test_a_run_comes_back_as_it_was_written(tmp_path: Path) -> None:
    drawn = Drawn(tasks=6, seeds=3)
    record = read_record(write_run(tmp_path, drawn))
    assert record.rows == tuple(draw_rows(drawn))
    assert record.manifest == draw_manifest(drawn, 18)
    assert record.results.warning == ""


def test_the_last_row_of_a_key_counts_and_keeps_its_place(tmp_path: Path) -> None:
    broken = Row(task="a", error="timeout", ended="error")
    other, again = Row(task="b", score=1, success=True), Row(task="a", score=0, success=False)
    rows = read_rows(write(tmp_path, broken, other, again))
    assert rows.every == (again, other)
    assert rows.lines == 3
    assert rows.by_key == {Key(task="a"): again, Key(task="b"): other}


def test_a_torn_last_line_is_left_out_and_told(tmp_path: Path) -> None:
    rows = read_rows(write(tmp_path, Row(task="a", score=1), end='{"task": "b", "sco'))
    assert [row.task for row in rows.every] == ["a"]
    assert rows.warning == "the last line of results.jsonl (line 2) is not whole and was left out"


def test_any_other_damage_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"line 2 of .*results.jsonl is damaged: score: .*less than or equal to 1"):
        read_rows(write(tmp_path, Row(task="a", score=1), end='{"task": "b", "score": 7}\n'))
    with pytest.raises(UsageError, match=r"line 2 .* colour: Extra inputs"):
        read_rows(write(tmp_path, Row(task="a", score=1), end='{"task": "b", "colour": "red"}\n'))


def test_a_run_that_has_no_rows_yet_is_a_run_and_an_empty_folder_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"holds no benchmark run: there is no run\.json"):
        read_record(tmp_path)
    (tmp_path / RUN).write_text(draw_manifest(Drawn(), 5).model_dump_json(), encoding="utf-8")
    assert read_record(tmp_path).rows == ()
    (tmp_path / RUN).write_text("{}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is not that of a benchmark run: suite: Field required"):
        read_manifest(tmp_path)


def test_a_score_beyond_1_cannot_be_written() -> None:
    with pytest.raises(ValidationError):
        Row(task="a", score=1.5)
