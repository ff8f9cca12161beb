"""Whether two pictures look the same."""

import numpy as np
from clickwright.screen import Box, Pixels, Screenshot, draw_overlay
from clickwright.testing.looks import compare, side_by_side
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 240, 160


def page(text: str = "Total 1,438.50", *, at: tuple[float, float] = (20, 30), size: int = 14) -> Pixels:
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((15, 90, 100, 120), fill="#2563eb")
    draw.text((30, 97), "Pay now", fill="white", font=ImageFont.load_default(size=14))
    draw.text(at, text, fill="#222222", font=ImageFont.load_default(size=size))
    return np.array(image)


def shot(pixels: Pixels, scale: float = 1.0) -> Screenshot:
    return Screenshot(pixels=pixels, scale=scale)


def test_the_same_picture_is_the_same() -> None:
    found = compare(shot(page()), shot(page()))
    assert (found.same, found.ratio, found.regions) == (True, 0.0, ())


def test_text_a_pixel_aside_is_the_same_and_another_digit_is_not() -> None:
    for at in ((21, 30), (20, 31), (19, 29)):
        assert compare(shot(page()), shot(page(at=at))).same, at
    for text in ("Total 1,433.50", "Total 1,438.60", "Total 1,488.50"):
        found = compare(shot(page(size=12)), shot(page(text, size=12)))
        assert not found.same, text
        assert found.regions[0].intersect(Box(20, 30, 130, 46)), text


def test_a_button_that_moved_or_has_another_colour_differs() -> None:
    moved, blue = page(), page()
    moved[88:123] = np.roll(moved[88:123], 6, axis=1)
    blue[blue[..., 2] == 235] = (0x1D, 0x9E, 0x63)
    assert not compare(shot(page()), shot(moved)).same
    assert not compare(shot(page()), shot(blue)).same


def test_a_faint_line_that_is_missing_differs() -> None:
    lined = page()
    lined[140, 10:200] = 229
    assert not compare(shot(page()), shot(lined)).same


def test_places_are_told_the_largest_first_and_near_ones_as_one() -> None:
    changed = page()
    changed[5:13, 5:13] = changed[5:13, 18:26] = 0
    changed[130:150, 150:200] = (0, 90, 0)
    found = compare(shot(page()), shot(changed))
    assert len(found.regions) == 2
    assert found.regions[0].intersect(Box(150, 130, 200, 150))
    assert found.reason.startswith("2 places differ, the largest ")
    assert "\n" not in found.reason


def test_two_sizes_are_never_the_same_and_both_are_told() -> None:
    found = compare(shot(page()), shot(page()[:100]), tolerance=1.0)
    assert not found.same
    assert "240 x 100" in found.reason
    assert "240 x 160" in found.reason


def test_a_share_of_the_pixels_may_differ_where_it_is_said() -> None:
    changed = page()
    changed[0:20, 200:240] = 0
    assert not compare(shot(page()), shot(changed), tolerance=0.001).same
    assert compare(shot(page()), shot(changed), tolerance=0.05).same


def test_a_fine_screen_is_judged_as_its_page_is_laid_out() -> None:
    fine = page().repeat(2, axis=0).repeat(2, axis=1)
    changed = fine.copy()
    changed[20:40, 300:320] = 0
    assert compare(shot(fine, 2), shot(np.roll(fine, 2, axis=1), 2), masks=[Box(0, 0, 4, 320)]).same
    found = compare(shot(fine, 2), shot(changed, 2))
    assert found.regions[0].iou(Box(300, 20, 320, 40)) > 0.5


def test_the_picture_of_a_difference_shows_all_three_and_the_place() -> None:
    changed = page("Total 1,433.50")
    before, after = shot(page()), shot(changed)
    found = compare(before, after)
    shown = side_by_side(before, after, found).pixels
    assert shown.shape[1] > 3 * WIDTH
    framed = draw_overlay(before, boxes=found.regions).pixels
    rows = np.lib.stride_tricks.sliding_window_view(shown, framed.shape)[:60, :60, 0]
    assert (rows == framed).all(axis=(2, 3, 4)).any()


places = st.builds(
    lambda x, y, width, height: Box(x, y, x + width, y + height),
    st.integers(0, WIDTH - 6),
    st.integers(0, HEIGHT - 6),
    st.integers(6, 60),
    st.integers(6, 60),
).map(lambda box: box.clip(shot(page()).size))


def blotted(pixels: Pixels, box: Box) -> Pixels:
    """With other colours in the box, which contrast with all of it."""
    out = pixels.copy()
    part = np.s_[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)]
    out[part] = 0 if pixels[part].mean() > 127 else 255
    return out


@given(seed=st.integers(0, 1 << 20), scale=st.sampled_from((1.0, 1.5, 2.0)))
@settings(max_examples=20)
def test_whatever_is_identical_is_the_same(seed: int, scale: float) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (90, 120, 3), np.uint8)
    assert compare(shot(pixels, scale), shot(pixels.copy(), scale)).same


@given(ground=st.integers(0, 255), ink=st.integers(0, 255), box=places)
@settings(max_examples=60)
def test_a_block_that_contrasts_always_differs(ground: int, ink: int, box: Box) -> None:
    plain = np.full((HEIGHT, WIDTH, 3), ground, np.uint8)
    other = plain.copy()
    other[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)] = ink
    found = compare(shot(plain), shot(other))
    if abs(ground - ink) >= 16:
        assert not found.same
        assert found.regions[0].intersect(box)
    if abs(ground - ink) <= 2:
        assert found.same


@given(box=places, mask=places)
@settings(max_examples=60)
def test_what_lies_in_a_mask_is_not_compared_and_what_lies_outside_is(box: Box, mask: Box) -> None:
    changed = blotted(page(), box)
    inside = box.intersect(mask) == box
    found = compare(shot(page()), shot(changed), masks=[mask])
    if inside:
        assert found.same
    if box.intersect(mask) is None:
        assert not found.same
    assert compare(shot(page()), shot(changed), masks=[mask, box]).same
