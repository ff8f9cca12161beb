"""The words for panes, drags, files and tabs: live, recorded and replayed on real pages."""

from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Point
from clickwright.testing import NotFound, PageEyes, open_ui
from clickwright.testing.recording import read_recording

from .conftest import Show
from .test_modes import NoEyes

pytestmark = pytest.mark.asyncio(loop_scope="session")

COUNTRIES = ("Albania", "Belgium", "Chile", "Denmark", "Egypt", "Finland", "Ghana", "Hungary", "India", "Japan")
PANE = """<!doctype html><style>body {{ font: 16px sans-serif; height: 3000px }} ul {{ list-style: none; padding: 0 }}
ul {{ height: 120px; width: 240px; overflow: auto; border: 1px solid grey }}
button {{ font: inherit; margin: 8px }}</style>
<h2>Where to</h2><ul aria-label="Countries" role=listbox tabindex=0>{items}</ul><button>Zebra</button>
<p id=said>nothing</p><script>document.querySelectorAll("li button").forEach((one) => {{
one.onclick = () => {{ said.textContent = one.textContent }} }})</script>"""


def pane(*names: str) -> str:
    return PANE.format(items="".join(f"<li><button>{name}</button></li>" for name in names))


async def test_a_pane_is_scrolled_live_and_again_from_its_recording(show: Show, recording: Path) -> None:
    shown = await show(pane(*COUNTRIES), mode="record", recording=recording)
    await shown.ui.scroll_to("Japan", inside="Countries")
    await shown.ui.tap("Japan")
    assert await shown.js("[said.textContent, scrollY]") == ["Japan", 0]
    shown.ui.keep()
    assert [step.does for step in read_recording(recording).steps] == ["inside", "scroll_to", "tap"]
    more = pane("Aruba", *COUNTRIES, "Kenya")
    again = await show(more, mode="replay", recording=recording, eyes=NoEyes())
    await again.ui.scroll_to("Japan", inside="Countries")
    await again.ui.tap("Japan")
    assert await again.js("[said.textContent, scrollY]") == ["Japan", 0]
    assert again.ui.way.unasked() == ()


CITIES = ("Aachen", "Bern", "Cork", "Delft", "Espoo", "Faro", "Gent", "Hof", "Jena")
TALL = "<style>li button { width: 60%; height: 60px; margin: 0; float: left; clear: both }</style>"
LIES = """(() => { const b = document.querySelector('ul').getBoundingClientRect();
return [b.x, b.y, b.right, b.bottom] })()"""


@pytest.mark.slow
async def test_a_pane_is_found_by_its_name_whatever_it_holds_now(show: Show, recording: Path, tmp_path: Path) -> None:
    """A row lies at its middle; the page tells of the half of it that no row covers."""
    shown = await show(pane(*COUNTRIES, "Jena") + TALL, mode="record", recording=recording)
    shown.ui.way.live.eyes.places["the list"] = Box(*await shown.js(LIES)).grow(3)  # type: ignore[attr-defined]
    await shown.ui.scroll_to("Jena", inside="the list")
    shown.ui.keep()
    inside = read_recording(recording).steps[0].target
    assert inside is not None
    assert inside.element is not None
    assert (inside.element.role, inside.element.name) == ("listbox", "Countries")
    again = await show("<br><br>" + pane(*CITIES) + TALL, mode="replay", recording=recording, eyes=NoEyes())
    await again.ui.scroll_to("Jena", inside="the list")
    assert again.ui.done[0].how == "page"
    renamed = (pane(*CITIES) + TALL).replace('"Countries"', '"Cities"').replace("Where to", "Which one")
    healed = await show(renamed, mode="heal", recording=recording, patches=tmp_path / "patches")
    healed.ui.way.live.eyes.places["the list"] = Box(*await healed.js(LIES)).grow(3)  # type: ignore[attr-defined]
    await healed.ui.scroll_to("Jena", inside="the list")
    assert [done.healed for done in healed.ui.done] == [True, False]
    patch = healed.ui.keep()
    assert patch is not None
    assert "+      name: Cities" in patch.read_text("utf-8")


