"""Ten steps of one trajectory, with what a session remembers and without.

    python -m clickwright.perf.trajectory [--model clickwright/mini] [--device cpu] [--steps 10] [--runs 3]

Screenshots stay in the history until there are eight and are then cut to four, as the policies do it. Needs neither
pydantic nor a browser. Both ways must write the same tokens in float32.
"""

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from ..model import Conversation, Decoding, Generation, Message, Picture, load_model
from ..model.engine import Engine
from .oracle import machine, screenshot

GROWS_TO, CUT_TO = 8, 4
INSTRUCTION = "Click the green button."
DECODING = Decoding(max_new_tokens=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """One step. Seconds, and tokens of the prompt that were read and that were known."""

    seconds: float
    read: int
    known: int


def screenshots(steps: int) -> list[np.ndarray]:
    """A page on which a dark mark moves on at each step."""
    shots = [screenshot() for _ in range(steps)]
    for step, shot in enumerate(shots):
        shot[20:60, 40 + 60 * step : 80 + 60 * step] = 30
    return shots


def kept(step: int) -> range:
    """The steps whose screenshots and answers are shown at this one: up to eight, cut to four when that is full."""
    first = 0
    for now in range(step + 1):
        if now + 1 - first > GROWS_TO:
            first = now + 1 - CUT_TO
    return range(first, step + 1)


def conversation(step: int, shots: Sequence[np.ndarray], answers: Sequence[str]) -> Conversation:
    messages: list[Message] = []
    for number in kept(step):
        messages.append(Message("user", (Picture(shots[number]), INSTRUCTION)))
        if number < step:
            messages.append(Message("assistant", (answers[number],)))
    return Conversation(messages=tuple(messages))


def trajectory(engine: Engine, shots: Sequence[np.ndarray], *, remembers: bool) -> tuple[list[Timed], list[str]]:
    """All steps in turn; without a memory each begins from nothing."""
    engine.forget()
    session = engine.session()
    timed, answers = list[Timed](), list[str]()
    for step in range(len(shots)):
        if not remembers:
            engine.forget()
            session.forget()
        made = session.generate(conversation(step, shots, answers), DECODING)
        timed.append(_timed(made))
        answers.append(made.text)
    return timed, answers


def _timed(made: Generation) -> Timed:
    known = made.reused_tokens
    return Timed(seconds=made.timings.total_s, read=made.prompt_tokens - known, known=known)


def show(runs: dict[str, list[list[Timed]]]) -> None:
    """Medians of each step, and the ratio of all."""
    table = Table("step", *(f"{way}, ms" for way in runs), "tokens read", "tokens known", "times faster")
    steps = len(runs["session"][0])
    medians = {
        way: [statistics.median(run[n].seconds for run in each) for n in range(steps)] for way, each in runs.items()
    }
    for n in range(steps):
        seconds = [medians[way][n] for way in runs]
        step = runs["session"][0][n]
        cells = [f"{1000 * each:.0f}" for each in seconds]
        table.add_row(str(n + 1), *cells, str(step.read), str(step.known), f"{seconds[0] / seconds[1]:.2f}")
    whole = {way: [sum(step.seconds for step in run) for run in each] for way, each in runs.items()}
    cells = [
        f"{1000 * statistics.median(each):.0f} ({1000 * min(each):.0f} to {1000 * max(each):.0f})"
        for each in whole.values()
    ]
    ratio = statistics.median(whole["anew"]) / statistics.median(whole["session"])
    table.add_row("all", *cells, "", "", f"{ratio:.2f}")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time a trajectory with and without what a session remembers.")
    parser.add_argument("--model", default="clickwright/mini")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--dtype", default=None, help="float32 on a CPU, bfloat16 elsewhere")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    dtype = given.dtype or ("float32" if given.device == "cpu" else "bfloat16")
    engine = load_model(given.model, device=given.device, dtype=dtype)
    shots = screenshots(given.steps)
    runs: dict[str, list[list[Timed]]] = {"anew": [], "session": []}
    for run in track(range(given.runs + 1), "runs"):
        answers: dict[str, list[str]] = {}
        for way, each in runs.items():
            timed, answers[way] = trajectory(engine, shots, remembers=way == "session")
            if run:
                each.append(timed)
        if dtype == "float32" and answers["anew"] != answers["session"]:
            raise SystemExit("the two ways wrote different answers, so their times cannot be compared")
    show(runs)
    print(machine(given.device, dtype))


if __name__ == "__main__":
    main()
