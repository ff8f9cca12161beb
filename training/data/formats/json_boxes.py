"""Places as Qwen2.5-VL is fine-tuned on them: a conversation whose answer is JSON, in pixels of the picture.

{"image": "a.png", "conversations": [
    {"from": "human", "value": "<image>\\nLocate the bell."},
    {"from": "gpt", "value": "[{\\"bbox_2d\\": [135, 114, 1016, 672], \\"label\\": \\"bell\\"}]"}]}
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated

from pydantic import AliasChoices, Field, JsonValue

from ....errors import BadModelOutput, UsageError
from ....files import Entry
from ....files import Record as Row
from ....policies.grammars import SCREEN_PIXELS, Canvas, box_of, center_of
from ....policies.grammars.captions import parse_caption
from ....screen import Quad
from ..record import Locate, Named, Record, Said, Shown, Text, numbers_of
from .format import Format, Source, Target, by_rows, only, told_in

_ASK = "Locate "
"""How the published examples begin to ask for one thing."""


class _Turn(Row):
    value: Annotated[str, Field(validation_alias=AliasChoices("value", "content"))]


class _Conversation(Row):
    image: str
    turns: Annotated[
        tuple[_Turn, ...], Field(min_length=2, max_length=2, validation_alias=AliasChoices("conversations", "messages"))
    ]
    id: str | int | None = None
    source: str = ""


def _records(source: Source, entry: Entry[_Conversation]) -> Iterator[Record]:
    row = entry.value
    picture = source.picture(row.image, entry.place)
    asked, answer = (turn.value for turn in row.turns)
    question = asked.replace("<image>", "").strip()
    try:
        found = parse_caption(answer, Canvas(size=picture.size, space=SCREEN_PIXELS)).references
    except BadModelOutput as error:
        raise told_in(entry.place, error) from None
    if not found:
        raise UsageError(f"{entry.place}: the answer has neither a bbox_2d nor a point_2d")
    named = tuple(Named(text=one.description, places=tuple(numbers_of(shape) for shape in one.shapes)) for one in found)
    words = question.removeprefix(_ASK).rstrip(".")
    is_one = len(named) == 1 and question.startswith(_ASK) and words == named[0].text
    part = Locate(text=words) if is_one else Text(text=question)
    messages = (Said(role="user", parts=(Shown(picture=0), part)), Said(role="assistant", parts=named))
    yield Record(id=str(row.id or entry.name), source=row.source, pictures=(picture,), messages=messages)


def write(records: Iterable[Record], target: Target) -> None:
    """Questions for places and what answers them."""

    def row(record: Record) -> dict[str, JsonValue]:
        match record.messages:
            case (Said(role="user", parts=(Shown(), Locate() | Text() as asked)), Said(role="assistant", parts=parts)):
                pass
            case _:
                raise UsageError("the format holds one question and places")
        named = [part for part in parts if isinstance(part, Named)]
        if len(named) < len(parts):
            raise UsageError("the format holds places and no other words")
        for what in _lost(asked, named):
            target.lose(what)
        question = f"{_ASK}{asked.text}." if isinstance(asked, Locate) else asked.text
        answer = json.dumps([_object(part) for part in named], ensure_ascii=False)
        turns: JsonValue = [{"from": "human", "value": f"<image>\n{question}"}, {"from": "gpt", "value": answer}]
        found: dict[str, JsonValue] = {"id": record.id, "image": target.picture(only(record.pictures))}
        if record.source:
            found["source"] = record.source
        found["conversations"] = turns
        return found

    target.save_rows(target.rows(records, row))


def _lost(asked: Locate | Text, named: Sequence[Named]) -> Iterator[str]:
    """What the format has no place for."""
    if isinstance(asked, Locate) and ([part.text for part in named] != [asked.text] or asked.text.endswith(".")):
        yield "that a question is for a place, where it is not answered by its own words"
    if any(isinstance(shape, Quad) for part in named for shape in part.shapes):
        yield "corners of quads, whose boxes are held"


def _object(part: Named) -> dict[str, JsonValue]:
    if len(part.places) != 1:
        raise UsageError("the format holds one place for each name")
    shape = part.shapes[0]
    box, at = box_of(shape), center_of(shape)
    if box is None:
        return {"point_2d": [round(at.x), round(at.y)], "label": part.text}
    return {"bbox_2d": [round(number) for number in numbers_of(box)], "label": part.text}


JSON_BOXES = Format(
    name="bbox-2d",
    holds="a question and its places as Qwen2.5-VL's JSON, in whole pixels",
    suffix=".json",
    reads=by_rows(_Conversation, _records),
    writes=write,
)
