"""What second looks are worth: the same clicks with one look and with as many as the doubt wants, side by side.

    python -m clickwright.training.figures.looks --held DIR [--model clickwright/mini] [--first 0] [--count 75]

At the default viewport each page is a screen. At 4K nine pages in a square are one, as windows on a desktop: a model
that reads 1288 x 728 pixels sees it at a third of its size, and then, window by window, as it is. Seconds are means of
clicks that each begin with nothing seen or read. Things on one screen are alike, so the interval is that of screens.
"""

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ...errors import BadModelOutput, UsageError
from ...exits import in_one_sentence
from ...model import Engine
from ...policies import Grounding, ModelPolicy, load_policy
from ...policies.profiles import Doubt
from ...screen import Box, Screenshot
from ..pages.questions import phrases
from ..pages.rendered import Rendered
from ..shown import Element

WALL = 3
"""Pages of a 4K screen on each side."""
LARGE = 3840, 2160
PAGE, SCREEN_4K = "1288 x 728", f"{LARGE[0]} x {LARGE[1]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A thing on a screen, in the words that fit no other on it. `screen` is a number that no other screen has."""

    screen: int
    screenshot: Screenshot
    words: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One click with one look and with several: whether each hit, how sure it was, how long it took.

    Pairs of the same `screen` are not independent.
    """

    screen: int
    one: bool
    several: bool
    confidence: float
    looks: int
    one_s: float
    several_s: float


def targets_of(pages: Rendered, first: int, count: int, each: Mapping[str, int]) -> dict[str, list[Target]]:
    """Of `PAGE` and `SCREEN_4K`, those of which things are wanted, so many a screen: their targets.

    Raises UsageError where these pages have none, before anything is measured.
    """
    indices = range(first, min(len(pages), first + count))
    found = {
        name: list(made(pages, indices, each[name]))
        for name, made in ((PAGE, page_targets), (SCREEN_4K, wall_targets))
        if each[name]
    }
    for name, targets in found.items():
        if not targets:
            raise UsageError(
                f"{len(indices)} pages make no screen of {name} with a thing on it: {WALL * WALL} make one of 4K, "
                "and --walls 0 leaves it out"
            )
    return found


def page_targets(pages: Rendered, indices: Sequence[int], each: int) -> Iterator[Target]:
    """Things on pages of the default viewport, so many a page."""
    for index in indices:
        page = pages.page(index)
        yield from _chosen(page.pixels, page.elements, index, each)


def wall_targets(pages: Rendered, indices: Sequence[int], each: int) -> Iterator[Target]:
    """Things on 4K screens of nine pages, so many a screen."""
    for start in range(0, len(indices) - WALL * WALL + 1, WALL * WALL):
        shown = [pages.page(index) for index in indices[start : start + WALL * WALL]]
        rows = [np.concatenate([page.pixels for page in shown[n : n + WALL]], 1) for n in range(0, len(shown), WALL)]
        pixels = np.ascontiguousarray(np.concatenate(rows)[: LARGE[1], : LARGE[0]])
        moved = (_moved(element, n) for n, page in enumerate(shown) for element in page.elements)
        kept = [element for element in moved if element.box[2] <= LARGE[0] and element.box[3] <= LARGE[1]]
        yield from _chosen(pixels, kept, start, each)


def _moved(element: Element, number: int) -> Element:
    """Where the element of the page of this number lies on the wall."""
    x1, y1, x2, y2 = element.box
    x, y = number % WALL * 1288, number // WALL * 728
    return replace(element, box=(x1 + x, y1 + y, x2 + x, y2 + y))


def _chosen(pixels: np.ndarray, elements: list[Element], screen: int, each: int) -> Iterator[Target]:
    named, screenshot = phrases(elements), Screenshot(pixels=pixels)
    for phrase in Random(screen).sample(named, min(each, len(named))):
        yield Target(screen=screen, screenshot=screenshot, words=phrase.text, box=Box(*phrase.element.box))


def pairs(policy: ModelPolicy, doubt: Doubt, targets: Sequence[Target], name: str) -> list[Pair]:
    """Every target, found with one look and with those that the doubt wants."""
    found: list[Pair] = []
    for target in track(targets, name):
        one, one_s = _ground(_afresh(policy, None), target)
        several, several_s = _ground(_afresh(policy, doubt), target)
        found.append(
            Pair(
                screen=target.screen,
                one=one is not None and target.box.contains(one.point),
                several=several is not None and target.box.contains(several.point),
                confidence=(several.confidence or 0) if several else 0,
                looks=several.looks if several else 1,
                one_s=one_s,
                several_s=several_s,
            )
        )
    return found


def _afresh(policy: ModelPolicy, doubt: Doubt | None) -> ModelPolicy:
    """The same with this doubt, on a model that has neither seen nor read anything: each way pays for all it needs."""
    if isinstance(policy.model, Engine):
        policy.model.forget()
    fresh = policy.apart()
    fresh.doubt = doubt
    return fresh


def _ground(policy: ModelPolicy, target: Target) -> tuple[Grounding | None, float]:
    began = time.perf_counter()
    try:
        found = policy.ground(target.screenshot, target.words)
    except BadModelOutput:
        found = None
    return found, time.perf_counter() - began


def interval(found: Sequence[Pair]) -> tuple[float, float]:
    """The 95 % interval of the gain in the share of hits, by a paired bootstrap of screens; NaN for fewer than two."""
    from scipy import stats  # pyright: ignore[reportMissingTypeStubs]  # an extra, for the published figures alone

    by_screen = defaultdict[int, list[int]](list)
    for pair in found:
        by_screen[pair.screen].append(pair.several - pair.one)
    if len(by_screen) < 2:
        return math.nan, math.nan
    gains, counts = (np.array([of(each) for each in by_screen.values()], float) for of in (sum, len))
    if len(set(gains / counts)) == 1:
        always = float(gains[0] / counts[0])
        return always, always  # the bootstrap has no interval where nothing varies
    random = np.random.default_rng(1)
    drawn = (
        cast(Any, stats)
        .bootstrap((gains, counts), _gain, n_resamples=20_000, paired=True, random_state=random)
        .confidence_interval
    )
    return float(drawn.low), float(drawn.high)


def _gain(gains: np.ndarray, counts: np.ndarray, axis: int = -1) -> np.ndarray:
    """In the share of hits, of screens of which each has so many more hits and so many things."""
    return gains.sum(axis) / counts.sum(axis)


def row(name: str, found: Sequence[Pair]) -> tuple[str, ...]:
    """A line of the table, of at least one pair."""
    one, several, count = (sum(p.one for p in found), sum(p.several for p in found), len(found))
    won = sum(p.several and not p.one for p in found)
    lost = sum(p.one and not p.several for p in found)
    low, high = interval(found)
    return (
        name,
        f"{one}/{count}",
        f"{several}/{count}",
        f"{won} won, {lost} lost",
        f"{100 * (several - one) / count:+.1f} [{100 * low:+.1f}, {100 * high:+.1f}]",
        f"{np.mean([p.looks for p in found]):.2f}",
        f"{np.mean([p.one_s for p in found]):.2f} s, {np.mean([p.several_s for p in found]):.2f} s",
    )


@in_one_sentence()
def main() -> None:
    """Measure both screens, and print the table."""
    parser = argparse.ArgumentParser(description="Measure what second looks are worth.")
    parser.add_argument("--model", default="clickwright/mini")
    parser.add_argument("--held", type=Path, required=True, help="pages of other seeds than training's")
    parser.add_argument("--first", type=int, default=0, help="the first page that is used")
    parser.add_argument("--count", type=int, default=75, help="pages that are used")
    parser.add_argument("--each", type=int, default=5, help="things a page; 0 leaves them out")
    parser.add_argument("--walls", type=int, default=8, help="things a 4K screen; 0 leaves it out")
    given = parser.parse_args()
    import_module("scipy")  # an extra: that it is missing is told before an hour of looking
    screens = targets_of(Rendered(given.held), given.first, given.count, {PAGE: given.each, SCREEN_4K: given.walls})
    policy = load_policy(given.model)
    doubt = policy.doubt or Doubt(below=0.9)
    table = Table("screen", "one look", "doubt", "", "gain in points, 95 %", "looks", "one look, doubt")
    for name, targets in screens.items():
        scanning = replace(doubt, scans=True) if name == SCREEN_4K else doubt
        table.add_row(*row(name, pairs(policy, scanning, targets, name)))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
