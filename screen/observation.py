"""What an agent is shown after each action."""

from dataclasses import dataclass
from typing import Literal

from .element import Element
from .geometry import Box
from .label import Label
from .screenshot import Screenshot

Effect = Literal["nothing", "changed", "navigated", "new_tab", "closed_tab"]
"""What an action did, as far as the screen shows it: the picture is the same or another, or another page is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One open page of a browser. Exactly one tab of an observation is active."""

    title: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One window of a desktop. `box` is where it lies in the screenshot, and may reach beyond it."""

    title: str
    app: str
    box: Box
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The state of a screen after an action.

    `error` says why the last action failed, in words for the model. `effect` is what it did, None where none was
    done or the environment cannot tell. `events` says what else happened since the last observation, such as a
    dialog that was answered, a tab that opened, a download that arrived. `elements` are the things in sight that
    can be acted on and `labels` the texts in sight, in the order of the page, and `sensitive` the fields for
    passwords and the like; each None where nobody looked for them. `focus` is what keys go to, and may lie off the
    screen. `page` is where the whole page lies, in pixels of the screenshot: above 0 where it is scrolled down.
    `windows` are those of a desktop, the front one first. All text here may come from a hostile page.
    """

    screenshot: Screenshot
    url: str = ""
    title: str = ""
    tabs: tuple[Tab, ...] = ()
    error: str | None = None
    events: tuple[str, ...] = ()
    elements: tuple[Element, ...] | None = None
    labels: tuple[Label, ...] | None = None
    sensitive: tuple[Box, ...] | None = None
    effect: Effect | None = None
    focus: Element | None = None
    page: Box | None = None
    windows: tuple[Window, ...] = ()
