"""Everything an agent can do, as one closed union. An illegal action cannot be built; points are screenshot pixels."""

import json
from typing import Annotated, Literal, assert_never

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, model_validator

from ..screen import Point
from .keys import Key, Modifier
from .schema import BUILT_IN_NAMES

Button = Literal["left", "right", "middle"]
MAX_TEXT_CHARS = 100_000
MAX_WAIT_S = 60.0


class _Action(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)


class Click(_Action):
    """Press and release a mouse button `count` times at a point, with modifier keys held."""

    kind: Literal["click"] = "click"
    point: Point
    button: Button = "left"
    count: Annotated[int, Field(ge=1, le=3)] = 1
    modifiers: tuple[Modifier, ...] = ()


class LongPress(_Action):
    """Hold the left button, or a finger, at a point."""

    kind: Literal["long_press"] = "long_press"
    point: Point
    duration_s: Annotated[float, Field(gt=0, le=10)] = 0.8


class Hover(_Action):
    """Move the pointer to a point without pressing."""

    kind: Literal["hover"] = "hover"
    point: Point


class Drag(_Action):
    """Press at the first point, move through the others, release at the last."""

    kind: Literal["drag"] = "drag"
    path: Annotated[tuple[Point, ...], Field(min_length=2, max_length=1000)]
    duration_s: Annotated[float, Field(ge=0, le=30)] = 0.3
    modifiers: tuple[Modifier, ...] = ()


class Scroll(_Action):
    """Turn the wheel at a point. Pixels of the screenshot; dy > 0 shows what is further down, dx > 0 further right.

    With modifier keys held it does what the page or the application has them for, such as zooming with Control.
    """

    kind: Literal["scroll"] = "scroll"
    point: Point
    dx: Annotated[float, Field(ge=-100_000, le=100_000)] = 0
    dy: Annotated[float, Field(ge=-100_000, le=100_000)] = 0
    modifiers: tuple[Modifier, ...] = ()


class Pinch(_Action):
    """Zoom about a point with two fingers: factor > 1 enlarges."""

    kind: Literal["pinch"] = "pinch"
    point: Point
    factor: Annotated[float, Field(ge=0.1, le=10)]


class TypeText(_Action):
    """Type into what has the focus: either literal `text` or the name of a `secret`, never both."""

    kind: Literal["type"] = "type"
    text: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] | None = None
    secret: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "TypeText":
        if (self.text is None) == (self.secret is None):
            raise ValueError("type needs either text or the name of a secret")
        return self


class Press(_Action):
    """Press keys together and release them in reverse: ("Control", "s"). Mobile keys (Back, Home, Menu) included."""

    kind: Literal["press"] = "press"
    keys: Annotated[tuple[Key, ...], Field(min_length=1, max_length=8)]


class Navigate(_Action):
    """Open a URL in the active tab."""

    kind: Literal["navigate"] = "navigate"
    url: Annotated[str, Field(min_length=1, max_length=8192)]


class Back(_Action):
    """One page back in the history of the active tab."""

    kind: Literal["back"] = "back"


class Forward(_Action):
    """One page forward in the history of the active tab."""

    kind: Literal["forward"] = "forward"


class Reload(_Action):
    """Load the page of the active tab again."""

    kind: Literal["reload"] = "reload"


class NewTab(_Action):
    """Open a tab and make it active."""

    kind: Literal["new_tab"] = "new_tab"
    url: Annotated[str, Field(max_length=8192)] = "about:blank"


class SwitchTab(_Action):
    """Make the tab with this index (0 is the first in `Observation.tabs`) active."""

    kind: Literal["switch_tab"] = "switch_tab"
    index: Annotated[int, Field(ge=0, le=1000)]


class CloseTab(_Action):
    """Close the tab with this index, or the active one."""

    kind: Literal["close_tab"] = "close_tab"
    index: Annotated[int, Field(ge=0, le=1000)] | None = None


class SelectOption(_Action):
    """Choose the option with this label in the native list at a point; the pop-up is not part of a screenshot."""

    kind: Literal["select"] = "select"
    point: Point
    label: Annotated[str, Field(max_length=1000)]


class Upload(_Action):
    """Give files to the file input at a point."""

    kind: Literal["upload"] = "upload"
    point: Point
    paths: Annotated[tuple[str, ...], Field(min_length=1, max_length=100)]


class Wait(_Action):
    """Let time pass until the screen changes or the seconds are over."""

    kind: Literal["wait"] = "wait"
    seconds: Annotated[float, Field(gt=0, le=MAX_WAIT_S)] = 1.0


def _own_name(name: str) -> str:
    if name in BUILT_IN_NAMES:
        raise ValueError(f"{name} is built in and no custom tool")
    return name


def _writable(arguments: dict[str, JsonValue]) -> dict[str, JsonValue]:
    json.dumps(arguments, allow_nan=False)  # raises ValueError: JSON has no NaN and no infinity
    return arguments


class CallTool(_Action):
    """Call a custom tool that the user registered; the arguments are checked against its signature."""

    kind: Literal["call_tool"] = "call_tool"
    name: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$"), AfterValidator(_own_name)]
    arguments: Annotated[dict[str, JsonValue], AfterValidator(_writable)] = {}


class Ask(_Action):
    """Ask the user a question and wait for the answer."""

    kind: Literal["ask"] = "ask"
    question: Annotated[str, Field(min_length=1, max_length=4000)]


class Finish(_Action):
    """End the task: with success or failure, and an answer where the task asked for one."""

    kind: Literal["finish"] = "finish"
    status: Literal["success", "failure"] = "success"
    answer: Annotated[str, Field(max_length=MAX_TEXT_CHARS)] = ""


PointAction = Click | LongPress | Hover | Scroll | Pinch | SelectOption | Upload
"""The actions that happen at one `point`."""

Action = Annotated[
    PointAction
    | Drag
    | TypeText
    | Press
    | Navigate
    | Back
    | Forward
    | Reload
    | NewTab
    | SwitchTab
    | CloseTab
    | Wait
    | CallTool
    | Ask
    | Finish,
    Field(discriminator="kind"),
]

ACTION: TypeAdapter[Action] = TypeAdapter(Action)
"""Reads and writes any action as JSON: `ACTION.validate_json(text)`, `ACTION.dump_json(action)`."""


def points_of(action: Action) -> tuple[Point, ...]:
    """Every point that the action touches, in order; empty for actions without a place."""
    match action:
        case Drag():
            return action.path
        case Click() | LongPress() | Hover() | Scroll() | Pinch() | SelectOption() | Upload():
            return (action.point,)
        case TypeText() | Press() | Wait() | Ask() | Finish() | CallTool():
            return ()
        case Navigate() | Back() | Forward() | Reload() | NewTab() | SwitchTab() | CloseTab():
            return ()
        case _:
            assert_never(action)
