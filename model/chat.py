"""Conversations to token ids: ChatML as Qwen2-VL was trained on it, with a placeholder for every visual token."""

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .conversation import Conversation, Message, Part, Picture, Video
from .rotary import Grid
from .tokenizer import (
    DIFF_MARKER,
    IMAGE_PAD,
    RECIPIENT,
    TURN_END,
    TURN_START,
    VIDEO_PAD,
    VISION_END,
    VISION_START,
    ChatTokenizer,
)

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
    marks = frozenset(filter(tokenizer.has, (RECIPIENT, DIFF_MARKER)))
    for piece in _merged(_pieces(conversation, iter(grids), default_system, marks)):
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


def joined(parts: Iterable[Part]) -> list[Part]:
    """The same parts with neighbouring texts as one: a mark may begin in one of them and end in the next."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return found


def turns_of_agents(tokenizer: ChatTokenizer, text: str) -> str:
    """A chat that a template has written, with turns that name a recipient as `prompt_ids` writes them.

    In `text` no mark that is a token stands where only characters may.
    """
    if tokenizer.has(RECIPIENT):
        text = text.replace(f"{TURN_START}assistant\n{RECIPIENT}", f"{TURN_START}assistant{RECIPIENT}")
    return text.replace(f"{DIFF_MARKER}{TURN_END}", DIFF_MARKER) if tokenizer.has(DIFF_MARKER) else text


def read_default_system(folder: Path) -> str | None:
    """The system text of a conversation that begins without one, as the checkpoint's chat template has it.

    The template is only looked at, never run. Without one, that of Qwen2-VL holds.
    """
    template = _template(folder)
    return DEFAULT_SYSTEM if template is None or DEFAULT_SYSTEM in template else None


_Text = tuple[str, bool]
"""A piece of text, and whether the marks of answers in it are tokens."""


def _pieces(
    conversation: Conversation, grids: Iterator[Grid], default_system: str | None, marks: Container[str]
) -> Iterator[Control | _Text]:
    """`marks` are those of <|recipient|> and <|diff_marker|> for which there is a token."""
    messages = conversation.messages
    if default_system is not None and (not messages or messages[0].role != "system"):
        messages = (Message("system", (default_system,)), *messages)
    for message in messages:
        answers, marked = message.role == "assistant", message.is_marked
        parts = joined(message.parts) or [""]
        yield Control(TURN_START)
        yield _opening(parts[0], marks) if answers else f"{message.role}\n", marked
        for part in parts:
            yield from _part(part, grids, marked)
        if not (answers and _has_ended(parts[-1], marks)):
            yield Control(TURN_END)
        yield "\n", False
    yield Control(TURN_START)
    yield _opening(conversation.prefix, marks) + conversation.prefix, True


def _opening(first: Part, marks: Container[str]) -> str:
    """What stands before the first part of an assistant's turn."""
    names_recipient = RECIPIENT in marks and isinstance(first, str) and first.startswith(RECIPIENT)
    return "assistant" if names_recipient else "assistant\n"


def _has_ended(last: Part, marks: Container[str]) -> bool:
    """Whether the last part of an assistant's turn ends it."""
    return DIFF_MARKER in marks and isinstance(last, str) and last.endswith(DIFF_MARKER)


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
