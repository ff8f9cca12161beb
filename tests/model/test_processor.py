"""Pictures to patches: sizes, order, budgets, and pictures that cannot be read."""

import json

import numpy as np
import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import Picture, Video
from clickwright.model.config import VisionConfig
from clickwright.model.pixels import normalised
from clickwright.model.processor import Budget, Look, Processor, cut, digest, frame_budget, read_look, smart_resize
from clickwright.screen import Size
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from transformers import Qwen2VLImageProcessorPil

BUDGETS = st.sampled_from([(56**2, 1280 * 28**2), (56**2, 16384 * 28**2), (100 * 28**2, 1344 * 28**2)])
CONFIG = VisionConfig(hidden_size=64)


@pytest.mark.parametrize(
    ("screen", "tokens", "expected"),
    [
        ((1280, 720), 1280, (1288, 728)),
        ((1920, 1080), 1280, (1316, 728)),
        ((1920, 1080), 2700, (1932, 1092)),
        ((3840, 2160), 16384, (3836, 2156)),
        ((1080, 2400), 1344, (672, 1512)),
        ((42, 70), 16384, (56, 56)),
    ],
)
def test_known_screens(screen, tokens, expected):
    found = smart_resize(Size(*screen), min_pixels=56**2, max_pixels=tokens * 28**2)
    assert (found.width, found.height) == expected


@given(st.integers(1, 5000), st.integers(1, 5000), BUDGETS)
def test_sizes_keep_the_grid_and_the_budget_and_are_stable(width, height, budget):
    least, most = budget
    if max(width, height) > 200 * min(width, height):
        with pytest.raises(UsageError, match="200 times"):
            smart_resize(Size(width, height), min_pixels=least, max_pixels=most)
        return
    found = smart_resize(Size(width, height), min_pixels=least, max_pixels=most)
    assert found.width % 28 == found.height % 28 == 0
    assert least <= found.area <= most
    if max(found.width, found.height) <= 200 * min(found.width, found.height):
        assert smart_resize(found, min_pixels=least, max_pixels=most) == found


def naive(frames: np.ndarray) -> np.ndarray:
    """Patch by patch, as the order is told."""
    n, height, width, _ = frames.shape
    depth, rows = min(n, 2), []
    for pair in range(0, n, depth):
        for block_y in range(0, height, 28):
            for block_x in range(0, width, 28):
                for y in (block_y, block_y + 14):
                    for x in (block_x, block_x + 14):
                        patch = frames[pair : pair + depth, y : y + 14, x : x + 14]
                        rows.append(patch.transpose(3, 0, 1, 2).ravel())
    return np.stack(rows)


@pytest.mark.parametrize("shape", [(1, 56, 84, 3), (2, 28, 56, 3), (4, 84, 28, 3)])
def test_patches_come_in_merge_block_order(shape):
    frames = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    assert np.array_equal(cut(frames, CONFIG), naive(frames))


@pytest.mark.parametrize("shape", [(728, 1288), (720, 1280), (333, 701), (90, 50), (500, 41)])
def test_the_numbers_are_those_of_transformers_to_the_last_bit(shape):
    pixels = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    look = Look(budget=Budget(max_pixels=1280 * 28**2))
    size = {"shortest_edge": look.budget.min_pixels, "longest_edge": look.budget.max_pixels}
    theirs = Qwen2VLImageProcessorPil(size=size)(images=[Image.fromarray(pixels)], return_tensors="pt")
    patches = Processor(CONFIG, look).patches(Picture(pixels))
    ours = normalised(patches.values, look, device=torch.device("cpu"), dtype=torch.float32)
    assert theirs["image_grid_thw"].tolist() == [list(patches.grid)]
    both = theirs["pixel_values"].view(-1, 3, 2, 196)
    for frame in range(2):
        assert torch.equal(both[:, :, frame].flatten(1), ours)


def test_a_screenshot_of_the_default_viewport_is_not_resized():
    pixels = np.random.default_rng(0).integers(0, 256, (728, 1288, 3), np.uint8)
    patches = Processor(CONFIG, Look(budget=Budget())).patches(Picture(pixels))
    assert patches.grid == (1, 52, 92)
    assert np.array_equal(patches.values, naive(pixels[None]))


def test_an_odd_number_of_frames_is_made_even():
    frames = np.random.default_rng(0).integers(0, 256, (3, 336, 336, 3), np.uint8)
    patches = Processor(CONFIG, Look(budget=Budget())).patches(Video(frames=frames))
    assert patches.grid == (2, 24, 24)
    assert patches.values.shape == (2 * 24 * 24, 1176)


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (1, 3000, 3), (5, 5), (5, 5, 4)])
def test_what_is_no_picture_is_refused(shape):
    with pytest.raises(UsageError):
        Processor(CONFIG, Look(budget=Budget())).patches(Picture(np.zeros(shape, np.uint8)))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, (3136, 12845056)),
        ({"min_pixels": 5000, "max_pixels": 90000}, (5000, 90000)),
        ({"size": {"shortest_edge": 5000, "longest_edge": 90000}}, (5000, 90000)),
        ({"size": {"min_pixels": 5000, "max_pixels": 90000}}, (5000, 90000)),
        ({"max_pixels": 80000, "size": {"shortest_edge": 5000, "longest_edge": 90000}}, (5000, 80000)),
    ],
)
def test_the_budget_is_read_in_every_form(tmp_path, found, expected):
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(found))
    look = read_look(tmp_path)
    assert (look.budget.min_pixels, look.budget.max_pixels) == expected


def test_a_budget_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "preprocessor_config.json").write_text('{"min_pixels": 9000, "max_pixels": 100}')
    with pytest.raises(ModelUnavailable, match="cannot be"):
        read_look(tmp_path)
    with pytest.raises(UsageError, match="pixel budget"):
        Budget(min_pixels=0)


def test_pixels_are_never_divided_by_nothing(tmp_path):
    (tmp_path / "preprocessor_config.json").write_text('{"image_std": [0.5, 0.0, 0.5]}')
    with pytest.raises(ModelUnavailable, match="image_std"):
        read_look(tmp_path)


def test_long_videos_have_small_frames():
    assert frame_budget(4).max_pixels == 768 * 28**2
    assert frame_budget(768).max_pixels < frame_budget(300).max_pixels
    assert frame_budget(768).max_pixels >= 128 * 28**2


def test_a_digest_names_pixels_and_shape():
    pixels = np.zeros((28, 56, 3), np.uint8)
    assert digest(Picture(pixels)) == digest(Picture(pixels.copy()))
    assert digest(Picture(pixels)) != digest(Picture(pixels.reshape(56, 28, 3)))
    assert digest(Picture(pixels)) != digest(Video(frames=pixels[None]))
