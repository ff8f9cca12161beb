"""What is recorded of a test: its steps, and how the things looked that they were about."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ...screen.screenshot import MAX_SIDE_PX
from ...tools import Action

FORMAT = 1
Verb = Literal[
    "tap",
    "double_tap",
    "long_press",
    "hover",
    "fill",
    "choose",
    "upload",
    "drag",
    "drag_to",
    "press",
    "scroll_to",
    "inside",
    "switch_tab",
    "do",
    "wait_for",
    "check",
    "get",
    "locate",
    "to_look_like",
]
"""The words of `Ui`. `drag_to` is the place where a drag ends, `inside` the pane that is scrolled."""
UNRECORDED: frozenset[Verb] = frozenset({"press", "switch_tab"})
"""Those that look for no thing."""


_PNG = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.png$"


Key = tuple[Verb, str, int]
"""By what a step is known: its verb, its words, and which of several alike it is."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class RecordedLabel(_Part):
    """A text near a thing, and its box: x1, y1, x2, y2 in pixels of the screenshot, as everywhere in this file."""

    text: str
    box: tuple[float, float, float, float]


class RecordedElement(_Part):
    """The page's own word on a thing."""

    role: str = ""
    name: str = ""
    value: str = ""
    states: tuple[str, ...] = ()


class RecordedTarget(_Part):
    """A thing that a step was about. `picture` is a PNG in the folder beside the recording, and `around` a wider one,
    where nothing but what surrounds it says which of several alike it is.

    `text` can be read in it; the first `own` of the `anchors` stand in its own row or card; `alike` were called so.
    """

    picture: str = Field(pattern=_PNG)
    box: tuple[float, float, float, float]
    point: tuple[float, float]
    element: RecordedElement | None = None
    text: str = ""
    is_whole: bool = True
    alike: int = Field(default=1, ge=1)
    own: int = Field(default=0, ge=0)
    anchors: tuple[RecordedLabel, ...] = Field(default=(), max_length=100)
    around: str | None = Field(default=None, pattern=_PNG)

    @model_validator(mode="after")
    def _points_at_itself(self) -> "RecordedTarget":
        (x1, y1, x2, y2), (x, y) = self.box, self.point
        if not (x1 <= x <= x2 and y1 <= y <= y2):
            raise ValueError("the point of a thing lies in its box")
        return self


class RecordedAct(_Part):
    """One action of a `do`, whose first place is that of the target, where it has one."""

    action: Action
    target: RecordedTarget | None = None


class RecordedStep(_Part):
    """One call of the test. `nth` counts those of the same verb and words, from 1; `page` is the path of the page.

    `frame` is the sha256 of the screenshot that it was done on. `shows` is the text that a claim or a question was
    about, which the target must show again, or the screen anywhere where there is no target; None where the page tells
    no text: then its picture counts.
    """

    does: Verb
    words: str
    nth: int = Field(default=1, ge=1)
    frame: str = Field(pattern="^[0-9a-f]{64}$")
    page: str = ""
    target: RecordedTarget | None = None
    shows: str | None = None
    acts: tuple[RecordedAct, ...] = Field(default=(), max_length=1000)

    @property
    def key(self) -> Key:
        return self.does, self.words, self.nth

    @field_validator("page")
    @classmethod
    def _path(cls, url: str) -> str:
        """Hosts and ports change from run to run, and what follows a question mark may be secret."""
        address = url.partition("?")[0].partition("#")[0]
        return "/" + address.partition("://")[2].partition("/")[2] if "://" in address else address


class RecordedOn(_Part):
    """Where a test was recorded, and by which model. Without width and height where no thing was looked for."""

    clickwright: str
    model: str
    platform: str
    width: int = Field(default=0, ge=0, le=MAX_SIDE_PX)
    height: int = Field(default=0, ge=0, le=MAX_SIDE_PX)
    scale: float = Field(gt=0, le=16)


class Recording(_Part):
    """All of one test, in the order of its calls."""

    format: Literal[1] = FORMAT
    test: str
    made: RecordedOn
    steps: tuple[RecordedStep, ...] = Field(default=(), max_length=5000)
