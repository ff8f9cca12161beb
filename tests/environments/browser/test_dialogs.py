"""Who answers what a page asks, and whose the time is that this takes."""

import asyncio
import logging
import time
from typing import TYPE_CHECKING

import pytest
from clickwright.environments import Facts
from clickwright.errors import EnvironmentLost
from clickwright.screen import Point
from clickwright.tools import Click, Navigate, Wait

if TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUTTON = "<button id=b style='width:200px; height:60px'>Go</button>"
HERE = Click(point=Point(50, 30))


class Judge:
    """Agrees after some seconds, and keeps what it was asked."""

    def __init__(self, after_s: float = 0.0, says: str = "") -> None:
        self.asked: list[Facts] = []
        self._after_s, self._says = after_s, says

    async def __call__(self, facts: Facts) -> str:
        self.asked.append(facts)
        await asyncio.sleep(self._after_s)
        return self._says


async def test_a_page_that_asks_without_end_has_no_more_time_for_it(show: "Open") -> None:
    page = await show(f"{BUTTON}<script>b.onclick = () => {{ for (;;) confirm('more') }}</script>", deadline_s=1.5)
    page.environment.judge_dialogs(Judge(says="no"))
    began = time.monotonic()
    with pytest.raises(EnvironmentLost, match="did not answer within"):
        await page.step(HERE)
    assert time.monotonic() - began < 4


async def test_a_tab_that_a_page_opens_may_ask(show: "Open", site: "Site") -> None:
    two = site.put("<script>setTimeout(() => note(confirm('Sure?')), 400)</script>", "/two")
    page = await show(f"{BUTTON}<script>b.onclick = () => open('/two')</script>")
    page.environment.judge_dialogs(judge := Judge(after_s=0.3))
    await page.step(HERE)
    seen = await page.step(Wait(seconds=0.5))
    assert (seen.url, [facts.url for facts in judge.asked]) == (two, [two])
    assert await page.log() == ["true"]


@pytest.mark.slow
@pytest.mark.parametrize("after_s", [0.0, 2.0])
async def test_a_page_that_says_something_and_never_comes_is_stopped(
    show: "Open", site: "Site", after_s: float
) -> None:
    """Whether it is answered at once or by a person, who takes as long as the page may."""
    late = site.put("<p>Here<script>alert('Hello'); confirm('Sure?')</script><script src=/slow></script>", "/late")
    page = await show("Here", deadline_s=4.0)
    page.environment.judge_dialogs(Judge(after_s))
    seen = await page.step(Navigate(url=late))
    assert seen.error == f"'{late}' did not answer within 2 s"
    assert (await page.observe()).error is None


async def test_one_who_fails_to_answer_has_not_agreed(show: "Open", caplog: pytest.LogCaptureFixture) -> None:
    async def fail(facts: Facts) -> str:
        raise ZeroDivisionError("nobody is at home")

    page = await show(f"{BUTTON}<script>b.onclick = () => note(confirm('Sure?'))</script>")
    page.environment.judge_dialogs(fail)
    with caplog.at_level(logging.ERROR, "clickwright.environments"):
        seen = await page.step(HERE)
    told = "a dialog (confirm) said 'Sure?' and was dismissed: whoever was to answer failed (ZeroDivisionError)"
    assert (seen.events, await page.log()) == ((told,), ["false"])
    assert "nobody is at home" in caplog.text
    page.environment.judge_dialogs(None)
    await page.step(HERE)
    assert await page.log() == ["false", "true"]
