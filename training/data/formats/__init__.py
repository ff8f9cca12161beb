"""The published file formats of the family, one file each: their files become records, and records their files."""

from collections.abc import Mapping

from .calls import CALLS
from .chats import LLAVA, SHAREGPT
from .format import Format, Source, Target
from .grounding import GROUNDING
from .json_boxes import JSON_BOXES
from .marks import MARKS
from .ocr import OCR
from .questions import QUESTIONS

__all__ = ["FORMATS", "Format", "Source", "Target"]

FORMATS: Mapping[str, Format] = {
    one.name: one for one in (MARKS, LLAVA, SHAREGPT, *GROUNDING, JSON_BOXES, *QUESTIONS, OCR, CALLS)
}
"""Every format by its name."""
