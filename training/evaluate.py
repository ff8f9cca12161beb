"""Pointing and acting on held-out pages, beside the two controls: a grey picture, and the wrong picture."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import torch

from .crops import PAGE, Crop, Pages, to_patches
from .learner import Learner
from .packing import pack
from .questions import Question, phrases, question

Asked = tuple[Crop, list[Question]]


def held_out(
    pages: Pages, count: int, columns: int, rows: int, *, seed: int = 7, each: int = 6, least: int = 1
) -> list[Asked]:
    """Pictures with click questions, the same for the same seed; each has at least `least` candidates."""
    rng = Random(seed)
    found: list[Asked] = []
    for index in range(count * 4):
        row, column = rng.randint(0, PAGE[0] - rows), rng.randint(0, PAGE[1] - columns)
        crop = pages.crop(index % len(pages), column * 28, row * 28, columns * 28, rows * 28)
        named = phrases(crop.elements)
        if len({phrase.element for phrase in named}) < least:
            continue
        chosen = rng.sample(named, min(each, len(named)))
        asked = [question(rng, phrase, crop.view) for phrase in chosen]
        found.append((crop, [one for one in asked if one.box is not None]))
        if len(found) == count:
            break
    return [one for one in found if one[1]]


@torch.inference_mode()
def pointing(learner: Learner, asked: Sequence[Asked], picture: str = "own") -> dict[str, float]:
    """Share of answers whose centre lies inside the target, by rung, and the mean distance in thousandths.

    Descriptions and marks are given; the four numbers are decoded greedily, one after another.
    """
    hits: dict[str, list[bool]] = {"a": [], "b": []}
    for n, (crop, questions) in enumerate(asked):
        shown = crop if picture == "own" else replace(crop, pixels=asked[(n + 1) % len(asked)][0].pixels)
        if picture == "grey":
            shown = replace(crop, pixels=np.full_like(crop.pixels, 128))
        boxes = _boxes(learner, shown, questions)
        view = crop.view
        for one, (x1, y1, x2, y2) in zip(questions, boxes, strict=True):
            assert one.box is not None
            x, y = (x1 + x2) / 2000 * view.width - view.x, (y1 + y2) / 2000 * view.height - view.y
            hits[one.rung].append(one.box[0] <= x < one.box[2] and one.box[1] <= y < one.box[3])
    return {rung: float(np.mean(found)) if found else float("nan") for rung, found in hits.items()}


def _boxes(learner: Learner, crop: Crop, questions: Sequence[Question]) -> list[list[int]]:
    vocabulary = learner.vocabulary
    grid = 1, crop.grid[0] * 2, crop.grid[1] * 2
    beginnings = [vocabulary.encode(one.answer.partition("(")[0] + "(") for one in questions]
    boxes: list[list[int]] = [[] for _ in questions]
    patches = to_patches([crop])
    for between in (",", "),(", ",", ")"):
        batch = pack(vocabulary, crop.grid, [questions], [crop.offset], answers=[beginnings])
        with torch.autocast("cpu", torch.bfloat16):
            hidden, *_ = learner(patches, grid, batch)
            last = hidden[0, torch.tensor(batch.ends[0]) - 1]
            numbers = learner.net.logits(last)[:, learner.numbers].float().argmax(-1)
        for n, number in enumerate(numbers.tolist()):
            boxes[n].append(number)
            beginnings[n] = [*beginnings[n], int(learner.numbers[number]), vocabulary.id(between)]
    return boxes
