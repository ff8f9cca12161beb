"""Tiny random checkpoints behind transformers, asked in the form of their family: they act and point on the screen."""

from pathlib import Path

import numpy as np
import pytest
from clickwright.model import Decoding
from clickwright.model.backends.transformers import load_transformers
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import PROFILES
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Task, points_of

SCREEN = Screenshot(pixels=np.random.default_rng(5).integers(0, 256, (180, 320, 3), np.uint8), taken_s=0.0)


@pytest.mark.parametrize(
    ("checkpoint", "name"), [("qwen2_5", "qwen2.5-vl"), ("qwen2_5", "qwen2.5-vl-mobile"), ("qwen3", "qwen3-vl-mobile")]
)
def test_a_checkpoint_acts_and_points_within_the_screen(request: pytest.FixtureRequest, checkpoint: str, name: str):
    folder: Path = request.getfixturevalue(checkpoint)
    profile = PROFILES[name]
    model = load_transformers(folder, device="cpu", dtype="float32")
    assert model.seen_size(SCREEN.size).width % profile.factor == 0
    policy = ModelPolicy(model, profile=profile, decoding=Decoding(max_new_tokens=4000, temperature=1.5, seed=1))
    policy.reset(Task(goal="Buy a pear."))
    decision = policy.act(Observation(screenshot=SCREEN), [])
    assert decision.generation is not None
    assert decision.generation.finish == "end"
    assert decision.actions
    assert all(SCREEN.size.box.contains(point) for action in decision.actions for point in points_of(action))
    found = policy.ground(SCREEN, "the cart")
    assert SCREEN.size.box.contains(found.point)
    assert found.confidence is not None
