"""Dynamic resolution against fixed budgets: clickwright/mini on pictures of several sizes, native, rescaled, squeezed.

The model learned from pictures at their own size alone, and from whole pages of 1288 x 728 pixels in whose thousandths
it answers. So two things are measured. First the whole chain as it is used, on whole pages: any other resolution also
changes the positions that the model reads places from. Then windows of several sizes with the positions of the page
that they cover told at every resolution: what is left is whether things can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np

from ...errors import BadModelOutput
from ...model.processor import FACTOR, Budget, resize_still
from ...policies import ModelPolicy, load_policy
from ...screen import Pixels, Point, Screenshot, Size
from .curves import Panel, draw
from .results import Plan, Results, Value, point
from .windows import HELD_OUT_SEED, Mini, Window, rendered, windows

CELLS = (46, 26), (33, 19), (23, 13), (16, 16), (11, 6)
"""Columns and rows of the windows, in cells of 28 pixels; the first is the whole page."""
BUDGETS = 64, 128, 256, 512, 1024
"""Visual tokens a picture is brought to, whatever its size."""
SQUARE = Size(448, 448)
EACH = 6
PAGES_A_MINUTE = 5
CHAIN, TOLD = "the chain as it is", "told the positions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a picture is brought to the model: at a budget of tokens, squeezed into a square, or as it is."""

    name: str
    tokens: int | None = None
    is_square: bool = False

    @property
    def kind(self) -> str:
        if self.is_square:
            return "squeezed into 448 x 448"
        return "native size" if self.tokens is None else "fixed number of tokens"

    def shown(self, pixels: Pixels) -> Pixels:
        """The picture at the size at which the model reads it."""
        if self.is_square:
            squeezed = cv2.resize(pixels, (SQUARE.width, SQUARE.height), interpolation=cv2.INTER_AREA)
            return np.asarray(squeezed, np.uint8)
        return pixels if self.tokens is None else resize_still(pixels, fixed(self.tokens))


WAYS = (
    Way(name="native size"),
    *(Way(name=f"{tokens} tokens", tokens=tokens) for tokens in BUDGETS),
    Way(name="448 x 448", is_square=True),
)


def fixed(tokens: int) -> Budget:
    """The budget that brings every picture to so many tokens, as nearly as its sides allow."""
    return Budget(min_pixels=tokens * FACTOR**2, max_pixels=tokens * FACTOR**2)


def token_count(pixels: Pixels) -> int:
    """Visual tokens of a picture whose sides are multiples of a token's."""
    return pixels.shape[0] * pixels.shape[1] // FACTOR**2


def run(plan: Plan, ways: Sequence[Way] = WAYS, sizes: Sequence[tuple[int, int]] = CELLS) -> Path:
    """Ask everything in every way, and draw accuracy against the mean number of tokens."""
    count = max(1, round(plan.minutes * PAGES_A_MINUTE))
    pages = rendered(plan.out, count, plan.seed)
    cut = {cells: list(windows(pages, cells, EACH)) for cells in sizes}
    on = {
        "model": "clickwright/mini (7.0 million parameters, trained at native size alone), one look",
        "data": f"{count} held-out pages of training/screens.py in Chromium",
        "seeds": [HELD_OUT_SEED + plan.seed],
    }
    results = Results(plan, "resolution", on)
    _measure_chain(results, ways, cut[sizes[0]])
    _measure_told(results, ways, [window for each in cut.values() for window in each])
    _draw(results, plan.out / "resolution.png")
    return results.path


def _measure_chain(results: Results, ways: Sequence[Way], whole: Sequence[Window]) -> None:
    policy = load_policy("clickwright/mini")
    policy.doubt = None
    for way in ways:
        found = [[_is_hit(policy, way, window, number) for number in range(len(window.words))] for window in whole]
        _add(results, CHAIN, way, whole, found)


def _is_hit(policy: ModelPolicy, way: Way, window: Window, number: int) -> bool:
    """Whether the click of the whole chain lies in the target. An answer that cannot be read is a miss."""
    shown = way.shown(window.pixels)
    try:
        said = policy.ground(Screenshot(pixels=shown), window.words[number]).point
    except BadModelOutput:
        return False
    across, down = window.pixels.shape[1] / shown.shape[1], window.pixels.shape[0] / shown.shape[0]
    return window.boxes[number].contains(Point(said.x * across, said.y * down))


def _measure_told(results: Results, ways: Sequence[Way], cut: Sequence[Window]) -> None:
    mini = Mini()
    for way in ways:
        places = [mini.places(window, way.shown(window.pixels)) for window in cut]
        found = [
            [box.contains(place) for box, place in zip(window.boxes, said, strict=True)]
            for window, said in zip(cut, places, strict=True)
        ]
        _add(results, TOLD, way, cut, found)


def _add(results: Results, what: str, way: Way, cut: Sequence[Window], found: Sequence[Sequence[bool]]) -> None:
    """A row: windows of the same page are one cluster."""
    scores = [float(hit) for each in found for hit in each]
    pages = [window.page for window in cut for _ in window.words]
    counts = [token_count(way.shown(window.pixels)) for window in cut]
    by_size: dict[str, list[bool]] = {}
    for window, each in zip(cut, found, strict=True):
        by_size.setdefault(f"{window.pixels.shape[1]}x{window.pixels.shape[0]}", []).extend(each)
    more: dict[str, Value] = {
        "what": what,
        "way": way.name,
        "tokens": sorted(set(counts)),
        "by_size": [f"{size}: {sum(each)} of {len(each)}" for size, each in by_size.items()],
    }
    results.add(point(way.kind, fmean(counts), [scores], pages, **more))


def _draw(results: Results, out: Path) -> None:
    titles = {
        CHAIN: "whole pages, the chain as it is used",
        TOLD: "windows of five sizes, positions on the page told",
    }
    panels = [
        Panel(
            title=title,
            points=[one for one in results.points if one.more["what"] == what],
            x="mean visual tokens a picture",
            y="clicks inside the target",
            single=[way.kind for way in WAYS if way.tokens is None],
            is_log=True,
            ticks=BUDGETS,
        )
        for what, title in titles.items()
    ]
    draw(panels, results.words, out)
