"""Pictures and video frames to patches, in the order and at the sizes that Qwen2-VL was trained with."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, sqrt
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelUnavailable, UsageError
from ..screen import Pixels, Size, frame_of
from .bicubic import resize
from .config import VisionConfig, read_object
from .conversation import Picture, Video

FACTOR = 28
"""Pixels along the side of one visual token of Qwen2-VL, of its merged patches. Later models have others."""
MAX_ASPECT = 200
"""Longest side over shortest side that the model takes."""
CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
CLIP_STD = (0.26862954, 0.26130258, 0.27577711)

FRAME_MIN_PIXELS = 128 * 28**2
FRAME_MAX_PIXELS = 768 * 28**2
VIDEO_MAX_PIXELS = int(0.9 * 128_000) * 28**2
"""Pixels of all frame pairs of one video together, as qwen-vl-utils 0.0.14 shares them out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many pixels a picture may have after its resize. The defaults are those of Qwen2-VL's files on the hub."""

    min_pixels: int = 56**2
    max_pixels: int = 16384 * 28**2

    def __post_init__(self) -> None:
        if not 0 < self.min_pixels <= self.max_pixels:
            raise UsageError(
                f"a pixel budget needs 0 < min_pixels <= max_pixels, got {self.min_pixels} and {self.max_pixels}"
            )

    def but(self, *, min_pixels: int | None, max_pixels: int | None) -> "Budget":
        """The same with the limits that are given."""
        return Budget(
            min_pixels=self.min_pixels if min_pixels is None else min_pixels,
            max_pixels=self.max_pixels if max_pixels is None else max_pixels,
        )

    def resized(self, size: Size, *, factor: int = FACTOR) -> Size:
        """The size at which a still of this size is read within it. Raises as `smart_resize`."""
        return smart_resize(size, min_pixels=self.min_pixels, max_pixels=self.max_pixels, factor=factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a checkpoint wants its pictures: the budget of a still, and the mean and deviation of each channel.

    `is_halved` where the budget is no longer that which was asked for.
    """

    budget: Budget
    mean: tuple[float, ...] = CLIP_MEAN
    std: tuple[float, ...] = CLIP_STD
    is_halved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patches:
    """One still or video, cut up. `grid` is frame pairs, rows and columns of patches.

    Dimensions: values is (t * h * w, 588) uint8 for a still, (t * h * w, 1176) for a video. Four rows in a row are
    the 2 x 2 patches of one token; a row holds channel, frame, y, x.
    """

    values: NDArray[np.uint8]
    grid: tuple[int, int, int]


def smart_resize(size: Size, *, min_pixels: int, max_pixels: int, factor: int = FACTOR) -> Size:
    """The size at which a picture is read: sides are multiples of `factor`, the area lies within the budget.

    The rounded area decides whether the budget is kept; the scale comes from the original one. Python's rounding to
    even is part of the rule. Raises UsageError for a picture over 200 times as long as wide.
    """
    width, height = size.width, size.height
    if max(width, height) > MAX_ASPECT * min(width, height):
        raise UsageError(f"a picture of {width} x {height} is over {MAX_ASPECT} times as long as wide")
    resized = [round(side / factor) * factor for side in (width, height)]
    area = resized[0] * resized[1]
    if area > max_pixels:
        beta = sqrt(width * height / max_pixels)
        resized = [max(factor, floor(side / beta / factor) * factor) for side in (width, height)]
    elif area < min_pixels:
        beta = sqrt(min_pixels / (width * height))
        resized = [ceil(side * beta / factor) * factor for side in (width, height)]
    return Size(resized[0], resized[1])


def resize_still(pixels: Pixels, budget: Budget, *, factor: int = FACTOR) -> Pixels:
    """A still at the size at which it is read, and itself where it has that size already. Raises as `smart_resize`."""
    return resize(pixels, budget.resized(size_of(pixels, "a picture"), factor=factor))


def frame_budget(frames: int) -> Budget:
    """The budget of each frame of a video: the longer the video, the smaller its frames."""
    share = VIDEO_MAX_PIXELS * 2 // max(frames, 1)
    return Budget(
        min_pixels=FRAME_MIN_PIXELS, max_pixels=max(min(FRAME_MAX_PIXELS, share), int(FRAME_MIN_PIXELS * 1.05))
    )


class Processor:
    """Pictures to patches for one vision tower."""

    def __init__(self, config: VisionConfig, look: Look) -> None:
        self.config, self.look = config, look

    def resized(self, size: Size) -> Size:
        """The size at which the model reads a still of this size."""
        return self.look.budget.resized(size, factor=self.config.factor)

    def halved(self, seen: Iterable[Picture | Video]) -> "Processor":
        """One that reads the largest of these stills with half the pixels, and no other with more than that has.

        It is this one where that was done before, where there is no still or where it cannot be smaller.
        """
        tokens = [
            rows * columns // 4 for _, rows, columns in (self.grid(one) for one in seen if isinstance(one, Picture))
        ]
        budget, most = self.look.budget, max(tokens, default=0) // 2 * self.config.factor**2
        if self.look.is_halved or not budget.min_pixels <= most:
            return self
        return Processor(self.config, replace(self.look, budget=replace(budget, max_pixels=most), is_halved=True))

    def grid(self, seen: Picture | Video) -> tuple[int, int, int]:
        """The grid of `patches`, without cutting anything up. Raises as that does."""
        if isinstance(seen, Picture):
            frames, size = 1, self.resized(size_of(seen.pixels, "a picture"))
        else:
            frames, size = len(seen.frames), self._frame_size(seen)
        side = self.config.patch_size
        return ceil(frames / self.config.temporal_patch_size), size.height // side, size.width // side

    def patches(self, seen: Picture | Video) -> Patches:
        """The patches of a still or a video. An odd number of frames is made even with the last one.

        Raises UsageError for pixels that are no picture, for one of 0 pixels and for one that is too thin.
        """
        if isinstance(seen, Picture):
            frames = resize_still(seen.pixels, self.look.budget, factor=self.config.factor)[None]
        else:
            frames = self._frames(seen)
        return Patches(values=cut(frames, self.config), grid=self.grid(seen))

    def _frame_size(self, video: Video) -> Size:
        if video.frames.ndim != 4 or not len(video.frames):
            raise UsageError(f"a video is (frames, height, width, 3) uint8 RGB, got {video.frames.shape}")
        size, budget = size_of(video.frames[0], "a video frame"), frame_budget(len(video.frames))
        return budget.resized(size, factor=self.config.factor)

    def _frames(self, video: Video) -> Pixels:
        size = self._frame_size(video)
        frames = [resize(frame, size) for frame in video.frames]
        frames += frames[-1:] * (-len(frames) % self.config.temporal_patch_size)
        return np.stack(frames)


def cut(frames: Pixels, config: VisionConfig) -> NDArray[np.uint8]:
    """Frames cut into patches in merge-block order: pair, block row, block column, row in block, column in block.

    Dimensions: frames (n, height, width, 3), sides multiples of 28, n = 1 for a still or even; returns
    (pairs * patches, 588 or 1176), each row in the order channel, frame, y, x.
    """
    n, height, width, channels = frames.shape
    depth = min(n, config.temporal_patch_size)
    side, merge = config.patch_size, config.spatial_merge_size
    blocks = frames.reshape(
        n // depth, depth, height // config.factor, merge, side, width // config.factor, merge, side, channels
    )
    return blocks.transpose(0, 2, 5, 3, 6, 8, 1, 4, 7).reshape(-1, channels * depth * side * side)


def digest(seen: Picture | Video) -> str:
    """A name for these pixels: equal exactly when kind, shape and pixels are."""
    if isinstance(seen, Picture):
        return seen.frame or frame_of(seen.pixels)
    found = hashlib.sha256(f"video {seen.frames.shape}".encode())
    found.update(np.ascontiguousarray(seen.frames).data)
    return found.hexdigest()


def read_look(folder: Path) -> Look:
    """How a checkpoint wants its pictures, from preprocessor_config.json in each form that is found.

    The budget may stand at the top or in `size`, as shortest and longest edge or as min and max pixels; the top
    counts first. Without a file the values of Qwen2-VL hold.
    """
    found = read_object(folder / "preprocessor_config.json")
    if found is None:
        found = _part(read_object(folder / "processor_config.json") or {}, "image_processor")
    size = _part(found, "size")
    default = Budget()
    least = _first(found, size, "min_pixels", "shortest_edge") or default.min_pixels
    most = _first(found, size, "max_pixels", "longest_edge") or default.max_pixels
    if least > most:
        raise ModelUnavailable(f"{folder} asks for at least {least} and at most {most} pixels, which cannot be")
    return Look(
        budget=Budget(min_pixels=least, max_pixels=most),
        mean=_channels(found, "image_mean", CLIP_MEAN),
        std=_deviations(folder, found),
    )


def _deviations(folder: Path, found: Mapping[str, Any]) -> tuple[float, ...]:
    std = _channels(found, "image_std", CLIP_STD)
    if min(std) <= 0:
        raise ModelUnavailable(f"{folder} asks for image_std {list(std)}, and pixels cannot be divided by that")
    return std


def size_of(pixels: Pixels, what: str) -> Size:
    """The size of a picture. Raises UsageError for pixels that are none, naming `what` they should be."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise UsageError(f"{what} is (height, width, 3) uint8 RGB, got {pixels.dtype} {pixels.shape}")
    if 0 in pixels.shape:
        raise UsageError(f"{what} needs at least one pixel, got {pixels.shape[1]} x {pixels.shape[0]}")
    return Size(pixels.shape[1], pixels.shape[0])


def _part(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = found.get(name)
    return cast(Mapping[str, Any], part) if isinstance(part, dict) else {}


def _first(found: Mapping[str, Any], size: Mapping[str, Any], name: str, edge: str) -> int | None:
    for value in (found.get(name), size.get(edge), size.get(name)):
        if isinstance(value, int | float) and value > 0:
            return int(value)
    return None


def _channels(found: Mapping[str, Any], name: str, default: tuple[float, ...]) -> tuple[float, ...]:
    match found.get(name):
        case [float() | int() as red, float() | int() as green, float() | int() as blue]:
            return float(red), float(green), float(blue)
        case _:
            return default
