"""Answers in running words that name places: with Qwen2-VL's native marks, or as Qwen2.5-VL's JSON list of boxes.

```json
[{"bbox_2d": [219, 424, 576, 896], "label": "a dog"}]
```
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from ..reading.limits import require_short
from ..reading.places import numbers_from, numbers_of
from ..reading.values import read_object
from .canvas import Canvas
from .grounding import Reference, parse_grounding

_MARK = re.compile(r"<\|(object_ref|box|quad)_(start|end)\|>")
_PLACES = ("bbox_2d", "point_2d")
_LABELS = ("label", "text_content", "sub_label")
_LIST_BEGINS = re.compile(r"```|[\[{]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words, and the places that they name: `[1]` in them is the first shape of all references, and so on."""

    words: str
    references: tuple[Reference, ...]


def parse_caption(text: str, canvas: Canvas) -> Caption:
    """An answer whose places are read and left out of its words.

    Of an answer in JSON the words are what stands before it. Raises BadModelOutput for places that cannot be read or
    lie off the screen, and for JSON that is cut off.
    """
    require_short(text)
    references = parse_grounding(text, canvas)
    if not references and any(name in text for name in _PLACES):
        begin = _LIST_BEGINS.search(text)
        words = _MARK.sub("", text[: begin.start() if begin else 0]).strip()
        return Caption(words=words, references=tuple(_listed(text, canvas)))
    return Caption(words=_numbered(text), references=references)


def _numbered(text: str) -> str:
    """The text with the number of each place where the place stood, and without any marks."""
    pieces: list[str] = []
    end, places = 0, 0
    for mark in _MARK.finditer(text):
        if mark.start() > end:
            pieces.append(text[end : mark.start()])
        end = mark.end()
        if mark[1] != "object_ref" and mark[2] == "start":
            places += 1
            _, behind = numbers_from(text, end)
            end += len(text[end:behind].rstrip())
            pieces.append(f" [{places}]" if pieces and not pieces[-1][-1].isspace() else f"[{places}]")
    return "".join([*pieces, text[end:]]).strip()


def _listed(text: str, canvas: Canvas) -> Iterator[Reference]:
    """Every object of the list that has a place."""
    start = text.find("{")
    while start >= 0:
        found, end = read_object(text, start)
        for each in _objects(found):
            shapes = tuple(canvas.shape(numbers_of(each[name])) for name in _PLACES if name in each)
            yield Reference(description=_label(each), shapes=shapes)
        start = text.find("{", end)


def _objects(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """The objects with a place in a value, however deep: what `read_object` reads is not deep."""
    match value:
        case dict() if any(name in value for name in _PLACES):
            yield value
        case dict():
            for inner in value.values():
                yield from _objects(inner)
        case list():
            for inner in value:
                yield from _objects(inner)
        case _:
            return


def _label(found: dict[str, JsonValue]) -> str:
    """What an object is called; the text of a line that was read counts as its name."""
    return next((str(found[name]).strip() for name in _LABELS if name in found), "")
