"""Control marks in text that anybody may write, broken apart: for tokenizers that read a prompt as one string."""

import re
from collections.abc import Iterable
from typing import Any

from ...errors import UsageError
from ..tokenizer import CONTROL, WRITTEN, whole


class Marks:
    """What no text may write: a tokenizer's special tokens, marks of the form <|name|>, places for pictures.

    Each is broken by a space behind its first character, so that it stays readable: `< |im_end|>`. Ordinary words
    that a vocabulary has added, such as <tool_call>, are left as they are.
    """

    def __init__(self, tokenizer: Any, places: Iterable[str]) -> None:
        self._tokenizer = tokenizer
        added = {
            number: token.content
            for number, token in tokenizer.added_tokens_decoder.items()
            if token.special or CONTROL.fullmatch(token.content)
        }
        others = {number: mark for number, mark in added.items() if not WRITTEN.fullmatch(mark)}
        strange = {tokenizer.unk_token_id}  # what any strange character becomes, without its mark being written
        self._any = added.keys() - strange, _pattern({*added.values(), *places})
        self._all_but_written = others.keys() - strange, _pattern({*others.values(), *places})

    def broken(self, text: str, *, marked: bool = False) -> str:
        """The same text without marks. `marked`: of what a model wrote the marks of answers stay tokens.

        Half characters, which a page may hold, become question marks. Raises UsageError for a text that the tokenizer
        reads as a mark nevertheless, as one that folds letters may.
        """
        ids, pattern = self._all_but_written if marked else self._any
        broken = pattern.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", whole(text))
        if pattern.search(broken) or not ids.isdisjoint(self._tokenizer(broken, add_special_tokens=False)["input_ids"]):
            raise UsageError("a text of the conversation would be read as a control token of the model's chat")
        return broken


def _pattern(marks: set[str]) -> re.Pattern[str]:
    longest_first = sorted((mark for mark in marks if len(mark) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
