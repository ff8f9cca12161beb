"""Rows of JSON, JSONL and parquet: what is read, and the one sentence about what is not."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.files import DataFolder, Record, Stored, open_data, read_entries, read_rows
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pydantic import FiniteFloat


class Spot(Record):
    name: str
    box: tuple[FiniteFloat, FiniteFloat]


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((height, width, 3), 200, np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def fault_of(folder: Path, text: str | bytes, name: str = "rows.json") -> str:
    """What is said of a file that holds this."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as caught:
        list(read_entries(DataFolder(folder), (path,), Spot))
    said = str(caught.value)
    assert "\n" not in said
    assert name in said
    return said


def test_a_list_lines_and_one_object_are_rows(tmp_path: Path) -> None:
    rows = [{"name": "a", "box": [1, 2]}, {"name": "b", "box": [3, 4], "more": None}]
    (tmp_path / "a.json").write_text(json.dumps(rows))
    (tmp_path / "b.jsonl").write_text("\n\n".join(json.dumps(row) for row in rows) + "\n")
    (tmp_path / "c.json").write_text(json.dumps(rows[0]))
    folder = DataFolder(tmp_path)
    found = {path.name: list(read_entries(folder, (path,), Spot)) for path in folder.files("*.json*")}
    assert [entry.value.name for entry in found["a.json"]] == ["a", "b"]
    assert [(entry.name, entry.number) for entry in found["b.jsonl"]] == [("b:1", 1), ("b:3", 3)]
    assert len(found["c.json"]) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"name": "a", "box": [1, NaN]}]', "row 1: box.1: input should be a finite number"),
        ('[{"name": "a", "box": [1, 1e999]}]', "row 1: box.1: input should be a finite number"),
        ('[{"name": "a", "box": [1]}]', "row 1: box.1: field required"),
        ('[{"name": 7, "box": [1, 2]}]', "row 1: name: input should be a valid string"),
        ('[{"name": "a", "box": [1, 2]}, 5]', "row 2 is int, not an object"),
        ('[{"name": "a", "box": [1, 2]}, {"box": [1, 2]}]', "row 2: name: field required"),
        ("[{", "is not JSON: Expecting property name"),
        (b"\xff\xfe[", "is not UTF-8"),
        ("[" * 200_000, "nested too deeply"),
        ('[{"name": "a", "box": [1, ' + "9" * 5000 + "]}]", "a number in it is too long"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_its_place(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert said in fault_of(tmp_path, text)


def test_a_line_that_is_wrong_is_named_as_an_editor_counts_it(tmp_path: Path) -> None:
    assert "rows.jsonl row 3" in fault_of(tmp_path, '{"name": "a", "box": [1, 2]}\n\n{"name"\n', "rows.jsonl")


def test_a_file_of_another_kind_is_not_guessed_at(tmp_path: Path) -> None:
    assert "none of .json, .jsonl, .parquet, .tsv and .csv" in fault_of(tmp_path, b"\x80\x04N.", "rows.pkl")


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=4), max_size=6))
def test_rows_come_back_in_their_order(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]) -> None:
    folder = tmp_path_factory.mktemp("rows")
    (folder / "a.json").write_text(json.dumps(rows))
    (folder / "b.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name in ("a.json", "b.jsonl"):
        twice = [[(row.number, row.values) for row in read_rows(folder / name)] for _ in range(2)]
        assert twice[0] == twice[1] == list(enumerate(rows, 1))


# Pictures


def test_a_shard_gives_its_rows_at_once_and_its_pictures_when_they_are_wanted(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pictures = [{"bytes": png(10 + n, 20), "path": f"{n}.png"} for n in range(5)]
    table = arrow.table({"name": list("abcde"), "image": pictures, "raw": [png(7, 8)] * 5})
    parquet.write_table(table, tmp_path / "test-0.parquet", row_group_size=2)
    folder = DataFolder(tmp_path)
    rows = list(read_rows(tmp_path / "test-0.parquet"))
    assert [row.values["name"] for row in rows] == list("abcde")
    stored = [row.values["image"] for row in rows]
    assert all(isinstance(picture, Stored) for picture in stored)
    for n in (4, 0, 3):
        picture = stored[n]
        assert isinstance(picture, Stored)
        assert folder.picture(picture).size.width == 10 + n
    raw = rows[1].values["raw"]
    assert isinstance(raw, Stored)
    assert folder.picture(raw).size.height == 8


def test_of_a_shard_only_the_fields_of_the_record_are_read(tmp_path: Path) -> None:
    """The column that is left out is no text at all."""
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = arrow.table({"name": ["a"], "box": [[1.0, 2.0]], "html": ["x" * 4000]})
    path = tmp_path / "test.parquet"
    parquet.write_table(table, path, compression="none", use_dictionary=False)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"x" * 4000, b"\xff" * 4000))
    (entry,) = read_entries(DataFolder(tmp_path), (path,), Spot)
    assert entry.value == Spot(name="a", box=(1, 2))
    with pytest.raises(UsageError, match=r"test\.parquet holds text that is not UTF-8"):
        list(read_rows(path))


