"""The drawn pages: every target is where it is said to be, whole, alone in its colour, and told apart by its words."""

import numpy as np
import pytest
from clickwright.aim import ALL_VIEWS, View
from clickwright.demo.colours import SHADES
from clickwright.screen import Box
from PIL import ImageColor

from .pointed import page

EDGE_PX = 2
"""Of a target, where its colour is mixed with what is around it."""


@pytest.mark.parametrize("view", ALL_VIEWS, ids=str)
def test_targets_are_whole_and_apart(view: View) -> None:
    drawn = page(view)
    assert drawn.screenshot.size == view.size
    assert drawn.screenshot.scale == view.scale
    assert len(drawn.targets) == 9
    for target in drawn.targets:
        assert target.box.clip(view.size) == target.box
        others = [other for other in drawn.targets if other is not target]
        assert all(target.box.grow(20).intersect(other.box) is None for other in others)


@pytest.mark.parametrize("view", ALL_VIEWS, ids=str)
def test_a_target_has_its_colour_and_its_box_fits_it(view: View) -> None:
    drawn = page(view)
    for target in drawn.targets:
        colour = next(name for name in SHADES if name in target.description)
        shade = np.array(ImageColor.getrgb(SHADES[colour][0]))
        around = target.box.grow(8 * view.scale).clip(view.size)
        rows, columns = np.nonzero(np.abs(drawn.screenshot.crop(around).pixels - shade).max(axis=2) <= 24)
        near = EDGE_PX * view.scale
        assert around.x1 + columns.min() == pytest.approx(target.box.x1, abs=near)
        assert around.y1 + rows.min() == pytest.approx(target.box.y1, abs=near)
        assert around.x1 + columns.max() + 1 == pytest.approx(target.box.x2, abs=near)
        assert around.y1 + rows.max() + 1 == pytest.approx(target.box.y2, abs=near)


def test_descriptions_are_unique_and_the_corners_are_among_the_targets() -> None:
    drawn = page(ALL_VIEWS[0])
    assert len({target.description for target in drawn.targets}) == len(drawn.targets)
    width, height = drawn.view.size.width, drawn.view.size.height
    for x, y in ((0, 0), (width, 0), (0, height), (width, height)):
        corner = Box(x, y, x, y).grow(60)
        assert any(corner.contains(target.box.center) for target in drawn.targets)
