"""One picture of a screen at the device's own resolution, and how to read one from a file safely and to write one."""

import hashlib
import io
import struct
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite, prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ..errors import UsageError
from .geometry import Box, Size

Pixels = NDArray[np.uint8]

MAX_PIXELS = 64_000_000
"""Largest picture that is decoded; four 4K screens side by side are 33 million."""
MAX_SIDE_PX = 16_384
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "PPM", "TIFF")
"""What is read. Pillow knows more, and runs Ghostscript for some."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Screenshot:
    """What a screen showed at one moment. Dimensions: pixels is (height, width, 3) uint8 RGB.

    `scale` is screenshot pixels per input unit of the environment (2.0 on a page with device scale factor 2).
    `taken_s` is seconds since the epoch, `took_s` how many it took, where that is known.
    """

    pixels: Pixels
    scale: float = 1.0
    taken_s: float = field(default_factory=time.time)
    took_s: float = 0.0

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3:
            raise UsageError(f"a screenshot is uint8 RGB (height, width, 3), got {self.pixels.dtype} {shape}")
        if 0 in shape:
            raise UsageError(f"a screenshot needs at least one pixel, got {shape[1]} x {shape[0]}")
        if not (isfinite(self.scale) and self.scale > 0):
            raise UsageError(f"the scale of a screenshot is above 0, got {self.scale}")

    @property
    def size(self) -> Size:
        return Size(self.pixels.shape[1], self.pixels.shape[0])

    @cached_property
    def frame(self) -> str:
        """sha256 of size and pixels in hexadecimal: equal exactly when the pictures are."""
        return frame_of(self.pixels)

    def crop(self, box: Box) -> "Screenshot":
        """The pixels that the box touches, clipped to the screen. Raises UsageError when nothing is left."""
        kept = box.clip(self.size)
        x1, y1 = int(np.floor(kept.x1)), int(np.floor(kept.y1))
        x2, y2 = int(np.ceil(kept.x2)), int(np.ceil(kept.y2))
        if x2 <= x1 or y2 <= y1:
            raise UsageError(f"the crop {box} holds no pixel of a {self.size.width} x {self.size.height} screenshot")
        return Screenshot(pixels=self.pixels[y1:y2, x1:x2], scale=self.scale, taken_s=self.taken_s)

    def to_png(self, *, level: int = 1) -> bytes:
        """The picture as a PNG; level 1 writes a 1080p screen in about 25 ms where 6 takes 55."""
        buffer = io.BytesIO()
        Image.fromarray(self.pixels).save(buffer, "PNG", compress_level=level)
        return buffer.getvalue()


def frame_of(pixels: Pixels) -> str:
    """As `Screenshot.frame`."""
    digest = hashlib.sha256(f"{pixels.shape[1]}x{pixels.shape[0]}:".encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def pixel_bytes(shape: Sequence[int]) -> int:
    """How many bytes the pixels of this shape are: height, width, 3. Raises ValueError for what no picture has."""
    if len(shape) != 3 or shape[2] != 3 or not 0 < prod(shape[:2]) <= MAX_PIXELS:
        raise ValueError("no picture has this shape")
    return prod(shape)


def read_image(source: Path | str | bytes, *, scale: float = 1.0) -> Screenshot:
    """The picture in a file or in bytes. Transparent pixels are laid on white.

    Size is checked from the header, before anything is decoded. Raises UsageError with one sentence for a file
    that is missing, not a picture, truncated, empty or too large.
    """
    name = "the image" if isinstance(source, bytes) else str(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is stricter
            with io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb") as file:
                _require_png_decodable(name, file.read(24))
                image = Image.open(file, formats=FORMATS)
                _require_decodable(name, *image.size)
                return Screenshot(pixels=_flatten(image), scale=scale)
    except FileNotFoundError:
        raise UsageError(f"{name} does not exist") from None
    except UnidentifiedImageError:
        raise UsageError(f"{name} is not a picture of a kind that is read: {', '.join(FORMATS)}") from None
    except Image.DecompressionBombError:
        raise UsageError(f"{name} is larger than {MAX_PIXELS:,} pixels") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise UsageError(f"{name} cannot be read as a picture: {error}") from None


def write_image(path: Path | str, screenshot: Screenshot) -> None:
    """The picture as a PNG file. Raises UsageError where it cannot be written."""
    try:
        Path(path).write_bytes(screenshot.to_png())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _require_decodable(name: str, width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise UsageError(f"{name} has no pixels ({width} x {height})")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise UsageError(
            f"{name} is {width} x {height}; at most {MAX_PIXELS:,} pixels and {MAX_SIDE_PX:,} a side are read"
        )


def _require_png_decodable(name: str, head: bytes) -> None:
    # Pillow gives no size for an empty PNG, and none for one of its decompression bombs.
    if len(head) == 24 and head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        _require_decodable(name, *struct.unpack(">II", head[16:]))


def _flatten(image: Image.Image) -> Pixels:
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        white = Image.new("RGBA", rgba.size, "white")
        image = Image.alpha_composite(white, rgba)
    return np.array(image.convert("RGB"))
