"""Conversations with pictures as fine-tuning repositories read them.

- `llava`: {"id", "image" or "images", "video" or "videos", "conversations": [{"from": "human", "value": ...}]}, as
  LLaVA and the fine-tuning code of Qwen2-VL have them;
- `sharegpt`: {"messages": [{"role": "user", "content": ...}], "images", "videos"}, as LLaMA-Factory has them.

`<image>` and `<video>` stand in a text where a picture or a video does. Places in texts are Qwen2-VL's own marks, in
thousandths of the picture that was shown last. Both are read by either name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, JsonValue, field_validator

from ....errors import BadModelOutput, UsageError
from ....files import Entry, Stored
from ....files import Record as Row
from ....model.video import FRAMES_PER_SECOND
from ....policies.profiles.qwen2_vl import INSTRUCT
from ..marked import marked_text, parts_of
from ..record import Film, Locate, Named, Part, PictureFile, Record, Said, Shown, Text
from .films import Frames, film_of
from .format import Format, Source, Target, by_rows, thousandths, told_in

Role = Literal["system", "user", "assistant"]
_ROLES: dict[str, Role] = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "system": "system",
}
_NAMES: dict[Role, str] = {"user": "human", "assistant": "gpt", "system": "system"}
_HOLDERS = re.compile(r"<(image|video)>\n?")
_BEGINS, _ENDS = (INSTRUCT.ground.prompt if INSTRUCT.ground else "").replace("{image}", "").split("{description}")
"""Qwen2-VL's own question for a place."""


class _Turn(Row):
    role: Annotated[str, Field(validation_alias=AliasChoices("from", "role"))]
    text: Annotated[str, Field(validation_alias=AliasChoices("value", "content"))]

    @field_validator("role")
    @classmethod
    def _known(cls, role: str) -> str:
        if role not in _ROLES:
            raise ValueError(f"a turn is of {', '.join(_ROLES)}, not of {role[:40]!r}")
        return role


class _Chat(Row):
    conversations: tuple[_Turn, ...] = ()
    messages: tuple[_Turn, ...] = ()
    image: str | Stored | tuple[str, ...] | None = None
    images: tuple[str, ...] | str = ()
    video: str | tuple[str, ...] | None = None
    videos: tuple[Frames, ...] | str = ()
    system: str = ""
    id: str | int | None = None
    source: str = ""

    @property
    def turns(self) -> tuple[_Turn, ...]:
        return self.conversations or self.messages

    @property
    def pictures(self) -> list[str | Stored]:
        several = self.images if isinstance(self.images, tuple) else (self.images,)
        one = self.image if isinstance(self.image, tuple) else (self.image,)
        return [name for name in (*one, *several) if name is not None]

    @property
    def films(self) -> list[Frames]:
        several = self.videos if isinstance(self.videos, tuple) else (self.videos,)
        return ([] if self.video is None else [self.video]) + list(several)


@dataclass(slots=True, kw_only=True)
class _Reader:
    """What of one row is still to be shown, and the pictures so far."""

    source: Source
    place: str
    left: list[str | Stored]
    films: list[Frames]
    pictures: list[PictureFile] = field(default_factory=list[PictureFile])
    last: int | None = None
    """The picture that was shown last."""

    def parts(self, turn: _Turn) -> tuple[Part, ...]:
        parts: list[Part] = []
        end = 0
        for holder in _HOLDERS.finditer(turn.text):
            parts += self._words(turn.text[end : holder.start()])
            parts.append(self._shown() if holder[1] == "image" else self._film())
            end = holder.end()
        parts += self._words(turn.text[end:])
        return tuple(parts) or (Text(text=""),)

    def _shown(self) -> Shown:
        if not self.left:
            raise UsageError(f"{self.place} has more <image> than pictures")
        self.pictures.append(self.source.picture(self.left.pop(0), self.place))
        self.last = len(self.pictures) - 1
        return Shown(picture=self.last)

    def _film(self) -> Film:
        if not self.films:
            raise UsageError(f"{self.place} has more <video> than videos")
        film, pictures = film_of(self.source, self.films.pop(0), self.place, first=len(self.pictures))
        self.pictures += pictures
        return film

    def _words(self, text: str) -> list[Part]:
        if not text:
            return []
        if self.last is None:
            return [Text(text=text)]
        try:
            return list(parts_of(text, thousandths(self.pictures[self.last].size), self.last))
        except BadModelOutput as error:
            raise told_in(self.place, error) from None


def _records(source: Source, entry: Entry[_Chat]) -> Iterator[Record]:
    chat, place = entry.value, entry.place
    if not chat.turns:
        raise UsageError(f"{place} has neither conversations nor messages")
    reader = _Reader(source=source, place=place, left=chat.pictures, films=chat.films)
    turns = _with_holders(chat)
    said = [Said(role=_ROLES[turn.role], parts=reader.parts(turn)) for turn in turns]
    if reader.left or reader.films:
        raise UsageError(f"{place} has more pictures or videos than places for them")
    first = [Said(role="system", parts=(Text(text=chat.system),))] if chat.system else []
    messages = (*first, *_with_questions(said, reader.last))
    if messages[-1].role != "assistant":
        raise UsageError(f"{place}: the last turn is the assistant's, not the {messages[-1].role}'s")
    name = str(chat.id or entry.name)
    yield Record(id=name, source=chat.source, pictures=tuple(reader.pictures), messages=messages)


