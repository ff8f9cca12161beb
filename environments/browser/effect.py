"""What an action did, told from the tabs, the documents and the picture before and after it."""

from dataclasses import dataclass
from typing import Any

from ...screen import Effect
from ..addresses import same_page
from .loading import LoadingPage
from .tabs import OpenTabs


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How a window stood at one time. `frame` is the picture that was shown then."""

    tabs: tuple[LoadingPage, ...]
    active: LoadingPage
    documents: int
    url: str
    frame: str


def moment_of(window: OpenTabs[Any], frame: str) -> Moment:
    page = window.active
    return Moment(tabs=tuple(window.pages), active=page, documents=page.documents, url=page.page.url, frame=frame)


def effect_between(before: Moment, after: Moment) -> Effect:
    """A tab that opened tells more than one that closed, another page more than another picture.

    Another page is another document, or within the same one another path; not another place on it, another question to
    it or another title.
    """
    if any(tab not in before.tabs for tab in after.tabs):
        return "new_tab"
    if any(tab not in after.tabs for tab in before.tabs):
        return "closed_tab"
    if after.active is not before.active or after.documents != before.documents:
        return "navigated"
    if not same_page(after.url, before.url):
        return "navigated"
    return "nothing" if after.frame == before.frame else "changed"
