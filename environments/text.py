"""The one rule about text that the adapters keep: what no keyboard writes is refused, not dropped."""

import unicodedata

from ..errors import ActionFailed


def typeable(text: str) -> str:
    """The text with "\\n" for every kind of line end. Raises ActionFailed for control characters but that and tabs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for char in text:
        if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs"):
            raise ActionFailed(f"the control character U+{ord(char):04X} cannot be typed")
    return text
