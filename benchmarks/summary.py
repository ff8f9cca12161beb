"""What a run came to, as values: rates with intervals, tables by task and group, what it took, how it ended."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from .record import Average, RunRecord
from .row import EPISODE, Row
from .statistics import (
    FEW,
    AtK,
    Estimate,
    Reliability,
    at_each_k,
    estimate,
    estimate_macro,
    reliability,
    smallest_difference,
    smallest_mean_difference,
    worth,
)

WEIGHT = "weight"
"""The metric that says how much a row counts, in suites that weigh them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a number is spread over n rows."""

    median: float
    p95: float
    mean: float
    total: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows of one task, or of one value of a group."""

    name: str
    rows: tuple[Row, ...]

    @property
    def scored(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.score is not None)

    @property
    def errors(self) -> int:
        return sum(row.error is not None for row in self.rows)

    @property
    def score(self) -> float | None:
        """The mean of those scored."""
        scores = _scores(self.rows)
        return fsum(scores) / len(scores) if scores else None

    def estimate(self) -> Estimate | None:
        """The mean of those scored with its interval, which may take milliseconds to find."""
        return _estimate(self.rows, _score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """What several attempts at the same come to. `over` names what tells them apart: repeats of a seed, or seeds."""

    over: str
    units: int
    at: tuple[AtK, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A run in figures. Averages and what attempts took are of those that have a score, unless a name says more."""

    total: int
    """Attempts of the whole run."""
    rows: int
    """Of which so many were made."""
    scored: int
    errors: Mapping[str, int]
    """What kept the others from having a score."""
    is_rate: bool
    """Whether each score is 0 or 1."""
    score: Estimate | None
    """The micro average: each attempt counts alike."""
    over_episodes: Estimate | None
    """The macro average over recorded episodes. None where rows are no steps of any."""
    weighted: Estimate | None
    """Over attempts by their metric `weight`. None where they have none."""
    average: Average
    """With which of these three the benchmark is published."""
    with_errors_as_failures: Estimate | None
    """The micro average, were each error a score of 0. None without errors."""
    success: Estimate | None
    """What share counts as solved, where the score says more than that."""
    over_tasks: Estimate | None
    """The macro average: each task counts alike. None where each was tried once, and it would be the same."""
    over_groups: Mapping[str, Estimate]
    """Macro averages by the name of the grouping: each of its values counts alike."""
    tasks: tuple[Part, ...]
    groups: Mapping[str, tuple[Part, ...]]
    rates: Mapping[str, Estimate]
    """The suite's other metrics that lie between 0 and 1."""
    measures: Mapping[str, Spread]
    """The suite's other metrics that do not."""
    counts: Mapping[str, Spread]
    """Steps and tokens of an attempt."""
    seconds: Mapping[str, Spread]
    endings: Mapping[str, tuple[int, int]]
    """How many ended so, the most frequent first, and how many of them were scored 1."""
    bad_outputs: int
    """Answers of the model that could not be read."""
    rows_with_bad_outputs: int
    repeated: Repeated | None
    sees: float | None
    """The smallest difference to another run of the same size that would be seen in four of five such pairs."""
    calibration: Reliability | None

    @property
    def headline(self) -> Estimate | None:
        """The average that the benchmark is published with. None where nothing was scored."""
        match self.average:
            case "attempts":
                return self.score
            case "episodes":
                return self.over_episodes
            case "weight":
                return self.weighted

    @property
    def missing(self) -> int:
        """Attempts that are still to be made."""
        return max(0, self.total - self.rows)

    @property
    def failed(self) -> int:
        """How many ended in an error."""
        return sum(self.errors.values())

    @property
    def is_by_task(self) -> bool:
        """Whether a table by task tells more than the rows do."""
        return len(self.tasks) < self.rows

    @property
    def has_few_tasks(self) -> bool:
        return self.is_by_task and len(self.tasks) < FEW


def summarise(record: RunRecord) -> Summary:
    """The summary of a run, finished or not."""
    rows = record.rows
    scored = [row for row in rows if row.score is not None]
    tasks = parts_by(rows, lambda row: row.task)
    groups = {
        name: parts_by(rows, lambda row, name=name: row.groups.get(name))
        for name in _names(rows, "groups")
        if name != EPISODE
    }
    rates, measures = _metrics(rows)
    return Summary(
        total=max(record.manifest.keys, len(rows)),
        rows=len(rows),
        scored=len(scored),
        errors=dict(Counter(row.error for row in rows if row.error is not None).most_common()),
        is_rate=is_rate(rows),
        score=_estimate(rows, _score),
        over_episodes=_over(parts_by(rows, lambda row: row.groups.get(EPISODE)), what="episodes"),
        weighted=_weighted(scored),
        average=record.manifest.average,
        with_errors_as_failures=_estimate(rows, _score_or_failure) if any(row.error for row in rows) else None,
        success=None if is_rate(rows) else _estimate(rows, _success),
        over_tasks=_over(tasks) if len(tasks) < len(rows) else None,
        over_groups={name: found for name, parts in groups.items() if (found := _over(parts)) is not None},
        tasks=tasks,
        groups=groups,
        rates=rates,
        measures=measures,
        counts=_counts(scored),
        seconds=_seconds(scored),
        endings=_endings(rows),
        bad_outputs=sum(row.bad_outputs for row in rows),
        rows_with_bad_outputs=sum(row.bad_outputs > 0 for row in rows),
        repeated=_repeated(rows),
        sees=_sees(rows),
        calibration=_calibration(rows),
    )


def is_rate(rows: Sequence[Row]) -> bool:
    """Whether each score is 0 or 1."""
    return all(row.score in (None, 0, 1) for row in rows)


def parts_by(rows: Sequence[Row], name_of: Callable[[Row], str | None]) -> tuple[Part, ...]:
    """The rows by a name, in order of the names; those without one are left out."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if (name := name_of(row)) is not None:
            members.setdefault(name, []).append(row)
    return tuple(Part(name=name, rows=tuple(members[name])) for name in sorted(members))


def _score(row: Row) -> float | None:
    return row.score


def _success(row: Row) -> float | None:
    return None if row.success is None else float(row.success)


def _score_or_failure(row: Row) -> float | None:
    return 0.0 if row.error is not None else row.score


def _scores(rows: Sequence[Row]) -> list[float]:
    return [row.score for row in rows if row.score is not None]


def _estimate(rows: Sequence[Row], value_of: Callable[[Row], float | None]) -> Estimate | None:
    found = [(value, row.cluster) for row in rows if (value := value_of(row)) is not None]
    return estimate([value for value, _ in found], [task for _, task in found]) if found else None


def _weighted(scored: Sequence[Row]) -> Estimate | None:
    weights = [row.metrics.get(WEIGHT, 0.0) for row in scored]
    if not scored or min(weights) <= 0:
        return None
    return estimate(_scores(scored), [row.cluster for row in scored], weights=weights)


def _over(parts: Sequence[Part], what: str = "tasks") -> Estimate | None:
    """The macro average over parts that have a score; those of one cluster each are drawn again as one value."""
    scored = [part for part in parts if part.scored]
    if not scored:
        return None
    if all(len({row.cluster for row in part.rows}) == 1 for part in scored):
        values = [part.score for part in scored if part.score is not None]
        return estimate(values, [part.rows[0].cluster for part in scored], what=what)
    return estimate_macro([(_scores(part.rows), [row.cluster for row in part.scored]) for part in scored])


def _names(rows: Sequence[Row], field: str) -> list[str]:
    """Every name in a mapping that rows have, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in _mapping(row, field)))


