"""Videos in formats: a file, or the pictures of its frames in order."""

from collections.abc import Sequence
from itertools import pairwise

from ....errors import UsageError
from ....model.video import FRAMES_PER_SECOND, read_video
from ....screen import Screenshot
from ..record import Film, FrameAt, PictureFile
from .format import Source

Frames = str | tuple[str, ...]
"""The path of a video, or those of its frames."""


def film_of(
    source: Source, video: Frames, place: str, *, first: int = 0, fps: float = FRAMES_PER_SECOND
) -> tuple[Film, list[PictureFile]]:
    """A video and its frames, whose pictures are counted from `first`; frames that lie apart are `fps` a second.

    A file is sampled as a model reads it. Raises UsageError, with the place, for what cannot be read.
    """
    if isinstance(video, str):
        pictures = _sampled(source, video, place)
        fps = FRAMES_PER_SECOND
    else:
        pictures = [source.picture(name, place) for name in video]
    if not pictures:
        raise UsageError(f"{place}: a video has at least one frame")
    frames = tuple(FrameAt(picture=first + n, at_s=n / fps) for n in range(len(pictures)))
    return Film(frames=frames), pictures


def frames_per_second(film: Film) -> float:
    """How fast the frames of a video follow each other. Raises UsageError where that changes, or it does not begin
    at 0."""
    steps = [round(after.at_s - before.at_s, 6) for before, after in pairwise(film.frames)] or [1 / FRAMES_PER_SECOND]
    if film.frames[0].at_s or min(steps) <= 0 or max(steps) - min(steps) > 1e-4:
        raise UsageError("the format holds frames that follow each other evenly, from 0 seconds on")
    return 1 / steps[0]


def in_order(films: Sequence[Film]) -> bool:
    """Whether the frames of videos are the pictures of a record in their order."""
    numbers = [frame.picture for film in films for frame in film.frames]
    return numbers == list(range(len(numbers)))


def _sampled(source: Source, video: str, place: str) -> list[PictureFile]:
    try:
        path = source.shelf.file(video, ".", "videos")
        return [source.into.keep(Screenshot(pixels=frame)) for frame in read_video(path).frames]
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from None
