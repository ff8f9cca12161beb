"""A MiniWoB++ task as an environment: its page in our browser, its goal, its reward, and when it is over."""

import asyncio
import re
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from playwright.async_api import Error as PlaywrightError

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Size
from ...tools import Action, Ask, CallTool, Finish, Task
from ..browser.environment import BrowserEnvironment
from ..browser.faults import reason_of
from ..browser.launch import Chromium
from ..browser.window import BrowserWindow
from ..environment import Facts
from .pages import PageServer, require_task
from .scripts import BEGIN, PREPARE, SETTLE, STATE

_Result = TypeVar("_Result")

SCHEME = "miniwob"
_EPISODE = re.compile(rf"{SCHEME}:([^?]+)(?:\?seed=([0-9]+))?")
VIEWPORT = Size(336, 224)
"""BrowserGym's 332 x 214 in multiples of 28, so that a screenshot is the model's grid, 12 x 8 tokens.

A task takes the left 160 x 210 of it. In a narrower window jQuery puts dialogs where they are not seen.
"""
SUCCESS_REWARD = 1.0
"""The raw reward from which an episode counts as solved. BrowserGym counts any above 0."""
_NOWHERE = (-1, -1)
"""Where the pointer is before an episode, as on a new page: it would hover over what comes to stand there."""
OVER = "the episode is over; nothing more can be done in it"


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniWobEpisode:
    """How an episode of a task stands. `reward` is the page's raw one, -1 to 1, without its discount for time."""

    task: str
    seed: int
    utterance: str
    reward: float = 0.0
    done: bool = False
    success: bool = False


