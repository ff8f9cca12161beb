"""Whether two pictures of a screen look the same to a person, and where they do not.

Made of OpenCV's filters, which are a dependency anyway: 40 ms of processor time for a screen of 1288 x 728 pixels, 11
to 130 as little or all of it differs. The alternatives, on the pairs of seed 1 of `reliability.pairs`: pixelmatch 0.4.0
(600 ms and more, in Python) counts 22,000 pixels where a page is drawn one pixel aside, 8,000 for the coloured edges of
text, 13 for another digit and none for a missing border; scikit-image 0.26's structural similarity (150 ms and more) is
0.90 for one pixel aside and 0.9999 for another digit. No threshold of theirs tells the ones from the others, because
both hold each pixel against the pixel at its own place.

What it does not see: a comma that became a point, or an I that became an l, in letters of 12 px, and a sign or a digit
of the smallest letters where another machine drew all of the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import ceil, floor

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ...screen import Box, Pixels, Screenshot, Size
from .regions import joined

HALVES = (0, -1, 1, -2, 2)
"""How far a part of the picture may have moved along each axis, in halves of a pixel of the page."""
WINDOW_PX = 9
"""What moves together: about a letter and its neighbour."""
LUMA_SIGMA, CHROMA_SIGMA = 1.0, 1.5
"""Eyes blur, colours more than brightness; so goes how each machine draws the edges of letters."""
EDGE_SHARES = (0.2, 0.5)
"""How much of the contrast that both pictures have around a pixel may differ there: the edges of letters. The first
where most edges are drawn alike, the second where another machine's drawing is all over the picture."""
LEVELS = 3
"""Of 255: what nobody sees on a plain ground."""
LEAST_MASSES = (45, 11)
"""Levels beyond what is tolerated, added up over the pixels of one place. Drawn alike, a button that is a pixel aside
leaves 14 and a layer of text 25, another digit 206 or more; drawn otherwise, hinting leaves 6, another digit 18 or
more."""
CELL_PX, EDGE_LEVELS, ROUGH_LEVELS, ROUGH_SHARE = 16, 48, 5, 0.05
"""Cells of this size with an edge of so many levels; so much differs at one that is drawn otherwise; from this share of
them on the picture is. Changes of one thing touch under 0.04 of a page, other hinting over 0.12."""
ROUGH_CELLS = 6
"""A letter touches four: of a small area it is a large share."""
REACH_PX = 16
"""From how far around a pixel it is judged, and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What came of a comparison. `regions` are the boxes that differ, in pixels of the pictures, the largest first.

    `ratio` of the compared pixels differ, 0 to 1. `reason` is one sentence, for either outcome.
    """

    same: bool
    reason: str
    ratio: float = 0.0
    regions: tuple[Box, ...] = ()


def compare(before: Screenshot, after: Screenshot, *, masks: Iterable[Box] = (), tolerance: float = 0.0) -> Comparison:
    """Whether the pictures look the same outside the masks. `tolerance` is the share of the pixels that may differ.

    Edges of letters and of shapes may be drawn in another way, and things may be a pixel aside. Pictures of two sizes
    are never the same.
    """
    if before.size != after.size:
        return _of_two_sizes(before.size, after.size)
    counted = _counted(before.size, masks)
    dirty = (before.pixels != after.pixels).any(axis=2) & counted
    if not dirty.any():
        return Comparison(same=True, reason="the pictures are the same")
    first, second, kept = _as_laid_out(before.pixels, after.pixels, counted, before.scale)
    found, pixels = _found(first, second, kept)
    across, down = before.size.width / kept.shape[1], before.size.height / kept.shape[0]
    boxes = joined(box.scale(across, down) for box in found)
    ratio = pixels / max(1, int(np.count_nonzero(kept)))
    if not boxes:
        return Comparison(same=True, reason="the pictures look the same: only how edges are drawn differs")
    return Comparison(same=ratio <= tolerance, reason=_reason(boxes, ratio), ratio=ratio, regions=boxes)


