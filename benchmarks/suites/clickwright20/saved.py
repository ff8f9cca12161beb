"""What a page saves: a list of rows that it sends as a whole whenever it was changed."""

import json
from collections.abc import Sequence
from typing import Any, cast

from .room import Answer, Asked

Row = dict[str, Any]


class Saved:
    """Takes `PUT saved`. `value` is what came last, and before that what the page began with."""

    def __init__(self, value: Sequence[Any]) -> None:
        self.value: Any = list(value)

    def __call__(self, asked: Asked) -> Answer | None:
        if (asked.method, asked.path) != ("PUT", "saved"):
            return None
        try:
            self.value = json.loads(asked.body)
        except ValueError:
            return Answer(status=400)
        return Answer()

    def amiss(self, wanted: Sequence[Row], *, by: str = "") -> str:
        """The first row that is not as it was wanted; empty where all are, and no other is there.

        Rows may come in any order where `by` names what they are sorted by.
        """
        found = rows_of(self.value)
        if found is None or len(found) != len(wanted):
            return f"{len(wanted)} rows were wanted, and {str(self.value)[:100]} was saved"
        if by:
            found, wanted = _sorted(found, by), _sorted(wanted, by)
        pairs = [(is_, was) for is_, was in zip(found, wanted, strict=True) if is_ != was]
        return f"a row is {pairs[0][0]}, not {pairs[0][1]}" if pairs else ""


def rows_of(value: object) -> list[Row] | None:
    """A list of JSON objects; None for anything else."""
    rows = cast(list[object], value) if isinstance(value, list) else None
    if rows is None or not all(isinstance(row, dict) for row in rows):
        return None
    return cast(list[Row], rows)


def _sorted(rows: Sequence[Row], by: str) -> list[Row]:
    return sorted(rows, key=lambda row: str(row.get(by)))
