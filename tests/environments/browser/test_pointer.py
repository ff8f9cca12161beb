"""What stands at a place may give way as the pointer comes: where it was judged, nothing else is clicked then."""

import typing

import pytest
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Task

if typing.TYPE_CHECKING:
    from conftest import Site

in_browser = pytest.mark.asyncio(loop_scope="session")

PLACE = "position:absolute;left:20px;top:10px;margin:0;width:200px;height:80px"
PAY = f"<button id=b style='{PLACE}' onclick=\"document.title='paid'\">Pay now</button>"
COVERED = f"<div class=z>{PAY}<p style='{PLACE};background:#eee'>Go on</p></div>"
GIVES_WAY = f"{COVERED}<style>.z:hover p {{ display: none }}</style>"
LIVELY = "<style>#b:hover { color: red; width: 210px }</style>"
HERE = Click(point=Point(100, 40))


async def clicks(chromium: Chromium, url: str, *, is_judged: bool = True) -> list[Observation]:
    """What two clicks at the same place came to."""
    environment = BrowserEnvironment(chromium=chromium)
    await environment.reset(Task(goal="look", start_url=url))
    seen: list[Observation] = []
    for _ in range(2):
        if is_judged:
            await environment.facts(HERE)
        seen.append(await environment.step(HERE))
    await environment.close()
    return seen


@in_browser
async def test_a_thing_that_gives_way_is_not_clicked_through(chromium: Chromium, site: "Site") -> None:
    first, second = await clicks(chromium, site.put(GIVES_WAY))
    assert str(first.error) == "look again: as the pointer came, button 'Pay now' was there"
    assert first.title != "paid"
    assert second.error is None  # by then it is what was seen, and judged
    assert second.title == "paid"


@in_browser
@pytest.mark.parametrize(("page", "is_judged"), [(PAY + LIVELY, True), (GIVES_WAY, False)])
async def test_what_stays_is_clicked_at_once(page: str, is_judged: bool, chromium: Chromium, site: "Site") -> None:
    first, _ = await clicks(chromium, site.put(page), is_judged=is_judged)
    assert first.error is None
    assert first.title == "paid"
