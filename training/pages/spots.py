"""Rendered pages as a data set of ScreenSpot's form, for `clickwright bench run screenspot`.

    python -m clickwright.training.pages.spots --out DIR --count 60 --seed 9000000

One thing a page is asked for, by turns one that is named by what is written on it (text) and one that is named by what
it looks like (icon). From seed 9000000 on no page was trained on.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from random import Random

from PIL import Image

from ...environments import find_browser
from ..shown import PAGE_PX, Sides
from .questions import phrases
from .render import KINDS, render
from .rendered import Rendered

SIZE = PAGE_PX
DATA = "screenspot_clickwright.json"
_RUNGS = {"icon": ("a",), "text": ("b", "word")}
"""Phrases of rung "a" need no reading, the others do."""


def write_spots(pages: Path, out: Path, *, seed: int = 0) -> int:
    """Write the pages in a folder of `render.py` as pictures and rows; how many there are."""
    found, random = Rendered(pages), Random(seed)
    (out / "images").mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, object]] = []
    for index in range(len(found)):
        of = tuple(_RUNGS)[index % 2]
        fitting = [phrase for phrase in phrases(found.page(index).elements) if phrase.rung in _RUNGS[of]]
        if not fitting:
            continue
        name = f"page_{index:04}.png"
        Image.fromarray(found.page(index).pixels).save(out / "images" / name)
        phrase = random.choice(fitting)
        rows.append(spot_row(name, phrase.element.box, phrase.text, of, "windows"))
    (out / DATA).write_text(json.dumps(rows, indent=1), "utf-8")
    return len(rows)


def spot_row(picture: str, box: Sides, words: str, of: str, source: str) -> dict[str, object]:
    """A row of ScreenSpot's files: the thing in this box of a picture, asked for in these words. `of` is its type."""
    x1, y1, x2, y2 = box
    return {
        "img_filename": picture,
        "bbox": [round(x1, 2), round(y1, 2), round(x2 - x1, 2), round(y2 - y1, 2)],
        "instruction": words,
        "data_type": of,
        "data_source": source,
    }


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write rendered pages in ScreenSpot's form.")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=9_000_000, help="the first page's seed")
    parser.add_argument("--icons", type=Path, help="a node_modules folder with icon packages")
    parser.add_argument("--kind", choices=KINDS, default="full", help="as for rendering")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.count)
    with tempfile.TemporaryDirectory() as pages:
        asyncio.run(render(Path(pages), seeds, SIZE, given.icons, str(find_browser()), given.kind))
        print(f"{write_spots(Path(pages), given.out)} pages in {given.out}")


if __name__ == "__main__":
    main()
