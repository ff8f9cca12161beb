"""What `load_model(select=)` saves: the tokens of screens that are read, and the seconds of a decoder's first pass.

    python -m clickwright.perf.selection --pictures DIR/images [--layers 2]

The decoder has the width of Qwen2-VL-2B's, random weights and a few of its 28 layers; the seconds are for all 28.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ..model.config import TextConfig, VisionConfig
from ..model.conversation import Picture
from ..model.decoder import Cache, Decoder
from ..model.processor import Budget, Look, Processor
from ..model.selection import Selection
from ..screen import read_image

SHARES = (1.0, 0.5, 0.25)
ALL_LAYERS = 28
TEXT_TOKENS = 400
"""A system text with tools, and an instruction."""


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure what selecting tokens of surfaces saves.")
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of PNG files, such as that of spots")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    pictures = [Picture(read_image(path).pixels) for path in sorted(given.pictures.glob("*.png"))]
    processor = Processor(VisionConfig(hidden_size=1536), Look(budget=Budget()))
    decoder = _decoder(given.layers)
    table = Table("select", "tokens read, median (range)", "seconds of a first pass, median (range)")
    for share in SHARES:
        selection = Selection(share)
        read = [
            len(selection.of(str(n), lambda one=one: processor.patches(one)))
            for n, one in enumerate(track(pictures, f"select={share:g}"))
        ]
        middle = round(statistics.median(read))
        seconds = [_first_pass_s(decoder, middle) * ALL_LAYERS / given.layers for _ in range(given.runs)]
        table.add_row(f"{share:g}", f"{middle} ({min(read)} to {max(read)})", _told(seconds))
    Console().print(table)


def _decoder(layers: int) -> Decoder:
    config = TextConfig(
        hidden_size=1536,
        intermediate_size=8960,
        num_hidden_layers=layers,
        num_attention_heads=12,
        num_key_value_heads=2,
        vocab_size=1024,
        tie_word_embeddings=True,
        rope_theta=1e6,
        mrope_section=(16, 24, 24),
        max_position_embeddings=32768,
    )
    return Decoder(config).to(torch.bfloat16).eval()


@torch.inference_mode()
def _first_pass_s(decoder: Decoder, visual: int) -> float:
    """Through the layers alone, with so many tokens of a picture."""
    length = visual + TEXT_TOKENS
    x = torch.randn(1, length, decoder.config.hidden_size, dtype=torch.bfloat16)
    positions = torch.arange(length).expand(3, 1, -1)
    began = time.perf_counter()
    decoder(x, positions, None, Cache(decoder.config.num_hidden_layers))
    return time.perf_counter() - began


def _told(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f} to {max(seconds):.1f})"


if __name__ == "__main__":
    main()
