"""One object of a file, and where it stands there."""

from collections.abc import Mapping
from dataclasses import dataclass

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file. `number` counts from 1, as an editor counts lines."""

    values: Values
    file: str
    number: int

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.file} row {self.number}"
