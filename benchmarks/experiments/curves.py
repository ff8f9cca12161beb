"""Draws what an experiment found: one line for each of what is compared, with intervals, and what it was run on."""

# The keyword arguments of matplotlib have no types.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from ...errors import UsageError

try:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    raise UsageError('curves need Matplotlib: pip install "clickwright[bench]"') from None

from .results import Point

INK, GRID = "#1f2328", "#d8dee4"
COLOURS = ("#0b3d91", "#d9480f", "#16a34a", "#9333ea", "#0891b2", "#a16207")
MARKERS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One pair of axes. Lines in `single` are points that nothing joins; what lies right of `edge` was not learned."""

    title: str
    points: Sequence[Point]
    x: str
    y: str = "share of right answers"
    single: Sequence[str] = ()
    edge: float | None = None
    is_log: bool = False
    ticks: Sequence[float] = ()


def draw(panels: Sequence[Panel], on: str, out: Path) -> None:
    """All panels as one PNG, three in a row at most. `on` is printed below: what they were run on."""
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    wide, high = (4.6, 4.2) if columns < 3 else (3.7, 3.1)
    figure = Figure(figsize=(wide * columns + 0.6, high * rows + 0.4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    for number, panel in enumerate(panels, 1):
        _draw_panel(panel, figure.add_subplot(rows, columns, number))
    figure.supxlabel(fill(on, round(18 * wide * columns)), fontsize=7.5, color=INK, x=0.01, ha="left")
    figure.savefig(out, metadata={"Software": None})


def _draw_panel(panel: Panel, axes: Axes) -> None:
    for number, line in enumerate(dict.fromkeys(point.line for point in panel.points)):
        points = sorted((point for point in panel.points if point.line == line), key=lambda point: point.x)
        colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
        xs, ys = [point.x for point in points], [point.value for point in points]
        ends = [
            [point.value - point.interval.low for point in points],
            [point.interval.high - point.value for point in points],
        ]
        joined = "none" if line in panel.single else "-"
        axes.errorbar(
            xs,
            ys,
            ends,
            color=colour,
            marker=marker,
            markersize=4.5,
            linestyle=joined,
            linewidth=1.3,
            elinewidth=0.9,
            capsize=2.5,
            label=line,
        )
        for point in points:
            if len(point.each) > 1:
                axes.plot([point.x] * len(point.each), point.each, ".", color=colour, markersize=3, alpha=0.5)
    if panel.edge is not None:
        axes.axvline(panel.edge, color="#8b949e", linewidth=0.8, linestyle=":")
    _dress(panel, axes)


def _dress(panel: Panel, axes: Axes) -> None:
    axes.set_title(panel.title, fontsize=9.5, color=INK)
    axes.set_xlabel(panel.x, fontsize=8.5)
    axes.set_ylabel(panel.y, fontsize=8.5)
    axes.set_ylim(-0.02, 1.02)
    if panel.is_log:
        axes.set_xscale("log", base=2)
    if panel.ticks:
        axes.set_xticks(panel.ticks, [f"{tick:g}" for tick in panel.ticks])
        axes.minorticks_off()
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.grid(color=GRID, linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=INK, labelsize=8)
    axes.legend(frameon=False, fontsize=7.5)
