"""Two runs of one suite side by side: judged by the attempts that both made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..errors import UsageError
from .record import Manifest, RunRecord
from .row import Key, Row
from .statistics import (
    Estimate,
    Paired,
    Pairs,
    estimate,
    estimate_difference,
    mcnemar,
    pair,
    sign_flip,
    smallest_paired_difference,
    worth,
)
from .summary import is_rate

WHO = ("player", "checkpoint", "checkpoint_hash", "profile")
"""Settings that are the player itself."""
MOST_INTERVALS = 400
"""Tasks up to which each difference has its interval; more are samples of a data set, each tried once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A setting in which the runs differ, as each has it."""

    name: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """The difference in one task, or in one value of a group."""

    name: str
    a: float
    b: float
    difference: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Flipped:
    """An attempt that only one of the runs solved, with both rows."""

    key: Key
    a: Row
    b: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How b does against a. Differences are above 0 where b is better."""

    a: RunRecord
    b: RunRecord
    pairs: Pairs[Key]
    is_rate: bool
    score_a: Estimate
    """Of the attempts that both made and scored, as is everything else."""
    score_b: Estimate
    difference: Estimate
    permutation_p: float
    """Of the sign-flip test by whole tasks."""
    mcnemar_p: float | None
    """None for scores that are not 0 or 1."""
    sees: float | None
    """The smallest difference that so many pairs, as often in disagreement, would have shown in four of five tries."""
    only_a: tuple[Flipped, ...]
    """Solved by a alone."""
    only_b: tuple[Flipped, ...]
    tasks: tuple[Between, ...]
    groups: Mapping[str, tuple[Between, ...]]
    settings: tuple[Told, ...]
    """Where the two were run differently."""

    @property
    def conditions(self) -> tuple[Told, ...]:
        """The settings that differ and do not say which player it is."""
        return tuple(each for each in self.settings if each.name not in WHO)

    @property
    def is_told_apart(self) -> bool:
        """Whether one is better beyond doubt: 0 is outside of the interval, and the permutation test agrees."""
        return not self.difference.low <= 0 <= self.difference.high and self.permutation_p < 0.05

    @property
    def differing_tasks(self) -> int:
        """Tasks in which the runs differ at all. The p-value of so many signs is at least 2 / 2 ** n."""
        sums: dict[str, float] = {}
        for each in self.pairs.every:
            sums[each.task] = sums.get(each.task, 0.0) + each.difference
        return sum(abs(total) > 1e-9 for total in sums.values())

    @property
    def repeats_tasks(self) -> bool:
        """Whether tasks were tried more than once, so that McNemar's test takes too much for independent."""
        return self.difference.tasks < self.difference.n


def compare_records(a: RunRecord, b: RunRecord) -> Comparison:
    """Compare two runs. Raises UsageError, in one sentence, for runs that cannot be compared."""
    _check(a.manifest, b.manifest)
    rows_a, rows_b = a.results.by_key, b.results.by_key
    pairs = pair(
        {key: row.score for key, row in rows_a.items()},
        {key: row.score for key, row in rows_b.items()},
        {key: row.cluster for key, row in rows_a.items()},
    )
    if not pairs.every:
        raise UsageError(f"{a.folder} and {b.folder} have no attempt in common that both have scored")
    rated = is_rate(a.rows) and is_rate(b.rows)
    only_a, only_b = _flipped(pairs, rows_a, rows_b)
    return Comparison(
        a=a,
        b=b,
        pairs=pairs,
        is_rate=rated,
        score_a=estimate(pairs.a, pairs.tasks),
        score_b=estimate(pairs.b, pairs.tasks),
        difference=estimate_difference(pairs.a, pairs.b, pairs.tasks),
        permutation_p=sign_flip(pairs.differences, pairs.tasks),
        mcnemar_p=mcnemar(len(only_a), len(only_b)) if rated else None,
        sees=_sees(pairs) if rated else None,
        only_a=only_a,
        only_b=only_b,
        tasks=_between(pairs.every, lambda each: each.task),
        groups={name: _between(pairs.every, _value_of(rows_a, name)) for name in _group_names(rows_a.values())},
        settings=tuple(differing(a.manifest, b.manifest)),
    )


