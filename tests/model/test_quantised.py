"""Weights of few bits: what AutoAWQ and AutoGPTQ pack is read exactly, and torchao's stand in for the floats."""

import json
import sys
from pathlib import Path

import clickwright.model
import numpy as np
import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import Conversation, Decoding, Message, Picture, load_model, open_model
from clickwright.model.checkpoint.packed import unpack
from clickwright.model.clock import Clock
from clickwright.model.config import parse_config
from clickwright.model.packing import Packing, parse_packing
from clickwright.model.qwen2_vl import Qwen2VL
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

AWQ = {"quant_method": "awq", "bits": 4, "group_size": 32, "zero_point": True, "version": "gemm"}
GPTQ = {"quant_method": "gptq", "bits": 4, "group_size": 32, "desc_act": False, "sym": True}
FORMS = {
    "awq": AWQ,
    "gptq 4 bits": GPTQ,
    "gptq 8 bits": GPTQ | {"bits": 8},
    "gptq sorted": GPTQ | {"desc_act": True},
    "gptq 2": GPTQ | {"checkpoint_format": "gptq_v2"},
    "one group": GPTQ | {"group_size": -1},
}
MINI = Path(clickwright.model.__file__).parent / "mini"
LAYERS = 2
BIASED = (".self_attn.q_proj.weight", ".self_attn.k_proj.weight", ".self_attn.v_proj.weight")
PIXELS = np.random.default_rng(0).integers(0, 256, (140, 196, 3), np.uint8)
SEEN = Conversation(messages=(Message("user", (Picture(PIXELS), "Click the red button.")),))
BRIEF = Decoding(max_new_tokens=6)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


# An independent writer, from the definitions: a word holds its fields from the lowest bits up.