async def test_what_is_not_inside_is_not_found_and_the_page_stays(show: Show) -> None:
    shown = await show(pane(*COUNTRIES))
    with pytest.raises(NotFound, match=r"^'Zebra' is there, and not inside of what was scrolled$"):
        await shown.ui.scroll_to("Zebra", inside="Countries")
    with pytest.raises(NotFound, match="'Atlantis'"):
        await shown.ui.scroll_to("Atlantis", inside="Countries")
    with pytest.raises(NotFound, match="'Cities'"):
        await shown.ui.scroll_to("Zebra", inside="Cities")
    assert await shown.js("document.querySelector('ul').scrollTop > 100")


GROWING = """<style>h2 { margin-top: 200px }</style><script>const list = document.querySelector("ul");
list.onscroll = () => document.body.append(Object.assign(document.createElement("div"), {style: "height: 40px"}));
onscroll = () => {
  const late = "<li id=late><button>Kenya</button></li>";
  if (!document.getElementById("late")) list.insertAdjacentHTML("afterbegin", late);
  list.scrollTop = 0;
}</script>"""


async def test_a_page_that_grows_meanwhile_is_no_end_and_one_that_moves_is_looked_at_again(show: Show) -> None:
    shown = await show(pane(*COUNTRIES) + GROWING)
    await shown.ui.scroll_to("Japan", inside="Countries")
    assert await shown.js("scrollY") == 0
    box = await shown.ui.scroll_to("Kenya", inside="Countries")
    assert await shown.js("scrollY") > 0
    at = f"document.elementFromPoint({box.center.x}, {box.center.y}).textContent"
    assert await shown.js(at) == "Kenya"


async def test_a_pane_without_an_extent_is_no_place_to_scroll(show: Show) -> None:
    shown = await show(pane(*COUNTRIES))
    shown.ui.way.eyes.places["the list"] = Point(60, 100)  # type: ignore[attr-defined]
    with pytest.raises(NotFound, match=r"^'the list' was pointed at, and nobody tells where it ends"):
        await shown.ui.scroll_to("Japan", inside="the list")
    assert [done.verdict for done in shown.ui.done] == ["product"]


BOARD = """<!doctype html><style>body {{ font: 16px sans-serif; margin: 20px }}
div {{ position: absolute; left: {left}px; width: 160px; height: 60px; background: #dde }}
#card {{ top: 60px }} #done {{ top: 260px; background: #ded }}</style>
<div id=card role=button aria-label=Card tabindex=0>Write tests</div>
<div id=done role=button aria-label=Done tabindex=0>Nothing</div>
<script>let held = false;
card.onmousedown = (event) => {{ held = true; event.preventDefault() }};
onmouseup = (event) => {{ if (held && event.target === done) done.textContent = card.textContent; held = false }}
</script>"""


async def test_a_thing_is_dragged_onto_another_one_and_again_where_both_have_moved(show: Show, recording: Path) -> None:
    shown = await show(BOARD.format(left=40), mode="record", recording=recording)
    await shown.ui.drag("Card", "Done")
    assert await shown.js("done.textContent") == "Write tests"
    shown.ui.keep()
    again = await show(BOARD.format(left=300), mode="replay", recording=recording, eyes=NoEyes())
    await again.ui.drag("Card", "Done")
    assert await again.js("done.textContent") == "Write tests"
    assert [str(done.call) for done in again.ui.done] == ["drag_to 'Done'", "drag 'Card'"]


LATE = """<script>const where = document.querySelector("#done");
document.querySelector("#card").style.display = "none";
setTimeout(() => { card.style.display = ""; where.style.top = "400px" }, 600);
where.onmouseup = (event) => { document.title = event.offsetX }</script>"""


