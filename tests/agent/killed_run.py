"""A process that kills itself: runs in a world that outlives it, one kill point after the other.

    python killed_run.py FOLDER FIRST LAST STRIDE

For each n it runs the plan in a child that dies at its n-th tick, then resumes in children that die at their n-th
tick again, until one comes to the end; prints a line of JSON for each n. A tick is the moment before or after any
call of the environment or the policy, and before any line is written to the journal or to steps.jsonl.
"""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from clickwright.agent import Agent, graph  # noqa: F401  imported before the forks, because it takes a second
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.policies.policy import Decision, Turn
from clickwright.screen import Box, Observation, Size
from clickwright.tools import Action, Click, Finish, Task

STEPS = 3
MOST_LIVES = 40


def button(page: int) -> Box:
    """Where the button of a page is: nowhere near that of any other page, so that a click done twice misses."""
    return Box(5 + 40 * page, 10, 35 + 40 * page, 40)


class Clock:
    """Counts ticks, and dies at the last one."""

    def __init__(self, last: int) -> None:
        self.left = last

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]).endswith((".jsonl", "run.json.part")) and "r" not in str(arguments[1]):
            self.tick()


class World(MemoryEnvironment):
    """Pages 0 to STEPS, one button each; every click is a line in a file, which says what is shown after a restart.

    A line is the number of the page, or "missed" for a click beside its button.
    """

    def __init__(self, log: Path, clock: Clock) -> None:
        pages = [
            MemoryPage(
                name=str(n),
                background=f"#{n + 1}{n + 1}99ff",
                items=(MemoryItem(name="Next", box=button(n), leads_to=str(min(n + 1, STEPS))),),
            )
            for n in range(STEPS + 1)
        ]
        super().__init__(pages, size=Size(40 * (STEPS + 1), 64))
        self._log, self._clock = log, clock

    def done(self) -> list[str]:
        return self._log.read_text().split() if self._log.exists() else []

    async def reset(self, task: Task) -> Observation:
        self._clock.tick()
        page = str(min(len(self.done()), STEPS))
        return await super().reset(task.model_copy(update={"start_url": f"memory:{page}"}))

    async def observe(self) -> Observation:
        self._clock.tick()
        return await super().observe()

    async def step(self, action: Action) -> Observation:
        self._clock.tick()
        hit = isinstance(action, Click) and self.box("Next").contains(action.point)
        with self._log.open("a") as file:
            file.write(f"{self.page if hit else 'missed'}\n")
        self._clock.tick()
        return await super().step(action)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        self._clock.tick()
        return await super().sensitive_boxes()


class Looking:
    """Presses the button of the page that its step is about; where it is gone, the step is done."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._page = clock, ""

    def reset(self, task: Task) -> None:
        self._page = task.goal

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self._clock.tick()
        due = observation.title == self._page
        actions = (Click(point=button(int(self._page)).center), Finish()) if due else (Finish(),)
        return Decision(actions=actions, frame=observation.screenshot.frame)


def live(folder: Path, kill_at: int, *, again: bool) -> None:
    """One life of the run."""
    clock = Clock(kill_at)
    sys.addaudithook(clock.audit)
    world, policy, run_dir = World(folder / "log", clock), Looking(clock), folder / "run"
    if again:
        agent = Agent.resume(run_dir, policy=policy, environment=world)
    else:
        task = Task(goal="all", steps=tuple(map(str, range(STEPS))))
        agent = Agent(task, policy=policy, environment=world, run_dir=run_dir)
    os._exit(agent.run().exit_code)


def lives(folder: Path, kill_at: int) -> dict[str, object]:
    """Live until one life comes to its end."""
    folder.mkdir(parents=True)
    for life in range(1, MOST_LIVES):
        begun = (folder / "run" / "run.json").exists()
        child = os.fork()
        if child == 0:
            live(folder, kill_at if life % 3 else 0, again=begun)  # every third life lives on
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            log = (folder / "log").read_text().split() if (folder / "log").exists() else []
            return {"kill_at": kill_at, "lives": life, "exit": os.WEXITSTATUS(status), "log": log}
    return {"kill_at": kill_at, "lives": MOST_LIVES, "exit": None, "log": []}


def main() -> None:
    folder, first, last, stride = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    for kill_at in range(first, last, stride):
        print(json.dumps(lives(folder / str(kill_at), kill_at)), flush=True)


if __name__ == "__main__":
    main()
