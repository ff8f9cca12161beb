"""A person who goes from tab to tab is watched in each of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from clickwright.environments import BrowserEnvironment
from clickwright.screen import Observation, Tab
from clickwright.testing.codegen.draft import recording_beside, switched
from clickwright.testing.recording import read_recording
from playwright.async_api import Page

from .watching import Watched

FIRST = """<!doctype html><title>First</title><p><a href=second.html target=_blank>Open the second</a></p>
<p><button onclick="this.textContent = 'Ticked'">Tick</button></p>"""
SECOND = """<!doctype html><title>Second</title><p><label>Name <input></label></p>
<p><button onclick="said.textContent = 'saved'">Save</button> <b id=said></b></p>"""

TWIN = """<!doctype html><title>Twin</title><p><a href="twin.html?%s" target=_blank>Open</a></p>
<p><button>Save</button></p>"""


@pytest.mark.slow
async def test_what_is_done_to_another_tab_is_no_line_about_the_first(tmp_path: Path) -> None:
    """Two tabs of one title are told apart by their addresses."""
    (tmp_path / "twin.html").write_text(TWIN)
    watched = Watched((tmp_path / "twin.html").as_uri(), tmp_path / "test_twin.py")
    await watched.ready.wait()
    first = watched.page
    async with first.context.expect_page() as opened:
        await first.get_by_text("Open").click()
    second = await opened.value
    await watched.wrote('ui.tap("Open")')
    await second.get_by_text("Save").click(modifiers=["Shift"])
    await watched.wrote("page.keyboard.up")
    await first.bring_to_front()
    await first.get_by_text("Save").click(modifiers=["Shift"])
    await watched.wrote("ui.switch_tab(")
    await watched.wrote("    page.keyboard.up")
    await first.context.close()
    await watched.recording
    other = [line for line in watched.lines if line.startswith("#")]
    assert [line.partition("(")[0] for line in other] == [
        "# this was done in another tab: page.keyboard.down",
        "# this was done in another tab: page.mouse.click",
        "# this was done in another tab: page.keyboard.up",
    ]
    assert [line.partition("(")[0] for line in watched.lines[4:]] == [
        *("ui.switch_tab", "page.keyboard.down", "page.mouse.click", "page.keyboard.up"),
    ]
    assert watched.lines[4] == f'ui.switch_tab("{(tmp_path / "twin.html").as_uri()}")'


def test_tabs_that_nothing_tells_apart_are_told_of() -> None:
    one, same = Tab(title="New", url="about:blank", active=True), Tab(title="New", url="about:blank", active=False)
    other = Tab(title="News", url="about:news", active=False)
    assert switched(one, [other]) == 'ui.switch_tab("New")'
    assert switched(one, [same, other]).startswith("# it goes on here in another tab, which nothing tells")


SAID = """    assert [one.inner_text("button") for one in page.context.pages] == ["Ticked", "Save"]
    assert page.context.pages[1].inner_text("#said") == "saved"
    assert page.context.pages[1].input_value("input") == "Ada"
"""


@pytest.mark.slow
async def test_what_is_done_in_a_second_tab_is_written_and_replays(
    tmp_path: Path, replayed: Callable[[Path], str]
) -> None:
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text(SECOND)
    watched = Watched((tmp_path / "first.html").as_uri(), tmp_path / "test_tabs.py")
    await watched.ready.wait()
    first = watched.page
    async with first.context.expect_page() as opened:
        await first.get_by_text("Open the second").click()
    second = await opened.value
    await watched.wrote('ui.tap("Open the second")')
    await second.get_by_label("Name").click()
    await second.keyboard.type("Ada")
    await second.get_by_text("Save").click()
    await watched.wrote('ui.tap("Save")')
    await first.bring_to_front()
    await first.get_by_text("Tick").click()
    await watched.wrote('ui.tap("Tick")')
    await first.context.close()
    await watched.recording
    assert watched.lines == [
        'ui.tap("Open the second")',
        'ui.fill("Name", "Ada")',
        'ui.tap("Save")',
        'ui.switch_tab("First")',
        'ui.tap("Tick")',
    ]
    source = watched.path.read_text("utf-8") + SAID
    print(source)
    watched.path.write_text(source, "utf-8")
    printed = replayed(watched.path)
    assert "1 passed" in printed, printed


class Interrupted(BrowserEnvironment):
    """Goes on with `then` once it was looked at, the next time only."""

    then: Callable[[], Awaitable[object]] | None = None

    async def observe(self) -> Observation:
        seen = await super().observe()
        then, self.then = self.then, None
        if then is not None:
            await then()
        return seen


async def watched_from_first(tmp_path: Path) -> tuple[Watched, Interrupted]:
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text(SECOND)
    environment = Interrupted(elements=True)
    watched = Watched((tmp_path / "first.html").as_uri(), tmp_path / "test_tabs.py", environment)
    await watched.ready.wait()
    return watched, environment


async def clicked(page: Page, text: str, is_heard: Callable[[], bool]) -> None:
    """Click until it was heard: a tab that has just opened is watched a moment later."""
    while not is_heard():
        await page.get_by_text(text).click()
        with suppress(TimeoutError):
            async with asyncio.timeout(15):
                while not is_heard():  # noqa: ASYNC110  nobody tells
                    await asyncio.sleep(0.05)


async def opened_from(first: Page) -> Page:
    async with first.context.expect_page() as opened:
        await first.evaluate("open('second.html')")
    return await opened.value


async def test_what_was_done_before_it_is_ended_is_written_or_told_of(tmp_path: Path) -> None:
    watched, environment = await watched_from_first(tmp_path)
    first, looked, never = watched.page, asyncio.Event(), asyncio.Event()

    async def stay() -> None:
        looked.set()
        await never.wait()

    second = await opened_from(first)
    environment.then = stay
    await clicked(second, "Save", looked.is_set)
    await first.get_by_text("Tick").click()
    await first.evaluate("1")
    watched.recording.cancel()
    await asyncio.wait({watched.recording})
    assert watched.lines == [
        "# something was done here in a tab that was gone before it was looked at",
        'ui.tap("Tick")',
    ]


async def test_a_look_is_of_the_tab_that_was_in_front_all_the_time(tmp_path: Path) -> None:
    watched, environment = await watched_from_first(tmp_path)
    first, opened = watched.page, asyncio.get_running_loop().create_future()

    async def open_another() -> None:
        opened.set_result(await opened_from(first))

    environment.then = open_another
    await first.get_by_text("Tick").click()
    await clicked(await opened, "Save", lambda: 'ui.tap("Save")' in watched.path.read_text("utf-8"))
    await watched.wrote('ui.tap("Save")')
    await first.context.close()
    await watched.recording
    steps = read_recording(recording_beside(watched.path, "tabs")).steps
    assert [step.page.rpartition("/")[2] for step in steps] == ["first.html", "second.html"]
