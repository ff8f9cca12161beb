"""Text of a page in a sentence of ours."""

MAX_QUOTED_CHARS = 500


def quoted(text: str, most: int = MAX_QUOTED_CHARS) -> str:
    """Page text for a sentence: one line, of bounded length."""
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= most else flat[:most] + "…")
