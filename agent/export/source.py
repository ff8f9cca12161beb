"""Pieces of the source of a test. What pages and models wrote stands in it as string literals and comments only."""

import re

from ...screen import Point

MAX_NAME_CHARS = 60
MAX_COMMENT_CHARS = 200


def literal(text: str) -> str:
    """A string literal, in double quotes where that needs no escape."""
    written = repr(text)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in text else written


def as_comment(text: str) -> str:
    """One line of printable characters that ends no literal."""
    flat = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(flat.replace("\\", "/").replace('"', "'").split())[:MAX_COMMENT_CHARS]


def as_name(goal: str) -> str:
    """What a test function may be called, after `test_`."""
    words = re.sub(r"[^a-z0-9]+", "_", goal.lower()).strip("_")[:MAX_NAME_CHARS].rstrip("_")
    return words or "the_run"


def variable_of(secret: str) -> str:
    """The variable of the environment that a test reads a secret from."""
    return re.sub(r"[^A-Z0-9]+", "_", secret.upper())


def chord(keys: tuple[str, ...]) -> str:
    """Keys that are pressed together, as Playwright writes them."""
    return "+".join(_key(key, keys) for key in keys)


def _key(key: str, keys: tuple[str, ...]) -> str:
    """With Shift, the place of a letter or a digit on the keyboard: only then does Playwright shift it."""
    if "Shift" not in keys or len(key) > 1 or not key.isascii():
        return key
    return f"Key{key.upper()}" if key.isalpha() else f"Digit{key}" if key.isdecimal() else key


def at(point: Point, scale: float) -> str:
    """A point in CSS pixels, as two arguments."""
    return f"{px(point.x / scale)}, {px(point.y / scale)}"


def px(number: float) -> str:
    return f"{round(number, 2):g}"
