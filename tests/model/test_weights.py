"""Checkpoints in every layout, and one sentence for each that is broken."""

import json
from pathlib import Path

import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model.checkpoint.stored import memory_name
from clickwright.model.checkpoint.weights import checkpoint_folder, load_network
from clickwright.model.config import parse_config
from clickwright.model.load import load_model
from clickwright.model.qwen2_vl import Qwen2VL
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

CONFIG = {
    "model_type": "qwen2_vl",
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 400,
    "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]},
    "tie_word_embeddings": False,
    "vision_config": {"depth": 1, "embed_dim": 32, "num_heads": 2, "hidden_size": 32},
}


def hub_name(name: str) -> str:
    return name.replace("model.visual.", "visual.", 1).replace("model.language_model.", "model.", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkpoint with untied weights in the layout of the hub."""
    torch.manual_seed(0)
    weights = {hub_name(name): value.contiguous() for name, value in Qwen2VL(parse_config(CONFIG)).state_dict().items()}
    save_file(weights, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    return tmp_path


def load(folder: Path, **change: object) -> Qwen2VL:
    config = parse_config(CONFIG | change)
    return load_network(folder, config, device=torch.device("cpu"), dtype=torch.float32)


def rewrite(folder: Path, change) -> None:
    save_file(change(load_file(folder / "model.safetensors")), folder / "model.safetensors")


def test_old_and_new_names_give_the_same_network(folder):
    old = load(folder).state_dict()
    rewrite(folder, lambda weights: {memory_name(name): value for name, value in weights.items()})
    new = load(folder).state_dict()
    assert old.keys() == new.keys()
    assert all(torch.equal(old[name], new[name]) for name in old)


@given(st.sampled_from(("visual.blocks.0.norm1.weight", "model.layers.1.mlp.up_proj.weight", "lm_head.weight")))
def test_naming_twice_changes_nothing(name):
    assert memory_name(memory_name(name)) == memory_name(name)


def test_shards_with_an_index_are_joined(folder):
    whole = load(folder).state_dict()
    weights = load_file(folder / "model.safetensors")
    names = sorted(weights)
    (folder / "model.safetensors").unlink()
    index = {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file = f"model-0000{number}-of-00002.safetensors"
        save_file({name: weights[name] for name in part}, folder / file)
        index |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": index}))
    joined = load(folder).state_dict()
    assert all(torch.equal(whole[name], joined[name]) for name in whole)
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ModelUnavailable, match=r"lacks model-00002-of-00002\.safetensors"):
        load(folder)


def test_tied_weights_need_no_head(folder):
    rewrite(folder, lambda weights: {name: value for name, value in weights.items() if name != "lm_head.weight"})
    assert load(folder, tie_word_embeddings=True).lm_head is None
    with pytest.raises(ModelUnavailable, match=r"lacks 1 weights, lm_head\.weight"):
        load(folder)


def test_a_head_that_contradicts_the_config_is_not_dropped_in_silence(folder):
    with pytest.raises(ModelUnavailable, match="holds another one"):
        load(folder, tie_word_embeddings=True)
    embeddings = "model.embed_tokens.weight"
    rewrite(folder, lambda weights: weights | {"lm_head.weight": weights[embeddings].clone()})
    assert load(folder, tie_word_embeddings=True).lm_head is None


def test_bfloat16_is_kept_small(folder):
    network = load_network(folder, parse_config(CONFIG), device=torch.device("cpu"), dtype=torch.bfloat16)
    assert {value.dtype for value in network.state_dict().values()} == {torch.bfloat16}
    assert not any(parameter.requires_grad for parameter in network.parameters())


def broken(folder: Path, fault: str) -> None:
    weights = folder / "model.safetensors"
    match fault:
        case "truncated":
            weights.write_bytes(weights.read_bytes()[:-100])
        case "garbage":
            weights.write_bytes(b"\x80\x04" + b"x" * 500)
        case "pickle only":
            weights.rename(folder / "pytorch_model.bin")
        case "nothing":
            weights.unlink()
        case "shape":
            rewrite(folder, lambda all_: all_ | {"model.norm.weight": torch.ones(33)})
        case "stranger":
            rewrite(folder, lambda all_: all_ | {"model.layers.7.evil": torch.ones(3)})
        case "index":
            (folder / "model.safetensors.index.json").write_text('{"weight_map": []}')
        case "path":
            (folder / "model.safetensors.index.json").write_text('{"weight_map": {"a": "../../etc/x.safetensors"}}')


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("truncated", "damaged or no safetensors file"),
        ("garbage", "damaged or no safetensors file"),
        ("pickle only", "pickled weights are never loaded"),
        ("nothing", "holds no weights"),
        ("shape", r"model\.norm\.weight .* is \[33\], but the config asks for \[32\]"),
        ("stranger", "no place for"),
        ("index", "not an index of weights"),
        ("path", "outside its folder"),
    ],
)
def test_each_fault_is_one_sentence(folder, fault, says):
    broken(folder, fault)
    with pytest.raises(ModelUnavailable, match=says) as error:
        load(folder)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "nowhere", "a/b/c", "~/no-such-checkpoint"])
def test_a_name_that_is_nothing_is_the_callers_fault(name):
    with pytest.raises(UsageError, match="no folder"):
        checkpoint_folder(name)


def test_a_folder_that_is_no_checkpoint(tmp_path):
    with pytest.raises(ModelUnavailable, match=r"no config\.json"):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"device": "gpu0"}, "not a device"),
        ({"device": "mps"}, "not supported"),
        ({"dtype": "int3", "device": "cpu"}, "not a precision"),
    ],
)
def test_a_device_or_precision_that_does_not_exist(checkpoint, options, says):
    with pytest.raises(UsageError, match=says):
        load_model(checkpoint, **options)
