"""Grammars: what an answer may say, kept token by token. llguidance knows which tokens that leaves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError


@dataclass(frozen=True, slots=True)
class Grammar:
    """What an answer may say, in llguidance's dialect of Lark, control tokens as <|name|>.

    `examples` are answers that are likely: drafts are made from them until there are answers to make them from.
    https://github.com/guidance-ai/llguidance/blob/main/docs/syntax.md

    `schema` is the JSON schema that it was made of, for servers that take no Lark.
    """

    lark: str
    examples: tuple[str, ...] = ()
    schema: Mapping[str, object] | None = field(default=None, compare=False)

    @classmethod
    def of_schema(cls, schema: Mapping[str, object]) -> Self:
        """Answers that are one JSON value of this schema, spaced as `json.dumps` does."""
        return cls(f"start: {json_value(schema)}", schema=dict(schema))

    @property
    def fault(self) -> str:
        """Why it cannot be read; empty where it can."""
        from llguidance import LLMatcher

        return LLMatcher.validate_grammar(LLMatcher.grammar_from_lark(self.lark))


def json_value(schema: Mapping[str, object]) -> str:
    """One JSON value of this schema, as a part of a rule, spaced as `json.dumps` does."""
    spacing = {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
    return f"%json {json.dumps(dict(schema) | {'x-guidance': spacing})}"


class GrammarTokenizer:
    """A tokenizer as llguidance needs it: made once, since it sorts the whole vocabulary."""

    def __init__(self, description: str, rows: int, ends: tuple[int, ...]) -> None:
        """From the text of a tokenizer.json, the rows of the output embedding and the tokens that end an answer."""
        from llguidance import LLTokenizer

        self.rows, self.ends = rows, ends
        self.tokens = LLTokenizer(description, n_vocab=rows, eos_token=list(ends))


class Guide:
    """Follows one answer through a grammar."""

    def __init__(self, grammar: Grammar, tokenizer: GrammarTokenizer) -> None:
        """Raises UsageError for a grammar that cannot be read."""
        from llguidance import LLMatcher

        self._tokenizer = tokenizer
        compiled = LLMatcher.grammar_from_lark(grammar.lark)
        self._matcher = LLMatcher(tokenizer.tokens, compiled, log_level=0)
        self._require_sound("the grammar cannot be read")

    def forced(self) -> list[int]:
        """The tokens that must come next, for which no model is asked: the end of turn too, where nothing else can."""
        tokens = self._matcher.compute_ff_tokens()
        self._take(tokens)
        return [*tokens, self._tokenizer.ends[0]] if self._matcher.is_stopped() else tokens

    def allowed(self) -> NDArray[np.bool_]:
        """Which tokens may come next. Dimensions: (rows,) bool."""
        words = np.frombuffer(self._matcher.compute_bitmask(), np.uint8)
        return np.unpackbits(words, count=self._tokenizer.rows, bitorder="little").view(np.bool_)

    def follow(self, token: int) -> None:
        """Go on behind a token that was allowed."""
        self._take([token])

    def _take(self, tokens: list[int]) -> None:
        self._matcher.consume_tokens(tokens)
        self._require_sound("the answer left its grammar")

    def _require_sound(self, what: str) -> None:
        if self._matcher.is_error():
            raise UsageError(f"{what}: {self._matcher.get_error().splitlines()[0]}")