def test_a_shard_that_is_none_and_a_picture_that_is_missing_are_told_of(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UsageError, match=r"broken\.parquet cannot be read as parquet"):
        list(read_rows(tmp_path / "broken.parquet"))
    kind = arrow.struct([("bytes", arrow.binary()), ("path", arrow.string())])
    table = arrow.table({"image": arrow.array([{"bytes": None, "path": "a"}, {"bytes": b"no", "path": "b"}], kind)})
    parquet.write_table(table, tmp_path / "test.parquet")
    folder = DataFolder(tmp_path)
    missing, strange = (row.values["image"] for row in read_rows(tmp_path / "test.parquet"))
    assert isinstance(missing, Stored)
    assert isinstance(strange, Stored)
    with pytest.raises(UsageError, match=r"holds no picture in image\.bytes"):
        folder.picture(missing)
    with pytest.raises(UsageError, match="not a picture of a kind that is read"):
        folder.picture(strange)


# The folder


@pytest.mark.parametrize("name", ["../secret.png", "a/../../secret.png", "/etc/passwd", "C:\\x.png", "..\\secret.png"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.png").write_bytes(png(3, 3))
    (tmp_path / "data").mkdir()
    with pytest.raises(UsageError, match="leads out of the folder"):
        DataFolder(tmp_path / "data").picture(name)


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(png(3, 3))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "data" / "loop.png").symlink_to(tmp_path / "data" / "loop.png")
    folder = DataFolder(tmp_path / "data")
    for name in ("a.png", "loop.png"):
        with pytest.raises(UsageError, match="has no file"):
            folder.picture(name)
    assert folder.files("*.png") == ()


def test_a_copy_of_the_hub_is_links_into_its_own_store(tmp_path: Path) -> None:
    """The layout of huggingface_hub: NAME/snapshots/REVISION/FILE is a link to NAME/blobs/HASH."""
    copy, store = tmp_path / "datasets--a--b" / "snapshots" / "1f", tmp_path / "datasets--a--b" / "blobs"
    copy.mkdir(parents=True)
    store.mkdir()
    (store / "hash").write_bytes(png(5, 6))
    (tmp_path / "secret.png").write_bytes(png(3, 3))
    (copy / "a.png").symlink_to(Path("..", "..", "blobs", "hash"))
    (copy / "b.png").symlink_to(tmp_path / "secret.png")
    folder = DataFolder(copy)
    assert folder.picture("a.png").size.width == 5
    assert [path.name for path in folder.files("*.png")] == ["a.png"]
    with pytest.raises(UsageError, match=r"has no file 'b\.png'"):
        folder.picture("b.png")


@given(st.text(st.characters(), max_size=12) | st.just("a" * 5000))
def test_any_name_is_a_picture_or_one_sentence(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = DataFolder(tmp_path_factory.getbasetemp())
    with pytest.raises(UsageError) as caught:
        folder.picture(name, "nowhere")
    assert "\n" not in str(caught.value)


def test_a_huge_picture_is_not_decoded(tmp_path: Path) -> None:
    header = png(4, 4)
    (tmp_path / "huge.png").write_bytes(header[:16] + (70_000).to_bytes(4, "big") * 2 + header[24:])
    with pytest.raises(UsageError, match=r"huge\.png is 70000 x 70000; at most"):
        DataFolder(tmp_path).picture("huge.png")


def test_where_there_are_no_data_it_says_what_was_sought(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs its data: give --data FOLDER"):
        open_data(None, "screenspot")
    with pytest.raises(UsageError, match="is no folder"):
        open_data(tmp_path / "none", "screenspot")
    with pytest.raises(UsageError, match=r"has no rows: sought were a\*\.json, b\*\.json"):
        DataFolder(tmp_path).require("rows", "a*.json", "b*.json")
    with pytest.raises(UsageError, match="is no name of a data set"):
        open_data(Path("hub:not a name"), "screenspot")
