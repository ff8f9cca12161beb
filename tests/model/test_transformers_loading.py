"""Checkpoints for transformers: their pixel budgets, and one sentence for each that is broken."""

import json
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import Conversation, Decoding, Message, Picture
from clickwright.model.backends.transformers import load_transformers


def asked(part: str | Picture) -> Conversation:
    return Conversation(messages=(Message("user", (part,)),))


def copy(folder: Path, to: Path) -> Path:
    for path in folder.iterdir():
        (to / path.name).symlink_to(path.resolve())
    return to


def test_the_pixel_budget_is_the_checkpoints_own_unless_given(qwen2_5):
    large = asked(Picture(np.zeros((336, 448, 3), np.uint8)))
    whole, small = (load_transformers(qwen2_5, device="cpu", max_pixels=most) for most in (None, 28 * 28 * 40))
    assert whole.generate(large, Decoding(max_new_tokens=1)).visual_tokens == 12 * 16
    assert small.generate(large, Decoding(max_new_tokens=1)).visual_tokens <= 40
    with pytest.raises(UsageError, match="pixel budget"):
        load_transformers(qwen2_5, device="cpu", min_pixels=10**9)


def test_weights_that_memory_does_not_do_for_are_refused_before_they_are_read(qwen2_5, monkeypatch):
    monkeypatch.setattr("clickwright.model.backends.transformers.free_bytes", lambda place: 1000)
    with pytest.raises(ModelUnavailable, match=r"the weights of .* take 0\.\d GB, and the memory has 0\.0 GB free"):
        load_transformers(qwen2_5, device="cpu")


def test_a_conversation_that_the_chat_template_refuses_is_one_sentence(qwen2_5, tmp_path):
    folder = copy(qwen2_5, tmp_path)
    (folder / "chat_template.jinja").unlink()
    (folder / "chat_template.jinja").write_text("{{ raise_exception('no system\ntexts') }}")
    with pytest.raises(UsageError, match=r"the chat template of .* refuses it: no system$"):
        load_transformers(folder, device="cpu").generate(asked("hi"))


def spoil(folder: Path, fault: str) -> None:
    def write(name: str, text: str) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(text)

    config = json.loads((folder / "config.json").read_text())
    match fault:
        case "no config":
            (folder / "config.json").unlink()
        case "not JSON":
            write("config.json", "{")
        case "unknown":
            write("config.json", json.dumps({"model_type": "clairvoyant"}))
        case "own code":
            write("config.json", json.dumps({"model_type": "clairvoyant", "auto_map": {"AutoConfig": "evil.Config"}}))
            write("evil.py", "raise SystemExit('run')")
        case "no vision":
            write("config.json", json.dumps({"model_type": "qwen2", "hidden_size": 64}))
        case "wrong type":
            write("config.json", json.dumps(config | {"text_config": config["text_config"] | {"hidden_size": "wide"}}))
        case "shapes":
            write("config.json", json.dumps(config | {"text_config": config["text_config"] | {"vocab_size": 600}}))
        case "layers":
            deeper = config["text_config"] | {"num_hidden_layers": 4, "layer_types": None}
            write("config.json", json.dumps(config | {"text_config": deeper}))
        case "pickle only":
            (folder / "model.safetensors").unlink()
            write("pytorch_model.bin", "\x80")
        case "truncated":
            write("model.safetensors", "x" * 100)
        case "tokenizer":
            write("tokenizer.json", "{}")
        case "template":
            (folder / "chat_template.jinja").unlink()
        case "look":
            (folder / "preprocessor_config.json").unlink()


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("no config", r"holds no config\.json"),
        ("not JSON", "transformers cannot load"),
        ("unknown", "transformers cannot load .*clairvoyant"),
        ("own code", "transformers cannot load"),
        ("no vision", "holds a 'qwen2' model, which reads no pictures"),
        ("wrong type", "transformers cannot load"),
        ("shapes", "transformers cannot load"),
        ("layers", "lacks 24 weights"),
        ("pickle only", "pickled weights are never loaded"),
        ("truncated", "transformers cannot load"),
        ("tokenizer", "transformers cannot load"),
        ("template", "no chat template"),
        ("look", "transformers cannot load"),
    ],
)
def test_each_fault_of_a_checkpoint_is_one_sentence(qwen2_5, tmp_path, fault, says):
    folder = copy(qwen2_5, tmp_path)
    spoil(folder, fault)
    with pytest.raises(ModelUnavailable, match=says) as caught:
        load_transformers(folder, device="cpu")
    assert "\n" not in str(caught.value)


def test_what_cannot_be_meant_is_the_callers_fault(qwen2_5):
    for name, options, says in (
        ("./nowhere", {}, "no folder"),
        (qwen2_5, {"device": "gpu0"}, "not a device"),
        (qwen2_5, {"device": "cpu", "dtype": "int3"}, "not a precision"),
    ):
        with pytest.raises(UsageError, match=says):
            load_transformers(name, **options)
