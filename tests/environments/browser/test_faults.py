"""When pages hang, crash or cannot be reached and browsers are killed: told in time, and a reset starts afresh."""

import asyncio
import os
import signal
import time
import typing
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Task

if typing.TYPE_CHECKING:
    from conftest import Open, Site

in_browser = pytest.mark.asyncio(loop_scope="session")
HERE = Click(point=Point(50, 30))
BUTTON = "<button id=b style='width:200px; height:60px'>Go</button>"
HANGS = BUTTON + "<script>b.onclick = () => { for (;;); }</script>"


@pytest_asyncio.fixture
async def own(site: "Site") -> AsyncGenerator[BrowserEnvironment]:
    """An environment with a browser of its own, that a test may kill."""
    environment = BrowserEnvironment(site.put(BUTTON), deadline_s=10.0)
    yield environment
    await environment.close()


def processes() -> dict[int, int]:
    """Every process that runs, with its parent."""
    found: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if after_name[0] != "Z":
            found[int(folder.name)] = int(after_name[1])
    return found


def children() -> set[int]:
    return {child for child, parent in processes().items() if parent == os.getpid()}


def running_for(environment: BrowserEnvironment) -> set[int]:
    """The browser's driver, which is our child, and all that it started: other browsers start what they like."""
    parents = processes()
    first = environment.chromium.pid
    assert first is not None
    while parents[first] != os.getpid():
        first = parents[first]
    found = {first}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


async def act_on(environment: BrowserEnvironment) -> None:
    """Act until something happens."""
    for _ in range(100):
        await environment.step(HERE)


@pytest.mark.slow
@in_browser
async def test_a_page_that_hangs_is_noticed_within_the_deadline(show: "Open", site: "Site") -> None:
    page = await show(HANGS, deadline_s=3.0)
    began = time.monotonic()
    with pytest.raises(EnvironmentLost, match=r"^the page did not answer within 3 s$"):
        await page.step(HERE)
    assert time.monotonic() - began < 3.0 + 2.0
    began = time.monotonic()
    for lost in (page.observe, lambda: page.step(Finish()), lambda: page.environment.facts(HERE)):
        with pytest.raises(EnvironmentLost, match="did not answer"):
            await lost()
    assert time.monotonic() - began < 1.0
    again = await page.environment.reset(Task(goal="again", start_url=site.put("fine")))
    assert (again.error, again.title) == (None, "Page /")


@in_browser
async def test_a_page_that_hangs_as_it_loads_is_noticed(show: "Open", site: "Site") -> None:
    page = await show("fine", deadline_s=3.0)
    site.put("<script>for (;;);</script>", "/hangs")
    with pytest.raises(EnvironmentLost, match=r"did not answer|cannot be reached"):
        await page.environment.reset(Task(goal="hang", start_url=site.url("/hangs")))
    assert (await page.environment.reset(Task(goal="again", start_url=site.url()))).title == "Page /"


@in_browser
async def test_a_page_that_crashes_is_noticed_at_once(show: "Open", site: "Site") -> None:
    page = await show("fine", deadline_s=20.0)
    active = page.environment.window.active
    session = await active.page.context.new_cdp_session(active.page)
    began = time.monotonic()
    crash = asyncio.ensure_future(session.send("Page.crash"))
    with pytest.raises(EnvironmentLost, match=r"^the page crashed$"):
        await act_on(page.environment)
    assert time.monotonic() - began < 10.0
    crash.cancel()  # DevTools does not answer it
    again = await page.environment.reset(Task(goal="again", start_url=site.url()))
    assert (again.error, again.title) == (None, "Page /")


