"""An answer as it is written: tokens come in, text goes out, and a stop string ends it unseen."""

from collections.abc import Callable, Sequence
from typing import Protocol

from .conversation import Decoding, Generation, Timings
from .sampling import Choice
from .tokenizer import ChatTokenizer


class Asked(Protocol):
    """What an answer tells of its prompt."""

    @property
    def ids(self) -> Sequence[int]: ...

    @property
    def visual_tokens(self) -> int: ...

    @property
    def is_halved(self) -> bool: ...


class Answer:
    """One answer under way. `done` is None until it has ended."""

    def __init__(
        self, tokenizer: ChatTokenizer, decoding: Decoding, ends: tuple[int, ...], on_text: Callable[[str], None] | None
    ) -> None:
        self._tokenizer, self._decoding, self._ends, self._on_text = tokenizer, decoding, ends, on_text
        self._stream = tokenizer.stream()
        self._text = ""
        self._told = 0
        self.ids: list[int] = []
        self.end: list[int] = []
        """The token that ended the turn, where the model wrote one."""
        self.passes = 1
        """Runs of the decoder that it took, that over the prompt included."""
        self._choices: list[Choice] = []
        self._finish: str | None = None

    @property
    def whole(self) -> list[int]:
        """Its tokens, with the one that ended the turn."""
        return [*self.ids, *self.end]

    @property
    def is_over(self) -> bool:
        return self._finish is not None

    def push(self, choice: Choice) -> None:
        """One more token. The end of turn is no part of the answer."""
        if choice.token in self._ends:
            self.end = [choice.token]
            self._end("end")
            return
        self.ids.append(choice.token)
        self._choices.append(choice)
        self._grow(self._stream.push(choice.token))
        if not self.is_over and len(self.ids) >= self._decoding.max_new_tokens:
            self._end("length")

    def generation(self, prompt: Asked, reused: int, timings: Timings, *, looked: int | None = None) -> Generation:
        """What was written so far behind a prompt, of which the first `reused` tokens were known."""
        match self._finish:
            case "end" | "stop" | "length" as finish:
                pass
            case _:
                finish = "length"
        return Generation(
            text=self._text,
            token_ids=tuple(self.ids),
            tokens=_spell(self._tokenizer, self.ids),
            logprobs=tuple(choice.logprob for choice in self._choices),
            top_logprobs=tuple(self._rivals(choice) for choice in self._choices),
            finish=finish,
            prompt_tokens=len(prompt.ids),
            reused_tokens=reused,
            visual_tokens=prompt.visual_tokens,
            looked=looked,
            is_halved=prompt.is_halved,
            passes=self.passes,
            timings=timings,
        )

    def _rivals(self, choice: Choice) -> tuple[tuple[str, float], ...]:
        return tuple((self._tokenizer.decode([token]), logprob) for token, logprob in choice.top)

    def _grow(self, text: str) -> None:
        start = max(0, len(self._text) - max(map(len, self._decoding.stop), default=0))
        self._text += text
        found = [place for stop in self._decoding.stop if stop and (place := self._text.find(stop, start)) >= 0]
        if found:
            self._text = self._text[: min(found)]
            self._finish = "stop"
        self._tell(len(self._text) if self.is_over else len(self._text) - self._held_back())

    def _end(self, finish: str) -> None:
        self._grow(self._stream.finish())
        self._finish = self._finish or finish
        self._tell(len(self._text))

    def _held_back(self) -> int:
        """How many characters at the end may turn out to begin a stop string."""
        return max(
            (
                size
                for stop in self._decoding.stop
                for size in range(1, min(len(stop), len(self._text) + 1))
                if self._text.endswith(stop[:size])
            ),
            default=0,
        )

    def _tell(self, end: int) -> None:
        if self._on_text is not None and end > self._told:
            self._on_text(self._text[self._told : end])
            self._told = end


def _spell(tokenizer: ChatTokenizer, ids: list[int]) -> tuple[str, ...]:
    """The text of each token; a character of several tokens belongs to the last of them."""
    stream = tokenizer.stream()
    texts = [stream.push(token) for token in ids]
    if texts:
        texts[-1] += stream.finish()
    return tuple(texts)
