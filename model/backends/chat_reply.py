"""What a server writes back, whole or in pieces, checked at the border and made a generation."""

import time
from collections.abc import Callable
from math import isfinite
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, FiniteFloat

from ...errors import ModelUnavailable
from ..conversation import Decoding, Generation, Timings
from ..tokenizer import DIFF_MARKER, END_OF_TEXT, TURN_END, whole

_Text = Annotated[str, AfterValidator(whole)]


class _Read(BaseModel):
    """Some fields of a server's JSON; those that are not read may be anything."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Rival(_Read):
    token: _Text
    logprob: float


class _Token(_Read):
    token: _Text
    logprob: FiniteFloat
    top_logprobs: tuple[_Rival, ...] = ()


class _Logprobs(_Read):
    content: tuple[_Token, ...] | None = None


class _Words(_Read):
    content: _Text | None = None


class _Choice(_Read):
    words: _Words = Field(validation_alias=AliasChoices("message", "delta"))
    logprobs: _Logprobs | None = None
    finish_reason: str | None = None
    stopped_by: int | str | None = Field(None, validation_alias=AliasChoices("stop_reason", "matched_stop"))
    """The stop string, where the server says it: vLLM calls it stop_reason, SGLang matched_stop."""


class _Cached(_Read):
    cached_tokens: int | None = None


class _Usage(_Read):
    prompt_tokens: int = 0
    completion_tokens: int | None = None
    prompt_tokens_details: _Cached | None = None


class Piece(_Read):
    """A chat completion, or a chunk of one; a chunk without a choice only counts tokens."""

    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


class Served(_Read):
    """What GET /models lists."""

    class _Model(_Read):
        id: str

    data: tuple[_Model, ...]

    @property
    def names(self) -> list[str]:
        return [model.id for model in self.data]


class Reply:
    """An answer as it arrives."""

    def __init__(self, decoding: Decoding, on_text: Callable[[str], None] | None) -> None:
        self._decoding, self._on_text = decoding, on_text
        self._text = ""
        self._tokens: list[_Token] = []
        self._usage = _Usage()
        self._finish: str | None = None
        self._stopped_by: int | str | None = None
        self._first_at: float | None = None

    @property
    def first_at(self) -> float:
        """When the first text came, as `time.perf_counter` tells it; now where there is none."""
        return self._first_at or time.perf_counter()

    def take(self, piece: Piece) -> None:
        """One more piece of it."""
        self._usage = piece.usage or self._usage
        for choice in piece.choices[:1]:
            self._grow(choice.words.content or "")
            self._tokens += (choice.logprobs and choice.logprobs.content) or ()
            self._finish = choice.finish_reason or self._finish
            self._stopped_by = choice.stopped_by or self._stopped_by

    def generation(self, *, visual_tokens: int, timings: Timings) -> Generation:
        """The whole of it. Raises ModelUnavailable for an answer that has not ended, or that the server gave up."""
        finish = self._ending()
        tokens = self._tokens
        ends = (TURN_END, END_OF_TEXT, DIFF_MARKER) if finish == "end" else (TURN_END, END_OF_TEXT)
        if tokens and tokens[-1].token in ends:  # its probability is no part of the answer's
            tokens = tokens[:-1]
        cached = self._usage.prompt_tokens_details
        return Generation(
            text=self._text,
            tokens=tuple(token.token for token in tokens),
            logprobs=tuple(token.logprob for token in tokens),
            top_logprobs=tuple(_rivals(token) for token in tokens),
            finish=finish,
            prompt_tokens=self._usage.prompt_tokens,
            reused_tokens=(cached and cached.cached_tokens) or 0,
            visual_tokens=visual_tokens,
            passes=self._usage.completion_tokens or 0,
            timings=timings,
        )

    def _grow(self, text: str) -> None:
        if not text:
            return
        self._first_at = self._first_at or time.perf_counter()
        self._text += text
        if self._on_text is not None:
            self._on_text(text)

    def _ending(self) -> Literal["end", "stop", "length"]:
        match self._finish:
            case "stop" | "eos_token":
                return "stop" if self._stopped_by in self._decoding.stop else "end"
            case "length":
                return "length"
            case None:
                raise ModelUnavailable(f"the server broke off its answer after {len(self._text)} characters")
            case reason:
                raise ModelUnavailable(f"the server gave up its answer: {reason[:40]!r}")


def _rivals(token: _Token) -> tuple[tuple[str, float], ...]:
    """The likeliest tokens in its place, in order: some servers put the one that was chosen first."""
    likely = sorted(token.top_logprobs, key=lambda rival: rival.logprob, reverse=True)
    return tuple((rival.token, rival.logprob) for rival in likely if isfinite(rival.logprob))
