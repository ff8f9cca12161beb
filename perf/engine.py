"""Screenshot to first action: this engine beside transformers' generate, on the same weights, in one run.

    python -m clickwright.perf.engine [--model clickwright/mini] [--device cpu] [--runs 5]

Needs neither pydantic nor a browser. The screenshot is drawn here; both sides must write the same tokens.
"""

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from rich.console import Console
from rich.progress import track
from rich.table import Table
from transformers import Qwen2VLForConditionalGeneration

from ..model import Conversation, Decoding, Message, Picture, load_model
from ..model.engine import Engine
from ..model.weights import checkpoint_folder

INSTRUCTION = "Click the green button."
MAX_NEW_TOKENS = 64
PARTS = ("process", "read", "write", "whole")


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds of one answer: pixels and text to tensors, vision and prompt up to the first token, the other tokens."""

    process: float
    read: float
    write: float
    tokens: tuple[int, ...]

    @property
    def whole(self) -> float:
        return self.process + self.read + self.write


def screenshot(width: int = 1288, height: int = 728) -> np.ndarray:
    """A page with a few painted buttons. Dimensions: (height, width, 3) uint8."""
    picture = Image.new("RGB", (width, height), "#f6f6f4")
    pen = ImageDraw.Draw(picture)
    for n, colour in enumerate(("#dc2626", "#16a34a", "#2563eb", "#7e22ce", "#f97316", "#0d9488")):
        x, y = 120 + 360 * (n % 3), 160 + 300 * (n // 3)
        pen.rounded_rectangle((x, y, x + 130, y + 44), 8, fill=colour)
    return np.array(picture)


def ours(engine: Engine, pixels: np.ndarray) -> Timed:
    """One answer with nothing kept from before."""
    engine.forget()
    asked = Conversation(messages=(Message("user", (Picture(pixels), INSTRUCTION)),))
    made = engine.generate(asked, Decoding(max_new_tokens=MAX_NEW_TOKENS))
    spent = made.timings
    return Timed(
        process=spent.process_s, read=spent.vision_s + spent.prefill_s, write=spent.decode_s, tokens=made.token_ids
    )


def theirs(oracle: Qwen2VLForConditionalGeneration, engine: Engine, pixels: np.ndarray) -> Timed:
    """transformers on the same prompt; its pixels are normalised as its own processor does, with PIL and numpy."""
    start = time.perf_counter()
    inputs = _inputs(engine, pixels)
    inputs = {name: value.to(engine.device) for name, value in inputs.items()}
    inputs["pixel_values"] = inputs["pixel_values"].to(engine.dtype)
    processed = _now(engine)
    first: list[float] = []

    def watch(ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        if not first:
            first.append(_now(engine))
        return scores

    ends = list(engine.config.eos_token_ids)
    out = oracle.generate(
        **inputs, max_new_tokens=MAX_NEW_TOKENS, do_sample=False, logits_processor=[watch], eos_token_id=ends,
        pad_token_id=ends[-1],
    )  # fmt: skip
    end = _now(engine)
    written = out[0, inputs["input_ids"].shape[1] :].tolist()
    tokens = tuple(token for token in written if token not in ends)
    return Timed(process=processed - start, read=first[0] - processed, write=end - first[0], tokens=tokens)


def _inputs(engine: Engine, pixels: np.ndarray) -> dict[str, torch.Tensor]:
    from transformers import Qwen2VLImageProcessor

    budget = engine.processor.look.budget
    size = {"shortest_edge": budget.min_pixels, "longest_edge": budget.max_pixels}
    seen = Qwen2VLImageProcessor(size=size)(images=[Image.fromarray(pixels)], return_tensors="pt")
    asked = Conversation(messages=(Message("user", (Picture(pixels), INSTRUCTION)),))
    ids = torch.tensor([engine.prompt(asked).ids])
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == engine.config.image_token_id).int(),
        "pixel_values": seen["pixel_values"],
        "image_grid_thw": seen["image_grid_thw"],
    }


def _now(engine: Engine) -> float:
    if engine.device.type == "cuda":
        torch.cuda.synchronize(engine.device)
    return time.perf_counter()


def compare(model: str, device: str, dtype: str, runs: int) -> dict[str, list[Timed]]:
    """Runs of both sides in turn, after one of each that is not counted."""
    engine = load_model(model, device=device, dtype=dtype)
    oracle = Qwen2VLForConditionalGeneration.from_pretrained(checkpoint_folder(model), dtype=engine.dtype)
    oracle = oracle.to(engine.device).eval()
    pixels = screenshot()
    sides: dict[str, Callable[[], Timed]] = {
        "clickwright": lambda: ours(engine, pixels),
        "transformers": lambda: theirs(oracle, engine, pixels),
    }
    found: dict[str, list[Timed]] = {side: [] for side in sides}
    with torch.inference_mode():
        for run in track(range(runs + 1), "runs"):
            for side, call in sides.items():
                timed = call()
                if run:
                    found[side].append(timed)
    if dtype == "float32" and found["clickwright"][0].tokens != found["transformers"][0].tokens:
        raise SystemExit("the two sides wrote different tokens, so their times cannot be compared")
    return found


def show(found: dict[str, list[Timed]]) -> None:
    table = Table("ms, median (least to most)", *PARTS, "tokens")
    for side, runs in found.items():
        cells = [[1000 * getattr(run, part) for run in runs] for part in PARTS]
        texts = [f"{statistics.median(each):.0f} ({min(each):.0f} to {max(each):.0f})" for each in cells]
        table.add_row(side, *texts, str(len(runs[0].tokens)))
    ratios = [
        statistics.median(getattr(run, part) for run in found["transformers"])
        / statistics.median(getattr(run, part) for run in found["clickwright"])
        for part in PARTS
    ]
    table.add_row("times faster", *(f"{ratio:.2f}" for ratio in ratios), "")
    Console().print(table)


def machine(device: str, dtype: str) -> str:
    """When, where and with what it was measured."""
    where = torch.cuda.get_device_name() if device.startswith("cuda") else platform.processor() or "CPU"
    threads = torch.get_num_threads()
    return f"{datetime.now(UTC):%Y-%m-%d}, {where}, {threads} threads, torch {torch.__version__}, {dtype}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the engine with transformers on the same weights.")
    parser.add_argument("--model", default="clickwright/mini")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default=None, help="float32 on a CPU, bfloat16 elsewhere")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path, help="a JSON file for every run")
    given = parser.parse_args()
    dtype = given.dtype or ("float32" if given.device == "cpu" else "bfloat16")
    found = compare(given.model, given.device, dtype, given.runs)
    show(found)
    print(machine(given.device, dtype))
    if given.out:
        rows = {side: [{part: getattr(run, part) for part in PARTS} for run in runs] for side, runs in found.items()}
        given.out.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
