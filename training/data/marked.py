"""Text with Qwen2-VL's grounding marks, to parts of a message and back."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ...policies.grammars import Canvas, Reference, encode_references, parse_grounding
from .record import Named, Text, numbers_of

_ONE = re.compile(
    r"(?:<\|object_ref_start\|>(?:(?!<\|)[^\0]){0,2000}(?:<\|object_ref_end\|>)?)?"
    r"(?:\s{0,9}<\|(?:box|quad)_start\|>[^<]{2,200}<\|(?:box|quad)_end\|>)+"
)
"""A reference with all its places."""
_OLDER = re.compile(r"<(/?)(ref|box|quad)>")
_NEWER = {"ref": "object_ref", "box": "box", "quad": "quad"}


def parts_of(text: str, canvas: Canvas, picture: int = 0) -> Iterator[Text | Named]:
    """The words of a text, and what it refers to, in order. Raises BadModelOutput for a place that is none.

    The marks of Qwen-VL and of InternVL, `<ref>a bell</ref><box>(1,2),(3,4)</box>`, are read as those of Qwen2-VL.
    """
    if "</box>" in text or "</quad>" in text:
        text = _OLDER.sub(lambda mark: f"<|{_NEWER[mark[2]]}_{'end' if mark[1] else 'start'}|>", text)
    end = 0
    for found in _ONE.finditer(text):
        if found.start() > end:
            yield Text(text=text[end : found.start()])
        end = found.end()
        for reference in parse_grounding(found[0], canvas):
            places = tuple(numbers_of(shape) for shape in reference.shapes)
            yield Named(text=reference.description, places=places, picture=picture)
    if end < len(text):
        yield Text(text=text[end:])


def marked_text(parts: Iterable[Text | Named], canvases: Sequence[Canvas]) -> str:
    """The text that `parts_of` reads, each place in the coordinates of its picture's canvas.

    Marks in words are broken by a space, so that only places are read as such. Raises UsageError for marks in the name
    of what is referred to.
    """
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, Text):
            pieces.append(unmarked(part.text))
        else:
            reference = Reference(description=part.text, shapes=part.shapes)
            pieces.append(encode_references([reference], canvases[part.picture]))
    return "".join(pieces)


def unmarked(text: str) -> str:
    """Words in which nothing is a mark."""
    return text.replace("<|", "< |")
