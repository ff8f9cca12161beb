"""The suites, by name. Each is imported when it is opened."""

from collections.abc import Mapping
from difflib import get_close_matches

from ...errors import UsageError
from ..suite import Choice, DataSuite, OnlineSuite
from . import asking, browsergym, clickwright20, grounding, offline, osworld
from .known import Known

__all__ = ["ROOMS", "SUITES", "Known", "known", "open_online", "open_suite"]


def _miniwob(choice: Choice) -> OnlineSuite:
    from .miniwob import MiniWob

    return MiniWob(choice)


def _rehearsal(choice: Choice) -> OnlineSuite:
    from .rehearsal import Rehearsal

    return Rehearsal(choice)


ROOMS: Mapping[str, Mapping[str, Known]] = {
    "episodes, played by the agent": {
        "miniwob": Known(
            title="MiniWoB++",
            metric="success rate",
            open=_miniwob,
            oracle="a rule or a search for 119 of 130 tasks",
            needs="pip install 'clickwright[miniwob]'",
            is_online=True,
        ),
        **clickwright20.SUITES,
        **browsergym.SUITES,
        **osworld.SUITES,
        "rehearsal": Known(
            title="Rehearsal of the runner",
            metric="success rate",
            open=_rehearsal,
            oracle="the name in the goal",
            is_online=True,
        ),
    },
    "pointing at what is described": grounding.SUITES,
    "recorded steps: what comes next": offline.SUITES,
    "questions": asking.SUITES,
}
"""What kind of suites there are."""

SUITES: Mapping[str, Known] = {name: known for room in ROOMS.values() for name, known in room.items()}


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


def open_online(name: str, choice: Choice) -> OnlineSuite:
    """The same for one with episodes. Raises UsageError for one that has none."""
    suite = open_suite(name, choice)
    if not isinstance(suite, OnlineSuite):
        raise UsageError(f"{name} has samples and no episodes")
    return suite
