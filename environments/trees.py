"""Reads the XML in which devices and desktops tell what stands on their screens. Its text may be hostile.

No document type is taken, so there are no entities; size, number and depth of the tags have limits.
"""

from dataclasses import dataclass
from xml.parsers import expat

from ..errors import ActionFailed

MAX_BYTES = 8_000_000
MAX_DEPTH = 500
_BETWEEN = " "  # namespace and name, as expat writes them; neither can hold a space


@dataclass(frozen=True, slots=True)
class Tag:
    """One element of a tree: names and attributes without their namespaces. `depth` grows inwards."""

    name: str
    attributes: dict[str, str]
    depth: int


def read_tags(xml: bytes, *, most: int) -> list[Tag]:
    """Every element in document order. Raises ActionFailed for a tree that is broken, too large or hostile."""
    if len(xml) > MAX_BYTES:
        raise ActionFailed(f"the tree has {len(xml):,} bytes; at most {MAX_BYTES:,} are read")
    reading = _Reading(most)
    try:
        reading.parse(xml)
    except expat.ExpatError as error:
        raise ActionFailed(f"the tree cannot be read: {error}") from None
    return reading.tags


class _Reading:
    def __init__(self, most: int) -> None:
        self.tags: list[Tag] = []
        self._most = most
        self._depth = 0

    def parse(self, xml: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH or len(self.tags) >= self._most:
            raise ActionFailed(f"the tree has more than {self._most:,} nodes or is deeper than {MAX_DEPTH}")
        told = {_local(key): value for key, value in attributes.items()}
        self.tags.append(Tag(_local(name), told, self._depth))

    def _end(self, name: str) -> None:
        self._depth -= 1


def _local(name: str) -> str:
    return name.rpartition(_BETWEEN)[2]


def _refuse_doctype(*_: object) -> None:
    raise ActionFailed("the tree has a document type, which no accessibility tree needs")
