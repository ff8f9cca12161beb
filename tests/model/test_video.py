"""Video files: which frames are looked at, and files that hold none."""

from pathlib import Path

import av
import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import read_video
from clickwright.model.video import frame_count, read_frames, video_seconds
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Three seconds at 10 frames a second, each brighter than the one before."""
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 420, 308, "yuv420p"
        for n in range(30):
            picture = np.full((308, 420, 3), 20 + 7 * n, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def test_two_frames_a_second_from_first_to_last(film):
    frames = read_video(film).frames
    assert frames.shape == (6, 308, 420, 3)
    brightness = frames.mean((1, 2, 3))
    assert (np.diff(brightness) > 20).all()
    assert brightness[0] < 30
    assert brightness[-1] > 210


@given(st.integers(1, 100_000), st.floats(1, 240))
def test_the_count_is_even_and_no_more_than_there_are(total, fps):
    count = frame_count(total, fps)
    assert 1 <= count <= min(total, 768)
    assert count % 2 == 0 or total == 1


@pytest.mark.parametrize("content", [None, b"", b"not a film" * 50])
def test_what_is_no_video_is_one_sentence(tmp_path, content):
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=r"film\.mp4") as fault:
        read_video(path)
    assert "\n" not in str(fault.value)


def test_a_part_of_a_video(film):
    frames = read_video(film, start_s=1, end_s=2).frames
    assert len(frames) == 4  # no fewer are looked at
    whole = read_video(film).frames.mean((1, 2, 3))
    part = frames.mean((1, 2, 3))
    assert whole[0] + 50 < part[0] < part[-1] < whole[-1] - 50
    with pytest.raises(UsageError, match="holds no frames between 9 and 10 seconds"):
        read_video(film, start_s=9, end_s=10)


def test_how_long_a_video_is(film, tmp_path):
    assert video_seconds(film) == pytest.approx(3, abs=0.1)
    with pytest.raises(UsageError, match=r"none\.mp4"):
        video_seconds(tmp_path / "none.mp4")


def test_a_video_that_lies_there_as_pictures(tmp_path):
    paths = [tmp_path / f"{n:03}.png" for n in range(9)]
    for n, path in enumerate(paths):
        Image.fromarray(np.full((308, 420, 3), 20 * n, np.uint8)).save(path)
    frames = read_frames(paths, rate=3).frames  # three seconds
    assert frames.shape == (6, 308, 420, 3)
    assert frames.mean((1, 2, 3)).round().tolist() == [0, 40, 60, 100, 120, 160]
    Image.new("RGB", (90, 308)).save(paths[-1])
    assert read_frames(paths, rate=3).frames.shape == frames.shape  # at the size of the first
    with pytest.raises(UsageError, match="at least one frame"):
        read_frames([], rate=3)
