"""Where things lie among the texts around them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ...screen import Box, Label, Screenshot
from ...screen.screenshot import Pixels
from ..sight import Sight
from ..target import Target
from .texts import has_words, plain, texts_of

SLACK_X_PX, SLACK_Y_PX = 40, 10
"""How far a text may be from where it was beside a thing, in input units, and a share of the way besides: rows stretch
with a window, and letters grow."""
SHARE_X, SHARE_Y = 0.35, 0.3
SAME_WAY_PX = 4
"""How exactly rows repeat, in input units."""
FLAT = 4
"""Levels of a colour that still count as one ground."""
MAX_OWN, MAX_ANCHORS = 4, 6


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text beside a thing: how far its middle was from that of the thing, in input units."""

    text: str
    dx: float
    dy: float


class Surroundings:
    """The texts of a screen, to be asked what stands around a box."""

    def __init__(self, sight: Sight) -> None:
        self.scale = sight.scale
        self.texts = texts_of(sight)
        self._places: dict[str, list[Box]] = defaultdict(list)
        for label in self.texts:
            self._places[plain(label.text)].append(label.box)

    def is_beside(self, neighbour: Neighbour, box: Box) -> bool:
        """Whether the text stands to the box as it stood to the thing."""
        return any(
            abs(dx - neighbour.dx) <= SLACK_X_PX + SHARE_X * abs(neighbour.dx)
            and abs(dy - neighbour.dy) <= SLACK_Y_PX + SHARE_Y * abs(neighbour.dy)
            for dx, dy in self._ways(neighbour.text, box)
        )

    def is_near(self, neighbour: Neighbour, box: Box) -> bool:
        """Whether the text stands anywhere around the box, not much further away than it stood."""
        return any(
            abs(dx) <= 60 + 1.5 * abs(neighbour.dx) and abs(dy) <= 60 + 1.5 * abs(neighbour.dy)
            for dx, dy in self._ways(neighbour.text, box)
        )

    def error(self, neighbour: Neighbour, box: Box) -> float:
        """How far the text is from where it stood beside the thing, in input units, at most 1000."""
        ways = self._ways(neighbour.text, box)
        return min([1000.0, *(abs(dx - neighbour.dx) + abs(dy - neighbour.dy) for dx, dy in ways)])

    def ways_of(self, target: Target) -> list[Neighbour]:
        """How far each text around a thing has gone, in input units: its own ones first, at least half of all."""
        gone: list[Neighbour] = []
        for anchor in target.anchors:
            was = anchor.box.center.scale(1 / target.scale, 1 / target.scale)
            places = self._places.get(plain(anchor.text), ())
            moves = [(box.center.x / self.scale - was.x, box.center.y / self.scale - was.y) for box in places]
            if moves:
                dx, dy = min(moves, key=lambda move: abs(move[0]) + abs(move[1]))
                gone.append(Neighbour(plain(anchor.text), dx, dy))
        return gone if 2 * len(gone) > len(target.anchors) else []

    def is_still(self, anchor: Label) -> bool:
        """Whether the text stands where it stood."""
        return any(box.center.distance(anchor.box.center) < 2 for box in self._places.get(plain(anchor.text), ()))

    def has(self, text: str) -> bool:
        return plain(text) in self._places

    def _ways(self, text: str, box: Box) -> list[tuple[float, float]]:
        middle = box.center
        return [
            ((place.center.x - middle.x) / self.scale, (place.center.y - middle.y) / self.scale)
            for place in self._places.get(text, ())
        ]


def neighbours_of(target: Target) -> tuple[Neighbour, ...]:
    """What was recorded around a thing, those of its own row or card first."""
    return tuple(neighbour(anchor, target.box, target.scale) for anchor in target.anchors)


def own_of(target: Target) -> tuple[Neighbour, ...]:
    """The texts that say which one is meant: numbers and amounts are only asked where there is nothing else."""
    own = neighbours_of(target)[: target.own]
    return tuple(one for one in own if has_words(one.text)) or own


def neighbour(label: Label, box: Box, scale: float) -> Neighbour:
    middle, place = box.center, label.box.center
    return Neighbour(plain(label.text), (place.x - middle.x) / scale, (place.y - middle.y) / scale)


