"""What is held out, examined: how surprising its answers are, and whether the pictures have a part in that."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from ...model.conversation import Part, Picture, Video
from ..lesson import Lesson
from .examples import Example
from .learner import Learner, mean_loss
from .packing import Batch, pack
from .plan import filled
from .survey import Survey

GREY = 128
"""Of every pixel, where nothing is to be seen: that of the blind control of policies."""


def held_out_losses(
    learner: Learner,
    lessons: Sequence[Lesson],
    known: Survey,
    read: Callable[[Lesson], Example],
    batch_tokens: int,
) -> dict[str, float]:
    """`held_out_loss`, the mean over all learned tokens; where pictures are shown, `held_out_loss_grey` beside it.

    That is the loss on the same lessons with grey in the place of every picture: a checkpoint for which both are about
    equal answers without looking. `known` is what was surveyed of the lessons.
    """
    own = grey = total = 0.0
    shows = False
    for numbers in filled(known.lessons, batch_tokens, Random(0)):
        row = [lessons[n] for n in numbers]
        batch = pack([read(lesson) for lesson in row])
        loss = _loss(learner, batch)
        blind = _loss(learner, pack([read(greyed(lesson)) for lesson in row])) if batch.places else loss
        own, grey, total, shows = own + loss, grey + blind, total + batch.total, shows or bool(batch.places)
    figures = {"held_out_loss": own / total}
    return figures | ({"held_out_loss_grey": grey / total} if shows else {})


def greyed(lesson: Lesson) -> Lesson:
    """The same with grey pictures of the same sizes, which have names of their own wherever features are kept."""
    messages = (replace(message, parts=tuple(map(_greyed, message.parts))) for message in lesson.messages)
    return replace(lesson, messages=tuple(messages))


def _greyed(part: Part) -> Part:
    match part:
        case Picture(pixels=pixels):
            return Picture(np.full_like(pixels, GREY))
        case Video(frames=frames):
            return Video(np.full_like(frames, GREY))
        case _:
            return part


def _loss(learner: Learner, batch: Batch) -> float:
    """The sum over the learned tokens of a row, by their weights."""
    return float(mean_loss(learner(batch), batch, 1.0))
