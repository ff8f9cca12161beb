"""Text to token ids and back. No text becomes a control token: only this package's own code writes those."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from tokenizers import Tokenizer

from ..errors import ModelUnavailable

END_OF_TEXT, TURN_START, TURN_END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
VISION_START, VISION_END = "<|vision_start|>", "<|vision_end|>"
IMAGE_PAD, VIDEO_PAD = "<|image_pad|>", "<|video_pad|>"
RECIPIENT, DIFF_MARKER = "<|recipient|>", "<|diff_marker|>"
"""Before whom a turn is for, and at the end of a whole answer: of Aguvis and what was trained like it."""
POINTER_PAD = "<|pointer_pad|>"
"""Where a pointer head looks for a place."""
CONTROL = re.compile(r"<\|[a-z_]+\|>")
WRITTEN = re.compile(
    r"(<\|(?:(?:object_ref|box|quad)_(?:start|end)|recipient|diff_marker|pointer_(?:start|pad|end))\|>)"
)
"""The marks that a model writes in its answers: tokens in an assistant's message, characters elsewhere."""
_UNFINISHED = "\ufffd"
"""What a decoder writes for bytes that are not yet, or never, a character."""
_MAX_BYTES = 4
"""Of one character: more tokens than these, and what is unfinished will stay so."""


def whole(text: str) -> str:
    """The same text with question marks for half characters, which no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def defused(text: str, *, marked: bool = False) -> str:
    """The same text for a tokenizer that is not ours and reads every mark as a token: a space breaks each of them.

    `marked`: of what a model wrote the marks of answers stay. Half characters become question marks.
    """
    kept = WRITTEN if marked else None
    return CONTROL.sub(lambda mark: mark[0] if kept and kept.fullmatch(mark[0]) else f"<| {mark[0][2:]}", whole(text))


class ChatTokenizer:
    """A tokenizer.json of any kind (byte-level BPE, unigram), with control tokens kept out of reach of text."""

    def __init__(self, description: str) -> None:
        """From the text of a tokenizer.json. Raises ModelUnavailable when it is none."""
        try:
            self._tokenizer = Tokenizer.from_str(_with_controls_special(description))
        except Exception as error:  # tokenizers raises nothing narrower
            raise ModelUnavailable(f"the tokenizer cannot be read: {error}") from None
        # Marks in a text are then read as the characters that they are written with.
        self._tokenizer.encode_special_tokens = True
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        added = self._tokenizer.get_added_tokens_decoder()
        self._controls = {number for number, token in added.items() if CONTROL.fullmatch(token.content)}

    def __len__(self) -> int:
        return self._tokenizer.get_vocab_size(with_added_tokens=True)

    def id(self, control: str) -> int:
        """The token of a mark such as <|im_end|>. Raises ModelUnavailable where the checkpoint has none."""
        found = self._tokenizer.token_to_id(control)
        if found is None:
            raise ModelUnavailable(f"the tokenizer has no token {control}")
        return found

    def has(self, control: str) -> bool:
        """Whether the checkpoint has a token for this mark."""
        return self._tokenizer.token_to_id(control) is not None

    def encode(self, text: str) -> list[int]:
        """The ids of an untrusted text. Half characters, which a page may hold, become question marks."""
        text = whole(text)
        ids = self._plain(text)
        if self._controls.isdisjoint(ids):
            return ids
        # A vocabulary may hold a mark as an ordinary piece too: cut in two, no mark is a piece.
        cuts = [0, *(mark.start() + 1 for mark in CONTROL.finditer(text)), len(text)]
        return [token for start, end in pairwise(cuts) for token in self._plain(text[start:end])]

    def _plain(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def encode_marked(self, text: str) -> list[int]:
        """The ids of what a model wrote: the marks of answers are tokens, all other marks are characters."""
        ids: list[int] = []
        for piece in WRITTEN.split(text):
            mark = self._tokenizer.token_to_id(piece) if WRITTEN.fullmatch(piece) else None
            ids += self.encode(piece) if mark is None else [mark]
        return ids

    def description(self) -> str:
        """The text of its tokenizer.json."""
        return self._tokenizer.to_str()

    def decode(self, ids: Sequence[int]) -> str:
        """The text of ids, marks included."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=False)

    def stream(self) -> "TextStream":
        return TextStream(self)


class TextStream:
    """Text that grows token by token and never ends in half a character."""

    def __init__(self, tokenizer: ChatTokenizer) -> None:
        self._tokenizer = tokenizer
        self._told: list[int] = []
        self._pending: list[int] = []

    def push(self, token: int) -> str:
        """The text that has become certain with this token; empty while a character is unfinished."""
        self._pending.append(token)
        text = self._text()
        if text.endswith(_UNFINISHED) and len(self._pending) < _MAX_BYTES:
            return ""
        # Half a character must not join what follows: it was told as unfinished.
        self._told = [] if text.endswith(_UNFINISHED) else self._pending
        self._pending = []
        return text

    def finish(self) -> str:
        """What is left at the end."""
        text = self._text()
        self._pending = []
        return text

    def _text(self) -> str:
        # Behind the tokens before: some decoders drop the space of the first word that they are given.
        known = len(self._tokenizer.decode(self._told)) if self._told else 0
        return self._tokenizer.decode([*self._told, *self._pending])[known:]


def read_tokenizer(folder: Path) -> ChatTokenizer:
    """The tokenizer of a checkpoint's folder. Raises ModelUnavailable for a file that is missing or broken."""
    path = folder / "tokenizer.json"
    try:
        return ChatTokenizer(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ModelUnavailable(f"{folder} holds no tokenizer.json") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelUnavailable(f"{path} cannot be read: {error}") from None


def _with_controls_special(description: str) -> str:
    """The same description with every mark of the form <|name|> special, so that no text is read as one."""
    found: dict[str, Any] = json.loads(description)
    for token in cast(list[dict[str, Any]], found.get("added_tokens") or []):
        if CONTROL.fullmatch(str(token.get("content"))):
            token["special"] = True
    return json.dumps(found)
