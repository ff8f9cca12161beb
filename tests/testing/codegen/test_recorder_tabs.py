"""A person who goes from tab to tab is watched in each of them."""

from collections.abc import Callable
from pathlib import Path

from .watching import Watched

FIRST = """<!doctype html><title>First</title><p><a href=second.html target=_blank>Open the second</a></p>
<p><button onclick="this.textContent = 'Ticked'">Tick</button></p>"""
SECOND = """<!doctype html><title>Second</title><p><label>Name <input></label></p>
<p><button onclick="said.textContent = 'saved'">Save</button> <b id=said></b></p>"""

SAID = """    assert [one.inner_text("button") for one in page.context.pages] == ["Ticked", "Save"]
    assert page.context.pages[1].inner_text("#said") == "saved"
    assert page.context.pages[1].input_value("input") == "Ada"
"""


async def test_what_is_done_in_a_second_tab_is_written_and_replays(
    tmp_path: Path, replayed: Callable[[Path], str]
) -> None:
    (tmp_path / "first.html").write_text(FIRST)
    (tmp_path / "second.html").write_text(SECOND)
    watched = Watched((tmp_path / "first.html").as_uri(), tmp_path / "test_tabs.py")
    await watched.ready.wait()
    first = watched.page
    async with first.context.expect_page() as opened:
        await first.get_by_text("Open the second").click()
    second = await opened.value
    await watched.wrote('ui.tap("Open the second")')
    await second.get_by_label("Name").click()
    await second.keyboard.type("Ada")
    await second.get_by_text("Save").click()
    await watched.wrote('ui.tap("Save")')
    await first.bring_to_front()
    await first.get_by_text("Tick").click()
    await watched.wrote('ui.tap("Tick")')
    await first.context.close()
    await watched.recording
    assert watched.lines == [
        'ui.tap("Open the second")',
        'ui.fill("Name", "Ada")',
        'ui.tap("Save")',
        'ui.switch_tab("First")',
        'ui.tap("Tick")',
    ]
    source = watched.path.read_text("utf-8") + SAID
    print(source)
    watched.path.write_text(source, "utf-8")
    printed = replayed(watched.path)
    assert "1 passed" in printed, printed
