"""The oracles: what they say solves an episode does so again, with real mouse and keyboard, on a fresh page."""

import typing

import pytest
from clickwright.environments import MiniWobEnvironment
from clickwright.environments.miniwob.environment import episode_url
from clickwright.environments.miniwob.pages import task_names
from clickwright.environments.miniwob.solve import rule_names, solve, solve_by_rule, solve_by_search
from clickwright.errors import UsageError
from clickwright.tools import Action, Click, SelectOption, Task, TypeText

pytestmark = pytest.mark.asyncio(loop_scope="session")

Make = typing.Callable[..., MiniWobEnvironment]


async def replayed(environment: MiniWobEnvironment, name: str, seed: int, actions: tuple[Action, ...]) -> bool:
    """Whether the actions solve the episode."""
    await environment.reset(Task(goal="again", start_url=episode_url(name, seed)))
    for action in actions:
        seen = await environment.step(action)
        assert seen.error is None
    return environment.episode.success


SEARCHED = {  # the kinds of actions that each takes
    "click-button": {Click},
    "click-button-sequence": {Click},
    "choose-list": {SelectOption, Click},
    "click-dialog": {Click},
    "enter-text": {Click, TypeText},
    "navigate-tree": {Click},
}


@pytest.mark.slow
async def test_a_search_solves_tasks_that_it_does_not_know(miniwob: Make) -> None:
    environment, fresh = miniwob(), miniwob(fresh_page=True)
    for name, kinds in SEARCHED.items():
        environment.name = name
        actions = await solve_by_search(environment, 3, search_s=8)
        assert actions is not None, name
        assert {type(action) for action in actions} <= kinds
        assert await replayed(fresh, name, 3, actions), name


async def test_a_search_that_finds_nothing_says_so(miniwob: Make) -> None:
    assert await solve_by_search(miniwob("visual-addition"), 1, search_s=0.5) is None


RULED = (
    *("click-menu", "drag-items", "email-inbox-nl-turk", "enter-date", "highlight-text", "order-food"),
    *("search-engine", "use-autocomplete-nodelay", "use-slider-2"),
)


@pytest.mark.slow
async def test_rules_solve_the_tasks_they_are_for(miniwob: Make) -> None:
    environment, fresh = miniwob(), miniwob(fresh_page=True)
    for name in RULED:
        environment.name = name
        actions = await solve_by_rule(environment, 5)
        assert actions is not None, name
        assert await replayed(fresh, name, 5, actions), name


async def test_points_of_a_solution_are_pixels_of_the_screenshot(miniwob: Make) -> None:
    environment = miniwob("click-checkboxes", device_scale=2.0)
    actions = await solve(environment, 2)
    assert actions is not None
    assert max(action.point.x for action in actions if isinstance(action, Click)) < 336 * 2
    assert await replayed(environment, "click-checkboxes", 2, actions)


async def test_every_rule_is_of_a_task(miniwob: Make) -> None:
    assert len(rule_names()) > 90
    assert set(rule_names()) <= set(task_names())
    with pytest.raises(UsageError, match="no rule for click-test; there are ascending-numbers"):
        await solve_by_rule(miniwob("click-test"), 1)
