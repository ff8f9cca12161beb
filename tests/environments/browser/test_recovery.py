"""What goes wrong with browsers, made to go wrong, one fault after another in one browser; and how it comes back."""

import os
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio
from clickwright.agent import Agent
from clickwright.environments import BrowserEnvironment, Chromium, Recovers, find_browser
from clickwright.environments.contract import check_environment
from clickwright.errors import EnvironmentLost
from clickwright.policies import ScriptedPolicy
from clickwright.reliability.faults.numbered import FAULTS, OfBrowser
from clickwright.reliability.faults.room import full_folder
from clickwright.reliability.faults.scene import GO
from clickwright.reliability.faults.site import BadSite
from clickwright.reliability.faults.tried import put_through, require_no_orphans
from clickwright.screen import Point
from clickwright.tools import CloseTab, Finish, Navigate, NewTab, Task

pytestmark = pytest.mark.asyncio(loop_scope="module")
DEADLINE_S = 3.0
OF_BROWSERS = [fault for fault in FAULTS if isinstance(fault, OfBrowser)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bad() -> AsyncGenerator[BadSite]:
    async with BadSite() as site:
        yield site


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def own() -> AsyncGenerator[Chromium]:
    """A browser that may be killed. Nothing is left of it in the end."""
    others = set(psutil.Process().children())  # the drivers of other tests in this process
    async with Chromium() as browser:
        yield browser
        last = browser.pid
    if last is not None:
        await require_no_orphans(last)
    started = set(psutil.Process().children()) - others
    assert [one.name() for one in started if "node" in one.name()] == []


@pytest.fixture(scope="module")
def full() -> Iterator[Path]:
    with full_folder() as folder:
        yield folder


@pytest.mark.slow
@pytest.mark.parametrize("fault", OF_BROWSERS, ids=[f"{fault.name}: {fault.what}" for fault in OF_BROWSERS])
async def test_a_fault_is_survived(fault: OfBrowser, own: Chromium, bad: BadSite, full: Path) -> None:
    survived = await put_through(fault, own, bad, full, DEADLINE_S)
    assert survived.told


@pytest_asyncio.fixture(loop_scope="module")
async def environment(own: Chromium, bad: BadSite) -> AsyncGenerator[BrowserEnvironment]:
    opened = BrowserEnvironment(bad.url(), chromium=own, deadline_s=DEADLINE_S)
    assert isinstance(opened, Recovers)
    yield opened
    await opened.close()


async def act_until_lost(environment: BrowserEnvironment) -> None:
    for _ in range(100):
        await environment.observe()


async def test_only_what_was_seen_can_be_brought_back(environment: BrowserEnvironment, bad: BadSite) -> None:
    with pytest.raises(EnvironmentLost, match="nothing was seen yet"):
        await environment.recover()
    await environment.reset(Task(goal="try"))
    assert (await environment.recover()).url == bad.url()
    environment.deadline_s = 1.0
    with pytest.raises(EnvironmentLost, match="did not answer"):
        await environment.reset(Task(goal="try", start_url=bad.url("/never")))
    with pytest.raises(EnvironmentLost, match="nothing was seen yet"):
        await environment.recover()


@pytest.mark.slow
async def test_recovery_shows_the_tabs_as_they_were(environment: BrowserEnvironment, bad: BadSite) -> None:
    """The one that hangs is replaced in its place; one that its click opened goes; the others are not touched."""
    await environment.reset(Task(goal="try"))
    await environment.step(GO)
    hangs = bad.put("<script>b.onclick = () => { open('/'); for (;;); }</script>", "/hangs")
    for url in (hangs, bad.put("three", "/three")):
        await environment.step(NewTab(url=url))
    await environment.step(CloseTab(index=2))
    assert [tab.url for tab in (await environment.observe()).tabs] == [bad.url(), hangs]
    with pytest.raises(EnvironmentLost):
        await environment.step(GO)
    seen = await environment.recover()
    assert [(tab.url, tab.active) for tab in seen.tabs] == [(bad.url(), False), (hangs, True)]
    assert (seen.error, seen.title) == (None, "/hangs")
    back = await environment.step(CloseTab())
    assert back.title == "clicked"


async def test_tabs_that_crash_together_come_back_together(environment: BrowserEnvironment, bad: BadSite) -> None:
    await environment.reset(Task(goal="try", start_url=bad.put("<script>b.onclick = () => open('/two')</script>")))
    bad.put("two", "/two")
    await environment.window.active.evaluate("document.title = 'kept'")
    await environment.observe()
    await environment.step(GO)
    with pytest.raises(EnvironmentLost, match="crashed"):
        await environment.step(Navigate(url="chrome://crash"))
    seen = await environment.recover()
    assert [(tab.title, tab.active) for tab in seen.tabs] == [("kept", False), ("/two", True)]
    opener = await environment.step(CloseTab())
    assert (opener.title, opener.url) == ("/bad", bad.url("/bad"))


@pytest.mark.slow
async def test_a_page_that_does_not_come_back_is_told_and_an_empty_one_shown(
    environment: BrowserEnvironment, bad: BadSite
) -> None:
    url = bad.put("<script>b.onclick = () => { for (;;); }</script>", "/once")
    await environment.reset(Task(goal="try", start_url=url))
    bad.put("<script>for (;;);</script>", "/once")
    with pytest.raises(EnvironmentLost):
        await environment.step(GO)
    seen = await environment.recover()
    assert seen.url == "about:blank"
    assert str(seen.error).startswith(f"{url} could not be opened again: it did not answer within 1.5 s")
    assert (await environment.step(Navigate(url=bad.url()))).error is None


async def test_a_context_that_is_gone_comes_back_with_what_its_sites_stored(
    environment: BrowserEnvironment, bad: BadSite
) -> None:
    empty = bad.put("", "/empty")
    await environment.reset(Task(goal="try", start_url=empty))
    await environment.window.active.evaluate("document.cookie = 'a=1; max-age=99'; localStorage.é = '😀'")
    await environment.observe()
    other = bad.url("/empty", host="localhost")
    await environment.step(Navigate(url=other))
    await environment.window.active.evaluate("localStorage.b = '2'")
    await environment.observe()
    await environment.window.context.close()
    with pytest.raises(EnvironmentLost):
        await environment.observe()
    pid = environment.chromium.pid
    assert (await environment.recover()).url == other
    assert environment.chromium.pid == pid
    assert await environment.window.active.evaluate("localStorage.b") == "2"
    await environment.step(Navigate(url=empty))
    assert await environment.window.active.evaluate("[document.cookie, localStorage.é]") == ["a=1", "😀"]


async def test_a_page_that_lies_about_what_it_stores_harms_only_itself(
    environment: BrowserEnvironment, bad: BadSite
) -> None:
    lies = "Array.prototype.reduce = () => 0; Object.entries = () => [1, ['a'], ['b', 2], ['f', 'g'], null]"
    seen = await environment.reset(Task(goal="try", start_url=bad.put(f"<script>{lies}</script>", "/lies")))
    assert (seen.error, seen.title) == (None, "/lies")
    await environment.window.context.close()
    assert (await environment.recover()).url == bad.url("/lies")
    assert await environment.window.active.evaluate("localStorage.f") == "g"


@pytest.mark.slow
async def test_a_folder_of_the_user_is_opened_again(bad: BadSite, tmp_path: Path) -> None:
    environment = BrowserEnvironment(bad.put("", "/empty"), user_data_dir=tmp_path, deadline_s=2.0)
    await environment.reset(Task(goal="try"))
    await environment.window.active.evaluate("document.cookie = 'session=1'")
    await environment.observe()
    first = environment.chromium.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(EnvironmentLost, match="did not answer"):
        await environment.observe()
    assert (await environment.recover()).error is None
    assert environment.chromium.pid not in (None, first)
    assert await environment.window.active.evaluate("document.cookie") == "session=1"
    await environment.close()
    await require_no_orphans(first)


async def test_a_browser_that_does_not_start_again_is_one_sentence(bad: BadSite, tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nexec {find_browser()} "$@"\n')
    program.chmod(0o755)
    environment = BrowserEnvironment(bad.url(), executable=program, deadline_s=DEADLINE_S)
    await environment.reset(Task(goal="try"))
    assert environment.chromium.pid is not None
    os.kill(environment.chromium.pid, signal.SIGKILL)
    program.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(EnvironmentLost):
        await act_until_lost(environment)
    with pytest.raises(
        EnvironmentLost, match=r"^the browser cannot be brought back: the browser did not start: "
    ) as one:
        await environment.recover()
    assert "\n" not in str(one.value)
    await environment.close()


async def test_the_contract_is_kept_where_nothing_was_lost(environment: BrowserEnvironment, bad: BadSite) -> None:
    where = "<script>onclick = (e) => { window.at = [e.clientX, e.clientY]; }</script>"
    task = Task(goal="try", start_url=bad.put(where, "/where"))

    async def landed() -> Point | None:
        found = await environment.window.active.evaluate("window.at ?? null")
        return None if found is None else Point(*found)

    await check_environment(environment, task, target=Point(400, 300), landed=landed, close=False)


@pytest.mark.slow
async def test_an_agent_goes_on_where_its_screen_was_lost(
    environment: BrowserEnvironment, bad: BadSite, tmp_path: Path
) -> None:
    """The click that hung is in doubt and not done again; the tabs and the rest of the run are there."""
    hangs = bad.put("<script>b.onclick = () => { for (;;); }</script>", "/hangs")
    policy = ScriptedPolicy([NewTab(url=hangs), GO, CloseTab(), [GO, Finish()]])
    task = Task(goal="try", start_url=bad.url())
    result = await Agent(task, policy=policy, environment=environment, run_dir=tmp_path / "run", keep_open=True).arun()
    assert result.status == "success"
    assert [step.did[0].effect for step in result.steps] == ["changed", "in_doubt", "changed", "changed"]
    left = result.steps[1].left
    assert left is not None
    assert [(tab.url, tab.active) for tab in left.tabs] == [(bad.url(), False), (hangs, True)]
    assert left.events == ("the screen was lost and opened again: the page did not answer within 3 s",)
