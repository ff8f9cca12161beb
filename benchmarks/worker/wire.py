"""What goes over the line to a worker: one message of JSON for each request and each answer, and pixels behind it.

Four bytes say how long the JSON is. Nothing is unpickled on either side.
"""

import asyncio
import json
import struct
from collections.abc import Mapping
from typing import Any, Literal, get_type_hints

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter
from pydantic_core import PydanticSerializationError

from ... import errors
from ...environments import Facts
from ...errors import ClickwrightError, EnvironmentLost
from ...screen import Box, Observation, Screenshot
from ...tools import Action, Finish, Task
from ..row import Key
from ..suite import Choice, Scored

MAX_MESSAGE_BYTES = 64_000_000
_LENGTH = struct.Struct(">I")

Do = Literal["open", "begin", "reset", "observe", "recover", "step", "facts", "sensitive", "oracle", "score", "close"]

_SEEN: Mapping[str, TypeAdapter[Any]] = {
    name: TypeAdapter(hint) for name, hint in get_type_hints(Observation).items() if name != "screenshot"
}
"""What an observation holds beside its picture."""

RAISED: Mapping[str, type[ClickwrightError]] = {
    kind.__name__: kind
    for kind in (
        errors.UsageError,
        errors.ActionFailed,
        errors.EnvironmentLost,
        errors.Denied,
        errors.ModelUnavailable,
    )
}
"""What a stage or an environment may raise, and is raised again at the other end."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(_Message):
    """What a stage is to do, with what that needs."""

    do: Do
    suite: str = ""
    choice: Choice | None = None
    key: Key | None = None
    task: Task | None = None
    action: Action | None = None
    finish: Finish | None = None


class Picture(_Message):
    """What is said of the pixels that follow a message."""

    shape: tuple[int, int, int]
    scale: float
    taken_s: float
    took_s: float


class Answer(_Message):
    """What came of it. `seen` and `picture` together are an observation; `over` is told with each."""

    raised: str = ""
    reason: str = ""
    task: Task | None = None
    seen: dict[str, Any] | None = None
    picture: Picture | None = None
    over: bool = False
    facts: Facts | None = None
    boxes: tuple[Box, ...] = ()
    action: Action | None = None
    scored: Scored | None = None

    def require(self) -> None:
        """Raise what the other end raised."""
        if self.raised:
            raise RAISED.get(self.raised, EnvironmentLost)(self.reason)


def taken_apart(observation: Observation) -> tuple[dict[str, Any], Picture, bytes]:
    """An observation as what an answer holds, and its pixels."""
    shot = observation.screenshot
    rows, columns, channels = shot.pixels.shape
    picture = Picture(shape=(rows, columns, channels), scale=shot.scale, taken_s=shot.taken_s, took_s=shot.took_s)
    seen = {name: kind.dump_python(getattr(observation, name), mode="json") for name, kind in _SEEN.items()}
    return seen, picture, np.ascontiguousarray(shot.pixels).tobytes()


def put_together(answer: Answer, pixels: bytes) -> Observation:
    """The observation of an answer. Raises EnvironmentLost where it holds none."""
    if answer.picture is None or answer.seen is None:
        raise EnvironmentLost("the worker showed no screen")
    picture = answer.picture
    screenshot = Screenshot(
        pixels=np.frombuffer(pixels, np.uint8).reshape(picture.shape),
        scale=picture.scale,
        taken_s=picture.taken_s,
        took_s=picture.took_s,
    )
    try:
        seen = {name: kind.validate_python(answer.seen[name]) for name, kind in _SEEN.items()}
    except (KeyError, ValueError) as error:
        raise EnvironmentLost(f"what the worker showed cannot be read: {error}") from None
    return Observation(screenshot=screenshot, **seen)


def packed(message: BaseModel) -> bytes:
    """A message as it goes over the line."""
    try:
        body = message.model_dump_json().encode()
    except PydanticSerializationError:  # half a character, which a page may hold and no file can
        body = json.dumps(message.model_dump(mode="json"), ensure_ascii=False).encode("utf-8", "replace")
    return _LENGTH.pack(len(body)) + body


def parted(message: bytes) -> tuple[bytes, bytes]:
    """The JSON of a message that came in one piece, and what came behind it. Raises ValueError for what is none."""
    if len(message) < _LENGTH.size:
        raise ValueError("the message is too short")
    (length,) = _LENGTH.unpack_from(message)
    end = _LENGTH.size + length
    if len(message) < end:
        raise ValueError("the message is too short")
    return message[_LENGTH.size : end], message[end:]


async def read_body(reader: asyncio.StreamReader) -> bytes:
    """The JSON of the next message. Raises IncompleteReadError at the end, ValueError for what is no message."""
    (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
    if length > MAX_MESSAGE_BYTES:
        raise ValueError("the message is too long")
    return await reader.readexactly(length)
