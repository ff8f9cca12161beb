"""Pictures come in safely: what cannot be read is refused with one sentence, before it costs memory."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Screenshot, read_image
from clickwright.screen.screenshot import MAX_PIXELS, MAX_SIDE_PX
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def noise(width: int, height: int, seed: int = 0) -> Screenshot:
    return Screenshot(pixels=np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one byte of it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 9))
def test_a_png_brings_back_every_pixel(width: int, height: int, seed: int) -> None:
    shot = noise(width, height, seed)
    again = read_image(shot.to_png())
    assert np.array_equal(again.pixels, shot.pixels)
    assert again.frame == shot.frame


def test_the_frame_tells_pictures_apart() -> None:
    shot = noise(4, 6)
    other = shot.pixels.copy()
    other[5, 3, 2] ^= 1
    assert Screenshot(pixels=other).frame != shot.frame
    assert Screenshot(pixels=shot.pixels.reshape(4, 6, 3)).frame != shot.frame  # same bytes, other size
    assert Screenshot(pixels=shot.pixels[::1]).frame == shot.frame
    assert Screenshot(pixels=np.asfortranarray(shot.pixels)).frame == shot.frame


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (np.zeros((2, 2), np.uint8), "uint8 RGB"),
        (np.zeros((2, 2, 4), np.uint8), "uint8 RGB"),
        (np.zeros((2, 2, 3), np.float32), "uint8 RGB"),
        (np.zeros((0, 2, 3), np.uint8), "at least one pixel, got 2 x 0"),
    ],
)
def test_a_screenshot_is_rgb_with_pixels(pixels: np.ndarray, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Screenshot(pixels=pixels)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_is_above_zero(scale: float) -> None:
    with pytest.raises(UsageError, match="above 0"):
        Screenshot(pixels=np.zeros((1, 1, 3), np.uint8), scale=scale)


def test_a_crop_holds_the_pixels_that_the_box_touches() -> None:
    shot = noise(10, 8)
    assert np.array_equal(shot.crop(Box(2.5, 3, 4, 5.1)).pixels, shot.pixels[3:6, 2:4])
    assert np.array_equal(shot.crop(Box(-5, -5, 3, 3)).pixels, shot.pixels[:3, :3])
    with pytest.raises(UsageError, match="no pixel of a 10 x 8"):
        shot.crop(Box(20, 20, 30, 30))


@pytest.mark.parametrize(("width", "height"), [(1, 3000), (3000, 1), (1, 1)])
def test_thin_pictures_are_read(width: int, height: int) -> None:
    assert read_image(noise(width, height).to_png()).size.width == width


@pytest.mark.parametrize(
    ("width", "height"),
    [(20_000, 20_000), (MAX_SIDE_PX + 1, 1), (8192, MAX_PIXELS // 8192 + 1), (2**31 - 1, 2**31 - 1)],
)
def test_a_picture_that_is_too_large_is_refused_from_its_header(width: int, height: int, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(png_header(width, height))
    limits = f"at most {MAX_PIXELS:,} pixels and {MAX_SIDE_PX:,} a side"
    with pytest.raises(UsageError, match=rf"large\.png is {width} x {height}; {limits}"):
        read_image(path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        (png_header(0, 0), r"has no pixels \(0 x 0\)"),
        (png_header(0, 7), r"has no pixels \(0 x 7\)"),
        (png_header(300, 200), "cannot be read as a picture"),
        (noise(64, 64).to_png()[:-2000], "cannot be read as a picture"),
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        read_image(data)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("the image ")


@pytest.mark.parametrize("cut", range(8, 3000, 173))
def test_a_png_cut_anywhere_is_refused(cut: int) -> None:
    data = noise(32, 32).to_png()
    assert cut < len(data) - 12  # the end chunk holds no pixels
    with pytest.raises(UsageError):
        read_image(data[:cut])


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing\.png does not exist"):
        read_image(tmp_path / "nothing.png")
    with pytest.raises(UsageError, match="cannot be read as a picture"):
        read_image(tmp_path)


def test_transparent_pixels_are_laid_on_white() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (2, 1), (10, 20, 30, 0)).save(buffer, "PNG")
    assert np.array_equal(read_image(buffer.getvalue()).pixels, np.full((1, 2, 3), 255, np.uint8))


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "CMYK"])
def test_other_colour_modes_become_rgb(mode: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (3, 2), "white").convert("L" if mode == "LA" else mode).convert(mode).save(
        buffer, "JPEG" if mode == "CMYK" else "PNG"
    )
    shot = read_image(buffer.getvalue(), scale=2.0)
    assert shot.pixels.shape == (2, 3, 3)
    assert shot.pixels.min() >= 250
    assert shot.scale == 2.0
