"""What pydantic finds wrong, in one sentence."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import BadModelOutput

_Built = TypeVar("_Built", bound=BaseModel)


def built(kind: type[_Built], called: str, /, **fields: object) -> _Built:
    """The action of this kind. Raises BadModelOutput, under the name by which it was called, where there is none."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise BadModelOutput(f"{called} cannot be done: {first_fault(error)}") from None


def first_fault(error: ValidationError) -> str:
    """Where the first fault lies and what it is: "seconds: Input should be less than or equal to 60"."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
