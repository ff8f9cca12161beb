"""What a folder of records holds, in numbers and as pictures with their places drawn."""

import base64
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from ...agent.words import in_words
from ...pages import EMBEDDED, page, write_page
from ...screen import Mark, Screenshot, draw_marks
from ...tools import points_of
from .folder import RecordFolder
from .record import Acted, CourseStep, Film, Kind, Locate, Named, Part, Record, Shown, Text

PAGE = "records.html"
SHOWN = 24
"""Records on a page, spread evenly over the folder."""
MAX_PICTURES = 12
"""Of one record."""
THUMB = (208, 120)
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(slots=True, kw_only=True)
class Counts:
    """Of one kind of records."""

    records: int = 0
    pictures: set[str] = field(default_factory=set[str])
    sizes: Counter[str] = field(default_factory=Counter[str])
    answers: int = 0
    """Messages or steps that are learned."""
    places: int = 0
    failed: int = 0
    """Steps that did not work."""

    @property
    def usual_size(self) -> str:
        return self.sizes.most_common(1)[0][0] if self.sizes else "-"


def count(records: Iterable[Record]) -> dict[Kind, Counts]:
    """The counts of each kind, the largest first."""
    found: dict[Kind, Counts] = {}
    for record in records:
        counts = found.setdefault(record.kind, Counts())
        counts.records += 1
        for picture in record.pictures:
            if picture.frame not in counts.pictures:
                counts.sizes[f"{picture.width} x {picture.height}"] += 1
            counts.pictures.add(picture.frame)
        _count_messages(record, counts)
        _count_steps(record, counts)
    return dict(sorted(found.items(), key=lambda item: -item[1].records))


def _count_messages(record: Record, counts: Counts) -> None:
    for message in record.messages:
        counts.answers += message.role == "assistant"
        counts.places += sum(len(part.places) for part in message.parts if isinstance(part, Named))


def _count_steps(record: Record, counts: Counts) -> None:
    for step in record.trajectory.steps if record.trajectory else ():
        counts.answers += step.worked and step.learned
        counts.failed += not step.worked
        counts.places += sum(len(points_of(action)) for action in step.actions) + (step.target is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture with its places, as a page shows it."""

    href: str
    small: str
    """A thumbnail of it."""
    width: int
    height: int
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who says what. `look` is good, bad, or empty for what is only told."""

    who: str
    words: str
    look: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record on a page."""

    record: Record
    drawn: Sequence[Drawn]
    lines: Sequence[Line]
    more: int
    """Pictures that are not shown."""


def write_overview(folder: RecordFolder, path: Path | None = None, *, shown: int = SHOWN) -> Path:
    """A page about a folder of records: counts, and some records with their places drawn; where it is.

    Raises UsageError where the records or their pictures cannot be read.
    """
    records = list(folder.read())
    step = max(1, -(-len(records) // shown))
    entries = [_entry(record, folder) for record in records[::step]]
    counts = count(records)
    html = page(
        "records.html",
        folder=_TEMPLATES,
        policy=EMBEDDED,
        scripts=(),
        name=folder.path.resolve().name,
        total=len(records),
        counts=counts,
        entries=entries,
    )
    return write_page(html, folder.path / PAGE if path is None else path)


def _entry(record: Record, folder: RecordFolder) -> Entry:
    marks: dict[int, list[Mark]] = {n: [] for n in range(len(record.pictures))}
    lines: list[Line] = []
    for message in record.messages:
        look = "good" if message.role == "assistant" else ""
        parts = [part for part in message.parts if len(record.pictures) > 1 or not isinstance(part, Shown)]
        lines.append(Line(who=message.role, words=" ".join(map(_words, parts)), look=look))
        lines += [Line(who="also right", words=other) for other in message.others]
        for part in message.parts:
            if isinstance(part, Named):
                marks[part.picture] += [Mark(shape=shape, label=part.text) for shape in part.shapes]
            elif isinstance(part, Acted):
                marks[part.picture] += [Mark(shape=at) for action in part.actions for at in points_of(action)]
    if record.trajectory is not None:
        lines.append(Line(who="goal", words=record.trajectory.goal))
        for n, step in enumerate(record.trajectory.steps, 1):
            lines += _step_lines(n, step)
            marks[step.saw.picture] += _step_marks(n, step)
    kept = range(min(len(record.pictures), MAX_PICTURES))
    shots = [folder.load(record.pictures[n]) for n in kept]
    drawn = [_drawn(draw_marks(shot, marks[n]), f"picture {n + 1}") for n, shot in zip(kept, shots, strict=True)]
    return Entry(record=record, drawn=drawn, lines=lines, more=len(record.pictures) - len(drawn))


def _step_lines(number: int, step: CourseStep) -> list[Line]:
    done = "; ".join(in_words(action) for action in step.actions) or step.raw or "nothing"
    words = f"{step.thought} → {done}" if step.thought else done
    lines = [Line(who=f"step {number}", words=words, look="bad" if not step.worked else "good" if step.learned else "")]
    return [*lines, Line(who="did not work", words=step.error)] if step.error else lines


def _step_marks(number: int, step: CourseStep) -> list[Mark]:
    target = [Mark(shape=step.target.as_box, label=step.target.text)] if step.target else []
    return [
        *target,
        *(Mark(shape=at, label=f"step {number}") for action in step.actions for at in points_of(action)),
    ]


def _words(part: Part) -> str:
    match part:
        case Text(text=text):
            return text
        case Named(text=text, places=places):
            told = ", ".join(f"({', '.join(f'{number:g}' for number in numbers)})" for numbers in places)
            return f"[{text}: {told}]" if text else f"[{told}]"
        case Locate(text=text):
            return f"Where is: {text}"
        case Film(frames=frames):
            return f"[video of {len(frames)} frames, {frames[-1].at_s:g} s]"
        case Acted(actions=actions, thought=thought):
            done = "; ".join(in_words(action) for action in actions)
            return f"{thought} → {done}" if thought else done
        case _:
            return f"[picture {part.picture + 1}]"


def _drawn(screenshot: Screenshot, caption: str) -> Drawn:
    """Inside the page, in a form with losses: it is looked at, not trained on."""
    image = Image.fromarray(screenshot.pixels)
    small = image.copy()
    small.thumbnail(THUMB)
    size = screenshot.size
    return Drawn(href=_data(image), small=_data(small), width=size.width, height=size.height, caption=caption)


def _data(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=80, method=2)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
