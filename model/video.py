"""Video files to frames: two a second, an even number, as Qwen2-VL was trained to see them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from ..errors import UsageError
from ..screen import Pixels, Size, read_image
from .conversation import Video
from .processor import frame_budget

FRAMES_PER_SECOND = 2.0
MIN_FRAMES, MAX_FRAMES = 4, 768
SUFFIXES = frozenset({".avi", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv"})
"""By which the name of a file says that it is a video."""


def frame_count(total: int, video_fps: float, fps: float = FRAMES_PER_SECOND) -> int:
    """How many of `total` frames are looked at: an even number, at least 4 where there are so many, at most 768."""
    least = min(ceil(MIN_FRAMES / 2) * 2, floor(total / 2) * 2)
    most = floor(min(MAX_FRAMES, total) / 2) * 2
    wanted = min(max(total / video_fps * fps, least), most, total)
    return max(floor(wanted / 2) * 2, min(2, total))


def read_video(
    path: Path | str, *, fps: float = FRAMES_PER_SECOND, start_s: float = 0.0, end_s: float | None = None
) -> Video:
    """The sampled frames of a video file, evenly spread from first to last, at the size at which the first is read.

    With `start_s` and `end_s`, of the part between those times. The file is decoded twice, first to count: an hour of
    frames would not fit into memory. Needs PyAV, the extra `video`. Raises UsageError for a file that is missing or
    holds no video, and for a part with no frame in it.
    """
    return _decoded(path, lambda: _sampled(path, fps, start_s, end_s))


def video_seconds(path: Path | str) -> float:
    """How long a video file is, from its head. Raises as `read_video` does."""
    return _decoded(path, lambda: _seconds(path))


def read_frames(pictures: Sequence[Path], *, rate: float, fps: float = FRAMES_PER_SECOND) -> Video:
    """A video that lies there as one picture for each frame, `rate` a second; sampled likewise.

    Raises UsageError for no pictures, and as `read_image` does.
    """
    if not pictures:
        raise UsageError("a video has at least one frame")
    chosen = _spread(range(len(pictures)), frame_count(len(pictures), rate, fps))
    return _video([Image.fromarray(read_image(pictures[number]).pixels) for number in chosen], len(chosen))


T = TypeVar("T")


def _decoded(path: Path | str, read: Callable[[], T]) -> T:
    try:
        from av.error import FFmpegError
    except ImportError:
        raise UsageError('videos need PyAV: pip install "clickwright[video]"') from None
    try:
        return read()
    except (FFmpegError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a video: {error.strerror or error}") from None


def _sampled(path: Path | str, fps: float, start_s: float, end_s: float | None) -> Video:
    rate, times = _times(path)
    if not times:
        raise UsageError(f"{path} holds no frames")
    numbers = [n for n, time_s in enumerate(times) if start_s <= time_s and (end_s is None or time_s <= end_s)]
    if not numbers:
        raise UsageError(f"{path} holds no frames between {start_s:g} and {end_s or times[-1]:g} seconds")
    chosen = _spread(numbers, frame_count(len(numbers), rate, fps))
    return _video(_images(path, chosen), len(chosen))


def _times(path: Path | str) -> tuple[float, list[float]]:
    """Frames a second, and the seconds at which each is shown."""
    import av

    with av.open(str(path)) as container:
        if not container.streams.video:
            raise UsageError(f"{path} holds no video")
        rate = float(container.streams.video[0].average_rate or Fraction(25))
        frames = enumerate(container.decode(video=0))
        return rate, [n / rate if frame.pts is None else frame.time for n, frame in frames]


def _images(path: Path | str, chosen: Sequence[int]) -> Iterator[Image.Image]:
    import av

    wanted = frozenset(chosen)
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in wanted:
                yield Image.fromarray(frame.to_ndarray(format="rgb24"))
            if number >= chosen[-1]:
                return


def _seconds(path: Path | str) -> float:
    import av

    with av.open(str(path)) as container:
        if not container.streams.video:
            raise UsageError(f"{path} holds no video")
        if container.duration is not None:
            return container.duration / 1_000_000  # FFmpeg's AV_TIME_BASE
    return _times(path)[1][-1]


def _spread(numbers: Sequence[int], count: int) -> list[int]:
    return [numbers[place] for place in np.linspace(0, len(numbers) - 1, count).round().astype(int).tolist()]


def _video(images: Iterable[Image.Image], count: int) -> Video:
    """All at the size of the first: a film may change its size on the way."""
    budget, frames, size = frame_budget(count), list[Pixels](), None
    for image in images:
        size = size or budget.resized(Size(*image.size))
        resized = image.resize((size.width, size.height), Image.Resampling.BICUBIC)
        frames.append(np.asarray(resized, np.uint8))
    return Video(frames=np.stack(frames))
