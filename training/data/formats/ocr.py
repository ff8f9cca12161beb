"""Texts and where they stand, as PaddleOCR labels them: a picture's path, a tab, and a JSON list a line.

shop.png	[{"transcription": "Basket", "points": [[10, 8], [90, 8], [90, 30], [10, 30]]}]
"""

import json
from collections.abc import Iterable, Iterator

from pydantic import Field, FiniteFloat, TypeAdapter

from ....errors import UsageError
from ....files import Record as Row
from ....files.records import told_at
from ....screen import Box, Point, Quad
from ..record import Named, PictureFile, Record, Said, Shown, Text, numbers_of
from .format import Format, Source, Target, only

QUESTION = "OCR with grounding:"
"""The words by which Qwen-VL was trained to read all text with its places."""
UNREAD = "###"
"""What annotators write for a text that cannot be read; left out."""
_Corner = tuple[FiniteFloat, FiniteFloat]


class _Line(Row):
    transcription: str
    points: tuple[_Corner, _Corner, _Corner, _Corner] = Field()


_LINES = TypeAdapter(tuple[_Line, ...])


def read(source: Source) -> Iterator[Record]:
    for number, line in enumerate(_lines(source), 1):
        if line.strip():
            place = f"{source.name} row {number}"
            with told_at(place, "the labels"):
                yield from _records(source, line, number, place)


def _lines(source: Source) -> list[str]:
    """Broken at line feeds alone: other breaks of Unicode stand as they are in texts of JSON."""
    try:
        return source.file.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise UsageError(f"{source.name} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{source.name} is not UTF-8 text") from None


def _records(source: Source, line: str, number: int, place: str) -> Iterator[Record]:
    name, tab, labels = line.partition("\t")
    if not tab:
        raise UsageError(f"{place} has no tab between the picture and its labels")
    found = _LINES.validate_json(labels)
    picture = source.picture(name, place)
    named = [_named(one, picture) for one in found if one.transcription != UNREAD]
    if named:
        messages = (
            Said(role="user", parts=(Shown(picture=0), Text(text=QUESTION))),
            Said(role="assistant", parts=tuple(named)),
        )
        yield Record(id=f"{source.file.stem}:{number}", pictures=(picture,), messages=messages)


def _named(line: _Line, picture: PictureFile) -> Named:
    """A line of text. Corners that lie upright are a box; a little over the edge is at the edge."""
    corners = [Point(min(max(x, 0), picture.width), min(max(y, 0), picture.height)) for x, y in line.points]
    box = Box.around(*corners)
    is_box = corners == _corners(box)
    a, b, c, d = corners
    return Named(text=line.transcription, places=(numbers_of(box if is_box else Quad((a, b, c, d))),))


def _corners(box: Box) -> list[Point]:
    """From the top left one on, as a clock goes."""
    return [Point(box.x1, box.y1), Point(box.x2, box.y1), Point(box.x2, box.y2), Point(box.x1, box.y2)]


def write(records: Iterable[Record], target: Target) -> None:
    """What is written on a picture, line by line."""

    def row(record: Record) -> str:
        named = [part for part in record.messages[-1].parts if isinstance(part, Named)] if record.messages else []
        is_held = len(record.messages) == 2 and record.messages[0].parts[-1:] == (Text(text=QUESTION),)
        if not is_held or len(named) < len(record.messages[-1].parts):
            raise UsageError("the format holds all texts of a picture")
        target.lose("names")
        if record.source:
            target.lose("sources")
        lines = [{"transcription": part.text, "points": _points(part)} for part in named]
        return f"{target.picture(only(record.pictures))}\t{json.dumps(lines, ensure_ascii=False)}\n"

    target.save("".join(str(line) for line in target.rows(records, row)))


def _points(part: Named) -> list[list[float]]:
    match part.shapes:
        case (Box() as box,):
            corners = _corners(box)
        case (Quad(corners=found),):
            corners = list(found)
        case _:
            raise UsageError("the format holds one box or quad a text")
    return [[corner.x, corner.y] for corner in corners]


OCR = Format(
    name="ocr",
    holds="the texts of a picture and their quads in pixels, as PaddleOCR labels them",
    suffix=".txt",
    reads=read,
    writes=write,
)
