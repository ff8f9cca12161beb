"""The blind control: the same policy, shown only grey. What it still passes, it passes without seeing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..screen import Observation, Screenshot
from ..tools import Task
from .policy import Decision, Policy, Turn

GREY = 128


class BlindPolicy:
    """Another policy behind grey glass."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def reset(self, task: Task) -> None:
        self._policy.reset(task)

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        past = [replace(turn, observation=greyed_observation(turn.observation)) for turn in history]
        decision = self._policy.act(greyed_observation(observation), past)
        return replace(decision, frame=observation.screenshot.frame)


def greyed(shot: Screenshot) -> Screenshot:
    """A picture of the same size with nothing to see."""
    return Screenshot(pixels=np.full_like(shot.pixels, GREY), scale=shot.scale, taken_s=shot.taken_s)


def greyed_observation(observation: Observation) -> Observation:
    """The same without a picture, and without the elements that would tell what is in it."""
    elements = None if observation.elements is None else ()
    return replace(observation, screenshot=greyed(observation.screenshot), elements=elements)
