"""Video files to frames: two a second, an even number, as Qwen2-VL was trained to see them."""

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import numpy as np
from PIL import Image

from ..errors import UsageError
from ..screen import Size
from .conversation import Video
from .processor import frame_budget, smart_resize

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


def read_video(path: Path | str, *, fps: float = FRAMES_PER_SECOND) -> Video:
    """The sampled frames of a video file, evenly spread from first to last, at the size at which they are read.

    The file is decoded twice, first to count: an hour of frames would not fit into memory. Needs PyAV, the extra
    `video`. Raises UsageError for a file that is missing or holds no video.
    """
    try:
        import av
        from av.error import FFmpegError
    except ImportError:
        raise UsageError('videos need PyAV: pip install "clickwright[video]"') from None
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise UsageError(f"{path} holds no video")
            rate = float(container.streams.video[0].average_rate or Fraction(25))
            total = sum(1 for _ in container.decode(video=0))
        if not total:
            raise UsageError(f"{path} holds no frames")
        count = frame_count(total, rate, fps)
        chosen = np.linspace(0, total - 1, count).round().astype(int).tolist()
        budget = frame_budget(count)
        with av.open(str(path)) as container:
            frames = [
                _shrunk(Image.fromarray(frame.to_ndarray(format="rgb24")), budget.min_pixels, budget.max_pixels)
                for number, frame in enumerate(container.decode(video=0))
                if number in chosen
            ]
    except (FFmpegError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a video: {error.strerror or error}") from None
    return Video(frames=np.stack(frames))


def _shrunk(image: Image.Image, min_pixels: int, max_pixels: int) -> np.ndarray:
    size = smart_resize(Size(*image.size), min_pixels=min_pixels, max_pixels=max_pixels)
    return np.asarray(image.resize((size.width, size.height), Image.Resampling.BICUBIC), np.uint8)
