"""The blind control: the same policy, shown only grey. What it still passes, it passes without seeing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..policies import Decision, Policy, Turn
from ..screen import Observation, Screenshot
from ..tools import Task

GREY = 128


class BlindPolicy:
    """Another policy behind grey glass."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy

    def reset(self, task: Task) -> None:
        self._policy.reset(task)

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        past = [replace(turn, observation=_greyed(turn.observation)) for turn in history]
        decision = self._policy.act(_greyed(observation), past)
        return replace(decision, frame=observation.screenshot.frame)


def _greyed(observation: Observation) -> Observation:
    shot = observation.screenshot
    grey = Screenshot(pixels=np.full_like(shot.pixels, GREY), scale=shot.scale, taken_s=shot.taken_s)
    return replace(observation, screenshot=grey, elements=None if observation.elements is None else ())
