"""What a training takes, counted before anything is read, is what its tensors take."""

import sys
from pathlib import Path

import pytest
import torch
from clickwright.errors import ModelUnavailable
from clickwright.model.checkpoint.weights import checkpoint_folder
from clickwright.model.config import QWEN2_VL_7B, read_config
from clickwright.training.tuning import room
from clickwright.training.tuning.room import require_training_room, training_bytes
from clickwright.training.tuning.settings import Lora, Settings
from clickwright.training.tuning.stages import Stage
from clickwright.training.tuning.trainer import Trainer
from clickwright.training.tuning.tunable import open_tunable

from .conftest import lessons


@pytest.mark.parametrize("stage", list(Stage))
def test_what_is_counted_is_what_is_kept(tmp_path, stage):
    mini = open_tunable("clickwright/mini", device="cpu")
    config = read_config(checkpoint_folder("clickwright/mini"))
    settings = Settings(stage=stage, steps=1, average=0.5)
    run = Trainer(mini, lessons()[:1], settings, tmp_path)
    run.train()
    tensors = [*run.learner.parameters(), *run._average.kept.values()]
    tensors += [value for state in run.optimiser.state.values() for key, value in state.items() if key != "step"]
    kept = sum(value.numel() * 4 for value in tensors) + sum(value.numel() * 4 for value in run.learning.values())
    assert kept == pytest.approx(training_bytes(config, settings, standing_bytes=4), rel=0.01)


def test_what_several_processes_share_is_divided_and_a_tower_that_stands_is_not():
    tower, rest = 675_759_104, 7_615_616_512
    learned, adapted = Settings(), Settings(lora=Lora())
    four = [training_bytes(QWEN2_VL_7B, one, standing_bytes=4, processes=4) for one in (learned, adapted)]
    embeddings = 2 * 152_064 * 3_584
    assert four[0] == pytest.approx(4 * tower + 16 * rest / 4, rel=0.01)
    assert four[1] == pytest.approx(4 * tower + 4 * rest / 4 + 4 * embeddings, rel=0.01)
    everything = training_bytes(QWEN2_VL_7B, Settings(stage=Stage.ALL), standing_bytes=4, processes=4)
    assert everything == pytest.approx(16 * (tower + rest) / 4, rel=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells what is mapped")
def test_weights_that_are_shared_out_stay_in_their_files_until_then():
    """Not one of them is a copy, so that several processes map the same pages."""
    stored = open_tunable("clickwright/mini", device="cpu", dtype=None).network.state_dict()
    floats = open_tunable("clickwright/mini", device="cpu").network.state_dict()
    assert {value.dtype for value in stored.values()} == {torch.bfloat16}
    assert all(torch.equal(value.float(), floats[name]) for name, value in stored.items())
    mapped = [range(*ends) for ends in _mapped(".safetensors")]
    assert all(any(value.data_ptr() in pages for pages in mapped) for value in stored.values())


def _mapped(suffix: str) -> list[tuple[int, int]]:
    """Where files of this suffix lie in the memory of this process."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    ends = [line.split()[0].split("-") for line in lines if line.endswith(suffix)]
    return [(int(first, 16), int(last, 16)) for first, last in ends]


def test_processes_on_one_cpu_need_room_for_all_of_them(monkeypatch):
    settings = Settings(stage=Stage.ALL)
    one = training_bytes(QWEN2_VL_7B, settings, standing_bytes=4, processes=4)
    monkeypatch.setattr(room, "free_bytes", lambda _: 2 * one)
    arguments = ("it", QWEN2_VL_7B, settings)
    require_training_room(*arguments, torch.device("cuda"), standing_bytes=4, processes=4)
    with pytest.raises(ModelUnavailable, match="training it takes more than"):
        require_training_room(*arguments, torch.device("cpu"), standing_bytes=4, processes=4)
