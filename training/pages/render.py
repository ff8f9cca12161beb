"""Pages to pictures: Chromium shows each page of `screens.py` or `ordinary.py`, and the DOM says what stands where.

python -m clickwright.training.pages.render --out DIR --count 2000 --seed 0 --icons node_modules [--kind ordinary]
"""

import argparse
import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.async_api import Page, async_playwright
from rich.progress import track

from ...environments import find_browser
from ...errors import EnvironmentLost
from ..packs import Row, encode, write_pack
from ..shown import CELL_PX, PAGE_PX, Element, element_of
from . import ordinary, screens

LABELS = """() => [...document.querySelectorAll('[data-kind]')].map(node => {
  const r = node.getBoundingClientRect(), panel = node.closest('.panel').getBoundingClientRect();
  const d = node.dataset;
  return [d.kind, d.colour, d.name, r.left, r.top, r.right, r.bottom,
          Math.max(0, Math.min(r.right, panel.right) - Math.max(r.left, panel.left))
          * Math.max(0, Math.min(r.bottom, panel.bottom) - Math.max(r.top, panel.top)) / (r.width * r.height)];
})"""
"""Kind, colour, name, box and the share of the box that its panel does not hide."""


PAGES_A_PACK = 400
KINDS: Mapping[str, Callable[[int, int, int, Path | None], str]] = {"full": screens.page, "ordinary": ordinary.page}


async def render(
    out: Path,
    seeds: Sequence[int],
    size: tuple[int, int],
    icons: Path | None,
    browser: str,
    kind: str = "full",
) -> None:
    """Write packs of pictures with the elements on each. What is there already is not drawn again."""
    width, height = size
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=["--disable-gpu"])
        page = await chromium.new_page(viewport={"width": width, "height": height})
        for start in range(0, len(seeds), PAGES_A_PACK):
            part = seeds[start : start + PAGES_A_PACK]
            path = out / f"{'pages' if kind == 'full' else kind}-{part[0]}.safetensors"
            if not path.exists():
                pictures, rows = list[bytes](), list[Row]()
                for seed in track(part, f"pages {part[0]} to {part[-1]}"):
                    pixels, elements = await drawn(page, KINDS[kind](seed, width, height, icons))
                    pictures.append(encode(pixels))
                    extent = height // CELL_PX, width // CELL_PX
                    rows.append({"seed": seed, "extent": extent, "elements": [one.to_row() for one in elements]})
                write_pack(path, pictures, rows)
        await chromium.close()


async def drawn(page: Page, html: str) -> tuple[np.ndarray, list[Element]]:
    """A page as it looks, and what its DOM says is on it."""
    await page.set_content(html)
    found: list[Any] = await page.evaluate(LABELS)
    return decode(await page.screenshot(type="png")), [element_of(row) for row in found]


def decode(png: bytes) -> np.ndarray:
    """The picture as uint8 RGB."""
    pixels = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR_RGB)
    if pixels is None:
        raise EnvironmentLost(f"the browser sent {len(png)} bytes that are no picture")
    return pixels


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Render training pages with Chromium.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first page's seed")
    parser.add_argument("--width", type=int, default=PAGE_PX[0])
    parser.add_argument("--height", type=int, default=PAGE_PX[1])
    parser.add_argument("--icons", type=Path, help="a node_modules folder with icon packages")
    parser.add_argument("--kind", choices=KINDS, default="full", help="pages full of things, or as most sites are")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    seeds = range(given.seed, given.seed + given.count)
    asyncio.run(render(given.out, seeds, (given.width, given.height), given.icons, str(find_browser()), given.kind))


if __name__ == "__main__":
    main()
