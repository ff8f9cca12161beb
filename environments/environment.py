"""The contract of every place where actions happen. `contract.py` checks that an environment keeps it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from ..screen import Box, Observation, Point
from ..tools import Action, Task

Screen = Literal["", "browser", "desktop", "phone"]
"""What kind of screen keys and points go to; empty where that is not known."""


SAYS_ELSE = "it says or does something else than in the picture"
COUNTS_ELSE = "its numbers are others than in the picture"
"""Of `Facts.changed`: what a thing says; where its digits alone are others, as those of a clock or a counter are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands at the place of an action right now, read from the page or the window, never from the model.

    `role` and `name` are the accessible ones; all fields are empty where the environment cannot know.
    """

    point: Point | None = None
    role: str = ""
    name: str = ""
    url: str = ""
    """Of the page, or of the frame that the thing is in."""
    href: str = ""
    input_type: str = ""
    hides_text: bool = False
    """Whether dots are drawn in the place of its text, by the style of the page alone."""
    screen: Screen = ""
    origin: str = ""
    """The origin that the browser gives the frame; empty for one of its own, such as that of a sandbox."""
    form: str = ""
    """Where the form of the thing is sent to."""
    method: str = ""
    sent_by: str = ""
    """What the button says that sends the form, which Enter in a field of it presses."""
    submits: bool = False
    """Whether the thing is a button that sends its form."""
    downloads: bool = False
    """Whether the thing is a link that asks for a download."""
    visible: bool | None = None
    """Whether a person would see the field that is typed into; None where that is not known."""
    window: str = ""
    """The title of the window, on a desktop."""
    program: str = ""
    dialog: str = ""
    """What sort of dialog of a page it is that would be agreed to: "confirm" or "prompt"; empty for all else."""
    changed: str = ""
    """What is another thing than in the last observation, in words; empty where it is the same, or nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a connection is to go. `host` is as browsers write it (WHATWG), IPv6 without brackets.

    `addresses` are those of the host, empty before it was looked up.
    """

    host: str
    port: int
    addresses: tuple[str, ...] = ()


Judge = Callable[[Destination], str]
"""Why nothing may go there, in one sentence; empty where it may. Asked before a name is looked up, and after."""


class Environment(Protocol):
    """A screen that can be acted on. All coordinates are pixels of the last screenshot.

    Every method keeps its own deadline: it returns, or raises EnvironmentLost, within `deadline_s` of the
    environment. `step` never raises for an action that the screen refused: the next observation carries the
    reason in `error`.
    """

    async def reset(self, task: Task) -> Observation:
        """Go to where the task starts and show it. May be called again for the next task."""
        ...

    async def observe(self) -> Observation:
        """The screen now, without acting."""
        ...

    async def step(self, action: Action) -> Observation:
        """Do one action, let the screen settle, and show it. Raises EnvironmentLost when the screen is gone."""
        ...

    async def facts(self, action: Action) -> Facts:
        """What the action would touch if it were done now."""
        ...

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        """Where the screen shows what must not be stored or sent, such as password fields."""
        ...

    async def close(self) -> None:
        """Give everything back. Harmless when called twice, or when the screen is already gone."""
        ...


@runtime_checkable
class Confines(Protocol):
    """An environment that can keep all connections of its screen to what a judge allows."""

    @property
    def start_url(self) -> str:
        """Where a task begins that has no URL of its own."""
        ...

    def confine(self, judge: Judge) -> None:
        """From the next reset on, connect to nothing else. Raises UsageError where that cannot be promised."""
        ...


@runtime_checkable
class Traces(Protocol):
    """An environment that may keep a trace of its own, with everything that its screen was given: secrets as well."""

    @property
    def keeps_trace(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLimits:
    """How many files may be kept, how large, and which: `judge` says why one of this name is not, else nothing.

    None leaves a limit as it is.
    """

    most: int | None = None
    most_bytes: int | None = None
    judge: Callable[[str], str] | None = None


@runtime_checkable
class LimitsDownloads(Protocol):
    """An environment that keeps files that arrive, and can be told how many, how large and which."""

    def limit_downloads(self, limits: DownloadLimits) -> None:
        """From the next reset on, keep no others. No limit is widened."""
        ...


DialogJudge = Callable[[Facts], Awaitable[str]]
"""Why what a page asks is not agreed to, in one sentence; empty where it is. The page stands still meanwhile."""


@runtime_checkable
class JudgesDialogs(Protocol):
    """An environment whose pages may ask things, and which can leave the answer to somebody else."""

    def judge_dialogs(self, judge: DialogJudge | None) -> None:
        """From now on, agree to no dialog that the judge does not agree to. No answer of the environment is widened.

        None takes the judge off: the environment answers as if it had never had one.
        """
        ...


@runtime_checkable
class Recovers(Protocol):
    """An environment that can go on where its screen was last seen, after EnvironmentLost."""

    async def recover(self) -> Observation:
        """Bring the lost screen back to where it was last seen, without doing any action again.

        Harmless where nothing was lost. What is shown instead, where that place is gone, carries the reason in
        `error`. Raises EnvironmentLost when there is no bringing back, or nothing was seen since the last reset.
        """
        ...


@runtime_checkable
class Conceals(Protocol):
    """An environment whose fields for secrets can be made to show, such as by the page's own button."""

    async def conceal(self) -> tuple[Box, ...]:
        """Where such a field shows what it holds. From now on nothing is copied or dragged out of one."""
        ...


@runtime_checkable
class EntersSecrets(Protocol):
    """An environment that puts a secret into the very field that was judged, whatever has the focus a moment later."""

    def take_secrets(self, values: Mapping[str, str]) -> None:
        """The values by name, for typing a secret by its name; in place of those that it had, in memory only."""
        ...


@runtime_checkable
class TellsMore(Protocol):
    """An environment whose observations tell what it is told to: `elements`, `labels` and `sensitive`."""

    tells: dict[str, bool]


@runtime_checkable
class ActsBlindly(Protocol):
    """An environment that can act without showing what came of it, for those who look when they need to."""

    async def act(self, action: Action) -> str | None:
        """Do one action; why the screen did not take it, None where it did. Raises EnvironmentLost as `step` does."""
        ...
