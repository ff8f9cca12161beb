"""The report of a run: one HTML file that shows every step and asks nothing of the network."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

import jinja2

from ...screen import Box, Point
from ...tools import Drag, Scroll, points_of
from ..record.folder import RunFolder
from ..record.trace import Decided, Sight, Step, Trajectory
from .words import in_words, seconds, visible

REPORT = "report.html"
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is drawn on a screenshot for one action. `path` is in screenshot pixels."""

    number: int
    kind: str
    path: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screenshot in the report. `source` is empty where `name` was embedded before, or could not be read."""

    name: str
    sight: Sight
    source: str = ""
    is_missing: bool = False
    boxes: tuple[Box, ...] = ()
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of the time that a step took. `start` and `share` are 0 to 100, `colour` is a number of the style."""

    colour: int
    name: str
    time: str
    start: float
    share: float


def write_report(run_dir: Path | str, path: Path | None = None) -> Path:
    """Write the report of a run, finished or not, and say where it is. Raises UsageError where there is no run."""
    folder = RunFolder(Path(run_dir))
    path = folder.path / REPORT if path is None else path
    path.write_text(render(folder.read(), folder), encoding="utf-8")
    return path


def render(run: Trajectory, folder: RunFolder) -> str:
    """The report as HTML. Everything that a page or a model wrote is escaped; there is no script."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters.update(in_words=in_words, seconds=seconds)
    style = environment.get_template("report.css").render()
    return environment.get_template("report.html").render(
        run=run,
        outcome=run.outcome,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        pictures=_pictures(run, folder),
        parts=[_parts(step) for step in run.steps],
        total_s=sum(step.seconds for step in run.steps),
        tokens=sum(step.decided.tokens for step in run.steps if step.decided),
        done=_done(run),
    )


def _shown(value: object) -> object:
    """Text made harmless; what the template itself has put together is left alone."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _pictures(run: Trajectory, folder: RunFolder) -> list[Picture]:
    """A picture for each step, and the screen that the last one left. Equal pictures are embedded once."""
    known: dict[str, str] = {}
    pictures = [_picture(step.saw, folder, known, step.decided) for step in run.steps]
    left = run.steps[-1].left if run.steps else None
    if left is not None and run.steps[-1].did:
        pictures.append(_picture(left, folder, known, None))
    return pictures


def _picture(sight: Sight, folder: RunFolder, known: dict[str, str], decided: Decided | None) -> Picture:
    boxes = () if decided is None else tuple(box.clip(sight.size) for box in decided.boxes)
    marks = () if decided is None else _marks(decided)
    if sight.frame in known:
        return Picture(name=known[sight.frame], sight=sight, boxes=boxes, marks=marks)
    try:
        png = folder.frame_path(sight.frame).read_bytes()
    except OSError:
        return Picture(name="", sight=sight, is_missing=True, boxes=boxes, marks=marks)
    known[sight.frame] = f"frame-{len(known) + 1}"
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return Picture(name=known[sight.frame], sight=sight, source=source, boxes=boxes, marks=marks)


def _marks(decided: Decided) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for number, action in enumerate(decided.actions, 1):
        path = points_of(action)
        if isinstance(action, Scroll):
            # An arrow of the distance scrolled would often leave the screen.
            length = max(abs(action.dx), abs(action.dy), 1) / 90
            path = (action.point, Point(action.point.x + action.dx / length, action.point.y + action.dy / length))
        if path:
            marks.append(Mark(number=number, kind="path" if isinstance(action, Drag | Scroll) else "point", path=path))
    return tuple(marks)


def _parts(step: Step) -> list[Part]:
    """Where the time of a step went, in order."""
    if step.decided is None or step.seconds <= 0:
        return []
    timing = step.decided.timing
    told = timing.process_s + timing.vision_s + timing.prefill_s + timing.decode_s
    spent = [
        ("pixels and text", timing.process_s),
        ("vision", timing.vision_s),
        ("prompt", timing.prefill_s),
        ("answer", timing.decode_s),
        ("decision" if told == 0 else "rest of the decision", max(0.0, timing.decide_s - told)),
        ("acting", sum(did.seconds for did in step.did)),
    ]
    spent.append(("looking and checking", max(0.0, step.seconds - sum(time for _, time in spent))))
    whole, start, parts = sum(time for _, time in spent), 0.0, list[Part]()
    for colour, (name, time) in enumerate(spent, 1):
        share = 100 * time / whole
        if time >= 0.0005:
            parts.append(Part(colour=colour, name=name, time=seconds(time), start=start, share=share))
        start += share
    return parts


def _done(run: Trajectory) -> int:
    """How many steps of the plan are done."""
    return max((step.next_position for step in run.steps), default=0)
