"""What goes into a model and what comes out: messages with pictures, and a generation with its evidence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from ..screen import Pixels, Screenshot, Size
from .grammar import Grammar

Role = Literal["system", "user", "assistant"]

TOP = 20
"""How many of the likeliest tokens are told for each choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A still. Dimensions: pixels is (height, width, 3) uint8 RGB, at any size; the processor resizes.

    `frame` is what `Screenshot.frame` says of these pixels, where it is known: they need not be read for a name then,
    and must stay as they are.
    """

    pixels: Pixels
    frame: str = ""

    @classmethod
    def of(cls, screenshot: Screenshot) -> Self:
        """What a screen showed."""
        return cls(screenshot.pixels, screenshot.frame)


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """Sampled frames of equal size, oldest first. Dimensions: frames is (n, height, width, 3) uint8 RGB, n >= 1."""

    frames: Pixels


class Marked(str):
    """A text of our own, in which the grounding marks are tokens, as in the prompts that checkpoints were trained on.

    A message that holds other texts too is an ordinary one, and what is put together of it and of them is as well.
    """

    __slots__ = ()


Part = str | Picture | Video
"""Text is always untrusted: no string can become a control token of the chat, whoever wrote it.

In an assistant message, and in one of `Marked` text, the marks of answers (object_ref, box, quad, pointer, recipient,
diff_marker) are read as the tokens that they are, because the model or we wrote them; the marks of the chat and of
vision never are. A mark for which the checkpoint has no token is characters there too.
"""


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    parts: tuple[Part, ...]

    @property
    def is_marked(self) -> bool:
        """Whether the grounding marks in its texts are tokens: the model wrote them, or we did and nobody else."""
        texts = [part for part in self.parts if isinstance(part, str)]
        return self.role == "assistant" or all(isinstance(text, Marked) for text in texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Messages in order. `prefix` is the beginning of the answer, already decided: the model goes on from there.

    For checkpoints that know the two marks, an assistant's text or a prefix that begins with <|recipient|> stands right
    behind the name of the role, and a text that ends in <|diff_marker|> has ended its turn with it. An answer of two
    turns, one <|recipient|>all and one <|recipient|>os, is two messages: only the last of them ends in <|diff_marker|>.
    """

    messages: tuple[Message, ...]
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How the next token is chosen. Temperature 0 is greedy; a seed makes sampling repeatable.

    `stop` strings end the answer and are not part of it. A `grammar` says what the answer may be: what it leaves no
    choice about is filled in without the model. Up to `drafts` tokens are guessed from what was read and written before
    and checked in one pass, which changes no answer; 0 guesses none.
    """

    max_new_tokens: int = 512
    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    seed: int | None = None
    stop: tuple[str, ...] = ()
    grammar: Grammar | None = None
    drafts: int = 16

    def __post_init__(self) -> None:
        if self.max_new_tokens < 1:
            raise UsageError(f"an answer needs at least one token, got max_new_tokens={self.max_new_tokens}")
        if self.drafts < 0:
            raise UsageError(f"fewer than no tokens cannot be guessed, got drafts={self.drafts}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Seconds spent on: pixels and text to tensors, the vision tower, the prompt, all new tokens."""

    process_s: float = 0.0
    vision_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0

    @property
    def total_s(self) -> float:
        return self.process_s + self.vision_s + self.prefill_s + self.decode_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What a model wrote. `text` keeps the marks of answers and drops the end of turn.

    `token_ids`, `tokens` and `logprobs` are of equal length: the id, the text and the natural-log probability
    (at temperature 1, before any filter, among what the grammar allows) of each new token, the prefix not included.
    A server may tell no ids, and then there are none.
    After a stop string they go on to its end, where the text does not. `top_logprobs` are the likeliest tokens in
    place of each, the likeliest first, and none where the grammar left no choice. `reused_tokens` of the prompt were
    known from the conversation before and not read again, and the vision tower `looked` at so many of its pictures: 0
    where the screen has not changed, None where that is not known. `passes` counts the runs of the decoder that the
    tokens took, that over the prompt included. `is_halved` where pictures are read at half the pixels by now, since the
    GPU's memory did not do for all of them; a RuntimeWarning says so when it begins.
    """

    text: str
    token_ids: tuple[int, ...] = ()
    tokens: tuple[str, ...] = ()
    logprobs: tuple[float, ...] = ()
    top_logprobs: tuple[tuple[tuple[str, float], ...], ...] = ()
    finish: Literal["end", "stop", "length"] = "end"
    prompt_tokens: int = 0
    reused_tokens: int = 0
    visual_tokens: int = 0
    looked: int | None = None
    passes: int = 0
    is_halved: bool = False
    timings: Timings = field(default_factory=Timings)

    @property
    def new_tokens(self) -> int:
        """How many tokens were written. Where they were not told, as many as the decoder ran."""
        return len(self.token_ids) or len(self.tokens) or self.passes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pointed:
    """Where a picture shows what a model means.

    Dimensions: scores (rows, columns) float32, one for each 28 x 28 pixels of the picture at `seen`, the size at which
    it was read; their sum is 1. The other fields are as in `Generation`.
    """

    scores: NDArray[np.float32]
    seen: Size
    prompt_tokens: int = 0
    reused_tokens: int = 0
    visual_tokens: int = 0
    is_halved: bool = False
    timings: Timings = field(default_factory=Timings)


class Model(Protocol):
    """Anything that turns a conversation into text."""

    @property
    def name(self) -> str: ...

    def seen_size(self, size: Size) -> Size:
        """The size at which it reads a still of this size, as of now.

        An engine that has to relieve its memory reads smaller ones from then on, so ask again behind an answer.
        Raises UsageError for a size that it cannot read.
        """
        ...

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The answer to a conversation; `on_text` is called with each new piece of text as it is decoded.

        Raises ModelUnavailable when the model cannot run, UsageError for a conversation it cannot read.
        """
        ...


@runtime_checkable
class Sessions(Model, Protocol):
    """A model that remembers what it has read, for each of several trajectories by itself."""

    def session(self) -> Model:
        """The same model with a memory of its own."""
        ...


@runtime_checkable
class Pointer(Model, Protocol):
    """A model that may have a head with which it points, without writing anything."""

    @property
    def can_point(self) -> bool:
        """Whether this checkpoint has such a head."""
        ...

    def point(self, conversation: Conversation) -> Pointed:
        """Where the last picture shows what the last <|pointer_pad|> of the conversation's prefix means.

        Other pictures are read but not searched. Raises ModelUnavailable when the model cannot run, UsageError for a
        checkpoint without such a head, and for a conversation without a picture or a prefix without that mark.
        """
        ...
