"""Screenshot to model input on a CPU: this package beside transformers' processor for PIL, to the last bit the same.

    python -m clickwright.perf.pixels [--runs 20]

From uint8 pixels to the float32 numbers that the tower reads. Sizes that are multiples of 28 need no resize; what a
still's second frame repeats is left out here and written by transformers.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from transformers import Qwen2VLImageProcessorPil

from ..model import Picture
from ..model.config import QWEN2_VL_2B
from ..model.pixels import normalised
from ..model.processor import Budget, Look, Processor
from .oracle import machine

SIZES = ((1280, 720), (1288, 728), (1920, 1080), (1932, 1092), (3840, 2160))


def ours(processor: Processor, pixels: np.ndarray) -> torch.Tensor:
    values = processor.patches(Picture(pixels)).values
    return normalised(values, processor.look, device=torch.device("cpu"), dtype=torch.float32)


def theirs(processor: Qwen2VLImageProcessorPil, pixels: np.ndarray) -> torch.Tensor:
    return processor(images=[Image.fromarray(pixels)], return_tensors="pt")["pixel_values"]


def seconds(work: Callable[[], object], runs: int) -> list[float]:
    """Of each run, after one that is not counted."""
    found: list[float] = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description="Time what is done to pixels before a model sees them.")
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    look = Look(budget=Budget())
    size = {"shortest_edge": look.budget.min_pixels, "longest_edge": look.budget.max_pixels}
    own, other = Processor(QWEN2_VL_2B.vision, look), Qwen2VLImageProcessorPil(size=size)
    table = Table("screenshot", "clickwright, ms (least)", "transformers, ms (least)", "times faster")
    for width, height in SIZES:
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
        both = theirs(other, pixels).view(-1, 3, 2, 196)
        if not torch.equal(both[:, :, 0].flatten(1), ours(own, pixels)):
            raise SystemExit("the two sides make different numbers, so their times cannot be compared")
        mine = seconds(lambda shot=pixels: ours(own, shot), given.runs)
        others = seconds(lambda shot=pixels: theirs(other, shot), given.runs)
        cells = [f"{1000 * statistics.median(one):.1f} ({1000 * min(one):.1f})" for one in (mine, others)]
        ratio = statistics.median(others) / statistics.median(mine)
        table.add_row(f"{width} x {height}", *cells, f"{ratio:.1f}")
    Console(width=120).print(table)
    print(machine("cpu", "float32"))


if __name__ == "__main__":
    main()
