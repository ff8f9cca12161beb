"""Video files: which frames are looked at, and files that hold none."""

from pathlib import Path

import av
import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import read_video
from clickwright.model.video import frame_count
from hypothesis import given
from hypothesis import strategies as st


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
