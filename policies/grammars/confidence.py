"""How sure a model was of an answer, from the probabilities of its tokens and of those it might have written."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log, prod, sqrt

from ...model import Generation
from ...screen import Point
from ..reading.places import place_spans
from .canvas import Canvas
from .tool_calls import CALL_START

NEAR = 0.008
"""Share of the screen that a coordinate may be off and still mean the same place, where no box says more."""
MAX_PLACES = 32
LEAST = 0.02
"""How likely a place is that is told, beside the likeliest."""
_BEGINS = re.compile(
    rf"<\|(?:box|quad)_start\|>|{re.escape(CALL_START)}|^(?:Action|actions|## Code) *+:?|\bpyautogui\."
    r"|[✿*]FUNCTION[✿*]|^```json|\"(?:bbox|point)_2d\"",
    re.MULTILINE,
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Spread:
    """How far on each axis the places that a model had in mind lie apart: standard deviations, in pixels."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the probability of a checkpoint's places has to be turned into to be the share of clicks that hit.

    A logistic curve over its logarithm, fitted by `training/figures/calibrate.py`.
    """

    slope: float
    offset: float

    def __call__(self, probability: float) -> float:
        return 1 / (1 + exp(-self.slope * log(max(probability, 1e-9)) - self.offset))


@dataclass(frozen=True, slots=True)
class _Number:
    """A coordinate that was written: its value, and the shares of all that might have been, in the canvas's units."""

    value: float
    shares: Mapping[float, float]

    def near(self, reach: float) -> float:
        """The share of the values that lie within `reach`."""
        return sum(share for value, share in self.shares.items() if abs(value - self.value) <= reach)

    @property
    def deviation(self) -> float:
        whole = sum(self.shares.values()) or 1.0  # less than 1: only the likeliest are known
        mean = sum(value * share for value, share in self.shares.items()) / whole
        return sqrt(sum(share * (value - mean) ** 2 for value, share in self.shares.items()) / whole)


def confidence(generation: Generation, canvas: Canvas, calibration: Calibration | None = None) -> float | None:
    """The probability of the answer from its first place or call on; None without log-probabilities.

    A coordinate counts with all those that lie near it: within half of its box, or `NEAR`. A model that writes 512 as
    three digits and one that has a token for it are measured alike. Text without a place or a call counts whole.
    Where the answer has a place, the calibration says what its probability is worth.
    """
    if not generation.logprobs:
        return None
    text, ends = _spelled(generation)
    start = _start(text)
    places = list(place_spans(text, start))
    numbers = {token for spans in places for span in spans for token in _tokens(ends, *span)}
    others = sum(generation.logprobs[n] for n in _tokens(ends, start, len(text)) if n not in numbers)
    surenesses = (_sureness(generation, ends, text, spans, canvas) for spans in places)
    found = min(1.0, exp(others) * prod(surenesses))
    return calibration(found) if calibration is not None and numbers else found


def spread(generation: Generation, canvas: Canvas) -> Spread | None:
    """How unsure the first place of an answer is; None where there is none, or no token has rivals."""
    text, ends = _spelled(generation)
    spans = next(place_spans(text, _start(text)), list[tuple[int, int]]())
    if not spans or not generation.top_logprobs:
        return None
    found = [_number(generation, ends, text, span).deviation for span in spans]
    xs, ys = found[::2], found[1::2]
    across, down = canvas.unit
    return Spread(sum(xs) / len(xs) * across, sum(ys) / max(1, len(ys)) * down)


def places(generation: Generation, canvas: Canvas) -> tuple[tuple[Point, float], ...]:
    """Where the first place of an answer might have been, in pixels, and with what probability; the likeliest first.

    The middle of a box that has one. Places within `NEAR` are one, the axes are taken to be independent, and what is
    hardly likely is left out. Empty as `spread` is None.
    """
    text, ends = _spelled(generation)
    spans = next(place_spans(text, _start(text)), list[tuple[int, int]]())
    if not spans or not generation.top_logprobs:
        return ()
    numbers = [_number(generation, ends, text, span) for span in spans]
    across, down = canvas.unit
    xs, ys = (_middles(numbers[axis::2], NEAR * canvas.extent[axis]) for axis in (0, 1))
    found = [(Point(x * across, y * down), one * other) for x, one in xs for y, other in ys]
    found.sort(key=lambda place: place[1], reverse=True)
    return tuple(place for place in found[:MAX_PLACES] if place[1] >= LEAST * found[0][1])


