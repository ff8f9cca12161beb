"""Surfaces of one colour in a picture, and the tokens of each that stand for it."""

from random import Random

import numpy as np
from clickwright.model import Picture
from clickwright.model.config import VisionConfig
from clickwright.model.processor import Budget, Look, Processor
from clickwright.model.selection import selected, surfaces

PROCESSOR = Processor(VisionConfig(hidden_size=64), Look(budget=Budget()))


def painted() -> Picture:
    """4 rows and 6 columns of tokens on white: a grey U of seven, and two noisy ones."""
    pixels = np.full((4 * 28, 6 * 28, 3), 255, np.uint8)
    for row, column in ((0, 1), (1, 1), (2, 1), (2, 2), (2, 3), (1, 3), (0, 3)):
        pixels[row * 28 : row * 28 + 28, column * 28 : column * 28 + 28] = 200
    noise = np.random.default_rng(0).integers(0, 256, (28, 56, 3), np.uint8)
    pixels[84:, 112:] = noise
    return Picture(pixels)


def test_neighbours_of_one_colour_are_one_surface():
    found = surfaces(PROCESSOR.patches(painted())).reshape(4, 6)
    assert found.tolist() == [
        [0, 1, 2, 1, 3, 3],
        [0, 1, 2, 1, 3, 3],
        [0, 1, 1, 1, 3, 3],
        [0, 0, 0, 0, 4, 5],
    ]


def test_surfaces_are_those_of_a_search_from_token_to_token():
    """On random maps, against a flood of each surface."""
    for seed in range(20):
        shade = np.random.default_rng(seed).integers(0, 2, (9, 11)) * 90
        pixels = np.repeat(np.repeat(shade, 28, 0), 28, 1)[..., None].repeat(3, 2).astype(np.uint8)
        found = surfaces(PROCESSOR.patches(Picture(pixels))).reshape(9, 11)
        flooded = np.full((9, 11), -1)
        for start in np.ndindex(9, 11):
            if flooded[start] < 0:
                number, ahead = flooded.max() + 1, [start]
                while ahead:
                    row, column = ahead.pop()
                    flooded[row, column] = number
                    for near in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                        inside = 0 <= near[0] < 9 and 0 <= near[1] < 11
                        if inside and flooded[near] < 0 and shade[near] == shade[row, column]:
                            ahead.append(near)
        assert np.array_equal(found, flooded)


def test_a_share_of_each_surface_is_selected_at_random_and_all_of_it_with_a_share_of_one():
    surface = surfaces(PROCESSOR.patches(painted()))
    half = selected(surface, 0.5, Random(0))
    assert sorted(set(surface[half])) == list(range(6))
    for number in range(6):
        whole = int((surface == number).sum())
        assert int((surface[half] == number).sum()) == -(-whole // 2)
    assert np.array_equal(half, selected(surface, 0.5, Random(0)))
    assert not np.array_equal(half, selected(surface, 0.5, Random(1)))
    assert np.array_equal(selected(surface, 1.0, Random(2)), np.arange(24))
    assert len(selected(surface, 0.01, Random(3))) == 6


def test_nearly_equal_is_a_matter_of_tolerance():
    pixels = np.full((56, 56, 3), 100, np.uint8)
    pixels[:, 28:] = 102
    patches = PROCESSOR.patches(Picture(pixels))
    assert surfaces(patches).tolist() == [0, 1, 0, 1]
    assert surfaces(patches, tolerance=2).tolist() == [0, 0, 0, 0]
