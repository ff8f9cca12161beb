"""M-RoPE positions: the worked examples of the reference, and what holds for any prompt."""

import torch
from clickwright.model.rotary import mrope_positions, rotate, text_rotation
from hypothesis import given
from hypothesis import strategies as st

IMAGE, VIDEO = 290, 291


def positions(*parts: int | tuple[int, int, int]) -> list[list[int]]:
    """Of so many text tokens, or a picture of that grid."""
    ids, grids = [], []
    for part in parts:
        if isinstance(part, int):
            ids += [1] * part
        else:
            ids += [IMAGE if part[0] == 1 else VIDEO] * (part[0] * part[1] * part[2] // 4)
            grids.append(part)
    return mrope_positions(ids, grids, (IMAGE, VIDEO)).tolist()


def test_two_images_between_text():
    time, height, width = positions(4, (1, 4, 6), 4, (1, 8, 4), 4)
    assert time == [0, 1, 2, 3, *[4] * 6, 7, 8, 9, 10, *[11] * 8, 15, 16, 17, 18]
    assert height == [0, 1, 2, 3, 4, 4, 4, 5, 5, 5, 7, 8, 9, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 16, 17, 18]
    assert width == [0, 1, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8, 9, 10, *[11, 12] * 4, 15, 16, 17, 18]


def test_a_video_moves_in_time():
    time, height, width = positions(3, (2, 4, 6), 1)
    assert time == [0, 1, 2, *[3] * 6, *[4] * 6, 6]
    assert height == [0, 1, 2, *[3, 3, 3, 4, 4, 4] * 2, 6]
    assert width == [0, 1, 2, *[3, 4, 5] * 4, 6]


def test_text_goes_on_behind_a_video_that_is_longer_than_wide():
    time, _, _ = positions(3, (6, 2, 2), 1)
    assert time == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_text_alone_counts_on_in_all_three():
    assert positions(5) == [[0, 1, 2, 3, 4]] * 3
    assert mrope_positions([], [], (IMAGE, VIDEO)).shape == (3, 0)


@given(
    st.lists(st.one_of(st.integers(1, 5), st.tuples(st.just(1), st.sampled_from((2, 4, 8)), st.sampled_from((2, 6)))))
)
def test_no_position_is_behind_a_later_text(parts):
    spaced = [piece for part in parts for piece in (part, 1)]  # pictures never touch in a prompt
    found = torch.tensor(positions(*spaced))
    if found.numel():
        highest = found.amax(0).cummax(0).values
        texts = [n for n in range(found.shape[1]) if len(set(found[:, n].tolist())) == 1]
        assert all(int(found[0, n]) <= int(highest[n]) for n in texts)
        assert int(found[0, -1]) == int(found.max())


def test_equal_positions_rotate_as_one_dimensional_rope_does():
    x = torch.randn(1, 1, 7, 16)
    places = torch.arange(7).expand(3, 1, -1)
    cos, sin = text_rotation(places, 16, 1e4, (2, 3, 3))
    angles = torch.arange(7)[:, None] / 1e4 ** (torch.arange(0, 16, 2) / 16)
    first, second = x[..., :8], x[..., 8:]
    expected = torch.cat(
        (first * angles.cos() - second * angles.sin(), second * angles.cos() + first * angles.sin()), -1
    )
    assert torch.allclose(rotate(x, cos[:, None], sin[:, None]), expected, atol=1e-5)
