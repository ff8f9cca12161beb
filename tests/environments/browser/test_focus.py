"""What an observation tells beside the picture: what the action did, what has the focus, how far the page reaches."""

import typing

import pytest
from clickwright.screen import Box, Point
from clickwright.tools import (
    Back,
    Click,
    CloseTab,
    Finish,
    Hover,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SwitchTab,
    TypeText,
)

if typing.TYPE_CHECKING:
    from clickwright.screen import Element
    from conftest import Open, Opened, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "position:absolute; width:100px; height:40px; border:0; padding:0; margin:0; left:{x}px; top:{y}px"


def at(x: float, y: float, more: str = "") -> str:
    return f"style='{AT.format(x=x, y=y)}; {more}'"


async def focused(page: "Opened") -> "Element":
    found = (await page.observe()).focus
    assert found is not None
    return found


async def test_each_action_says_what_it_did(show: "Open", site: "Site") -> None:
    two = site.put("two", "/two")
    page = await show(
        f"<input {at(10, 10)}><a href=/two target=_blank {at(10, 60)}>tab</a><a href=/two {at(10, 110)}>page</a>"
        f"<button {at(10, 160)} onclick=\"history.pushState(0, '', '/three')\">push</button>"
        f"<button {at(10, 210)} onclick=\"history.replaceState(0, '', location)\">state</button><p {at(10, 900)}>far"
    )
    assert page.first.effect is None
    steps = [
        (Click(point=Point(60, 30)), "changed"),  # the field shows that it has the focus
        (Hover(point=Point(900, 600)), "nothing"),
        (TypeText(text="tea"), "changed"),
        (Click(point=Point(60, 80)), "new_tab"),
        (CloseTab(), "closed_tab"),
        (NewTab(url=two), "new_tab"),
        (SwitchTab(index=0), "navigated"),
        (SwitchTab(index=0), "nothing"),
        (CloseTab(index=1), "closed_tab"),
        (Click(point=Point(60, 180)), "navigated"),
        (Reload(), "navigated"),
        (Navigate(url=site.url()), "navigated"),
        (Click(point=Point(60, 230)), "nothing"),
        (Click(point=Point(60, 130)), "navigated"),
        (Back(), "navigated"),
        (Scroll(point=Point(600, 400), dy=100), "changed"),
        (Finish(), None),
        (SwitchTab(index=5), None),
    ]
    site.pages["/three"] = site.pages["/"]
    assert [(action, (await page.step(action)).effect) for action, _ in steps] == steps
    assert (await page.observe()).effect is None


ADDRESSES = {
    "location.hash = 'below'": "changed",
    "document.title = '(1) new'": "changed",
    "history.replaceState(0, '', '?q=tea')": "changed",
    "history.pushState(0, '', '#/cart')": "navigated",
    "history.pushState(0, '', '/cart')": "navigated",
    "location.reload()": "navigated",
    "location = '?q=tea'": "navigated",
}


@pytest.mark.parametrize(("script", "effect"), ADDRESSES.items())
async def test_another_place_on_the_page_is_no_other_page(show: "Open", script: str, effect: str) -> None:
    shows = "document.body.style.background = 'red'"
    page = await show(f'<button {at(0, 0)} onclick="{script}; {shows}">Go</button>')
    assert (await page.step(Click(point=Point(50, 20)))).effect == effect


async def test_a_tab_that_closes_itself_is_told(show: "Open", site: "Site") -> None:
    site.put(f"<button {at(0, 0)} onclick='window.close()'>x", "/two")
    page = await show(f"<a href=/two target=_blank {at(0, 0)}>x")
    here = Click(point=Point(50, 20))
    assert [(await page.step(here)).effect for _ in range(2)] == ["new_tab", "closed_tab"]


