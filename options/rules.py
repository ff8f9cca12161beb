"""What a run may do, as it is told on a command line."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import UsageError

if TYPE_CHECKING:
    from ..agent import Permissions
    from ..tools import Limits


Secret = Annotated[
    list[str] | None,
    typer.Option(
        "--secret",
        metavar="NAME=VARIABLE",
        help="A secret by its name, and the environment variable that holds its value; give it again for more.",
    ),
]


def secrets_from(told: list[str]) -> dict[str, str]:
    """The values of the variables, by the names of the secrets. Raises UsageError for one that is not set."""
    values: dict[str, str] = {}
    for one in told:
        name, mark, variable = one.partition("=")
        if not (name and mark and variable):
            raise UsageError("write --secret NAME=VARIABLE: the variable of the environment holds the value")
        if variable not in os.environ:
            raise UsageError(
                f"--secret {name}: there is no such variable in the environment; write its name, not a value"
            )
        values[name] = os.environ[variable]
    return values


def permissions_for(url: str, allowed: list[str], file: Path | None) -> "Permissions":
    """What the file says, else the origin where the run starts and those that the user named."""
    from pydantic import ValidationError

    from ..agent import Permissions, read_rules

    if file is not None:
        if allowed:
            raise UsageError("name the origins in the file of --permissions, or by --allow, not in both")
        told, _ = read_rules(file)
        needs_origins = told.origins is None and told.loads == "origins"
        return told.model_copy(update={"origins": Permissions.for_url(url).origins}) if needs_origins else told
    start = Permissions.for_url(url)
    if not allowed:
        return start
    try:
        return Permissions(origins=(*(start.origins or ()), *allowed), ask=start.ask)
    except ValidationError as error:
        raise UsageError(f"--allow: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None


def limits_in(file: Path | None) -> "Limits":
    """Those that the file of the permissions says, by which a task is bound; else the usual ones."""
    from ..agent import read_rules
    from ..tools import Limits

    return Limits() if file is None else read_rules(file)[1]


def limits_again(limits: "Limits", given: frozenset[str], told: Mapping[str, float]) -> "Limits | None":
    """The limits with those of the options `given` anew; None where none is. Raises UsageError for one that is none."""
    from pydantic import ValidationError

    from ..tools import Limits

    anew = {name: value for name, value in told.items() if f"max_{name}" in given}
    if not anew:
        return None
    try:
        return Limits.model_validate(limits.model_dump() | anew)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"--max-{' '.join(map(str, fault['loc']))}: {fault['msg']}") from None
