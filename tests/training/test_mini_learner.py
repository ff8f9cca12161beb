"""A few steps of training on made pages, and a checkpoint that transformers reads as well."""

from pathlib import Path
from random import Random

import clickwright
import numpy as np
import pytest
import torch
from clickwright.errors import UsageError
from clickwright.model.load import load_model
from clickwright.training.mini import checkpoint
from clickwright.training.mini.batches import Batch
from clickwright.training.mini.checkpoint import begin, export
from clickwright.training.mini.learner import Learner
from clickwright.training.mini.optimiser import optimisers, orthogonal
from clickwright.training.mini.packing import Vocabulary, pack
from clickwright.training.mini.run import Run
from clickwright.training.mini.sizes import SIZES, USUAL, mini_config, size_in
from clickwright.training.mini.vocabulary import build_tokenizer
from clickwright.training.mini.windows import Crop, cells_of, pixels_of, to_patches
from clickwright.training.pages.questions import View, made_up_question, phrases, question
from clickwright.training.shown import Element
from safetensors.torch import load_file
from transformers import Qwen2VLForConditionalGeneration

MINI = Path(clickwright.__file__).parent / "model" / "mini"
SHADES = {"red": (214, 40, 40), "blue": (37, 99, 235), "green": (22, 163, 74)}


@pytest.fixture(scope="module")
def learner() -> Learner:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    vocabulary = Vocabulary(build_tokenizer())
    return Learner(vocabulary, mini_config(vocabulary))


def crop(rng: Random) -> Crop:
    """Two painted rectangles on grey."""
    pixels = np.full((84, 140, 3), 240, np.uint8)
    elements = []
    for x, colour in zip((8, 80), rng.sample(sorted(SHADES), 2), strict=True):
        pixels[20:60, x : x + 50] = SHADES[colour]
        box = float(x), 20.0, x + 50.0, 60.0
        elements.append(Element(kind="button", colour=colour, name="", box=box, visible=1.0))
    return Crop(pixels=pixels, elements=elements)


@pytest.mark.slow
def test_the_losses_fall_on_pages_that_repeat(learner):
    rng = Random(0)
    crops = [crop(rng) for _ in range(4)]
    asked = [[question(rng, phrase, View()) for phrase in phrases(one.elements)] for one in crops]
    packed = pack(learner.vocabulary, (3, 5), asked, [one.offset for one in crops])
    steps = optimisers(learner, 2e-3)
    seen = []
    for _ in range(8):
        losses = learner.losses(to_patches(pixels_of(crops)), (1, 6, 10), packed, cells_of(crops))
        seen.append({name: float(getattr(losses, name).detach()) for name in ("answer", "cell", "look", "position")})
        losses.total.backward()
        for step in steps:
            step.step()
            step.zero_grad()
    assert all(seen[-1][name] < seen[0][name] for name in seen[0])


@torch.no_grad()
def test_branches_are_the_mask_of_a_pack(learner):
    rng = Random(5)
    crops = [crop(rng) for _ in range(2)]
    asked = [
        [question(rng, phrase, View()) for phrase in phrases(one.elements)[: n + 1]] for n, one in enumerate(crops)
    ]
    packed = pack(learner.vocabulary, (3, 5), asked, [one.offset for one in crops])
    hidden, features, *_ = learner(to_patches(pixels_of(crops)), (1, 6, 10), packed)
    x = learner.net.embed(packed.ids, features.flatten(0, 1))
    assert torch.allclose(hidden, learner.net.decoder(x, packed.positions, packed.mask), atol=1e-4)


@pytest.mark.slow
def test_copying_is_learned_from_what_is_made_up(learner):
    rng = Random(3)
    made_up = [[made_up_question(rng) for _ in range(6)]]
    one = crop(rng)
    packed = pack(learner.vocabulary, (3, 5), made_up, [one.offset])
    steps = optimisers(learner, 2e-3)
    seen = []
    for _ in range(8):
        losses = learner.losses(to_patches(pixels_of([one])), (1, 6, 10), packed, cells_of([one]))
        assert losses.place.isnan()
        assert losses.look.isnan()
        seen.append(float(losses.copy.detach()))
        losses.total.backward()
        for step in steps:
            step.step()
            step.zero_grad()
    assert seen[-1] < seen[0]


