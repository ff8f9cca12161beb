"""A network in several places answers as it does in one. Without GPUs: on the CPU, with parts of it on the disk."""

import sys

import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import Decoding, load_model
from clickwright.model.checkpoint.devices import Placement, plan
from clickwright.model.checkpoint.weights import MINI, load_network
from clickwright.model.config import parse_config
from clickwright.model.qwen2_vl import Qwen2VL
from safetensors.torch import save_file

from .conftest import tiny_config
from .test_equality import CASES, NEW_TOKENS

LAYERS = "model.language_model.layers"
BRIEF = Decoding(max_new_tokens=NEW_TOKENS)
MAPS = {
    "a layer": {"": "cpu", f"{LAYERS}.1": "disk"},
    "the tower": {"": "cpu", "model.visual": "disk"},
    "all but the embeddings": {"": "disk", "model.language_model.embed_tokens": "cpu"},
}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def whole():
    return load_model(MINI, device="cpu", dtype="float32")


def spread_as(name: str):
    return load_model(MINI, device_map=MAPS[name], dtype="float32")


@pytest.mark.parametrize("name", MAPS)
def test_a_network_partly_on_disk_answers_as_the_whole(name, whole):
    spread = spread_as(name)
    on_disk = [name for name, one in spread.network.named_parameters() if one.device.type == "meta"]
    assert on_disk
    for case in ("two images", "a video"):
        assert spread.generate(CASES[case], BRIEF).token_ids == whole.generate(CASES[case], BRIEF).token_ids
    assert on_disk == [name for name, one in spread.network.named_parameters() if one.device.type == "meta"]


def test_sessions_forks_and_batches_work_on_it(whole):
    spread = spread_as("a layer")
    talks = [CASES["text"], CASES["one image"]]
    session = spread.session()
    session.generate(talks[1], BRIEF)
    alone = [whole.generate(talk, BRIEF).token_ids for talk in talks]
    assert session.fork().generate(talks[1], BRIEF).token_ids == alone[1]
    assert [answer.token_ids for answer in spread.generate_batch(talks, BRIEF)] == alone


def test_an_untied_head_may_be_on_disk(tmp_path):
    config = tiny_config(tie_word_embeddings=False, vocab_size=300).to_dict()
    torch.manual_seed(0)
    together = Qwen2VL(parse_config(config)).eval().requires_grad_(False)
    save_file(together.state_dict(), tmp_path / "model.safetensors")
    told = {"": "cpu", "lm_head": "disk", "model.language_model.norm": "disk"}
    spread = load_network(tmp_path, together.config, device=torch.device("cpu"), dtype=torch.float32, device_map=told)
    seen = torch.tensor([[1, 2, 3]]), torch.arange(3).expand(3, 1, 3)
    assert spread.lm_head is not None
    assert spread.lm_head.weight.is_meta
    with torch.inference_mode():
        assert torch.equal(spread(*seen), together(*seen))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_by_itself_it_stays_whole_where_there_is_room(whole):
    spread = load_model(MINI, device_map="auto", dtype="float32")
    assert {one.device.type for one in spread.network.parameters()} == {"cpu"}
    assert spread.generate(CASES["text"], BRIEF).token_ids == whole.generate(CASES["text"], BRIEF).token_ids


def test_a_quantised_decoder_beside_a_tower_on_disk():
    spread = load_model(MINI, device_map=MAPS["the tower"], quantize="int8", dtype="float32")
    together = load_model(MINI, device="cpu", quantize="int8", dtype="float32")
    seen = CASES["one image"]
    assert spread.generate(seen, BRIEF).token_ids == together.generate(seen, BRIEF).token_ids


@pytest.fixture(scope="module")
def empty() -> Qwen2VL:
    with torch.device("meta"):
        return Qwen2VL(parse_config(tiny_config().to_dict()))


def test_the_innermost_name_counts_and_layers_stay_whole(empty):
    placement = plan(empty, {"": "cpu", "model.visual.blocks": "disk", "model.visual.blocks.1": "cpu"}, None)
    assert placement.places["model.visual.blocks.0"] == "disk"
    assert placement.places["model.visual.blocks.1"] == "cpu"
    assert not [name for name in placement.places if name.startswith(f"{LAYERS}.0.")]
    assert placement.is_lent("model.visual.blocks.0.attn.qkv.bias")
    assert placement.of(f"{LAYERS}.0.mlp.up_proj.weight") == torch.device("cpu")


def test_what_is_kept_in_memory_beside_a_gpu_is_lent():
    placement = Placement(main=torch.device("cuda:0"), places={"a": "cpu", "b": "cuda:1"})
    assert placement.is_lent("a.weight")
    assert not placement.is_lent("b.weight")


@pytest.mark.parametrize(
    ("told", "error", "says"),
    [
        ("balanced", UsageError, "'balanced' is not a device_map"),
        ({LAYERS: "cpu"}, UsageError, "no place for model.visual.patch_embed"),
        ({"": "cpu", "model.lairs": "cpu"}, UsageError, "model.lairs, which is no module"),
        ({"": "cpu", f"{LAYERS}.0.mlp": "disk"}, UsageError, f"divides a layer, of which {LAYERS}.0.mlp is a part"),
        ({"": "tape"}, UsageError, "'tape' is no place for weights"),
        ({"": "mps"}, UsageError, "'mps' is no place for weights"),
        ({"": 99}, ModelUnavailable, "no device cuda:99 here"),
        ({"": "disk"}, ModelUnavailable, "embeddings have to be on a device"),
    ],
)
def test_a_map_that_cannot_be_is_one_sentence(empty, told, error, says):
    with pytest.raises(error, match=says):
        plan(empty, told, None)


def test_what_cannot_be_lent_is_said():
    with pytest.raises(ModelUnavailable, match="quantised weights have to be on a device"):
        load_model(MINI, device_map=MAPS["a layer"], quantize="int8")
    with pytest.raises(UsageError, match="a device or a device_map, not both"):
        load_model(MINI, device_map="auto", device="cpu")


def test_without_accelerate_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "accelerate", None)  # as Python says that a package is not there
    with pytest.raises(ModelUnavailable, match=r'pip install "clickwright\[device-map\]"'):
        load_model(MINI, device_map="auto")
