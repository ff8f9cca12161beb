"""The names under which `gymnasium.make` knows our environments, and how each is made."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, cast

import gymnasium

from ...errors import UsageError
from ...screen import Size
from ...tools import Task
from ..environment import Environment
from ..miniwob.pages import task_names
from .environment import Score, ScreenEnvironment
from .spaces import KINDS, SCREEN_KINDS

NAMESPACE = "clickwright"
MINIWOB_STEPS = 50
SCREEN_STEPS = 100
_ROOM = __name__.rpartition(".")[0].rpartition(".")[0]
_DESKTOP = f"{_ROOM}.desktop.environment"


def register_all() -> None:
    """Make every environment known to Gymnasium; harmless when called again."""
    _register("browser-v0", make_browser, SCREEN_STEPS)
    if find_spec(f"{_ROOM}.desktop") is not None:
        _register("desktop-v0", make_desktop, SCREEN_STEPS)
    try:
        names = task_names()
    except UsageError:
        return  # the pages are not installed
    for name in names:
        _register(f"miniwob.{name}-v1", make_miniwob, MINIWOB_STEPS, task=name)


def _register(name: str, make: Any, steps: int, **options: Any) -> None:
    known = f"{NAMESPACE}/{name}"
    if known not in gymnasium.registry:
        add = cast(Callable[..., None], gymnasium.register)  # pyright: ignore[reportUnknownMemberType]
        add(known, entry_point=make, max_episode_steps=steps, kwargs=options)


def make_miniwob(task: str, *, render_mode: str | None = None, **options: Any) -> ScreenEnvironment:
    """One MiniWoB++ task; `options` are those of `MiniWobEnvironment`. The reward is the page's raw one, at the end."""
    from ..miniwob.environment import VIEWPORT, MiniWobEnvironment

    environment = MiniWobEnvironment(task, **options)

    def score() -> Score:
        episode = environment.episode
        told = (("seed", episode.seed), ("success", episode.success))
        return Score(reward=episode.reward, done=episode.done, info=told)

    size = _scaled(options.get("viewport", VIEWPORT), options.get("device_scale", 1.0))
    return ScreenEnvironment(
        environment, environment.task, score=score, size=size, kinds=SCREEN_KINDS, render_mode=render_mode
    )


def make_browser(
    start_url: str = "", *, goal: str = "Do what you like.", render_mode: str | None = None, **options: Any
) -> ScreenEnvironment:
    """A browser at `start_url`; `options` are those of `BrowserEnvironment`. No reward: "finish" ends an episode."""
    from ..browser.environment import VIEWPORT, BrowserEnvironment

    size = _scaled(options.get("viewport", VIEWPORT), options.get("device_scale", 1.0))
    environment = BrowserEnvironment(start_url, **options)
    return _plain(environment, goal, kinds=KINDS, size=size, render_mode=render_mode)


def make_desktop(
    app: Sequence[str] = (), *, goal: str = "Do what you like.", render_mode: str | None = None, **options: Any
) -> ScreenEnvironment:
    """A desktop with `app`; `options` are those of `DesktopEnvironment`. No reward: "finish" ends an episode."""
    from importlib import import_module

    environment = import_module(_DESKTOP).DesktopEnvironment(app, **options)
    return _plain(environment, goal, kinds=SCREEN_KINDS, size=None, render_mode=render_mode)


def _plain(environment: Environment, goal: str, **options: Any) -> ScreenEnvironment:
    async def task_of(seed: int) -> Task:
        return Task(goal=goal)

    return ScreenEnvironment(environment, task_of, **options)


def _scaled(viewport: Size, device_scale: float) -> Size:
    return Size(round(viewport.width * device_scale), round(viewport.height * device_scale))