async def test_a_thing_is_let_go_at_the_recorded_point_of_where_the_other_one_has_gone(
    show: Show, recording: Path
) -> None:
    shown = await show(BOARD.format(left=40), mode="record", recording=recording)
    shown.ui.way.live.eyes.places["the edge of Done"] = Point(50, 290)  # type: ignore[attr-defined]
    await shown.ui.drag("Card", "the edge of Done")
    shown.ui.keep()
    again = await show(BOARD.format(left=300) + LATE, mode="replay", recording=recording, eyes=NoEyes(), deadline_s=5.0)
    await again.ui.drag("Card", "the edge of Done")
    assert await again.js("[document.querySelector('#done').textContent, document.title]") == ["Write tests", "10"]


FILE = """<!doctype html><p><label>Photo <input type=file multiple onchange="said.textContent =
[...this.files].map((one) => one.name).join()"></label></p><p id=said></p>"""


async def test_files_are_given_to_a_field(show: Show, recording: Path, tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(b"x")
    shown = await show(FILE, mode="record", recording=recording)
    await shown.ui.upload("Photo", tmp_path / "one.png", tmp_path / "two.png")
    assert await shown.js("said.textContent") == "one.png,two.png"
    assert shown.ui.done[-1].given == "one.png, two.png"
    shown.ui.keep()
    again = await show(FILE, mode="replay", recording=recording, eyes=NoEyes())
    await again.ui.upload("Photo", tmp_path / "two.png")
    assert await again.js("said.textContent") == "two.png"
    with pytest.raises(UsageError, match=r"^there is no file .*three\.png to upload$"):
        await again.ui.upload("Photo", tmp_path / "three.png")
    with pytest.raises(UsageError, match=r"^upload needs at least one file$"):
        await again.ui.upload("Photo")


async def test_another_tab_is_gone_on_in(show: Show, recording: Path, tmp_path: Path) -> None:
    """By its title, or its address; a tab that opens is followed by itself, and no recording is asked."""
    (tmp_path / "second.html").write_text("<!doctype html><title>The second</title><p>Stored here</p>")
    first = f"""<!doctype html><title>The first</title>
    <button onclick="window.open('{(tmp_path / "second.html").as_uri()}')">
    Open</button><button>Save</button>"""
    (tmp_path / "first.html").write_text(first)
    shown = await show(mode="record", recording=recording)
    await shown.environment.window.active.page.goto((tmp_path / "first.html").as_uri())
    await shown.ui.tap("Open")
    await shown.ui.wait_for("'Stored here' is visible", seconds=5)
    await shown.ui.switch_tab("the first")
    assert await shown.js("document.title") == "The first"
    await shown.ui.switch_tab("second.html")
    assert await shown.js("document.title") == "The second"
    for words in ("the", "third"):
        said = f"^there is no one tab '{words}'; the tabs are 'The first', 'The second'$"
        with pytest.raises(NotFound, match=said):
            await shown.ui.switch_tab(words)
    shown.ui.keep()
    assert [step.does for step in read_recording(recording).steps] == ["tap", "wait_for"]


SHOP = """<!doctype html><title>Shop</title><style>button { position: absolute; top: 300px }</style>
<a href=# onclick="pay = window.open(''); pay.document.write(`<title>Till</title>
  <button type=submit onclick='this.textContent = 1'>Pay</button>`)">Open</a><button type=submit>Search</button>"""


async def test_a_selector_is_of_the_tab_that_is_looked_at(show: Show) -> None:
    """Over a page of the user's own, from which a tab opens."""
    own = (await show(SHOP)).environment.window.active.page
    ui = open_ui(await own.context.new_page(), PageEyes(), deadline_s=5.0)
    page = ui.stage.page  # type: ignore[attr-defined]
    await page.set_content(SHOP)
    try:
        async with page.context.expect_page() as opened:
            await ui.tap("Open")
        await ui.tap("button[type=submit]", description="Pay")
        assert ui.done[-1].how == "selector"
        assert await (await opened.value).inner_text("button") == "1"
        assert await page.inner_text("button") == "Search"
    finally:
        await ui.stage.end()
        await page.close()
