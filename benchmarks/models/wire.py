"""What is asked of a model elsewhere and what it answers: one message of JSON each, with the pixels behind it."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Literal, assert_never

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from ...errors import ModelUnavailable
from ...model import Conversation, Decoding, Generation, Marked, Message, Part, Picture, Pointed, Role, Timings, Video
from ...screen import Size
from ..worker.wire import RAISED, packed, parted


class _Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")


class Checkpoint(_Plain):
    """Which model is opened, as `open_model` has it."""

    name: str
    backend: str | None = None
    device: str | None = None
    dtype: str | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    quantize: str | None = None
    select: float = 1.0
    factor: int | None = None
    read_s: float | None = None


class Piece(_Plain):
    """One part of a message. `shape` is that of the pixels that follow, in the order of the pieces."""

    kind: Literal["text", "marked", "picture", "video"]
    text: str = ""
    shape: tuple[int, ...] = ()


class Said(_Plain):
    """One message."""

    role: Role
    pieces: tuple[Piece, ...]


class Asked(_Plain):
    """What a model is to do. `session` is the trajectory that it is for."""

    do: Literal["open", "size", "generate", "point"]
    session: int = 0
    checkpoint: Checkpoint | None = None
    size: tuple[int, int] | None = None
    said: tuple[Said, ...] = ()
    prefix: str = ""
    decoding: Decoding | None = None


class About(_Plain):
    """What is known of a model once it is open."""

    name: str
    backend: str
    device: str
    dtype: str
    can_point: bool
    min_pixels: int | None = None
    max_pixels: int | None = None


class Aimed(_Plain):
    """A `Pointed` without its scores, whose bytes follow; dimensions: rows, columns."""

    shape: tuple[int, int]
    seen: tuple[int, int]
    prompt_tokens: int
    reused_tokens: int
    visual_tokens: int
    is_halved: bool
    timings: Timings


class Told(_Plain):
    """What came of it."""

    raised: str = ""
    reason: str = ""
    about: About | None = None
    size: tuple[int, int] | None = None
    generation: Generation | None = None
    aimed: Aimed | None = None

    def require(self) -> None:
        """Raise what the other end raised."""
        if self.raised:
            raise RAISED.get(self.raised, ModelUnavailable)(self.reason)


def asked_bytes(asked: Asked, conversation: Conversation | None = None) -> bytes:
    """A question as it goes over the line."""
    if conversation is None:
        return packed(asked)
    said = tuple(Said(role=one.role, pieces=tuple(map(_piece, one.parts))) for one in conversation.messages)
    asked = asked.model_copy(update={"said": said, "prefix": conversation.prefix})
    return packed(asked) + b"".join(_pixels(conversation))


def read_asked(message: bytes) -> tuple[Asked, Conversation]:
    """The question, and what was said with it. Raises ValueError for what is none."""
    body, pixels = parted(message)
    asked = Asked.model_validate_json(body)
    taken = 0
    messages: list[Message] = []
    for one in asked.said:
        parts: list[Part] = []
        for piece in one.pieces:
            size = prod(piece.shape) if piece.shape else 0
            parts.append(_part(piece, pixels[taken : taken + size]))
            taken += size
        messages.append(Message(one.role, tuple(parts)))
    return asked, Conversation(messages=tuple(messages), prefix=asked.prefix)


def pointed_bytes(found: Pointed) -> bytes:
    """Where a picture shows something, as it goes over the line."""
    rows, columns = found.scores.shape
    aimed = Aimed(
        shape=(rows, columns),
        seen=(found.seen.width, found.seen.height),
        prompt_tokens=found.prompt_tokens,
        reused_tokens=found.reused_tokens,
        visual_tokens=found.visual_tokens,
        is_halved=found.is_halved,
        timings=found.timings,
    )
    return packed(Told(aimed=aimed)) + np.ascontiguousarray(found.scores, np.float32).tobytes()


def read_told(message: bytes) -> tuple[Told, bytes]:
    """The answer, and what came behind it. Raises ValueError for what is none, and what the answer says was raised."""
    body, rest = parted(message)
    told = Told.model_validate_json(body)
    told.require()
    return told, rest


def pointed_of(aimed: Aimed, scores: bytes) -> Pointed:
    """What `pointed_bytes` was given."""
    return Pointed(
        scores=np.frombuffer(scores, np.float32).reshape(aimed.shape),
        seen=Size(*aimed.seen),
        prompt_tokens=aimed.prompt_tokens,
        reused_tokens=aimed.reused_tokens,
        visual_tokens=aimed.visual_tokens,
        is_halved=aimed.is_halved,
        timings=aimed.timings,
    )


def _piece(part: Part) -> Piece:
    match part:
        case Marked():
            return Piece(kind="marked", text=str(part))
        case str():
            return Piece(kind="text", text=part)
        case Picture():
            return Piece(kind="picture", shape=part.pixels.shape)
        case Video():
            return Piece(kind="video", shape=part.frames.shape)
        case _:
            assert_never(part)


def _part(piece: Piece, pixels: bytes) -> Part:
    match piece.kind:
        case "text":
            return piece.text
        case "marked":
            return Marked(piece.text)
        case "picture":
            return Picture(_array(pixels, piece.shape))
        case "video":
            return Video(_array(pixels, piece.shape))


def _array(pixels: bytes, shape: Sequence[int]) -> NDArray[np.uint8]:
    return np.frombuffer(pixels, np.uint8).reshape(shape)


def _pixels(conversation: Conversation) -> Iterator[bytes]:
    for message in conversation.messages:
        for part in message.parts:
            if isinstance(part, Picture):
                yield np.ascontiguousarray(part.pixels).tobytes()
            elif isinstance(part, Video):
                yield np.ascontiguousarray(part.frames).tobytes()