def _of_two_sizes(before: Size, after: Size) -> Comparison:
    words = f"it is {after.width} x {after.height} px, and was {before.width} x {before.height} px"
    return Comparison(same=False, reason=words, ratio=1.0, regions=(after.box,))


def _reason(boxes: tuple[Box, ...], ratio: float) -> str:
    largest = boxes[0]
    where = f"{largest.width:.0f} x {largest.height:.0f} px at ({largest.x1:.0f}, {largest.y1:.0f})"
    share = f"{100 * ratio:.2g}% of the pixels"
    if len(boxes) == 1:
        return f"1 place differs, {where}, {share}"
    return f"{len(boxes)} places differ, the largest {where}, {share}"


def _counted(size: Size, masks: Iterable[Box]) -> NDArray[np.bool_]:
    """Which pixels are compared: none that a mask touches. Dimensions: (height, width)."""
    counted = np.ones((size.height, size.width), np.bool_)
    for mask in masks:
        box = mask.clip(size)
        counted[floor(box.y1) : ceil(box.y2), floor(box.x1) : ceil(box.x2)] = False
    return counted


def _as_laid_out(
    before: Pixels, after: Pixels, counted: NDArray[np.bool_], scale: float
) -> tuple[Pixels, Pixels, NDArray[np.bool_]]:
    """Both pictures with the same in the masks, and a fine screen's at the size that its page is laid out in."""
    first, second = before, np.where(counted[..., None], after, before)
    if scale <= 1:
        return first, second, counted
    size = (max(1, round(counted.shape[1] / scale)), max(1, round(counted.shape[0] / scale)))
    kept = cv2.resize(counted.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) == 1
    return _smaller(first, size), _smaller(second, size), kept


