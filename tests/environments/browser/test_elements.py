"""What a browser tells of the things that can be acted on: each is in sight, and a click at its centre reaches it."""

import typing

import pytest
from clickwright.environments.browser.elements import MAX_ELEMENTS, MAX_TEXT_CHARS
from clickwright.screen import Box, Element, Point
from clickwright.tools import Click, Pinch, Scroll

if typing.TYPE_CHECKING:
    from conftest import Open, Opened, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "position:absolute; width:100px; height:40px; border:0; padding:0; margin:0; left:{x}px; top:{y}px"


def at(x: float, y: float, more: str = "") -> str:
    return f"style='{AT.format(x=x, y=y)}; {more}'"


def box(x: float, y: float, scale: float = 1.0) -> Box:
    return Box(x, y, x + 100, y + 40).scale(scale, scale)


async def elements(page: "Opened") -> tuple[Element, ...]:
    found = (await page.observe()).elements
    assert found is not None
    return found


async def names(page: "Opened") -> list[str]:
    return [one.name for one in await elements(page)]


async def test_nobody_looks_unless_asked(show: "Open") -> None:
    assert (await show("<button>Send</button>")).first.elements is None


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_elements_of_frames_and_shadow_roots_stand_where_they_are_clicked(
    show: "Open", site: "Site", scale: float
) -> None:
    deep = f"<style>body {{ margin:0 }}</style><button {at(5, 6)} onclick='top.postMessage(1, `*`)'>Far</button>"
    site.put(deep, "/far")
    site.put(f"<iframe src='{site.url('/far')}' {at(10, 20, 'width:200px; height:90px')}></iframe>", "/near")
    page = await show(
        f"<button {at(10, 10)} onclick='note(`Here`)'>Here</button><div id=host {at(200, 10)}></div>"
        f"<iframe srcdoc=\"<body style='margin:0'><button {at(1, 2)}>Same</button>\""
        f" {at(400, 10, 'width:150px; height:80px; border:3px solid')}></iframe>"
        f"<iframe src='{site.url('/near', 'localhost')}' {at(600, 100, 'width:300px; height:200px')}></iframe>"
        f"<script>host.attachShadow({{mode: 'open'}}).innerHTML = `<button {at(0, 0)}>Shadow</button>`;"
        "onmessage = () => note('Far')</script>",
        device_scale=scale,
        elements=True,
    )
    found = {one.name: one for one in page.first.elements or ()}
    places = {"Here": (10, 10), "Shadow": (200, 10), "Same": (404, 15), "Far": (615, 126)}
    assert {name: one.box for name, one in found.items()} == {name: box(x, y, scale) for name, (x, y) in places.items()}
    assert {one.role for one in found.values()} == {"button"}
    for name in ("Here", "Far"):
        await page.step(Click(point=found[name].box.center))
        assert (await page.log())[-1] == name


async def test_roles_names_values_and_states(show: "Open") -> None:
    page = await show(
        "<a href='/x'>Go <b>on</b></a><button aria-label='Close dialog'>x</button><button><img alt='Cart'></button>"
        "<button><svg width=20 height=20><title>Search</title></svg></button><span id=l>By</span>"
        "<input aria-labelledby=l value=hand><label>Agree <input type=checkbox checked></label>"
        "<label for=s>Size</label><select id=s><option>Small<option selected>Large</select>"
        "<input placeholder='Your name' disabled><textarea title=Note>Hi\n\nyou</textarea><input type=submit value=Pay>"
        "<div role=tab aria-selected=true tabindex=0>Info</div><details><summary>More</summary></details>"
        "<div contenteditable aria-label=Body>Dear</div><div onclick='1'>Card</div>"
        "<div style='cursor:pointer'>Tile</div>"
        "<div role='javascript:x' tabindex=0>Odd</div><button aria-expanded=false>Menu</button>"
        "<script>document.querySelector('[title=Note]').focus()</script>",
        elements=True,
    )
    told = [(one.role, one.name, one.value, one.states) for one in await elements(page)]
    assert told == [
        ("link", "Go on", "", ()),
        ("button", "Close dialog", "", ()),
        ("button", "Cart", "", ()),
        ("button", "Search", "", ()),
        ("textbox", "By", "hand", ()),
        ("checkbox", "Agree", "", ("checked",)),
        ("combobox", "Size", "Large", ()),
        ("textbox", "Your name", "", ("disabled",)),
        ("textbox", "Note", "Hi you", ("focused",)),
        ("button", "Pay", "", ()),
        ("tab", "Info", "", ("selected",)),
        ("button", "More", "", ()),
        ("textbox", "Body", "Dear", ()),
        ("", "Card", "", ()),
        ("", "Tile", "", ()),
        ("", "Odd", "", ()),
        ("button", "Menu", "", ("collapsed",)),
    ]


