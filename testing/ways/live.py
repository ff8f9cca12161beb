"""By a model, each time."""

import asyncio

from ..call import Call
from ..eyes import Eyes, Judged, Told
from ..sight import Sight
from ..stage import Stage
from ..target import Found
from .acting import run_agent
from .way import Mode


class Live:
    """Every word is looked up by the eyes."""

    mode: Mode = "live"

    def __init__(self, eyes: Eyes) -> None:
        self.eyes = eyes

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        return await asyncio.to_thread(self.eyes.find, sight, call.words)

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        return await asyncio.to_thread(self.eyes.judge, sight, call.words)

    async def read(self, call: Call, sight: Sight, *, is_last: bool = True) -> Told:
        return await asyncio.to_thread(self.eyes.read, sight, call.words)

    async def do(self, call: Call, stage: Stage, *, deadline_s: float) -> int:
        return await run_agent(call.words, stage.environment, await asyncio.to_thread(self.eyes.policy))

    def selected(self, call: Call, sight: Sight, found: Found) -> None:
        """Nothing is noted."""

    def recorded(self, call: Call) -> None:
        """Nothing is known."""

    def unasked(self) -> tuple[str, ...]:
        return ()

    def healed(self, call: Call) -> bool:
        return False

    def keep(self) -> None:
        """Nothing is written."""