def differing(a: Manifest, b: Manifest) -> list[Told]:
    """Everything but the player that the runs' manifests say differently, and the settings of the player."""
    told_a, told_b = _settings(a), _settings(b)
    names = list(dict.fromkeys([*told_a, *told_b]))
    return [
        Told(name=name, a=told_a.get(name, ""), b=told_b.get(name, ""))
        for name in names
        if told_a.get(name, "") != told_b.get(name, "")
    ]


def _check(a: Manifest, b: Manifest) -> None:
    if a.suite != b.suite:
        raise UsageError(f"a run of {a.suite} cannot be compared with one of {b.suite}")
    if a.choice.data_hash and b.choice.data_hash and a.choice.data_hash != b.choice.data_hash:
        raise UsageError(f"the two runs of {a.suite} were made on different data and cannot be compared")
    if a.metric != b.metric:
        raise UsageError(f"the two runs of {a.suite} have different scores: {a.metric!r} and {b.metric!r}")


def _settings(manifest: Manifest) -> dict[str, str]:
    """What a result depends on, by a name for each."""
    player, choice = manifest.player, manifest.choice
    return {
        "player": player.name,
        **{name: _said(value) for name, value in player.model_dump(exclude={"name", "decoding", "options"}).items()},
        **{f"decoding {name}": _said(value) for name, value in player.decoding.items()},
        **{f"option {name}": _said(value) for name, value in player.options.items()},
        **{f"limit of {name}": _said(value) for name, value in manifest.limits.items()},
        **{name: _said(value) for name, value in choice.model_dump(exclude={"data", "settings"}).items()},
        **{f"setting {name}": value for name, value in choice.settings.items()},
        **{f"version of {name}": value for name, value in manifest.versions.items()},
        "commit": manifest.commit[:12] + (" and changes" if manifest.dirty else ""),
        **{f"hardware: {name}": value for name, value in manifest.hardware.items()},
    }


def _said(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)  # pyright: ignore


def _flipped(
    pairs: Pairs[Key], rows_a: Mapping[Key, Row], rows_b: Mapping[Key, Row]
) -> tuple[tuple[Flipped, ...], tuple[Flipped, ...]]:
    """What only a solved, and what only b: success where the suite tells it, else a full score."""
    only_a: list[Flipped] = []
    only_b: list[Flipped] = []
    for each in sorted(pairs.every, key=lambda each: each.key):
        one, other = rows_a[each.key], rows_b[each.key]
        if _solved(one) != _solved(other):
            (only_a if _solved(one) else only_b).append(Flipped(key=each.key, a=one, b=other))
    return tuple(only_a), tuple(only_b)


def _solved(row: Row) -> bool:
    return row.score == 1 if row.success is None or row.score in (0, 1) else row.success


def _between(pairs: Sequence[Paired[Key]], name_of: Callable[[Paired[Key]], str | None]) -> tuple[Between, ...]:
    """The difference of each name, in order of the names. Empty where there are too many to mean anything."""
    members: dict[str, list[Paired[Key]]] = {}
    for each in pairs:
        if (name := name_of(each)) is not None:
            members.setdefault(name, []).append(each)
    if len(members) > MOST_INTERVALS:
        return ()
    return tuple(_one_between(name, members[name]) for name in sorted(members))


def _one_between(name: str, pairs: Sequence[Paired[Key]]) -> Between:
    a, b = [each.a for each in pairs], [each.b for each in pairs]
    difference = estimate_difference(a, b, [each.task for each in pairs])
    return Between(name=name, a=sum(a) / len(a), b=sum(b) / len(b), difference=difference)


def _value_of(rows: Mapping[Key, Row], name: str) -> Callable[[Paired[Key]], str | None]:
    return lambda each: rows[each.key].groups.get(name)


def _group_names(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row.groups))


def _sees(pairs: Pairs[Key]) -> float | None:
    differ = [float(each.a != each.b) for each in pairs.every]
    return smallest_paired_difference(sum(differ) / len(differ), worth(pairs.differences, pairs.tasks))
