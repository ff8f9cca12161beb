"""What happens unasked: dialogs, tabs that pages open, downloads, pages that load late."""

import asyncio
import typing
from pathlib import Path

import pytest
from clickwright.environments import DownloadLimits
from clickwright.environments.browser.downloads import free_path, safe_name
from clickwright.environments.browser.options import BrowserOptions
from clickwright.screen import Point
from clickwright.tools import Click, Navigate, NewTab, SwitchTab, Task, Wait
from hypothesis import given
from hypothesis import strategies as st

if typing.TYPE_CHECKING:
    from conftest import Open, Site

BUTTON = "<button id=b style='width:200px; height:60px'>Go</button>"
HERE = Click(point=Point(50, 30))
in_browser = pytest.mark.asyncio(loop_scope="session")


@in_browser
@pytest.mark.parametrize("accept", [True, False], ids=["accepted", "dismissed"])
async def test_dialogs_are_answered_at_once_and_reported(show: "Open", accept: bool) -> None:
    page = await show(
        BUTTON
        + "<script>b.onclick = () => { alert('Hello\\nyou'); note(confirm('Sure?')); note(prompt('Name?', 'Ann')) }"
        "</script>",
        accept_dialogs=accept,
    )
    seen = await page.step(HERE)
    word = "accepted" if accept else "dismissed"
    assert seen.events == (
        f"a dialog (alert) said 'Hello you' and was {word}",
        f"a dialog (confirm) said 'Sure?' and was {word}",
        f"a dialog (prompt) said 'Name?' and was {word}",
    )
    assert await page.log() == (["true", "Ann"] if accept else ["false", ""])
    assert (await page.observe()).events == ()


@in_browser
async def test_a_page_that_asks_before_it_is_left_is_left(show: "Open", site: "Site") -> None:
    page = await show(BUTTON + "<script>onbeforeunload = (e) => e.preventDefault()</script>", accept_dialogs=False)
    await page.step(HERE)
    second = site.put("second", "/second")
    seen = await page.step(Navigate(url=second))
    assert seen.url == second
    assert seen.events == ("a dialog (beforeunload) said '' and was accepted",)


@in_browser
@pytest.mark.parametrize(
    "way",
    ["<a target=_blank href=/two style='display:block; width:200px; height:60px'>Go</a>"]
    + [
        f"{BUTTON}<script>b.onclick = () => {code}</script>"
        for code in ("open('/two')", "open('/two', '', 'width=300')")
    ],
    ids=["link", "script", "popup"],
)
async def test_a_tab_that_a_page_opens_is_followed(show: "Open", site: "Site", way: str) -> None:
    two = site.put("two", "/two")
    page = await show(way)
    seen = await page.step(HERE)
    assert (seen.url, seen.title, seen.events) == (two, "Page /two", ("a new tab opened and is shown",))
    assert [tab.active for tab in seen.tabs] == [False, True]
    assert seen.screenshot.size == page.first.screenshot.size
    assert (await page.step(SwitchTab(index=0))).url == site.url()


@in_browser
async def test_a_tab_that_closes_itself_gives_way_to_the_one_before(show: "Open", site: "Site") -> None:
    site.put(BUTTON + "<script>b.onclick = () => close()</script>", "/two")
    page = await show(f"{BUTTON}<script>b.onclick = () => open('/two')</script>")
    await page.step(HERE)
    seen = await page.step(HERE)
    assert (seen.url, len(seen.tabs)) == (site.url(), 1)
    assert seen.events == ("a tab was closed by its page",)


@in_browser
async def test_a_crash_in_the_background_costs_only_that_tab(show: "Open", site: "Site") -> None:
    page = await show("one")
    await page.step(NewTab(url=site.put("two", "/two")))
    two = page.environment.window.pages[1]
    await page.step(SwitchTab(index=0))
    session = await two.page.context.new_cdp_session(two.page)
    with pytest.raises(Exception, match=r"crashed|closed|Target"):
        await session.send("Page.crash")
    seen = await page.observe()
    assert (seen.url, len(seen.tabs)) == (site.url(), 1)
    assert seen.events == ("a tab in the background crashed and was closed",)


@in_browser
async def test_downloads_are_kept_under_a_safe_name_and_reported(show: "Open", site: "Site", tmp_path: Path) -> None:
    site.file_name = "..%2F..%2Fevil.csv"
    page = await show(f"<a href=/file download>{BUTTON}</a>", download_dir=tmp_path / "files")
    seen = await page.step(HERE)
    files = list((tmp_path / "files").iterdir())
    assert len(files) == 1
    assert files[0].read_text() == "a,b\n"
    assert len(seen.events) == 1
    assert seen.events[0].endswith(f"to {files[0]}")
    assert (await page.step(Navigate(url=site.url("/file")))).error is None
    assert len(list((tmp_path / "files").iterdir())) == 2
    elsewhere = await show(f"<a href=/file download>{BUTTON}</a>")
    assert (await elsewhere.step(HERE)).events[0].startswith("downloaded ")


@given(st.text(max_size=300))
def test_a_safe_name_is_one_plain_part(suggested: str) -> None:
    name = safe_name(suggested)
    assert name
    assert not name.startswith(".")
    assert not set(name) & set("/\\\0\n")
    assert len(name) <= 120


