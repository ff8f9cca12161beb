"""The command line: from format to format, a page about a folder, and what is wrong in one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest
from clickwright.errors import UsageError
from clickwright.screen import Point
from clickwright.tools import Click
from clickwright.training.data.__main__ import app
from clickwright.training.data.convert import convert
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.formats import FORMATS
from clickwright.training.data.overview import count, write_overview
from clickwright.training.data.record import CourseStep, Seen
from clickwright.training.data.store import Store
from typer.testing import CliRunner

from .made import course, pointing, question, screen

HOSTILE = "<script>alert(1)</script><img src=x>"


def told(*arguments: object) -> str:
    """What the command prints."""
    ended = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if ended.exception is not None:
        raise ended.exception
    return ended.stdout


@pytest.fixture
def folder(tmp_path: Path) -> RecordFolder:
    folder = RecordFolder(tmp_path / "records")
    failed = CourseStep(saw=Seen(picture=1), actions=(Click(point=Point(5, 5)),), worked=False, error="Covered.")
    folder.write(
        [
            pointing(folder, HOSTILE, name="hostile"),
            pointing(folder, "the door", name="door", shade=2),
            question(folder),
            course(folder, Click(point=Point(9, 9)), failed),
        ]
    )
    return folder


def test_one_format_becomes_another(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(screen(1).to_png())
    rows = [{"img_filename": "a.png", "instruction": "Bell", "bbox": [100, 50, 200, 100], "data_source": "web"}]
    (tmp_path / "spots.json").write_text(json.dumps(rows))
    out = tmp_path / "out" / "chat.json"
    printed = told("convert", "--from", "screenspot", "--to", "llava", tmp_path / "spots.json", out)
    assert printed.strip() == f"{out}: 1 records"
    (row,) = json.loads(out.read_text())
    assert row["conversations"][1]["value"] == (
        "<|object_ref_start|>Bell<|object_ref_end|><|box_start|>(100,100),(300,300)<|box_end|>"
    )
    assert (tmp_path / "out" / row["image"]).read_bytes() == (tmp_path / "images" / "a.png").read_bytes()


def test_pictures_may_lie_in_another_folder(tmp_path: Path) -> None:
    """As ShowUI's do, beside the folder of its annotations. What leads out of that folder is not read."""
    (tmp_path / "metadata").mkdir()
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(screen(1).to_png())
    rows = [{"img_url": "a.png", "element": [{"instruction": "Bell", "point": [0.5, 0.5]}]}]
    source = tmp_path / "metadata" / "train.json"
    source.write_text(json.dumps(rows))
    with pytest.raises(UsageError, match=r"no file 'a\.png'"):
        told("convert", "--from", "showui", source, tmp_path / "out")
    given = ("convert", "--from", "showui", "--pictures", tmp_path / "images", source, tmp_path / "out")
    assert "1 records" in told(*given)
    source.write_text(json.dumps(rows).replace("a.png", "../metadata/train.json"))
    with pytest.raises(UsageError, match="leads out of the folder"):
        told(*given)


def test_what_a_format_cannot_hold_is_said(folder: RecordFolder, tmp_path: Path) -> None:
    printed = told("convert", "--to", "os-atlas", folder.path, tmp_path / "out.json")
    assert "2 records" in printed
    assert printed.count("left out: ") == 2
    with pytest.raises(UsageError, match="ocr can hold none of the records"):
        convert(folder.path, tmp_path / "out.txt", read_as="records", write_as="ocr")
    with pytest.raises(UsageError, match="there is no format 'yolo': records, marks"):
        convert(folder.path, tmp_path / "out.txt", read_as="records", write_as="yolo")


