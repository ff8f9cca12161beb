"""Environments of ours in Gymnasium: its own checker, what actions become, rewards, and ends of episodes."""

import os
import signal
import threading
from collections.abc import Generator
from typing import Any

import clickwright.environments.gymnasium_api  # noqa: F401  registers
import gymnasium
import numpy as np
import pytest
from clickwright.environments import MemoryEnvironment, MemoryItem
from clickwright.environments.gymnasium_api.environment import ScreenEnvironment
from clickwright.environments.gymnasium_api.spaces import KINDS, SCREEN_KINDS, action_of, action_space, member_of
from clickwright.environments.miniwob.pages import task_names
from clickwright.errors import UsageError
from clickwright.screen import Box, Point, Size
from clickwright.tools import (
    Action,
    Back,
    Click,
    Drag,
    Finish,
    Hover,
    Navigate,
    NewTab,
    Press,
    Scroll,
    SelectOption,
    Task,
    TypeText,
    Wait,
)
from gymnasium.utils.env_checker import check_env

SIZE = Size(336, 224)


@pytest.fixture(scope="module")
def click_test() -> Generator[ScreenEnvironment]:
    environment = gymnasium.make("clickwright/miniwob.click-test-v1")
    yield environment.unwrapped  # type: ignore[misc]
    environment.close()
    environment.close()


def test_every_task_is_registered() -> None:
    assert {f"clickwright/miniwob.{name}-v1" for name in task_names()} <= set(gymnasium.registry)
    assert "clickwright/browser-v0" in gymnasium.registry


@pytest.mark.slow
def test_miniwob_passes_gymnasiums_checker() -> None:
    check_env(gymnasium.make("clickwright/miniwob.click-test-v1").unwrapped)


@pytest.mark.slow
def test_a_browser_passes_gymnasiums_checker() -> None:
    page = "data:text/html,<title>Hi</title><button>Press</button>"
    check_env(gymnasium.make("clickwright/browser-v0", start_url=page, viewport=Size(168, 112)).unwrapped)


def test_an_episode_is_solved_by_a_member_of_the_action_space(click_test: ScreenEnvironment) -> None:
    first, told = click_test.reset(seed=7)
    assert first in click_test.observation_space
    assert (first["instruction"], told["seed"]) == ("Click the button.", 7)
    assert "click-test" in told["url"]
    rows, columns = (first["pixels"] == 239).all(axis=2).nonzero()  # the face of a button
    middle = Point(float(np.median(columns)), float(np.median(rows)))
    action = member_of(Click(point=middle), SCREEN_KINDS, click_test.size)
    assert action in click_test.action_space
    seen, reward, terminated, truncated, told = click_test.step(action)
    assert (reward, terminated, truncated, told["success"], told["effect"]) == (1.0, True, False, True, "changed")
    assert seen["pixels"].shape == (224, 336, 3)
    _, reward, terminated, _, told = click_test.step(action)
    assert (reward, terminated) == (0.0, True)
    assert "is over" in told["error"]


def test_the_same_seed_is_the_same_episode_and_no_seed_another(click_test: ScreenEnvironment) -> None:
    one, _ = click_test.reset(seed=3)
    other, told = click_test.reset()
    again, _ = click_test.reset(seed=3)
    assert np.array_equal(one["pixels"], again["pixels"])
    assert told["seed"] != 3
    assert not np.array_equal(one["pixels"], other["pixels"])


@pytest.mark.slow
def test_a_screen_that_is_lost_truncates_and_comes_back() -> None:
    environment: ScreenEnvironment = gymnasium.make("clickwright/miniwob.click-test-v1").unwrapped  # type: ignore[assignment]
    environment.reset(seed=1)
    pid = environment.environment.browser.chromium.pid  # type: ignore[attr-defined]
    os.kill(pid, signal.SIGKILL)
    _, reward, terminated, truncated, told = environment.step(member_of(Wait(), SCREEN_KINDS, SIZE))
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert told["lost"]
    assert environment.reset(seed=1)[1]["error"] is None
    environment.close()


def memory(**options: Any) -> ScreenEnvironment:
    async def task_of(seed: int) -> Task:
        return Task(goal=f"task {seed}")

    items = [MemoryItem(name="Buy", box=Box(10, 10, 60, 40))]
    return ScreenEnvironment(MemoryEnvironment(items, size=Size(100, 80)), task_of, **options)


def test_any_environment_can_be_stepped_and_learns_its_size() -> None:
    before = threading.active_count()
    environment = memory(render_mode="rgb_array")
    assert environment.size == Size(100, 80)
    seen, _ = environment.reset(seed=5)
    assert seen["instruction"] == "task 5"
    environment.step(member_of(Click(point=Point(20, 20)), KINDS, environment.size))
    assert environment.environment.clicks == [(Point(20, 20), "Buy")]  # type: ignore[attr-defined]
    assert environment.render().shape == (80, 100, 3)
    *_, terminated, truncated, told = environment.step(member_of(Finish(answer="done"), KINDS, environment.size))
    assert (terminated, truncated, told["error"]) == (True, False, None)
    environment.close()
    environment.close()
    assert threading.active_count() == before


def test_a_step_before_a_reset_is_refused() -> None:
    environment = memory(size=Size(100, 80))
    with pytest.raises(gymnasium.error.ResetNeeded):
        environment.step(member_of(Wait(), KINDS, SIZE))
    environment.close()


ACTIONS: list[Action] = [
    Click(point=Point(84, 56)),
    Click(point=Point(84, 56), count=2),
    Click(point=Point(84, 56), button="right"),
    Hover(point=Point(0, 0)),
    Drag(path=(Point(84, 56), Point(168, 112))),
    Scroll(point=Point(84, 56), dy=112, dx=-84),
    TypeText(text="naïve 中文 é😀"),
    Press(keys=("Control", "a")),
    SelectOption(point=Point(42, 28), label="Blue"),
    Navigate(url="https://example.org"),
    Back(),
    Wait(),
    Finish(answer="42"),
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.kind)
def test_actions_go_into_the_space_and_come_back(action: Action) -> None:
    member = member_of(action, KINDS, SIZE)
    assert member in action_space(KINDS)
    assert action_of(member, KINDS, SIZE) == action


def test_what_the_space_has_not_is_refused() -> None:
    unknown: list[Action] = [
        NewTab(),
        Press(keys=("F5",)),
        Click(point=Point(1, 1), count=3),
        TypeText(text="x" * 1001),
    ]
    for action in unknown:
        with pytest.raises(UsageError, match="the action space has no"):
            member_of(action, KINDS, SIZE)
    with pytest.raises(UsageError, match="has no navigate"):
        member_of(Navigate(url="https://example.org"), SCREEN_KINDS, SIZE)


def test_every_sample_is_an_action() -> None:
    space = action_space(KINDS)
    space.seed(0)
    kinds = {action_of(space.sample(), KINDS, SIZE).kind for _ in range(300)}
    assert len(kinds) > 8
