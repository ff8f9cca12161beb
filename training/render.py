"""Pages to pictures: Chromium shows each page of `screens.py`, and the DOM says what stands where.

python -m clickwright.training.render --out DIR --count 2000 --seed 0 --icons node_modules
"""

import argparse
import asyncio
import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.async_api import async_playwright
from rich.progress import track

from .screens import page as screen

LABELS = """() => [...document.querySelectorAll('[data-kind]')].map(node => {
  const r = node.getBoundingClientRect(), panel = node.closest('.panel').getBoundingClientRect();
  const d = node.dataset;
  return [d.kind, d.colour, d.name, r.left, r.top, r.right, r.bottom,
          Math.max(0, Math.min(r.right, panel.right) - Math.max(r.left, panel.left))
          * Math.max(0, Math.min(r.bottom, panel.bottom) - Math.max(r.top, panel.top)) / (r.width * r.height)];
})"""
"""Kind, colour, name, box and the share of the box that its panel does not hide."""


async def render(out: Path, seeds: Sequence[int], size: tuple[int, int], icons: Path | None, browser: str) -> None:
    """Writes pixels.npy, uint8 (n, height, width, 3), and labels.jsonl, one line a page."""
    width, height = size
    shape = (len(seeds), height, width, 3)
    pixels = np.lib.format.open_memmap(out / "pixels.npy", "w+", np.uint8, shape)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=["--disable-gpu"])
        page = await chromium.new_page(viewport={"width": width, "height": height})
        session = await page.context.new_cdp_session(page)
        with (out / "labels.jsonl").open("w") as labels:
            for index, seed in enumerate(track(seeds, "pages")):
                await page.set_content(screen(seed, width, height, icons))
                found: list[Any] = await page.evaluate(LABELS)
                shot = await session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
                pixels[index] = decode(base64.b64decode(shot["data"]))
                labels.write(json.dumps({"seed": seed, "elements": found}) + "\n")
        await chromium.close()


def decode(png: bytes) -> np.ndarray:
    """The picture as uint8 RGB."""
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Render training pages with Chromium.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the first page's seed")
    parser.add_argument("--width", type=int, default=1288)
    parser.add_argument("--height", type=int, default=728)
    parser.add_argument("--icons", type=Path, help="a node_modules folder with icon packages")
    parser.add_argument("--browser", default="/usr/bin/chromium")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    seeds = range(given.seed, given.seed + given.count)
    asyncio.run(render(given.out, seeds, (given.width, given.height), given.icons, given.browser))


if __name__ == "__main__":
    main()
