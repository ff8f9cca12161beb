"""The proof of a suite of samples: one who knows scores 1 everywhere, one who says nothing 0."""

from collections.abc import Iterator

from ..subjects import silent
from .samples import SampleSuite


def faults(suite: SampleSuite) -> Iterator[str]:
    """A sentence for each chosen sample that is not proved: both subjects are asked about each. None for a sound suite.

    Raises UsageError as the suite does.
    """
    keys = suite.keys()
    for key in keys:
        known = suite.attempt(key, suite.sample(key.task).knower())
        if known.score != 1:
            yield f"{key}: one who knows has {known.score}, not 1: {known.reason or known.prediction}"
        unsaid = suite.attempt(key, silent())
        if unsaid.score != 0:
            yield f"{key}: one who says nothing has {unsaid.score}, not 0"
