"""Video files to frames: two a second, an even number, as Qwen2-VL was trained to see them."""

from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import numpy as np

from ..errors import UsageError
from .conversation import Video

FRAMES_PER_SECOND = 2.0
MIN_FRAMES, MAX_FRAMES = 4, 768


def frame_count(total: int, video_fps: float, fps: float = FRAMES_PER_SECOND) -> int:
    """How many of `total` frames are looked at: an even number, at least 4 where there are so many, at most 768."""
    least = min(ceil(MIN_FRAMES / 2) * 2, floor(total / 2) * 2)
    most = floor(min(MAX_FRAMES, total) / 2) * 2
    wanted = min(max(total / video_fps * fps, least), most, total)
    return max(floor(wanted / 2) * 2, min(2, total))


def read_video(path: Path | str, *, fps: float = FRAMES_PER_SECOND) -> Video:
    """The sampled frames of a video file, evenly spread from first to last.

    Needs PyAV, the extra `video`. Raises UsageError for a file that is missing or holds no video.
    """
    try:
        import av
        from av.error import FFmpegError
    except ImportError:
        raise UsageError('videos need PyAV: pip install "clickwright[video]"') from None
    try:
        with av.open(str(path)) as container:
            streams = container.streams.video
            if not streams:
                raise UsageError(f"{path} holds no video")
            rate = float(streams[0].average_rate or Fraction(25))
            frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(streams[0])]
    except (FFmpegError, OSError) as error:
        reason = error.strerror or str(error)
        raise UsageError(f"{path} cannot be read as a video: {reason}") from None
    if not frames:
        raise UsageError(f"{path} holds no frames")
    count = frame_count(len(frames), rate, fps)
    chosen = np.linspace(0, len(frames) - 1, count).round().astype(int)
    return Video(frames=np.stack([frames[int(index)] for index in chosen]).astype(np.uint8))
