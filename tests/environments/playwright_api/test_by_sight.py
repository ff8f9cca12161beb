"""What a browser without DevTools does: the same tests on every browser that is here."""

import asyncio
import os
import signal
import typing
from pathlib import Path

import pytest
from clickwright.environments import DownloadLimits, check_environment
from clickwright.errors import EnvironmentLost
from clickwright.screen import Point, Size
from clickwright.tools import (
    Action,
    Back,
    Click,
    CloseTab,
    Drag,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    Task,
    TypeText,
    Upload,
    Wait,
)

if typing.TYPE_CHECKING:
    from ..conftest import Site
    from .conftest import See

pytestmark = pytest.mark.asyncio(loop_scope="session")
BUTTON = "<button id=b style='position:absolute; left:40px; top:30px; width:120px; height:40px'>Go</button>"
HERE = Point(100, 50)
DOUBLE = "a Firefox that is not Playwright's own takes a double click for two clicks"
FIELD = "<input id=i style='position:absolute; left:40px; top:30px; width:300px; height:30px'>"


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_the_contract_is_kept(see: "See", site: "Site", scale: float) -> None:
    page = await see(
        f"{BUTTON}<script>window.last = null; onclick = (e) => window.last = [e.clientX, e.clientY]</script>",
        device_scale=scale,
    )

    async def landed() -> Point | None:
        last = await page.js("window.last")
        return None if last is None else Point(last[0] * scale, last[1] * scale)

    await check_environment(
        page.environment,
        Task(goal="try", start_url=site.url()),
        target=Point(100 * scale, 50 * scale),
        landed=landed,
        size=Size(round(1288 * scale), round(728 * scale)),
        scale=scale,
    )


async def test_clicks_of_every_kind_arrive(see: "See") -> None:
    page = await see(
        f"{BUTTON}<script>for (const kind of ['click', 'dblclick', 'auxclick', 'contextmenu']) addEventListener(kind, "
        "(e) => { note(kind, e.button, e.detail, e.shiftKey, e.clientX, e.clientY); e.preventDefault() })</script>"
    )
    for action in (
        Click(point=HERE),
        Click(point=HERE, count=3),
        Click(point=HERE, button="middle"),
        Click(point=HERE, button="right"),
        Click(point=HERE, modifiers=("Shift",)),
    ):
        error = (await page.step(action)).error
        assert error == (DOUBLE if page.is_stock and action.count > 1 else None)
        await page.step(Wait(seconds=0.6))  # else the next click counts as one more of these
    log = await page.log()
    assert log[0] == "click 0 1 false 100 50"
    assert ("dblclick 0 2 false 100 50" in log) is not page.is_stock
    assert ("click 0 3 false 100 50" in log) is not page.is_stock
    assert "auxclick 1 1 false 100 50" in log
    assert any(line.startswith("contextmenu 2") for line in log)
    assert log[-1] == "click 0 1 true 100 50"


async def test_the_pointer_hovers_drags_holds_and_scrolls(see: "See") -> None:
    page = await see(
        "<div id=d style='width:400px; height:300px; background:#eee'></div><div style='height:4000px'></div><script>"
        "let n = 0; d.onmousemove = (e) => { n++; if (!e.buttons) note('over'); };"
        "d.onmousedown = (e) => { note('down', e.clientX, e.clientY); window.since = performance.now() };"
        "d.onmouseup = (e) => note('up', e.clientX, e.clientY, n > 8, performance.now() - since > 450)</script>"
    )
    await page.step(Hover(point=Point(50, 50)))
    assert "over" in await page.log()
    await page.step(Drag(path=(Point(60, 60), Point(200, 60), Point(200, 200)), duration_s=0.2))
    assert [line for line in await page.log() if line != "over"] == ["down 60 60", "up 200 200 true false"]
    await page.step(LongPress(point=Point(80, 80), duration_s=0.5))
    assert (await page.log())[-1] == "up 80 80 true true"
    seen = await page.step(Scroll(point=Point(100, 100), dy=500))
    assert seen.effect == "changed"
    assert await page.js("scrollY") == 500


