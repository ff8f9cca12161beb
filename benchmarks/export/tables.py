"""The figures of a run as tables for a text or a paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...shown import visible
from ..figures import ends
from ..record import RunRecord
from ..show import averages, gaps, player_words
from ..statistics import Estimate
from ..summary import Part, Summary, summarise


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table. `found` is None where nothing was scored."""

    name: str
    found: Estimate | None
    n: int
    errors: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together."""

    title: str
    lines: tuple[Line, ...]


def blocks(summary: Summary, *, with_tasks: bool) -> Iterator[Block]:
    """Averages, then each group, then tasks where they were tried several times and are wanted."""
    yield Block(
        title="Averages", lines=tuple(Line(name=name, found=each, n=each.n) for name, each in averages(summary))
    )
    for name, parts in summary.groups.items():
        yield Block(title=f"By {name}", lines=tuple(map(_line, parts)))
    if with_tasks and summary.is_by_task:
        yield Block(title="By task", lines=tuple(map(_line, summary.tasks)))


def markdown(record: RunRecord) -> str:
    """Tables of averages, groups and tasks, with 95 % intervals."""
    summary, manifest = summarise(record), record.manifest
    parts = [f"# {_marked(manifest.name)}: {_marked(player_words(manifest))}", *map(_marked, _said(record, summary))]
    for block in blocks(summary, with_tasks=True):
        lines = [f"| {block.title} | % | 95 % interval | n | errors |", "| --- | ---: | ---: | ---: | ---: |"]
        lines += [f"| {' | '.join(_cells(line, _marked))} |" for line in block.lines]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def latex(record: RunRecord) -> str:
    r"""A tabular of averages and groups, with 95 % intervals. Needs \usepackage{booktabs}."""
    summary, manifest = summarise(record), record.manifest
    head = [f"% {_tex(manifest.name)}: {_tex(player_words(manifest))}"]
    head += [f"% {_tex(line)}" for line in _said(record, summary)]
    body: list[str] = []
    for block in blocks(summary, with_tasks=False):
        body += [r"\midrule", rf"\multicolumn{{4}}{{l}}{{\emph{{{_tex(block.title)}}}}} \\"]
        body += [rf"{' & '.join(_cells(line, _tex)[:4])} \\" for line in block.lines]
    top = [r"\begin{tabular}{lrrr}", r"\toprule", r" & \% & 95\,\% interval & $n$ \\"]
    return "\n".join([*head, *top, *body, r"\bottomrule", r"\end{tabular}", ""])


def _said(record: RunRecord, summary: Summary) -> list[str]:
    manifest = record.manifest
    score = [f"Score: {manifest.metric}."] if manifest.metric else []
    return [*score, *gaps(summary)]


def _line(part: Part) -> Line:
    return Line(name=part.name, found=part.estimate(), n=len(part.rows), errors=part.errors)


def _cells(line: Line, written: Callable[[str], str]) -> list[str]:
    found = line.found
    figures = ["", ""] if found is None else [f"{100 * found.value:.1f}", ends(found.interval)]
    return [written(line.name), *figures, f"{line.n:,}", str(line.errors or "")]


def _marked(text: str) -> str:
    """Text as Markdown that shows it and does nothing else."""
    line = " ".join(visible(text).split())
    return "".join(f"\\{char}" if char in r"\`*_{}[]<>|#&" else char for char in line)


def _tex(text: str) -> str:
    """Text as LaTeX that shows it and does nothing else."""
    line = " ".join(visible(text).split())
    return "".join(_TEX.get(char, char) for char in line)


_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{char: f"\\{char}" for char in "&%$#_{}"},
}
