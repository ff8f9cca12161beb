"""The suites of BrowserGym, each episode as BrowserGym begins, limits and scores it. It has no oracle for any."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from ...environments import BrowserGymEnvironment, Environment
from ...environments.browsergym.process import SERVER
from ...environments.miniwob.pages import PageServer
from ...errors import EnvironmentLost, UsageError
from ...tools import Action, Finish, Limits, Task
from ..row import Key
from ..suite import Choice, Scored
from .known import Known
from .settings import count, flag, number, require_known

NAMES = SERVER.with_name("names.py")
NAMES_S = 120.0
DELAY_S = 0.5
"""What BrowserGym waits before each look, unless told."""
NEEDS = "clickwright setup browsergym FOLDER --suite {0}; then --set python=FOLDER/bin/python"


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """One suite. Steps and whether episodes may run side by side are those of BrowserGym's own benchmarks
    (browsergym/experiments/benchmark/configs.py)."""

    title: str
    steps: int
    needs: str = ""
    shares_sites: bool = False


ABOUT: Mapping[str, _About] = {
    "miniwob": _About(title="MiniWoB++ in BrowserGym", steps=10),
    "webarena": _About(title="WebArena", steps=30, needs="its sites", shares_sites=True),
    "visualwebarena": _About(title="VisualWebArena", steps=30, needs="its sites", shares_sites=True),
    "workarena": _About(title="WorkArena", steps=15, needs="a ServiceNow instance"),
    "assistantbench": _About(title="AssistantBench", steps=30, needs="the open web"),
}


class BrowserGym:
    """Implements `OnlineSuite`. Settings: `python`, `steps`, `delay_s` before each look, `elements`.

    A task is a name such as `click-test` or `410`, without the name of the suite.
    """

    metric = "success rate"

    def __init__(self, package: str, choice: Choice) -> None:
        require_known(choice.settings, "python", "steps", "delay_s", "elements")
        self._package, self._choice = package, choice
        self._python = choice.settings.get("python", "")
        if not self._python:
            raise UsageError(f"BrowserGym has a Python of its own: {NEEDS.format(package)}")

    def keys(self) -> Sequence[Key]:
        if unknown := [name for name in self._choice.tasks if name not in self.names]:
            few = ", ".join(self.names[:3])
            raise UsageError(f"{ABOUT[self._package].title} has no task {unknown[0]!r}; it has such as {few}")
        return self._choice.keys(self._choice.tasks or self.names)

    def stage(self) -> "BrowserGymStage":
        return BrowserGymStage(self._package, self._python, self._choice.settings)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The tasks that BrowserGym registers."""
        return task_names(self._python, self._package)


class BrowserGymStage:
    """Implements `Stage`. BrowserGym starts a browser for each episode; its process is kept for those of one task."""

    def __init__(self, package: str, python: str, settings: Mapping[str, str]) -> None:
        self._package, self._python = package, python
        self._steps = count(settings, "steps", ABOUT[package].steps)
        self._elements = flag(settings, "elements")
        self._settings = {"pre_observation_delay": number(settings, "delay_s", DELAY_S, least=0)}
        self._gym: BrowserGymEnvironment | None = None
        self._pages: PageServer | None = None

    @property
    def environment(self) -> Environment:
        return self._begun

    async def begin(self, key: Key) -> Task:
        name = f"browsergym/{self._package}.{key.task}"
        if self._gym is None or self._gym.task != name:
            await self.close()
            self._serve_pages()
            settings = self._settings
            self._gym = BrowserGymEnvironment(name, python=self._python, settings=settings, elements=self._elements)
        self._gym.seed = key.seed
        task = await self._gym.begin()
        return task.model_copy(update={"limits": Limits(steps=self._steps)})

    async def is_over(self) -> bool:
        return self._begun.episode.is_over

    async def oracle(self) -> Action | None:
        raise UsageError("BrowserGym has no oracle")

    async def score(self, finish: Finish | None) -> Scored:
        """What the agent said at its end is told to BrowserGym first, as many tasks are scored by it."""
        if finish is not None and not self._begun.episode.is_over:
            await self._begun.step(finish)
        episode = self._begun.episode
        score = float(episode.is_success)
        why = "" if episode.is_success else f"the reward was {episode.reward:g}"
        return Scored(score=score, success=episode.is_success, reward=episode.reward, reason=why)

    async def close(self) -> None:
        gym, self._gym = self._gym, None
        if gym is not None:
            await gym.close()
        pages, self._pages = self._pages, None
        if pages is not None:
            pages.close()

    def _serve_pages(self) -> None:
        """MiniWoB++'s pages, for BrowserGym's process to find: over HTTP as in our own suite, and not from files."""
        if self._package == "miniwob":
            self._pages = PageServer()
            os.environ["MINIWOB_URL"] = self._pages.url("").removesuffix(".html")

    @property
    def _begun(self) -> BrowserGymEnvironment:
        if self._gym is None:
            raise EnvironmentLost("no episode has begun")
        return self._gym


def task_names(python: str, package: str) -> tuple[str, ...]:
    """The tasks of a suite. Raises UsageError where that Python or the suite in it is missing."""
    try:
        done = subprocess.run(
            [python, str(NAMES), package], capture_output=True, text=True, timeout=NAMES_S, check=False
        )
    except (FileNotFoundError, PermissionError):
        raise UsageError(f"there is no Python at {python}: {NEEDS.format(package)}") from None
    except subprocess.TimeoutExpired:
        raise UsageError(f"{python} did not name its tasks within {NAMES_S:g} s") from None
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it did not say why"])[-1]
        raise UsageError(f"{python} has no tasks of {package} ({last[:200]}): {NEEDS.format(package)}")
    return tuple(name.partition(".")[2] for name in json.loads(done.stdout))


SUITES: Mapping[str, Known] = {
    f"browsergym-{package}": Known(
        title=about.title,
        metric=BrowserGym.metric,
        open=partial(BrowserGym, package),
        needs=NEEDS.format(package) + (f"; {about.needs}" if about.needs else ""),
        is_online=True,
        is_shared=about.shares_sites,
    )
    for package, about in ABOUT.items()
}