def words_of(numbers: np.ndarray, bits: int, order: list[int] | None = None) -> np.ndarray:
    """Rows of numbers as rows of words; the n-th field of a word holds the number at order[n] of those it covers."""
    fields = 32 // bits
    words = np.zeros((len(numbers), numbers.shape[1] // fields), np.uint32)
    for n, place in enumerate(order or range(fields)):
        words |= numbers[:, place::fields].astype(np.uint32) << np.uint32(bits * n)
    return words.view(np.int32)


def packed(packing: Packing, q: np.ndarray, zeros: np.ndarray, scales: Tensor, groups: np.ndarray) -> dict[str, Tensor]:
    """The tensors of a weight. Dimensions: q (inputs, outputs), zeros and scales (groups, outputs)."""
    if packing.method == "awq":
        order = [0, 2, 4, 6, 1, 3, 5, 7]
        parts = {"qweight": words_of(q, 4, order), "qzeros": words_of(zeros, 4, order)}
    else:
        told = zeros if packing == packing_of(FORMS["gptq 2"]) else (zeros - 1) % 2**packing.bits
        words = np.ascontiguousarray(words_of(q.T, packing.bits).T)
        parts = {"qweight": words, "qzeros": words_of(told, packing.bits), "g_idx": groups.astype(np.int32)}
    return {"scales": scales} | {name: torch.tensor(part) for name, part in parts.items()}


def rounded(packing: Packing, weight: Tensor, seed: int) -> tuple[dict[str, Tensor], Tensor]:
    """A weight rounded to a packing, and the floats that this means. Dimensions of both: (outputs, inputs)."""
    wide, inputs = weight.float().numpy().T, weight.shape[1]
    size = inputs if packing.group_size == -1 else packing.group_size
    groups = np.arange(inputs) // size
    if not packing.is_ordered:
        np.random.default_rng(seed).shuffle(groups)
    members = [wide[groups == group] for group in range(groups.max() + 1)]
    least = np.stack([np.minimum(one.min(0), 0) for one in members])
    most = np.stack([np.maximum(one.max(0), 1e-3) for one in members])
    highest = 2**packing.bits - 1
    scales = torch.tensor((most - least) / highest).half()
    steps = scales.float().numpy()
    zeros = np.clip(np.round(-least / steps), 0, highest).astype(np.int64)
    q = np.clip(np.round(wide / steps[groups]) + zeros[groups], 0, highest).astype(np.int64)
    means = torch.tensor(q - zeros[groups]).float() * scales.float()[torch.tensor(groups)]
    return packed(packing, q, zeros, scales, groups), means.T.contiguous()


def packing_of(form: dict[str, object]) -> Packing:
    packing = parse_packing(form)
    assert packing is not None
    return packing


@given(
    form=st.sampled_from(sorted(FORMS)), outputs=st.integers(1, 3), inputs=st.integers(1, 9), seed=st.integers(0, 99)
)
def test_what_is_packed_is_read_exactly(form, outputs, inputs, seed):
    packing = packing_of(FORMS[form])
    weight = torch.randn(8 * outputs, 8 * inputs, generator=torch.Generator().manual_seed(seed))
    parts, means = rounded(packing, weight, seed)
    assert torch.equal(unpack(packing, parts, weight.shape, "weight"), means)


def test_groups_without_an_index_are_in_order():
    parts, means = rounded(packing_of(GPTQ), torch.randn(8, 64), 0)
    del parts["g_idx"]
    assert torch.equal(unpack(packing_of(GPTQ), parts, [8, 64], "weight"), means)
    with pytest.raises(ModelUnavailable, match=r"weight lacks g_idx"):
        unpack(packing_of(FORMS["gptq sorted"]), parts, [8, 64], "weight")


# Whole checkpoints


def write(folder: Path, weights: dict[str, Tensor], form: dict[str, object] | None) -> Path:
    """A checkpoint like clickwright/mini, of LAYERS layers, with these weights."""
    folder.mkdir()
    save_file(weights, folder / "model.safetensors")
    config = json.loads((MINI / "config.json").read_text("utf-8"))
    told = {"num_hidden_layers": LAYERS} | ({} if form is None else {"quantization_config": form})
    (folder / "config.json").write_text(json.dumps(config | told))
    for name in ("tokenizer.json", "tokenizer_config.json", "preprocessor_config.json"):
        (folder / name).symlink_to(MINI / name)
    return folder


def twins(form: dict[str, object]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """The weights of clickwright/mini's first layers packed in a form, and the floats that this means."""
    weights, floats = {}, {}
    for seed, (name, weight) in enumerate(sorted(load_file(MINI / "model.safetensors").items())):
        layer = name.removeprefix("model.layers.")
        if layer == name or not name.endswith("_proj.weight"):
            if layer == name or int(layer[0]) < LAYERS:
                weights[name] = floats[name] = weight
        elif int(layer[0]) < LAYERS:
            parts, floats[name] = rounded(packing_of(form), weight, seed)
            owner = name.removesuffix("weight")
            weights |= {f"{owner}{part}": one for part, one in parts.items()}
            if form["quant_method"] == "gptq" and layer[1:] not in BIASED:
                weights[f"{owner}bias"] = torch.zeros(len(weight))  # as AutoGPTQ writes them
    return weights, floats


@pytest.mark.parametrize("form", FORMS)
def test_a_packed_checkpoint_answers_as_its_floats_do(tmp_path, form):
    weights, floats = twins(FORMS[form])
    ours = load_model(write(tmp_path / "packed", weights, FORMS[form]), device="cpu", dtype="float32")
    twin = load_model(write(tmp_path / "floats", floats, None), device="cpu", dtype="float32")
    expected = twin.network.state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in ours.network.state_dict().items())
    assert ours.generate(SEEN, BRIEF).token_ids == twin.generate(SEEN, BRIEF).token_ids != ()


@pytest.fixture(scope="module")
def packed_weights() -> dict[str, Tensor]:
    return twins(GPTQ)[0]


DOWN = "model.layers.1.mlp.down_proj"


def broken(weights: dict[str, Tensor], fault: str) -> dict[str, Tensor]:
    weights = dict(weights)
    match fault:
        case "no scales" | "no qzeros" | "no qweight":
            del weights[f"{DOWN}.{fault.removeprefix('no ')}"]
        case "shape":
            weights[f"{DOWN}.qweight"] = weights[f"{DOWN}.qweight"][:-1].contiguous()
        case "kind":
            weights[f"{DOWN}.qzeros"] = weights[f"{DOWN}.qzeros"].short()
        case "group":
            weights[f"{DOWN}.g_idx"] = weights[f"{DOWN}.g_idx"] + 1
        case "bias":
            weights[f"{DOWN}.bias"] = weights[f"{DOWN}.bias"] + 1
        case "nothing":
            weights = {name: weight for name, weight in weights.items() if not name.startswith(DOWN)}
    return weights


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("no scales", r"layers\.1\.mlp\.down_proj lacks scales"),
        ("no qzeros", "lacks qzeros"),
        ("no qweight", "lacks qweight"),
        ("shape", r"down_proj\.qweight is \[87, 256\], but gptq of 4 bits in groups of 32 asks for \[88, 256\]"),
        ("kind", r"down_proj\.qzeros holds numbers of type int16"),
        ("group", "groups beyond the 22"),
        ("bias", "no place for"),
        ("nothing", r"lacks 1 weights, model\.language_model\.layers\.1\.mlp\.down_proj\.weight"),
    ],
)
def test_each_fault_of_packed_weights_is_one_sentence(tmp_path, packed_weights, fault, says):
    folder = write(tmp_path / "broken", broken(packed_weights, fault), GPTQ)
    with pytest.raises(ModelUnavailable, match=says) as error:
        load_model(folder, device="cpu")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "'bitsandbytes'; only awq and gptq"),
        ({"bits": 4}, "method 'none'; only awq and gptq"),
        (AWQ | {"bits": 8}, "number of bits of AWQ is 8; only 4 can be read"),
        (AWQ | {"version": "gemv"}, "version of AWQ is 'gemv'; only gemm"),
        (GPTQ | {"bits": 3}, "number of bits of GPTQ is 3; only 4 and 8"),
        (GPTQ | {"checkpoint_format": "marlin"}, "checkpoint_format of GPTQ is 'marlin'"),
        (GPTQ | {"group_size": 0}, "positive group_size"),
        (GPTQ | {"bits": "4"}, "bits as a whole number, got '4'"),
        ([4], "should be an object"),
    ],
)
def test_a_packing_that_cannot_be_read_is_one_sentence(form, says):
    config = json.loads((MINI / "config.json").read_text("utf-8"))
    with pytest.raises(ModelUnavailable, match=says):
        parse_config(config | {"quantization_config": form})


