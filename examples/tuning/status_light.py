"""Teaches clickwright/mini a house rule that it does not know, from 48 lessons, and examines it before and after.

    python examples/tuning/status_light.py [OUT]

The page shows the light of a job. The rule: R runs a red one again, Enter goes on with a green one, Escape leaves one
that is orange. Lessons and examinations show other pages: other places, sizes, shades and backgrounds.
"""

import json
import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from clickwright.errors import BadModelOutput
from clickwright.policies import ModelPolicy, load_policy
from clickwright.policies.grammars import Canvas, encode_calls
from clickwright.policies.profiles import find_profile
from clickwright.screen import Observation, Pixels, Screenshot, Size, write_image
from clickwright.tools import Press, Task
from clickwright.training.tuning.run import CHECKPOINT, Wanted, tune_checkpoint
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.stages import Stage
from PIL import Image, ImageDraw

GOAL = "Answer the light."
RULE = {"red": "r", "green": "Enter", "orange": "Escape"}
SHADES = {"red": (205, 35, 35), "green": (30, 160, 70), "orange": (245, 135, 25)}
SIZE = Size(168, 112)
LESSONS, EXAMINED, STEPS = 48, 30, 80


def page(seed: int) -> tuple[Pixels, str]:
    """A page with one light among grey boxes, and its colour."""
    rng = random.Random(seed)
    colour = sorted(SHADES)[seed % len(SHADES)]
    picture = Image.new("RGB", (SIZE.width, SIZE.height), (rng.randint(235, 255),) * 3)
    pen = ImageDraw.Draw(picture)
    for _ in range(3):
        x, y = rng.randint(0, 120), rng.randint(0, 90)
        pen.rectangle((x, y, x + rng.randint(15, 45), y + rng.randint(6, 16)), fill=(rng.randint(190, 225),) * 3)
    side = rng.randint(22, 40)
    x, y = rng.randint(2, SIZE.width - side - 2), rng.randint(2, SIZE.height - side - 2)
    shade = tuple(max(0, min(255, part + rng.randint(-18, 18))) for part in SHADES[colour])
    pen.ellipse((x, y, x + side, y + side), fill=shade)
    return np.array(picture), colour


def write_lessons(folder: Path, seeds: range) -> None:
    """Pages, and what the model is to write about each: the words in which it always presses a key."""
    folder.mkdir(parents=True)
    with (folder / "lessons.jsonl").open("w", encoding="utf-8") as lines:
        for seed in seeds:
            pixels, colour = page(seed)
            write_image(folder / f"{seed}.png", Screenshot(pixels=pixels))
            answer = encode_calls([Press(keys=(RULE[colour],))], Canvas(size=SIZE))
            messages = [{"role": "user", "content": GOAL}, {"role": "assistant", "content": answer}]
            lines.write(json.dumps({"messages": messages, "images": [f"{seed}.png"]}) + "\n")


def right(policy: ModelPolicy, seeds: range) -> int:
    """On how many pages it presses the right key and does nothing else."""
    found = 0
    for seed in seeds:
        pixels, colour = page(seed)
        policy.reset(Task(goal=GOAL))
        try:
            decision = policy.act(Observation(screenshot=Screenshot(pixels=pixels)), ())
        except BadModelOutput:
            continue
        pressed = [action.keys for action in decision.actions if isinstance(action, Press)]
        found += pressed == [(RULE[colour],)] and decision.actions[0].kind == "press"
    return found


def main(out: Path) -> tuple[int, int]:
    """The right answers on held-out pages before and after."""
    torch.set_num_threads(1)  # the network is small, and two threads wait for each other where a machine is busy
    write_lessons(out / "data", range(LESSONS))
    examined = range(100_000, 100_000 + EXAMINED)
    before = right(load_policy("clickwright/mini", device="cpu"), examined)
    print(f"before: {before} of {EXAMINED}", flush=True)
    settings = Settings(stage=Stage.INSTRUCTIONS, steps=STEPS, batch_tokens=700, rate=1e-3, warmup=0.1)
    profile = find_profile("clickwright/mini")
    wanted = Wanted(model="clickwright/mini", profile=profile, data=out / "data", out=out / "run", device="cpu")
    began = time.perf_counter()
    tune_checkpoint(wanted, settings)
    print(f"{LESSONS} lessons in {time.perf_counter() - began:.0f} s")
    after = right(load_policy(out / "run" / CHECKPOINT, device="cpu"), examined)
    print(f"after: {after} of {EXAMINED}")
    return before, after


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            main(Path(folder))
