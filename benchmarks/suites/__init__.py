"""The suites, by name. Each is imported when it is opened."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeGuard

from ...errors import UsageError
from ..suite import Choice, DataSuite, OnlineSuite
from .known import Known


def _miniwob(choice: Choice) -> OnlineSuite:
    from .miniwob import MiniWob

    return MiniWob(choice)


SUITES: Mapping[str, Known] = {
    "miniwob": Known(
        title="MiniWoB++",
        metric="success rate",
        open=_miniwob,
        oracle="a rule or a search for 118 of 130 tasks",
        needs="pip install 'clickwright[miniwob]'",
        is_online=True,
    ),
}


def known(name: str) -> Known:
    """What there is to know of a suite. Raises UsageError for a name that there is not, with those that come close."""
    if name in SUITES:
        return SUITES[name]
    close = get_close_matches(name, SUITES, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(SUITES)}"
    raise UsageError(f"there is no suite {name!r}; {hint}")


def open_suite(name: str, choice: Choice) -> OnlineSuite | DataSuite:
    """The part of a suite that is chosen. Raises UsageError for what it does not have."""
    return known(name).open(choice)


def is_online(suite: OnlineSuite | DataSuite) -> TypeGuard[OnlineSuite]:
    """Whether it has episodes on a stage."""
    return hasattr(suite, "stage")


def open_online(name: str, choice: Choice) -> OnlineSuite:
    """The same for one with episodes. Raises UsageError for one that has none."""
    suite = open_suite(name, choice)
    if not is_online(suite):
        raise UsageError(f"{name} has samples and no episodes")
    return suite