def _smaller(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _found(before: Pixels, after: Pixels, kept: NDArray[np.bool_]) -> tuple[list[Box], int]:
    """Boxes around what differs, and how many pixels that is. Only what may differ is looked at closely."""
    place = _around((before != after).any(axis=2) & kept)
    if place is None:
        return [], 0
    edged = _cells((_contrast(_as_seen(before)[0]) > EDGE_LEVELS) & kept)
    rows, columns = place
    boxes, pixels = _places(before[place], after[place], kept[place], edged)
    corner = columns.start, rows.start
    return [Box(b.x1 + corner[0], b.y1 + corner[1], b.x2 + corner[0], b.y2 + corner[1]) for b in boxes], pixels


def _around(dirty: NDArray[np.bool_]) -> tuple[slice, slice] | None:
    """The rows and columns that have to be looked at."""
    rows, columns = np.flatnonzero(dirty.any(axis=1)), np.flatnonzero(dirty.any(axis=0))
    if rows.size == 0:
        return None
    top, left = max(0, int(rows[0]) - REACH_PX), max(0, int(columns[0]) - REACH_PX)
    return slice(top, int(rows[-1]) + 1 + REACH_PX), slice(left, int(columns[-1]) + 1 + REACH_PX)


def _places(before: Pixels, after: Pixels, kept: NDArray[np.bool_], edged: int) -> tuple[list[Box], int]:
    """Boxes around what differs, and how many pixels that is. `edged` are the cells with edges on the whole screen."""
    first, second = _as_seen(before), _as_seen(after)
    apart = _apart(first, second)
    edges = _edges(first, second)
    rough = _cells((apart > ROUGH_LEVELS) & (edges > EDGE_LEVELS) & kept)
    way = 1 if rough > max(ROUGH_CELLS, ROUGH_SHARE * edged) else 0
    over = np.ceil((apart.astype(np.float32) - EDGE_SHARES[way] * edges - LEVELS).clip(0)) * kept
    return _heavy(over.astype(np.uint8), LEAST_MASSES[way])


def _cells(marked: NDArray[np.bool_]) -> int:
    """How many cells have a pixel that is marked."""
    height, width = (-(-side // CELL_PX) * CELL_PX for side in marked.shape)
    whole = np.zeros((height, width), np.bool_)
    whole[: marked.shape[0], : marked.shape[1]] = marked
    cells = whole.reshape(height // CELL_PX, CELL_PX, width // CELL_PX, CELL_PX)
    return int(np.count_nonzero(cells.any(axis=(1, 3))))


def _heavy(over: NDArray[np.uint8], least: int) -> tuple[list[Box], int]:
    """The places whose pixels differ by so much in all; `over` is by how much each does beyond what is tolerated."""
    differs = (over > 0).astype(np.uint8)
    wide = cv2.dilate(differs, np.ones((3, 3), np.uint8))
    count, labels, bounds, _ = cv2.connectedComponentsWithStats(wide)
    masses = np.bincount(labels.ravel(), weights=over.ravel(), minlength=count)
    boxes: list[Box] = []
    pixels = 0
    for label in (int(one) for one in np.flatnonzero(masses >= least)):
        left, top, width, height = (int(one) for one in bounds[label][:4])
        part = np.s_[top : top + height, left : left + width]
        pixels += int(np.count_nonzero((labels[part] == label) & (differs[part] == 1)))
        boxes.append(Box(left, top, left + width, top + height))
    return boxes, pixels


def _as_seen(pixels: Pixels) -> list[MatLike]:
    """Brightness and two of colour, blurred. Dimensions: (height, width) uint8 each."""
    planes = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb))
    sigmas = (LUMA_SIGMA, CHROMA_SIGMA, CHROMA_SIGMA)
    return [cv2.GaussianBlur(plane, (0, 0), sigma) for plane, sigma in zip(planes, sigmas, strict=True)]


def _edges(first: list[MatLike], second: list[MatLike]) -> MatLike:
    """The contrast around each pixel that both pictures have, in brightness or in one of the colours."""
    common = [cv2.min(_contrast(one), _contrast(other)) for one, other in zip(first, second, strict=True)]
    return cv2.max(cv2.max(common[0], common[1]), common[2])


def _contrast(plane: MatLike) -> MatLike:
    around = np.ones((WINDOW_PX, WINDOW_PX), np.uint8)
    return cv2.subtract(cv2.dilate(plane, around), cv2.erode(plane, around))


def _apart(first: list[MatLike], second: list[MatLike]) -> MatLike:
    """How far each pixel is from the other picture, which is moved so that it fits best around that pixel."""
    halves = [_halves(plane) for plane in second]
    best = least = None
    for dx, dy in product(HALVES, HALVES):
        gaps = _gaps(first, [_moved(plane, dx, dy) for plane in halves])
        costs = cv2.boxFilter(gaps, cv2.CV_16U, (WINDOW_PX, WINDOW_PX), normalize=False)
        if best is None or least is None:
            best, least = gaps, costs
            continue
        better = cv2.compare(costs, least, cv2.CMP_LT)
        cv2.copyTo(costs, better, least)
        cv2.copyTo(gaps, better, best)
    assert best is not None
    return best


def _gaps(first: list[MatLike], second: list[MatLike]) -> MatLike:
    """The widest of the three."""
    brightness, red, blue = (cv2.absdiff(one, other) for one, other in zip(first, second, strict=True))
    return cv2.max(cv2.max(brightness, red), blue)


def _halves(plane: MatLike) -> dict[tuple[int, int], MatLike]:
    """The plane with a border of a pixel, as it is and moved by half a pixel to the left, up, and both."""
    whole = cv2.copyMakeBorder(plane, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    left = cv2.addWeighted(whole[:, :-1], 0.5, whole[:, 1:], 0.5, 0)
    up = cv2.addWeighted(whole[:-1], 0.5, whole[1:], 0.5, 0)
    both = cv2.addWeighted(left[:-1], 0.5, left[1:], 0.5, 0)
    return {(0, 0): whole, (1, 0): left, (0, 1): up, (1, 1): both}


def _moved(halves: dict[tuple[int, int], MatLike], dx: int, dy: int) -> MatLike:
    """A view of the plane moved by so many halves of a pixel."""
    plane = halves[dx % 2, dy % 2]
    height, width = (side - 2 for side in halves[0, 0].shape[:2])
    x, y = 1 + dx // 2, 1 + dy // 2
    return plane[y : y + height, x : x + width]
