"""Windows of held-out pages, and clickwright/mini asked about them at any resolution."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import torch
from tokenizers import Tokenizer
from torch import Tensor

from ...environments import find_browser
from ...model.checkpoint.weights import checkpoint_folder
from ...model.load import load_model
from ...model.rotary import Grid
from ...policies.grammars import Canvas, answer
from ...screen import Box, Pixels, Point, Size
from ...training.mini.packing import Vocabulary, pack
from ...training.mini.windows import PAGE, Crop, pixels_of, to_patches
from ...training.pages.questions import phrases
from ...training.pages.render import render
from ...training.pages.rendered import Rendered
from ...training.shown import Question

WHOLE = Size(PAGE[1] * 28, PAGE[0] * 28)
HELD_OUT_SEED = 9_400_000
"""Training rendered its pages from seeds up to 102,000."""
_LEAST_PX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of a page, or all of it, with what is asked about it: words that fit one thing there, and its box.

    `offset` is the row and column of its first cell on the page. Boxes are in pixels of the window.
    """

    page: str
    pixels: Pixels
    offset: tuple[int, int]
    words: tuple[str, ...]
    boxes: tuple[Box, ...]


def rendered(folder: Path, count: int, seed: int) -> Rendered:
    """So many held-out pages of the size that the model learned from, rendered unless they are there."""
    shown = folder / f"pages-{count}-{seed}"
    shown.mkdir(parents=True, exist_ok=True)
    seeds = range(HELD_OUT_SEED + seed, HELD_OUT_SEED + seed + count)
    asyncio.run(render(shown, seeds, (WHOLE.width, WHOLE.height), None, str(find_browser())))
    return Rendered(shown)


def windows(pages: Rendered, cells: tuple[int, int], each: int) -> Iterator[Window]:
    """One window of every page, so many columns and rows of cells large, with some questions; none that has nothing."""
    columns, rows = cells
    for number in range(len(pages)):
        rng = Random(f"{number}:{columns}x{rows}")
        row, column = rng.randint(0, PAGE[0] - rows), rng.randint(0, PAGE[1] - columns)
        x, y, width, height = column * 28, row * 28, columns * 28, rows * 28
        page = pages.page(number)
        cut = [element.crop(x, y, width, height) for element in page.elements]
        named = phrases([element for element in cut if element is not None])
        named = [one for one in named if one.element.box[2] - one.element.box[0] >= _LEAST_PX]
        chosen = rng.sample(named, min(each, len(named)))
        if chosen:
            yield Window(
                page=str(number),
                pixels=page.pixels[y : y + height, x : x + width],
                offset=(row, column),
                words=tuple(one.text for one in chosen),
                boxes=tuple(Box(*one.element.box) for one in chosen),
            )


class Mini:
    """clickwright/mini without the chain around it, for pictures whose place on the page is known.

    A picture's tokens are given the positions on the page that its cells cover, wherever it was rescaled to: with
    fewer cells than pixels for them they lie further apart. So the model is told where everything is, at any
    resolution, and must only see what it is.
    """

    def __init__(self) -> None:
        self.net = load_model("clickwright/mini").network
        folder = checkpoint_folder("clickwright/mini")
        self.vocabulary = Vocabulary(Tokenizer.from_file(str(folder / "tokenizer.json")))

    @torch.inference_mode()
    def places(self, window: Window, shown: Pixels) -> list[Point]:
        """Where each thing asked for is, in pixels of the window. `shown` is the window at another resolution."""
        crop = Crop(pixels=shown, elements=[], offset=window.offset)
        grid: Grid = 1, crop.grid[0] * 2, crop.grid[1] * 2
        dtype = self.net.decoder.embed_tokens.weight.dtype
        features = self.net.visual(to_patches(pixels_of([crop])).to(dtype), [grid])
        asked = [_question(words) for words in window.words]
        beginnings = [self.vocabulary.encode(one.answer.partition("(")[0] + "(") for one in asked]
        corners: list[list[int]] = [[] for _ in asked]
        for between in (",", "),(", ",", ")"):
            for number, said in enumerate(self._numbers(window, crop, features, asked, beginnings)):
                corners[number].append(said)
                beginnings[number] += [int(self.vocabulary.numbers[said]), self.vocabulary.id(between)]
        return [_centre(one, window.offset) for one in corners]

    def _numbers(
        self, window: Window, crop: Crop, features: Tensor, asked: Sequence[Question], beginnings: list[list[int]]
    ) -> list[int]:
        """The number that is written next for each question."""
        batch = pack(self.vocabulary, crop.grid, [asked], [(0, 0)], answers=[beginnings])
        first = len(self.vocabulary.before)
        positions = batch.positions.float()
        positions[1:, 0, first : first + features.shape[1]] = first + spread(window, crop.grid)
        x = self.net.embed(batch.ids, features[0])
        hidden = self.net.decoder(x, positions, batch.mask)[0, torch.tensor(batch.ends[0]) - 1]
        return [int(number) for number in self.net.logits(hidden)[:, self.vocabulary.numbers].float().argmax(-1)]


def spread(window: Window, grid: tuple[int, int]) -> Tensor:
    """Row and column on the page that each cell of a grid over the window has. Dimensions: (2, cells).

    At the window's own resolution they are whole numbers, one apart.
    """
    own = window.pixels.shape[0] / 28, window.pixels.shape[1] / 28
    rows, columns = (
        (torch.arange(count) + 0.5) * side / count - 0.5 + start
        for count, side, start in zip(grid, own, window.offset, strict=True)
    )
    return torch.stack(torch.meshgrid(rows, columns, indexing="ij")).flatten(1)


def _question(words: str) -> Question:
    written = answer(words, Box(0, 0, 1, 1), (), Canvas(size=WHOLE))
    return Question(text=f"Locate {words}.", answer=written, kind="locate")


def _centre(corners: list[int], offset: tuple[int, int]) -> Point:
    x, y = (corners[0] + corners[2]) / 2000 * WHOLE.width, (corners[1] + corners[3]) / 2000 * WHOLE.height
    return Point(x - offset[1] * 28, y - offset[0] * 28)