def test_the_padded_width_of_the_packed_72b_is_that_of_its_config():
    config = parse_config(json.loads((MINI / "config.json").read_text("utf-8")) | {"intermediate_size": 29696})
    with torch.device("meta"):
        assert Qwen2VL(config).decoder.layers[0].mlp.down_proj.weight.shape == (256, 29696)


# torchao


def linears(network: Qwen2VL, *, decoder: bool) -> dict[str, nn.Linear]:
    return {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and ("language_model.layers." in name) == decoder
    }


def first_logits(engine) -> Tensor:
    prompt = engine.prompt(SEEN)
    ids, positions = torch.tensor([prompt.ids], device=engine.device), prompt.positions[:, None].to(engine.device)
    with torch.inference_mode():
        hidden = engine.network.embed(ids, engine._features_of(prompt.pictures, Clock(engine.device)))
        return engine.network.logits(engine.network.decoder(hidden, positions))[0].float().cpu()


@pytest.mark.parametrize(
    ("wanted", "kind", "likeness"), [("int8", "Int8Tensor", 0.999), ("int4", "Int4OpaqueTensor", 0.98)]
)
def test_only_the_decoders_layers_are_quantised_and_it_says_nearly_the_same(floats, wanted, kind, likeness):
    small = load_model(MINI, device="cpu", quantize=wanted)
    assert {type(one.weight.data).__name__ for one in linears(small.network, decoder=True).values()} == {kind}
    assert {type(one.weight.data).__name__ for one in linears(small.network, decoder=False).values()} == {"Tensor"}
    assert small.dtype == torch.bfloat16
    likenesses = torch.cosine_similarity(first_logits(small), first_logits(floats), -1)
    assert likenesses.mean() > likeness
    assert small.generate(SEEN, BRIEF).token_ids


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize(("wanted", "likeness"), [("int8", 0.999), ("fp8", 0.99), ("int4", 0.98)])
def test_a_gpu_says_nearly_the_same(floats, wanted, likeness):
    if wanted == "fp8" and torch.cuda.get_device_capability() < (8, 9):
        pytest.skip("this GPU has no fp8")
    small = load_model(MINI, device="cuda", quantize=wanted)
    assert torch.cosine_similarity(first_logits(small), first_logits(floats), -1).mean() > likeness


def test_no_weight_of_8_bits_is_further_off_than_half_a_step():
    small = load_model(MINI, device="cpu", dtype="float32", quantize="int8")
    exact = load_file(MINI / "model.safetensors")
    for name, linear in linears(small.network, decoder=True).items():
        weight = exact[f"{name.replace('.language_model', '')}.weight"].float()
        steps = weight.abs().amax(1, keepdim=True) / 127
        assert ((linear.weight.dequantize() - weight).abs() <= 0.501 * steps).all()


def test_a_packed_checkpoint_can_be_quantised_again(tmp_path, packed_weights):
    small = load_model(write(tmp_path / "packed", packed_weights, GPTQ), device="cpu", quantize="int8")
    assert small.generate(SEEN, BRIEF).token_ids


@pytest.fixture(scope="module")
def floats():
    return load_model(MINI, device="cpu", dtype="float32")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"quantize": "int3"}, "'int3' is not a quantisation; known are int8, int4, fp8"),
        ({"quantize": "fp8"}, "fp8 needs a GPU"),
        ({"quantize": "int4", "dtype": "float32"}, "int4 computes in bfloat16 only"),
    ],
)
def test_a_quantisation_that_cannot_be_had(options, says):
    with pytest.raises(UsageError, match=says):
        load_model(MINI, device="cpu", **options)


@pytest.mark.parametrize("where", [{"backend": "transformers"}, {"base_url": "http://127.0.0.1:9/v1"}])
def test_other_backends_place_their_weights_themselves(where):
    with pytest.raises(UsageError, match="leave out quantize and device_map"):
        open_model("some/model", quantize="int8", **where)


def test_without_torchao_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "torchao", None)  # as Python says that a package is not there
    with pytest.raises(ModelUnavailable, match=r'pip install "clickwright\[quantize\]"'):
        load_model(MINI, device="cpu", quantize="int8")
