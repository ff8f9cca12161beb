"""Records on disk, what is wrong with them in one sentence, and what is held out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Point, Quad
from clickwright.tools import CallTool, Click, Drag, Finish, TypeText
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.held_out import HeldOut, Removal
from clickwright.training.data.record import CourseStep, Record, Seen, Target, numbers_of, shape_of, written_record

from .made import course, pointing, question, screen

ACTIONS = (
    Click(point=Point(1.5, 2), count=2, modifiers=("Shift",)),
    Drag(path=(Point(1, 1), Point(2, 2))),
    TypeText(secret="PASSWORD"),
    CallTool(name="note", arguments={"a": [None, 1.5, {"b": "<|im_end|>"}]}),
    Finish(status="failure", answer="No."),
)


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    records = [pointing(folder), question(folder), course(folder, *ACTIONS)]
    assert folder.write(records) == 3
    assert list(RecordFolder(tmp_path).read()) == records
    assert [record.kind for record in records] == ["pointing", "question", "trajectory"]
    assert folder.load(records[0].pictures[0]).frame == screen(1).frame


def test_records_that_cannot_be_put_leave_those_that_were_there(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    old = [question(folder, name="a"), question(folder, name="b")]
    folder.put(old)

    def broken() -> Iterator[Record]:
        yield question(folder, "Which?", name="a")
        raise UsageError("the disk is gone")

    for anew in (False, True):
        with pytest.raises(UsageError, match="the disk is gone"):
            folder.put(broken(), anew=anew)
        assert list(folder.read()) == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pictures", "records.jsonl"]


def test_names_that_come_again_stay_apart(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    one, many = question(folder, name="1"), question(folder, name="1#2")
    long = question(folder, name="x" * 1000)
    assert folder.put([many, one, one, long, long, long]) == 6
    assert [record.id[-4:] for record in folder.read()] == ["1#2", "1", "1#3", "xxxx", "xx#5", "xx#6"]


def test_a_loop_of_links_is_no_picture(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    record = pointing(folder)
    folder.write([record])
    file = tmp_path / record.pictures[0].file
    file.unlink()
    file.symlink_to(file)
    with pytest.raises(UsageError, match=r"line 1: the picture 'pictures/.* is missing in"):
        list(folder.read())


def test_shapes_and_numbers_are_the_same() -> None:
    corners = (Point(1, 2), Point(3, 4), Point(5, 6), Point(7, 8))
    for shape in (Point(1, 2), Box(1, 2, 3, 4), Quad(corners)):
        assert shape_of(numbers_of(shape)) == shape


def bad(tmp_path: Path, old: str, new: str) -> str:
    """What is said of a second line that is not as it should be."""
    folder = RecordFolder(tmp_path)
    line = written_record(pointing(folder))
    assert old in line
    (tmp_path / "records.jsonl").write_text(f"{line}\n{line.replace(old, new)}\n")
    with pytest.raises(UsageError) as caught:
        list(folder.read())
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'records.jsonl'} line 2: ")
    assert "\n" not in message
    return message.partition("line 2: ")[2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("300.0", "3000", "the record: message 1 has the place (100, 50, 3000, 150) outside of its picture of 1000 x"),
        ("100.0", "400", "a box needs its corners in order, got (400.0, 50.0), (300.0, 150.0)"),
        (",150.0", "", "a place has 2, 4 or 8 numbers, not 3"),
        ("300.0", "1e999", "messages.1.parts.0.reference.places.0.2: input should be a finite number"),
        ('"source"', '"sorce"', "sorce: extra inputs are not permitted"),
        ('"kind":"locate"', '"kind":"find"', "messages.0.parts.1: input tag 'find' found using 'kind' does not match"),
        ('"picture":0', '"picture":1', "the record: message 0 is about picture 1, and there are 1"),
        (".png", ".gif", "the picture 'pictures/"),
        ("pictures/", "../pictures/", "the picture '../pictures/"),
        ('"assistant"', '"user"', "the record: the last message is the assistant's"),
        ("}", "", "the record: invalid JSON"),
    ],
)  # fmt: skip
def test_a_bad_record_is_one_sentence_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert bad(tmp_path, old, new).startswith(said)


def test_a_picture_that_was_changed_is_not_taken_for_the_one_that_was(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    record = pointing(folder)
    (tmp_path / record.pictures[0].file).write_bytes(screen(99).to_png())
    with pytest.raises(UsageError, match="not the one that the record was made with"):
        folder.load(record.pictures[0])


def test_a_step_that_worked_did_something() -> None:
    with pytest.raises(ValueError, match="at least one action"):
        CourseStep(saw=Seen(picture=0))


def test_what_is_tested_is_left_out_of_training(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path)
    step = CourseStep(
        saw=Seen(picture=0), actions=(Click(point=Point(1, 1)),), target=Target(text="bell", box=(10, 10, 30, 30))
    )
    held = [pointing(folder, "The bell.", 1, 1, 9, 9, shade=50), acting(course(folder, step), folder, 60)]
    training = [
        pointing(folder, "the  bell", 1.2, 1, 9, 9, shade=1, name="same words and place"),
        pointing(folder, "the bell", 1, 1, 90, 9, shade=1, name="another place"),
        pointing(folder, "the door", 1, 1, 9, 9, shade=1, name="another thing"),
        pointing(folder, "the door", 1, 1, 9, 9, shade=50, name="the same picture"),
        acting(course(folder, step, name="the same step"), folder, 61),
        acting(course(folder, step, goal="Polish it.", name="another goal"), folder, 61),
    ]
    removal = Removal(HeldOut.of(held))
    assert [record.id for record in removal.of(training)] == ["another place", "another thing", "another goal"]
    assert removal.names == ["same words and place", "the same picture", "the same step"]
    assert removal.told == (
        "3 kept; left out: 1 with a picture of the test data, 2 with the same task, words and target"
    )


@pytest.mark.parametrize(
    ("place", "is_left_out"),
    [
        ((100.6, 50, 300.6, 150), True),
        ((100, 50, 300, 150), True),
        ((130, 50, 330, 150), True),
        ((250, 50, 450, 150), False),
        ((100, 50, 300, 400), False),
        ((200, 100), True),
        ((303, 100), True),
        ((310, 100), False),
        ((100, 50, 300, 50, 300, 150, 100, 150), True),
    ],
)
def test_about_the_same_place_is_the_same_whoever_asks(
    tmp_path: Path, place: tuple[float, ...], is_left_out: bool
) -> None:
    """A box is not another one for a pixel across which it is rounded, nor for the name of its data set."""
    folder = RecordFolder(tmp_path)
    removal = Removal(HeldOut.of([pointing(folder, "the bell", 100.4, 50, 300.4, 150, shade=50)]))
    record = pointing(folder, "the bell", *place).model_copy(update={"source": "another"})
    assert list(removal.of([record])) == ([] if is_left_out else [record])


def acting(record: Record, folder: RecordFolder, shade: int) -> Record:
    """The same on a picture of its own."""
    return record.model_copy(update={"pictures": (folder.keep(screen(shade)),)})