@pytest.mark.parametrize("scale", [1.0, 1.5])
async def test_the_focus_is_found_through_shadow_roots_and_frames(show: "Open", site: "Site", scale: float) -> None:
    site.put(f"<input aria-label=Far value=x {at(5, 6)}>", "/far")
    site.put(f"<iframe src='{site.url('/far')}' {at(10, 20, 'width:200px; height:90px')}></iframe>", "/near")
    page = await show(
        f"<input aria-label=Here value=tea {at(10, 10)}><div id=h {at(200, 10)}></div>"
        f"<iframe srcdoc=\"<body style='margin:0'><input aria-label=Same {at(1, 2)}>\""
        f" {at(400, 10, 'width:150px; height:80px; border:3px solid')}></iframe>"
        f"<iframe src='{site.url('/near', 'localhost')}' {at(600, 100, 'width:300px; height:200px')}></iframe>"
        f"<script>h.attachShadow({{mode: 'open'}}).innerHTML = `<input aria-label=Shadow {at(0, 0)}>`</script>",
        device_scale=scale,
    )
    assert page.first.focus is None
    places = {"Here": (10, 10), "Shadow": (200, 10), "Same": (404, 15), "Far": (615, 126)}
    for name, (x, y) in places.items():
        seen = await page.step(Click(point=Point(x + 50, y + 20).scale(scale, scale)))
        assert seen.focus is not None
        box = Box(x, y, x + 100, y + 40).scale(scale, scale)
        assert (seen.focus.name, seen.focus.role, seen.focus.box) == (name, "textbox", box)
        seen = await page.step(TypeText(text=f"for {name}"))
        assert seen.focus is not None
        assert f"for {name}" in seen.focus.value


async def test_roles_and_values_of_the_focus(show: "Open") -> None:
    page = await show(
        "<input id=a type=password value=hunter2 aria-label=One><input id=b autocomplete=cc-number value=hunter2>"
        "<button id=c>Send</button><div id=d contenteditable aria-label=Body>Dear</div>"
        "<select id=e aria-label=Size><option>Small<option selected>Large</select><textarea id=f>Hi\n\nyou</textarea>"
    )
    told = []
    for name in "abcdef":
        await page.js(f"{name}.focus()")
        found = await focused(page)
        told.append((found.role, found.name, found.value, found.states))
    assert told == [
        ("textbox", "One", "", ("focused",)),
        ("textbox", "", "", ("focused",)),
        ("button", "Send", "", ("focused",)),
        ("textbox", "Body", "Dear", ("focused",)),
        ("combobox", "Size", "Large", ("focused",)),
        ("textbox", "", "Hi you", ("focused",)),
    ]


async def test_a_page_has_no_say_in_what_has_the_focus(show: "Open") -> None:
    page = await show(
        f"<input type=password value=hunter2 {at(10, 10)}><img name=activeElement><img name=title><img name=body>"
        "<script>Object.defineProperty(document, 'activeElement', {get: () => document.images[0]});"
        "Element.prototype.getBoundingClientRect = () => ({}); Element.prototype.matches = () => false;"
        "String.prototype.slice = () => 'lie'</script>"
    )
    seen = await page.step(Click(point=Point(60, 30)))
    assert seen.focus is not None
    assert (seen.focus.role, seen.focus.value, seen.focus.box) == ("textbox", "", Box(10, 10, 110, 50))
    assert seen.title == "Page /"
    assert (await page.environment.facts(TypeText(text="x"))).input_type == "password"


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_the_page_tells_how_far_it_reaches(show: "Open", scale: float) -> None:
    page = await show("<div style='width:2000px; height:3000px'></div>", device_scale=scale)
    assert page.first.page == Box(0, 0, 2000, 3000).scale(scale, scale)
    seen = await page.step(Scroll(point=Point(9, 9), dx=100 * scale, dy=250 * scale))
    assert seen.page == Box(-100, -250, 1900, 2750).scale(scale, scale)
    seen = await page.step(Pinch(point=Point(400, 400), factor=2))
    zoom = await page.js("visualViewport.scale")
    left, top = await page.js("[visualViewport.pageLeft, visualViewport.pageTop]")
    assert seen.page is not None
    assert seen.page.width == pytest.approx(2000 * zoom * scale)
    assert (seen.page.x1, seen.page.y1) == pytest.approx((-left * zoom * scale, -top * zoom * scale), abs=1)
    await page.js("document.documentElement.style.zoom = 1.5")
    enlarged = (await page.observe()).page
    assert enlarged is not None
    assert enlarged.height == pytest.approx(4500 * zoom * scale)


async def test_the_focus_off_the_screen_is_told_where_it_is(show: "Open") -> None:
    page = await show(f"<input {at(10, 10)}><div style='height:3000px'></div>")
    await page.step(Click(point=Point(60, 30)))
    seen = await page.step(Scroll(point=Point(600, 300), dy=500))
    assert seen.focus is not None
    assert seen.focus.box == Box(10, -490, 110, -450)
    seen = await page.step(Press(keys=("x",)))
    assert seen.focus is not None
    assert seen.focus.value == "x"
