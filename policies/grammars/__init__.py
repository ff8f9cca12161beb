"""How checkpoints write: for each grammar a parser and an encoder. No policy lives here; nothing here acts.

Parsers are linear scanners with length caps. They return values in screenshot pixels or raise BadModelOutput, which
says what was seen and what was expected. Encoders write what the parsers read.
"""

from .grounding import encode_grounding
from .tool_calls import answer, encode_calls

__all__ = ["answer", "encode_calls", "encode_grounding"]
