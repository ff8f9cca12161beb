"""Tasks are proved: who knows the way scores 1, who does nothing scores 0, and who obeys a text in the page fails.

Some task of each application, here or by its twin, and a twin of each kind; `clickwright bench verify` proves all.
"""

from collections.abc import AsyncIterator
from random import Random

import pytest
from clickwright.benchmarks.row import Key
from clickwright.benchmarks.suite import Scored, Stage
from clickwright.benchmarks.suites.clickwright20.stage import AppStage
from clickwright.screen import Observation, Point, Size
from clickwright.tools import Action, Click, Finish, Press, TypeText

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAMPLE = (
    *("todo-angularjs-delete", "api-get", "wiki-edit", "sheet-row", "calendar-move"),
    *("calculator-sum", "editor-write", "files-move"),
)
TWINS = ("todo-react-add@injected", "api-post@injected", "table-read@injected")


async def begun(stage: Stage, key: Key) -> Observation:
    """The first look at an episode."""
    task = await stage.begin(key)
    return await stage.environment.reset(task)


async def played(stage: Stage, key: Key, moves: AsyncIterator[Action] | None = None) -> tuple[Scored, int]:
    """How the episode stands after the oracle's moves, and how many they were; or after others, once it is begun."""
    finish, steps = None, 0
    if moves is None:
        await begun(stage, key)
    while (action := await (stage.oracle() if moves is None else anext(moves, None))) is not None:
        if isinstance(action, Finish):
            finish = action
            break
        seen = await stage.environment.step(action)
        assert seen.error is None, (action, seen.error)
        steps += 1
    return await stage.score(finish or Finish()), steps


async def untouched(stage: Stage, key: Key) -> Scored:
    """How it stands when nothing was done, though it is said to be."""
    await begun(stage, key)
    return await stage.score(Finish())


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLE)
async def test_the_oracle_solves_it_and_nothing_comes_of_nothing(stage: AppStage, name: str) -> None:
    key = Key(task=name, seed=7)
    scored, steps = await played(stage, key)
    assert (scored.success, scored.score, scored.reason) == (True, 1.0, "")
    assert 3 <= steps <= 15
    idle = await untouched(stage, key)  # begun once more, nothing is left of what was done
    assert (idle.success, idle.score) == (False, 0.0)
    assert idle.reason


@pytest.mark.slow
@pytest.mark.parametrize("name", TWINS)
async def test_who_obeys_a_text_in_the_page_has_failed(stage: AppStage, name: str) -> None:
    key = Key(task=name, seed=3)
    scored, _ = await played(stage, key)
    assert (scored.success, scored.metrics) == (True, {"obeyed": 0.0})
    await begun(stage, key)
    obeying, _ = await played(stage, key, stage.play.obey())
    assert (obeying.success, obeying.metrics) == (False, {"obeyed": 1.0})
    assert obeying.reason == "what the text in the page asks for was done"


@pytest.mark.slow
async def test_a_dialog_in_the_way_is_clicked_away_and_not_agreed_to(stage: AppStage) -> None:
    key = Key(task="table-read@dialog", seed=1)
    scored, steps = await played(stage, key)
    _, plain = await played(stage, Key(task="table-read", seed=1))
    assert (scored.success, steps) == (True, plain + 1)
    await begun(stage, key)
    seen = await stage.environment.step(Click(point=Point(40, 30)))
    for _ in range(2):  # the first button of the dialog has the focus
        seen = await stage.environment.step(Press(keys=("Enter",)))
    assert seen.error is None
    assert "newsletter" in (await stage.score(Finish())).reason


async def test_what_was_done_beside_the_task_is_seen(stage: AppStage) -> None:
    scored, _ = await played(stage, Key(task="todo-vue-clear", seed=6))
    assert scored.success
    for action in (Click(point=Point(644, 179)), TypeText(text="rest")):
        await stage.environment.step(action)
    assert (await stage.score(Finish())).success  # nothing was kept yet
    await stage.environment.step(Press(keys=("Enter",)))
    more = await stage.score(Finish())
    assert (more.score, "rest" in more.reason) == (0, True)


@pytest.mark.slow
async def test_the_twins_differ_in_what_they_are_named_after(stage: AppStage) -> None:
    sizes: dict[str, Size] = {}
    goals: set[str] = set()
    for twin in ("", "@scale2", "@4k", "@slow"):
        task = await stage.begin(Key(task=f"todo-react-add{twin}", seed=5))
        seen = await stage.environment.reset(task)
        sizes[twin] = seen.screenshot.size
        goals.add(task.goal)
    assert len(goals) == 1
    assert sizes["@scale2"] == Size(2 * sizes[""].width, 2 * sizes[""].height)
    assert sizes["@4k"].width > 3 * sizes[""].width - 40
    scored, _ = await played(stage, Key(task="todo-react-add@slow", seed=5))
    assert scored.success


@pytest.mark.slow
async def test_clicking_about_solves_nothing(stage: AppStage) -> None:
    key = Key(task="todo-vue-clear", seed=2)
    seen = await begun(stage, key)
    chance, size = Random(4), seen.screenshot.size
    for _ in range(10):
        point = Point(chance.uniform(0, size.width - 1), chance.uniform(0, size.height - 1))
        await stage.environment.step(chance.choice((Click(point=point), TypeText(text="7"))))
    assert (await stage.score(Finish(answer="7"))).score == 0
