"""What was judged is what keys and secrets go to, however a page moves the focus in the meantime."""

import asyncio
import typing

import pytest
from clickwright.screen import Point
from clickwright.tools import Click, Press, TypeText

if typing.TYPE_CHECKING:
    from conftest import Open, Opened, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "style='position:absolute; width:300px; height:40px; top:20px; left:"
VALUE = "korrekt-Pferd-7€"
SECRET = TypeText(secret="door")
HERE = Click(point=Point(20, 40))
SAVE_DELETE = (
    f"<button id=a {AT}10px' onclick='note(1)'>Save</button><button id=b {AT}400px' onclick='note(2)'>Delete</button>"
)


async def begun(show: "Open", html: str, value: str = VALUE) -> "Opened":
    """A page whose first thing has the focus, and an environment that knows the secret."""
    page = await show(html)
    page.environment.take_secrets({"door": value})
    await page.step(HERE)
    return page


async def judged(page: "Opened", action: TypeText | Press, before: str = "") -> str | None:
    """What is said of an action that was judged, and then the page did something before it came."""
    await page.environment.facts(action)
    if before:
        await page.js(before)
    return (await page.step(action)).error


@pytest.mark.parametrize("field", ["input", "input type=password", "input type=email", "textarea"])
async def test_a_secret_goes_into_its_field_and_the_page_hears_of_it(show: "Open", field: str) -> None:
    page = await begun(
        show,
        f"<{field} id=f {AT}10px'></{field.split()[0]}><script>"
        "for (const kind of ['keydown', 'input', 'keyup', 'change'])"
        "f.addEventListener(kind, () => note(kind, f.value.length))</script>",
    )
    assert await judged(page, SECRET) is None
    assert await page.js("f.value") == VALUE
    assert [line.split()[0] for line in await page.log()][:4] == ["keydown", "input", "keyup", "change"]


async def test_it_stands_at_the_caret_in_the_place_of_what_is_selected(show: "Open") -> None:
    page = await begun(show, f"<input id=f value='left old right' {AT}10px'>")
    await page.js("f.setSelectionRange(5, 8)")
    assert await judged(page, SECRET) is None
    assert await page.js("f.value") == f"left {VALUE} right"


async def test_in_text_that_can_be_edited_too(show: "Open") -> None:
    page = await begun(show, f"<div id=f contenteditable {AT}10px'></div>")
    assert await judged(page, SECRET) is None
    assert await page.js("f.textContent") == VALUE


@pytest.mark.parametrize("later", ["next.focus()", "setTimeout(() => next.focus(), 20)"], ids=["at once", "later"])
async def test_a_code_goes_into_its_boxes_and_all_of_them_are_painted_over(show: "Open", later: str) -> None:
    boxes = "".join(
        f"<input class=o maxlength=1 style='position:absolute;top:20px;left:{10 + 60 * n}px;width:40px'>"
        for n in range(4)
    )
    page = await begun(
        show,
        f"{boxes}<script>const all = [...document.querySelectorAll('.o')];"
        f"all.forEach((one, n) => one.oninput = () => {{ const next = all[n + 1]; if (next) {later} }})</script>",
        "7391",
    )
    assert await judged(page, SECRET) is None
    assert await page.js("all.map((one) => one.value).join('')") == "7391"
    assert len(await page.environment.conceal()) == 4


async def test_a_field_that_shows_it_is_painted_over_whatever_has_the_focus_by_then(show: "Open") -> None:
    page = await begun(show, f"<input id=f {AT}10px'><input id=g {AT}400px'>")
    assert await page.environment.conceal() == ()
    assert await judged(page, SECRET) is None
    await page.step(Click(point=Point(420, 40)))
    (box,) = await page.environment.conceal()
    assert (round(box.x1), round(box.y1)) == (10, 20)
    await page.js("f.value = ''")
    assert await page.environment.conceal() == ()


