"""The regions of a pointer head's map, and a policy that points with one."""

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Picture, Pointed, ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.grammars.regions import ACTIVE, map_spread, regions
from clickwright.policies.profiles.aguvis import GROUNDING, GUI_ACTOR
from clickwright.screen import Box, Observation, Point, Screenshot, Size
from clickwright.tools import Task
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

SIZE = Size(400, 300)
maps = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(0, 1, width=32))


def a_map(*rows: str) -> np.ndarray:
    """A digit for each part: tenths."""
    return np.array([[int(digit) / 10 for digit in row] for row in rows], np.float32)


def test_the_region_with_the_highest_mean_comes_first() -> None:
    first, second = regions(a_map("0000", "0880", "0000", "9000"), SIZE)[:2]
    assert first.point == Point(50, 262.5)
    assert first.box == Box(0, 225, 100, 300)
    assert first.share == pytest.approx(9 / 25)
    assert second.point == Point(200, 112.5)
    assert second.box == Box(100, 75, 300, 150)


def test_the_middle_is_weighted_by_the_scores() -> None:
    (region,) = regions(a_map("9400", "0000"), SIZE)
    assert region.point.y == 75
    assert region.point.x == pytest.approx((0.9 * 50 + 0.4 * 150) / 1.3)


def test_parts_that_touch_at_a_corner_are_two_regions() -> None:
    assert len(regions(a_map("90", "09"), SIZE)) == 2
    assert len(regions(a_map("90", "99"), SIZE)) == 1


def test_a_part_at_the_threshold_does_not_count() -> None:
    scores = np.array([[1.0, np.float32(ACTIVE) * np.float32(1.0)]], np.float32)
    assert len(regions(scores, SIZE)) == 1
    assert regions(scores, SIZE)[0].box == Box(0, 0, 200, 300)


@given(maps)
def test_regions_part_what_counts(scores: np.ndarray) -> None:
    if scores.max() <= 0:
        with pytest.raises(BadModelOutput, match="points nowhere"):
            regions(scores, SIZE)
        return
    found = regions(scores, SIZE)
    active = scores > ACTIVE * scores.max()
    total = float(scores.sum(dtype=np.float64))
    assert sum(region.share for region in found) == pytest.approx(float(scores[active].sum(dtype=np.float64)) / total)
    assert len(found) == _components(active)
    assert all(region.box.contains(region.point) for region in found)
    spread = map_spread(scores, SIZE)
    assert 0 <= spread.x <= SIZE.width / 2
    assert 0 <= spread.y <= SIZE.height / 2


@pytest.mark.parametrize("bad", [np.zeros((2, 2)), np.full((2, 2), np.nan), np.full((1, 1), np.inf), np.zeros((0, 3))])
def test_a_map_that_points_nowhere_is_refused(bad: np.ndarray) -> None:
    for read in (regions, map_spread):
        with pytest.raises(BadModelOutput, match="points nowhere"):
            read(bad.astype(np.float32), SIZE)


def _components(active: np.ndarray) -> int:
    """How many regions there are, by giving neighbours the lower of two numbers until nothing changes."""
    numbers = np.where(active, np.arange(active.size).reshape(active.shape), active.size)
    while True:
        padded = np.pad(numbers, 1, constant_values=active.size)
        around = [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]]
        lowest = np.where(active, np.minimum.reduce([numbers, *around]), active.size)
        if (lowest == numbers).all():
            return len(set(numbers[active].tolist()))
        numbers = lowest


# A policy that points with a head


def screenshot() -> Screenshot:
    return Screenshot(pixels=np.zeros((SIZE.height, SIZE.width, 3), np.uint8), taken_s=0.0)


def test_pointing_is_one_pass_behind_the_profiles_prefill() -> None:
    scores = a_map("0000", "0880", "0000", "9000")
    scores /= scores.sum()
    pointed = Pointed(scores=scores, seen=Size(112, 112), prompt_tokens=40, visual_tokens=16)
    model = ScriptedModel([pointed])
    grounding = ModelPolicy(model, profile=GUI_ACTOR).ground(screenshot(), "the {goal} cart")
    assert grounding.point == Point(50, 262.5)
    assert grounding.box == Box(0, 225, 100, 300)
    assert grounding.confidence == pytest.approx(0.36)
    assert grounding.candidates == ((Point(200, 112.5), pytest.approx(0.64)),)
    assert grounding.spread == map_spread(scores, SIZE)
    assert grounding.generation is not None
    assert (grounding.generation.prompt_tokens, grounding.generation.passes) == (40, 1)
    (asked,) = model.asked
    system, user = asked.messages
    assert system.parts == (GROUNDING,)
    assert isinstance(user.parts[0], Picture)
    assert user.parts[1:] == ("the {goal} cart",)
    assert asked.prefix == "<|recipient|>os\npyautogui.click(<|pointer_start|><|pointer_pad|><|pointer_end|>)"


def test_a_head_is_not_guessed_where_there_is_none() -> None:
    policy = ModelPolicy(ScriptedModel(["pyautogui.click(x=0.5, y=0.5)"]), profile=GUI_ACTOR)
    with pytest.raises(UsageError, match="GUI-Actor points with a head that scripted is run without"):
        policy.ground(screenshot(), "the cart")
    policy.reset(Task(goal="Buy a pear."))
    with pytest.raises(UsageError, match="GUI-Actor only points"):
        policy.act(Observation(screenshot=screenshot()), [])
