"""Options that several commands have, written once: as the fields of a dataclass that is a parameter of each.

Typer reads the options of a command off its parameters and knows no groups of them.
"""

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from inspect import Parameter
from typing import Annotated, Any, get_args, get_origin, get_type_hints


class Only:
    """Beside a dataclass in `Annotated`: the command has these of its fields, the others are as they are by default."""

    def __init__(self, *names: str) -> None:
        self.names = frozenset(names)


@dataclass(frozen=True, slots=True)
class _Group:
    """A dataclass of options, and those of them that a command has."""

    kind: Callable[..., Any]
    options: tuple[Parameter, ...]

    def taken_from(self, given: dict[str, Any]) -> Any:
        """The dataclass, with what was given for its fields, which is removed."""
        told = [option.name for option in self.options if option.name in given]
        return self.kind(**{name: _as(list, tuple, given.pop(name)) for name in told})


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a parameter for each field, in the place of each parameter that is a dataclass.

    A field is annotated as typer wants it of a parameter; one that may be given again is a `tuple[..., ...]`. Raises
    what the dataclass raises for values that do not go together.
    """
    signature = inspect.signature(command, eval_str=True)
    found = {name: _group(one.annotation) for name, one in signature.parameters.items()}
    groups = {name: group for name, group in found.items() if group is not None}

    @functools.wraps(command)
    def told(**given: Any) -> None:
        put_together = {name: group.taken_from(given) for name, group in groups.items()}
        command(**given, **put_together)

    flat: list[Parameter] = []
    for name, one in signature.parameters.items():
        flat += groups[name].options if name in groups else (one.replace(kind=Parameter.KEYWORD_ONLY),)
    told.__dict__["__signature__"] = signature.replace(parameters=flat)
    told.__annotations__ = {one.name: one.annotation for one in flat}
    return told


def _group(annotation: Any) -> _Group | None:
    """What a parameter stands for; None for one that is an option of its own."""
    kind, *beside = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    if not (isinstance(kind, type) and is_dataclass(kind)):
        return None
    names = next((one.names for one in beside if isinstance(one, Only)), None)
    hints = get_type_hints(kind, include_extras=True)
    options = (
        Parameter(
            field.name, Parameter.KEYWORD_ONLY, default=_default(field.default), annotation=_listed(hints[field.name])
        )
        for field in fields(kind)
        if names is None or field.name in names
    )
    return _Group(kind, tuple(options))


def _default(value: Any) -> Any:
    return Parameter.empty if value is MISSING else _as(tuple, list, value)


def _as(one: type, other: type, value: Any) -> Any:
    """The value; where it is of one type, it is made one of the other."""
    return other(value) if isinstance(value, one) else value


def _listed(hint: Any) -> Any:
    """The same for typer, which reads several values as a list."""
    value, *beside = get_args(hint)
    several, *_ = (*get_args(value), None)
    return Annotated[list[several], *beside] if get_origin(value) is tuple else hint
