"""A step file as it was read."""

from dataclasses import dataclass, field
from pathlib import Path

from .step import Step
from .words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where each test begins: at a URL, with a command on a desktop, or on the demo site with a seed.

    `viewport` is in CSS pixels; on a desktop it is the size of the virtual display.
    """

    url: Words | None = None
    desktop: tuple[Words, ...] = ()
    demo: int | None = None
    viewport: str = ""
    scale: float = 1.0
    mobile: bool = False
    locale: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one test may use, None where there is no limit."""

    seconds: float | None = None
    tokens: int | None = None
    steps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTest:
    """One test, or as many as it has rows: then the name says with their variables which is which."""

    name: Words
    line: int
    tags: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    rows: tuple[dict[str, Words], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFile:
    """All of a file. A variable without a value has to be given on the command line."""

    path: Path
    name: str
    start: Start
    tests: tuple[StepTest, ...]
    variables: dict[str, Words | None] = field(default_factory=dict[str, Words | None])
    lines: dict[str, int] = field(default_factory=dict[str, int])
    """Where each variable stands."""
    budget: Limits = Limits()
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
