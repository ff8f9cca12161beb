"""Rows as values of a type, checked; what is wrong is one sentence that names file, row and field."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import AliasChoices, BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from ..errors import UsageError
from .folder import DataFolder
from .row import Row
from .rows import read_rows


class Record(BaseModel):
    """What is read of a row by `read_entries`, by the names or aliases of its fields.

    Fields that are not named are left alone: published files hold many more.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", arbitrary_types_allowed=True, populate_by_name=True)


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Entry(Generic[R]):
    """A row that was understood, and where it stands."""

    value: R
    file: str
    number: int

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.file} row {self.number}"

    @property
    def name(self) -> str:
        """A name for it that is the same in each reading: the file without its suffix, and the row."""
        return f"{self.file.rpartition('.')[0] or self.file}:{self.number}"


def read_entries(folder: DataFolder, files: Iterable[Path], kind: type[R]) -> Iterator[Entry[R]]:
    """The rows of some files in their order as records. Raises UsageError at the first that is none."""
    fields = {alias for name, field in kind.model_fields.items() for alias in _names(name, field)}
    for path in files:
        for row in read_rows(path, name=folder.name(path), fields=fields):
            yield Entry(understood(row, kind), row.file, row.number)


def _names(name: str, field: FieldInfo) -> list[str]:
    """By which a row may have a field."""
    match field.validation_alias or field.alias:
        case AliasChoices(choices=choices):
            return [name, *(choice for choice in choices if isinstance(choice, str))]
        case str(alias):
            return [alias]
        case _:
            return [name]


def understood(row: Row, kind: type[R]) -> R:
    """A row as a record. Raises UsageError with its place, the field and what is wrong with that."""
    try:
        with told_at(row.place):
            return kind.model_validate(row.values)
    except (OverflowError, RecursionError) as error:
        raise UsageError(f"{row.place} cannot be read: {error}") from None


@contextmanager
def told_at(place: str, whole: str = "the row") -> Generator[None]:
    """What is wrong with values, as one UsageError that begins with their place, and tells the field."""
    try:
        yield
    except ValidationError as error:
        raise UsageError(f"{place}: {fault_in(error, whole)}") from None
    except UsageError as error:
        told = str(error)
        raise UsageError(told if told.startswith(place) else f"{place}: {told}") from None


def fault_in(error: ValidationError, whole: str) -> str:
    """The first thing that is wrong, on one line behind its field; `whole` is what has no field."""
    fault = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in fault["loc"]) or whole
    message = " ".join(str(fault["msg"]).removeprefix("Value error, ").split())
    return f"{field}: {message[:1].lower()}{message[1:]}"