def anchors_of(sight: Sight, box: Box, alike: Sequence[Box]) -> tuple[tuple[Label, ...], int]:
    """The texts around a box that a recording keeps, and how many of them, the first ones, are its own."""
    around = Surroundings(sight)
    outside = [label for label in around.texts if box.intersect(label.box) is None]
    outside.sort(key=lambda label: label.box.center.distance(box.center))
    ground, beside = _ground_with_texts(sight.shown, box, outside)
    rivals = [other for other in alike if _stands_on(ground, other)]
    own = [label for label in beside if _is_own(label, box, alike, rivals, around)]
    own.sort(key=lambda label: (not has_words(label.text), not _shares_row(box, label.box)))
    own = own[:MAX_OWN]
    return (*own, *[label for label in outside if label not in own][:MAX_ANCHORS]), len(own)


def _is_own(label: Label, box: Box, alike: Sequence[Box], rivals: Sequence[Box], around: Surroundings) -> bool:
    """Whether a text stands so to this box and to none that is alike, and no rival on the same ground is nearer to it.

    Rows repeat to the pixel, so that what is said of each of them stands at the same place to each.
    """
    way, far = neighbour(label, box, around.scale), box.center.distance(label.box.center)
    if any(around.error(way, other) <= SAME_WAY_PX for other in alike):
        return False
    return not any(rival.center.distance(label.box.center) < far and _shares_row(rival, label.box) for rival in rivals)


def _shares_row(one: Box, other: Box) -> bool:
    return min(one.y2, other.y2) - max(one.y1, other.y1) > 0.3 * min(one.height, other.height)


def _ground_with_texts(
    screenshot: Screenshot, box: Box, labels: Sequence[Label]
) -> tuple[NDArray[np.uint8], list[Label]]:
    """The ground that a box stands on, such as a card or a row between two lines, and the texts on it.

    A wider one where it has none to itself.
    """
    pixels = np.ascontiguousarray(screenshot.pixels)
    inner = box
    ground = np.zeros(pixels.shape[:2], np.uint8)
    for _ in range(3):
        ground, extent = _ground(pixels, inner)
        found = [label for label in labels if _is_written_on(ground, label.box)]
        if any(has_words(label.text) for label in found):
            return ground, found
        inner = inner.grow(6 * screenshot.scale) if extent.area <= inner.area else extent
    return ground, []


def _ground(pixels: Pixels, box: Box) -> tuple[NDArray[np.uint8], Box]:
    """What is of one colour with the pixels just outside a box, and the box around all of that."""
    height, width = pixels.shape[:2]
    mask = np.zeros((height + 2, width + 2), np.uint8)
    best = (0, (0, 0, 0, 0))
    for x, y in _beside(box, width, height):
        if mask[y + 1, x + 1]:
            continue
        flags = 4 | cv2.FLOODFILL_MASK_ONLY | (255 << 8)
        own = np.zeros_like(mask)
        area, _, _, extent = cv2.floodFill(pixels, own, (x, y), (0, 0, 0), (FLAT,) * 3, (FLAT,) * 3, flags)
        if area > best[0]:
            best, mask = (area, (extent[0], extent[1], extent[2], extent[3])), own
    x, y, wide, high = best[1]
    return mask[1:-1, 1:-1], Box(x, y, x + wide, y + high)


def _beside(box: Box, width: int, height: int) -> list[tuple[int, int]]:
    """Places just outside the middles of a box's sides."""
    middle, out = box.center, 3
    places = ((box.x1 - out, middle.y), (box.x2 + out, middle.y), (middle.x, box.y1 - out), (middle.x, box.y2 + out))
    return [(int(x), int(y)) for x, y in places if 0 <= x < width and 0 <= y < height]


def _stands_on(ground: NDArray[np.uint8], box: Box) -> bool:
    height, width = ground.shape
    return any(ground[y, x] for x, y in _beside(box, width, height))


def _is_written_on(ground: NDArray[np.uint8], box: Box) -> bool:
    """Whether a text is on this ground, seen between its letters."""
    part = ground[int(box.y1) : int(box.y2) + 1, int(box.x1) : int(box.x2) + 1]
    return part.size > 0 and float((part > 0).mean()) > 0.25
