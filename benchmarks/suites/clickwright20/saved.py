"""What a page saves: a list of rows that it sends as a whole whenever it was changed."""

import json
from collections.abc import Sequence
from typing import Any

from .room import Answer, Asked


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

    def amiss(self, wanted: Sequence[Any]) -> str:
        """The first row that is not as it was wanted; empty where all are, and no other is there."""
        if not isinstance(self.value, list) or len(self.value) != len(wanted):
            return f"{len(wanted)} rows were wanted, and {str(self.value)[:100]} was saved"
        pairs = [(is_, was) for is_, was in zip(self.value, wanted, strict=True) if is_ != was]
        return f"a row is {pairs[0][0]}, not {pairs[0][1]}" if pairs else ""
