"""Plots as PNG files for papers, by matplotlib without pyplot, which keeps figures."""

# The keyword arguments of matplotlib have no types.
# pyright: reportUnknownMemberType=false

from collections.abc import Sequence
from pathlib import Path

from ...errors import UsageError

try:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
except ModuleNotFoundError:
    raise UsageError('plots need Matplotlib: pip install "clickwright[bench]"') from None

from ...shown import visible
from ..compare import widest
from ..comparison import Comparison, compare_records
from ..record import read_record
from ..show import lowest
from ..summary import Summary, summarise
from .charts import Bar, Dot, Gap, Share, bars, dots, gaps_between, shares

PLOTS = "plots"
DPI = 200
WIDTH_IN = 6.4
MOST_TASKS = 60
BLUE, RED, GREEN, GREY = "#1c7ed6", "#c92a2a", "#2b8a3e", "#868e96"
TIMES = ("#a5d8ff", "#4dabf7", "#5c7cfa", "#9775fa", "#adb5bd", "#f783ac", "#63e6be", "#ced4da")


def write_plots(folder: Path, out: Path | None = None) -> tuple[Path, ...]:
    """Draw what there is of a run: `tasks.png`, `group-1.png` and so on, `confidence.png`, `time.png`.

    They are in `plots` in its folder unless another one is named. Raises UsageError where the folder holds no run, and
    where a file cannot be written.
    """
    summary = summarise(read_record(folder))
    drawn: dict[str, Figure] = {}
    if summary.is_by_task and summary.scored:
        drawn["tasks"] = bar_plot(bars(lowest(summary.tasks, MOST_TASKS)))
    for number, parts in enumerate(summary.groups.values(), 1):
        drawn[f"group-{number}"] = bar_plot(bars(parts[:MOST_TASKS]))
    if summary.calibration is not None:
        drawn["confidence"] = confidence_plot(dots(summary.calibration), summary.calibration.error)
    if parts := shares(summary):
        drawn["time"] = time_plot(parts, _median_s(summary))
    return _write(drawn, folder / PLOTS if out is None else out)


def write_comparison_plots(a: Path, b: Path, out: Path) -> tuple[Path, ...]:
    """Draw two runs compared: `paired.png` where tasks were tried several times, `differences.png`.

    Raises UsageError as `compare_records` does, and where a file cannot be written.
    """
    found = compare_records(read_record(a), read_record(b))
    drawn: dict[str, Figure] = {}
    if found.tasks and found.repeats_tasks:
        drawn["paired"] = paired_plot(gaps_between(found.tasks))
        drawn["differences"] = difference_plot(gaps_between(widest(found.tasks, MOST_TASKS)))
    elif found.groups:
        drawn["differences"] = difference_plot(_of_first_group(found))
    return _write(drawn, out)


def bar_plot(parts: Sequence[Bar]) -> Figure:
    """Rates as horizontal bars with their intervals, the first on top."""
    scored = [part for part in parts if part.value is not None]
    figure, axes = _figure(0.9 + 0.2 * len(scored))
    for place, part in enumerate(scored):
        axes.barh(place, part.value or 0.0, color=BLUE, alpha=0.55, height=0.7)
        axes.plot([part.low, part.high], [place, place], color="black", linewidth=0.9, marker="|", markersize=4)
    _name_rows(axes, [part.name for part in scored])
    axes.set_xlim(0, 100)
    axes.set_xlabel("%, with 95 % intervals")
    return figure


def confidence_plot(found: Sequence[Dot], error: float) -> Figure:
    """The reliability curve over the share of attempts in each bin."""
    figure, axes = _figure(4.0, width_in=4.2)
    axes.plot([0, 100], [0, 100], color=GREY, linestyle="--", linewidth=0.9)
    for dot in found:
        axes.bar(dot.left, 18 * dot.weight, width=dot.right - dot.left, align="edge", color=BLUE, alpha=0.18)
        axes.plot([dot.x, dot.x], [dot.low, dot.high], color=BLUE, linewidth=1)
    axes.plot([dot.x for dot in found], [dot.y for dot in found], color=BLUE, marker="o", markersize=4.5, linewidth=1.4)
    axes.set_xlim(0, 100)
    axes.set_ylim(0, 100)
    axes.set_aspect("equal")
    axes.set_xlabel("confidence, %")
    axes.set_ylabel("right, %")
    axes.set_title(f"expected calibration error {100 * error:.1f} points", fontsize=9)
    return figure


def time_plot(parts: Sequence[Share], median_s: float | None) -> Figure:
    """Where the time of an attempt goes, as one bar."""
    figure, axes = _figure(1.5)
    for part in parts:
        axes.barh(0, part.share, left=part.start, color=TIMES[part.colour - 1], label=_words(part.name), height=0.6)
    axes.set_xlim(0, 100)
    axes.set_yticks([])
    axes.set_xlabel("% of the time" + ("" if median_s is None else f"; median {median_s:.2g} s an attempt"))
    axes.legend(ncols=5, fontsize=7, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def paired_plot(gaps: Sequence[Gap]) -> Figure:
    """Each task by its score in A and in B."""
    figure, axes = _figure(4.0, width_in=4.2)
    axes.plot([0, 100], [0, 100], color=GREY, linestyle="--", linewidth=0.9)
    axes.scatter([gap.a for gap in gaps], [gap.b for gap in gaps], color=BLUE, alpha=0.55, s=26, linewidths=0)
    axes.set_xlim(-3, 103)
    axes.set_ylim(-3, 103)
    axes.set_aspect("equal")
    axes.set_xlabel("A, %")
    axes.set_ylabel("B, %")
    return figure


def difference_plot(gaps: Sequence[Gap]) -> Figure:
    """Differences with their intervals, the largest gain of B on top."""
    figure, axes = _figure(0.9 + 0.2 * len(gaps))
    axes.axvline(0, color=GREY, linestyle="--", linewidth=0.9)
    for place, gap in enumerate(gaps):
        colour = {"good": GREEN, "bad": RED, "even": GREY}[gap.look]
        axes.plot([gap.low, gap.high], [place, place], color=colour, linewidth=1)
        axes.plot(gap.value, place, color=colour, marker="o", markersize=4)
    _name_rows(axes, [gap.name for gap in gaps])
    axes.set_xlim(-100, 100)
    axes.set_xlabel("B less A, points, with 95 % intervals")
    return figure


def _figure(height_in: float, *, width_in: float = WIDTH_IN) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), labels=[_words(name) for name in names])
    axes.invert_yaxis()
    axes.margins(y=0.5 / max(1, len(names)))


def _words(name: str) -> str:
    """A name as matplotlib shows it: without a dollar sign it is no formula, without an underscore no secret label."""
    return visible(name).replace("$", r"\$").removeprefix("_")


def _median_s(summary: Summary) -> float | None:
    total = summary.seconds.get("total")
    return None if total is None else total.median


def _of_first_group(found: Comparison) -> list[Gap]:
    return gaps_between(next(iter(found.groups.values())))


def _write(drawn: dict[str, Figure], out: Path) -> tuple[Path, ...]:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, figure in drawn.items():
            figure.savefig(out / f"{name}.png", metadata={"Software": None})
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}") from None
    return tuple(out / f"{name}.png" for name in drawn)
