"""clickwright train sft: a run from files to a checkpoint that answers, and how it ends where it cannot."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from clickwright.model import Conversation, Message, Picture, load_model
from clickwright.screen import Screenshot, write_image
from clickwright.training.tuning.room import require_training_room

from .conftest import Said

Command = Callable[..., Said]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    lines = []
    for n in range(3):
        pixels = np.random.default_rng(n).integers(0, 256, (56, 84, 3), np.uint8)
        write_image(folder / f"{n}.png", Screenshot(pixels=pixels))
        messages = [{"role": "user", "content": "Speak."}, {"role": "assistant", "content": "Done"}]
        lines.append(json.dumps({"messages": messages, "images": [f"{n}.png"]}))
    (folder / "lessons.jsonl").write_text("\n".join(lines))
    return folder


def test_a_run_ends_in_a_checkpoint_that_has_learned_and_goes_on_where_it_was(
    clickwright: Command, data: Path, tmp_path: Path
):
    out = tmp_path / "out"
    common = ("train", "sft", "--data", data, "--out", out, "--held-out", data, "--lr", "3e-3", "--device", "cpu")
    said = clickwright(*common, "--steps", 12)
    assert (said.code, said.err) == (0, "")
    first, *_, last = said.out.splitlines()
    assert first.startswith("3 lessons, ")
    assert last == f"checkpoint: {out / 'checkpoint'}"
    assert "step 12/12" in said.out
    own, grey = (float(said.out.partition(f"held out loss {kind}")[2].split()[0]) for kind in ("", "grey "))
    assert own < 1
    assert grey != own
    shown = Picture(np.random.default_rng(0).integers(0, 256, (56, 84, 3), np.uint8))
    asked = Conversation(messages=(Message("user", (shown, "Speak.")),))
    assert load_model(out / "checkpoint", device="cpu").generate(asked).text == "Done"
    again = clickwright(*common, "--steps", 12)
    assert again.code == 2
    assert "holds a run already" in again.complaint
    assert "from step 12 on" in clickwright(*common, "--steps", 12, "--resume").out


def test_an_adapter_stands_beside_the_checkpoint(clickwright: Command, data: Path, tmp_path: Path):
    said = clickwright("train", "sft", "--data", data, "--out", tmp_path / "out", "--lora", "--rank", 2, "--steps", 1)
    assert (said.code, said.err) == (0, "")
    assert (tmp_path / "out/adapter/adapter_model.safetensors").is_file()
    assert json.loads((tmp_path / "out/checkpoint/clickwright.json").read_text()) == {"profile": "mini"}


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--data", "nowhere"), 2, "there is no folder nowhere"),
        (("--epochs", 2, "--steps", 2), 2, "--epochs or --steps, not both"),
        (("--alpha", 2), 2, "give --lora too"),
        (("--rank", 8), 2, "give --lora too"),
        (("--evaluate-every", 5), 2, "give --held-out too"),
        (("--shard", "many"), 2, "such as 500MB, not 'many'"),
        (("--batch-tokens", 3), 2, "has 23 tokens and a row 3"),
        (("--model", "some/thing"), 2, "some/thing"),
        (("--device", "tpu"), 2, "not a device"),
        (("--resume",), 2, "no state of a run"),
        (("--select", "0"), 2, "a selection above 0"),
    ],
)
def test_what_cannot_be_meant_is_told(
    clickwright: Command, data: Path, tmp_path: Path, options: tuple[object, ...], code: int, words: str
):
    given = ("--data", data) if "--data" not in options else ()
    said = clickwright("train", "sft", "--out", tmp_path / "out", *given, *options)
    assert said.code == code
    assert words in said.complaint


def test_a_library_that_is_missing_is_named(clickwright: Command, data: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setitem(sys.modules, "peft", None)
    said = clickwright("train", "sft", "--data", data, "--out", tmp_path / "out", "--lora")
    assert said.code == 3
    assert 'pip install "clickwright[training]"' in said.complaint
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    said = clickwright("train", "sft", "--data", data, "--out", tmp_path / "out", "--steps", 1)
    assert said.code == 3
    assert "TensorBoard" in said.complaint


def test_what_does_not_fit_is_told_before_it_is_read(clickwright: Command, data: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(f"{require_training_room.__module__}.free_bytes", lambda _: 1_000_000)
    said = clickwright("train", "sft", "--data", data, "--out", tmp_path / "out", "--device", "cpu")
    assert said.code == 3
    assert "training clickwright/mini takes more than 0.1 GB, and the memory has 0.0 GB free" in said.complaint