def test_a_step_whose_gradients_are_no_numbers_moves_nothing(tmp_path):
    run, one = Run(tmp_path, device=torch.device("cpu")), crop(Random(1))
    batch = Batch(tier="windows", pixels=pixels_of([one]), grid=(1, 6, 10), pack=None, cells=cells_of([one]))
    run.step(batch, rate=1e-3)
    run.learner.net.visual.patch_embed.proj.weight.register_hook(lambda gradient: gradient * float("inf"))
    before = {name: value.clone() for name, value in run.learner.state_dict().items()}
    with pytest.raises(UsageError, match="the gradients of step 2 are no numbers"):
        run.step(batch, rate=1e-3)
    after = run.learner.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in before.items())
    assert run.steps == 1


def test_a_frozen_tower_learns_nothing(learner):
    learner.frozen_tower = True
    rng = Random(1)
    one = crop(rng)
    packed = pack(learner.vocabulary, (3, 5), [[question(rng, phrases(one.elements)[0], View())]], [(0, 0)])
    learner.losses(to_patches(pixels_of([one])), (1, 6, 10), packed, cells_of([one])).total.backward()
    learner.frozen_tower = False
    assert all(parameter.grad is None for parameter in learner.net.visual.parameters())
    assert learner.net.decoder.embed_tokens.weight.grad is not None
    learner.zero_grad()


def test_orthogonal_evens_out_the_singular_values():
    torch.manual_seed(1)
    for shape in ((20, 50), (50, 20)):
        values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
        assert values.min() > 0.6
        assert values.max() < 1.3


def test_the_exported_checkpoint_is_read_by_both_and_begun_with_again(learner, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "SHARD_BYTES", 6_000_000)
    average, out = learner.state_dict(), tmp_path / "mini"
    assert export(average, out) == sum(parameter.numel() for parameter in learner.net.parameters())
    shards = sorted(out.glob("model-*.safetensors"))
    assert len(shards) >= 3
    assert all(shard.stat().st_size < 6_100_000 for shard in shards)
    engine = load_model(out, device="cpu", dtype="float32")
    theirs = Qwen2VLForConditionalGeneration.from_pretrained(out, dtype=torch.float32).eval()
    ids = torch.tensor([engine.tokenizer.encode("Click the green button.")])
    positions = torch.arange(ids.shape[1]).expand(3, 1, -1)
    with torch.inference_mode():
        assert (engine.network(ids, positions) - theirs(input_ids=ids).logits).abs().max() < 1e-4
    assert engine.default_system is None
    again = Learner(learner.vocabulary, mini_config(learner.vocabulary))
    begin(again.net, out)
    mine, held = again.net.state_dict(), learner.net.state_dict()
    assert all(torch.equal(mine[name], held[name].bfloat16().float()) for name in held)


def test_a_checkpoint_with_fewer_tokens_is_begun_with(learner):
    before = learner.net.decoder.embed_tokens.weight.shape[0]
    begin(learner.net, MINI)
    held = load_file(MINI / "model.safetensors")["model.embed_tokens.weight"].float()
    table = learner.net.decoder.embed_tokens.weight
    assert table.shape[0] == before >= held.shape[0]
    assert torch.equal(table[: len(held)], held)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_is_exported_and_known_again(size: str, tmp_path: Path) -> None:
    vocabulary = Vocabulary(build_tokenizer())
    sized = Learner(vocabulary, mini_config(vocabulary, size))
    count = export(sized.state_dict(), tmp_path, size)
    assert (size_in(tmp_path), size_in(MINI)) == (size, USUAL)
    assert 4_000_000 < count < 20_000_000
    begin(sized.net, tmp_path)
    assert load_model(tmp_path).config.text.hidden_size == SIZES[size].width
