"""The comparison of clickwright/mini's sizes: what is read from a training's log, and what is drawn of it."""

from pathlib import Path

import clickwright
import cv2
import numpy as np
import pytest
from clickwright.training.figures.sizes import COLOURS, action_ms, draw, share
from clickwright.training.mini.recipe import RECIPES

MINI = Path(clickwright.__file__).parent / "model" / "mini"
TOWER = {"s": 60, "step": 90, "words": {"pages": 0.1}}
BOTH = {"s": 240, "step": 300, "small": {"a": 0.5, "b": 0.1}, "medium": {"a": 0.25}}


def test_a_line_is_read_for_what_it_says_of_a_window() -> None:
    assert (share(TOWER, "small"), share(BOTH, "small"), share(BOTH, "medium")) == (None, 0.5, 0.25)
    assert share({"small": {}}, "small") is None  # no concept was in sight


def test_a_picture_has_a_line_for_each_size(tmp_path: Path) -> None:
    higher = BOTH | {"s": 480, "small": {"a": 0.9}, "medium": {"a": 0.8}}
    draw({"small": [TOWER, BOTH, higher], "usual": [TOWER, higher], "large": [BOTH]}, tmp_path / "sizes.png")
    picture = cv2.imread(str(tmp_path / "sizes.png"))
    assert picture is not None
    colours = set(map(tuple, np.unique(picture.reshape(-1, 3), axis=0).tolist()))
    assert {tuple(bytes.fromhex(colour[1:])[::-1]) for colour in COLOURS.values()} <= colours


@pytest.mark.slow
@pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")
def test_an_action_is_timed_with_a_checkpoint() -> None:
    assert 0 < action_ms(MINI) < 60_000


def test_the_phases_of_every_recipe_fill_its_time() -> None:
    for name, phases in RECIPES.items():
        assert sum(phase.share for phase in phases) == pytest.approx(1), name
        assert all(sum(phase.mix.values()) == pytest.approx(1) for phase in phases), name
