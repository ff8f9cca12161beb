"""Qwen2-VL's own marks, a JSON line each: {"id", "image", "text"}, places in thousandths.

A text that is nothing but one reference is a referring example: what is meant, and its boxes. Any other is a caption
with places.
"""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from ....errors import BadModelOutput, UsageError
from ....files import Entry
from ....files import Record as Row
from ....policies.prompts.asking import NATIVE_CAPTION
from ..marked import marked_text, parts_of
from ..record import Locate, Named, Record, Said, Shown, Text
from .format import Format, Source, Target, by_rows, only, thousandths, told_in


class _Marked(Row):
    image: str
    text: str
    id: str | int | None = None
    source: str = ""


def _records(source: Source, entry: Entry[_Marked]) -> Iterator[Record]:
    row = entry.value
    picture = source.picture(row.image, entry.place)
    try:
        parts = tuple(parts_of(row.text, thousandths(picture.size)))
    except BadModelOutput as error:
        raise told_in(entry.place, error) from None
    match parts:
        case (Named(text=str(words)),) if words:
            asked = Locate(text=words)
        case ():
            raise UsageError(f"{entry.place}: the text is empty")
        case _:
            asked = Text(text=NATIVE_CAPTION)
    messages = (Said(role="user", parts=(Shown(picture=0), asked)), Said(role="assistant", parts=parts))
    yield Record(id=str(row.id or entry.name), source=row.source, pictures=(picture,), messages=messages)


def write(records: Iterable[Record], target: Target) -> None:
    """References in Qwen2-VL's own marks."""

    def row(record: Record) -> dict[str, JsonValue]:
        picture = only(record.pictures)
        match record.messages:
            case (Said(parts=(Shown(), Locate(text=words))), Said(parts=(Named(text=named) as found,))) if (
                words == named
            ):
                parts: tuple[Text | Named, ...] = (found,)
            case (Said(parts=(Shown(), Text(text=words))), Said(parts=said)) if words == NATIVE_CAPTION:
                parts = tuple(part for part in said if isinstance(part, Text | Named))
                if len(parts) != len(said):
                    raise UsageError("the format holds words and places")
            case _:
                raise UsageError("the format holds one caption, or one thing and its places")
        text = marked_text(parts, (thousandths(picture.size),))
        told: dict[str, JsonValue] = {"id": record.id, "image": target.picture(picture), "text": text}
        return told | ({"source": record.source} if record.source else {})

    target.save_rows(target.rows(records, row))


MARKS = Format(
    name="marks",
    holds="a thing and its boxes, or a caption with places, in Qwen2-VL's marks",
    suffix=".jsonl",
    reads=by_rows(_Marked, _records),
    writes=write,
)
