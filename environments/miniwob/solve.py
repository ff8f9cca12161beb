"""Oracles: they read in a page what solves its episode, do it with real mouse and keyboard, and tell what they did."""

import re
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

from ...errors import UsageError
from ...screen import Point
from ...tools import Action, Click, Drag, Hover, Press, Scroll, SelectOption, Task, TypeText, Wait
from .environment import MiniWobEnvironment, MiniWobEpisode, episode_url

SEARCH_DEPTH = 5
SEARCH_S = 2.5
MAX_ACTIONS = 100

_Step = dict[str, Any]
"""What a script says: `kind`, and what that needs, places in CSS pixels."""

_NEXT = """() => {
  try {
    return window.clickwrightRule.next().value || null;
  } catch (error) {
    return null;  // the page holds something that the rule does not know
  }
}"""


class Played(Protocol):
    """What an oracle needs of what plays an episode, as `MiniWobEnvironment` does."""

    success_reward: float

    @property
    def episode(self) -> MiniWobEpisode: ...

    async def reset(self, task: Task) -> object: ...

    async def run(self, script: str, argument: object = None, *, extra_s: float = 0.0) -> Any: ...


async def solve(environment: MiniWobEnvironment, seed: int, *, search_s: float = SEARCH_S) -> tuple[Action, ...] | None:
    """Actions that solve the episode with this seed, or None where no way was found.

    By the rule of the task where there is one, else by a search of at most `search_s` seconds. They were carried out
    through the environment and earned the reward that counts as a success; after the same reset they do so again.
    """
    actions = await solve_by_rule(environment, seed) if environment.name in rule_names() else None
    return actions or await solve_by_search(environment, seed, search_s=search_s)


async def solve_by_rule(environment: MiniWobEnvironment, seed: int) -> tuple[Action, ...] | None:
    """Like `solve`, by the rule of the task alone. Raises UsageError where there is none."""
    scale = await _begin(environment, seed)
    await _take_rule(environment)
    return await _carry_out(environment, _told_by_rule(environment), scale)


async def solve_by_search(
    environment: MiniWobEnvironment, seed: int, *, search_s: float = SEARCH_S, depth: int = SEARCH_DEPTH
) -> tuple[Action, ...] | None:
    """Like `solve`, by trying in the page what can be clicked, typed and chosen, up to `depth` times in a row."""
    await _begin(environment, seed)
    plan = await _search(environment, seed, search_s, depth)
    if plan is None:
        return None
    return await _carry_out(environment, _told(plan), await _begin(environment, seed))


class Oracle:
    """What solves the episode that has begun, one action at a time, for whoever carries them out.

    By the rule of the task, else by a search, after which the episode begins once more.
    """

    def __init__(self, environment: Played, *, search_s: float = SEARCH_S) -> None:
        self._environment = environment
        self._search_s = search_s
        self._steps: AsyncIterator[_Step] | None = None

    async def next(self, scale: float) -> Action | None:
        """The next action, in pixels of screenshots of this scale; None when no more is known."""
        if self._steps is None:
            self._steps = await self._begun()
        step = await anext(self._steps, None)
        return None if step is None else _action(step, scale)

    async def _begun(self) -> AsyncIterator[_Step]:
        environment, episode = self._environment, self._environment.episode
        if episode.task in rule_names():
            await _take_rule(environment)
            return _told_by_rule(environment)
        plan = await _search(environment, episode.seed, self._search_s, SEARCH_DEPTH)
        await environment.reset(_task(episode.task, episode.seed))
        return _told(plan or [])


@cache
def rule_names() -> tuple[str, ...]:
    """The tasks that have a rule, sorted."""
    return tuple(sorted(re.findall(r'^  "([a-z0-9-]+)"', _source("rules"), re.MULTILINE)))


async def _begin(environment: MiniWobEnvironment, seed: int) -> float:
    """The scale of the screenshots of the episode that begins."""
    seen = await environment.reset(_task(environment.name, seed))
    return seen.screenshot.scale


def _task(name: str, seed: int) -> Task:
    return Task(goal=name, start_url=episode_url(name, seed))


async def _take_rule(environment: Played) -> None:
    """Give the page the rule of its task. Raises UsageError where there is none."""
    name = environment.episode.task
    if name not in rule_names():
        raise UsageError(f"there is no rule for {name}; there are {', '.join(rule_names())}")
    rules = f"({_source('rules')})(({_source('ways')})())"
    rule = f"(name) => {{ window.clickwrightRule = {rules}[name](({_source('steps')})()) }}"
    await environment.run(rule, name)


async def _search(environment: Played, seed: int, search_s: float, depth: int) -> list[_Step] | None:
    asked = {"seed": seed, "depth": depth, "budget_ms": 1000 * search_s, "least": environment.success_reward}
    return cast(list[_Step] | None, await environment.run(_source("search"), asked, extra_s=search_s))


async def _carry_out(
    environment: MiniWobEnvironment, steps: AsyncIterator[_Step], scale: float
) -> tuple[Action, ...] | None:
    """The actions, where they solve the episode that has begun."""
    actions: list[Action] = []
    async for step in steps:
        actions.append(_action(step, scale))
        seen = await environment.step(actions[-1])
        if seen.error is not None or environment.episode.done or len(actions) == MAX_ACTIONS:
            break
    return tuple(actions) if environment.episode.success else None


async def _told_by_rule(environment: Played) -> AsyncIterator[_Step]:
    """Each step is asked for when those before it are done: only then is known what stands where."""
    while (step := cast(_Step | None, await environment.run(_NEXT))) is not None:
        yield step


async def _told(plan: list[_Step]) -> AsyncIterator[_Step]:
    for step in plan:
        yield step


def _action(step: _Step, scale: float) -> Action:
    place = Point(step["x"], step["y"]).scale(scale, scale) if "x" in step else Point(0, 0)
    match step["kind"]:
        case "click":
            return Click(point=place, count=step.get("count", 1), modifiers=tuple(step.get("modifiers", ())))
        case "hover":
            return Hover(point=place)
        case "drag":
            path = tuple(Point(x, y).scale(scale, scale) for x, y in step["path"])
            return Drag(path=path, duration_s=step.get("duration_s", 0.1))
        case "scroll":
            return Scroll(point=place, dy=step["dy"] * scale)
        case "select":
            return SelectOption(point=place, label=step["label"])
        case "type":
            return TypeText(text=step["text"])
        case "press":
            return Press(keys=tuple(step["keys"]))
        case "wait":
            return Wait(seconds=step["seconds"])
        case kind:
            raise AssertionError(f"a script said {kind!r}, which is no kind of step")


@cache
def _source(name: str) -> str:
    return (Path(__file__).parent / f"{name}.js").read_text("utf-8").strip()
