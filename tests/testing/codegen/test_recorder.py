"""A person is watched in a real browser: what they do becomes a test, which replays."""

import ast
import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from .watching import CALM_S, Watched


@pytest.mark.slow
async def test_what_a_person_does_becomes_a_test_that_replays(
    shop: Path, tmp_path: Path, replayed: Callable[[Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(shop.as_uri(), tmp_path / "test_order.py")
    await watched.ready.wait()
    page = watched.page
    await page.mouse.click(450, 62)
    await watched.wrote("""ui.tap("Add to cart in the row of 'Cap'")""")
    await page.mouse.click(180, 155)
    await page.keyboard.type("Ada")
    await page.keyboard.press("Tab")
    await page.keyboard.type("hunter2")
    await watched.wrote('ui.fill("Password", os.environ["PASSWORD"])')
    await page.get_by_label("Size").focus()
    await page.keyboard.press("ArrowDown")
    await page.mouse.click(129, 275)
    await page.mouse.click(40, 315)
    await watched.wrote('ui.tap("Order")')
    said = await page.locator("#cart").bounding_box()
    assert said is not None
    await page.mouse.dblclick(said["x"] + said["width"] - 10, said["y"] + 8)
    await page.keyboard.press("Control+Shift+C")
    await watched.wrote("ui.check(")
    await page.mouse.wheel(0, 2000)
    await asyncio.sleep(2 * CALM_S)
    await page.mouse.click(50, 642)
    await watched.wrote('ui.tap("Imprint")')
    await page.close()
    draft = await watched.recording
    source = watched.path.read_text("utf-8")
    print(source)
    ast.parse(source)
    assert source.split("page.goto")[1].splitlines()[1:] == [
        *("    " + line for line in watched.lines),
    ]
    assert watched.lines == [
        """ui.tap("Add to cart in the row of 'Cap'")""",
        'ui.fill("Name", "Ada")',
        'ui.fill("Password", os.environ["PASSWORD"])',
        'ui.choose("Size", "large")',
        'ui.tap("Gift")',
        'ui.tap("Order")',
        """ui.check("'ordered' is visible")""",
        'ui.scroll_to("Imprint")',
        'ui.tap("Imprint")',
    ]
    assert draft.name == "order"
    recording = tmp_path / "test_order.ui" / "test_order.yaml"
    assert "hunter2" not in source + recording.read_text("utf-8")
    monkeypatch.setenv("PASSWORD", "hunter2")
    printed = replayed(watched.path)
    assert "1 passed" in printed, printed


@pytest.mark.slow
async def test_nothing_is_lost_where_it_is_ended(shop: Path, tmp_path: Path) -> None:
    watched = Watched(shop.as_uri(), tmp_path / "test_order.py")
    await watched.ready.wait()
    await watched.page.keyboard.down("Alt")
    await watched.page.mouse.click(20, 20)
    await watched.page.keyboard.up("Alt")
    await watched.wrote("""ui.check("'Mug' is visible")""")
    await watched.page.mouse.click(450, 25, button="right")
    await watched.wrote("""ui.tap("Add to cart in the row of 'Mug'", button="right")""")
    await watched.page.mouse.move(300, 105)
    await watched.page.mouse.down()
    await watched.page.mouse.move(400, 500, steps=4)
    await watched.page.evaluate("getSelection().empty()")
    await watched.page.mouse.up()
    await watched.wrote("# something was dragged here")
    watched.recording.cancel()
    await asyncio.wait({watched.recording})
    assert watched.lines[:2] == [
        """ui.check("'Mug' is visible")""",
        """ui.tap("Add to cart in the row of 'Mug'", button="right")""",
    ]


@pytest.mark.slow
async def test_a_password_that_the_page_shows_is_written_down_nowhere(tmp_path: Path) -> None:
    page = tmp_path / "shown.html"
    page.write_text(
        "<label>Password <input id=p type=password></label><button onclick=\"p.type = 'text'\">Show</button>"
        "<div id=host></div><script>host.attachShadow({mode: 'closed'}).innerHTML = '<input type=password>'</script>"
    )
    watched = Watched(page.as_uri(), tmp_path / "test_shown.py")
    await watched.ready.wait()
    await watched.page.locator("#p").click()
    await watched.page.keyboard.type("hunter2")
    await watched.page.get_by_role("button").click()
    await watched.page.locator("#p").click()
    await watched.page.keyboard.type("9")
    box = await watched.page.locator("#host").bounding_box()
    assert box is not None
    await watched.page.mouse.click(box["x"] + 20, box["y"] + 8)
    await watched.page.keyboard.type("topsec")
    await watched.page.get_by_role("button").click()
    await watched.wrote('ui.tap("Show")')
    await watched.page.close()
    await watched.recording
    source = watched.path.read_text("utf-8")
    assert 'ui.fill("Password", os.environ["PASSWORD"])' in source
    assert not [part for part in ("hunter", '"t"', "opsec", 'press("') if part in source]
