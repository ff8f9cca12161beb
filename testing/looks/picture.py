"""A baseline, what is there now, and what differs, in one picture for people."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ...screen import Box, Pixels, Screenshot, draw_overlay
from .compare import Comparison

GROUND, INK = (32, 36, 44), (236, 238, 242)
GAP_PX, HEAD_PX = 14, 30
FADED = 0.25
"""How much is left of what does not differ."""
MARK = (226, 0, 116)
CLOSE_MARGIN_PX, CLOSE_HEIGHT_PX, MAX_ZOOM = 14, 220, 8
"""The largest region is shown again with so much around it, no higher and no more enlarged than this."""


def side_by_side(before: Screenshot, after: Screenshot, found: Comparison) -> Screenshot:
    """Baseline, actual and difference beside each other with the regions framed; below, the largest one enlarged.

    Pictures of two sizes are only shown.
    """
    shown = [("baseline", _framed(before, found.regions)), ("actual", _framed(after, found.regions))]
    if before.size != after.size:
        shown = [("baseline", before.pixels), ("actual", after.pixels)]
        return Screenshot(pixels=_rows([_row(shown)], found.reason))
    apart = _difference(before.pixels, after.pixels, found.regions)
    shown.append(("difference", _framed(Screenshot(pixels=apart), found.regions)))
    rows = [_row(shown)]
    if found.regions:
        rows.append(_row(_close(before.pixels, after.pixels, apart, found.regions[0])))
    return Screenshot(pixels=_rows(rows, found.reason))


def _framed(picture: Screenshot, regions: Sequence[Box]) -> Pixels:
    return draw_overlay(picture, boxes=regions).pixels


def _difference(before: Pixels, after: Pixels, regions: Sequence[Box]) -> Pixels:
    """The later picture faded and without colours; what differs within the regions marked."""
    grey = np.asarray(cv2.cvtColor(cv2.cvtColor(after, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), np.float32)
    faded = np.round(255 - FADED * (255 - grey)).astype(np.uint8)
    gap = np.asarray(cv2.absdiff(before, after).max(axis=2), np.float32)
    mark = np.array(MARK, np.float32)
    for region in regions:
        part = np.s_[int(region.y1) : int(np.ceil(region.y2)), int(region.x1) : int(np.ceil(region.x2))]
        strength: NDArray[np.floating] = (gap[part] / 96).clip(0, 1)[..., None]
        blend: NDArray[np.floating] = (1 - strength) * faded[part] + strength * mark
        faded[part] = blend.round().astype(np.uint8)
    return faded


def _close(before: Pixels, after: Pixels, apart: Pixels, region: Box) -> list[tuple[str, Pixels]]:
    """The region and what is around it, three times."""
    height, width = before.shape[:2]
    around = region.grow(CLOSE_MARGIN_PX)
    x1, y1 = max(0, int(around.x1)), max(0, int(around.y1))
    x2, y2 = min(width, int(around.x2) + 1), min(height, int(around.y2) + 1)
    zoom = max(1, min(MAX_ZOOM, CLOSE_HEIGHT_PX // (y2 - y1), width // (x2 - x1)))
    names = ("baseline", "actual", "difference")
    parts = [picture[y1:y2, x1:x2] for picture in (before, after, apart)]
    larger = [np.repeat(np.repeat(part, zoom, axis=0), zoom, axis=1) for part in parts]
    return [
        (f"{name}, {zoom} times as large" if zoom > 1 else name, part) for name, part in zip(names, larger, strict=True)
    ]


def _row(shown: Sequence[tuple[str, Pixels]]) -> Image.Image:
    """Pictures in a row, each below its name."""
    font = ImageFont.load_default(size=16)
    widths = [max(picture.shape[1], int(font.getlength(name)) + 1) for name, picture in shown]
    height = HEAD_PX + max(picture.shape[0] for _, picture in shown)
    row = Image.new("RGB", (sum(widths) + GAP_PX * (len(shown) - 1), height), GROUND)
    draw = ImageDraw.Draw(row)
    x = 0
    for (name, picture), width in zip(shown, widths, strict=True):
        draw.text((x, 5), name, fill=INK, font=font)
        row.paste(Image.fromarray(picture), (x, HEAD_PX))
        x += width + GAP_PX
    return row


def _rows(rows: Sequence[Image.Image], said: str) -> Pixels:
    """Rows below each other, and below them what was said."""
    font = ImageFont.load_default(size=16)
    width = max(*(row.width for row in rows), int(font.getlength(said)) + 1) + 2 * GAP_PX
    height = sum(row.height + GAP_PX for row in rows) + GAP_PX + HEAD_PX
    page = Image.new("RGB", (width, height), GROUND)
    y = GAP_PX
    for row in rows:
        page.paste(row, (GAP_PX, y))
        y += row.height + GAP_PX
    ImageDraw.Draw(page).text((GAP_PX, y), said, fill=INK, font=font)
    return np.array(page)
