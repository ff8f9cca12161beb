"""The fine-tuning guide's example: runs recorded in a real browser, and a checkpoint that passes where the mini failed.

The commands are those of docs/fine-tuning.md, read from there.
"""

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import clickwright
import pytest
from clickwright.policies.profiles import find_profile
from clickwright.reliability.ends import CLICKWRIGHT
from clickwright.training.tuning.run import Wanted, lessons_of
from clickwright.training.tuning.sharded import World
from rich.console import Console

ROOT = Path(clickwright.__file__).parent
SCRIPT = "examples/tuning/status_light.py"
(WALK,) = (
    [shlex.split(line, comments=True) for line in block.splitlines()]
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "docs/fine-tuning.md").read_text("utf-8"), re.DOTALL)
    if f"{SCRIPT} record" in block
)


def output_of(command: list[str], folder: Path) -> str:
    """What a command line of the guide prints, in a folder that has nothing but the examples."""
    if not (folder / "examples").exists():
        (folder / "examples").symlink_to(ROOT / "examples")
    program, *rest = command
    found = {"python": (sys.executable,), "clickwright": CLICKWRIGHT}[program]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [*found, *rest], cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_runs_recorded_in_a_browser_are_lessons_in_the_words_of_the_task(tmp_path):
    (recording,) = (command for command in WALK if "record" in command)
    assert output_of([*recording, "--seeds", "1"], tmp_path) == "runs: 1 of 1 passed\n"
    mini = find_profile("clickwright/mini")
    wanted = Wanted(model="clickwright/mini", profile=mini, data=tmp_path / "runs", out=tmp_path / "out")
    lessons = lessons_of(wanted.data, wanted, "records", World(), Console(quiet=True))
    assert len(lessons) == 3
    keys = set()
    for lesson in lessons:
        (picture, goal), (answer,) = (message.parts for message in lesson.messages)
        assert (picture.pixels.shape, goal) == ((112, 168, 3), "Answer the light.")
        keys.update(re.findall(r'"keys": \["(\w+)"\]', str(answer)))
    assert keys
    assert keys <= {"r", "Enter", "Escape"}


def test_examinations_are_told_with_their_intervals_as_in_the_guide():
    spec = importlib.util.spec_from_file_location("status_light", ROOT / SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    guide = (ROOT / "docs/fine-tuning.md").read_text("utf-8")
    for passed in (0, 20):
        assert f"  # {example.told(passed, 20)}\n" in guide


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_guide_leads_to_a_checkpoint_that_passes_where_the_mini_failed(tmp_path):
    told = "".join(output_of(command, tmp_path) for command in WALK)
    before, after = (int(found) for found in re.findall(r": (\d+) of 20 passed \(95 % interval", told))
    assert before <= 1  # three keys of three in a row, guessed
    assert after >= 18