async def test_text_and_keys_are_exact(see: "See") -> None:
    page = await see(f"{FIELD}<textarea id=t style='position:absolute; top:100px; left:40px'></textarea>")
    await page.step(Click(point=Point(100, 45)))
    await page.step(TypeText(text="naïve 中文 <>"))
    assert await page.js("i.value") == "naïve 中文 <>"
    await page.step(Press(keys=("ControlOrMeta", "a")))
    await page.step(TypeText(text="x" * 500))
    assert await page.js("i.value") == "x" * 500
    await page.step(Press(keys=("Backspace",)))
    assert await page.js("i.value.length") == 499
    await page.step(Click(point=await page.center("#t")))
    await page.step(TypeText(text="one\ntwo"))
    assert await page.js("t.value") == "one\ntwo"
    refused = await page.step(Press(keys=("GoHome",)))
    assert refused.error == "a browser has no key GoHome"


async def test_pages_go_back_and_forth(see: "See", site: "Site") -> None:
    page = await see("<h1>one</h1>")
    first, second = site.url(), site.put("<h1>two</h1><p>more", "/two")
    assert (await page.step(Back())).error == "there is no page to go back to"
    seen = await page.step(Navigate(url=second))
    assert (seen.url, seen.title, seen.effect, seen.error) == (second, "Page /two", "navigated", None)
    seen = await page.step(Back())
    assert (seen.url, seen.effect, seen.error) == (first, "navigated", None)
    seen = await page.step(Forward())
    assert (seen.url, seen.effect, seen.error) == (second, "navigated", None)
    assert (await page.step(Forward())).error == "there is no page to go forward to"
    assert (await page.step(Reload())).effect == "navigated"
    refused = await page.step(Navigate(url="http://127.0.0.1:9/"))
    assert refused.error is not None
    assert "browsers do not open that port" in refused.error
    seen = await page.step(Navigate(url="http://127.0.0.1:1/"))
    assert seen.error is not None


async def test_an_action_tells_what_it_did(see: "See", site: "Site") -> None:
    site.put("<title>Next</title>next", "/next")
    page = await see(
        f"{BUTTON}<a id=l href=/next style='position:absolute; left:40px; top:100px'>next</a>"
        "<a id=p href=/next target=_blank style='position:absolute; left:40px; top:150px'>tab</a>"
        "<script>b.onclick = () => document.body.style.background = '#abc'</script>"
    )
    assert (await page.step(Click(point=Point(600, 600)))).effect == "nothing"
    assert (await page.step(Click(point=HERE))).effect == "changed"
    seen = await page.step(Click(point=await page.center("#p")))
    assert (seen.effect, seen.url, len(seen.tabs)) == ("new_tab", site.url("/next"), 2)
    assert "a new tab opened and is shown" in seen.events
    seen = await page.step(CloseTab())
    assert (seen.effect, seen.url) == ("closed_tab", site.url())
    seen = await page.step(Click(point=await page.center("#l")))
    assert (seen.effect, seen.url) == ("navigated", site.url("/next"))


async def test_tabs_are_opened_changed_and_closed(see: "See", site: "Site") -> None:
    page = await see("<h1>one</h1>")
    two = site.put("<h1>two</h1>", "/two")
    seen = await page.step(NewTab(url=two))
    assert ([tab.url for tab in seen.tabs], seen.url) == ([site.url(), two], two)
    seen = await page.step(SwitchTab(index=0))
    assert (seen.url, seen.effect) == (site.url(), "navigated")
    seen = await page.step(SwitchTab(index=7))
    assert seen.error == "there is no tab 7; the last one is 1"
    await page.step(CloseTab(index=1))
    assert (await page.step(CloseTab())).error == "the only tab cannot be closed"


async def test_dialogs_are_answered_and_told(see: "See") -> None:
    page = await see(f"{BUTTON}<script>b.onclick = () => note(confirm('Sure?'), prompt('Name?', 'Ann'))</script>")
    seen = await page.step(Click(point=HERE))
    assert seen.events == (
        "a dialog (confirm) said 'Sure?' and was accepted",
        "a dialog (prompt) said 'Name?' and was accepted",
    )
    assert await page.log() == ["true Ann"]


