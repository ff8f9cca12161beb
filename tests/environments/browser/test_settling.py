"""What a screenshot shows of an action: every pixel as Playwright has it, and what comes in a page's own time."""

import io
import typing

import numpy as np
import pytest
from clickwright.screen import Point, Size
from clickwright.tools import Click, Navigate
from PIL import Image

if typing.TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")
HERE = Click(point=Point(100, 30))
BUTTON = "<button id=b style='position:fixed; left:0; top:0; width:200px; height:60px'>Go</button>"
NOISE = """<canvas id=c width=1000 height=600></canvas><script>
  const pen = c.getContext("2d"), noise = pen.createImageData(1000, 600);
  let seed = 1;
  noise.data.forEach((_, at) => noise.data[at] = (seed = seed * 16807 % 2147483647) & 255);
  pen.putImageData(noise, 0, 0);
</script><p style="color:rgba(200,0,99,.6)">Text and <b style="filter:drop-shadow(2px 2px 3px red)">shadows</b></p>"""


def is_green(pixels: np.ndarray[typing.Any, typing.Any]) -> bool:
    return tuple(pixels[-5, -5]) == (0, 200, 0)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
async def test_no_pixel_differs_from_playwrights_own(show: "Open", scale: float) -> None:
    page = await show(NOISE, viewport=Size(1100, 700), device_scale=scale)
    ours = (await page.observe()).screenshot.pixels
    with Image.open(io.BytesIO(await page.environment.window.active.page.screenshot(scale="device"))) as theirs:
        assert np.array_equal(ours, np.array(theirs.convert("RGB")))
    assert ours.flags.c_contiguous
    assert ours.dtype == np.uint8


@pytest.mark.parametrize(
    "answer",
    [
        "green()",
        "queueMicrotask(green)",
        "requestAnimationFrame(() => requestAnimationFrame(green))",
        "setTimeout(green, 20)",
        "new Promise((done) => setTimeout(done, 1)).then(() => requestAnimationFrame(green))",
        "fetch('/slow-ish').then(green)",
    ],
)
async def test_what_a_click_leads_to_is_seen_at_once(show: "Open", site: "Site", answer: str) -> None:
    site.put("<body style='background:rgb(0,200,0)'>", "/green")
    green = "const green = () => document.body.style.background = 'rgb(0,200,0)'"
    page = await show(f"{BUTTON}<script>{green}; b.onclick = () => {{ {answer} }}</script>")
    assert not is_green(page.first.screenshot.pixels)
    assert is_green((await page.step(HERE)).screenshot.pixels)


async def test_a_page_that_is_left_by_a_timer_is_seen_in_the_next_look_at_the_latest(
    show: "Open", site: "Site"
) -> None:
    """On a busy machine the page may begin to be left only after it was looked at."""
    site.put("<body style='background:rgb(0,200,0)'>", "/green")
    page = await show(f"{BUTTON}<script>b.onclick = () => setTimeout(() => location.href = '/green', 1)</script>")
    seen = await page.step(HERE)
    assert is_green(seen.screenshot.pixels) or is_green((await page.observe()).screenshot.pixels)


async def test_a_page_that_reloads_itself_without_end_is_shown(show: "Open", site: "Site") -> None:
    page = await show("fine", deadline_s=6.0)
    seen = await page.step(Navigate(url=site.put(BUTTON + "<script>setTimeout(() => location.reload(), 30)</script>")))
    assert seen.error is None
    assert (await page.step(Navigate(url="about:blank"))).url in ("about:blank", site.url())


async def test_more_tabs_than_can_be_looked_at_are_closed(show: "Open") -> None:
    page = await show(
        f"{BUTTON}<script>b.onclick = () => {{ for (let n = 0; n < 25; n++) open('about:blank') }}</script>"
    )
    seen = await page.step(HERE)
    for _ in range(100):
        if len(page.environment.window.context.pages) == 20:
            break
        seen = await page.observe()
    assert len(seen.tabs) == 20
