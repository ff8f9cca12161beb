"""Screenshot to action with clickwright/mini: this engine beside transformers' generate, on the same weights.

    python -m clickwright.perf.action [--runs 5]

Three actions: on a first screenshot, on the next one, and asked again about a screenshot that has not changed. The
engine runs as the policy runs it, in the checkpoint's grammar; transformers writes the same tokens without one, and
reads everything each time, in float32 and in bfloat16. Both must write the same tokens in float32.
"""

import argparse
import statistics
import time
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from rich.table import Table
from transformers import Qwen2VLForConditionalGeneration

from ..model import Conversation, Decoding, Message, Picture, load_model
from ..model.checkpoint.weights import MINI, checkpoint_folder
from ..model.engine import Engine
from ..policies.grammars.short_answers import short_answer
from .oracle import machine, oracle_answer, screenshot

ASKED = ("Click the green button.", "Click the red button.", "Click the blue button.")
WHEN = ("first screenshot", "next screenshot", "the same screenshot")
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side in one precision: the engine, and transformers where it is its turn."""

    engine: Engine
    oracle: Qwen2VLForConditionalGeneration | None

    def answers(self, shots: list[np.ndarray]) -> list[tuple[float, tuple[int, ...]]]:
        """Seconds and tokens of each action, with nothing known from before."""
        self.engine.forget()
        return [self._answer(shot, instruction) for shot, instruction in zip(shots, ASKED, strict=True)]

    def _answer(self, shot: np.ndarray, instruction: str) -> tuple[float, tuple[int, ...]]:
        conversation = Conversation(messages=(Message("user", (Picture(shot), instruction)),))
        began = time.perf_counter()
        if self.oracle is not None:
            tokens, _ = oracle_answer(self.oracle, self.engine, conversation, 64)
        else:
            grammar = short_answer(instruction)
            tokens = self.engine.generate(conversation, Decoding(max_new_tokens=64, grammar=grammar)).token_ids
        return time.perf_counter() - began, tokens


def sides() -> dict[str, Side]:
    found: dict[str, Side] = {}
    for precision in PRECISIONS:
        engine = load_model(MINI, device="cpu", dtype=precision)
        kind = cast(Any, Qwen2VLForConditionalGeneration)  # its arguments have no types
        oracle = kind.from_pretrained(checkpoint_folder(MINI), dtype=engine.dtype).eval()
        found[f"clickwright, {precision}"] = Side(engine=engine, oracle=None)
        found[f"transformers, {precision}"] = Side(engine=engine, oracle=oracle)
    return found


def compare(runs: int) -> dict[str, list[list[float]]]:
    """Seconds of every run of each side, in turn, after one that is not counted."""
    known = sides()
    second = screenshot()
    second[20:60, 40:80] = 30
    shots = [screenshot(), second, second]
    found: dict[str, list[list[float]]] = {name: [] for name in known}
    with torch.inference_mode():
        for run in track(range(runs + 1), "runs"):
            answered = {name: side.answers(shots) for name, side in known.items()}
            written = [
                [tokens for _, tokens in answered[f"{side}, float32"]] for side in ("clickwright", "transformers")
            ]
            if written[0] != written[1]:
                raise SystemExit("the two sides wrote different tokens, so their times cannot be compared")
            for name, answers in answered.items():
                found[name] += [[seconds for seconds, _ in answers]] if run else []
    return found


def show(found: dict[str, list[list[float]]]) -> None:
    table = Table("ms, median (least to most)", *WHEN)
    medians = {name: [statistics.median(each) for each in zip(*runs, strict=True)] for name, runs in found.items()}
    for name, runs in found.items():
        columns = [[1000 * run[n] for run in runs] for n in range(len(WHEN))]
        table.add_row(
            name, *(f"{statistics.median(each):.0f} ({min(each):.0f} to {max(each):.0f})" for each in columns)
        )
    for ours in PRECISIONS:
        for theirs in PRECISIONS:
            pairs = zip(medians[f"clickwright, {ours}"], medians[f"transformers, {theirs}"], strict=True)
            table.add_row(f"times faster, {ours} over {theirs}", *(f"{other / own:.2f}" for own, other in pairs))
    Console(width=120).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare actions of clickwright/mini with transformers' generate.")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    show(compare(given.runs))
    print(machine("cpu", " and ".join(PRECISIONS)))


if __name__ == "__main__":
    main()
