"""LoRA on 2B's widths in two layers, and what it becomes: a checkpoint and an adapter that transformers reads."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from clickwright.errors import UsageError
from clickwright.model import Conversation, load_model
from clickwright.model.checkpoint.weights import checkpoint_folder
from clickwright.training.tuning.export import write_checkpoint
from clickwright.training.tuning.lora import write_adapter
from clickwright.training.tuning.settings import Lora, Settings
from clickwright.training.tuning.stages import Stage
from clickwright.training.tuning.trainer import Trainer
from clickwright.training.tuning.tunable import Tunable, open_processor, open_tunable
from peft import PeftModel
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

from .conftest import lessons

RANK = Lora(rank=4, alpha=16)


@pytest.fixture(scope="module")
def two_layers(tmp_path_factory) -> Path:
    """2B's widths in two layers of each half, with the words of the mini."""
    folder = tmp_path_factory.mktemp("two_layers")
    mini = checkpoint_folder("clickwright/mini")
    for path in mini.glob("*.json"):
        shutil.copyfile(path, folder / path.name)
    told = json.loads((mini / "config.json").read_text())
    rope = {"rope_type": "default", "mrope_section": [16, 24, 24], "rope_theta": 1e6}
    text = {
        "hidden_size": 1536,
        "intermediate_size": 8960,
        "num_hidden_layers": 2,
        "num_attention_heads": 12,
        "num_key_value_heads": 2,
        "vocab_size": told["vocab_size"],
        "tie_word_embeddings": True,
        "rope_parameters": rope,
        "max_position_embeddings": 4096,
    }
    tower = {"depth": 2, "embed_dim": 1280, "num_heads": 16, "hidden_size": 1536, "mlp_ratio": 4}
    marks = {name: told[name] for name in told if name.endswith("_token_id")}
    torch.manual_seed(0)
    config = Qwen2VLConfig(text_config=text, vision_config=tower, tie_word_embeddings=True, **marks)
    Qwen2VLForConditionalGeneration(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def tuned(two_layers: Path, tmp_path_factory) -> Tunable:
    checkpoint = open_tunable(two_layers, device="cpu")
    settings = Settings(stage=Stage.ALL, lora=RANK, steps=3, rate=1e-2)
    Trainer(checkpoint, lessons(), settings, tmp_path_factory.mktemp("run")).train()
    return checkpoint


def our_logits(checkpoint: Tunable) -> torch.Tensor:
    inputs = their_inputs(checkpoint)
    prompt = checkpoint.prompt(Conversation(messages=lessons()[0].messages[:1]))
    patches = torch.cat([inputs["pixel_values"].view(-1, 3, 2, 196)[:, :, 0].flatten(1)])
    with torch.no_grad():
        return checkpoint.network(
            inputs["input_ids"], prompt.positions[:, None], patches=patches, grids=[prompt.pictures[0].grid]
        )


def their_inputs(checkpoint: Tunable) -> dict[str, torch.Tensor]:
    from clickwright.model.pixels import normalised

    prompt = checkpoint.prompt(Conversation(messages=lessons()[0].messages[:1]))
    shown = prompt.pictures[0]
    values = checkpoint.processor.patches(shown.seen).values
    numbers = normalised(values, checkpoint.processor.look, device=torch.device("cpu"), dtype=torch.float32)
    ids = torch.tensor([prompt.ids])
    return {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == checkpoint.network.config.image_token_id).int(),
        "pixel_values": numbers.view(-1, 3, 1, 196).repeat(1, 1, 2, 1).flatten(1),
        "image_grid_thw": torch.tensor([shown.grid]),
    }


@pytest.mark.slow
def test_a_merged_checkpoint_is_read_by_all_with_equal_scores(tuned, two_layers, tmp_path):
    write_checkpoint(tuned, tmp_path, profile="mini", shard="100MB", dtype="float32")
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 3
    trained = our_logits(tuned)
    assert (trained - our_logits(open_tunable(two_layers, device="cpu"))).abs().max() > 0.1
    again = open_tunable(tmp_path, device="cpu")
    assert (our_logits(again) - trained).abs().max() < 1e-4
    theirs = Qwen2VLForConditionalGeneration.from_pretrained(tmp_path)
    assert theirs.dtype == torch.float32
    with torch.no_grad():
        assert (theirs(**their_inputs(tuned)).logits - trained).abs().max() < 1e-4
    assert json.loads((tmp_path / "clickwright.json").read_text()) == {"profile": "mini"}
    answer = load_model(tmp_path, device="cpu", dtype="float32").generate(
        Conversation(messages=lessons()[0].messages[:1])
    )
    assert answer.new_tokens


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # peft asks transformers for it
def test_an_adapter_is_read_by_peft_onto_transformers(tuned, two_layers, tmp_path):
    write_adapter(tuned.network, RANK, str(two_layers), tmp_path)
    base = Qwen2VLForConditionalGeneration.from_pretrained(two_layers, dtype=torch.float32)
    theirs = PeftModel.from_pretrained(base, tmp_path).eval()
    tuned.network.eval()
    with torch.no_grad():
        assert (theirs(**their_inputs(tuned)).logits - our_logits(tuned)).abs().max() < 1e-4
    assert theirs.peft_config["default"].r == RANK.rank


def test_only_small_matrices_learn_and_only_in_their_stage(two_layers, tmp_path):
    checkpoint = open_tunable(two_layers, device="cpu")
    run = Trainer(checkpoint, lessons()[:1], Settings(lora=RANK, steps=1), tmp_path)
    assert len(run.learning) == 2 * 2 * 7
    assert all(".lora_" in name and "language_model" in name for name in run.learning)
    before = {name: value.clone() for name, value in checkpoint.network.state_dict().items()}
    run.train()
    moved = [name for name, value in checkpoint.network.state_dict().items() if not torch.equal(value, before[name])]
    assert moved
    assert all(".lora_B" in name for name in moved)  # the other begins behind a zero


def test_what_cannot_be_written_or_trained_is_told(mini, two_layers, tmp_path):
    with pytest.raises(UsageError, match="no adapter to write"):
        write_adapter(mini.network, RANK, "clickwright/mini", tmp_path)
    with pytest.raises(UsageError, match="'float8' is not a precision"):
        write_checkpoint(mini, tmp_path, dtype="float8")
    for shard in ("many", "0GB", "-1GB", "5"):
        with pytest.raises(UsageError, match="holds a size above 0"):
            write_checkpoint(mini, tmp_path, shard=shard)
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write_checkpoint(mini, tmp_path / "file" / "out")
    packed = tmp_path / "packed"
    shutil.copytree(two_layers, packed)
    told = json.loads((packed / "config.json").read_text())
    told["quantization_config"] = {"quant_method": "awq", "bits": 4, "group_size": 128}
    (packed / "config.json").write_text(json.dumps(told))
    with pytest.raises(UsageError, match="packed in 4 bits and cannot be trained"):
        open_tunable(packed)


def test_what_is_written_is_asked_at_the_size_that_it_was_trained_at(two_layers, tmp_path):
    checkpoint = open_tunable(two_layers, device="cpu", max_pixels=200_000)
    write_checkpoint(checkpoint, tmp_path / "out")
    assert open_processor(tmp_path / "out").look.budget.max_pixels == 200_000
    assert open_processor(two_layers).look.budget.max_pixels != 200_000