class MiniWobEnvironment:
    """One MiniWoB++ task. A task with the start URL `miniwob:NAME?seed=N` begins that episode, any other the own one.

    The same seed gives the same episode, in the miniwob package too; BrowserGym draws it from its own seed. An episode
    is a success from the raw reward `success_reward` on. One page is kept for all episodes, and only what happens in
    it begins anew; with `fresh_page` it is loaded anew for each. What is not named here is as in `BrowserEnvironment`.

    Raises UsageError for an unknown task, and where the pages are not installed.
    """

    def __init__(
        self,
        task: str = "click-test",
        *,
        seed: int = 0,
        success_reward: float = SUCCESS_REWARD,
        fresh_page: bool = False,
        viewport: Size = VIEWPORT,
        device_scale: float = 1.0,
        headless: bool = True,
        executable: Path | str | None = None,
        deadline_s: float = 15.0,
        elements: bool = False,
        chromium: Chromium | None = None,
    ) -> None:
        require_task(task)
        self.name = task
        """The task of episodes that no start URL names. May be set."""
        self.seed = seed
        self.deadline_s = deadline_s
        self.success_reward = success_reward
        self._fresh_page = fresh_page
        self._server: PageServer | None = None
        self._episode: MiniWobEpisode | None = None
        self._url = ""
        self._frame = ""
        self._asked: tuple[str, int] | None = None  # begun by `task`: a second beginning would leave its timers behind
        self.browser = BrowserEnvironment(
            viewport=viewport,
            device_scale=device_scale,
            headless=headless,
            executable=executable,
            deadline_s=deadline_s,
            elements=elements,
            chromium=chromium,
            waits=_wait,
        )

    @property
    def episode(self) -> MiniWobEpisode:
        """How the episode stands. Raises UsageError before the first."""
        if self._episode is None:
            raise UsageError("no episode has begun; reset the environment first")
        return self._episode

    async def task(self, seed: int | None = None) -> Task:
        """The task of an episode, in the page's own words, for an agent and for `reset`. Begins the episode."""
        await self._begin(self.name, self.seed if seed is None else seed)
        episode = self.episode
        self._asked = (episode.task, episode.seed)
        url = episode_url(episode.task, episode.seed)
        return Task(goal=episode.utterance, start_url=url, ends_itself=True)

    async def reset(self, task: Task) -> Observation:
        """Begin the episode that the task names. Raises UsageError for a URL that is not one of an episode."""
        name, seed = _read(task.start_url) if task.start_url else (self.name, self.seed)
        if self._asked != (name, seed):
            await self._begin(name, seed)
        self._asked = None
        seen = await self.browser.glance()
        self._frame = seen.screenshot.frame
        return seen

    async def observe(self) -> Observation:
        """The page now; what happened in it by itself counts for the episode."""
        self._require_begun()
        seen = await self.browser.observe()
        self._frame = seen.screenshot.frame
        await self._read_state()
        return seen

    async def step(self, action: Action) -> Observation:
        """Do one action. In an episode that is over nothing is done, and the observation says so."""
        episode = self._require_begun()
        self._asked = None
        if episode.done and not isinstance(action, CallTool | Ask | Finish):
            return replace(await self.browser.glance(), error=OVER, effect="nothing")
        before = self._frame
        seen = await self.browser.step(action)
        await self._read_state()
        self._frame = seen.screenshot.frame
        if seen.effect in (None, "nothing"):
            seen = replace(seen, effect="nothing" if self._frame == before else "changed")
        return seen

    async def recover(self) -> Observation:
        """The page as it is. Raises EnvironmentLost where it was lost: half an episode cannot be brought back."""
        return await self.observe()

    async def facts(self, action: Action) -> Facts:
        return await self.browser.facts(action)

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return await self.browser.sensitive_boxes()

    async def close(self) -> None:
        self._url, self._asked = "", None
        await self.browser.close()
        server, self._server = self._server, None
        if server is not None:
            await asyncio.to_thread(server.close)

    async def run(self, script: str, argument: object = None, *, extra_s: float = 0.0) -> Any:
        """The value of a function of the page, or of its promise, which may take `extra_s` beyond the deadline.

        Raises EnvironmentLost when the page has none.
        """
        return await self._guarded(self.browser.window.active.page.evaluate(script, argument), extra_s)

    # How it works.

    async def _guarded(self, work: Coroutine[Any, Any, _Result], extra_s: float = 0.0) -> _Result:
        try:
            async with asyncio.timeout(self.deadline_s + extra_s):
                return await work
        except TimeoutError:
            reason = f"the page did not answer within {self.deadline_s:g} s"
        except PlaywrightError as error:
            reason = f"the page failed: {reason_of(error)}"
        self._url = ""
        raise EnvironmentLost(reason)

    async def _begin(self, name: str, seed: int) -> None:
        url = self._page_url(name)
        utterance = None
        if self._url:
            with suppress(EnvironmentLost, ActionFailed):  # a page that does not answer is given up
                utterance = await self._begin_in_kept_tab(url, seed)
        if utterance is None:
            self._url = ""
            await self.browser.reset(Task(goal=name, start_url=url))
            await self.run(PREPARE)
            utterance = await self.run(BEGIN, seed)
        self._url = url
        self._episode = MiniWobEpisode(task=name, seed=seed, utterance=str(utterance))

    async def _begin_in_kept_tab(self, url: str, seed: int) -> str | None:
        """What is asked for; None where more than one tab is open."""
        window = self.browser.window
        if len(window.pages) > 1:
            return None
        await self._guarded(window.active.page.mouse.move(*_NOWHERE))
        if self._fresh_page or not self._is_shown(url):
            await window.goto(url, self.deadline_s)
            await self.run(PREPARE)
        return await self.run(BEGIN, seed)

    def _page_url(self, name: str) -> str:
        if self._server is None:
            self._server = PageServer()
        return self._server.url(name)

    def _is_shown(self, url: str) -> bool:
        return self._url == url and self.browser.window.active.page.url.partition("#")[0] == url

    def _require_begun(self) -> MiniWobEpisode:
        if not self._url:
            raise EnvironmentLost("no episode has begun; reset the environment first")
        return self.episode

    async def _read_state(self) -> None:
        """Bring the episode up to date. Its first end counts."""
        episode = self.episode
        if not episode.done:
            done, reward = await self.run(STATE, episode.seed)
            success = bool(done) and float(reward) >= self.success_reward
            self._episode = replace(episode, reward=float(reward), done=bool(done), success=success)


async def _wait(window: BrowserWindow) -> bool:
    """Three times as quick as for any page: these load nothing after their beginning, and stay where they are."""
    page = window.active
    if page.is_navigating or page.is_loading or len(window.pages) > 1:
        return False
    try:
        await page.evaluate(SETTLE)
    except PlaywrightError:
        return False
    return not page.is_loading


def episode_url(name: str, seed: int) -> str:
    """What begins the episode as the start URL of a task."""
    return f"{SCHEME}:{name}?seed={seed}"


def _read(url: str) -> tuple[str, int]:
    """Name and seed of `miniwob:NAME?seed=N`."""
    parts = _EPISODE.fullmatch(url)
    if parts is None:
        raise UsageError(f"{url!r} is no episode of MiniWoB++, such as {SCHEME}:click-test?seed=3")
    require_task(parts[1])
    return parts[1], int(parts[2] or 0)
