"""The exact sizes of the published checkpoints, and every form in which a config.json is found."""

import json

import pytest
import torch
from clickwright.errors import ModelUnavailable
from clickwright.model.config import QWEN2_VL_2B, QWEN2_VL_7B, QWEN2_VL_72B, parse_config, read_config
from clickwright.model.qwen2_vl import Qwen2VL
from transformers import Qwen2VLConfig

FLAT = {
    "model_type": "qwen2_vl",
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "vocab_size": 500,
    "rope_theta": 1e6,
    "rope_scaling": {"type": "mrope", "mrope_section": [4, 6, 6]},
    "tie_word_embeddings": True,
    "vision_config": {"depth": 1, "embed_dim": 32, "num_heads": 2, "hidden_size": 64, "in_chans": 3},
}


@pytest.mark.parametrize(
    ("config", "total", "visual"),
    [
        (QWEN2_VL_2B, 2_208_985_600, 665_271_296),
        (QWEN2_VL_7B, 8_291_375_616, 675_759_104),
        (QWEN2_VL_72B, 73_405_560_320, 699_356_672),
    ],
)
def test_the_parameter_counts_are_those_of_the_published_checkpoints(config, total, visual):
    with torch.device("meta"):
        network = Qwen2VL(config)
    assert sum(parameter.numel() for parameter in network.parameters()) == total
    assert sum(parameter.numel() for parameter in network.visual.parameters()) == visual


def test_flat_and_nested_forms_are_read_alike():
    flat = parse_config(FLAT)
    text = {key: value for key, value in FLAT.items() if key not in ("model_type", "vision_config", "rope_scaling")}
    rope = {"rope_type": "default", "mrope_section": [4, 6, 6], "rope_theta": text.pop("rope_theta")}
    nested = {"model_type": "qwen2_vl", "text_config": text | {"rope_parameters": rope}}
    assert parse_config(nested | {"vision_config": FLAT["vision_config"]}) == flat
    assert flat.text.tie_word_embeddings
    assert flat.text.mrope_section == (4, 6, 6)


def test_the_config_that_transformers_writes_is_read(tmp_path):
    rope = {"rope_type": "default", "type": "mrope", "mrope_section": [2, 3, 3], "rope_theta": 1e4}
    text = {"hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "rope_parameters": rope}
    Qwen2VLConfig(text_config=text, vision_config={"depth": 2, "hidden_size": 64}).save_pretrained(tmp_path)
    config = read_config(tmp_path)
    assert (config.text.hidden_size, config.text.rope_theta, config.vision.depth) == (64, 1e4, 2)
    assert config.text.mrope_section == (2, 3, 3)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"model_type": "llama"}, "not a qwen2_vl model"),
        ({"hidden_size": None}, "hidden_size"),
        ({"hidden_size": "64"}, "hidden_size"),
        ({"rope_scaling": {"mrope_section": [1, 1, 1]}}, "mrope_section"),
        ({"rope_scaling": {"mrope_section": "yes"}}, "mrope_section"),
        ({"vision_config": 3}, "vision_config"),
        ({"num_attention_heads": 3}, "heads"),
        ({"rms_norm_eps": -1}, "rms_norm_eps"),
        ({"num_attention_heads": 0}, "num_attention_heads above 0"),
        ({"vocab_size": 0}, "vocab_size above 0"),
        ({"rope_scaling": {"mrope_section": [-4, 14, 6]}}, "mrope_section"),
        ({"rope_scaling": FLAT["rope_scaling"] | {"type": "yarn", "factor": 4}}, "kind 'yarn'"),
        ({"rope_scaling": FLAT["rope_scaling"] | {"rope_type": "dynamic"}}, "kind 'dynamic'"),
        ({"use_sliding_window": True, "max_window_layers": 1}, "from number 1 on see a sliding window"),
        ({"vision_config": FLAT["vision_config"] | {"num_heads": 3}}, "cannot divide 32 into 3 heads"),
        ({"vision_config": FLAT["vision_config"] | {"spatial_merge_size": 1}}, "spatial_merge_size is 1"),
        ({"vision_config": FLAT["vision_config"] | {"patch_size": 0}}, "patch_size above 0"),
    ],
)
def test_a_faulty_config_is_refused_in_one_sentence(change, says):
    with pytest.raises(ModelUnavailable, match=says) as fault:
        parse_config(FLAT | change)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"'])
def test_a_file_that_is_no_config_is_refused(tmp_path, text):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(ModelUnavailable, match=r"config\.json"):
        read_config(tmp_path)


def test_a_config_survives_json():
    assert parse_config(json.loads(json.dumps(FLAT))) == parse_config(FLAT)


def test_a_window_that_no_layer_sees_changes_nothing():
    published = {"sliding_window": 32768, "use_sliding_window": False, "max_window_layers": 1}
    for unused in (published, published | {"use_sliding_window": True, "max_window_layers": 2}):
        assert parse_config(FLAT | unused) == parse_config(FLAT)


@pytest.mark.parametrize(
    ("told", "generation", "ends"),
    [
        (None, None, (151645, 151643)),
        (151645, None, (151645, 151643)),
        ([], None, (151645, 151643)),
        (7, {"eos_token_id": [8, 7]}, (7, 8)),
        ([], {"eos_token_id": 9}, (9,)),
    ],
)
def test_an_answer_ends_where_either_file_says_it(tmp_path, told, generation, ends):
    (tmp_path / "config.json").write_text(json.dumps(FLAT | {"eos_token_id": told}))
    if generation is not None:
        (tmp_path / "generation_config.json").write_text(json.dumps(generation))
    assert read_config(tmp_path).eos_token_ids == ends
