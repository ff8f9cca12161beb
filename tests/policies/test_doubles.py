"""Checkpoints with random weights that only their tokens tell apart: found, loaded, and asked to act or to point."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from clickwright.model import Decoding
from clickwright.policies import load_policy
from clickwright.policies.profiles import Profile, find_profile
from clickwright.policies.profiles.aguvis import AGUVIS, GUI_ACTOR
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Task

Double = Callable[[Profile], Path]


def screenshot() -> Screenshot:
    pixels = np.random.default_rng(3).integers(0, 255, (240, 320, 3), np.uint8)
    return Screenshot(pixels=pixels, taken_s=0.0)


@pytest.mark.parametrize("profile", [AGUVIS, GUI_ACTOR], ids=lambda profile: profile.name)
def test_a_folder_is_known_by_its_tokens(profile: Profile, double: Double) -> None:
    assert find_profile(double(profile)) is profile


def test_a_random_aguvis_acts_and_points_in_its_own_language(double: Double) -> None:
    policy = load_policy(double(AGUVIS), device="cpu", dtype="float32", min_pixels=3136, max_pixels=100_352)
    assert policy.profile is AGUVIS
    policy.decoding = Decoding(max_new_tokens=160, temperature=1.0, seed=1, stop=AGUVIS.stop)
    policy.reset(Task(goal="Type pears into the field."))
    seen = screenshot()
    decision = policy.act(Observation(screenshot=seen), [])
    assert decision.actions
    assert decision.generation is not None
    assert "<|recipient|>" + decision.generation.text.partition("\n")[0] in ("<|recipient|>os", "<|recipient|>all")
    assert decision.confidence is not None
    grounding = policy.ground(seen, "the field")
    assert seen.size.box.contains(grounding.point)
    assert grounding.generation is not None
    assert grounding.generation.text.startswith("pyautogui.click(x=0.")
    assert grounding.spread is not None


def test_a_random_gui_actor_points_with_its_head(double: Double) -> None:
    policy = load_policy(double(GUI_ACTOR), device="cpu", dtype="float32")
    assert policy.profile is GUI_ACTOR
    seen = screenshot()
    grounding = policy.ground(seen, "the field")
    assert grounding.box is not None
    assert grounding.box.contains(grounding.point)
    assert grounding.confidence is not None
    assert 0 < grounding.confidence <= 1
    assert grounding.spread is not None
    assert all(seen.size.box.contains(point) for point, _ in grounding.candidates)
    assert grounding.generation is not None
    assert grounding.generation.visual_tokens == (240 // 28 + 1) * (320 // 28)
    again = policy.ground(seen, "another field")
    assert again.generation is not None
    assert again.generation.reused_tokens > 0