def _mapping(row: Row, field: str) -> Mapping[str, object]:
    match field:
        case "groups":
            return row.groups
        case "seconds":
            return row.seconds
        case _:
            return row.metrics


def _metrics(rows: Sequence[Row]) -> tuple[dict[str, Estimate], dict[str, Spread]]:
    rates: dict[str, Estimate] = {}
    measures: dict[str, Spread] = {}
    for name in _names(rows, "metrics"):
        found = [(row.metrics[name], row.cluster) for row in rows if name in row.metrics]
        values = [value for value, _ in found]
        if all(0 <= value <= 1 for value in values):
            rates[name] = estimate(values, [task for _, task in found])
        else:
            measures[name] = _spread(values)
    return rates, measures


def _spread(values: Sequence[float]) -> Spread:
    median, p95 = np.percentile(values, (50, 95))
    total = fsum(values)
    return Spread(median=float(median), p95=float(p95), mean=total / len(values), total=total, n=len(values))


def _counts(rows: Sequence[Row]) -> dict[str, Spread]:
    """What rows have of each; left out where no row has any."""
    counts = {
        "steps": [row.steps for row in rows],
        "prompt tokens": [row.prompt_tokens for row in rows],
        "visual tokens": [row.visual_tokens for row in rows],
        "new tokens": [row.new_tokens for row in rows],
    }
    return {name: _spread(values) for name, values in counts.items() if any(values)}


def _seconds(rows: Sequence[Row]) -> dict[str, Spread]:
    """Of each part; left out where no row took any."""
    names = _names(rows, "seconds")
    found = {name: _spread([row.seconds[name] for row in rows if name in row.seconds]) for name in names}
    return {name: spread for name, spread in found.items() if spread.total > 0}


def _endings(rows: Sequence[Row]) -> dict[str, tuple[int, int]]:
    ended = Counter(row.ended or "not told" for row in rows)
    solved = Counter(row.ended or "not told" for row in rows if row.score == 1)
    return {name: (n, solved[name]) for name, n in ended.most_common()}


def _repeated(rows: Sequence[Row]) -> Repeated | None:
    """pass@k over repeats of a seed where there are any, else over seeds of a task. None for scores in between."""
    if not is_rate(rows):
        return None
    has_repeats = any(row.repeat for row in rows)
    counts: dict[tuple[str, int], list[int]] = {}
    for row in rows:
        if row.score is not None:
            tried = counts.setdefault((row.task, row.seed if has_repeats else 0), [0, 0])
            tried[0] += 1
            tried[1] += int(row.score)
    if not any(n > 1 for n, _ in counts.values()):
        return None
    most = sorted(n for n, _ in counts.values())[len(counts) // 10]  # errors leave some with fewer attempts
    whole = {key: (n, done) for key, (n, done) in counts.items() if n >= most}
    at = at_each_k(list(whole.values()), [task for task, _ in whole])
    return (
        Repeated(over="repeats of a seed" if has_repeats else "seeds of a task", units=len(whole), at=at)
        if most > 1
        else None
    )


def _sees(rows: Sequence[Row]) -> float | None:
    scored = [(row.score, row.cluster) for row in rows if row.score is not None]
    if len(scored) < 2:
        return None
    scores = [score for score, _ in scored]
    n = worth(scores, [task for _, task in scored])
    if is_rate(rows):
        return smallest_difference(fsum(scores) / len(scores), n)
    return smallest_mean_difference(float(np.std(np.sort(scores))), n)


def _calibration(rows: Sequence[Row]) -> Reliability | None:
    sure = [
        (row.confidence, row.score, row.cluster) for row in rows if row.confidence is not None and row.score is not None
    ]
    return reliability([each[0] for each in sure], [each[1] for each in sure], [each[2] for each in sure])
