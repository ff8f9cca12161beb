"""What second looks are worth: the same clicks with one look and with as many as the doubt wants, side by side.

    python -m clickwright.training.figures.looks --held DIR [--model clickwright/mini] [--first 0] [--count 75]

At the default viewport each page is a screen. At 4K nine pages in a square are one, as windows on a desktop: a model
that reads 1288 x 728 pixels sees it at a third of its size, and then, window by window, as it is.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ...errors import BadModelOutput
from ...policies import Grounding, ModelPolicy, load_policy
from ...policies.profiles import Doubt
from ...screen import Box, Screenshot
from ..pages.questions import phrases
from ..pages.rendered import Rendered
from ..shown import Element

WALL = 3
"""Pages of a 4K screen on each side."""
LARGE = 3840, 2160


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A thing on a screen, in the words that fit no other on it."""

    screenshot: Screenshot
    words: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One click with one look and with several: whether each hit, how sure it was, how long it took."""

    one: bool
    several: bool
    confidence: float
    looks: int
    one_s: float
    several_s: float


def page_targets(pages: Rendered, indices: Sequence[int], each: int) -> Iterator[Target]:
    """Things on pages of the default viewport, so many a page."""
    for index in indices:
        page = pages.page(index)
        yield from _chosen(page.pixels, page.elements, Random(index), each)


def wall_targets(pages: Rendered, indices: Sequence[int], each: int) -> Iterator[Target]:
    """Things on 4K screens of nine pages, so many a screen."""
    for start in range(0, len(indices) - WALL * WALL + 1, WALL * WALL):
        shown = [pages.page(index) for index in indices[start : start + WALL * WALL]]
        rows = [np.concatenate([page.pixels for page in shown[n : n + WALL]], 1) for n in range(0, len(shown), WALL)]
        pixels = np.ascontiguousarray(np.concatenate(rows)[: LARGE[1], : LARGE[0]])
        moved = (_moved(element, n) for n, page in enumerate(shown) for element in page.elements)
        kept = [element for element in moved if element.box[2] <= LARGE[0] and element.box[3] <= LARGE[1]]
        yield from _chosen(pixels, kept, Random(start), each)


def _moved(element: Element, number: int) -> Element:
    """Where the element of the page of this number lies on the wall."""
    x1, y1, x2, y2 = element.box
    x, y = number % WALL * 1288, number // WALL * 728
    return replace(element, box=(x1 + x, y1 + y, x2 + x, y2 + y))


def _chosen(pixels: np.ndarray, elements: list[Element], rng: Random, each: int) -> Iterator[Target]:
    named = phrases(elements)
    for phrase in rng.sample(named, min(each, len(named))):
        yield Target(screenshot=Screenshot(pixels=pixels), words=phrase.text, box=Box(*phrase.element.box))


def pairs(policy: ModelPolicy, doubt: Doubt, targets: Sequence[Target], name: str) -> list[Pair]:
    """Every target, found with one look and with those that the doubt wants."""
    found: list[Pair] = []
    for target in track(targets, name):
        policy.doubt = None
        one, one_s = _ground(policy, target)
        policy.doubt = doubt
        several, several_s = _ground(policy, target)
        found.append(
            Pair(
                one=one is not None and target.box.contains(one.point),
                several=several is not None and target.box.contains(several.point),
                confidence=(several.confidence or 0) if several else 0,
                looks=several.looks if several else 1,
                one_s=one_s,
                several_s=several_s,
            )
        )
    return found


def _ground(policy: ModelPolicy, target: Target) -> tuple[Grounding | None, float]:
    began = time.perf_counter()
    try:
        found = policy.ground(target.screenshot, target.words)
    except BadModelOutput:
        found = None
    return found, time.perf_counter() - began


def interval(found: Sequence[Pair]) -> tuple[float, float]:
    """The 95 % interval of the gain in the share of hits, by a paired bootstrap."""
    from scipy import stats  # pyright: ignore[reportMissingTypeStubs]  # an extra, for the published figures alone

    gains = np.array([pair.several - pair.one for pair in found], float)
    if not gains.any():
        return 0.0, 0.0
    random = np.random.default_rng(1)
    drawn = cast(Any, stats).bootstrap((gains,), np.mean, n_resamples=20_000, random_state=random).confidence_interval
    return float(drawn.low), float(drawn.high)


def row(name: str, found: Sequence[Pair]) -> tuple[str, ...]:
    """A line of the table."""
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
        f"{np.median([p.one_s for p in found]):.2f} s, {np.mean([p.several_s for p in found]):.2f} s",
    )


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
    policy, pages = load_policy(given.model), Rendered(given.held)
    doubt = policy.doubt or Doubt(below=0.9)
    indices = range(given.first, min(len(pages), given.first + given.count))
    table = Table("screen", "one look", "doubt", "", "gain in points, 95 %", "looks", "one look, doubt")
    if given.each:
        targets = list(page_targets(pages, indices, given.each))
        table.add_row(*row("1288 x 728", pairs(policy, doubt, targets, "1288 x 728")))
    if given.walls:
        targets = list(wall_targets(pages, indices, given.walls))
        found = pairs(policy, replace(doubt, scans=True), targets, "3840 x 2160")
        table.add_row(*row("3840 x 2160", found))
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
