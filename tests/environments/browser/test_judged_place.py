"""The tab and the page in which a thing was judged are those that it is acted on in, and so is the focus of a text."""

import asyncio
import typing
from typing import Any

import pytest
from clickwright.errors import EnvironmentLost
from clickwright.screen import Point
from clickwright.tools import Action, Click, Navigate, Press, TypeText, Upload
from playwright.async_api import Error as PlaywrightError

if typing.TYPE_CHECKING:
    from conftest import Open, Opened, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "style='position:absolute; width:300px; height:40px; top:20px; left:"
HERE = Click(point=Point(20, 40))
FIELD_AND_PAY = f"<input id=f {AT}10px'><button id=pay {AT}400px' onclick='note(\"paid\")'>Pay now</button>"
ON_KEY = "f.addEventListener('keydown', () => pay.focus(), {once: true}); f.focus()"


async def opened(page: "Opened", url: str) -> None:
    """A popup that the page opens by itself is in front by now."""
    window = page.environment.window
    await window.active.page.evaluate("(url) => { window.open(url) }", url)
    for _ in range(500):
        if len(window.pages) == 2:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("no popup came")


@pytest.mark.parametrize("action", [HERE, Press(keys=("Enter",)), TypeText(text="tea"), TypeText(secret="door")])
async def test_nothing_is_done_in_a_popup_that_came_since(show: "Open", site: "Site", action: Action) -> None:
    page = await show(f"<input id=f {AT}10px'>")
    page.environment.take_secrets({"door": "korrekt"})
    popup = site.put(f"<input id=f autofocus {AT}10px' onclick='note(1)' onkeydown='note(2)'>", "/popup")
    await page.js("f.focus()")
    await page.environment.facts(action)
    await opened(page, popup)
    seen = await page.step(action)
    assert (seen.error, seen.url) == ("look again: another page has come since this was judged", popup)
    assert await page.js("f.value") == ""
    assert await page.log() == []


async def test_nor_in_another_document_of_the_tab(show: "Open", site: "Site") -> None:
    page = await show(f"<button {AT}10px'>Save</button>")
    other = site.put(f"<button {AT}10px' onclick='note(1)'>Save</button>", "/other")
    await page.environment.facts(HERE)
    await page.js(f"location = {other!r}")
    await page.environment.observe()
    assert "another page" in str((await page.step(HERE)).error)
    assert await page.log() == []
    assert (await page.environment.facts(HERE)).url == other
    assert (await page.step(HERE)).error is None


async def test_what_concerns_no_page_is_done_on_any(show: "Open", site: "Site") -> None:
    page = await show()
    other = site.put("other", "/other")
    await page.environment.facts(Navigate(url=other))
    await opened(page, site.put("popup", "/popup"))
    seen = await page.step(Navigate(url=other))
    assert (seen.error, seen.url) == (None, other)


async def test_a_click_is_for_the_thing_that_was_judged(show: "Open") -> None:
    page = await show(f"<button id=b {AT}10px' onclick='note(1)'>Save</button>")
    await page.environment.facts(HERE)
    await page.js("b.textContent = 'Delete'")
    assert (await page.step(HERE)).error == "look again: by now, button 'Delete' was there"
    assert await page.log() == []


async def test_a_file_is_for_the_field_that_was_judged(show: "Open") -> None:
    page = await show(f"<input type=file id=f aria-label=Photo {AT}10px'>")
    action = Upload(point=Point(20, 40), paths=(__file__,))
    await page.environment.facts(action)
    await page.js("f.ariaLabel = 'Key'")
    assert "look again" in str((await page.step(action)).error)
    assert await page.js("f.files.length") == 0


@pytest.mark.parametrize("text", ["a b", "a\n"])
async def test_no_typed_key_presses_what_the_page_moves_the_focus_to(show: "Open", text: str) -> None:
    page = await show(FIELD_AND_PAY)
    await page.js(ON_KEY)
    await page.environment.facts(TypeText(text=text))
    assert "look again: the focus has moved" in str((await page.step(TypeText(text=text))).error)
    assert await page.log() == []


async def test_enter_presses_nothing_else_either(show: "Open") -> None:
    """The page hears of the key before its character comes, which is what presses a button."""
    page = await show(FIELD_AND_PAY)
    await page.js(ON_KEY)
    await page.environment.facts(Press(keys=("Enter",)))
    assert "look again" in str((await page.step(Press(keys=("Enter",)))).error)
    assert await page.log() == []


async def test_a_text_begins_where_it_was_judged(show: "Open") -> None:
    page = await show(FIELD_AND_PAY)
    for text in ("tea", "2026-05-17"):
        await page.js("f.focus()")
        await page.environment.facts(TypeText(text=text))
        await page.js("pay.focus()")
        assert "look again" in str((await page.step(TypeText(text=text))).error)
    assert await page.js("f.value") == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same", "other"])
async def test_a_text_goes_on_in_no_frame_but_its_own(show: "Open", site: "Site", host: str) -> None:
    field = "<input id=h oninput='parent.postMessage(h.value, `*`)'>"
    site.put(f"{field}<script>onmessage = () => h.focus()</script>", "/frame")
    page = await show(
        f"<input id=f {AT}10px'><iframe src='{site.url('/frame', host)}' {AT}10px; top:100px; height:100px'></iframe>"
        "<script>onmessage = (event) => note(event.data)</script>"
    )
    await page.js("f.focus(); f.oninput = () => frames[0].postMessage(1, '*'); 0")
    action = TypeText(text="a rather long text")
    await page.environment.facts(action)
    assert "look again" in str((await page.step(action)).error)
    assert len("".join(await page.log())) <= 2  # what was on its way as the frame took the focus

    await page.step(Click(point=Point(40, 115)))
    await page.js("log.length = 0")
    await page.environment.facts(action)
    assert (await page.step(action)).error is None
    assert (await page.log())[-1].endswith("a rather long text")


async def test_a_text_follows_the_page_into_the_next_box_and_ends_with_its_tab(show: "Open") -> None:
    boxes = "".join(f"<input class=o maxlength=1 oninput='this.nextSibling.focus()' {AT}{10 + 60 * n}px'>"
                    for n in range(3))  # fmt: skip
    page = await show(f"<div>{boxes}<input id=last></div>")
    await page.js("document.querySelector('.o').focus()")
    action = TypeText(text="739x\t")
    await page.environment.facts(action)
    assert (await page.step(action)).error is None
    assert await page.js("[...document.querySelectorAll('input')].map((one) => one.value).join('')") == "739x"
    assert await page.js("document.activeElement.id") != "last"


@pytest.mark.parametrize("times", [1, 3])
async def test_a_page_that_is_left_while_it_is_asked_is_asked_again(show: "Open", times: int) -> None:
    page = await show(f"<button {AT}10px'>Save</button>")
    active, asked = page.environment.window.active, list[str]()
    send = active.send

    async def left(method: str, **params: Any) -> dict[str, Any]:
        if method == "DOM.getNodeForLocation" and len(asked) < times:
            asked.append(method)
            raise PlaywrightError("Execution context was destroyed")
        return await send(method, **params)

    active.send = left
    if times < 3:
        assert (await page.environment.facts(HERE)).name == "Save"
    else:
        with pytest.raises(EnvironmentLost, match="Execution context"):
            await page.environment.facts(HERE)