async def test_a_killed_browser_is_noticed_and_started_again(own: BrowserEnvironment, site: "Site") -> None:
    await own.reset(Task(goal="try"))
    first = own.chromium.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    with pytest.raises(EnvironmentLost, match=r"^the browser is gone$|^the browser failed: |^the last tab is gone"):
        await act_on(own)
    with pytest.raises(EnvironmentLost):
        await own.observe()
    again = await own.reset(Task(goal="again"))
    assert (again.error, again.url) == (None, site.url())
    assert own.chromium.pid not in (None, first)


@pytest.mark.slow
async def test_nothing_runs_on_after_close(site: "Site") -> None:
    environment = BrowserEnvironment(site.put(HANGS), deadline_s=3.0)
    await environment.reset(Task(goal="try"))
    started = running_for(environment)
    assert environment.chromium.pid in started
    with pytest.raises(EnvironmentLost):
        await environment.step(HERE)
    await environment.close()
    await environment.close()
    for _ in range(100):
        left = started & processes().keys()
        if not left:
            break
        await asyncio.sleep(0.05)
    assert left == set()


async def test_close_before_any_reset_is_harmless_and_starts_nothing() -> None:
    before = children()
    environment = BrowserEnvironment()
    await environment.close()
    assert children() <= before
    with pytest.raises(EnvironmentLost, match="reset the environment first"):
        await environment.observe()


@in_browser
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/", "cannot be reached: "),
        ("http://nowhere.invalid/", "cannot be reached: "),
        ("file:///nothing/here", "cannot be reached: there is no such file"),
        ("nonsense", "is not a whole address, such as https://example.org"),
    ],
)
async def test_a_start_that_cannot_be_reached_is_one_sentence(chromium: Chromium, url: str, reason: str) -> None:
    environment = BrowserEnvironment(chromium=chromium)
    with pytest.raises(EnvironmentLost) as caught:
        await environment.reset(Task(goal="go", start_url=url))
    assert str(caught.value).startswith(f"'{url}' {reason}")
    assert "\n" not in str(caught.value)
    assert (await environment.reset(Task(goal="stay"))).url == "about:blank"
    await environment.close()


async def test_a_browser_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    missing = BrowserEnvironment(executable=tmp_path / "nothing")
    with pytest.raises(EnvironmentLost, match="which is not a program on this machine"):
        await missing.reset(Task(goal="go"))
    await missing.close()
    program = tmp_path / "fake"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    broken = BrowserEnvironment(executable=program)
    with pytest.raises(EnvironmentLost, match=r"^the browser did not start: ") as caught:
        await broken.reset(Task(goal="go"))
    assert "\n" not in str(caught.value)
    await broken.close()


def test_a_browser_belongs_to_one_event_loop(site: "Site") -> None:
    environment = BrowserEnvironment(site.put("fine"))

    async def use() -> None:
        await environment.reset(Task(goal="go"))
        await environment.close()

    async def keep() -> None:
        await environment.reset(Task(goal="go"))

    asyncio.run(use())
    with asyncio.Runner() as runner:
        runner.run(keep())
        with pytest.raises(UsageError, match="belongs to the event loop"):
            asyncio.run(keep())
        runner.run(environment.close())


async def test_a_folder_of_the_user_keeps_what_a_page_stored(tmp_path: Path, site: "Site") -> None:
    url = site.put("<script>document.title = localStorage.n = +(localStorage.n || 0) + 1</script>")
    for expected in (("1", "2"), ("3", "4")):
        environment = BrowserEnvironment(url, user_data_dir=tmp_path / "profile")
        titles = [(await environment.reset(Task(goal="count"))).title for _ in range(2)]
        assert tuple(titles) == expected
        assert len((await environment.observe()).tabs) == 1
        await environment.close()


@in_browser
async def test_environments_that_share_a_browser_share_nothing_else(show: "Open") -> None:
    body = "<script>document.title = localStorage.n = +(localStorage.n || 0) + 1</script>"
    one, two = await show(body), await show(body)
    assert (one.first.title, two.first.title) == ("1", "1")
    await one.environment.close()
    assert (await two.observe()).title == "1"
