"""Times, shares and untrusted text as a reader sees them."""

import unicodedata


def seconds(value: float) -> str:
    """`34 ms`, `1.2 s`, `3 min 05 s`."""
    if value < 0.9995:
        return f"{value * 1000:.0f} ms"
    if value < 60:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02} s"


def visible(text: str) -> str:
    """Text from a page or a model, with what a terminal or a browser would obey instead of show written out.

    Control characters and the marks that turn the direction of writing become `\\u202e` and the like; line ends and
    tabs stay.
    """
    if text.isprintable():  # no such character is, and most texts are
        return text
    return "".join(char if char in "\n\t" or not _is_obeyed(char) else f"\\u{ord(char):04x}" for char in text)


def _is_obeyed(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs") or unicodedata.bidirectional(char) in (
        "LRE",
        "RLE",
        "LRO",
        "RLO",
        "PDF",
        "LRI",
        "RLI",
        "FSI",
        "PDI",
    )


def percent(share: float) -> str:
    """`97 %`; a tenth more near the ends."""
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 1 or 99 < value < 100 else f"{value:.0f} %"