async def test_downloads_are_kept_within_their_limits(see: "See", tmp_path: Path) -> None:
    page = await see(
        "<a id=f href=/file style='position:absolute; left:40px; top:30px; width:120px; height:40px'>file</a>",
        download_dir=tmp_path,
    )
    seen = await page.step(Click(point=Point(50, 40)))
    for _ in range(3):
        if any("downloaded" in event for event in seen.events):
            break
        seen = await page.step(Wait(seconds=0.5))
    assert seen.events == (f"downloaded 'report.csv' to {tmp_path / 'report.csv'}",)
    assert (tmp_path / "report.csv").read_text() == "a,b\n"
    page.environment.limit_downloads(DownloadLimits(most=0))
    await page.environment.reset(Task(goal="again", start_url=page.first.url))
    seen = await page.step(Click(point=Point(50, 40)))
    assert seen.events == ("the file 'report.csv' was not downloaded: there were 0 already",)


async def test_files_are_given_to_what_asks_for_them(see: "See", tmp_path: Path) -> None:
    (tmp_path / "cv.txt").write_text("cv")
    page = await see(f"{BUTTON}<input id=f type=file hidden><script>b.onclick = () => f.click()</script>")
    give = Upload(point=HERE, paths=(str(tmp_path / "cv.txt"),))
    seen = await page.step(Upload(point=Point(600, 600), paths=(str(tmp_path / "cv.txt"),)))
    assert seen.error == "nothing at (600, 600) takes a file"
    seen = await page.step(Click(point=HERE))
    assert "the page asks for a file: give it with an upload at that place" in seen.events
    if page.is_stock:
        assert (await page.step(give)).error == (
            "a Firefox that is not Playwright's own opens one file chooser on a page: reload the page first"
        )
        await page.step(Reload())
    seen = await page.step(give)
    assert (seen.error, await page.js("f.files[0].name")) == (None, "cv.txt")


async def test_a_native_list_is_chosen_from_with_keys(see: "See") -> None:
    page = await see("<select id=s style='position:absolute; left:40px; top:30px; width:120px; height:40px'>"
                     "<option>Small<option>Large</select>")  # fmt: skip
    refused = await page.step(SelectOption(point=HERE, label="Large"))
    assert refused.error == (
        "a native list is chosen from with keys in this browser: click it, type the beginning of the option, and press "
        "Enter"
    )
    await page.step(Click(point=HERE))
    await page.step(TypeText(text="Lar"))
    await page.step(Press(keys=("Enter",)))
    assert await page.js("s.value") == "Large"


@pytest.mark.parametrize(
    ("action", "sentence"), [(Pinch(point=HERE, factor=2), "this browser is driven with a mouse, which cannot pinch")]
)
async def test_what_cannot_be_done_is_said(see: "See", action: Action, sentence: str) -> None:
    page = await see(BUTTON)
    assert (await page.step(action)).error == sentence


async def test_a_page_is_shown_once_its_pictures_have_come(see: "See", site: "Site") -> None:
    site.put("<p id=late>late", "/late")
    page = await see(
        f"{BUTTON}<p id=p></p><script>b.onclick = () => fetch('/late').then((r) => r.text()).then((t) => "
        "setTimeout(() => p.innerHTML = 'x'.repeat(t.length), 30))</script>"
    )
    await page.step(Click(point=HERE))
    assert await page.js("p.textContent.length") > 10


# Losses


@pytest.mark.slow
async def test_a_page_that_hangs_is_lost_in_time_and_brought_back(see: "See", site: "Site") -> None:
    page = await see(f"{BUTTON}<script>b.onclick = () => setTimeout(() => {{ for (;;); }}, 0)</script>", deadline_s=4)
    began = asyncio.get_running_loop().time()
    with pytest.raises(EnvironmentLost, match="did not answer within 4 s"):
        await page.step(Click(point=HERE))
    assert asyncio.get_running_loop().time() - began < 6
    back = await page.environment.recover()
    assert (back.url, back.error) == (site.url(), None)


