"""A few steps of training on made pages, and a checkpoint that transformers reads as well."""

from random import Random

import numpy as np
import pytest
import torch
from clickwright.model.load import load_model
from clickwright.training.crops import Crop, cells_of, to_patches
from clickwright.training.export import export
from clickwright.training.learner import Learner, mini_config
from clickwright.training.optimiser import optimisers, orthogonal
from clickwright.training.packing import Vocabulary, pack
from clickwright.training.questions import Element, made_up_question, phrases, question
from clickwright.training.vocabulary import build_tokenizer
from transformers import Qwen2VLForConditionalGeneration

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


def test_the_losses_fall_on_pages_that_repeat(learner):
    rng = Random(0)
    crops = [crop(rng) for _ in range(4)]
    asked = [[question(rng, phrase, one.view) for phrase in phrases(one.elements)] for one in crops]
    packed = pack(learner.vocabulary, (3, 5), asked, [one.offset for one in crops])
    steps = optimisers(learner, 2e-3)
    seen = []
    for _ in range(8):
        losses = learner.losses(to_patches(crops), (1, 6, 10), packed, cells_of(crops))
        seen.append({name: float(getattr(losses, name).detach()) for name in ("answer", "cell", "look", "position")})
        losses.total.backward()
        for step in steps:
            step.step()
            step.zero_grad()
    assert all(seen[-1][name] < seen[0][name] for name in seen[0])


def test_copying_is_learned_from_what_is_made_up(learner):
    rng = Random(3)
    made_up = [[made_up_question(rng) for _ in range(6)]]
    one = crop(rng)
    packed = pack(learner.vocabulary, (3, 5), made_up, [one.offset])
    steps = optimisers(learner, 2e-3)
    seen = []
    for _ in range(8):
        losses = learner.losses(to_patches([one]), (1, 6, 10), packed, cells_of([one]))
        assert losses.place.isnan()
        assert losses.look.isnan()
        seen.append(float(losses.copy.detach()))
        losses.total.backward()
        for step in steps:
            step.step()
            step.zero_grad()
    assert seen[-1] < seen[0]


def test_a_frozen_tower_learns_nothing(learner):
    learner.frozen_tower = True
    rng = Random(1)
    one = crop(rng)
    packed = pack(learner.vocabulary, (3, 5), [[question(rng, phrases(one.elements)[0], one.view)]], [(0, 0)])
    learner.losses(to_patches([one]), (1, 6, 10), packed, cells_of([one])).total.backward()
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


def test_the_exported_checkpoint_is_read_by_both(learner, tmp_path):
    from safetensors.torch import save_file

    state = {name: value.contiguous() for name, value in learner.state_dict().items()}
    save_file(state, tmp_path / "average.safetensors")
    out = tmp_path / "mini"
    assert export(tmp_path, out) == sum(parameter.numel() for parameter in learner.net.parameters())
    engine = load_model(out, device="cpu", dtype="float32")
    theirs = Qwen2VLForConditionalGeneration.from_pretrained(out, dtype=torch.float32).eval()
    ids = torch.tensor([engine.tokenizer.encode("Click the green button.")])
    positions = torch.arange(ids.shape[1]).expand(3, 1, -1)
    with torch.inference_mode():
        assert (engine.network(ids, positions) - theirs(input_ids=ids).logits).abs().max() < 1e-4
    assert engine.default_system is None
