"""The functions shown to a model: Qwen's `computer_use`, our further functions, and the user's own tools."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import JsonValue

Schema = dict[str, JsonValue]
"""A JSON schema, or one function in the form of the chat APIs: {"type": "function", "function": {...}}."""

COMPUTER_USE = "computer_use"
MOBILE_USE = "mobile_use"

COMPUTER_ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "key": ("keys",),
        "type": ("text", "secret", "coordinate"),
        "mouse_move": ("coordinate",),
        "left_click": ("coordinate", "keys"),
        "left_click_drag": ("coordinate", "start_coordinate", "via", "time", "keys"),
        "right_click": ("coordinate", "keys", "count"),
        "middle_click": ("coordinate", "keys", "count"),
        "double_click": ("coordinate", "keys"),
        "triple_click": ("coordinate", "keys"),
        "scroll": ("coordinate", "pixels", "horizontal_pixels", "keys"),
        "hscroll": ("coordinate", "pixels", "keys"),
        "long_press": ("coordinate", "time"),
        "wait": ("time",),
        "terminate": ("status", "text"),
        "answer": ("text",),
    }
)
"""What each action of `computer_use` takes beside `action`.

Published: everything but `secret`, `start_coordinate`, `via`, `count`, `horizontal_pixels`, `long_press`, keys on
clicks and the wheel, and a text on terminate. These extras exist so that every action of ours can be written; a model
need not know them.
"""

MOBILE_ACTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "key": ("text",),
        "click": ("coordinate",),
        "long_press": ("coordinate", "time"),
        "swipe": ("coordinate", "coordinate2"),
        "type": ("text",),
        "answer": ("text",),
        "system_button": ("button",),
        "open": ("text",),
        "wait": ("time",),
        "interact": ("text",),
        "terminate": ("status", "text"),
    }
)
"""What each action of `mobile_use` takes beside `action`: all that Qwen2.5-VL, Qwen3-VL and GUI-Owl are told of."""

_ACTION_WORDS = {
    "key": "press the keys in `keys` together and release them in reverse order",
    "type": "type `text` into what has the focus, or first click `coordinate` when it is given",
    "mouse_move": "move the pointer to `coordinate`",
    "left_click": "click the left button at `coordinate`, with `keys` held when they are given",
    "left_click_drag": "press at `start_coordinate`, or where the pointer is, and release at `coordinate`",
    "right_click": "click the right button at `coordinate`",
    "middle_click": "click the middle button at `coordinate`",
    "double_click": "click the left button twice at `coordinate`",
    "triple_click": "click the left button three times at `coordinate`, which selects a line of text",
    "scroll": "turn the wheel at `coordinate` by `pixels`; positive is up, negative is down",
    "hscroll": "turn the wheel sideways at `coordinate` by `pixels`; positive is right, negative is left",
    "long_press": "hold the left button at `coordinate` for `time` seconds",
    "wait": "let `time` seconds pass",
    "terminate": "end the task and report its `status`",
    "answer": "end the task with the answer in `text`",
}

COMPUTER_WORDS = "Use the mouse and the keyboard of a computer, seen only through screenshots."

_COORDINATE: Schema = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 2,
    "description": "(x, y): from the left edge and from the top edge of the screen.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One function as a model sees it. `parameters` is the JSON schema of its arguments, an object."""

    name: str
    description: str
    parameters: Schema

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments."""
        properties = self.parameters.get("properties")
        return tuple(properties) if isinstance(properties, dict) else ()

    @property
    def schema(self) -> Schema:
        """The function in the form of the chat APIs."""
        function: Schema = {"name": self.name, "description": self.description, "parameters": self.parameters}
        return {"type": "function", "function": function}


def _object(properties: Mapping[str, Schema], *required: str) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required)}


FURTHER_FUNCTIONS: tuple[Function, ...] = (
    Function(
        name="select_option",
        description="Choose an option of the drop-down list at a place. The open list is not visible on the screen.",
        parameters=_object(
            {
                "coordinate": _COORDINATE,
                "option": {"type": "string", "description": "The label of the option, exactly."},
            },
            "coordinate",
            "option",
        ),
    ),
    Function(
        name="navigate",
        description="Open a URL in the active tab.",
        parameters=_object({"url": {"type": "string"}}, "url"),
    ),
    Function(
        name="page",
        description="Go back or forward in the history of the active tab, or load its page again.",
        parameters=_object({"action": {"type": "string", "enum": ["back", "forward", "reload"]}}, "action"),
    ),
    Function(
        name="tab",
        description="Open a new tab, switch to a tab, or close one.",
        parameters=_object(
            {
                "action": {"type": "string", "enum": ["new", "switch", "close"]},
                "index": {"type": "integer", "description": "Which tab, counted from 0. Needed by switch."},
                "url": {"type": "string", "description": "What a new tab opens."},
            },
            "action",
        ),
    ),
    Function(
        name="upload",
        description="Give files to the file input at a place.",
        parameters=_object(
            {
                "coordinate": _COORDINATE,
                "paths": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            },
            "coordinate",
            "paths",
        ),
    ),
    Function(
        name="pinch",
        description="Zoom about a place with two fingers.",
        parameters=_object(
            {
                "coordinate": _COORDINATE,
                "factor": {"type": "number", "description": "Above 1 enlarges, below 1 makes smaller."},
            },
            "coordinate",
            "factor",
        ),
    ),
    Function(
        name="ask",
        description="Ask the user a question and wait for the answer.",
        parameters=_object({"question": {"type": "string"}}, "question"),
    ),
)

BUILT_IN_NAMES = frozenset((COMPUTER_USE, MOBILE_USE, *(function.name for function in FURTHER_FUNCTIONS)))
"""Names that no custom tool can take."""


def computer_use(width: int = 1000, height: int = 1000) -> Function:
    """The published function. Width and height name the space of its coordinates, 1000 x 1000 for thousandths."""
    words = "\n".join(f"* `{action}`: {_ACTION_WORDS[action]}." for action in COMPUTER_ACTIONS)
    return Function(
        name=COMPUTER_USE,
        description=(
            f"{COMPUTER_WORDS}\n"
            f"* The screen's resolution is {width}x{height}.\n"
            "* Aim at the centre of what is clicked, never at its edge."
        ),
        parameters=_object(
            {
                "action": {"type": "string", "enum": list(COMPUTER_ACTIONS), "description": f"What to do:\n{words}"},
                "keys": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Key names, such as ctrl or Enter.",
                },
                "text": {"type": "string"},
                "coordinate": _COORDINATE,
                "start_coordinate": _COORDINATE,
                "pixels": {"type": "number"},
                "time": {"type": "number", "description": "Seconds."},
                "status": {"type": "string", "enum": ["success", "failure"]},
            },
            "action",
        ),
    )


def all_functions(width: int = 1000, height: int = 1000, *, custom: Iterable[Function] = ()) -> tuple[Function, ...]:
    """Everything that a model may call: computer_use, the further functions, then the user's own."""
    return (computer_use(width, height), *FURTHER_FUNCTIONS, *custom)


def function_schemas(width: int = 1000, height: int = 1000, *, custom: Iterable[Function] = ()) -> tuple[Schema, ...]:
    """The schemas of `all_functions`."""
    return tuple(function.schema for function in all_functions(width, height, custom=custom))
