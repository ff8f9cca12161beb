"""Pictures by their numbers, as long as it is not yet known which of them a lesson shows.

A prompt is made of the size of a picture and of which it is, and only a model looks at its pixels: a trajectory of a
hundred steps need not be in memory to tell what each of them is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from ...model import Message, Part, Picture, Video
from ...screen import Pixels, Screenshot
from ..lesson import Lesson
from .record import PictureFile

_BASE = 256


def stand_ins(pictures: Sequence[PictureFile]) -> list[Screenshot]:
    """A picture of one pixel for each, which says its number; the same one for the same picture."""
    made: dict[str, Screenshot] = {}
    for number, picture in enumerate(pictures):
        if picture.frame not in made:
            made[picture.frame] = Screenshot(pixels=_pixel(number))
    return [made[picture.frame] for picture in pictures]


def with_pictures(
    lesson: Lesson, load: Callable[[int], Picture], *, frames: Callable[[int], Picture] | None = None
) -> Lesson:
    """The lesson with the pictures themselves, each loaded once by its number, `frames` of videos otherwise if told."""
    stills, films = cache(load), cache(frames or load)

    def shown(part: Part) -> Part:
        match part:
            case Picture():
                return stills(_number(part.pixels))
            case Video():
                return Video(np.stack([films(_number(frame)).pixels for frame in part.frames]))
            case _:
                return part

    messages = tuple(Message(one.role, tuple(shown(part) for part in one.parts)) for one in lesson.messages)
    return replace(lesson, messages=messages)


def outlined(picture: PictureFile) -> Picture:
    """A picture of its size and its name that takes no memory, and whose pixels are nothing to look at."""
    return Picture(np.broadcast_to(np.zeros((1, 1, 1), np.uint8), (picture.height, picture.width, 3)), picture.frame)


def _pixel(number: int) -> Pixels:
    digits = (number // _BASE**2, number // _BASE % _BASE, number % _BASE)
    return np.array([[digits]], np.uint8)


def _number(pixels: Pixels) -> int:
    high, middle, low = (int(value) for value in pixels[0, 0])
    return (high * _BASE + middle) * _BASE + low