def _with_holders(chat: _Chat) -> Sequence[_Turn]:
    """The turns; where no text says where the pictures stand, they come first."""
    if any(_HOLDERS.search(turn.text) for turn in chat.turns):
        return chat.turns
    holders = "<image>" * len(chat.pictures) + "<video>" * len(chat.films)
    users = [n for n, turn in enumerate(chat.turns) if _ROLES[turn.role] == "user"]
    return [
        turn.model_copy(update={"text": holders + turn.text}) if users and n == users[0] else turn
        for n, turn in enumerate(chat.turns)
    ]


def _with_questions(said: Sequence[Said], last: int | None) -> Iterator[Said]:
    """The same, with Qwen2-VL's own question for a place as such, where a place is the answer."""
    for n, message in enumerate(said):
        answer = said[n + 1].parts if n + 1 < len(said) else ()
        asked = message.parts[-1]
        is_place = len(answer) == 1 and isinstance(answer[0], Named)
        if is_place and isinstance(asked, Text) and asked.text.startswith(_BEGINS) and asked.text.endswith(_ENDS):
            words = asked.text[len(_BEGINS) : len(asked.text) - len(_ENDS)]
            shown = [part.picture for part in message.parts if isinstance(part, Shown)] or [last or 0]
            yield message.model_copy(update={"parts": (*message.parts[:-1], Locate(text=words, picture=shown[-1]))})
        else:
            yield message


def write(records: Iterable[Record], target: Target, *, is_llava: bool) -> None:
    target.save_rows(target.rows(records, partial(_row, target=target, is_llava=is_llava)))


def _row(record: Record, *, target: Target, is_llava: bool) -> dict[str, JsonValue]:
    if not record.messages:
        raise UsageError("the format holds conversations: write a trajectory as calls")
    writer = _Writer(record, target)
    turns: list[JsonValue] = []
    for message in record.messages:
        text = writer.text(message)
        turn: JsonValue = (
            {"from": _NAMES[message.role], "value": text} if is_llava else {"role": message.role, "content": text}
        )
        turns.append(turn)
    row: dict[str, JsonValue] = {"id": record.id}
    if record.source:
        row["source"] = record.source
    images: list[JsonValue] = [target.picture(record.pictures[n]) for n in writer.images]
    films: list[JsonValue] = [
        [target.picture(record.pictures[frame.picture]) for frame in film.frames] for film in writer.films
    ]
    if images:
        row["image" if is_llava and len(images) == 1 else "images"] = (
            images[0] if is_llava and len(images) == 1 else images
        )
    if films:
        row["videos"] = films
    row["conversations" if is_llava else "messages"] = turns
    return row


class _Writer:
    """Texts of one record, and what is shown in them, in order."""

    def __init__(self, record: Record, target: Target) -> None:
        self._target = target
        self.images: list[int] = []
        self.films: list[Film] = []
        self._canvases = tuple(thousandths(picture.size) for picture in record.pictures)

    def text(self, message: Said) -> str:
        return "".join(self._written(part) for part in message.parts)

    def _written(self, part: Part) -> str:
        match part:
            case Text(text=text):
                if _HOLDERS.search(text):
                    raise UsageError("a text has the words <image> or <video>, which stand for pictures in the format")
                return marked_text([part], self._canvases)
            case Shown():
                self.images.append(part.picture)
                return "<image>\n"
            case Film():
                self.films.append(part)
                if any(abs(frame.at_s - n / FRAMES_PER_SECOND) > 1e-6 for n, frame in enumerate(part.frames)):
                    self._target.lose("times of the frames of videos")
                return "<video>\n"
            case Named():
                self._require_last(part.picture)
                return marked_text([part], self._canvases)
            case Locate(text=words):
                self._require_last(part.picture)
                return f"{_BEGINS}{words}{_ENDS}"
            case _:
                raise UsageError("the format holds no actions: write them as calls")

    def _require_last(self, picture: int) -> None:
        if not self.images or self.images[-1] != picture:
            raise UsageError("the format holds places on the picture that was shown last")


LLAVA = Format(
    name="llava",
    holds="conversations about pictures and videos; places in Qwen2-VL's marks",
    suffix=".json",
    reads=by_rows(_Chat, _records),
    writes=partial(write, is_llava=True),
)
SHAREGPT = Format(
    name="sharegpt",
    holds="the same with messages of roles, as LLaMA-Factory reads them",
    suffix=".json",
    reads=by_rows(_Chat, _records),
    writes=partial(write, is_llava=False),
)
