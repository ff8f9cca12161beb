"""In which tab of a run something was done: `page` in a test is the one that it begins in, and no other."""

from collections.abc import Sequence

from ...agent.record.trace import TabSeen
from ...screen import Tab
from ...tools import Action, CloseTab, NewTab, SwitchTab

NOWHERE, ELSEWHERE = -2, -1
"""Where a tab is that was closed, and one whose place is told by the next look only."""


class Tabs:
    """The tab that a test begins in, and the one in front, by their places among those of the run."""

    def __init__(self, first: Sequence[TabSeen]) -> None:
        self._home = self._here = _front(first)
        self._tabs: tuple[Tab, ...] = ()

    @property
    def is_home(self) -> bool:
        return self._here == self._home

    def is_same(self, tabs: Sequence[TabSeen]) -> bool:
        """Whether the tab in front is still the one of the look before."""
        return _front(tabs) == self._here

    def see(self, tabs: Sequence[TabSeen]) -> None:
        self._here = _front(tabs)
        self._tabs = tuple(Tab(title=one.title, url=one.url, active=one.active) for one in tabs)

    def follow(self, action: Action) -> None:
        """What an action does to the tabs, until they are seen again."""
        match action:
            case SwitchTab(index=index):
                self._here = index
            case NewTab():
                self._here = ELSEWHERE
            case CloseTab(index=index):
                self._close(self._here if index is None else index)
            case _:
                pass

    def one_of(self, index: int) -> tuple[Tab, list[Tab]] | None:
        """A tab, and all the others; None where it was not seen."""
        if index >= len(self._tabs):
            return None
        return self._tabs[index], [one for n, one in enumerate(self._tabs) if n != index]

    def _close(self, index: int) -> None:
        self._here = ELSEWHERE if index == self._here else self._here - (index < self._here)
        self._home = NOWHERE if index == self._home else self._home - (index < self._home)


def _front(tabs: Sequence[TabSeen]) -> int:
    """The first, where the run tells of none."""
    return next((n for n, tab in enumerate(tabs) if tab.active), 0)
