"""Places on a picture that was read at half its size, since the GPU's memory did not do for all of it."""

import numpy as np
import pytest
from clickwright.model import Generation, ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles.qwen2_vl import MINI
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import Click, Task

PAGE = Size(1288, 728)
"""What clickwright/mini counts on, whatever part of it is seen."""
SCREEN = Screenshot(pixels=np.zeros((PAGE.height, PAGE.width, 3), np.uint8))
BOX = "<|box_start|>(240,240),(260,260)<|box_end|>"


class Relieved(ScriptedModel):
    """A GPU whose memory does not do for the first picture: from then on it reads them at half the size."""

    def seen_size(self, size: Size) -> Size:
        return Size(size.width // 2, size.height // 2) if self.asked else size


def mini(answer: str | Generation) -> ModelPolicy:
    policy = ModelPolicy(Relieved([answer]), profile=MINI)
    policy.reset(Task(goal="Click the green button."))
    return policy


@pytest.mark.parametrize("is_acting", [True, False])
def test_a_place_lies_where_the_picture_was_read_that_memory_did_for(*, is_acting: bool) -> None:
    """A quarter of the page that clickwright/mini counts on is all of a screen that is read at half its size."""
    policy = mini(Generation(text=BOX, is_halved=True))
    if is_acting:
        (action, _) = policy.act(Observation(screenshot=SCREEN), ()).actions
        assert isinstance(action, Click)
        point = action.point
    else:
        point = policy.ground(SCREEN, "the green button").point
    assert point == Point(PAGE.width / 2, PAGE.height / 2)


def test_a_place_of_a_picture_that_was_read_before_others_were_halved_stays() -> None:
    assert mini(BOX).ground(SCREEN, "the green button").point == Point(PAGE.width / 4, PAGE.height / 4)
