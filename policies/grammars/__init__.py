"""What checkpoints read and write: for each grammar a parser and an encoder, and the profiles that name them.

No policy lives here; nothing here acts. Parsers are linear scanners with length caps. They return values in
screenshot pixels or raise BadModelOutput, which says what was seen and what was expected. Encoders write what the
parsers read.
"""

from .answers import Answer, answer, parse_answer
from .confidence import Calibration, Spread, confidence, spread
from .grounding import Reference, Shape, encode_grounding, encode_references, parse_grounding
from .thousandths import from_thousandths, to_thousandths
from .tool_calls import encode_calls, parse_calls

__all__ = [
    "Answer",
    "Calibration",
    "Reference",
    "Shape",
    "Spread",
    "answer",
    "confidence",
    "encode_calls",
    "encode_grounding",
    "encode_references",
    "from_thousandths",
    "parse_answer",
    "parse_calls",
    "parse_grounding",
    "spread",
    "to_thousandths",
]
