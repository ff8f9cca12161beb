"""Every format: what was written is read as the same record, where the format can hold it, and bad rows are told."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from clickwright.policies.prompts.asking import NATIVE_CAPTION
from clickwright.tools import TypeText
from clickwright.training.data.folder import RecordFolder
from clickwright.training.data.formats import FORMATS, Source, Target
from clickwright.training.data.formats.ocr import QUESTION
from clickwright.training.data.record import (
    Course,
    CourseStep,
    Film,
    FrameAt,
    Locate,
    Named,
    Part,
    Record,
    Said,
    Seen,
    Shown,
    Text,
)
from clickwright.training.data.record import Target as Aim
from hypothesis import given, settings
from hypothesis import strategies as st

from ...policies.any_action import actions, points
from .made import SIZE, course, pointing, question, screen

thousandths = st.integers(0, 999)
words = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
    .map(str.strip)
    .filter(lambda text: text and not any(mark in text for mark in ("<|", "<image>", "<video>", "<tool_call>")))
)


def on_grid(x: int, y: int) -> tuple[float, float]:
    return x / 1000 * SIZE.width, y / 1000 * SIZE.height


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, ...]:
    """Boxes of whole thousandths, which every format but UGround holds as they are."""
    x1, y1 = draw(st.integers(0, 900)), draw(st.integers(0, 900))
    return (*on_grid(x1, y1), *on_grid(x1 + draw(st.integers(1, 99)), y1 + draw(st.integers(1, 99))))


def grid_points() -> st.SearchStrategy[tuple[float, ...]]:
    return st.builds(on_grid, thousandths, thousandths)


Make = Callable[[RecordFolder], Record]


def one(parts: tuple[Part, ...], answer: tuple[Part, ...], *, others: tuple[str, ...] = (), source: str = "") -> Make:
    """What makes a record with one picture."""

    def make(folder: RecordFolder) -> Record:
        asked = Said(role="user", parts=(Shown(picture=0), *parts))
        answered = Said(role="assistant", parts=answer, others=others)
        return Record(id="a", source=source, pictures=(folder.keep(screen(7)),), messages=(asked, answered))

    return make


@st.composite
def located(draw: st.DrawFn, place: st.SearchStrategy[tuple[float, ...]], *, source: bool = False) -> Make:
    told = draw(words)
    named = Named(text=told, places=(draw(place),))
    return one((Locate(text=told),), (named,), source=draw(words) if source else "")


@st.composite
def marked(draw: st.DrawFn) -> Make:
    """A referring example, or a caption with places."""
    if draw(st.booleans()):
        told = draw(words)
        places = tuple(draw(st.lists(boxes(), min_size=1, max_size=3)))
        return one((Locate(text=told),), (Named(text=told, places=places),), source=draw(words))
    return one((Text(text=NATIVE_CAPTION),), draw(captions()), source=draw(words))


@st.composite
def captions(draw: st.DrawFn) -> tuple[Part, ...]:
    named = st.builds(Named, text=words, places=st.tuples(boxes() | grid_points()))
    return (Text(text=f"{draw(words)} "), draw(named), Text(text=f" {draw(words)}"), draw(named))


@st.composite
def chats(draw: st.DrawFn) -> Make:
    """Turns about two pictures and a video, one of them a question for a place."""
    answer, thing, caption, place = draw(words), draw(words), draw(captions()), draw(boxes())
    has_system = draw(st.booleans())
    caption = tuple(part.model_copy(update={"picture": 4}) if isinstance(part, Named) else part for part in caption)

    def make(folder: RecordFolder) -> Record:
        film = Film(frames=tuple(FrameAt(picture=1 + n, at_s=n / 2) for n in range(3)))
        messages = (
            *((Said(role="system", parts=(Text(text="Be brief."),)),) if has_system else ()),
            Said(role="user", parts=(Shown(picture=0), film, Text(text=answer))),
            Said(role="assistant", parts=(Text(text=answer),)),
            Said(role="user", parts=(Shown(picture=4), Text(text=answer))),
            Said(role="assistant", parts=caption),
            Said(role="user", parts=(Locate(text=thing, picture=4),)),
            Said(role="assistant", parts=(Named(text=thing, places=(place,), picture=4),)),
        )
        return Record(id="a", source="s", pictures=tuple(folder.keep(screen(n)) for n in range(5)), messages=messages)

    return make


@st.composite
def asked(draw: st.DrawFn) -> Make:
    answers = draw(st.lists(words, min_size=1, max_size=3, unique=True))
    return one((Text(text=draw(words)),), (Text(text=answers[0]),), others=tuple(answers[1:]), source=draw(words))


@st.composite
def asked_of_films(draw: st.DrawFn) -> Make:
    told, fps = draw(words), draw(st.sampled_from([1, 2, 4]))

    def make(folder: RecordFolder) -> Record:
        film = Film(frames=tuple(FrameAt(picture=n, at_s=n / fps) for n in range(3)))
        messages = (
            Said(role="user", parts=(film, Text(text=told))),
            Said(role="assistant", parts=(Text(text=told),)),
        )
        return Record(id="a", pictures=tuple(folder.keep(screen(n)) for n in range(3)), messages=messages)

    return make


@st.composite
def read_texts(draw: st.DrawFn) -> Make:
    quad = (1.0, 2.0, 90.0, 8.0, 88.0, 30.0, 0.0, 22.0)
    lines = draw(st.lists(st.tuples(words.filter(lambda text: text != "###"), boxes() | st.just(quad)), min_size=1))
    return one((Text(text=QUESTION),), tuple(Named(text=text, places=(place,)) for text, place in lines))


@st.composite
def courses(draw: st.DrawFn) -> Make:
    known = actions(points(SIZE)).filter(lambda action: action.kind not in ("call_tool", "scroll"))
    done = draw(st.lists(st.tuples(known, words | st.just(""), st.booleans(), st.booleans()), min_size=1, max_size=4))

    def make(folder: RecordFolder) -> Record:
        steps = tuple(
            CourseStep(
                saw=Seen(picture=n),
                actions=(action,),
                thought=thought,
                worked=works,
                learned=is_learned,
                error=None if works else "no",
            )
            for n, (action, thought, works, is_learned) in enumerate(done)
        )
        pictures = tuple(folder.keep(screen(n)) for n in range(len(steps)))
        return Record(id="a", source="s", pictures=pictures, trajectory=Course(goal="Do it.", steps=steps))

    return make


@st.composite
def listed(draw: st.DrawFn) -> Make:
    """Places in whole pixels: one that is asked for, or several."""
    corner = st.tuples(st.integers(0, 400).map(float), st.integers(0, 200).map(float))
    box = st.builds(lambda a, b: (*a, a[0] + b[0] + 1, a[1] + b[1] + 1), corner, corner)
    named = st.builds(Named, text=words, places=st.tuples(box | corner))
    if draw(st.booleans()):
        one_thing = draw(named.filter(lambda part: not part.text.endswith(".")))
        return one((Locate(text=one_thing.text),), (one_thing,))
    return one((Text(text="Where are they?"),), tuple(draw(st.lists(named, min_size=1, max_size=3))))


HELD: dict[str, st.SearchStrategy[Make]] = {
    "marks": marked(),
    "llava": chats(),
    "sharegpt": chats(),
    "screenspot": located(boxes(), source=True),
    "showui": located(boxes() | grid_points(), source=True),
    "os-atlas": located(boxes(), source=True),
    "uground": located(grid_points(), source=True),
    "bbox-2d": listed(),
    "vqa": asked(),
    "video-qa": asked_of_films(),
    "ocr": read_texts(),
    "calls": courses(),
}


def again(record: Record, folder: RecordFolder, name: str, path: Path) -> Record:
    """The record, written and read."""
    target = Target(path / f"out{FORMATS[name].suffix}", folder)
    FORMATS[name].writes([record], target)
    assert target.left_out == []
    assert list(target.lost) == (["names"] if name == "ocr" else [])
    assert target.written == 1
    (found,) = FORMATS[name].reads(Source.of(target.file, RecordFolder(path / "read")))
    return found


def nearly(record: Record) -> object:
    """A record with its numbers rounded: shares of a picture are no whole pixels."""

    def rounded(value: object) -> object:
        if isinstance(value, float):
            return round(value, 6) + 0.0
        if isinstance(value, dict):
            return {key: rounded(inner) for key, inner in value.items()}
        return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value

    return rounded(record.model_dump(exclude={"id"} if record.id.startswith("out:") else set()))


def test_every_format_is_tried() -> None:
    assert set(HELD) == set(FORMATS)


@pytest.mark.slow
@pytest.mark.parametrize("name", HELD)
@settings(max_examples=25)
@given(data=st.data())
def test_what_was_written_is_read_again(name: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as home:
        folder = RecordFolder(Path(home) / "records")
        record = data.draw(HELD[name])(folder)
        found = again(record, folder, name, Path(home))
        if name == "ocr":  # which has no names
            found = found.model_copy(update={"id": record.id})
        assert nearly(found) == nearly(record)


@pytest.mark.parametrize("name", ["ocr", "llava", "calls"])
def test_breaks_of_lines_that_are_none_in_json_are_read_again(name: str, tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path / "records")
    told = "a\u2028b\u2029c\u0085d"
    if name == "ocr":
        record = one((Text(text=QUESTION),), (Named(text=told, places=((1, 2, 3, 4),)),))(folder)
    elif name == "llava":
        record = question(folder, answer=told)
    else:
        record = course(folder, TypeText(text=told))
    found = again(record, folder, name, tmp_path)
    assert nearly(found.model_copy(update={"id": record.id})) == nearly(record)


def test_pictures_of_one_name_stay_apart(tmp_path: Path) -> None:
    """And a copy is one: who changes it does not change the picture of the record."""
    folder = RecordFolder(tmp_path / "records")
    records = [pointing(folder, name="p", shade=1), pointing(folder, name="q", shade=2)]
    for n, record in enumerate(records):
        file = f"{record.id}/0.png"
        (tmp_path / "records" / record.id).mkdir()
        (tmp_path / "records" / record.pictures[0].file).rename(tmp_path / "records" / file)
        picture = record.pictures[0].model_copy(update={"file": file})
        records[n] = record.model_copy(update={"pictures": (picture,)})
    target = Target(tmp_path / "out.json", folder)
    FORMATS["screenspot"].writes(records, target)
    found = list(FORMATS["screenspot"].reads(Source.of(target.file, RecordFolder(tmp_path / "read"))))
    assert [one.pictures[0].frame for one in found] == [one.pictures[0].frame for one in records]
    for copy in (tmp_path / "pictures").iterdir():
        copy.write_bytes(b"changed")
    assert [folder.load(one.pictures[0]).frame for one in records] == [one.pictures[0].frame for one in records]


def lost(record: Record, folder: RecordFolder, name: str, path: Path) -> list[str]:
    target = Target(path / f"lost{FORMATS[name].suffix}", folder)
    FORMATS[name].writes([record, record], target)
    assert target.left_out == []
    assert set(target.lost.values()) <= {2}
    return sorted(target.lost)


def test_what_of_a_record_is_lost_is_told(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path / "records")
    step = CourseStep(
        saw=Seen(picture=0, url="https://a.example"),
        actions=(TypeText(text="x"),),
        target=Aim(text="bell", box=(1, 2, 3, 4)),
        verdict="allowed",
    )
    full = course(folder, step, step)
    assert full.trajectory is not None
    ended = full.model_copy(update={"trajectory": full.trajectory.model_copy(update={"outcome": "success"})})
    assert lost(ended, folder, "calls", tmp_path) == [
        "how it ended",
        "what a browser told beside the pictures",
        "what steps were meant for",
        "what the permissions said",
    ]
    several = one((Text(text="What?"),), (Text(text="A bell."),), others=("A gong.",))(folder)
    assert lost(several, folder, "sharegpt", tmp_path) == ["further answers that count as right"]
    assert lost(several, folder, "vqa", tmp_path) == []
    assert lost(pointing(folder), folder, "uground", tmp_path) == ["boxes, of which the centers are held"]
    assert lost(pointing(folder), folder, "showui", tmp_path) == []
    tilted = one((Locate(text="a"),), (Named(text="b", places=((1, 1, 9, 2, 9, 9, 1, 8),)),))(folder)
    assert lost(tilted, folder, "bbox-2d", tmp_path) == [
        "corners of quads, whose boxes are held",
        "that a question is for a place, where it is not answered by its own words",
    ]
    assert lost(pointing(folder), folder, "bbox-2d", tmp_path) == []


def test_what_a_format_cannot_hold_is_told(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path / "records")
    for name, made in FORMATS.items():
        target = Target(tmp_path / f"{name}{made.suffix}", folder)
        wrong = pointing(folder) if name in ("vqa", "video-qa", "ocr", "calls") else question(folder)
        if name in ("llava", "sharegpt"):
            wrong = wrong.model_copy(update={"messages": (), "trajectory": object()})
        made.writes([wrong], target)
        assert target.written == 0, name
        assert target.left_out[0].startswith(f"{wrong.id}: "), name
