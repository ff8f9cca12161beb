"""Controls whose pop-ups no picture shows are told of in words, and take exactly what they are given."""

import typing

import pytest
from clickwright.screen import Point
from clickwright.tools import Click, Press, SelectOption, TypeText

if typing.TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = "style='position:absolute; left:20px; top:20px; width:200px; height:30px'"
HERE = Point(120, 35)
ARROW = Point(210, 35)
"""Where a field shows the sign that opens its pop-up."""


async def test_a_native_list_that_opens_is_told_with_its_options(show: "Open") -> None:
    options = "".join(f"<option>{number}</option>" for number in range(35))
    page = await show(f"<select aria-label=Size {AT}>{options}</select>")
    (event,) = (await page.step(Click(point=HERE))).events
    assert event.startswith(
        "the list 'Size' is open, which no picture shows: choose with a select at that place. It has '0', '1', "
    )
    assert event.endswith("'29' and 5 more")
    assert (await page.observe()).events == ()  # it is told once
    seen = await page.step(SelectOption(point=HERE, label="7"))
    assert (seen.error, await page.js("document.querySelector('select').value")) == (None, "7")
    await page.step(Press(keys=("ArrowDown",)))
    await page.step(Press(keys=("Enter",)))
    assert await page.js("document.querySelector('select').value") == "8"


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("date", "2026-05-17", "2026-05-17"),
        ("time", "14:30", "14:30"),
        ("datetime-local", "2026-05-17 14:30", "2026-05-17T14:30"),
        ("month", "2026-05", "2026-05"),
        ("week", "2026-W20", "2026-W20"),
        ("color", "#FF8800", "#ff8800"),
    ],
)
async def test_dates_times_and_colours_are_typed_as_they_are_written(
    show: "Open", kind: str, typed: str, value: str
) -> None:
    page = await show(
        f"<form onsubmit='note(`sent`); return false'><input id=f type={kind} {AT}><button>Send</button></form><script>"
        "for (const kind of ['input', 'change']) f.addEventListener(kind, () => note(kind, f.value))</script>"
    )
    (event,) = (await page.step(Click(point=ARROW))).events
    assert "opened a pop-up that no picture shows, and takes text of the form" in event
    seen = await page.step(TypeText(text=typed))
    assert (seen.error, seen.effect, await page.log()) == (None, "changed", [f"input {value}", f"change {value}"])
    await page.step(TypeText(text=typed + "\n"))
    assert (await page.log())[2:] in (["sent"], [])  # Enter in a colour field sends nothing
    wrong = "2026-02-31" if kind == "date" else "2026-99-99"
    assert (await page.step(TypeText(text=wrong))).error == (
        f"the field takes text of the form {event.rpartition(' ')[2]}, not '{wrong}'"
    )
    assert await page.js("f.value") == value


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"], ids=["same-origin", "cross-origin"])
async def test_a_date_is_typed_in_frames_and_shadow_roots(show: "Open", site: "Site", host: str) -> None:
    site.put(
        "<div id=h></div><script>h.attachShadow({mode: 'open'}).innerHTML ="
        f'"<input type=date aria-label=Day {AT}>"</script>',
        "/inner",
    )
    page = await show(f"<iframe src='{site.url('/inner', host)}' style='border:0; width:600px; height:300px'></iframe>")
    seen = await page.step(Click(point=Point(60, 35)))
    assert seen.events == ("the date field 'Day' takes text of the form 2026-05-17",)
    assert (await page.step(TypeText(text="2026-05-17"))).error is None
    inner = page.environment.window.active.page.frames[1]
    assert await inner.evaluate("h.shadowRoot.querySelector('input').value") == "2026-05-17"


async def test_what_looks_like_a_date_is_plain_text_elsewhere(show: "Open") -> None:
    page = await show(
        f"<input id=f list=l {AT}><datalist id=l><option>tea<option value=k>Coffee</datalist>"
        "<script>f.onkeydown = (e) => note(e.key)</script>"
    )
    seen = await page.step(Click(point=HERE))
    assert seen.events == ("the field suggests, in a pop-up that no picture shows, 'tea', 'Coffee'",)
    await page.step(TypeText(text="14:30"))
    assert await page.js("f.value") == "14:30"
    assert await page.log() == ["1", "4", ":", "3", "0"]
