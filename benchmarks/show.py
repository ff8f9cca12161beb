"""A run as a person reads it in a terminal."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..shown import seconds, visible
from .figures import count, ending, ends, rate, rate_in
from .record import Manifest, RunRecord, read_record
from .statistics import Estimate
from .summary import Part, Summary, summarise

MOST_TASKS = 40
"""Tasks that are listed unless more are asked for: those with the lowest scores."""
MOST_VALUES = 30
"""Values of a group that are listed."""
OVER = {
    "attempts": "over attempts (micro average)",
    "episodes": "over episodes (macro average)",
    "weight": "over attempts by weight",
}
"""The averages that a benchmark may be published with, in words."""


def show(console: Console, folder: Path, *, tasks: int = MOST_TASKS) -> None:
    """Print what a run came to, finished or not. Raises UsageError where the folder holds no run."""
    record = read_record(folder)
    summary = summarise(record)
    _show_head(console, record, summary)
    for table in tables(summary, tasks):
        console.print()
        console.print(table)
    for line in notes(record, summary):
        console.print()
        console.print(Text(visible(line)))


def tables(summary: Summary, tasks: int) -> Iterator[Table]:
    """Every table that this run has something for."""
    yield _averages(summary)
    if summary.repeated is not None:
        yield _repeated(summary)
    for name, parts in summary.groups.items():
        yield _parts(f"by {name}", parts[:MOST_VALUES], len(parts))
    if summary.is_by_task and len(summary.tasks) > 1:
        yield _parts("by task", lowest(summary.tasks, tasks), len(summary.tasks))
    if summary.counts or summary.seconds:
        yield _spent(summary)
    yield _endings(summary)


def lowest(parts: Sequence[Part], most: int) -> Sequence[Part]:
    """All parts where they are few enough, else those with the lowest scores, in order of the name."""
    if len(parts) <= most:
        return parts
    found = sorted(parts, key=lambda part: (part.score is None, part.score or 0.0, part.name))[:most]
    return sorted(found, key=lambda part: part.name)


def notes(record: RunRecord, summary: Summary) -> Iterator[str]:
    """What a reader must know to read the figures rightly, a sentence or two each."""
    if summary.sees is not None:
        yield (
            f"Another run of this size would be told from this one in four of five tries if it were "
            f"{100 * summary.sees:.1f} points away; smaller differences are mostly missed (alpha 0.05, two-sided)."
        )
    if summary.calibration is not None:
        yield (
            f"Confidence: {100 * summary.calibration.error:.1f} points off on average "
            f"(expected calibration error over {summary.calibration.n:,} attempts)."
        )
    if summary.bad_outputs:
        yield (
            f"{count(summary.bad_outputs, 'answer')} of the model could not be read, "
            f"in {count(summary.rows_with_bad_outputs, 'attempt')}."
        )
    if summary.has_few_tasks:
        yield f"With {count(len(summary.tasks), 'task')} the intervals are likely too narrow."
    if record.manifest.dirty:
        yield "Files differed from the commit when this was run, so that it cannot be repeated exactly."
    if record.results.warning:
        yield f"Note: {record.results.warning}."


def _show_head(console: Console, record: RunRecord, summary: Summary) -> None:
    manifest = record.manifest
    console.print(Text.assemble((visible(manifest.name), "bold"), f"  {visible(player_words(manifest))}"))
    console.print(Text(f"{manifest.began_at:%Y-%m-%d %H:%M} UTC, {_duration(manifest)}; {record.folder}", style="dim"))
    console.print(Text(visible(f"score: {manifest.metric}"), style="dim") if manifest.metric else "")
    made = f"{summary.scored:,} of {count(summary.total, 'attempt')} scored"
    where = f", {count(len(summary.tasks), 'task')}" if summary.is_by_task else ""
    found = summary.headline
    if found is None:
        console.print(f"No attempt has a score yet; {made}.", style="yellow")
    else:
        value = Text(rate(found.value), style="bold green")
        over = "" if summary.average == "attempts" else f" {OVER[summary.average]},"
        rest = f" {over} 95 % interval {ends(found.interval)} ({found.interval.method}); {made}{where}"
        console.print(value.append(rest, style="not bold default"))
    for line in gaps(summary):
        console.print(Text(visible(line), style="yellow"))


def player_words(manifest: Manifest) -> str:
    """Who was examined, in one line."""
    player = manifest.player
    told = [player.checkpoint if player.checkpoint not in ("", player.name) else "", player.profile, player.dtype]
    if player.max_pixels:
        told.append(f"up to {player.max_pixels:,} pixels")
    rest = ", ".join(part for part in told if part)
    return f"{player.name} ({rest})" if rest else player.name


def gaps(summary: Summary) -> Iterator[str]:
    """What the figures leave out, as sentences."""
    if summary.failed:
        it = "it" if summary.average == "attempts" else "the micro average"
        kinds = ", ".join(f"{n:,} {kind}" for kind, n in summary.errors.items())
        yield (
            f"{count(summary.failed, 'attempt')} broke and {'has' if summary.failed == 1 else 'have'} no score "
            f"({kinds}); were each a failure, {it} would be {rate_in(summary.with_errors_as_failures)}."
        )
    if summary.missing:
        yield f"{count(summary.missing, 'attempt')} still to be made."


def _duration(manifest: Manifest) -> str:
    if manifest.ended_at is None:
        return "not finished"
    return seconds((manifest.ended_at - manifest.began_at).total_seconds())


def plain_table(title: str, *columns: str, numbers: int) -> Table:
    """A table whose last columns, so many, are numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False
    )
    for place, name in enumerate(columns):
        is_number = place >= len(columns) - numbers
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number)
    return table


