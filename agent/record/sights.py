"""What a run saw, as it was seen."""

from ...screen import Observation, Screenshot, Tab
from .trace import Sight


def observation_of(sight: Sight, screenshot: Screenshot) -> Observation:
    """The observation that a sight tells of, with its picture."""
    return Observation(
        screenshot=screenshot,
        url=sight.url,
        title=sight.title,
        tabs=tuple(Tab(title=tab.title, url=tab.url, active=tab.active) for tab in sight.tabs),
        error=sight.error,
        events=sight.events,
    )
