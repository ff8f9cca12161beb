"""Places by name: the functions for a model that says which thing it means instead of where that is."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from .schema import COMPUTER_WORDS, FURTHER_FUNCTIONS, Function, Schema, computer_use

_PLACE = "coordinate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How a model names places in its calls: the argument in the place of `coordinate`, and what it has to be.

    `schema` describes the argument, `expected` says in a word what is missing where it is wrong; `advice` tells the
    model how to choose a name.
    """

    argument: str
    schema: Schema = field(hash=False)
    expected: str
    advice: str

    def key(self, argument: str) -> str:
        """What an argument is called here: `start_coordinate` is `start_element`."""
        return argument.replace(_PLACE, self.argument)

    def told(self, sentence: str) -> str:
        """A sentence about coordinates, told of names."""
        return self.key(sentence).replace("[x, y]", self.expected)


ELEMENTS = Naming(
    argument="element",
    schema={"type": "string", "description": "Which thing is meant, in words."},
    expected="words that say which thing is meant",
    advice="Say in words which thing you mean: what it is, its text or its picture, its colour, where it stands.",
)
"""Things in words, for a model that plans; another one points at them."""

MARKS = Naming(
    argument="mark",
    schema={"type": "integer", "description": "The number of the box around what is meant."},
    expected="the number of a box",
    advice="What can be used on the screenshot has a box with a number.",
)
"""The numbers of boxes that are drawn on the screenshot, for a model that cannot point."""


def named_functions(naming: Naming, *, custom: Iterable[Function] = ()) -> tuple[Function, ...]:
    """Everything that a model may call, as `function_schemas` has it, with names in the place of coordinates."""
    computer = _named(computer_use(), naming)
    told = replace(computer, description=f"{COMPUTER_WORDS}\n* {naming.advice}")
    return (told, *(_named(function, naming) for function in FURTHER_FUNCTIONS), *custom)


def _named(function: Function, naming: Naming) -> Function:
    parameters = function.parameters
    properties, required = parameters.get("properties"), parameters.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return function
    named: Schema = {naming.key(name): _argument(name, schema, naming) for name, schema in properties.items()}
    return replace(
        function,
        parameters=parameters | {"properties": named, "required": [naming.key(str(name)) for name in required]},
    )


def _argument(name: str, schema: JsonValue, naming: Naming) -> JsonValue:
    if _PLACE in name:
        return naming.schema
    match schema:
        case {"description": str(words)}:
            return schema | {"description": naming.key(words)}
        case _:
            return schema
