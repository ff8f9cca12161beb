"""What a browser shows and where clicks land: sizes, device scales, the contract, facts and what must not be seen."""

import typing

import numpy as np
import pytest
from clickwright.environments import BrowserEnvironment, Chromium, check_environment
from clickwright.screen import Box, Point, Size
from clickwright.tools import Click, Navigate, Pinch, Press, Scroll, Task, TypeText

if typing.TYPE_CHECKING:
    from conftest import Open, Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

TARGET = (
    "<div style='position:absolute; left:801px; top:603px; width:10px; height:10px; background:#f0f'></div>"
    "<script>onmousedown = (e) => note(e.clientX, e.clientY)</script>"
)


def seen(pixels: np.ndarray[typing.Any, typing.Any], colour: tuple[int, int, int]) -> Box:
    """Around every pixel of exactly this colour."""
    rows, columns = (pixels == colour).all(axis=2).nonzero()
    return Box(columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("viewport", "scale"),
    [(Size(1288, 728), 1.0), (Size(1280, 720), 1.5), (Size(1288, 728), 2.0)],
    ids=["1288x728@1", "1280x720@1.5", "1288x728@2"],
)
async def test_the_browser_keeps_the_contract(chromium: Chromium, site: "Site", viewport: Size, scale: float) -> None:
    environment = BrowserEnvironment(chromium=chromium, viewport=viewport, device_scale=scale)

    async def landed() -> Point | None:
        log = await environment.window.active.page.evaluate("log")
        return Point(*map(float, log[-1].split())).scale(scale, scale) if log else None

    task = Task(goal="click", start_url=site.put(TARGET))
    size = Size(round(viewport.width * scale), round(viewport.height * scale))
    target = Point(806, 608).scale(scale, scale)
    await check_environment(environment, task, target=target, landed=landed, size=size, scale=scale)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
async def test_what_is_seen_is_where_it_is_clicked(show: "Open", scale: float) -> None:
    page = await show(TARGET, device_scale=scale)
    box = seen(page.first.screenshot.pixels, (255, 0, 255))
    assert box.center.distance(Point(806, 608).scale(scale, scale)) <= 1
    await page.step(Click(point=box.center))
    x, y = map(float, (await page.log())[-1].split())
    assert max(abs(x - 806), abs(y - 608)) <= 1 / scale


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_clicks_land_on_a_page_that_is_scrolled_and_pinched(show: "Open", scale: float) -> None:
    page = await show("<div style='height:3000px'></div>" + TARGET, device_scale=scale)
    await page.step(Scroll(point=Point(100, 100), dy=200 * scale))
    await page.step(Pinch(point=Point(806, 408).scale(scale, scale), factor=1.5))
    zoom = await page.js("visualViewport.scale")
    assert zoom > 1.3
    box = seen((await page.observe()).screenshot.pixels, (255, 0, 255))
    assert box.width == pytest.approx(10 * zoom * scale, abs=2)
    assert await page.js("visualViewport.scale") == zoom  # looking does not undo it
    await page.step(Click(point=box.center))
    x, y = map(float, (await page.log())[-1].split())
    assert max(abs(x - 806), abs(y - 408)) <= 1


async def test_the_picture_is_without_loss(show: "Open") -> None:
    page = await show("<div style='width:256px; height:256px; background:rgb(13, 77, 201)'></div>")
    pixels = page.first.screenshot.pixels
    assert (pixels[:256, :256] == (13, 77, 201)).all()
    assert (pixels[300:] == 255).all()


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_facts_tell_role_and_name_of_what_would_be_clicked(show: "Open", site: "Site", scale: float) -> None:
    at = "style='position:absolute; top:20px; width:150px; height:40px; left:"
    page = await show(
        f"<a href='/buy' {at}10px'><span><b>Buy</b> now</span></a>"
        f"<button aria-label='Close dialog' {at}200px'>x</button>"
        f"<label {at}400px'>Password <input type=password style='width:60px'></label><div id=h {at}600px'></div>"
        f"<iframe srcdoc='<body style=margin:0><input type=checkbox aria-label=Agree style=width:99px;height:40px>'"
        f"{at}800px'></iframe><div style='height:2000px'></div><script>document.elementFromPoint = () => null;"
        "h.attachShadow({mode: 'closed'}).innerHTML ="
        "'<button style=\"width:99px; height:40px\">Deep</button>'</script>",
        device_scale=scale,
    )
    for _ in range(2):
        wanted = {
            (30, 30): ("link", "Buy now", site.url("/buy"), ""),
            (210, 30): ("button", "Close dialog", "", "submit"),
            (495, 30): ("textbox", "Password", "", "password"),
            (640, 40): ("button", "Deep", "", "submit"),
            (850, 40): ("checkbox", "Agree", "", "checkbox"),
        }
        for (x, y), expected in wanted.items():
            facts = await page.environment.facts(Click(point=Point(x, y).scale(scale, scale)))
            assert (facts.role, facts.name, facts.href, facts.input_type) == expected
            assert facts.url == site.url()
        # The same once more where the top of the page is scrolled out: everything moves 40 px up, by 20 at a time.
        await page.js("for (const one of document.querySelectorAll('[style*=top]')) one.style.top = '520px'")
        await page.js("scrollTo(0, 500)")


async def test_facts_of_keys_are_about_what_has_the_focus(show: "Open", site: "Site") -> None:
    page = await show(
        "<div id=h></div><script>h.attachShadow({mode: 'open'}).innerHTML = '<input type=password>'</script>"
    )
    nothing = await page.environment.facts(TypeText(text="x"))
    assert (nothing.point, nothing.input_type) == (None, "")
    await page.js("h.shadowRoot.querySelector('input').focus()")
    for action in (TypeText(text="x"), Press(keys=("Enter",))):
        facts = await page.environment.facts(action)
        assert (facts.role, facts.input_type, facts.url) == ("textbox", "password", site.url())
    assert (await page.environment.facts(Navigate(url="https://example.org"))).href == "https://example.org"


@pytest.mark.parametrize("scale", [1.0, 1.5])
async def test_fields_that_must_not_be_seen(show: "Open", site: "Site", scale: float) -> None:
    style = "position:absolute; left:20px; top:10px; width:100px; height:24px; border:0; padding:0"
    field = f"<input type=PASSWORD style='{style}'>"
    site.put(field, "/inner")
    page = await show(
        field + "<input style='position:absolute; left:20px; top:200px'><input type=password hidden>"
        f"<input autocomplete='billing cc-number' style='{style}; left:300px; width:50px'>"
        "<div id=h style='position:absolute; left:0; top:300px'></div>"
        f"<iframe src='{site.url('/inner', 'localhost')}' style='position:absolute; left:500px; top:100px; border:3px"
        f" solid'></iframe><script>h.attachShadow({{mode: 'open'}}).innerHTML = `{field}`</script>",
        device_scale=scale,
    )
    corners = [(20, 10), (300, 10), (20, 310), (523, 113)]
    sizes = [(100, 24), (50, 24), (100, 24), (100, 24)]
    expected = {Box(x, y, x + w, y + h).scale(scale, scale) for (x, y), (w, h) in zip(corners, sizes, strict=True)}
    assert set(await page.environment.sensitive_boxes()) == expected
