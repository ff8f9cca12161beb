"""A resize by several threads is Pillow's own, to the last bit."""

import numpy as np
import pytest
from clickwright.model import bicubic
from clickwright.screen import Size
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

SIDES = st.integers(1, 80)


@pytest.fixture
def three_threads(monkeypatch: pytest.MonkeyPatch):
    """Small pictures in bands, on any machine."""
    monkeypatch.setattr(bicubic, "THREADS", 3)
    monkeypatch.setattr(bicubic, "FEW_PIXELS", 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(width=SIDES, height=SIDES, wider=SIDES, higher=SIDES, seed=st.integers(0, 2**16))
@example(width=50, height=2, wider=20, higher=70, seed=0)  # fewer rows than threads
@example(width=40, height=60, wider=56, higher=30, seed=0)  # wider and lower: Pillow 13 begins with the columns
@example(width=40, height=60, wider=40, higher=66, seed=0)  # one pass
@example(width=40, height=60, wider=44, higher=60, seed=0)
def test_every_size_is_as_pillow_makes_it(
    three_threads: None, width: int, height: int, wider: int, higher: int, seed: int
):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    found = bicubic.resize(pixels, Size(wider, higher))
    expected = Image.fromarray(pixels).resize((wider, higher), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(found, np.asarray(expected))


def test_a_screen_as_large_as_in_use_is_as_pillow_makes_it():
    pixels = np.random.default_rng(0).integers(0, 256, (1080, 1920, 3), np.uint8)
    expected = Image.fromarray(pixels).resize((1932, 1092), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(bicubic.resize(pixels, Size(1932, 1092)), np.asarray(expected))


def test_a_picture_of_that_size_is_itself():
    pixels = np.zeros((28, 56, 3), np.uint8)
    assert bicubic.resize(pixels, Size(56, 28)) is pixels
