"""The user's own tools: a plain Python function becomes something that a model can call."""

import asyncio
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, Self, cast, get_type_hints

from pydantic import (
    JsonValue,
    PydanticSchemaGenerationError,
    PydanticUserError,
    TypeAdapter,
    ValidationError,
    with_config,
)
from pydantic_core import PydanticSerializationError, to_jsonable_python
from typing_extensions import TypedDict

from ..errors import ActionFailed, UsageError
from .actions import CallTool
from .schema import BUILT_IN_NAMES, Function, Schema
from .validation import first_fault

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")

TOLD_TO_MODEL = (ValueError, ArithmeticError, LookupError, OSError, RuntimeError)
"""What a tool may raise to say that it could not be done. Anything else is a fault in the tool and is not caught."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A function that a model may call. Its arguments are checked before each call."""

    name: str
    description: str
    function: Callable[..., object]
    arguments: TypeAdapter[dict[str, Any]]

    @classmethod
    def from_function(cls, function: Callable[..., object], *, name: str | None = None) -> Self:
        """A tool named like the function, described by its docstring, with arguments from its annotations.

        `Annotated[int, Field(ge=1, description="...")]` sets limits and words for one argument. Raises UsageError
        for a name that is taken or odd, a missing docstring or annotation, and *args or **kwargs.
        """
        if not inspect.isroutine(function):
            raise UsageError(f"a tool is made from a function, not from a {type(function).__name__}")
        name = function.__name__ if name is None else name
        if not _NAME.fullmatch(name):
            raise UsageError(f"a tool needs a name of letters, digits and underscores, got {name!r}")
        if name in BUILT_IN_NAMES:
            raise UsageError(f"a tool cannot be named {name}, which is built in")
        description = inspect.getdoc(function)
        if not description:
            raise UsageError(f"the tool {name} needs a docstring: it is all that the model knows about it")
        return cls(name=name, description=description, function=function, arguments=_arguments(name, function))

    @property
    def shown(self) -> Function:
        """The tool as a model sees it."""
        parameters = cast(Schema, self.arguments.json_schema())
        parameters.pop("title", None)
        return Function(name=self.name, description=self.description, parameters=parameters)

    async def call(self, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """What the function returns, as a JSON value. A plain function runs in a thread, an async one is awaited.

        Raises ActionFailed for arguments that do not fit, for what the tool raises on purpose, and for a result
        that has no JSON form.
        """
        try:
            checked = self.arguments.validate_python(dict(arguments))
        except ValidationError as error:
            raise ActionFailed(f"{self.name} was not called: {first_fault(error)}") from None
        try:
            result = await self._run(checked)
        except TOLD_TO_MODEL as error:
            raise ActionFailed(f"{self.name} failed: {str(error) or type(error).__name__}") from error
        try:
            return cast(JsonValue, to_jsonable_python(result))
        except PydanticSerializationError:
            raise ActionFailed(f"{self.name} returned a {type(result).__name__}, which has no JSON form") from None

    async def _run(self, arguments: dict[str, Any]) -> object:
        if inspect.iscoroutinefunction(self.function):
            return await self.function(**arguments)
        return await asyncio.to_thread(self.function, **arguments)


def tool(function: Callable[..., object]) -> Tool:
    """The decorator form of `Tool.from_function`."""
    return Tool.from_function(function)


def toolbox(tools: Iterable[Tool | Callable[..., object]]) -> dict[str, Tool]:
    """Tools by name; plain functions become tools. Raises UsageError when two have the same name."""
    box: dict[str, Tool] = {}
    for item in tools:
        made = item if isinstance(item, Tool) else Tool.from_function(item)
        if made.name in box:
            raise UsageError(f"two tools are named {made.name}")
        box[made.name] = made
    return box


async def call_tool(box: Mapping[str, Tool], action: CallTool) -> JsonValue:
    """The result of the tool that the action names. Raises ActionFailed, with the known names for an unknown one."""
    found = box.get(action.name)
    if found is None:
        raise ActionFailed(f"there is no tool {action.name}; known are {', '.join(sorted(box)) or 'none'}")
    return await found.call(action.arguments)


def _arguments(name: str, function: Callable[..., object]) -> TypeAdapter[dict[str, Any]]:
    """Checks a dict of arguments against the signature; defaults are left to the function itself."""
    try:
        hints = get_type_hints(function, include_extras=True)
    except NameError as error:
        raise UsageError(f"the tool {name} has an annotation that cannot be resolved: {error}") from None
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise UsageError(f"the tool {name} cannot take {parameter}: every argument needs a name")
        if parameter.name not in hints:
            raise UsageError(f"the tool {name} needs an annotation for its argument {parameter.name}")
        hint = hints[parameter.name]
        fields[parameter.name] = hint if parameter.default is parameter.empty else NotRequired[hint]
    shape = with_config(extra="forbid")(_typed_dict(f"{name}_arguments", fields))
    try:
        return TypeAdapter(shape)
    except (PydanticSchemaGenerationError, PydanticUserError) as error:
        reason = error.message.partition(". ")[0]
        raise UsageError(f"the tool {name} has an argument that cannot be checked: {reason}") from None


def _typed_dict(name: str, fields: dict[str, Any]) -> type[dict[str, Any]]:
    # A TypedDict, and not a model, because arguments may have any name: `schema`, `copy`, `json`.
    return cast(type[dict[str, Any]], TypedDict(name, fields))  # pyright: ignore
