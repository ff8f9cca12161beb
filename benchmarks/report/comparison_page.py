"""The page of two runs compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from ...pages import EMBEDDED, page, write_page
from ..compare import remarks, told, verdict, widest
from ..comparison import Comparison, Flipped, compare_records
from ..figures import chance, ends, outcome, rate
from ..record import RunRecord, read_record
from ..row import Row
from .charts import gap, gaps_between, places
from .reasons import trajectory_link
from .run_page import STYLES, TEMPLATES, Section
from .trajectories import draw_trajectories

COMPARISON = "comparison.html"
MOST_TASKS = 200
MOST_FLIPPED = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """How one of the runs ended an attempt, and where its trajectory is from the page."""

    said: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """An attempt that one run alone solved."""

    name: str
    a: Side
    b: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Those that are shown, of n."""

    every: tuple[Turned, ...]
    n: int


def write_comparison(a: Path, b: Path, out: Path | None = None) -> Path:
    """Write the page that compares two runs and say where it is: `comparison.html` in b's folder unless told.

    Raises UsageError as `compare_records` does, and where the page cannot be written.
    """
    path = b / COMPARISON if out is None else out
    found = compare_records(read_record(a), read_record(b))
    draw_trajectories([each.a for each in (*found.only_a, *found.only_b)], a)
    draw_trajectories([each.b for each in (*found.only_a, *found.only_b)], b)
    return write_page(render_comparison(found, path), path)


def render_comparison(found: Comparison, path: Path) -> str:
    """The page as HTML, with links as they are from that path."""
    gaps = gaps_between(found.tasks) if found.repeats_tasks else []
    solved = sum(each.a == each.b == 1 for each in found.pairs.every)
    flipped = len(found.only_a) + len(found.only_b)
    return page(
        "comparison.html",
        policy=EMBEDDED,
        folder=TEMPLATES,
        styles=STYLES,
        scripts=(),
        rate=rate,
        ends=ends,
        p=chance,
        radius=_radius,
        found=found,
        manifest=found.a.manifest,
        verdict=_small(verdict(found)),
        overall=gap("", found.score_a.value, found.score_b.value, found.difference),
        told_a=told(found.a),
        told_b=told(found.b),
        remarks=list(remarks(found)),
        both=solved,
        neither=len(found.pairs.every) - solved - flipped,
        places=places(gaps),
        groups=[(name, gaps_between(parts)) for name, parts in found.groups.items()],
        tasks=gaps_between(widest(found.tasks, MOST_TASKS)) if found.repeats_tasks else [],
        only_a=_listed(found.only_a, found, path),
        only_b=_listed(found.only_b, found, path),
        sections=list(_sections(found)),
    )


def _listed(flipped: Sequence[Flipped], found: Comparison, path: Path) -> Listed:
    every = tuple(
        Turned(name=str(each.key), a=_side(each.a, found.a, path), b=_side(each.b, found.b, path))
        for each in flipped[:MOST_FLIPPED]
    )
    return Listed(every=every, n=len(flipped))


def _side(row: Row, record: RunRecord, path: Path) -> Side:
    return Side(said=outcome(row), href=trajectory_link(row, record.folder, path))


def _sections(found: Comparison) -> Iterator[Section]:
    yield "reading", "Reading these figures", None
    if found.is_rate:
        yield "attempts", "Attempts that both made", len(found.pairs.every)
    if found.tasks and found.repeats_tasks:
        yield "paired", "Tasks, A against B", None
    for number, (name, parts) in enumerate(found.groups.items(), 1):
        yield f"group-{number}", f"By {name}", len(parts)
    if found.tasks and found.repeats_tasks:
        yield "tasks", "By task", len(found.tasks)
    for name, title, flipped in (
        ("only-a", "Solved by A alone", found.only_a),
        ("only-b", "Solved by B alone", found.only_b),
    ):
        if flipped:
            yield name, title, len(flipped)
    if found.settings:
        yield "settings", "Set differently", len(found.settings)


def _radius(tasks: int) -> float:
    """Of a dot that stands for so many."""
    return round(min(22.0, 4 + 2.2 * sqrt(tasks)), 1)


def _small(sentence: str) -> str:
    return sentence if sentence.startswith(("A ", "B ")) else sentence[0].lower() + sentence[1:]
