"""How products of a few rows with a matrix are best shared out over a GPU: from this `model/kernels/products.py` chose.

    python -m clickwright.perf.products [--rows 1,16] [--shapes 2B,7B] [--bytes]

Every matrix of a layer and the vocabulary's, many copies of each so that none stays in the GPU's cache, in one CUDA
graph. Beside it stands the time of torch's own product, and the share of the bandwidth measured in the same run.
`--bytes`: weights of 8 bits.
"""

import argparse
import statistics
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F

from ..model.config import ModelConfig
from ..model.kernels.matrix import Matrix
from ..model.kernels.products import MOST_ROWS, Tiling, product
from .engine import SHAPES
from .floors import measured_rates
from .oracle import machine

ONE_ROW = [Tiling(*one) for one in ((2, 512, 2), (2, 1024, 4), (4, 512, 4), (4, 1024, 8), (8, 512, 4), (16, 256, 4))]
SOME_ROWS = [
    Tiling(*one)
    for one in ((16, 256, 4, 4), (32, 128, 4, 6), (32, 256, 4, 4), (64, 64, 4, 5), (64, 128, 4, 4), (128, 64, 4, 5))
]
COPIED_BYTES = 400_000_000


def shapes(config: ModelConfig) -> dict[str, tuple[int, int, str]]:
    """Outputs and inputs of each product, and what comes with it."""
    text = config.text
    width, inner = text.hidden_size, text.intermediate_size
    shared = 2 * text.num_key_value_heads * text.head_dim
    return {
        "queries, keys, values": (width + shared, width, "norm"),
        "output": (width, width, "added"),
        "gate and up": (inner, width, "gate"),
        "down": (width, inner, "added"),
        "vocabulary": (text.vocab_size, width, "norm"),
    }


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The median of several replays of a graph of it."""
    work()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    found: list[float] = []
    for _ in range(runs + 1):
        begun, ended = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begun.record()
        graph.replay()
        ended.record()
        torch.cuda.synchronize()
        found.append(begun.elapsed_time(ended) / 1000)
    return statistics.median(found[1:])


def try_out(outputs: int, inputs: int, comes: str, rows: int, *, few_bits: bool) -> tuple[float, dict[Tiling, float]]:
    """Seconds of torch's product, and of ours by tiling. With a gate the weight has twice the outputs."""
    count = outputs * 2 if comes == "gate" else outputs
    weight = torch.randn(count, inputs, device="cuda").mul_(40).clamp_(-120, 120)
    kept = weight.to(torch.int8 if few_bits else torch.bfloat16)
    copies = max(2, min(24, COPIED_BYTES // kept.nbytes))
    scales = torch.full((count,), 0.001, device="cuda") if few_bits else None
    matrices = [Matrix(kept.clone(), scales) for _ in range(copies)]
    x, norm = (torch.rand(*size, inputs, device="cuda").bfloat16() for size in ((rows,), ()))
    out = torch.empty(rows, outputs, device="cuda", dtype=torch.bfloat16)
    added = torch.ones_like(out)
    times = partial(product, x, added=added) if comes == "added" else partial(product, x, norm=norm, epsilon=1e-6)

    def ours(tiles: Tiling) -> None:
        for matrix in matrices:
            if comes == "gate":
                times(matrix.rows(outputs, count), out, gate=matrix.rows(0, outputs), tiles=tiles)
            else:
                times(matrix, out, tiles=tiles)

    theirs = float("nan") if few_bits else seconds(lambda: [F.linear(x, one.values) for one in matrices]) / copies
    return theirs, {tiles: seconds(partial(ours, tiles)) / copies for tiles in (ONE_ROW if rows == 1 else SOME_ROWS)}


def main() -> None:
    """A line for each matrix: the quickest tilings first."""
    parser = argparse.ArgumentParser(description="Try out how products of a few rows are shared out over a GPU.")
    parser.add_argument("--shapes", default="2B,7B")
    parser.add_argument("--rows", default=f"1,{MOST_ROWS}")
    parser.add_argument("--bytes", action="store_true", help="weights of 8 bits")
    given = parser.parse_args()
    rates = measured_rates(torch.device("cuda"), torch.bfloat16)
    print(machine("cuda", "int8" if given.bytes else "bfloat16"), f"{rates.bytes / 1e9:.0f} GB/s")
    with torch.inference_mode():
        for shape in given.shapes.split(","):
            for rows in map(int, given.rows.split(",")):
                for name, (outputs, inputs, comes) in shapes(SHAPES[shape]).items():
                    theirs, ours = try_out(outputs, inputs, comes, rows, few_bits=given.bytes)
                    read = outputs * inputs * (2 if comes == "gate" else 1) * (1 if given.bytes else 2)
                    told = "; ".join(
                        f"{1e6 * each:.1f} us, {read / rates.bytes / each:.0%} ({tiles})"
                        for tiles, each in sorted(ours.items(), key=lambda pair: pair[1])[:3]
                    )
                    print(f"{shape} {name}, {rows} rows: torch {1e6 * theirs:.1f} us; {told}", flush=True)


if __name__ == "__main__":
    main()
