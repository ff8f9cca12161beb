"""Values taken out of the nodes of a step file: what is not as expected is told with its line."""

import re
from collections.abc import Collection, Iterator
from typing import Literal, TypeVar

from .nodes import Entries, Items, Node, StepFileError, Text
from .words import Words, meant, words_of

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?")
_Word = TypeVar("_Word", bound=str)


class Taken:
    """A map whose keys are taken one by one. `what` names it in faults, such as "a test"."""

    def __init__(self, node: Node, what: str, known: Collection[str]) -> None:
        if not isinstance(node, Entries):
            raise StepFileError(node.line, f"{what} should be a map of {', '.join(known)}, not {kind_of(node)}")
        for key, line in node.lines.items():
            if key not in known:
                raise StepFileError(line, f"{what} has no {key[:50]!r}{meant(key, known)}")
        self.line, self.what = node.line, what
        self._entries = node.entries

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def node(self, key: str) -> Node | None:
        return self._entries.get(key)

    def needed(self, key: str) -> Node:
        """Raises StepFileError where it is left out."""
        found = self._entries.get(key)
        if found is None:
            raise StepFileError(self.line, f"{self.what} needs `{key}`")
        return found

    def words(self, key: str) -> Words:
        return words_in(self.needed(key), f"`{key}` of {self.what}")

    def some_words(self, key: str) -> Words | None:
        return self.words(key) if key in self else None

    def plain(self, key: str) -> str:
        """A text without variables, empty where it is left out."""
        found = self._entries.get(key)
        return "" if found is None else plain_in(found, f"`{key}` of {self.what}")

    def one_of(self, key: str, words: tuple[_Word, ...]) -> _Word:
        """One of these words, the first where it is left out."""
        found = self._entries.get(key)
        if found is None:
            return words[0]
        text = plain_in(found, f"`{key}` of {self.what}")
        found_word = next((word for word in words if word == text), None)
        if found_word is None:
            raise StepFileError(found.line, f"`{key}` of {self.what} should be {' or '.join(words)}, not {text[:50]!r}")
        return found_word

    def number(self, key: str, *, least: float, most: float) -> float | None:
        """None where it is left out."""
        found = self._entries.get(key)
        if found is None:
            return None
        text = plain_in(found, f"`{key}` of {self.what}")
        value = float(text) if _NUMBER.fullmatch(text) else -1.0
        if not least <= value <= most:
            expected = f"should be a number from {least:g} to {most:g}, not {text[:50]!r}"
            raise StepFileError(found.line, f"`{key}` of {self.what} {expected}")
        return value

    def whole(self, key: str, *, most: int) -> int | None:
        """A whole number from 0 on; None where it is left out."""
        value = self.number(key, least=0, most=most)
        if value is None:
            return None
        if value != int(value):
            raise StepFileError(
                self.needed(key).line, f"`{key}` of {self.what} should be a whole number, not {value:g}"
            )
        return int(value)

    def items(self, key: str) -> list[Node]:
        """A list, empty where it is left out."""
        found = self._entries.get(key)
        return [] if found is None else items_in(found, f"`{key}` of {self.what}")

    def entries(self, key: str) -> Iterator[tuple[str, Node]]:
        """What a map holds whose keys are the writer's own; nothing where it is left out."""
        found = self._entries.get(key)
        if found is None:
            return
        if not isinstance(found, Entries):
            raise StepFileError(
                found.line, f"`{key}` of {self.what} should be a map of names and values, not {kind_of(found)}"
            )
        yield from found.entries.items()


def words_in(node: Node, what: str, *, may_be_empty: bool = False) -> Words:
    """Raises StepFileError for what is no text, and for nothing."""
    text = text_in(node, what)
    if text.is_left_out:
        hint = ' (write "" for the empty text)' if may_be_empty else ""
        raise StepFileError(text.line, f"{what} should be a text, but nothing stands there{hint}")
    if not may_be_empty and not text.text.strip():
        raise StepFileError(text.line, f"{what} should be a text with words in it")
    return words_of(text)


def plain_in(node: Node, what: str) -> str:
    """A text in which no variable can stand."""
    words = words_in(node, what)
    if words.names or words.secrets:
        raise StepFileError(words.line, f"{what} can hold no variable")
    return words.text


def text_in(node: Node, what: str) -> Text:
    if not isinstance(node, Text):
        raise StepFileError(node.line, f"{what} should be a text, not {kind_of(node)}")
    return node


def items_in(node: Node, what: str) -> list[Node]:
    if not isinstance(node, Items):
        raise StepFileError(node.line, f"{what} should be a list (lines with `- `), not {kind_of(node)}")
    return node.items


def kind_of(node: Node) -> Literal["a text", "a list", "a map", "nothing"]:
    match node:
        case Text():
            return "nothing" if node.is_left_out else "a text"
        case Items():
            return "a list"
        case Entries():
            return "a map"
