"""A run as a film: each picture with what was meant on it, then what it led to."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from PIL import Image

from ...errors import UsageError
from ...screen import Screenshot, draw_overlay
from ...tools import Drag, points_of
from ..record.folder import RunFolder
from ..record.trace import Decided, Sight, Trajectory
from ..words import in_words, visible

FILMS = (".gif", ".webp", ".mp4")
WIDTH_PX = 960
SHOWN_S = 1.4
LAST_S = 3.0
_MAX_LABEL_CHARS = 90


def write_film(run: Trajectory, folder: RunFolder, path: Path) -> None:
    """Write the pictures of a run, at most `WIDTH_PX` wide. Raises UsageError for none, and without PyAV."""
    pictures = list(_pictures(run, folder))
    if not pictures:
        raise UsageError(f"the pictures of the run in {folder.path} are missing")
    if path.suffix.lower() == ".mp4":
        _write_video(pictures, path)
        return
    times = [round(1000 * SHOWN_S)] * (len(pictures) - 1) + [round(1000 * LAST_S)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=times, loop=0)


def _pictures(run: Trajectory, folder: RunFolder) -> Iterator[Image.Image]:
    """Each step's picture with its actions drawn, then the screen that the last one left."""
    size: tuple[int, int] | None = None
    for step in run.steps:
        drawn = _drawn(step.saw, folder, step.decided)
        if drawn is not None:
            picture = _small(drawn, size)
            size = picture.size
            yield picture
    left = run.steps[-1].left
    last = None if left is None else _drawn(left, folder, None)
    if last is not None:
        yield _small(last, size)


def _drawn(sight: Sight, folder: RunFolder, decided: Decided | None) -> Screenshot | None:
    try:
        shot = folder.load_frame(sight.frame, scale=sight.scale)
    except UsageError:
        return None
    if decided is None:
        return shot
    actions = [action for action in decided.actions if action.kind != "finish"]
    label = ", then ".join(in_words(action) for action in actions)
    places = [points for action in actions if (points := points_of(action))]
    drag = next((action.path for action in actions if isinstance(action, Drag)), ())
    return draw_overlay(
        shot,
        boxes=decided.boxes,
        click=places[0][0] if places else None,
        path=drag,
        label=visible(label)[:_MAX_LABEL_CHARS],
    )


def _small(shot: Screenshot, size: tuple[int, int] | None) -> Image.Image:
    """At most so wide, with even sides, and as large as the pictures before it."""
    image = Image.fromarray(shot.pixels)
    if size is None:
        share = min(1.0, WIDTH_PX / image.width)
        size = (max(2, round(image.width * share) // 2 * 2), max(2, round(image.height * share) // 2 * 2))
    return image.resize(size, Image.Resampling.LANCZOS)


def _write_video(pictures: list[Image.Image], path: Path) -> None:
    try:
        import av  # 30 MB of libraries, for this only
    except ModuleNotFoundError:
        raise UsageError("a film as .mp4 needs PyAV: pip install 'clickwright[video]', or write a .gif") from None
    video: Any = av  # its types are partly unknown
    with video.open(str(path), "w") as file:
        stream = file.add_stream("h264", rate=10)
        stream.width, stream.height = pictures[0].size
        stream.pix_fmt, stream.time_base = "yuv420p", Fraction(1, 10)
        for number, picture in enumerate(pictures):
            shown = video.VideoFrame.from_image(picture)
            for _ in range(round(10 * (SHOWN_S if number < len(pictures) - 1 else LAST_S))):
                file.mux(stream.encode(shown))
        file.mux(stream.encode())
