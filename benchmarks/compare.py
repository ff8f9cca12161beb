"""Two runs as a person compares them in a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..shown import visible
from .comparison import Between, Comparison, Flipped, compare_records
from .figures import chance, count, outcome, points, points_in, rate_in
from .record import RunRecord, read_record
from .show import fill, plain_table, player_words

MOST_FLIPPED = 15
"""Attempts that are listed of those that one run alone solved."""
MOST_TASKS = 40


def compare(console: Console, a: Path, b: Path) -> None:
    """Print how b does against a. Raises UsageError for runs of different suites or data, or with nothing in common."""
    found = compare_records(read_record(a), read_record(b))
    for letter, record in (("A", found.a), ("B", found.b)):
        console.print(
            Text.assemble((f"{letter}  ", "bold magenta"), visible(told(record)), (f"  {record.folder}", "dim"))
        )
    console.print(Text(f"Score: {visible(found.a.manifest.metric)}", style="dim"))
    _show_verdict(console, found)
    for table in _tables(found):
        console.print()
        console.print(table)


def told(record: RunRecord) -> str:
    """A run in one line."""
    return f"{player_words(record.manifest)}, {record.manifest.began_at:%Y-%m-%d %H:%M} UTC"


def verdict(found: Comparison) -> str:
    """What the comparison says, in one sentence."""
    if not found.is_told_apart:
        return "These runs do not tell which is better"
    return "B is better" if found.difference.value > 0 else "A is better"


def remarks(found: Comparison) -> Iterator[str]:
    """What a reader must know to read the figures rightly."""
    pairs = found.pairs
    yield f"{count(len(pairs.every), 'attempt')} that both made and scored, {count(found.difference.tasks, 'task')}."
    left = [
        (pairs.only_a, "only in A"),
        (pairs.only_b, "only in B"),
        (pairs.unscored, "broken in one or both"),
    ]
    if any(n for n, _ in left):
        yield f"Left out: {', '.join(f'{n:,} {where}' for n, where in left if n)}."
    if found.sees is not None:
        yield f"So many pairs, as often in disagreement, show {100 * found.sees:.1f} points in four of five tries."
    elif found.is_rate:
        yield "The runs disagree so seldom, or are so short, that hardly any difference could have been seen."
    least = 2 / 2**found.differing_tasks
    if least >= 0.05 and found.differing_tasks:
        yield (
            f"{count(found.differing_tasks, 'task')} that differ cannot bring the permutation test below "
            f"p = {chance(min(1.0, least))}: more tasks are needed."
        )
    if found.repeats_tasks and found.mcnemar_p is not None:
        yield "Tasks were tried several times: go by the permutation test, McNemar's takes attempts to be independent."
    if found.conditions:
        yield f"Beside the player, these differ: {', '.join(each.name.replace('_', ' ') for each in found.conditions)}."


def _show_verdict(console: Console, found: Comparison) -> None:
    console.print()
    console.print(Text(f"{verdict(found)}: {points_in(found.difference)} points", style="bold"))
    console.print(
        f"A {rate_in(found.score_a)}, B {rate_in(found.score_b)}; 95 % intervals, {found.difference.interval.method}"
    )
    tests = [f"permutation test by task p {_p(found.permutation_p)}"]
    if found.mcnemar_p is not None:
        flips = f"{len(found.only_a):,} only A, {len(found.only_b):,} only B"
        tests.append(f"McNemar p {_p(found.mcnemar_p)} ({flips})")
    console.print("; ".join(tests))
    for line in remarks(found):
        console.print(Text(visible(line), style="dim"))


def _p(value: float) -> str:
    told = chance(value)
    return told if told.startswith("<") else f"= {told}"


def _tables(found: Comparison) -> Iterator[Table]:
    for name, parts in found.groups.items():
        yield _between(f"by {name}", parts)
    if found.tasks and found.repeats_tasks:
        yield _between("by task", widest(found.tasks, MOST_TASKS), n=len(found.tasks))
    for title, flipped in (("solved by A alone", found.only_a), ("solved by B alone", found.only_b)):
        if flipped:
            yield _flipped(title, flipped)
    if found.settings:
        table = plain_table("set differently", "", "A", "B", numbers=0)
        for each in found.settings:
            fill(table, each.name.replace("_", " "), each.a, each.b)
        yield table


def widest(parts: Sequence[Between], most: int) -> Sequence[Between]:
    """All where they are few enough, else those that differ most; the largest gain of b first."""
    found = sorted(parts, key=lambda part: (-abs(part.difference.value), part.name))[:most]
    return sorted(found, key=lambda part: (-part.difference.value, part.name))


def _between(title: str, parts: Sequence[Between], *, n: int = 0) -> Table:
    more = f": the {len(parts):,} of {n:,} that differ most" if n > len(parts) else ""
    table = plain_table(title + more, "", "A %", "B %", "B less A", "95 %", "n", numbers=5)
    for part in parts:
        low, high = points(part.difference.low), points(part.difference.high)
        figures = (f"{100 * part.a:.1f}", f"{100 * part.b:.1f}", points(part.difference.value), f"{low} to {high}")
        fill(table, part.name, *figures, f"{part.difference.n:,}")
    return table


def _flipped(title: str, flipped: Sequence[Flipped]) -> Table:
    more = f": {MOST_FLIPPED} of {len(flipped):,}" if len(flipped) > MOST_FLIPPED else f": {len(flipped):,}"
    table = plain_table(title + more, "", "A ended", "B ended", numbers=0)
    for each in flipped[:MOST_FLIPPED]:
        fill(table, str(each.key), *(outcome(row) for row in (each.a, each.b)))
    return table
