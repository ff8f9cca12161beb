"""The pictures of a run as a page shows them: each embedded once, with what was meant drawn beside it."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Protocol

from PIL import Image

from ...errors import UsageError
from ...screen import Box, Point, Size, read_image
from ...tools import Drag, Scroll, points_of
from ..record.folder import RunFolder
from ..record.trace import Decided, Sight

THUMB = (208, 128)
"""The largest small picture in the list of steps, in pixels: twice what is shown."""
SPOT = 0.022
"""How far one place of the heat map reaches, as a share of the screen's longer side."""
CROP = Size(420, 168)
"""What is shown of the screen around a place, pixel by pixel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is drawn on a screenshot for one action. `path` is in screenshot pixels."""

    number: int
    kind: str
    path: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One of the places that came into question. `across` and `down` are how far it reaches, `weight` is 0 to 1."""

    at: Point
    across: float
    down: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the bytes of a picture and of its small one are. `name` is the picture's on the page."""

    name: str
    href: str
    thumb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One screenshot on the page. `source` is None where it cannot be read, `is_first` where it is shown first."""

    sight: Sight
    source: Source | None
    is_first: bool = False
    boxes: tuple[Box, ...] = ()
    marks: tuple[Mark, ...] = ()
    heat: tuple[Spot, ...] = ()
    crop: Box | None = None

    @property
    def place(self) -> Point | None:
        """Where the first action is done."""
        return self.marks[0].path[0] if self.marks else None


class Frames(Protocol):
    """Where the pictures of a page come from."""

    def source(self, folder: RunFolder, frame: str) -> tuple[Source | None, bool]:
        """The picture, and whether it is met for the first time. None where it cannot be read."""
        ...


@dataclass(slots=True)
class Embedded:
    """Pictures inside the page, each once, without loss."""

    known: dict[str, Source] = field(default_factory=dict[str, Source])

    def source(self, folder: RunFolder, frame: str) -> tuple[Source | None, bool]:
        if frame in self.known:
            return self.known[frame], False
        try:
            href, thumb = _embedded(folder.frame_path(frame))
        except (OSError, UsageError):
            return None, False
        self.known[frame] = Source(name=f"frame-{len(self.known) + 1}", href=href, thumb=thumb)
        return self.known[frame], True


@dataclass(slots=True)
class Linked:
    """Pictures beside the page, as a server gives them."""

    known: dict[str, Source] = field(default_factory=dict[str, Source])

    def source(self, folder: RunFolder, frame: str) -> tuple[Source | None, bool]:
        if frame in self.known:
            return self.known[frame], False
        if not folder.frame_path(frame).exists():
            return None, False
        href = f"frames/{frame}.png"
        self.known[frame] = Source(name=f"frame-{len(self.known) + 1}", href=href, thumb=href)
        return self.known[frame], True


def picture_of(sight: Sight, folder: RunFolder, frames: Frames, decided: Decided | None = None) -> Picture:
    """A screen, and on it what was decided."""
    source, is_first = frames.source(folder, sight.frame)
    if decided is None:
        return Picture(sight=sight, source=source, is_first=is_first)
    marks = _marks(decided)
    place = marks[0].path[0] if marks else None
    return Picture(
        sight=sight,
        source=source,
        is_first=is_first,
        boxes=tuple(box.clip(sight.size) for box in decided.boxes),
        marks=marks,
        heat=() if place is None else _heat(place, decided, sight.size),
        crop=None if place is None else _around(place, sight.size),
    )


def _embedded(path: Path) -> tuple[str, str]:
    """The picture as it is, in the smaller of two forms, and a small one of it. Raises UsageError for a damaged one."""
    png = path.read_bytes()
    image = Image.fromarray(read_image(png).pixels)
    small = image.copy()
    small.thumbnail(THUMB)
    best = min((png, "png"), (_webp(image, is_exact=True), "webp"), key=lambda form: len(form[0]))
    return _data(*best), _data(_webp(small, is_exact=False), "webp")


def _webp(image: Image.Image, *, is_exact: bool) -> bytes:
    """A screen takes two fifths of its PNG, in 12 ms; a harder try saves another tenth and takes twice as long."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", lossless=is_exact, quality=20 if is_exact else 70, method=2)
    return buffer.getvalue()


def _data(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _marks(decided: Decided) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for number, action in enumerate(decided.actions, 1):
        path: Sequence[Point] = points_of(action)
        if isinstance(action, Scroll):
            # An arrow of the distance scrolled would often leave the screen.
            length = max(abs(action.dx), abs(action.dy), 1) / 90
            path = (action.point, Point(action.point.x + action.dx / length, action.point.y + action.dy / length))
        if path:
            kind = "path" if isinstance(action, Drag | Scroll) else "point"
            marks.append(Mark(number=number, kind=kind, path=tuple(path)))
    return tuple(marks)


def _heat(place: Point, decided: Decided, size: Size) -> tuple[Spot, ...]:
    """Where the model might have pointed: the places it named, or as far as its spread where it named none."""
    reach = SPOT * max(size.width, size.height)
    known = decided.candidates
    if not known:
        if decided.spread is None:
            return ()
        across, down = (max(reach, 3 * side) for side in (decided.spread.x, decided.spread.y))
        return (Spot(at=place, across=across, down=down, weight=1.0),)
    if all(at.distance(place) > reach for at, _ in known):  # the one that was chosen
        known = ((place, decided.confidence or known[0][1]), *known)
    most = max(share for _, share in known) or 1.0
    spots = [Spot(at=at, across=reach, down=reach, weight=round(sqrt(share / most), 3)) for at, share in known]
    return tuple(spot for spot in spots if size.box.contains(spot.at))


def _around(place: Point, size: Size) -> Box:
    """The part of the screen around a place that is shown pixel by pixel; at the edge of the screen, moved inwards."""
    width, height = min(CROP.width, size.width), min(CROP.height, size.height)
    left = min(max(round(place.x - width / 2), 0), size.width - width)
    top = min(max(round(place.y - height / 2), 0), size.height - height)
    return Box(left, top, left + width, top + height)