@pytest.mark.slow
async def test_an_address_that_never_answers_ends_in_time(see: "See", site: "Site") -> None:
    page = await see(BUTTON, deadline_s=4)
    seen = await page.step(Navigate(url=site.url("/slow")))
    assert seen.error == f"'{site.url('/slow')}' did not answer within 2 s"
    seen = await page.step(Navigate(url=site.url()))
    assert (seen.url, seen.error) == (site.url(), None)


async def test_a_start_that_cannot_be_reached_loses_the_environment(see: "See") -> None:
    page = await see(BUTTON)
    with pytest.raises(EnvironmentLost, match=r"'http://127.0.0.1:1/' cannot be reached"):
        await page.environment.reset(Task(goal="go", start_url="http://127.0.0.1:1/"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux tells which processes are the browser's")
async def test_a_killed_browser_comes_back_with_its_tabs_and_leaves_nothing(see: "See", site: "Site") -> None:
    page = await see("<script>document.cookie = 'a=1'; localStorage.kept = 'yes'</script><h1>one</h1>")
    environment, two = page.environment, site.put("<h1>two</h1>", "/two")
    await page.step(NewTab(url=two))
    for number in list(environment.browser.processes()):
        os.kill(number, signal.SIGKILL)
    await asyncio.sleep(1)
    with pytest.raises(EnvironmentLost):
        await environment.observe()
    back = await environment.recover()
    assert ([tab.url for tab in back.tabs], back.url, back.error) == ([site.url(), two], two, None)
    assert await page.js("[document.cookie, localStorage.kept]") == ["a=1", "yes"]
    await environment.close()
    await asyncio.sleep(0.5)
    assert list(environment.browser.processes()) == []


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux tells which processes are the browser's")
async def test_a_stopped_browser_is_ended(see: "See", site: "Site") -> None:
    page = await see("<h1>one</h1>", deadline_s=4)
    for number in list(page.environment.browser.processes()):
        os.kill(number, signal.SIGSTOP)
    with pytest.raises(EnvironmentLost):
        await page.environment.observe()
    assert (await page.environment.recover()).url == site.url()
    await page.environment.close()
    await asyncio.sleep(0.5)
    assert list(page.environment.browser.processes()) == []


async def test_what_was_judged_on_one_page_is_not_done_on_another(see: "See", site: "Site") -> None:
    """The page that is judged may be about to leave, or leave while somebody is asked."""
    other = site.url("/other", host="localhost")
    site.put(FIELD + "<script>i.focus()</script>", "/other")
    page = await see(FIELD + f"<script>i.focus(); later = () => location = {other!r}</script>")
    typed = TypeText(text="private")
    assert (await page.environment.facts(typed)).url == site.url()
    await page.js("setTimeout(later, 50)")
    await asyncio.sleep(0.5)
    seen = await page.step(typed)
    assert (seen.error, seen.url) == ("look again: another page has come since this was judged", other)
    assert await page.js("i.value") == ""
    assert (await page.environment.facts(typed)).url == other
    assert (await page.step(typed)).error is None
    assert await page.js("i.value") == "private"


async def test_a_title_is_text_of_some_length_whatever_the_page_says(see: "See") -> None:
    page = await see("<script>document.title = '\\ud800' + 'x'.repeat(1e6)</script>")
    assert page.first.title.encode("utf-8")
    assert len(page.first.title) <= 1000
    await page.js("Object.defineProperty(document, 'title', {value: [1, 2]})")
    assert (await page.environment.observe()).title == ""


async def test_back_takes_a_fragment_off(see: "See") -> None:
    page = await see(f"{BUTTON}<script>b.onclick = () => location.hash = 'a'</script>")
    await page.step(Click(point=HERE))
    assert (await page.step(Back())).error is None
    assert await page.js("location.hash") == ""


async def test_a_frame_in_a_sandbox_is_not_taken_for_the_page(see: "See", site: "Site") -> None:
    page = await see("<iframe sandbox=allow-scripts srcdoc='<input autofocus>'></iframe>")
    assert (await page.environment.facts(TypeText(secret="login"))).origin == ""
    plain = await page.environment.reset(Task(goal="try", start_url=site.put(FIELD)))
    assert (await page.environment.facts(TypeText(secret="login"))).origin == plain.url.rstrip("/")
