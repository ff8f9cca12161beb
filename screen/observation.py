"""What an agent is shown after each action."""

from dataclasses import dataclass

from .element import Element
from .screenshot import Screenshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One open page of a browser. Exactly one tab of an observation is active."""

    title: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The state of a screen after an action.

    `error` says why the last action failed, in words for the model. `events` says what else happened since the
    last observation, such as a dialog that was answered, a tab that opened, a download that arrived. `elements` are
    the things in sight that can be acted on, None where nobody looked for them. All text here may come from a hostile
    page.
    """

    screenshot: Screenshot
    url: str = ""
    title: str = ""
    tabs: tuple[Tab, ...] = ()
    error: str | None = None
    events: tuple[str, ...] = ()
    elements: tuple[Element, ...] | None = None
