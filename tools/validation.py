"""One sentence out of pydantic's report."""

from pydantic import ValidationError


def first_fault(error: ValidationError) -> str:
    """Where the first fault lies and what it is: "seconds: Input should be less than or equal to 60"."""
    fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message
