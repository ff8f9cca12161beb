"""Rates, differences and intervals in the words of a table."""

from .row import Row
from .statistics import Estimate, Interval

ENDINGS = {
    "success": "the player said it is done",
    "failure": "the player said it cannot be done",
    "over": "the episode ended by itself",
    "steps": "out of steps",
    "seconds": "out of time",
    "tokens": "out of tokens",
    "bad_outputs": "too many answers that could not be read",
    "stuck": "nothing changed any more",
    "error": "it broke, and has no score",
}
"""What a word in `Row.ended` says, where it does not say it itself."""


def ending(name: str) -> str:
    """`over: the episode ended by itself`."""
    return f"{name}: {ENDINGS[name]}" if name in ENDINGS else name


def outcome(row: Row) -> str:
    """What came of an attempt, in a few words: why it failed, or that it was solved."""
    return row.reason or ("solved" if row.score == 1 else row.ended or "not told")


def rate(value: float) -> str:
    """`62.4 %`."""
    return f"{100 * value:.1f} %"


def ends(interval: Interval) -> str:
    """`58.1 to 66.5`, in percent."""
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f}"


def rate_in(found: Estimate | None) -> str:
    """`62.4 % (58.1 to 66.5)`; empty where there is none."""
    return "" if found is None else f"{rate(found.value)} ({ends(found.interval)})"


def points(value: float) -> str:
    """A difference, in percentage points: `+3.2`."""
    return f"{0.0 if abs(value) < 0.0005 else 100 * value:+.1f}"


def points_in(found: Estimate) -> str:
    """`+3.2 (-0.4 to +6.9)`."""
    return f"{points(found.value)} ({points(found.low)} to {points(found.high)})"


def chance(p: float) -> str:
    """A p-value: `0.043`, `< 0.001`."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def count(n: int, one: str, many: str = "") -> str:
    """`1 task`, `1,250 tasks`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
