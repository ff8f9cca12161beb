"""The plain part of YAML: texts, lists and maps, each with the line it stands on. All else of YAML is refused."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from ...errors import UsageError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
MAX_NODES = 50_000
_IN_QUOTES = "; a text that begins with quotes, or holds signs such as `: ` ? { } [ ] is put in quotes as a whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text as it is written. `is_left_out` where nothing stands there, which is not the empty text."""

    text: str
    line: int
    is_left_out: bool = False


@dataclass(slots=True, kw_only=True)
class Items:
    """A list."""

    line: int
    items: "list[Node]" = field(default_factory=list["Node"])


@dataclass(slots=True, kw_only=True)
class Entries:
    """A map. Its keys are texts, and each stands there once."""

    line: int
    entries: "dict[str, Node]" = field(default_factory=dict[str, "Node"])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    """Where each key stands."""
    key: Text | None = None
    """One whose value comes next, while this is read."""


Node = Text | Items | Entries


class StepFileError(UsageError):
    """What is wrong with a step file, and in which line of it."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def read_nodes(content: bytes) -> Node:
    """The one document of a file. Raises StepFileError for what is no YAML, or more than its plain part."""
    if len(content) > MAX_BYTES:
        raise StepFileError(
            1, f"a step file has at most {MAX_BYTES:,} bytes, this one {len(content):,}: make several of it"
        )
    reader = _Reader()
    for event in _events(_decoded(content)):
        reader.take(event)
    if reader.root is None:
        raise StepFileError(1, "the file is empty; it should be a map with `tests`")
    return reader.root


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StepFileError(line, "the file is no UTF-8 text") from None
    for n, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r":
            line = text.count("\n", 0, n) + 1
            raise StepFileError(line, f"the character \\u{ord(char):04x} is none of a text")
    return text


def _events(text: str) -> Iterator[Event]:
    """As PyYAML reads them: bit by bit, so that depth and number can be limited meanwhile."""
    line = 1
    try:
        loader = yaml.SafeLoader(text)
        while True:
            line = loader.line + 1
            event = cast(Event, loader.get_event())  # pyright: ignore[reportUnknownMemberType]
            yield event
            if isinstance(event, StreamEndEvent):
                return
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise StepFileError(mark.line + 1 if mark else line, f"this is no YAML: {_reason(error)}") from None
    except yaml.reader.ReaderError as error:
        raise StepFileError(
            text.count("\n", 0, error.position) + 1, "this is no YAML: a character that it forbids"
        ) from None
    except (yaml.YAMLError, ValueError, OverflowError):  # of a number in it that is none, as in "\U99999999"
        raise StepFileError(line, "this is no YAML") from None


def _reason(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    hint = _IN_QUOTES if "mapping" in f"{error.context} {problem}" else ""
    return " ".join(f"{error.context or ''} {problem}".split())[:200] + hint


class _Reader:
    """Puts events together. Keeps what is open in a list, so that depth costs no stack."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Items | Entries] = []
        self._count = 0

    def take(self, event: Event) -> None:
        """The next event of the parser. Raises StepFileError for what a step file may not hold."""
        line = event.start_mark.line + 1
        match event:
            case AliasEvent():
                raise StepFileError(line, "aliases (*name) are not read here: write it out, or use a variable")
            case DocumentStartEvent() if self.root is not None:
                raise StepFileError(line, "a step file is one document: leave out the second `---`")
            case ScalarEvent():
                self._refuse(event.anchor, event.tag, line)
                self._add(_text(event, line))
            case SequenceStartEvent():
                self._refuse(event.anchor, event.tag, line)
                self._begin(Items(line=line))
            case MappingStartEvent():
                self._refuse(event.anchor, event.tag, line)
                self._begin(Entries(line=line))
            case SequenceEndEvent() | MappingEndEvent():
                self._open.pop()
            case _:
                pass

    def _refuse(self, anchor: str | None, tag: str | None, line: int) -> None:
        if anchor is not None:
            raise StepFileError(line, "anchors (&name) are not read here: write it out, or use a variable")
        if tag is not None:
            raise StepFileError(line, "tags (!name) are not read here: every value is a text as it is written")

    def _begin(self, node: Items | Entries) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise StepFileError(node.line, f"lists and maps stand at most {MAX_DEPTH} deep in each other")
        self._add(node)
        self._open.append(node)

    def _add(self, node: Node) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise StepFileError(node.line, f"a step file has at most {MAX_NODES:,} values: make several of it")
        match self._open[-1] if self._open else None:
            case None:
                self.root = node
            case Items() as around:
                around.items.append(node)
            case Entries() as around:
                _add_to(around, node)


def _add_to(around: Entries, node: Node) -> None:
    if around.key is None:
        if not isinstance(node, Text):
            raise StepFileError(node.line, "the key of a map should be a text")
        if node.text in around.entries:
            raise StepFileError(
                node.line, f"{node.text[:50]!r} stands twice in one map, first in line {around.lines[node.text]}"
            )
        around.key = node
        return
    around.entries[around.key.text], around.lines[around.key.text] = node, around.key.line
    around.key = None


def _text(event: ScalarEvent, line: int) -> Text:
    is_plain = not event.style
    for char in event.value:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n":
            raise StepFileError(line, f"the character \\u{ord(char):04x} is none of a text")
    return Text(text=event.value, line=line, is_left_out=is_plain and event.value in ("", "~", "null"))
