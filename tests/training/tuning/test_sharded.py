"""Two processes that share the weights out learn as one does, and go on from one another's states."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from clickwright.training.tuning.log import read_log
from clickwright.training.tuning.saved import last_state

from .runs import main

pytestmark = pytest.mark.slow

STEPS = 6


def together(out: Path, steps: int, *options: str) -> None:
    """The same run in two processes."""
    script = str(Path(__file__).with_name("runs.py"))
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*command, script, str(out), str(steps), *options], env=environment, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr[-4000:]


def losses(out: Path) -> list[float]:
    return [row["loss"] for row in read_log(out) if "loss" in row]


@pytest.mark.parametrize(
    "kind", [pytest.param((), id="whole", marks=pytest.mark.nightly), pytest.param(("lora",), id="lora")]
)
def test_two_processes_learn_as_one(tmp_path, kind):
    main(tmp_path / "one", STEPS, *kind, "plain")
    together(tmp_path / "two", STEPS, *kind, "plain")
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), rel=1e-4)
    one, two = (last_state(tmp_path / name).tensors for name in ("one", "two"))
    for group in ("weights", "average"):
        assert one[group].keys() == two[group].keys()
        apart = max(float((value - two[group][name]).abs().max()) for name, value in one[group].items())
        assert apart < 2e-3, group


def test_what_two_began_one_finishes_and_the_other_way_round(tmp_path):
    main(tmp_path / "whole", STEPS, "plain")
    together(tmp_path / "run", STEPS, "plain", "stop")
    assert last_state(tmp_path / "run").step < STEPS
    main(tmp_path / "run", STEPS, "plain", "resume", "export")
    assert losses(tmp_path / "run") == pytest.approx(losses(tmp_path / "whole"), rel=1e-4)
    main(tmp_path / "back", STEPS, "plain", "stop")
    together(tmp_path / "back", STEPS, "plain", "resume", "export")
    assert losses(tmp_path / "back") == pytest.approx(losses(tmp_path / "whole"), rel=1e-4)
    from safetensors.torch import load_file

    written = [load_file(tmp_path / name / "checkpoint/model.safetensors") for name in ("run", "back")]
    assert written[0].keys() == written[1].keys()
    assert all(torch.allclose(value, written[1][name], atol=2e-3) for name, value in written[0].items())
