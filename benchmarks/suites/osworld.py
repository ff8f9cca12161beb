"""OSWorld: tasks on virtual machines, through OSWorld's own environment and scored by it. It has no oracle.

Its package and its machines are installed by its own guide, beside Clickwright. `data` is its folder
evaluation_examples: `test_all.json` names the tasks by domain, `examples/DOMAIN/ID.json` holds each.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from ...environments import Environment, OSWorldEnvironment
from ...environments.osworld.environment import EVALUATE_S, RESET_S, Desktop
from ...errors import EnvironmentLost, UsageError
from ...tools import Action, Finish, Limits, Task
from ..row import Key
from ..suite import Choice, Clocks, Scored
from .known import Known
from .settings import count, flag, number, require_known

STEPS = 15
"""The least of the budgets that results are published for: 15, 50 and 100."""
NEEDS = "OSWorld's package and machines, by its own guide; --data evaluation_examples"
INDEX = "test_all.json"
CLOCKS = Clocks(begin_s=RESET_S + 60, act_s=EVALUATE_S + 60, end_s=150)
"""A reset starts a machine, an evaluator may open things on it, a machine takes long to stop."""
MakeDesktop = Callable[[Mapping[str, str]], Desktop]


class OSWorld:
    """Implements `OnlineSuite`. Settings: `provider`, `path_to_vm`, `steps`, `pause_s`, `tree`, `can_paste`, `index`.

    A task is a domain, such as `os`, or `os/ID`.
    """

    metric = "success rate"

    def __init__(self, choice: Choice, make: "MakeDesktop | None" = None) -> None:
        settings = ("provider", "path_to_vm", "steps", "pause_s", "tree", "can_paste", "index")
        require_known(choice.settings, *settings)
        if choice.data is None:
            raise UsageError(f"OSWorld needs {NEEDS}")
        if choice.is_seeded:
            raise UsageError("the tasks of OSWorld have no seeds: try each more often by repeats")
        self._choice, self._folder, self._make = choice, choice.data, make or make_desktop

    def keys(self) -> Sequence[Key]:
        names = [f"{domain}/{name}" for domain, names in self._index().items() for name in names]
        wanted = self._choice.tasks or tuple(self._index())
        chosen = [name for name in names if name in wanted or name.partition("/")[0] in wanted]
        if unknown := [one for one in wanted if not any(name == one or name.startswith(f"{one}/") for name in names)]:
            raise UsageError(f"OSWorld has no task {unknown[0]!r}; its domains are {', '.join(self._index())}")
        return [Key(task=name, repeat=repeat) for name in chosen for repeat in range(self._choice.repeats)]

    def stage(self) -> "OSWorldStage":
        return OSWorldStage(self._folder, self._choice.settings, self._make)

    def _index(self) -> dict[str, list[str]]:
        told = _read(self._folder / self._choice.settings.get("index", INDEX))
        if not all(isinstance(names, list) for names in told.values()):
            raise UsageError(f"{self._folder / INDEX} does not name tasks by domain")
        return cast(dict[str, list[str]], told)


class OSWorldStage:
    """Implements `Stage`: one virtual machine, set back to its snapshot for each episode."""

    def __init__(self, folder: Path, settings: Mapping[str, str], make: MakeDesktop) -> None:
        self._folder, self._settings, self._make = folder, settings, make
        self._steps = count(settings, "steps", STEPS)
        self._world: OSWorldEnvironment | None = None

    @property
    def environment(self) -> Environment:
        return self._begun

    async def begin(self, key: Key) -> Task:
        domain, _, name = key.task.partition("/")
        config = _read(self._folder / "examples" / domain / f"{name}.json")
        if self._world is None:
            self._world = OSWorldEnvironment(
                self._make(self._settings),
                pause_s=number(self._settings, "pause_s", 2.0),
                can_paste=flag(self._settings, "can_paste"),
                tells_elements=flag(self._settings, "tree"),
            )
        self._world.task_config = config
        return Task(goal=str(config.get("instruction") or key.task), limits=Limits(steps=self._steps, seconds=3600))

    async def is_over(self) -> bool:
        return self._begun.is_done

    async def oracle(self) -> Action | None:
        raise UsageError("OSWorld has no oracle")

    async def score(self, finish: Finish | None) -> Scored:
        """The end is told first: tasks that cannot be done are scored by whether the agent says so."""
        if finish is not None and not self._begun.is_done:
            await self._begun.step(finish)
        reward = await self._begun.evaluate()
        score = min(1.0, max(0.0, reward))
        why = "" if score >= 1 else f"OSWorld's evaluator gave {reward:g}"
        return Scored(score=score, success=score >= 1, reward=reward, reason=why)

    async def close(self) -> None:
        world, self._world = self._world, None
        if world is not None:
            await world.close()

    @property
    def _begun(self) -> OSWorldEnvironment:
        if self._world is None:
            raise EnvironmentLost("no episode has begun")
        return self._world


def make_desktop(settings: Mapping[str, str]) -> Desktop:
    """A machine of OSWorld's own. Raises UsageError where its package is not installed."""
    try:
        module: Any = import_module("desktop_env.desktop_env")
    except ModuleNotFoundError as error:
        raise UsageError(f"OSWorld is not installed here ({error}): see its own guide") from None
    return module.DesktopEnv(
        provider_name=settings.get("provider", "docker"),
        path_to_vm=settings.get("path_to_vm"),
        action_space="pyautogui",
        require_a11y_tree=flag(settings, "tree"),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        told: object = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from None
    if not isinstance(told, dict):
        raise UsageError(f"{path} holds no object of JSON")
    return cast(dict[str, Any], told)


SUITES: Mapping[str, Known] = {
    "osworld": Known(title="OSWorld", metric=OSWorld.metric, open=OSWorld, needs=NEEDS, clocks=CLOCKS, is_online=True),
}
