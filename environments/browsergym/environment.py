"""Any environment of BrowserGym as one of ours: MiniWoB++, WebArena, VisualWebArena, WorkArena, AssistantBench."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Element, Observation, Screenshot, Size, Tab
from ...tools import Action, Finish, Navigate, NewTab, Press, Task, TypeText, Wait, points_of
from ..environment import Facts, Judge
from ..points import refuse_off_screen
from .calls import SUBSETS, calls
from .process import GymProcess, Told

RESET_S = 180.0
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """How the episode stands. `reward` is that of the last step, `goal` what the task asks for.

    `info` is the task's own report as JSON. `said` are the messages of the user in its chat.
    """

    goal: str = ""
    said: tuple[str, ...] = ()
    reward: float = 0.0
    terminated: bool = False
    truncated: bool = False
    steps: int = 0
    info: str = ""

    @property
    def is_over(self) -> bool:
        return self.terminated or self.truncated

    @property
    def is_success(self) -> bool:
        """Whether the reward is above 0, as BrowserGym counts it: in MiniWoB++ any raw reward above 0 gives 1."""
        return self.reward > 0


class BrowserGymEnvironment:
    """The page of a BrowserGym environment. Points are pixels of its screenshot, which some tasks take enlarged.

    `task` is a name such as browsergym/miniwob.click-test; `python` that of a virtual environment with BrowserGym,
    which `clickwright setup browsergym` makes. `seed` may be replaced before a reset. `settings` are further arguments
    of BrowserGym's BrowserEnv, such as headless, slow_mo or pre_observation_delay. With `elements` every observation
    tells what can be acted on.

    `episode` holds reward and end after each step. An agent keeps Finish to itself: give it to `step` when the run is
    over, as many tasks are scored by the answer. Looking without acting is a step that waits 0 ms. Nobody confines the
    browser, which BrowserGym starts: an agent has to be told `unconfined`.
    """

    def __init__(
        self,
        task: str,
        *,
        python: Path | str,
        task_kwargs: Mapping[str, Any] | None = None,
        seed: int | None = 0,
        settings: Mapping[str, Any] | None = None,
        elements: bool = False,
        deadline_s: float = 60.0,
        reset_s: float = RESET_S,
    ) -> None:
        self.task = task
        self.seed = seed
        self.episode = Episode()
        self.deadline_s = deadline_s
        self._settings = dict(settings or {}) | ({"task_kwargs": dict(task_kwargs)} if task_kwargs else {})
        self._tells_elements = elements
        self._reset_s = reset_s
        self._gym = GymProcess(str(python))
        self._last: Observation | None = None
        self._is_begun = False

    @property
    def start_url(self) -> str:
        """Nothing: the task of BrowserGym knows where it starts."""
        return ""

    def confine(self, judge: Judge) -> None:
        """Raises UsageError: the browser is BrowserGym's own."""
        raise UsageError("a browser that BrowserGym starts cannot be kept from other places")

    async def begin(self) -> Task:
        """Begin the episode of `seed`; what it asks for, for an agent and for the `reset` that shows it."""
        await self.reset(Task(goal=self.task))
        self._is_begun = True
        return Task(goal=self.episode.goal or self.task)

    async def reset(self, task: Task) -> Observation:
        """Begin the episode of `seed`, unless `begin` just did. The goal of `task` is not read here: `episode.goal` is
        what is asked for."""
        is_begun, self._is_begun = self._is_begun, False
        if is_begun and self._last is not None:
            return self._last
        self._last, self.episode = None, Episode()
        return await self._guard(self._begin(), self._reset_s)

    async def observe(self) -> Observation:
        last = self._require_open()
        if self.episode.is_over:
            return _calm(last)
        return await self._guard(self._act("noop(0)", None), self.deadline_s)

    async def step(self, action: Action) -> Observation:
        last = self._require_open()
        own_s = action.seconds if isinstance(action, Wait) else 0.0
        try:
            lines = self._calls(action, last)
        except ActionFailed as failure:
            return await self._refused(str(failure))
        if not lines:
            return await self.observe()
        before = None if isinstance(action, Finish) else last
        return await self._guard(self._act(lines, before), self.deadline_s + own_s)

    async def facts(self, action: Action) -> Facts:
        """The smallest thing with a role at the action's first point in the last observation, or the focused one."""
        last = self._require_open()
        if isinstance(action, Navigate | NewTab):
            return Facts(url=last.url, href=action.url)
        points = points_of(action)
        if not points and not isinstance(action, TypeText | Press):
            return Facts(url=last.url)
        x, y = (points[0].x, points[0].y) if points else (None, None)
        told, _ = await self._guard(self._gym.ask(do="facts", x=x, y=y), self.deadline_s)
        role, name = str(told.get("role", "")), str(told.get("name", ""))
        kind = await self._kind(action) if role == "textbox" else ""
        return Facts(point=points[0] if points else None, role=role, name=name, url=last.url, input_type=kind)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        last = self._require_open()
        told, _ = await self._guard(self._gym.ask(do="sensitive"), self.deadline_s)
        boxes = (_box(box).clip(last.screenshot.size) for box in told["boxes"])
        return tuple(box for box in boxes if box.area)

    async def close(self) -> None:
        self._last = None
        await self._gym.close(self.deadline_s)

    async def _begin(self) -> Observation:
        if not self._gym.is_running:
            await self._gym.kill()
            await self._gym.start()
            await self._gym.ask(do="make", task=self.task, subsets=SUBSETS, settings=self._settings)
        told, pixels = await self._gym.ask(do="reset", seed=self.seed, elements=self._tells_elements)
        self.episode = Episode(goal=told["goal"], said=tuple(told["said"]), info=told["info"])
        return self._shown(told, pixels)

    async def _act(self, lines: str, before: Observation | None) -> Observation:
        told, pixels = await self._gym.ask(do="step", action=lines, elements=self._tells_elements)
        self.episode = Episode(
            goal=told["goal"],
            said=tuple(told["said"]),
            reward=told["reward"],
            terminated=told["terminated"],
            truncated=told["truncated"],
            steps=self.episode.steps + (before is not None),
            info=told["info"],
        )
        return self._shown(told, pixels, before)

    def _calls(self, action: Action, last: Observation) -> str:
        for point in points_of(action):
            refuse_off_screen(point, last.screenshot.size)
        lines = calls(action, url=last.url, tabs=len(last.tabs))
        if lines and self.episode.is_over:
            if isinstance(action, Finish):
                return ""
            raise ActionFailed("the episode is over; nothing is done any more")
        return lines

    async def _refused(self, reason: str) -> Observation:
        calm = await self.observe()
        self._last = _calm(calm, error=reason)
        return self._last

    async def _kind(self, action: Action) -> str:
        points = points_of(action)
        if not points:
            return "text"
        return "password" if any(box.contains(points[0]) for box in await self.sensitive_boxes()) else "text"

    def _shown(self, told: Told, pixels: bytes, before: Observation | None = None) -> Observation:
        picture = np.frombuffer(pixels, np.uint8).reshape(told["shape"])
        shot = Screenshot(pixels=picture, scale=told["scale"])
        same = before is not None and before.screenshot.frame == shot.frame
        fault = " ".join(str(told["error"]).split())[:300]
        self._last = Observation(
            screenshot=shot,
            url=told["url"],
            title=told["titles"][told["active"]],
            tabs=_tabs(told),
            error=f"the page did not take it: {fault}" if fault and before is not None else None,
            events=("the episode is over",) if self.episode.is_over else (),
            elements=_elements(told["elements"], shot.size) if "elements" in told else None,
            effect=None if before is None or fault else "nothing" if same else "changed",
        )
        return self._last

    def _require_open(self) -> Observation:
        if self._last is None:
            raise EnvironmentLost("no episode is open; reset the environment first")
        return self._last

    async def _guard(self, work: Coroutine[Any, Any, _Result], seconds: float) -> _Result:
        """The result within the seconds; a process that hangs, ended or got something wrong is killed."""
        try:
            async with asyncio.timeout(seconds):
                return await work
        except TimeoutError:
            await self._lose()
            raise EnvironmentLost(f"BrowserGym did not answer within {seconds:g} s") from None
        except (EnvironmentLost, UsageError, asyncio.CancelledError):
            await self._lose()  # an answer that nobody waited for would be taken for the next one
            raise

    async def _lose(self) -> None:
        self._last = None
        await self._gym.kill()


def _calm(seen: Observation, error: str | None = None) -> Observation:
    """The same screen without what the last action did."""
    return Observation(
        screenshot=seen.screenshot,
        url=seen.url,
        title=seen.title,
        tabs=seen.tabs,
        error=error,
        events=seen.events,
        elements=seen.elements,
    )


def _tabs(told: Told) -> tuple[Tab, ...]:
    pages = zip(told["urls"], told["titles"], strict=True)
    return tuple(
        Tab(title=title, url=url, active=number == told["active"]) for number, (url, title) in enumerate(pages)
    )


def _box(told: list[float]) -> Box:
    x, y, width, height = told
    return Box(x, y, x + max(width, 0), y + max(height, 0))


def _elements(told: list[Told], size: Size) -> tuple[Element, ...]:
    placed = ((one, _box(one["box"]).clip(size)) for one in told)
    return tuple(Element(box=box, role=one["role"], name=one["name"]) for one, box in placed if box.area)
