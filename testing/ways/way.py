"""How the words of a test find their things: by a model, by a recording, or by both."""

from pathlib import Path
from typing import Literal, Protocol

from ...screen import Screenshot
from ..call import Call
from ..eyes import Judged, Told
from ..sight import Sight
from ..stage import Stage
from ..target import Found

Mode = Literal["live", "record", "replay", "heal"]


class Way(Protocol):
    """What a `Ui` asks. Raises NotFound, CheckFailed and Inconclusive, and what models and environments raise."""

    @property
    def mode(self) -> Mode: ...

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        """Where the thing is. What is not there may still come, unless this is the last look."""
        ...

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """Whether the claim holds on this screen. Never by what was so when it was recorded."""
        ...

    async def read(self, call: Call, sight: Sight, *, is_last: bool = True) -> Told:
        """What stands there. It may still come, unless this is the last look."""
        ...

    async def do(self, call: Call, stage: Stage, *, deadline_s: float) -> int:
        """All that the words ask for, by several actions; how many tokens of a model that took.

        Each thing that a recording knows is waited for, so long at most.
        """
        ...

    def selected(self, call: Call, sight: Sight, found: Found) -> None:
        """Told of what a selector of the test has found, so that nobody had to be asked."""
        ...

    def recorded(self, call: Call) -> Screenshot | None:
        """How the thing of a call looked when it was recorded; None where it is in no recording."""
        ...

    def unasked(self) -> tuple[str, ...]:
        """The recorded calls that the test has not said so far, in words."""
        ...

    def healed(self, call: Call) -> bool:
        """Whether a model had to find what a recording did not."""
        ...

    def keep(self) -> Path | None:
        """Write what came of a test that has passed: its recording, or a patch; None where there is neither."""
        ...