async def test_a_field_that_has_no_room_says_so(show: "Open") -> None:
    page = await begun(show, f"<input id=f maxlength=4 {AT}10px'>")
    error = await judged(page, SECRET)
    assert error == "not all of the secret was taken: the field is full"
    assert VALUE[4:] not in error
    assert await page.js("f.value") == VALUE[:4]


async def test_a_field_that_takes_nothing_says_so(show: "Open") -> None:
    page = await begun(show, f"<input id=f readonly {AT}10px'>")
    assert "the field takes no text" in str(await judged(page, SECRET))
    assert await page.js("f.value") == ""


async def test_another_field_of_the_page_gets_nothing(show: "Open") -> None:
    page = await begun(show, f"<input id=f {AT}10px'><input id=g {AT}400px'>")
    assert "look again: the focus has moved" in str(await judged(page, SECRET, "g.focus()"))
    assert await page.js("f.value + g.value") == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same", "other"])
async def test_a_frame_that_takes_the_focus_gets_nothing(show: "Open", site: "Site", host: str) -> None:
    """Neither before the secret comes nor while it does."""
    site.put("<input id=h><script>const take = () => h.focus(); h.oninput = () => parent.postMessage(h.value, '*');"
             "addEventListener('message', take); setInterval(take, 1)</script>", "/frame")  # fmt: skip
    page = await begun(
        show,
        f"<input id=f {AT}10px'><iframe src='{site.url('/frame', host)}' style='position:absolute;top:100px'></iframe>"
        "<script>onmessage = (event) => note('got', event.data); setInterval(() => f.focus(), 3)</script>",
    )
    for _ in range(12):
        facts = await page.environment.facts(SECRET)
        if "frame" not in facts.url:  # else it is judged as one of the frame's, and refused by the rules
            await page.step(SECRET)
    assert [line for line in await page.log() if line.startswith("got")] == []


async def test_keys_are_for_what_was_judged(show: "Open") -> None:
    page = await show(SAVE_DELETE)
    await page.js("a.focus()")
    assert await judged(page, Press(keys=("Enter",))) is None
    assert await page.log() == ["1"]
    for key in ("Enter", "Space"):
        assert "look again" in str(await judged(page, Press(keys=(key,)), "b.focus()"))
        await page.js("a.focus()")
    assert await page.log() == ["1"]


async def test_a_focus_that_goes_to_and_fro_is_never_pressed_on(show: "Open") -> None:
    page = await show(SAVE_DELETE)
    await page.js("a.focus(); let n = 0; setInterval(() => (n++ % 2 ? a : b).focus(), 3); 0")
    for _ in range(15):
        seen = await page.environment.facts(Press(keys=("Enter",)))
        before = len(await page.log())
        await page.step(Press(keys=("Enter",)))
        await asyncio.sleep(0.02)
        wanted = {"Save": "1", "Delete": "2"}[seen.name]
        assert set((await page.log())[before:]) <= {wanted}


async def test_chords_that_move_the_focus_themselves_do_as_they_do(show: "Open") -> None:
    page = await begun(show, f"<input id=f value=tea {AT}10px'><input id=g {AT}400px'>")
    assert await judged(page, Press(keys=("Control", "a"))) is None
    assert await page.js("f.selectionEnd - f.selectionStart") == 3
    assert await judged(page, Press(keys=("Tab",))) is None
    assert await page.js("document.activeElement.id") == "g"
    assert await judged(page, TypeText(text="milk")) is None
    assert await page.js("g.value") == "milk"


async def test_what_was_judged_is_good_for_one_action(show: "Open") -> None:
    page = await begun(show, f"<input id=f {AT}10px'><input id=g value=tea {AT}400px'>")
    await page.environment.facts(SECRET)
    await page.step(Click(point=Point(420, 40)))
    assert (await page.step(Press(keys=("Control", "a")))).error is None
    assert await page.js("g.selectionEnd - g.selectionStart") == 3


async def test_a_secret_that_nobody_told_is_none(show: "Open") -> None:
    page = await begun(show, f"<input id=f {AT}10px'>")
    page.environment.take_secrets({})
    assert await judged(page, SECRET) == "there is no secret door"
