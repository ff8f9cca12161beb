"""Pages to pictures: Chromium shows each page of its kind, and the DOM says what stands where.

python -m clickwright.training.pages.render --out DIR --count 2000 --seed 0 --icons node_modules [--kind ordinary]

Seeds from 9,000,000 on are held out; those from 9,500,000 on have words and layouts of their own too. Pictures have the
size that is asked for at every scale: at 2 a page of half as many CSS pixels is drawn twice as finely.
"""

import argparse
import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Browser, CDPSession, Page, ViewportSize, async_playwright
from rich.progress import track

from ...environments import find_browser
from ...errors import EnvironmentLost
from ...exits import in_one_sentence
from ..packs import Row, encode, read_pack, write_pack
from ..shown import CELL_PX, PAGE_PX, element_of
from . import application, ordinary, screens
from .languages import ENGLISH, LANGUAGES
from .rendered import ShownPage, line_of
from .roles import roles_in

PAGES_A_PACK = 400
Made = Callable[[int, int, int, Path | None], str]
"""The page of a seed, a width and height in CSS pixels, and a folder of icons."""
KINDS: Mapping[str, Made] = {"full": screens.page, "ordinary": ordinary.page, "application": application.page}
SCALES = (1.0, 1.25, 1.5, 2.0)
"""Screenshot pixels per CSS pixel."""
MIXED = "mixed"
"""The scale of each page is drawn from its seed."""

_WRITTEN = """(samples) => {
  const drawn = (letter) => {
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    pen.font = "24px sans-serif";
    pen.fillText(letter, 4, 30);
    return canvas.toDataURL();
  };
  const missing = drawn("\\u{10FFFF}");
  return samples.map((letter) => drawn(letter) !== missing);
}"""
"""For each letter, whether it is drawn as anything but the box of a letter that no font has."""


class Pages:
    """A page of Chromium for each scale."""

    def __init__(self, chromium: Browser, size: tuple[int, int], icons: Path | None) -> None:
        self._chromium, self._size, self._icons = chromium, size, icons
        self._open: dict[float, tuple[Page, CDPSession]] = {}

    async def shown(self, made: Made, seed: int, scale: float) -> ShownPage:
        """A page as it looks, and what is on it."""
        width, height = (math.ceil(side / scale) for side in self._size)
        page, session = await self._at(scale, width, height)
        await page.set_content(made(seed, width, height, self._icons))
        found: dict[str, Any] = await page.evaluate(labels_script())
        roles = await roles_in(session)
        pixels = decode(await page.screenshot(type="png"))[: self._size[1], : self._size[0]]
        return ShownPage(
            pixels=pixels,
            elements=[element_of([*row[:3], *_scaled(row[3:7], scale), row[7]]) for row in found["things"]],
            roles=[roles.of(number) for number in found["owners"]],
            texts=[
                line_of([row[0], roles.around(row[1]), *_scaled(row[2:6], scale), row[6]]) for row in found["texts"]
            ],
            seed=seed,
            layout=found["layout"],
            language=found["language"] or ENGLISH.code,
            scale=scale,
        )

    async def _at(self, scale: float, width: int, height: int) -> tuple[Page, CDPSession]:
        if scale not in self._open:
            view: ViewportSize = {"width": width, "height": height}
            page = await self._chromium.new_page(viewport=view, device_scale_factor=scale)
            self._open[scale] = page, await page.context.new_cdp_session(page)
        return self._open[scale]

    async def written(self) -> frozenset[str]:
        """The languages whose letters this machine has a font for."""
        page = await self._chromium.new_page()
        found: list[bool] = await page.evaluate(_WRITTEN, [one.sample for one in LANGUAGES.values()])
        await page.close()
        return frozenset(code for code, is_drawn in zip(LANGUAGES, found, strict=True) if is_drawn)


async def render(
    out: Path,
    seeds: Sequence[int],
    size: tuple[int, int],
    icons: Path | None,
    browser: str,
    kind: str = "full",
    scale: float | None = 1.0,
) -> int:
    """Write packs of pictures with what is on each; how many pages were drawn.

    A pack that holds the pages of these seeds is left as it is, one that lacks some is drawn anew. A `scale` of
    None is another one for each seed.
    """
    count = 0
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=["--disable-gpu"])
        pages, made = Pages(chromium, size, icons), KINDS[kind]
        if kind == "application":
            written = await pages.written()
            made = partial(application.page, written=written)
            if missing := [code for code in LANGUAGES if code not in written]:
                print(f"no font here writes {', '.join(missing)}; those pages are English")
        for start in range(0, len(seeds), each := pages_a_pack(size)):
            part = seeds[start : start + each]
            path = out / f"{_name(kind, scale)}-{part[0]}.safetensors"
            if not _holds(path, part):
                pictures, rows = list[bytes](), list[Row]()
                for seed in track(part, f"pages {part[0]} to {part[-1]}"):
                    shown = await pages.shown(made, seed, scale_of(seed) if scale is None else scale)
                    pictures.append(encode(shown.pixels))
                    rows.append(shown.to_row((size[1] // CELL_PX, size[0] // CELL_PX)))
                write_pack(path, pictures, rows)
                count += len(part)
        await chromium.close()
    return count


def _holds(path: Path, seeds: Sequence[int]) -> bool:
    """Whether there is a pack with the pages of all these seeds."""
    return path.exists() and set(seeds) <= {row.get("seed") for row in read_pack(path).rows}


def pages_a_pack(size: tuple[int, int]) -> int:
    """So many pages of a size go into one pack: fewer of larger ones, so that none comes near 60 MB."""
    area = size[0] * size[1] / (PAGE_PX[0] * PAGE_PX[1])
    return max(1, int(PAGES_A_PACK / max(1.0, area)))


def scale_of(seed: int) -> float:
    """One of `SCALES`, by a seed."""
    return Random(f"scale:{seed}").choice(SCALES)


def _name(kind: str, scale: float | None) -> str:
    """Of the packs of a kind at a scale."""
    name = "pages" if kind == "full" else kind
    return name if scale == 1 else f"{name}-{MIXED if scale is None else f'x{scale:g}'}"


def _scaled(sides: Sequence[float], scale: float) -> list[float]:
    return [side * scale for side in sides]


@cache
def labels_script() -> str:
    """What reads a page's labels out of it, to be run in it."""
    return (Path(__file__).parent / "labels.js").read_text("utf-8").strip()


def decode(png: bytes) -> np.ndarray:
    """The picture as uint8 RGB."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise EnvironmentLost(f"the browser sent {len(png)} bytes that are no picture")
    return pixels


@in_one_sentence()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Render training pages with Chromium.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first page's seed")
    parser.add_argument("--width", type=int, default=PAGE_PX[0])
    parser.add_argument("--height", type=int, default=PAGE_PX[1])
    parser.add_argument("--icons", type=Path, help="a node_modules folder with icon packages")
    parser.add_argument(
        "--kind", choices=KINDS, default="full", help="pages full of things, as most sites are, or windows of programs"
    )
    scales = (*(f"{scale:g}" for scale in SCALES), MIXED)
    parser.add_argument("--scale", choices=scales, default="1", help="pixels of the picture per CSS pixel")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    seeds = range(given.seed, given.seed + given.count)
    scale, size, began = None if given.scale == MIXED else float(given.scale), (given.width, given.height), time.time()
    drawn = asyncio.run(render(given.out, seeds, size, given.icons, str(find_browser()), given.kind, scale))
    print(f"{drawn} pages, {drawn / (time.time() - began):.1f} a second")


if __name__ == "__main__":
    main()
