"""What is told of a suite before it is opened."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..record import Average
from ..suite import Choice, Clocks, DataSuite, OnlineSuite


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One suite. `oracle` says what proves its tasks; empty where it has none."""

    title: str
    metric: str
    open: Callable[[Choice], OnlineSuite | DataSuite]
    oracle: str = ""
    needs: str = ""
    """What must be there first, and the command that brings it."""
    average: Average = "attempts"
    """With which its results are published."""
    is_online: bool = False
    clocks: Clocks = field(default_factory=Clocks)
    is_shared: bool = False
    """Whether episodes act on sites that all of them share, so that only one may run at a time."""
