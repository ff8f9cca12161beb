"""A house rule that clickwright/mini does not know: runs of it to learn from, and how many runs a model passes.

    python examples/tuning/status_light.py record RUNS [--seeds 1-16]
    python examples/tuning/status_light.py examine MODEL [--seeds 101-120]
    python examples/tuning/status_light.py serve [--port 8000]

A page shows the light of a job, and nothing on it says the rule: R runs a red one again, Enter goes on with a green
one, Escape leaves one that is orange. A key leads to the next job. Each seed is three jobs of its own, with other
places, sizes, shades and backgrounds, and the address says which keys were pressed so far. docs/fine-tuning.md goes
from here to a checkpoint that passes.
"""

import argparse
import asyncio
import random
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from clickwright import Agent, BrowserEnvironment, Task, load_policy
from clickwright.demo.runner import read_seeds
from clickwright.policies import Policy, ScriptedPolicy
from clickwright.screen import Size
from clickwright.tools import Finish, Press

GOAL = "Answer the light."
RULE = {"red": "r", "green": "Enter", "orange": "Escape"}
SHADES = {"red": (205, 35, 35), "green": (30, 160, 70), "orange": (245, 135, 25)}
JOBS = 3
SIZE = Size(168, 112)
"""Of the page: a small one, since the time of a lesson goes with what is seen in it."""


def lights(seed: int) -> tuple[str, ...]:
    """The colours of the lights of a seed, in their order."""
    return tuple(random.Random(seed).choices(sorted(SHADES), k=JOBS))


def answers(seed: int) -> tuple[str, ...]:
    """The keys that the rule asks for."""
    return tuple(RULE[colour] for colour in lights(seed))


def address(seed: int, pressed: Sequence[str]) -> str:
    return "/".join((f"/{seed}", *pressed))


def task(seed: int, url: str) -> Task:
    return Task(goal="Answer all lights.", steps=(GOAL,) * JOBS, start_url=url + address(seed, ()))


def teacher(seed: int) -> ScriptedPolicy:
    """Knows the rule and the lights."""
    return ScriptedPolicy([Press(keys=(key,)), Finish()] for key in answers(seed))


def html(seed: int, pressed: Sequence[str]) -> str:
    """The page of the job that is next: its light among grey boxes; or nothing, where all are answered."""
    rng = random.Random(f"{seed}:{len(pressed)}")
    paper, shapes = rng.randint(235, 255), list[str]()
    if len(pressed) < JOBS:
        for _ in range(3):
            x, y, grey = rng.randint(0, 120), rng.randint(0, 90), rng.randint(190, 225)
            shapes.append(_shape(x, y, rng.randint(15, 45), rng.randint(6, 16), (grey, grey, grey)))
        side = rng.randint(22, 40)
        x, y = rng.randint(2, SIZE.width - side - 2), rng.randint(2, SIZE.height - side - 2)
        shade = [part + rng.randint(-18, 18) for part in SHADES[lights(seed)[len(pressed)]]]
        shapes.append(_shape(x, y, side, side, shade, radius_px=side))
    return (
        f"<!doctype html><title>Jobs</title><link rel=icon href='data:,'><style>i{{position:absolute}}</style>"
        f"<body style='background:rgb({paper} {paper} {paper})'>{''.join(shapes)}"
        f"<script>onkeydown = event => {{ location = '{address(seed, pressed)}/' + event.key }}</script>"
    )


def _shape(x: int, y: int, width: int, height: int, shade: Sequence[int], radius_px: int = 0) -> str:
    place = f"left:{x}px;top:{y}px;width:{width}px;height:{height}px;border-radius:{radius_px}px"
    return f"<i style='{place};background:rgb({shade[0]} {shade[1]} {shade[2]})'></i>"


class Desk(ThreadingHTTPServer):
    """The pages of all seeds, for this machine alone. `shown` has the path of every page that was asked for."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.shown: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    server: Desk

    def do_GET(self) -> None:
        seed, *pressed = self.path.strip("/").split("/")
        if not (seed.isdecimal() and len(seed) < 10 and all(key.isalnum() for key in pressed)):
            self.send_error(404)
            return
        self.server.shown.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(html(int(seed), pressed).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told of requests."""


@contextmanager
def served() -> Iterator[Desk]:
    with Desk() as desk:
        threading.Thread(target=desk.serve_forever, daemon=True).start()
        try:
            yield desk
        finally:
            desk.shutdown()


async def run_all(seeds: Sequence[int], out: Path, policy: Policy | None = None) -> int:
    """Runs each seed in a real browser, by its teacher unless a policy is given; in how many every key was right.

    What counts is the page that was reached, whatever the policy says of it.
    """
    passed, browser = 0, BrowserEnvironment(viewport=SIZE)
    try:
        with served() as desk:
            for seed in seeds:
                chosen, folder = teacher(seed) if policy is None else policy, out / f"seed-{seed}"
                agent = Agent(task(seed, desk.url), policy=chosen, environment=browser, run_dir=folder, keep_open=True)
                await agent.arun()
                passed += desk.shown[-1] == address(seed, answers(seed))
    finally:
        await browser.close()
    return passed


def record(runs: Path, seeds: Sequence[int]) -> None:
    print(f"{runs}: {asyncio.run(run_all(seeds, runs))} of {len(seeds)} passed")


def examine(model: str, seeds: Sequence[int]) -> None:
    policy = load_policy(model, device="cpu")
    with TemporaryDirectory() as folder:
        passed = asyncio.run(run_all(seeds, Path(folder), policy))
    print(f"{model}: {told(passed, len(seeds))}")


def told(passed: int, of: int) -> str:
    """How many passed, and between which shares the rate lies that is behind that, in 95 of 100 such examinations."""
    from clickwright.benchmarks.statistics import wilson  # which takes its time

    about = wilson(passed, of)
    return f"{passed} of {of} passed (95 % interval: {100 * about.low:.0f} to {100 * about.high:.0f} %)"


def serve(port: int) -> None:
    with Desk(port) as desk:
        print(f"{desk.url}/101", flush=True)
        desk.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    recording, examining, serving = (commands.add_parser(name) for name in ("record", "examine", "serve"))
    recording.add_argument("runs", type=Path)
    recording.add_argument("--seeds", type=read_seeds, default="1-16")
    examining.add_argument("model")
    examining.add_argument("--seeds", type=read_seeds, default="101-120")
    serving.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    match given.command:
        case "record":
            record(given.runs, given.seeds)
        case "examine":
            examine(given.model, given.seeds)
        case _:
            serve(given.port)


if __name__ == "__main__":
    main()