def test_a_free_path_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")
    (tmp_path / "a (2).csv").symlink_to("/nowhere")
    assert free_path(tmp_path, "x/../a.csv") == tmp_path / "a (3).csv"
    assert free_path(tmp_path, "...") == tmp_path / "download"


@in_browser
async def test_what_a_click_loads_is_seen_with_it(show: "Open", site: "Site") -> None:
    site.pages["/words"] = "loaded"
    page = await show(
        f"{BUTTON}<p id=p></p><script>b.onclick = async () => {{ for (let n = 0; n < 3; n++)"
        "p.textContent += await (await fetch('/words')).text() }</script>"
    )
    await page.step(HERE)
    assert await page.js("p.textContent") == "loadedloadedloaded"


@in_browser
async def test_a_click_that_navigates_shows_the_new_page(show: "Open", site: "Site") -> None:
    two = site.put("<h1>two</h1>", "/two")
    for way in ("<a href=/two>", "<form action=/two>", "<a onclick=\"location='/two'\">"):
        page = await show(way + BUTTON)
        seen = await page.step(HERE)
        assert seen.url.rstrip("?") == two
        assert seen.title == "Page /two"


@in_browser
async def test_a_menu_that_slides_open_is_seen_open(show: "Open") -> None:
    page = await show(
        BUTTON + "<div id=m style='position:absolute; left:300px; top:0; width:100px; height:0; background:red;"
        "transition:height .25s'></div><script>b.onclick = () => m.style.height = '400px'</script>"
    )
    seen = await page.step(HERE)
    assert tuple(seen.screenshot.pixels[395, 350]) == (255, 0, 0)


@pytest.mark.slow
@in_browser
async def test_a_page_that_never_falls_silent_is_shown_all_the_same(show: "Open", site: "Site") -> None:
    page = await show(BUTTON + "<script>b.onclick = () => { fetch('/slow'); document.title = 'busy' }</script>")
    assert (await page.step(HERE)).title == "busy"


@pytest.mark.slow
@in_browser
async def test_a_page_that_does_not_come_is_reported(show: "Open", site: "Site") -> None:
    page = await show("<a href=/slow>" + BUTTON, deadline_s=4.0)
    seen = await page.step(HERE)
    assert (seen.url, seen.events) == (
        site.url(),
        ("the page did not come within 2 s, so that loading it was stopped",),
    )
    seen = await page.step(Navigate(url=site.url("/slow")))
    assert seen.error == f"'{site.url('/slow')}' did not answer within 2 s"
    assert (await page.step(HERE)).url == site.url()


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


ENDLESS = "<a href=/endless download>" + BUTTON + "</a>"


@pytest.mark.slow
@in_browser
async def test_a_download_that_never_ends_holds_nobody_up(show: "Open", site: "Site", tmp_path: Path) -> None:
    page = await show(ENDLESS, download_dir=tmp_path)
    told = [*(await page.step(HERE)).events]
    for _ in range(40):  # of a link that downloads Chromium tells nothing before the file begins to come
        told += (await page.observe()).events
        if told:
            break
        await asyncio.sleep(0.05)
    told += (await page.observe()).events
    assert told == ["the file 'endless' is still being downloaded"]
    assert not page.environment.window.downloads.awaited
    await page.environment.close()
    assert files_in(tmp_path) == []


@in_browser
async def test_downloads_are_limited_in_size_and_number(show: "Open", site: "Site", tmp_path: Path) -> None:
    options = BrowserOptions(max_download_bytes=1_000_000, max_downloads=2)
    page = await show(ENDLESS, download_dir=tmp_path, options=options)
    told = list((await page.step(HERE)).events)
    for _ in range(20):
        if told and "larger" in told[-1]:
            break
        told += (await page.step(Wait(seconds=0.5))).events
    assert told[-1] == "the file 'endless' was not downloaded: it is larger than 1,000,000 bytes"
    seen = await page.step(Navigate(url=site.url("/file")))
    assert seen.events[0].startswith("downloaded ")
    seen = await page.step(Navigate(url=site.url("/file")))
    assert seen.events == ("the file 'report.csv' was not downloaded: there were 2 already",)
    assert len(files_in(tmp_path)) == 1
    small = await show(f"<a href=/file download>{BUTTON}</a>", options=BrowserOptions(max_download_bytes=3))
    assert (await small.step(HERE)).events == ("the file 'report.csv' was not downloaded: it is larger than 3 bytes",)


@in_browser
async def test_a_run_keeps_no_more_files_because_its_window_was_lost(
    show: "Open", site: "Site", tmp_path: Path
) -> None:
    (tmp_path / "before.csv").touch()  # of the same run, before it was taken up again
    page = await show(download_dir=tmp_path)
    page.environment.limit_downloads(DownloadLimits(most=2))
    await page.environment.reset(Task(goal="load", start_url=site.url()))
    assert (await page.step(Navigate(url=site.url("/file")))).events[0].startswith("downloaded ")
    await page.environment.window.context.close()
    await page.environment.recover()
    seen = await page.step(Navigate(url=site.url("/file")))
    assert seen.events[-1] == "the file 'report.csv' was not downloaded: there were 2 already"
