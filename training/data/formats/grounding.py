"""Where things are on screenshots, as data sets for pointing are published: ScreenSpot, ShowUI, OS-Atlas, UGround.

- `screenspot`: a list of {"img_filename", "instruction", "bbox": [x, y, width, height] in pixels, "data_source"};
- `showui`: a list of {"img_url", "img_size", "element": [{"instruction", "bbox" and "point" from 0 to 1}]}, or rows of
  {"image", "instruction", "bbox", "point"} in a parquet file;
- `os-atlas`: a list of {"img_filename", "instruction", "bbox"}, two corners from 0 to 1, or with such "elements";
- `uground`: a list of {"image", "conversations"}, the answer a point such as (812, 45) in thousandths.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, Field, FiniteFloat, JsonValue

from ....errors import BadModelOutput, UsageError
from ....files import Entry, Stored
from ....files import Record as Row
from ....policies.grammars import center_of
from ....policies.grammars.plain import PlainPlaces
from ....screen import Box, Point, Size
from ..record import Named, PictureFile, Record, numbers_of
from .format import Format, Source, Target, by_rows, only, thousandths, told_in
from .pairs import found_in, located

Four = tuple[FiniteFloat, FiniteFloat, FiniteFloat, FiniteFloat]


class _Spot(Row):
    img_filename: str
    instruction: Annotated[str, Field(min_length=1)]
    bbox: Four
    id: str | int | None = None
    data_source: str = ""


class _Element(Row):
    instruction: Annotated[str, Field(min_length=1)]
    bbox: Four | None = None
    point: tuple[FiniteFloat, FiniteFloat] | None = None
    id: str | int | None = None


class _Elements(Row):
    """A screenshot and what is on it; or one thing, its fields beside those of the picture."""

    picture: Annotated[str | Stored, Field(validation_alias=AliasChoices("image", "img_url", "img_filename"))]
    element: Annotated[tuple[_Element, ...], Field(validation_alias=AliasChoices("element", "elements"))] = ()
    instruction: str = ""
    bbox: Four | None = None
    point: tuple[FiniteFloat, FiniteFloat] | None = None
    id: str | int | None = None
    data_source: str = ""

    @property
    def things(self) -> tuple[_Element, ...]:
        if self.element or not self.instruction:
            return self.element
        return (_Element(instruction=self.instruction, bbox=self.bbox, point=self.point, id=self.id),)


def _turns(found: object) -> object:
    """A list that stands in a row as a string of JSON, as in the parquet files of UGround."""
    return json.loads(found) if isinstance(found, str) else found


class _Turn(Row):
    sender: Annotated[str, Field(validation_alias=AliasChoices("from", "role"))]
    value: Annotated[str, Field(validation_alias=AliasChoices("value", "content"))]


class _Conversation(Row):
    image: str | Stored
    conversations: Annotated[tuple[_Turn, ...], BeforeValidator(_turns)]
    id: str | int | None = None
    source: str = ""


def _spots(source: Source, entry: Entry[_Spot]) -> Iterator[Record]:
    row = entry.value
    x, y, width, height = row.bbox
    picture = source.picture(row.img_filename, entry.place)
    box = _box((x, y, x + width, y + height), picture.size, entry.place)
    yield located(str(row.id or entry.name), picture, row.instruction, numbers_of(box), source=row.data_source)


def _shared(source: Source, entry: Entry[_Elements]) -> Iterator[Record]:
    """ShowUI and OS-Atlas, whose places are shares of the picture. A row that asks for nothing is left out and told."""
    row = entry.value
    if not row.things:
        source.left_out.append(f"{entry.place} has neither an instruction nor an element")
        return
    picture = source.picture(row.picture, entry.place)
    for n, element in enumerate(row.things):
        place = f"{entry.place} element {n}" if row.element else entry.place
        numbers = element.bbox or element.point
        if numbers is None:
            raise UsageError(f"{place} has neither a bbox nor a point")
        scaled = _scaled(numbers, picture.size, place)
        shape = numbers_of(_box(scaled, picture.size, place)) if len(scaled) == 4 else tuple(scaled)
        name = element.id or (f"{row.id or entry.name}/{n}" if row.element else entry.name)
        yield located(str(name), picture, element.instruction, shape, source=row.data_source)


def _turned(source: Source, entry: Entry[_Conversation]) -> Iterator[Record]:
    row = entry.value
    picture = source.picture(row.image, entry.place)
    for n, (asked, answer) in enumerate(zip(row.conversations[::2], row.conversations[1::2], strict=False)):
        name = str(row.id or entry.name)
        try:
            found = PlainPlaces().parse(answer.value, thousandths(picture.size))
        except BadModelOutput as error:
            raise told_in(entry.place, error) from None
        if len(found) != 1:
            raise UsageError(f"{entry.place}: an answer is one place such as (812, 45), not {answer.value[:60]!r}")
        words = asked.value.replace("<image>", "").strip()
        numbers = numbers_of(found[0].shapes[0])
        name = name if len(row.conversations) == 2 else f"{name}/{n}"
        yield located(name, picture, words, numbers, source=row.source)


def write_screenspot(records: Iterable[Record], target: Target) -> None:
    """Things and their boxes as x, y, width and height."""
    _write_boxes(records, target, lambda box, _: [box.x1, box.y1, box.width, box.height])


def write_os_atlas(records: Iterable[Record], target: Target) -> None:
    """Things and the corners of their boxes as shares of the picture."""
    _write_boxes(records, target, lambda box, size: _shares(numbers_of(box), size))


def _write_boxes(records: Iterable[Record], target: Target, bbox: Callable[[Box, Size], JsonValue]) -> None:
    def row(record: Record) -> dict[str, JsonValue]:
        words, picture, box = _boxed(record, target)
        return {
            "id": record.id,
            "img_filename": target.picture(picture),
            "instruction": words,
            "bbox": bbox(box, picture.size),
            "data_source": record.source,
        }

    target.save_rows(target.rows(records, row))


def write_showui(records: Iterable[Record], target: Target) -> None:
    """A picture for each thing, with its box where it has one, and its point."""

    def row(record: Record) -> dict[str, JsonValue]:
        words, named = _found(record, target)
        picture = only(record.pictures)
        shape = _one(named)
        element: dict[str, JsonValue] = {"id": record.id, "instruction": words}
        if len(shape) == 4:
            element["bbox"] = _shares(shape, picture.size)
        at = center_of(named.shapes[0])
        element["point"] = _shares((at.x, at.y), picture.size)
        size: JsonValue = [picture.width, picture.height]
        found: dict[str, JsonValue] = {"img_url": target.picture(picture), "img_size": size, "element": [element]}
        return found | ({"data_source": record.source} if record.source else {})

    target.save_rows(target.rows(records, row))


def write_uground(records: Iterable[Record], target: Target) -> None:
    def row(record: Record) -> dict[str, JsonValue]:
        words, named = _found(record, target)
        picture = only(record.pictures)
        if len(_one(named)) == 4:
            target.lose("boxes, of which the centers are held")
        x, y = thousandths(picture.size).place(center_of(named.shapes[0]))
        turns: JsonValue = [{"from": "human", "value": f"<image>\n{words}"}, {"from": "gpt", "value": f"({x}, {y})"}]
        found: dict[str, JsonValue] = {"id": record.id, "image": target.picture(picture), "conversations": turns}
        return found | ({"source": record.source} if record.source else {})

    target.save_rows(target.rows(records, row))


def _one(named: Named) -> tuple[float, ...]:
    if len(named.places) != 1 or len(named.places[0]) == 8:
        raise UsageError("the format holds one upright box or point")
    return named.places[0]


def _found(record: Record, target: Target) -> tuple[str, Named]:
    words, named = found_in(record)
    if named.text != words:
        target.lose("names of things that are not the words that ask for them")
    return words, named


def _boxed(record: Record, target: Target) -> tuple[str, PictureFile, Box]:
    words, named = _found(record, target)
    match _one(named):
        case (x1, y1, x2, y2):
            return words, only(record.pictures), Box(x1, y1, x2, y2)
        case _:
            raise UsageError("the format holds a box")


def _scaled(numbers: Sequence[float], size: Size, place: str) -> Sequence[float]:
    """Shares of the picture in its pixels. Raises UsageError for what is no share."""
    if any(not 0 <= number <= 1 for number in numbers):
        raise UsageError(f"{place}: {list(numbers)} is not in shares of the picture, from 0 to 1")
    return [number * (size.height if n % 2 else size.width) for n, number in enumerate(numbers)]


def _shares(numbers: Sequence[float], size: Size) -> JsonValue:
    return [number / (size.height if n % 2 else size.width) for n, number in enumerate(numbers)]


def _box(numbers: Sequence[float], size: Size, place: str) -> Box:
    """The box of two corners, clipped to its picture: annotators draw a little over the edge. Raises UsageError."""
    x1, y1, x2, y2 = numbers
    box = Box.around(Point(x1, y1), Point(x2, y2)).clip(size)
    if box.area <= 0:
        raise UsageError(
            f"{place}: the box {list(numbers)} holds no pixel of its picture of {size.width} x {size.height}"
        )
    return box


GROUNDING = (
    Format(
        name="screenspot",
        holds="a thing and its box in pixels, as x, y, width, height",
        suffix=".json",
        reads=by_rows(_Spot, _spots),
        writes=write_screenspot,
    ),
    Format(
        name="showui",
        holds="things of a screenshot with box and point from 0 to 1",
        suffix=".json",
        reads=by_rows(_Elements, _shared),
        writes=write_showui,
    ),
    Format(
        name="os-atlas",
        holds="a thing and its box from 0 to 1",
        suffix=".json",
        reads=by_rows(_Elements, _shared),
        writes=write_os_atlas,
    ),
    Format(
        name="uground",
        holds="a thing and its point in thousandths, as a conversation",
        suffix=".json",
        reads=by_rows(_Conversation, _turned),
        writes=write_uground,
    ),
)
