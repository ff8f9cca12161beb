"""What the input process is asked and answers, one JSON object a line. Places are input units of the desktop."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from ...tools.actions import Button
from ...tools.keys import Modifier


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class MoveTo(_Request):
    """Move the pointer."""

    do: Literal["move"] = "move"
    x: int
    y: int


class ClickAt(_Request):
    """Press and release a button `count` times."""

    do: Literal["click"] = "click"
    x: int
    y: int
    button: Button = "left"
    count: int = 1
    held: tuple[Modifier, ...] = ()


class HoldAt(_Request):
    """Hold the left button for some time."""

    do: Literal["hold"] = "hold"
    x: int
    y: int
    seconds: float


class DragAlong(_Request):
    """Press the left button at the first place, move through the others in equal times, release at the last."""

    do: Literal["drag"] = "drag"
    path: tuple[tuple[int, int], ...]
    seconds: float
    held: tuple[Modifier, ...] = ()


class TurnWheel(_Request):
    """Turn the wheel by notches: `down` shows what is further down, `right` what is further right."""

    do: Literal["wheel"] = "wheel"
    x: int
    y: int
    right: int = 0
    down: int = 0
    held: tuple[Modifier, ...] = ()


class PressKeys(_Request):
    """Press keys together and release them in reverse."""

    do: Literal["keys"] = "keys"
    keys: tuple[str, ...]


class WriteText(_Request):
    """Write into what has the focus, with keys or through the clipboard."""

    do: Literal["write"] = "write"
    text: str


class ListWindows(_Request):
    """Every window that can be seen, the front one first: answered by a `WindowList`."""

    do: Literal["windows"] = "windows"


class FocusWindow(_Request):
    """Bring a window to the front."""

    do: Literal["focus"] = "focus"
    id: int


class PlaceWindow(_Request):
    """Move a window, and give it another size."""

    do: Literal["place"] = "place"
    id: int
    x: int
    y: int
    width: int
    height: int


class CloseWindow(_Request):
    """Ask a window to close."""

    do: Literal["close"] = "close"
    id: int


class WindowAt(_Request):
    """The window in front at a place: answered by its number, or null."""

    do: Literal["at"] = "at"
    x: int
    y: int


class ReadClipboard(_Request):
    """The text on the clipboard, or null."""

    do: Literal["clipboard"] = "clipboard"


Request = (
    MoveTo
    | ClickAt
    | HoldAt
    | DragAlong
    | TurnWheel
    | PressKeys
    | WriteText
    | ListWindows
    | FocusWindow
    | PlaceWindow
    | CloseWindow
    | WindowAt
    | ReadClipboard
)

REQUEST: TypeAdapter[Request] = TypeAdapter(Annotated[Request, Field(discriminator="do")])


class Answer(_Request):
    """`value` where it was done. Else a sentence: `failed` for the model, `stopped` by a person, or `lost`."""

    value: JsonValue = None
    failed: str = ""
    stopped: str = ""
    lost: str = ""


class WindowSeen(_Request):
    """One window of the desktop. x, y, width and height are of its content, without the frame, in input units."""

    id: int
    title: str
    app: str
    pid: int = 0
    x: int
    y: int
    width: int
    height: int
    active: bool = False


class WindowList(_Request):
    """The windows, and whether a window manager looks after them."""

    windows: tuple[WindowSeen, ...]
    managed: bool = True
