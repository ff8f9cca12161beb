"""One pair of pictures, and how all pairs of a seed are made in a real browser."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from playwright.async_api import Browser

from ...screen import Pixels, Screenshot
from .browsers import Drawing, browsers
from .changes import HARMLESS, REAL, Change
from .pages import SORTS, page

Boxes = list[list[float]]
LAID_OUT = """() => [...document.querySelectorAll("main *")].map(e => e.getBoundingClientRect())
    .map(r => [r.left, r.top, r.right, r.bottom])"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two pictures, and whether they are the same to a person."""

    name: str
    sort: str
    same: bool
    before: Screenshot
    after: Screenshot


def pairs_of(seed: int, *, every: int = 1) -> list[Pair]:
    """One of so many pairs of a seed. The same seed gives the same pages and changes."""
    return asyncio.run(_pairs(list(_drawn(seed))[::every]))


def _drawn(seed: int) -> Iterator[tuple[Change, str, int]]:
    """Every change once, its page and a number for the rest of what is chance."""
    for n, change in enumerate((*HARMLESS, *REAL)):
        rng = Random(f"{seed}/{n}")
        yield change, rng.choice(change.sorts or tuple(SORTS)), rng.randrange(1 << 30)


async def _pairs(drawn: list[tuple[Change, str, int]]) -> list[Pair]:
    wanted: list[Drawing] = [drawing for change, _, _ in drawn for drawing in (change.first, change.second)]
    async with browsers(wanted) as open_ones:
        return [await _pair(open_ones, *one) for one in drawn]


async def _pair(open_ones: Mapping[Drawing, Browser], change: Change, sort: str, chance: int) -> Pair:
    while True:
        before, laid_out = await _picture(open_ones[change.first], change, sort, chance, changed=False)
        after, laid_again = await _picture(open_ones[change.second], change, sort, chance, changed=True)
        if change.first == change.second or _moved(laid_out, laid_again) <= 1:
            break
        chance += 1  # full hinting also rounds how high lines are, which may lay the page out anew: another page then
    if change.pixels is not None:
        after = change.pixels(after, Random(chance))
    shots = [Screenshot(pixels=pixels, scale=change.scale) for pixels in (before, after)]
    return Pair(name=change.name, sort=sort, same=change.same, before=shots[0], after=shots[1])


def _moved(first: Boxes, second: Boxes) -> float:
    """How far any thing of the page lies from where it lay, in pixels of the page."""
    return float(np.abs(np.array(first) - np.array(second)).max())


async def _picture(browser: Browser, change: Change, sort: str, chance: int, *, changed: bool) -> tuple[Pixels, Boxes]:
    """What the page looks like, and where its things lay before they were changed."""
    context = await browser.new_context(
        viewport={"width": 1288, "height": 728}, device_scale_factor=change.scale, reduced_motion="reduce"
    )
    tab = await context.new_page()
    await tab.set_content(page(sort, Random(chance)) + f"<style>{change.style}</style>")
    boxes = await tab.evaluate(LAID_OUT)
    if changed and change.script:
        await tab.evaluate(f"(pick) => {{ {change.script} }}", chance)
    png = await tab.screenshot()
    await context.close()
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert pixels is not None
    return pixels.astype(np.uint8, copy=False), boxes
