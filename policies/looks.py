"""Second looks: a model in doubt sees the place again, in the middle and at native resolution, and its answers vote."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import ceil, prod

import numpy as np

from ..errors import BadModelOutput
from ..screen import Box, Point, Screenshot, Size
from .policy import Grounding
from .profiles import Doubt

SIGHT = Size(1288, 728)
"""How much is shown at most in a second look, in pixels of the screen."""
NEAR = 0.015
"""Share of a window's width that two places may be apart and still be one, where no box says more."""
OVERLAP = 0.25
"""Share of a window that it has in common with its neighbour, where a screen is searched window by window."""

ROUNDED_PX = 28
"""How much smaller a side may be seen without being shrunk: sides are rounded to whole tokens."""
SUREST = 4
"""How many of the places that a search finds are looked at once more, each in the middle of a window."""

Ground = Callable[[Screenshot], Grounding]
"""Where the one thing is that is asked about, on this picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a screenshot at native resolution. `left` and `top` are where it begins; both may be negative."""

    picture: Screenshot
    left: int
    top: int

    def on_screen(self, found: Grounding) -> Grounding:
        """The same place in the pixels of the whole screenshot."""
        box = found.box
        return replace(
            found,
            point=self._moved(found.point),
            box=None
            if box is None
            else Box.around(*(self._moved(p) for p in (Point(box.x1, box.y1), Point(box.x2, box.y2)))),
            candidates=tuple((self._moved(point), score) for point, score in found.candidates),
        )

    def _moved(self, point: Point) -> Point:
        return Point(point.x + self.left, point.y + self.top)


def settled(ground: Ground, screenshot: Screenshot, first: Grounding, doubt: Doubt, sight: Size) -> Grounding:
    """The place on which most looks agree; the first alone where nothing raises a doubt.

    `sight` is the size at which the model sees the screenshot. Each further look shows a window around the likeliest
    place that was in the middle of none before. Where the screen is seen smaller than it is and `doubt.scans`, it is
    searched window by window instead: how sure a model is of a picture in which it cannot read tells nothing. A look
    whose answer cannot be read counts for nothing.
    """
    window = window_size(screenshot.size, sight)
    if doubt.scans and is_shrunk(screenshot.size, sight):
        return _searched(ground, screenshot, window) or first
    looks, shown = [first], list[Point]()
    while len(looks) < doubt.looks and _is_doubted(agreed(looks, window), doubt):
        middle = _unseen(looks, shown, window)
        if middle is None:
            break
        shown.append(middle)
        looks += _look(ground, around(screenshot, middle, window), screenshot.size)
    return agreed(looks, window)


def is_shrunk(screen: Size, sight: Size) -> bool:
    """Whether a screen that is seen at this size is seen smaller than it is."""
    return max(screen.width - sight.width, screen.height - sight.height) > ROUNDED_PX


def window_size(screen: Size, sight: Size) -> Size:
    """What is shown of a screen in a second look: no more than the model sees without shrinking it."""
    return Size(min(SIGHT.width, sight.width, screen.width), min(SIGHT.height, sight.height, screen.height))


def around(screenshot: Screenshot, middle: Point, window: Size) -> Window:
    """The window with this point in its middle. What of it lies off the screen is plain, in the screen's main shade."""
    left, top = round(middle.x - window.width / 2), round(middle.y - window.height / 2)
    pixels = screenshot.pixels
    paper = np.empty((window.height, window.width, 3), np.uint8)
    paper[:] = np.median(pixels[::8, ::8].reshape(-1, 3), axis=0)
    shown = Box(left, top, left + window.width, top + window.height).clip(screenshot.size)
    x1, y1, x2, y2 = (round(side) for side in (shown.x1, shown.y1, shown.x2, shown.y2))
    paper[y1 - top : y2 - top, x1 - left : x2 - left] = pixels[y1:y2, x1:x2]
    picture = Screenshot(pixels=paper, scale=screenshot.scale, taken_s=screenshot.taken_s)
    return Window(picture=picture, left=left, top=top)


def agreed(looks: Sequence[Grounding], window: Size) -> Grounding:
    """The surest of those that agree most.

    Its confidence is the probability that it is right, if each look is right by itself with the probability that it
    tells, and two that are wrong do not agree.
    """
    groups = [[_is_same(one, other, window) for other in looks] for one in looks]
    likely = [_likelihood(looks, group) for group in groups]
    best = max(range(len(looks)), key=lambda n: (likely[n], looks[n].confidence or 0))
    chosen = [one for one, is_in in zip(looks, groups[best], strict=True) if is_in]
    surest = max(chosen, key=lambda one: one.confidence or 0)
    if surest.confidence is None:
        return replace(surest, looks=len(looks))
    rivals = {tuple(group): each for group, each in zip(groups, likely, strict=True)}
    nowhere = _likelihood(looks, [False] * len(looks))
    return replace(surest, confidence=likely[best] / (sum(rivals.values()) + nowhere), looks=len(looks))


def _likelihood(looks: Sequence[Grounding], group: Sequence[bool]) -> float:
    """That just the looks of this group are right. One without probabilities is an even bet."""
    sure = [0.5 if one.confidence is None else min(max(one.confidence, 1e-6), 1 - 1e-6) for one in looks]
    return prod(p if is_in else 1 - p for p, is_in in zip(sure, group, strict=True))


def _is_doubted(found: Grounding, doubt: Doubt) -> bool:
    return found.confidence is not None and found.confidence < doubt.below


def _is_same(one: Grounding, other: Grounding, window: Size) -> bool:
    """Whether two looks found one thing: either lies in the other's box, or they lie close together."""
    if one.point.distance(other.point) <= NEAR * window.width:
        return True
    boxes = ((one.box, other.point), (other.box, one.point))
    return any(box is not None and box.contains(point) for box, point in boxes)


def _unseen(looks: Sequence[Grounding], shown: Sequence[Point], window: Size) -> Point | None:
    """The surest place that was in the middle of no window yet."""
    near = NEAR * window.width
    fresh = [one for one in looks if all(one.point.distance(point) > near for point in shown)]
    return max(fresh, key=lambda one: one.confidence or 0).point if fresh else None


def _look(ground: Ground, window: Window, screen: Size) -> list[Grounding]:
    """What is found in a window, on the screen; nothing for an answer that cannot be read, or means no place there."""
    with suppress(BadModelOutput):
        found = window.on_screen(ground(window.picture))
        if screen.box.contains(found.point):
            return [found]
    return []


def _searched(ground: Ground, screenshot: Screenshot, window: Size) -> Grounding | None:
    """What windows that cover the screen agree on, the surest of them once more in the middle; None without any."""
    windows = (around(screenshot, middle, window) for middle in _middles(screenshot.size, window))
    looks = [one for each in windows for one in _look(ground, each, screenshot.size)]
    surest = sorted(looks, key=lambda one: one.confidence or 0, reverse=True)[:SUREST]
    looks += [one for each in surest for one in _look(ground, around(screenshot, each.point, window), screenshot.size)]
    return agreed(looks, window) if looks else None


def _middles(screen: Size, window: Size) -> Iterator[Point]:
    """The middles of windows that overlap and together cover the screen, row by row."""
    for y in _steps(screen.height, window.height):
        for x in _steps(screen.width, window.width):
            yield Point(x, y)


def _steps(whole: int, part: int) -> list[float]:
    count = 1 if whole <= part else 1 + ceil((whole - part) / (part * (1 - OVERLAP)))
    return [part / 2 + (whole - part) * n / max(1, count - 1) for n in range(count)]