def fill(table: Table, *cells: str) -> None:
    """Add a row of which every cell is text, whoever wrote it."""
    table.add_row(*(Text(visible(cell)) for cell in cells))


def averages(summary: Summary) -> Iterator[tuple[str, Estimate]]:
    """Every rate and mean of the whole run, with what it is the mean of."""
    named = {
        OVER["attempts"]: summary.score,
        OVER["episodes"]: summary.over_episodes,
        OVER["weight"]: summary.weighted,
        "over tasks (macro average)": summary.over_tasks,
        **{f"over values of {name} (macro average)": found for name, found in summary.over_groups.items()},
        "over attempts, errors as failures": summary.with_errors_as_failures,
        "solved": summary.success,
        **summary.rates,
    }
    yield from ((name, found) for name, found in named.items() if found is not None)


def _averages(summary: Summary) -> Table:
    table = plain_table("averages", "", "interval found by", "%", "95 %", "n", numbers=3)
    for name, found in averages(summary):
        row = [f"{100 * found.value:.1f}", ends(found.interval), f"{found.n:,}"]
        fill(table, name, found.interval.method, *row)
    return table


def _repeated(summary: Summary) -> Table:
    repeated = summary.repeated
    assert repeated is not None
    title = f"several attempts, over {repeated.over}; {repeated.units:,} of them"
    table = plain_table(title, "k", "one of k succeeds (pass@k)", "all of k succeed (pass^k)", numbers=3)
    for at in repeated.at:
        fill(table, str(at.k), rate_in(at.any), rate_in(at.all))
    return table


def _parts(title: str, parts: Sequence[Part], n: int) -> Table:
    more = (
        f": the {len(parts):,} of {n:,} with the lowest scores" if title == "by task" else f": {len(parts):,} of {n:,}"
    )
    table = plain_table(title + (more if n > len(parts) else ""), "", "%", "95 %", "n", "errors", numbers=4)
    for part in parts:
        found = part.estimate()
        figures = ("", "") if found is None else (f"{100 * found.value:.1f}", ends(found.interval))
        fill(table, part.name, *figures, f"{len(part.rows):,}", str(part.errors or ""))
    return table


def _spent(summary: Summary) -> Table:
    table = plain_table("an attempt takes", "", "median", "95th of 100", "mean", "all together", numbers=4)
    for name, spread in summary.counts.items():
        figures = (f"{spread.median:,.0f}", f"{spread.p95:,.0f}", f"{spread.mean:,.1f}", f"{spread.total:,.0f}")
        fill(table, name, *figures)
    for name, spread in summary.seconds.items():
        fill(table, name, *(seconds(each) for each in (spread.median, spread.p95, spread.mean, spread.total)))
    for name, spread in summary.measures.items():
        fill(table, name, *(f"{each:,.3g}" for each in (spread.median, spread.p95, spread.mean)), "")
    return table


def _endings(summary: Summary) -> Table:
    table = plain_table("how attempts ended", "", "attempts", "%", "of them with full score", numbers=3)
    for name, (n, solved) in summary.endings.items():
        fill(table, ending(name), f"{n:,}", f"{100 * n / summary.rows:.1f}", f"{solved:,}")
    return table
