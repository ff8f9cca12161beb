"""Text as a literal of Python, as checkpoints that answer in Python were shown it."""

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def python_text(text: str) -> str:
    """What `repr` writes, but for characters that cannot be seen: those as \\u with four digits, which is read back."""
    quote = '"' if "'" in text and '"' not in text else "'"
    return quote + "".join(_written(letter, quote) for letter in text) + quote


def _written(letter: str, quote: str) -> str:
    if letter == quote:
        return f"\\{letter}"
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4))
