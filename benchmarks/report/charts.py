"""Charts as numbers that a template draws: bars, a curve, shares of time, dots between two runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...shown import seconds
from ..comparison import Between
from ..figures import ends, points, rate
from ..statistics import Estimate, Reliability
from ..summary import Part, Spread, Summary

WHOLES, INSIDE = ("decide", "ask"), ("process", "vision", "prefill", "decode")
"""Times of a decision, and the parts that these are the sum of."""
_LEAST = 0.001
"""Of the whole, to be shown."""
COLOURS = 8
"""The style has so many colours for shares of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A rate with its interval. `value`, `low` and `high` are 0 to 100; None where nothing was scored."""

    name: str
    value: float | None
    low: float
    high: float
    told: str
    interval: str
    n: int
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A bin of the reliability curve, 0 to 100. `weight` is its share of the fullest bin."""

    x: float
    y: float
    low: float
    high: float
    left: float
    right: float
    weight: float
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of the mean time of an attempt. `start` and `share` are 0 to 100, `colour` is a number of the style."""

    name: str
    colour: int
    start: float
    share: float
    told: str
    median: str
    p95: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A difference with its interval: -100 to 100, above 0 where b is better. `a` and `b` are 0 to 100."""

    name: str
    a: float
    b: float
    value: float
    low: float
    high: float
    told: str
    interval: str
    n: int

    @property
    def look(self) -> str:
        """`good` where b is surely better, `bad` where it is surely worse."""
        return "good" if self.low > 0 else "bad" if self.high < 0 else "even"


def bars(parts: Sequence[Part]) -> list[Bar]:
    """One for each part."""
    return [bar(part.name, part.estimate(), len(part.rows), part.errors) for part in parts]


def bar(name: str, found: Estimate | None, n: int, errors: int) -> Bar:
    """A rate, or none where nothing was scored."""
    if found is None:
        return Bar(name=name, value=None, low=0, high=0, told="no score", interval="", n=n, errors=errors)
    return Bar(
        name=name,
        value=_percent(found.value),
        low=_percent(found.low),
        high=_percent(found.high),
        told=rate(found.value),
        interval=ends(found.interval),
        n=n,
        errors=errors,
    )


def dots(found: Reliability) -> list[Dot]:
    """The curve, bin by bin."""
    fullest = max(each.score.n for each in found.bins)
    return [
        Dot(
            x=_percent(each.confidence),
            y=_percent(each.score.value),
            low=_percent(each.score.low),
            high=_percent(each.score.high),
            left=_percent(each.low),
            right=_percent(each.high),
            weight=round(each.score.n / fullest, 3),
            told=(
                f"{each.score.n:,} attempts, {rate(each.confidence)} sure: "
                f"{rate(each.score.value)} right ({ends(each.score.interval)})"
            ),
        )
        for each in found.bins
    ]


def shares(summary: Summary) -> list[Share]:
    """Where the time of an attempt goes on average; what the parts leave of the total is its last share."""
    means = {name: spread.total / max(1, summary.scored) for name, spread in summary.seconds.items()}
    total = means.pop("total", 0.0)
    parts = _apart(means)
    told = sum(parts.values())
    whole = max(told, total)
    if whole - told > _LEAST * whole:
        parts["the rest"] = whole - told
    found: list[Share] = []
    start = 0.0
    for number, (name, mean) in enumerate(parts.items()):
        if mean > _LEAST * whole:
            found.append(_share(name, number, start, 100 * mean / whole, mean, summary.seconds.get(name)))
        start += 100 * mean / whole if whole else 0.0
    return found


def _apart(means: Mapping[str, float]) -> dict[str, float]:
    """Parts that do not hold each other: of a decision only what its own parts leave."""
    inside = sum(means.get(name, 0.0) for name in INSIDE)
    apart: dict[str, float] = {}
    for name, mean in means.items():
        if name in WHOLES and inside > 0:
            apart[f"rest of {name}"] = max(0.0, mean - inside)
        else:
            apart[name] = mean
    return apart


def _share(name: str, number: int, start: float, share: float, mean: float, spread: Spread | None) -> Share:
    return Share(
        name=name,
        colour=number % COLOURS + 1,
        start=round(start, 2),
        share=round(share, 2),
        told=f"{seconds(mean)}, {share:.0f} %",
        median="" if spread is None else seconds(spread.median),
        p95="" if spread is None else seconds(spread.p95),
    )


def gaps_between(parts: Sequence[Between]) -> list[Gap]:
    """One for each part, the largest gain of b first."""
    found = sorted(parts, key=lambda part: (-part.difference.value, part.name))
    return [gap(part.name, part.a, part.b, part.difference) for part in found]


def gap(name: str, a: float, b: float, difference: Estimate) -> Gap:
    """The difference between two scores."""
    return Gap(
        name=name,
        a=_percent(a),
        b=_percent(b),
        value=_percent(difference.value),
        low=_percent(difference.low),
        high=_percent(difference.high),
        told=points(difference.value),
        interval=f"{points(difference.low)} to {points(difference.high)}",
        n=difference.n,
    )


def places(gaps: Sequence[Gap]) -> Mapping[tuple[float, float], list[Gap]]:
    """Tasks that lie at the same place of the paired plot, by that place."""
    found: dict[tuple[float, float], list[Gap]] = {}
    for gap in gaps:
        found.setdefault((round(gap.a, 1), round(gap.b, 1)), []).append(gap)
    return found


def _percent(value: float) -> float:
    return round(100 * value, 2)