def _middles(numbers: Sequence[_Number], reach: float) -> list[tuple[float, float]]:
    """Where the mean of independent numbers lies, and with what share."""
    sums: list[tuple[float, float]] = [(0.0, 1.0)]
    for number in numbers:
        sums = [(at + value, one * share) for at, one in sums for value, share in number.shares.items()]
        sums = _gathered(sums, reach * len(numbers))
    return [(at / max(1, len(numbers)), share) for at, share in sums]


def _gathered(places: Iterable[tuple[float, float]], reach: float) -> list[tuple[float, float]]:
    """The same with those within reach of a likelier one as one with it, at their mean."""
    left = sorted(places, key=lambda place: place[1], reverse=True)
    found: list[tuple[float, float]] = []
    while left:
        middle = left[0][0]
        near = [place for place in left if abs(place[0] - middle) <= reach]
        left = [place for place in left if abs(place[0] - middle) > reach]
        if (share := sum(one for _, one in near)) > 0:
            found.append((sum(at * one for at, one in near) / share, share))
    return found


def _start(text: str) -> int:
    """Where a thought ends and what counts begins."""
    begin = _BEGINS.search(text)
    return begin.start() if begin else 0


def _spelled(generation: Generation) -> tuple[str, list[int]]:
    """All tokens as one text, and where each ends in it."""
    return "".join(generation.tokens), list(accumulate(len(token) for token in generation.tokens))


def _tokens(ends: list[int], start: int, end: int) -> range:
    """The tokens that hold characters start to end."""
    return range(bisect_right(ends, start), min(bisect_left(ends, end) + 1, len(ends)))


def _sureness(
    generation: Generation, ends: list[int], text: str, spans: list[tuple[int, int]], canvas: Canvas
) -> float:
    """The probability of a place and those near it."""
    numbers = [_number(generation, ends, text, span) for span in spans]
    values = [number.value for number in numbers]
    reaches = [NEAR * extent for extent in canvas.extent]
    if len(numbers) == 4:
        reaches = [max(reaches[n], abs(values[n + 2] - values[n]) / 2) for n in (0, 1)]
    return prod(number.near(reaches[n % 2]) for n, number in enumerate(numbers))


def _number(generation: Generation, ends: list[int], text: str, span: tuple[int, int]) -> _Number:
    """What stands at `span`, with what might have stood there: another digit is followed by what is likely on average.

    Without rivals only the value itself is known.
    """
    tokens = _tokens(ends, *span)
    digits = text[slice(*span)]
    is_whole = len(tokens) == 1  # one token for the number, and one for each of its rivals
    shares: defaultdict[float, float] = defaultdict(float)
    written, reached = "", 1.0
    for n in tokens:
        chosen = generation.tokens[n]
        for token, logprob in generation.top_logprobs[n] if generation.top_logprobs else ():
            if token != chosen and (rival := _value(written, token, digits, is_whole=is_whole)) is not None:
                shares[rival] += reached * exp(logprob)
        reached *= exp(generation.logprobs[n])
        written += chosen
    shares[float(digits)] += reached
    return _Number(float(digits), shares)


def _value(written: str, token: str, digits: str, *, is_whole: bool) -> float | None:
    """The number that `token` would have made of what stands before it; None where it makes none."""
    begun = written + token
    if not _is_number(token) or not _is_number(begun):
        return float(written) if written != "." and _is_number(written) else None
    rest = "" if is_whole else digits[len(begun) :]
    if "." in begun:
        rest = rest.replace(".", "") or "0"  # a lone point is no number
    return (float(begun + _DIGIT.sub("0", rest)) + float(begun + _DIGIT.sub("9", rest))) / 2


def _is_number(text: str) -> bool:
    """Whether it is, or may begin, a number without a sign."""
    return text.isascii() and text != "" and text.count(".") <= 1 and text.replace(".", "0").isdigit()