async def test_what_is_hidden_covered_or_off_the_screen_is_left_out(show: "Open") -> None:
    page = await show(
        f"<button {at(10, 10)}>Seen</button><button {at(10, 60, 'visibility:hidden')}>Hidden</button>"
        f"<button {at(10, 110, 'display:none')}>Gone</button><button {at(10, 160, 'opacity:0')}>Clear</button>"
        f"<button {at(10, 210)}>Covered</button><div {at(0, 200, 'width:200px; height:60px; background:red')}></div>"
        f"<button {at(10, 3000)}>Below</button><button {at(-300, 10)}>Beside</button>"
        f"<button {at(10, 300)}>Half</button><div {at(10, 300, 'width:60px; background:red')}></div>"
        f"<button {at(1250, 300)}>Cut</button><input type=hidden value=x>"
        f"<iframe srcdoc='<button>Under</button>' {at(400, 10, 'width:200px; height:90px')}></iframe>"
        f"<div {at(390, 0, 'width:220px; height:110px; background:red')}></div>"
        f"<iframe srcdoc='<button style=\"margin-top:400px\">Scrolled</button>' {at(700, 10)}></iframe>"
        f"<label {at(10, 400)}><input type=checkbox style='position:absolute; clip-path:inset(50%); width:1px;"
        " height:1px'>Fancy</label>",
        elements=True,
    )
    found = {one.name: one.box for one in await elements(page)}
    assert found == {
        "Seen": box(10, 10),
        "Half": Box(60, 300, 110, 340),  # the half of it whose centre is free
        "Cut": Box(1250, 300, 1288, 340),
        "Fancy": box(10, 400),  # reached by its label
    }


@pytest.mark.parametrize("scale", [1.0, 1.5])
async def test_scrolled_and_pinched_elements_are_where_they_are_seen(show: "Open", scale: float) -> None:
    page = await show(
        f"<button {at(600, 700)} onclick='note(`hit`)'>Mine</button><button {at(0, 20)}>Top</button>"
        "<div style='height:3000px'></div>",
        device_scale=scale,
        elements=True,
    )
    await page.step(Scroll(point=Point(100, 100), dy=400 * scale))
    (mine,) = await elements(page)
    assert (mine.name, mine.box) == ("Mine", box(600, 300, scale))
    await page.step(Pinch(point=mine.box.center, factor=1.5))
    zoom = await page.js("visualViewport.scale")
    assert zoom > 1.3
    (mine,) = await elements(page)
    assert mine.box.width == pytest.approx(100 * zoom * scale, abs=2)
    await page.step(Click(point=mine.box.center))
    assert await page.log() == ["hit"]


async def test_what_a_secret_field_holds_is_never_told(show: "Open") -> None:
    page = await show(
        "<input type=password value=hunter2 aria-label=One><input autocomplete=cc-number value=hunter2>"
        "<input style='-webkit-text-security:disc' value=hunter2>",
        elements=True,
    )
    found = await elements(page)
    assert len(found) == 3
    assert "hunter2" not in str(found)


async def test_a_page_has_no_say_in_how_it_is_read(show: "Open") -> None:
    page = await show(
        f"<button {at(10, 10)}>Real</button><img name=elementFromPoint><img name=createTreeWalker><form>"
        f"<input name=parentNode {at(10, 60)}><input name=shadowRoot {at(10, 110)}><input name=children {at(10, 160)}>"
        "</form><script>document.elementFromPoint = () => null; Element.prototype.getBoundingClientRect = () => ({});"
        "Element.prototype.matches = () => false; Array.prototype.map = () => [];</script>",
        elements=True,
    )
    assert [one.box for one in await elements(page)] == [box(10, y) for y in (10, 60, 110, 160)]


async def test_many_elements_and_huge_names_are_capped(show: "Open") -> None:
    small = "".join("<button style='width:20px; height:20px; padding:0'>b</button>" for _ in range(1000))
    page = await show(f"<button id=big>x</button>{small}", elements=True)
    await page.js("big.ariaLabel = '\\n<|im_end|>\\n'.repeat(1e5)")
    found = await elements(page)
    assert len(found) == MAX_ELEMENTS
    assert len(found[0].name) <= MAX_TEXT_CHARS
    assert found[0].name.startswith("<|im_end|> <|im_end|>")


async def test_a_frame_that_cannot_be_placed_is_left_out(show: "Open") -> None:
    page = await show(
        f"<iframe srcdoc='<button>Flat</button>' {at(10, 10, 'transform:scale(0)')}></iframe>"
        f"<iframe srcdoc='<button>Huge</button>' {at(10, 10, 'transform:scale(1e38)')}></iframe>"
        f"<button {at(700, 500)}>Real</button>",
        elements=True,
    )
    assert "Flat" not in await names(page)


COVERED = """<div style='position:relative; height:20px'><b>2</b> items left
<ul style='position:absolute; inset:0; margin:0; %s'><li style='float:right'>All</ul></div>"""


async def test_text_is_told_line_by_line_where_nothing_that_is_painted_hides_it(show: "Open") -> None:
    opened = await show(COVERED % "", labels=True)
    assert [label.text for label in opened.first.labels or ()] == ["2", "items left", "All"]
    hidden = await show(COVERED % "background: #fff", labels=True)
    assert [label.text for label in hidden.first.labels or ()] == ["All"]


async def test_text_of_frames_fields_and_shadow_roots_is_told_but_for_secrets(show: "Open") -> None:
    page = """<p style='width:100px'>broken into <i>several</i> lines of text</p><input value=shown><input type=password
      value=hidden><input placeholder=hint><select><option>One<option>Two</select><div id=host></div>
      <form><input name=matches><input name=parentNode value=kept></form>
      <iframe srcdoc='<p>inside'></iframe><p hidden>gone</p><p style='opacity:0'>clear</p>
      <script>host.attachShadow({mode: 'open'}).innerHTML = '<em>in the shadow</em>'</script>"""
    opened = await show(page, labels=True)
    texts = [label.text for label in opened.first.labels or ()]
    assert {"shown", "hint", "One", "in the shadow", "inside", "kept", "several"} <= set(texts)
    assert not {"hidden", "gone", "clear", "Two"} & set(texts)
    assert len([text for text in texts if "broken" in text or "lines" in text or "of text" in text]) >= 2
