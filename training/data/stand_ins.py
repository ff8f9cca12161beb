"""Pictures by their numbers, as long as it is not yet known which of them a lesson shows.

A prompt is made of the size of a picture and of which it is, and only a model looks at its pixels: a trajectory of a
hundred steps need not be in memory to tell what each of them is told.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

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


def with_pictures(lesson: Lesson, load: Callable[[int], Pixels]) -> Lesson:
    """The lesson with the pictures themselves, each loaded once by its number."""
    loaded: dict[int, Pixels] = {}

    def pixels(stand_in: Pixels) -> Pixels:
        number = _number(stand_in)
        if number not in loaded:
            loaded[number] = load(number)
        return loaded[number]

    def shown(part: Part) -> Part:
        match part:
            case Picture():
                return Picture(pixels(part.pixels))
            case Video():
                return Video(np.stack([pixels(frame) for frame in part.frames]))
            case _:
                return part

    messages = tuple(Message(one.role, tuple(shown(part) for part in one.parts)) for one in lesson.messages)
    return replace(lesson, messages=messages)


def _pixel(number: int) -> Pixels:
    digits = (number // _BASE**2, number // _BASE % _BASE, number % _BASE)
    return np.array([[digits]], np.uint8)


def _number(pixels: Pixels) -> int:
    high, middle, low = (int(value) for value in pixels[0, 0])
    return (high * _BASE + middle) * _BASE + low