@pytest.mark.parametrize("name", ["os-atlas", "showui"])
def test_rows_that_ask_for_nothing_are_counted(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.png").write_bytes(screen(1).to_png())
    rows = [{"img_filename": "a.png", "bbox": [0, 0, 0.5, 0.5]}, {"img_filename": "a.png", "elements": []}]
    source, out = tmp_path / "in.json", tmp_path / "out"
    source.write_text(json.dumps([*rows, {**rows[0], "instruction": "Bell"}]))
    assert told("convert", "--from", name, source, out).splitlines() == [
        f"{out}: 1 records",
        "left out: in.json row 1 has neither an instruction nor an element",
        "left out: in.json row 2 has neither an instruction nor an element",
    ]
    source.write_text(json.dumps(rows))
    with pytest.raises(UsageError, match="row 1 has neither an instruction"):
        told("convert", "--from", name, "--to", "marks", source, tmp_path / "out.json")


def test_what_is_lost_of_records_is_said(folder: RecordFolder, tmp_path: Path) -> None:
    printed = told("convert", "--to", "uground", folder.path, tmp_path / "out.json").splitlines()
    assert printed[:2] == [
        f"{tmp_path / 'out.json'}: 2 records",
        "lost: boxes, of which the centers are held, of 2 records",
    ]


def test_records_are_added_to_a_folder_and_replaced_by_name(folder: RecordFolder, tmp_path: Path) -> None:
    for _ in range(2):
        told("convert", folder.path, tmp_path / "all")
    assert list(RecordFolder(tmp_path / "all").read()) == list(folder.read())


def test_rows_that_have_one_name_all_become_records(tmp_path: Path) -> None:
    """LLaVA's data have the names of pictures several times. Read again, they are replaced and not added."""
    turns = [{"from": "human", "value": "What?"}, {"from": "gpt", "value": "A bell."}]
    (tmp_path / "chat.json").write_text(json.dumps([{"id": "1", "conversations": turns}] * 3))
    for _ in range(2):
        assert "3 records" in told("convert", "--from", "llava", tmp_path / "chat.json", tmp_path / "out")
    assert [record.id for record in RecordFolder(tmp_path / "out").read()] == ["1", "1#2", "1#3"]


def test_a_page_tells_of_a_folder_and_runs_nothing(folder: RecordFolder) -> None:
    printed = told("show", folder.path)
    page = folder.path / "records.html"
    assert str(page) in printed.replace("\n", "")
    html = page.read_text("utf-8")
    assert HOSTILE not in html
    assert "&lt;script&gt;" in html
    assert "default-src &#39;none&#39;; img-src data:; style-src" in html
    assert "script-src" not in html
    assert html.count("<article") == 4
    assert "Covered." in html
    counts = count(folder.read())
    assert {kind: (one.records, one.answers, one.failed) for kind, one in counts.items()} == {
        "pointing": (2, 2, 0),
        "question": (1, 1, 0),
        "trajectory": (1, 1, 1),
    }


def test_a_large_folder_is_shown_in_part(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    folder.write(pointing(folder, f"thing {n}", name=f"r{n}") for n in range(30))
    html = write_overview(folder, shown=7).read_text("utf-8")
    assert html.count("<article") == 6
    assert "thing 0" in html
    assert "thing 25" in html


def test_the_test_data_are_held_out_and_the_rest_is_stored(folder: RecordFolder, tmp_path: Path) -> None:
    tested = RecordFolder(tmp_path / "tested")
    tested.write([pointing(tested, "the door", shade=90), question(tested)])
    printed = told("hold-out", folder.path, tested.path, tmp_path / "train")
    assert printed.strip() == (
        "2 kept; left out: 1 with a picture of the test data, 1 with the same task, words and target"
    )
    assert "2 records in 1 files" in told("store", tmp_path / "train")
    assert len(Store(tmp_path / "train")) == 2


def test_what_is_held_out_goes_into_a_new_folder(folder: RecordFolder, tmp_path: Path) -> None:
    """Else what was there before stays in it, and may be what is tested."""
    tested = RecordFolder(tmp_path / "tested")
    tested.write([question(tested)])
    told("hold-out", folder.path, tested.path, tmp_path / "train")
    before = (tmp_path / "train" / "records.jsonl").read_bytes()
    for out in (tmp_path / "train", folder.path, tested.path):
        with pytest.raises(UsageError, match="holds records already"):
            told("hold-out", folder.path, tested.path, out)
    assert (tmp_path / "train" / "records.jsonl").read_bytes() == before


def test_every_format_is_told_of() -> None:
    document = (Path(clickwright.__file__).parent / "docs/training-data.md").read_text("utf-8")
    printed = told("formats")
    assert [name for name in FORMATS if f"`{name}`" not in document or name not in printed] == []


def test_what_is_wrong_is_one_sentence_on_stderr(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clickwright.training.data", "show", str(tmp_path / "nowhere")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert (
        ended.stderr
        == f"clickwright: {tmp_path / 'nowhere' / 'records.jsonl'} cannot be read: No such file or directory\n"
    )
