"""The page of one run."""

from collections.abc import Iterator
from pathlib import Path

from ...pages import EMBEDDED, STYLE, page, write_page
from ..figures import ending, ends, rate
from ..record import RunRecord, read_record
from ..show import OVER, averages, gaps, lowest, notes
from ..summary import Part, Summary, summarise
from .charts import bar, bars, dots, shares
from .reasons import errors, failures
from .told import facts

TEMPLATES = Path(__file__).parent / "templates"
STYLES = (STYLE, "bench.css")
REPORT = "report.html"
MOST_TASKS = 200
"""Tasks that are shown: those with the lowest scores."""
MOST_VALUES = 60

Section = tuple[str, str, int | None]


def write_run_page(folder: Path, path: Path) -> Path:
    """Write the page of a run and say where it is.

    Raises UsageError where the folder holds no run, and where the page cannot be written.
    """
    return write_page(render_run(read_record(folder), path), path)


def render_run(record: RunRecord, path: Path) -> str:
    """The page as HTML, with links as they are from that path."""
    summary = summarise(record)
    broken, failed = errors(record.rows, record.folder, path), failures(record.rows, record.folder, path)
    said = list(notes(record, summary))
    tasks = bars(lowest(summary.tasks, MOST_TASKS)) if summary.is_by_task else []
    return page(
        "run.html",
        policy=EMBEDDED,
        folder=TEMPLATES,
        styles=STYLES,
        scripts=(),
        rate=rate,
        ends=ends,
        ending=ending,
        broke=str,
        manifest=record.manifest,
        summary=summary,
        overall=None if summary.headline is None else bar(OVER[summary.average], summary.headline, summary.rows, 0),
        gaps=list(gaps(summary)),
        averages=[bar(name, found, found.n, 0) for name, found in averages(summary)],
        groups=[(name, bars(_first(parts))) for name, parts in summary.groups.items()],
        tasks=tasks,
        dots=dots(summary.calibration) if summary.calibration else [],
        shares=shares(summary),
        counts=[*summary.counts.items(), *summary.measures.items()],
        errors=broken,
        failures=failed,
        notes=said,
        facts=list(facts(record.manifest)),
        sections=list(_sections(summary, has_failures=bool(failed), has_notes=bool(said))),
    )


def _first(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return parts[:MOST_VALUES]


def _sections(summary: Summary, *, has_failures: bool, has_notes: bool) -> Iterator[Section]:
    """The parts of the page that there are, for its list: where, what, and how many."""
    yield "averages", "Averages", None
    if summary.repeated:
        yield "repeated", "Several attempts", None
    for number, (name, parts) in enumerate(summary.groups.items(), 1):
        yield f"group-{number}", f"By {name}", len(parts)
    if summary.is_by_task:
        yield "tasks", "By task", len(summary.tasks)
    if summary.calibration:
        yield "confidence", "Confidence", None
    if summary.seconds or summary.counts:
        yield "time", "What an attempt takes", None
    if summary.failed:
        yield "errors", "Errors", summary.failed
    yield "endings", "How attempts ended", None
    if has_failures:
        yield "failures", "Failures", None
    if has_notes:
        yield "notes", "Reading these figures", None
    yield "manifest", "The run", None
