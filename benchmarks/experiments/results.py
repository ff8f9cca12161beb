"""What an experiment found: points with intervals, each with what it was found on, as JSON lines."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import sqrt
from pathlib import Path
from statistics import fmean, stdev

from rich.console import Console
from scipy.stats import t as student  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from ..manifest import commit, hardware, versions
from ..statistics import LEVEL, Estimate, Interval, estimate

Value = str | int | float | bool | Sequence[str | int | float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One point of a curve: the mean of `each`, one value a seed, and its 95 % interval.

    `n` questions about so many pictures were asked of each. `more` is what else is told of the point.
    """

    line: str
    x: float
    value: float
    interval: Interval
    each: tuple[float, ...]
    n: int
    pictures: int
    more: Mapping[str, Value] = field(default_factory=dict[str, Value])


def point(line: str, x: float, scores: Sequence[Sequence[float]], pictures: Sequence[str], **more: Value) -> Point:
    """A point from the scores of each seed, all about the same questions. `pictures` names the picture of each.

    With one seed the interval is that of the questions, drawn again by whole pictures; with several it is Student's
    over the means of the seeds, since these differ by more than the questions do.
    """
    each = tuple(fmean(one) for one in scores)
    found = estimate(list(scores[0]), list(pictures)) if len(scores) == 1 else over_seeds(each)
    return Point(
        line=line,
        x=x,
        value=found.value,
        interval=found.interval,
        each=each,
        n=len(pictures),
        pictures=len(set(pictures)),
        more=more,
    )


def over_seeds(each: Sequence[float]) -> Estimate:
    """The mean over seeds with Student's interval, cut where a share ends. For two seeds or more."""
    value, n = fmean(each), len(each)
    half = float(student.ppf((1 + LEVEL) / 2, n - 1)) * stdev(each) / sqrt(n)  # pyright: ignore
    interval = Interval(low=max(0.0, value - half), high=min(1.0, value + half), method=f"Student over {n} seeds")
    return Estimate(value=value, interval=interval, n=n, tasks=n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How an experiment is run: for about so many minutes, from this seed on, into this folder.

    Given `steps`, each training has as many, whatever time they take: what a row was found with is repeated so.
    """

    minutes: float
    seed: int
    out: Path
    console: Console
    steps: int | None = None

    def seeds(self, count: int) -> Sequence[int]:
        """So many from the first on, but for a rehearsal."""
        return range(self.seed, self.seed + self.many(count))

    def many(self, count: int) -> int:
        """So many of something; one where there is less than a minute, which is a rehearsal."""
        return count if self.minutes >= 1 else 1

    def say(self, words: str) -> None:
        self.console.print(words)


class Results:
    """The rows of one experiment, in a file of its own that begins anew."""

    def __init__(self, plan: Plan, experiment: str, on: Mapping[str, Value]) -> None:
        """`on` says what the rows were found on: the model, the data, the seeds."""
        plan.out.mkdir(parents=True, exist_ok=True)
        self._plan, self._experiment, self._on = plan, experiment, {**on, "minutes": plan.minutes, **machine()}
        self.path = plan.out / f"{experiment}.jsonl"
        self.path.write_text("", "utf-8")
        self.points: list[Point] = []

    @property
    def words(self) -> str:
        """What the rows were found on, for people to read."""
        told = [f"{value}" for name, value in self._on.items() if name in ("model", "data", "training")]
        on = self._on
        return "; ".join(
            [*told, f"seeds {on['seeds']}", f"{on['processor']}, commit {on['commit']}", "bars: 95 % intervals"]
        )

    def add(self, found: Point) -> None:
        """Write a point down, and show it."""
        self.points.append(found)
        told = {name: value for name, value in asdict(found).items() if name != "more"}
        row = {"experiment": self._experiment, **told, **found.more, "on": self._on}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
        shown = f"{found.value:.3f} [{found.interval.low:.3f}, {found.interval.high:.3f}]"
        self._plan.say(f"{self._experiment}: {found.line} at {found.x:g}: {shown}")


def machine() -> dict[str, str]:
    """The commit, the versions and the processor that a row was found with."""
    named, is_changed = commit()
    known, parts = versions(), hardware()
    return {
        "commit": named[:12] + ("+" if is_changed else ""),
        "clickwright": known["clickwright"],
        "torch": known.get("torch", ""),
        "processor": parts.get("processor", ""),
        "cores": parts.get("cores", ""),
    }
