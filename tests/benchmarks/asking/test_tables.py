"""Tables in text: what stands in them, and pictures that are read when they are wanted."""

import base64
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.files.rows import read_rows
from clickwright.files.tables import Encoded
from hypothesis import given
from hypothesis import strategies as st

from .drawn import encoded, png, table

CELLS = st.text(st.characters(blacklist_characters="\r\0", blacklist_categories=("Cs",)), max_size=12)


@given(st.lists(st.fixed_dictionaries({"index": st.integers(0, 99), "question": CELLS, "answer": CELLS}), max_size=5))
def test_rows_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tsv"
    table(path, [{"index": 0, "question": "q", "answer": "a"}, *rows])
    found = [row.values for row in read_rows(path)][1:]
    assert found == [{key: str(value) for key, value in row.items() if value != ""} for row in rows]


def test_a_picture_is_read_where_its_row_begins(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    rows = [{"index": n, "question": f'Which "{n}"?\nÄ', "image": encoded(str(n))} for n in range(3)]
    table(path, [*rows, {"index": 3, "question": "as above", "image": "1"}, {"index": 4, "question": "none"}])
    found = [row.values.get("image") for row in read_rows(path)]
    kept = [picture.read() for picture in found if isinstance(picture, Encoded)]
    assert kept == [(png("0"),), (png("1"),), (png("2"),), (png("1"),)]
    assert found[4] is None


def test_several_pictures_stand_in_a_list(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    table(path, [{"index": 0, "image": f"['{encoded('a')}', '{encoded('b')}']"}])
    (row,) = read_rows(path)
    picture = row.values["image"]
    assert isinstance(picture, Encoded)
    assert picture.read() == (png("a"), png("b"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tb\n1\n", "a.tsv row 1 has 1 cells where the head has 2"),
        (b"a\tb\n1\t\xff\n", "a.tsv is not UTF-8 text"),
    ],
)
def test_what_is_no_table_is_one_sentence(content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_bytes(content)
    with pytest.raises(UsageError, match=message):
        list(read_rows(tmp_path / "a.tsv"))


def test_what_is_no_base64_is_one_sentence(tmp_path: Path) -> None:
    table(tmp_path / "a.tsv", [{"index": 0, "image": "!" * 99}])
    (row,) = read_rows(tmp_path / "a.tsv")
    picture = row.values["image"]
    assert isinstance(picture, Encoded)
    with pytest.raises(UsageError, match="holds a picture that is not base64"):
        picture.read()


def test_a_table_of_many_pictures_takes_no_room_for_them(tmp_path: Path) -> None:
    """Rows are small whatever the pictures weigh: what is kept of one is where it stands."""
    blob = base64.b64encode(bytes(300_000)).decode()
    table(tmp_path / "a.tsv", [{"index": n, "image": blob} for n in range(40)])
    rows = list(read_rows(tmp_path / "a.tsv"))
    assert sum(len(str(row.values)) for row in rows) < 40 * 1000
    last = rows[-1].values["image"]
    assert isinstance(last, Encoded)
    assert last.read() == (bytes(300_000),)
