"""Conversations to token ids: ChatML as Qwen2-VL was trained on it, with a placeholder for every visual token."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .conversation import Conversation, Message, Part, Picture, Video
from .rotary import Grid
from .tokenizer import IMAGE_PAD, TURN_END, TURN_START, VIDEO_PAD, VISION_END, VISION_START, ChatTokenizer

DEFAULT_SYSTEM = "You are a helpful assistant."


@dataclass(frozen=True, slots=True)
class Control:
    """A token that only this package writes, `count` times over."""

    mark: str
    count: int = 1


def prompt_ids(
    tokenizer: ChatTokenizer, conversation: Conversation, grids: Sequence[Grid], *, default_system: str | None
) -> list[int]:
    """The ids of a conversation up to where the model goes on. `grids` are those of its pictures, in order."""
    ids: list[int] = []
    for piece in _merged(_pieces(conversation, iter(grids), default_system)):
        match piece:
            case Control(mark, count):
                ids += [tokenizer.id(mark)] * count
            case (text, True):
                ids += tokenizer.encode_marked(text)
            case (text, False):
                ids += tokenizer.encode(text)
    return ids


def seen_in(conversation: Conversation) -> list[Picture | Video]:
    """Every picture and video, in the order in which they are shown."""
    return [part for message in conversation.messages for part in message.parts if not isinstance(part, str)]


def read_default_system(folder: Path) -> str | None:
    """The system text of a conversation that begins without one, as the checkpoint's chat template has it.

    The template is only looked at, never run. Without one, that of Qwen2-VL holds.
    """
    template = _template(folder)
    return DEFAULT_SYSTEM if template is None or DEFAULT_SYSTEM in template else None


_Text = tuple[str, bool]
"""A piece of text, and whether the grounding marks in it are tokens."""


def _pieces(conversation: Conversation, grids: Iterator[Grid], default_system: str | None) -> Iterator[Control | _Text]:
    messages = conversation.messages
    if default_system is not None and (not messages or messages[0].role != "system"):
        messages = (Message("system", (default_system,)), *messages)
    for message in messages:
        marked = message.role == "assistant"
        yield Control(TURN_START)
        yield f"{message.role}\n", marked
        for part in message.parts:
            yield from _part(part, grids, marked)
        yield Control(TURN_END)
        yield "\n", False
    yield Control(TURN_START)
    yield f"assistant\n{conversation.prefix}", True


def _part(part: Part, grids: Iterator[Grid], marked: bool) -> Iterator[Control | _Text]:
    if isinstance(part, str):
        yield part, marked
        return
    frames, rows, columns = next(grids)
    yield Control(VISION_START)
    yield Control(IMAGE_PAD if isinstance(part, Picture) else VIDEO_PAD, frames * rows * columns // 4)
    yield Control(VISION_END)


def _merged(pieces: Iterator[Control | _Text]) -> Iterator[Control | _Text]:
    """The same with neighbouring texts joined: a tokenizer reads them as one, and so must be given them as one."""
    text: _Text = "", False
    for piece in pieces:
        if isinstance(piece, Control):
            if text[0]:
                yield text
            text = "", False
            yield piece
        else:
            text = text[0] + piece[0], text[1] or piece[1]
    if text[0]:
        yield text


def _template(folder: Path) -> str | None:
    jinja = _text(folder / "chat_template.jinja")
    if jinja is not None:
        return jinja
    for name in ("chat_template.json", "tokenizer_config.json"):
        found = _text(folder / name)
        try:
            whole: object = None if found is None else json.loads(found)
        except ValueError:
            whole = None
        value = cast(dict[str, Any], whole).get("chat_template") if isinstance(whole, dict) else None
        if value is not None:
            return value if isinstance(value, str) else json.dumps(value)
    return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
