"""What checkpoints read and write: for each language a parser, an encoder and a grammar that keeps answers to it.

No policy lives here; nothing here acts. Parsers are linear scanners with length caps. They return values in
screenshot pixels or raise BadModelOutput, which says what was seen and what was expected. Encoders write what the
parsers read.
"""

from .answers import Answer, answer, parse_answer
from .canvas import (
    FRACTIONS,
    HUNDREDTHS,
    SCREEN_PIXELS,
    SEEN_PIXELS,
    THOUSANDTHS,
    Canvas,
    Shape,
    Space,
    box_of,
    center_of,
)
from .confidence import Calibration, Spread, confidence, places, spread
from .grounding import Reference, encode_grounding, encode_references, parse_grounding
from .language import Language, Occasion, PlaceLanguage
from .tool_calls import encode_calls, parse_calls

__all__ = [
    "FRACTIONS",
    "HUNDREDTHS",
    "SCREEN_PIXELS",
    "SEEN_PIXELS",
    "THOUSANDTHS",
    "Answer",
    "Calibration",
    "Canvas",
    "Language",
    "Occasion",
    "PlaceLanguage",
    "Reference",
    "Shape",
    "Space",
    "Spread",
    "answer",
    "box_of",
    "center_of",
    "confidence",
    "encode_calls",
    "encode_grounding",
    "encode_references",
    "parse_answer",
    "parse_calls",
    "parse_grounding",
    "places",
    "spread",
]
