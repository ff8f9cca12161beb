"""Two processes that share the weights out learn as one does, and go on from one another's states."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from clickwright.training.data.folder import RecordFolder
from clickwright.training.tuning.log import read_log
from clickwright.training.tuning.saved import last_state
from clickwright.training.tuning.tunable import open_tunable

from ..data.made import pointing
from .runs import main

pytestmark = pytest.mark.slow

STEPS = 6


def together(out: Path, steps: int, *options: str) -> None:
    """The same run in two processes."""
    started(str(Path(__file__).with_name("runs.py")), str(out), str(steps), *options)


def started(*arguments: str) -> str:
    """What two processes of a module or a script print."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*command, *arguments], env=environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


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


@pytest.mark.nightly
def test_the_command_trains_with_two_processes_and_goes_on(tmp_path):
    """From records to an adapter and a checkpoint, behind a tower that stands and is whole in each process."""
    data = RecordFolder(tmp_path / "data")
    data.put(pointing(data, word, name=word) for word in ("the cart", "the bell", "the door"))
    given = f"train sft --data {data.path} --out {tmp_path / 'out'} --device cpu --lora --lr 1e-3 --batch-tokens 4096"
    (tmp_path / "begin.py").write_text("from clickwright.cli import main\nmain()\n")
    command = [str(tmp_path / "begin.py"), *given.split(), "--steps", "2"]
    assert "3 lessons" in started(*command)
    again = " ".join(started(*command, "--resume").split())
    assert "the records are those that the run began with" in again
    assert again.count("3 lessons") == 1
    assert last_state(tmp_path / "out").step == 2
    assert (tmp_path / "out" / "adapter" / "adapter_model.safetensors").exists()
    tuned = open_tunable(tmp_path / "out" / "checkpoint", device="cpu").network.state_dict()
    before = open_tunable("clickwright/mini", device="cpu").network.state_dict()
    moved = {name for name, value in tuned.items() if not torch.equal(value, before[name])}
    assert moved
    assert not any(name.startswith("model.visual.") for name in moved)
