"""The steps of a step file, as they are read. Each knows the line it stands on."""

from dataclasses import dataclass
from typing import Literal

from .words import Words

Kind = Literal["text", "integer", "decimal", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point(_Step):
    """One gesture on a thing. A `selector` is tried first, where there is one."""

    does: Literal["tap", "double_tap", "long_press", "hover"]
    what: Words
    selector: Words | None = None
    button: Literal["left", "right", "middle"] = "left"
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill(_Step):
    field: Words
    text: Words
    selector: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose(_Step):
    field: Words
    option: Words
    selector: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(_Step):
    """Files for a field; a path is from where the step file lies."""

    field: Words
    files: tuple[Words, ...]
    selector: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drag(_Step):
    what: Words
    to: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrollTo(_Step):
    """Of the page, or of a pane of it."""

    what: Words
    inside: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press(_Step):
    """Keys together, by the names that the actions have for them."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(_Step):
    """A step that is one sentence."""

    does: Literal["do", "check", "locate", "switch_tab"]
    what: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(_Step):
    claim: Words
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Get(_Step):
    """What stands on the screen becomes a variable."""

    what: Words
    kind: Kind
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Goto(_Step):
    """Another page: a whole address, or one that begins at the page where the test started."""

    url: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LookLike(_Step):
    """The screen, or an area of it, but for some things on it, as the baseline of this name."""

    name: str
    area: Words | None = None
    without: tuple[Words, ...] = ()
    tolerance: float = 0.0


Step = Point | Fill | Choose | Upload | Drag | ScrollTo | Press | Say | WaitFor | Get | Goto | LookLike
