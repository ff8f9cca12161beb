"""Drawn pictures and videos of coloured shapes, one in each cell, with questions about where they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from ...model.processor import CLIP_MEAN, CLIP_STD, FACTOR

Integers = NDArray[np.int64]
Shape = tuple[int, int, int]
"""Frame pairs, rows and columns of cells; a cell is one visual token."""

COLOURS = {
    "red": (220, 40, 40),
    "orange": (250, 140, 20),
    "yellow": (245, 215, 40),
    "green": (40, 160, 60),
    "blue": (40, 80, 220),
    "purple": (140, 60, 180),
    "white": (255, 255, 255),
    "black": (20, 20, 20),
}
FIGURES = ("square", "circle", "ring", "triangle", "cross", "diamond", "bar", "pillar")
KINDS = ("row", "column", "right", "below", "next")
"""What is asked of a thing: its row or column, or what stands right of it, below it, or there one frame pair later."""
STEPS = {"row": (0, 0, 0), "column": (0, 0, 0), "right": (0, 0, 1), "below": (0, 1, 0), "next": (1, 0, 0)}
"""Frame pairs, rows and columns from a thing to where the answer is seen."""
NUMBERS = 16
THINGS = tuple(f"{colour} {figure}" for colour in COLOURS for figure in FIGURES)
WORDS = ("<start>", "<end>", "<picture>", *KINDS, *(str(number) for number in range(NUMBERS)), *THINGS)
"""One token each. That a thing has one of its own is what lets a small model find it within minutes."""
ASKED = 2
"""Words of a question; its answer is one."""
VARIANTS = 12
_GROUND = 226


def word(text: str) -> int:
    """The token of a word."""
    return WORDS.index(text)


_THING, _NUMBER, _KIND = word(THINGS[0]), word("0"), word(KINDS[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Scenes of one shape with as many questions each.

    Dimensions: codes and variants (b, cells), a code being 0 for an empty cell, else 1 + the number of the thing;
    words (b, k, 2) what is asked, kind and thing, answers (b, k), and places (b, k) the cell where the answer is seen.
    """

    shape: Shape
    codes: Tensor
    variants: Tensor
    words: Tensor
    answers: Tensor
    places: Tensor

    @property
    def kinds(self) -> Tensor:
        """Numbers of the kinds of question. Dimensions: (b, k)."""
        return self.words[..., 0] - _KIND

    def around(self, kind: str) -> Tensor:
        """What each cell knows that can answer such questions: its own row or column, or the code of the thing before
        it, for which it is right, below or next; -1 where the scene ends. Dimensions: (b, cells).
        """
        size, shape = len(self.codes), self.shape
        if kind in ("row", "column"):
            axis = 1 if kind == "row" else 2
            order = torch.arange(shape[axis]).view([-1 if number == axis else 1 for number in range(3)])
            return order.expand(shape).reshape(1, -1).expand(size, -1)
        t, rows, columns = STEPS[kind]
        padded = F.pad(self.codes.view(size, *shape), (columns, 0, rows, 0, t, 0), value=-1)
        return padded[:, : shape[0], : shape[1], : shape[2]].reshape(size, -1)

    @property
    def patches(self) -> Tensor:
        """What the tower reads: stills of one frame each. Dimensions: (b, 4 * cells, 588)."""
        return tiles()[self.codes, self.variants].flatten(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """Scenes that are the same for the same seed. `count` of them, or without end.

    Of `things` that stand on a scene once it is asked; the cells between are filled with others to a share of `full`.
    """

    seed: int
    shapes: Sequence[Shape]
    kinds: Sequence[str]
    count: int | None = None
    questions: int = 16
    things: int = 12
    full: float = 0.8

    def draw(self, random: np.random.Generator, size: int) -> Batch:
        """Some scenes of one shape."""
        shape = int(random.integers(len(self.shapes)))
        each = 2**40 if self.count is None else max(1, self.count // len(self.shapes))
        return self.batch(shape, random.integers(each, size=size))

    def batch(self, shape: int, numbers: Sequence[int] | Integers) -> Batch:
        """The scenes of these numbers, of the shape of that number."""
        made = [self._scene(shape, int(number)) for number in numbers]
        codes, variants, told = (torch.as_tensor(np.stack(part)) for part in zip(*made, strict=True))
        words, answers, places = told[..., :ASKED], told[..., ASKED], told[..., ASKED + 1]
        return Batch(
            shape=self.shapes[shape], codes=codes, variants=variants, words=words, answers=answers, places=places
        )

    def _scene(self, shape: int, number: int) -> tuple[Integers, Integers, Integers]:
        random = np.random.default_rng((self.seed, shape, number))
        while True:
            codes, places = self._codes(random, self.shapes[shape])
            possible = self._possible(codes, places)
            if possible:
                break
        told: list[tuple[int, int, int, int]] = []
        for _ in range(self.questions):
            kind = list(possible)[int(random.integers(len(possible)))]
            told.append(_told(codes, kind, *possible[kind][int(random.integers(len(possible[kind])))]))
        return codes.ravel(), random.integers(VARIANTS, size=codes.size), np.array(told)

    def _codes(self, random: np.random.Generator, shape: Shape) -> tuple[Integers, Integers]:
        """What stands in each cell, and where the things stand that there are once."""
        order = random.permutation(len(THINGS)) + 1
        cells = int(np.prod(shape))
        once = min(self.things, cells)
        codes = np.where(random.random(cells) < self.full, random.choice(order[once:], cells), 0)
        places = random.permutation(cells)[:once]
        codes[places] = order[:once]
        return codes.reshape(shape), np.stack(np.unravel_index(places, shape), 1)

    def _possible(self, codes: Integers, places: Integers) -> dict[str, list[tuple[Integers, Integers]]]:
        """By kind the places that can be asked about, each with the place of the answer."""
        found: dict[str, list[tuple[Integers, Integers]]] = {}
        for kind in self.kinds:
            there = places + np.array(STEPS[kind])
            is_inside = (there < np.array(codes.shape)).all(1)
            pairs = zip(places[is_inside], there[is_inside], strict=True)
            filled = [(place, other) for place, other in pairs if codes[tuple(other)]]
            if filled:
                found[kind] = filled
        return found


def _told(codes: Integers, kind: str, place: Integers, there: Integers) -> tuple[int, int, int, int]:
    """Question, answer, and the cell where that is seen."""
    asked = _KIND + KINDS.index(kind), _THING + int(codes[tuple(place)]) - 1
    seen = int(np.ravel_multi_index(tuple(there), codes.shape))
    if kind in ("row", "column"):
        return *asked, _NUMBER + int(place[1 if kind == "row" else 2]), seen
    return *asked, _THING + int(codes[tuple(there)]) - 1, seen


@cache
def tiles() -> Tensor:
    """Each thing as it may look in its cell, normalised. Dimensions: (1 + 64, 12, 4 patches, 588)."""
    random = np.random.default_rng(0)
    shown = np.stack([[_tile(random, code) for _ in range(VARIANTS)] for code in range(len(THINGS) + 1)])
    pixels = (torch.as_tensor(shown).float() / 255 - torch.tensor(CLIP_MEAN)) / torch.tensor(CLIP_STD)
    half = FACTOR // 2
    blocks = pixels.view(len(THINGS) + 1, VARIANTS, 2, half, 2, half, 3).permute(0, 1, 2, 4, 6, 3, 5)
    return blocks.reshape(len(THINGS) + 1, VARIANTS, 4, -1)


def picture(codes: Integers, variants: Integers) -> NDArray[np.uint8]:
    """One frame as people see it. Dimensions: both (rows, columns) to (28 * rows, 28 * columns, 3)."""
    means, deviations = np.array(CLIP_MEAN), np.array(CLIP_STD)
    half = FACTOR // 2
    chosen = tiles()[torch.as_tensor(codes), torch.as_tensor(variants)].numpy()
    blocks = chosen.reshape(*codes.shape, 2, 2, 3, half, half).transpose(0, 2, 5, 1, 3, 6, 4)
    pixels = blocks.reshape(codes.shape[0] * FACTOR, codes.shape[1] * FACTOR, 3)
    return ((pixels * deviations + means) * 255).round().clip(0, 255).astype(np.uint8)


def _tile(random: np.random.Generator, code: int) -> NDArray[np.uint8]:
    pixels = np.full((FACTOR, FACTOR, 3), _GROUND + int(random.integers(-12, 13)), np.int64)
    if code:
        colour, figure = divmod(code - 1, len(FIGURES))
        painted = np.array(list(COLOURS.values())[colour]) + random.integers(-16, 17, 3)
        pixels[_drawn(random, FIGURES[figure])] = painted
    return pixels.clip(0, 255).astype(np.uint8)


def _drawn(random: np.random.Generator, figure: str) -> NDArray[np.bool_]:
    """The pixels of a figure, somewhere near the middle of its cell."""
    radius = random.uniform(8, 11)
    middle = FACTOR / 2 - 0.5 + random.uniform(-2, 2, 2)
    y, x = np.mgrid[:FACTOR, :FACTOR] - middle[:, None, None]
    away, thick = np.hypot(x, y), radius * 0.36
    is_within = (abs(x) < radius) & (abs(y) < radius)
    match figure:
        case "square":
            return is_within
        case "circle":
            return away < radius
        case "ring":
            return (away < radius) & (away > radius * 0.55)
        case "triangle":
            return is_within & (abs(x) < (y + radius) / 2)
        case "cross":
            return is_within & ((abs(x) < thick) | (abs(y) < thick))
        case "diamond":
            return abs(x) + abs(y) < radius
        case "bar":
            return is_within & (abs(y) < thick)
        case _:
            return is_within & (abs(x) < thick)
