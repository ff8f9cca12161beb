"""One function that writes a run in any of the forms."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError
from ..record import RunRecord, read_record
from .agentlab import append_journal, journal
from .inspect_log import inspect_log
from .screenspot_pro import screenspot_pro
from .tables import latex, markdown


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A form: what it is, the file that it is kept in unless another is named, and how it is written."""

    what: str
    file: str
    write: Callable[[RunRecord], str]


EXPORTS = {
    "markdown": Export(what="tables in Markdown", file="results.md", write=markdown),
    "latex": Export(what="a table for a paper, which needs booktabs", file="results.tex", write=latex),
    "screenspot-pro": Export(
        what="what eval_screenspot_pro.py writes, for its leaderboard", file="screenspot-pro.json", write=screenspot_pro
    ),
    "agentlab": Export(
        what="a line of AgentLab's reproducibility journal", file="reproducibility_journal.csv", write=journal
    ),
    "inspect": Export(what="an evaluation log of inspect_ai", file="inspect.json", write=inspect_log),
}


def export_bench(folder: Path, to: str, out: Path | None = None) -> Path:
    """Write a run in one of the forms and say where it is: at `out`, else in the folder of the run.

    A journal of AgentLab's that is there already gets one more line, any other file is replaced. Raises UsageError for
    a form that there is not, a run that does not fit it, and a file that cannot be written.
    """
    if to not in EXPORTS:
        raise UsageError(f"a run can be exported to {', '.join(EXPORTS)}, not to {to!r}")
    form = EXPORTS[to]
    path = folder / form.file if out is None else out
    written = form.write(read_record(folder))
    try:
        if to == "agentlab" and path.exists():
            written = append_journal(path.read_text("utf-8"), written, path)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(written)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path
