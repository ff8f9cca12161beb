"""What the loop itself costs a step: all of its time but that of the policy and the environment.

    python -m clickwright.reliability overhead

A hundred clicks on pages of the default viewport that all look different, by a policy that thinks for a tenth of a
second: what is done meanwhile, such as storing the picture, costs nobody anything.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ..agent import Agent
from ..agent.events import Event, NodeEnded
from ..environments.memory.environment import MemoryEnvironment
from ..environments.memory.screen import MemoryItem, MemoryPage
from ..policies.policy import Decision, Turn
from ..screen import Box, Observation
from ..tools import Action, Click, Finish, Limits, Task
from .figure import Figure

STEPS = 100
THINKS_S = 0.1
BAR_MS = 10.0
BUTTON = Box(20, 20, 100, 50)


class Counted(MemoryEnvironment):
    """Counts the seconds that it is busy."""

    def __init__(self) -> None:
        super().__init__(_page(number) for number in range(STEPS + 1))
        self.busy_s = 0.0

    async def step(self, action: Action) -> Observation:
        began = time.perf_counter()
        seen = await super().step(action)
        assert seen.screenshot.frame  # a browser takes the hash of its picture in its own time, too
        self.busy_s += time.perf_counter() - began
        return seen


class Thinking:
    """Thinks, and clicks; the seconds that it took are counted."""

    def __init__(self) -> None:
        self.busy_s = 0.0

    def reset(self, task: Task) -> None:
        pass

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        began = time.perf_counter()
        time.sleep(THINKS_S)
        action = Finish() if observation.title == str(STEPS) else Click(point=BUTTON.center)
        self.busy_s += time.perf_counter() - began
        return Decision(actions=(action,), frame=observation.screenshot.frame)


def _page(number: int) -> MemoryPage:
    button = MemoryItem(name="Next", box=BUTTON, leads_to=str(min(number + 1, STEPS)))
    return MemoryPage(name=str(number), background=f"#{number + 100:02x}eeff", items=(button,))


async def steps_ms(folder: Path) -> list[float]:
    """Milliseconds of the loop itself in each step."""
    environment, policy = Counted(), Thinking()
    task = Task(goal="go on", start_url="memory:0", limits=Limits(steps=STEPS + 1))
    agent = Agent(task, policy=policy, environment=environment, run_dir=folder)
    found: list[float] = []
    last, busy = 0.0, 0.0

    def hear(event: Event) -> None:
        nonlocal last, busy
        if isinstance(event, NodeEnded) and event.step is not None:
            now, spent = time.perf_counter(), environment.busy_s + policy.busy_s
            if last:
                found.append(1000 * (now - last - spent + busy))
            last, busy = now, spent

    result = await agent.arun(on_event=hear)
    if result.status != "success":
        raise SystemExit(f"the run did not go as it should: {result.reason}")
    return found


def figures(nightly: bool) -> list[Figure]:
    """The median of the steps, the first of which is left out."""
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(steps_ms(Path(name, "run")))
    middle = statistics.median(found)
    told = f"{middle:.1f} ms (a tenth take {statistics.quantiles(found, n=10)[-1]:.1f} or more)"
    return [Figure(name="the loop's own time in a step", found=told, bar="<= 10 ms, aim 3", holds=middle <= BAR_MS)]
