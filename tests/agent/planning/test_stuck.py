"""Runs that get nowhere: found out, told, helped, and at last stopped."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from clickwright.agent import Agent, ScriptedPlanner
from clickwright.agent.planning.stuck import LONGEST_CYCLE, cycle
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import BadModelOutput
from clickwright.screen import Box, Observation, Point, Screenshot, Size
from clickwright.tools import Action, Click, Finish, Limits, Scroll, Task, TypeText, Wait
from hypothesis import given, settings
from hypothesis import strategies as st

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
NOTHING = Click(point=Point(270, 160))
letters = st.sampled_from("abcdefgh")


def nothing(number: int) -> Click:
    """A click that changes nothing, elsewhere each time."""
    return Click(point=Point(270, 120 + 5 * number))


# Cycles


@settings(deadline=None)
@given(st.lists(letters), st.lists(letters, min_size=2, max_size=LONGEST_CYCLE), st.integers(2, 6))
def test_what_comes_by_turns_is_found(before: list[str], turns: list[str], rounds: int) -> None:
    found = cycle([*before, *turns * rounds])
    if len(set(turns)) == 1:
        assert found is None or len(before) > 0
        return
    assert found is not None
    length, times = found
    assert length <= len(turns)
    assert times >= 2
    if len(set(turns)) == len(turns):  # nothing shorter can come by turns
        assert length == len(turns)
        assert times >= rounds


@settings(deadline=None)
@given(st.lists(letters, max_size=40))
def test_what_is_found_is_there(keys: list[str]) -> None:
    found = cycle(keys)
    if found is None:
        for length in range(2, LONGEST_CYCLE + 1):
            last = keys[-length:]
            assert len(keys) < 2 * length or keys[-2 * length : -length] != last or len(set(last)) == 1
        return
    length, rounds = found
    last = keys[-length:]
    assert keys[-length * rounds :] == last * rounds
    assert keys[-length * (rounds + 1) : -length * rounds] != last
    assert len(set(last)) > 1


@settings(deadline=None)
@given(st.lists(letters, unique=True))
def test_what_never_comes_again_is_no_cycle(keys: list[str]) -> None:
    assert cycle(keys) is None


@pytest.mark.parametrize(
    ("keys", "found"), [("", None), ("aaaa", None), ("abab", (2, 2)), ("xababab", (2, 3)), ("abcabc", (3, 2))]
)
def test_cycles(keys: Sequence[str], found: tuple[int, int] | None) -> None:
    assert cycle(list(keys)) == found


# Being told


def test_a_policy_is_told_to_go_another_way_and_then_what_was_tried(make: Make, listening: Any) -> None:
    policy = listening([nothing(1), nothing(2), nothing(3), [NEXT, Finish()]])
    assert make([], policy=policy).run().status == "success"
    first, second, third = policy.errors
    assert first is None  # once may be meant so; it sees the same screen
    assert "2 turns in a row came to nothing; the last: nothing changed on the screen after the click" in second
    assert "covered, greyed out" in second
    assert "click (270, 125)" not in second
    assert "Do none of what was tried in vain again: click (270, 125); click (270, 130); click (270, 135)" in third


def test_the_same_again_is_told(make: Make, listening: Any) -> None:
    policy = listening([NOTHING, NOTHING, [NEXT, Finish()]])
    assert make([], policy=policy).run().status == "success"
    assert "the same action on the same screen, 2 times in a row" in policy.errors[1]


def test_a_hint_fits_what_was_done(make: Make, listening: Any) -> None:
    scroll = Scroll(point=Point(60, 35), dy=300)
    policy = listening([scroll, scroll, [NEXT, Finish()]])
    make([], policy=policy).run()
    assert "scroll the other way" in policy.errors[1]


def swings() -> MemoryEnvironment:
    """Two pages that lead to each other, by buttons that stand apart."""
    left, right = Box(20, 20, 100, 50), Box(200, 20, 280, 50)
    pages = (
        MemoryPage(items=(MemoryItem(name="There", box=left, leads_to="there"),)),
        MemoryPage(name="there", background="#ddeeff", items=(MemoryItem(name="Back", box=right, leads_to="start"),)),
    )
    return MemoryEnvironment(pages, size=Size(320, 180))


THERE, BACK = Click(point=Point(60, 35)), Click(point=Point(240, 35))


def test_going_to_and_fro_is_told_and_then_stopped(make: Make, listening: Any) -> None:
    policy = listening([THERE, BACK] * 9)
    result = make([], policy=policy, environment=swings()).run()
    assert (result.stop, len(result.steps)) == ("stuck", 6)
    assert result.reason == "stuck: the same 2 turns on the same screens, 3 times in a row"
    assert policy.errors[:3] == [None, None, None]
    assert "the same 2 turns on the same screens, 2 times in a row" in policy.errors[3]


def test_waiting_does_not_hide_that_it_goes_to_and_fro(make: Make) -> None:
    wait = Wait(seconds=0.001)
    result = make([THERE, wait, BACK, wait] * 9, environment=swings()).run()
    assert (result.stop, len(result.steps)) == ("stuck", 11)


def test_going_to_and_fro_for_another_reason_each_time_is_no_cycle(make: Make) -> None:
    script = [step for n in range(4) for step in (THERE, Click(point=Point(240, 30 + n)))]
    result = make([*script, [THERE, Finish()]], environment=swings()).run()
    assert result.status == "success"


def test_actions_without_the_end_of_the_task_count_as_fruitless_too(make: Make) -> None:
    result = make([nothing(n) for n in range(9)]).run()
    assert (result.stop, len(result.steps)) == ("stuck", 4)
    assert "nothing changed on the screen after the click" in result.reason


class Ticking(MemoryEnvironment):
    """Shows a clock, so that no screen is as the one before."""

    ticks = 0

    async def step(self, action: Action) -> Observation:
        self.ticks += 1
        seen = await super().step(action)
        pixels = seen.screenshot.pixels.copy()
        pixels[170:178, 4 : 4 + self.ticks] = 0
        return replace(seen, screenshot=Screenshot(pixels=pixels))

    async def observe(self) -> Observation:
        raise AssertionError("nothing was lost")


def test_a_page_that_moves_by_itself_does_not_hide_that_nothing_happens(make: Make, listening: Any) -> None:
    policy, clock = listening([NOTHING] * 20), Ticking([MemoryPage()], size=Size(320, 180))
    result = make([], policy=policy, environment=clock).run()
    assert {did.effect for step in result.steps for did in step.did} == {"changed"}
    assert (result.stop, len(result.steps)) == ("stuck", 8)
    assert result.reason == "stuck: the same action 8 times in a row, and nothing changed where it was done"
    assert policy.errors[:4] == [None] * 4
    assert "the same action 5 times in a row" in policy.errors[4]
    assert "Something changed elsewhere" in policy.errors[4]


def test_going_on_with_what_has_an_effect_is_not_insisting(make: Make) -> None:
    field = Click(point=Point(110, 75))
    clock = Ticking([MemoryPage(items=(MemoryItem(name="Words", box=Box(20, 60, 200, 90), role="textbox"),))])
    script = [field, *[TypeText(text="a") for _ in range(12)], Finish()]
    assert make(script, environment=clock).run().status == "success"


def test_the_tokens_of_answers_that_cannot_be_read_count(make: Make) -> None:
    odd = BadModelOutput("odd", prompt_tokens=50, new_tokens=40)
    result = make([odd, NEXT], Task(goal="x", limits=Limits(tokens=80))).run()
    assert (result.stop, len(result.steps)) == ("tokens", 1)


# Ways out


def test_a_plan_is_made_anew_then_the_user_is_asked_then_it_stops(make: Make, listening: Any, answering: Any) -> None:
    planner = ScriptedPlanner([("find it", "buy it"), ("look elsewhere", "buy it"), ("ask the shop",)])
    user = answering("use the red one")
    limits = Limits(repeats=2, replans=2, helps=1)
    policy = listening([[NEXT, Finish()], *[NOTHING] * 20])
    result = make([], Task(goal="get it", limits=limits), policy=policy, planner=planner, approver=user).run()
    assert [step.then for step in result.steps] == [None, None, "replan", None, "replan", None, "ask", None, None]
    assert (result.stop, result.reason) == ("stuck", "stuck: the same action on the same screen, 2 times in a row")
    assert [task.goal for task in policy.tasks] == ["find it", "buy it", "look elsewhere", "ask the shop"]
    assert len(user.asked) == 1
    assert user.asked[0].startswith("I get nowhere with 'ask the shop': the same action")
    assert policy.seen[7].events == ("the user answered: use the red one",)
    assert result.steps[7].saw.events == policy.seen[7].events


def test_a_user_who_does_not_answer_ends_it(make: Make, answering: Any) -> None:
    result = make([NOTHING] * 9, Task(goal="x", limits=Limits(repeats=2)), approver=answering()).run()
    assert result.stop == "stuck"
    assert result.reason.endswith("the user was asked and did not answer")


def test_what_helped_counts_anew(make: Make, answering: Any) -> None:
    limits = Limits(repeats=2, helps=1)
    result = make([NOTHING, NOTHING, NOTHING, NEXT, Finish()], Task(goal="x", limits=limits), approver=answering("a"))
    assert result.run().status == "success"


def test_a_limit_ends_it_before_anything_is_made_anew(make: Make) -> None:
    planner = ScriptedPlanner([("a", "b"), ("c",)])
    result = make([NOTHING] * 9, Task(goal="x", limits=Limits(repeats=2, steps=2)), planner=planner).run()
    assert (result.stop, len(planner.tasks)) == ("steps", 1)


def test_answers_that_cannot_be_read_are_counted_in_all_too(make: Make) -> None:
    limits = Limits(bad_outputs=2, bad_outputs_in_all=3, fruitless=99, repeats=99)
    result = make([[], NEXT] * 9, Task(goal="x", limits=limits)).run()
    assert (result.stop, len(result.steps)) == ("bad_outputs", 5)
    assert result.reason.startswith("3 answers could not be read")
