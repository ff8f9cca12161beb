"""MiniWoB++ episodes in a real browser: seeds, rewards, what is kept of a page and what is not, and the contract."""

import typing

import pytest
from clickwright.environments import Chromium, MiniWobEnvironment, check_environment
from clickwright.environments.miniwob.environment import OVER, VIEWPORT, episode_url
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Navigate, Task, TypeText

pytestmark = pytest.mark.asyncio(loop_scope="session")

Make = typing.Callable[..., MiniWobEnvironment]


def episode(name: str, seed: int) -> Task:
    return Task(goal="do it", start_url=episode_url(name, seed))


async def center(environment: MiniWobEnvironment, selector: str, number: int = 0) -> Point:
    """Of an element, in screenshot pixels at device scale 1."""
    script = """([selector, number]) => {
      const box = document.querySelectorAll(selector)[number].getBoundingClientRect();
      return [box.left + box.width / 2, box.top + box.height / 2];
    }"""
    return Point(*await environment.run(script, [selector, number]))


async def test_a_button_that_is_clicked_earns_the_reward(miniwob: Make) -> None:
    environment = miniwob("click-test")
    task = await environment.task(7)
    assert (task.goal, task.start_url) == ("Click the button.", "miniwob:click-test?seed=7")
    first = await environment.reset(task)
    assert (first.screenshot.size, first.error, first.events) == (VIEWPORT, None, ())
    assert environment.episode.done is False
    seen = await environment.step(Click(point=Point(159, 209)))
    assert (seen.effect, environment.episode.done) == ("nothing", False)
    seen = await environment.step(Click(point=await center(environment, "#subbtn")))
    assert (seen.effect, seen.error) == ("changed", None)
    episode = environment.episode
    assert (episode.task, episode.seed, episode.utterance) == ("click-test", 7, "Click the button.")
    assert (episode.reward, episode.done, episode.success) == (1.0, True, True)


async def test_an_episode_that_is_over_stays_as_it_ended(miniwob: Make) -> None:
    environment = miniwob("click-button")
    await environment.reset(await environment.task(1))
    for number in range(4):  # one of them is wrong
        if not environment.episode.done:
            await environment.step(Click(point=await center(environment, "#area button", number), count=3))
    ended = environment.episode
    assert ended.done
    shown = await environment.observe()
    after = await environment.step(Click(point=Point(80, 105)))  # where the cover of the page says START
    assert (after.error, after.effect) == (OVER, "nothing")
    assert after.screenshot.frame == shown.screenshot.frame
    assert (await environment.step(Finish())).error is None
    assert environment.episode == ended


@pytest.mark.slow
async def test_a_seed_gives_the_same_episode_on_a_kept_and_on_a_fresh_page(miniwob: Make) -> None:
    kept, fresh = miniwob(), miniwob(fresh_page=True)
    frames = set()
    for name in ("click-checkboxes", "choose-date", "scroll-text", "social-media"):
        await kept.reset(episode(name, 1))
        page = kept.browser.window.active
        for place in (Point(60, 62), Point(60, 110)):  # leave something open, typed, ticked or under the pointer
            await kept.step(Click(point=place))
            await kept.step(TypeText(text="left over"))
        for seed in (2, 3):
            one, two = await kept.reset(episode(name, seed)), await fresh.reset(episode(name, seed))
            assert kept.episode == fresh.episode
            assert one.screenshot.frame == two.screenshot.frame
            frames.add(one.screenshot.frame)
        assert kept.browser.window.active is page
    assert len(frames) == 8


async def test_tasks_in_natural_language_tell_their_words(miniwob: Make) -> None:
    environment = miniwob("email-inbox-nl-turk")
    goals = {(await environment.task(seed)).goal for seed in range(3)}
    assert len(goals) == 3
    assert not any("{" in goal for goal in goals)


async def test_a_page_that_is_left_ends_the_episode_without_a_reward(miniwob: Make) -> None:
    environment = miniwob("click-test")
    await environment.reset(await environment.task(1))
    await environment.step(Navigate(url="about:blank"))
    assert (environment.episode.done, environment.episode.reward, environment.episode.success) == (True, 0.0, False)
    again = await environment.reset(await environment.task(1))
    assert "click-test" in again.url


@pytest.mark.slow
async def test_a_page_that_hangs_is_given_up_for_another(chromium: Chromium) -> None:
    environment = MiniWobEnvironment("click-test", chromium=chromium, deadline_s=2)
    task = await environment.task(1)
    await environment.reset(task)
    await environment.run("() => { setTimeout(() => { for (;;); }, 0) }")
    with pytest.raises(EnvironmentLost, match="did not answer within 2 s"):
        await environment.step(Click(point=Point(5, 5)))
    assert (await environment.reset(task)).error is None
    await environment.close()


@pytest.mark.parametrize(("reward", "success"), [(1.0, False), (0.9, True)])
async def test_the_threshold_of_success_is_a_setting(miniwob: Make, reward: float, success: bool) -> None:
    environment = miniwob("circle-center", success_reward=reward)
    await environment.reset(await environment.task(1))
    circle = await center(environment, "circle")
    await environment.step(Click(point=Point(round(circle.x - 2), round(circle.y - 2))))
    await environment.step(Click(point=await center(environment, "#subbtn")))
    assert 0.9 < environment.episode.reward < 1
    assert environment.episode.success is success


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_miniwob_keeps_the_contract(chromium: Chromium, scale: float) -> None:
    environment = MiniWobEnvironment("click-color", chromium=chromium, device_scale=scale)

    async def landed() -> Point | None:
        place = await environment.run(
            """() => {
              if (!window.landings) {
                window.landings = [];
                addEventListener("mousedown", (e) => landings.push([e.clientX, e.clientY]), true);
              }
              return landings.at(-1) || null;
            }"""
        )
        return None if place is None else Point(*place).scale(scale, scale)

    task = await environment.task(4)
    await landed()
    target = Point(80, 20).scale(scale, scale)  # on the text that says what to do
    size = (await environment.reset(task)).screenshot.size
    await check_environment(environment, task, target=target, landed=landed, size=size, scale=scale)


async def test_what_is_not_an_episode_is_told(miniwob: Make) -> None:
    with pytest.raises(UsageError, match="no task 'click-buton'; did you mean click-button"):
        miniwob("click-buton")
    environment = miniwob("click-test")
    with pytest.raises(UsageError, match="reset the environment first"):
        environment.episode  # noqa: B018
    with pytest.raises(EnvironmentLost, match="reset the environment first"):
        await environment.observe()
    for url in ("https://example.org", "miniwob:click-test?seed=one"):
        with pytest.raises(UsageError, match="such as miniwob:click-test"):
            await environment.reset(Task(goal="x", start_url=url))
