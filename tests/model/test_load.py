"""What is found out before a checkpoint's weights are fetched, and what is told where they cannot be."""

import json
from pathlib import Path

import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.files import hub
from clickwright.model import load, load_model
from clickwright.model.checkpoint import weights
from clickwright.model.load import find_device
from huggingface_hub.errors import HTTPError


@pytest.fixture
def described(checkpoint: Path, monkeypatch: pytest.MonkeyPatch):
    """A checkpoint of which only the weights have still to be fetched, which must not happen."""

    def folder(name: object, *, weights: bool = True) -> Path:
        assert not weights, "the weights are fetched"
        return checkpoint

    monkeypatch.setattr(load, "checkpoint_folder", folder)
    return "a/b"


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"device": "cpu", "quantize": "fp8"}, UsageError, "fp8 needs a GPU"),
        ({"device_map": "balanced"}, UsageError, "'balanced' is not a device_map"),
        ({"device_map": {"": "tape"}}, UsageError, "'tape' is no place"),
        ({"device_map": {"": 99}}, ModelUnavailable, "no device cuda:99"),
        ({"device_map": {"": "cpu"}, "quantize": "int3"}, UsageError, "'int3' is not a quantisation"),
    ],
)
def test_what_can_never_be_is_told_before_weights_are_fetched(described, options, error, says):
    with pytest.raises(error, match=says):
        load_model(described, **options)


def test_a_gpu_that_is_not_there_is_told_at_once(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert find_device("cuda:1").index == 1
    with pytest.raises(ModelUnavailable, match="no device cuda:7 here, but 2 GPUs"):
        find_device("cuda:7")


def test_a_connection_that_breaks_is_one_sentence(monkeypatch):
    def broken(*_: object, **__: object) -> str:
        raise HTTPError("peer closed connection")

    monkeypatch.setattr(weights, "snapshot_download", broken)
    with pytest.raises(ModelUnavailable, match="a/b could not be fetched from the hub: peer closed"):
        weights.checkpoint_folder("a/b")
    monkeypatch.setattr("huggingface_hub.snapshot_download", broken)
    with pytest.raises(ModelUnavailable, match="a/b cannot be downloaded: peer closed"):
        hub.downloaded("hub:a/b")


def like(checkpoint: Path, folder: Path, **change: object) -> Path:
    """The same checkpoint with another config."""
    for file in checkpoint.iterdir():
        (folder / file.name).symlink_to(file)
    (folder / "config.json").unlink()
    (folder / "config.json").write_text(json.dumps(json.loads((checkpoint / "config.json").read_text()) | change))
    return folder


def test_the_end_of_a_turn_ends_an_answer_whatever_the_config_says(checkpoint, tmp_path):
    engine = load_model(like(checkpoint, tmp_path, eos_token_id=7), device="cpu", dtype="float32")
    assert engine.config.eos_token_ids[:2] == (151645, 7)


def test_marks_of_another_tokenizer_are_told(checkpoint, tmp_path):
    with pytest.raises(ModelUnavailable, match=r"<\|image_pad\|> is token 5 .* but 151655 in its tokenizer"):
        load_model(like(checkpoint, tmp_path, image_token_id=5), device="cpu", dtype="float32")
