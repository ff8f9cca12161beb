"""Reading and pointing on held-out pictures during training, beside two controls: a grey picture, and the wrong one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
import torch

from ..shown import CELL_PX, PAGE_PX, Question
from .batches import TIERS
from .learner import Learner
from .packing import pack
from .pictures import Picture, Pictures, asked_in
from .windows import Crop, cells_of, pixels_of, to_patches

LONGEST_DESCRIPTION = 16
"""Tokens; what is longer names nothing that is taught."""
EVALUATED = ("small", "medium", "large", "episode")
"""The tiers whose windows are pointed on."""
READABLE = 0.8
"""Of the cells of words and icons in small windows: behind a tower that reads fewer a decoder points badly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A held-out window with questions that have a place."""

    crop: Crop
    extent: int
    questions: list[Question]


class Held:
    """What a run is tried on: windows to point on and to read, `count` of each kind, the same every time."""

    def __init__(self, pictures: Mapping[str, Pictures], count: int) -> None:
        tiers = {name: TIERS[name] for name in EVALUATED if count and TIERS[name].of in pictures}
        self._asked = {
            name: held_out(pictures[tier.of], count if name != "large" else count // 3, *tier.usual)
            for name, tier in tiers.items()
        }
        rng = Random(7)
        self._words = {
            kind: [found.glance(rng, 6, 3) for _ in range(2 * count)]
            for kind, found in pictures.items()
            if count and found.has_names
        }

    def reading(self, learner: Learner) -> dict[str, float]:
        """How many of the cells that show a word or an icon are read, by kind of picture."""
        return {kind: reading(learner, crops) for kind, crops in self._words.items()}

    def pointing(self, learner: Learner) -> dict[str, dict[str, float]]:
        """By tier and rung, as `pointing` has it."""
        return {name: pointing(learner, asked) for name, asked in self._asked.items()}


@torch.inference_mode()
def reading(learner: Learner, crops: Sequence[Crop]) -> float:
    """Of the cells that show a taught word or icon, the share whose kind and name the tower tells rightly.

    The windows are of one size. NaN where there is no such cell.
    """
    device, (rows, columns), cells = learner.numbers.device, crops[0].grid, cells_of(crops)
    named = replace(cells, kinds=torch.where(cells.names > 0, cells.kinds, 0))
    if not named.kinds.any():
        return float("nan")
    with torch.autocast(device.type, torch.bfloat16):
        patches = to_patches(pixels_of(crops).to(device))
        return float(learner.losses(patches, (1, rows * 2, columns * 2), None, named.to(device)).read)


def held_out(pictures: Pictures, count: int, columns: int, rows: int, *, seed: int = 7, each: int = 6) -> list[Asked]:
    """Windows, the same for the same seed: goals where there are any, else all that can be asked."""
    rng, found = Random(seed), list[Asked]()
    for _ in range(count * 4):
        picture, crop = pictures.window(rng, columns, rows, is_corner=_has_goal(pictures.all[0]))
        asked = [one for one in asked_in(rng, picture, crop, each, words=0.5) if one.box is not None]
        if _has_goal(picture):
            asked = [one for one in asked if one.rung == "goal"]
        if asked:
            found.append(Asked(crop=crop, extent=max(*picture.extent), questions=asked))
        if len(found) == count:
            break
    return found


def _has_goal(picture: Picture) -> bool:
    return any(question.rung == "goal" for question in picture.questions)


@torch.inference_mode()
def pointing(learner: Learner, asked: Sequence[Asked], picture: str = "own") -> dict[str, float]:
    """The share of answers whose centre lies inside the target, by rung. Everything is decoded greedily."""
    hits: dict[str, list[bool]] = {}
    for n, one in enumerate(asked):
        shown = one.crop if picture == "own" else replace(one.crop, pixels=asked[(n + 1) % len(asked)].crop.pixels)
        if picture == "grey":
            shown = replace(one.crop, pixels=np.full_like(one.crop.pixels, 128))
        corner_x, corner_y = one.crop.offset[1] * CELL_PX, one.crop.offset[0] * CELL_PX
        boxes = _boxes(learner, replace(one, crop=shown))
        for question, (x1, y1, x2, y2) in zip(one.questions, boxes, strict=True):
            assert question.box is not None
            x, y = (x1 + x2) / 2000 * PAGE_PX[0] - corner_x, (y1 + y2) / 2000 * PAGE_PX[1] - corner_y
            inside = question.box[0] <= x < question.box[2] and question.box[1] <= y < question.box[3]
            hits.setdefault(question.rung, []).append(inside)
    return {rung: float(np.mean(found)) for rung, found in sorted(hits.items())}


def _boxes(learner: Learner, asked: Asked) -> list[list[int]]:
    """The four numbers of each answer. What the thing is called is decoded first where the question does not say it."""
    vocabulary = learner.vocabulary
    beginnings = [_begun(learner, asked, question) for question in asked.questions]
    for tokens in beginnings:
        tokens += [vocabulary.box_start, vocabulary.id("(")]
    boxes: list[list[int]] = [[] for _ in asked.questions]
    for between in (",", "),(", ",", ")"):
        logits = _next(learner, asked, asked.questions, beginnings)
        numbers = logits[:, learner.numbers].argmax(-1)
        for n, number in enumerate(map(int, numbers)):
            boxes[n].append(number)
            beginnings[n] = [*beginnings[n], int(learner.numbers[number]), vocabulary.id(between)]
    return boxes


def _begun(learner: Learner, asked: Asked, question: Question) -> list[int]:
    vocabulary = learner.vocabulary
    if question.rung != "goal":
        return vocabulary.encode(question.answer.partition("<|box_start|>")[0])
    tokens = [vocabulary.id("<|object_ref_start|>")]
    end = vocabulary.id("<|object_ref_end|>")
    while tokens[-1] != end and len(tokens) < LONGEST_DESCRIPTION:
        tokens.append(int(_next(learner, asked, [question], [tokens])[0].argmax()))
    return tokens if tokens[-1] == end else [*tokens, end]


def _next(
    learner: Learner, asked: Asked, questions: Sequence[Question], beginnings: Sequence[list[int]]
) -> torch.Tensor:
    """Logits of the token behind each beginning. Dimensions: (questions, tokens)."""
    crop, device = asked.crop, learner.numbers.device
    batch = pack(
        learner.vocabulary, crop.grid, [questions], [crop.offset], answers=[list(beginnings)], extent=asked.extent
    ).to(device)
    grid = 1, crop.grid[0] * 2, crop.grid[1] * 2
    with torch.autocast(device.type, torch.bfloat16):
        hidden, *_ = learner(to_patches(pixels_of([crop]).to(device)), grid, batch)
        return learner.net.logits(hidden[0, torch.tensor(batch.ends[0], device=device) - 1]).float()
