"""What is switched off in Chromium: all that Playwright switches off, and pages that nobody sees."""

import psutil
import pytest
from clickwright.environments import Chromium
from clickwright.environments.browser import features
from clickwright.environments.browser.launch import ARGUMENTS
from clickwright.screen import Size

NAME = "--disable-features="


@pytest.mark.asyncio(loop_scope="session")
async def test_what_playwright_switches_off_stays_off_and_no_context_begins_pages_of_its_own(
    chromium: Chromium,
) -> None:
    """After an upgrade of Playwright: its list and its version belong into features.py."""
    context = await chromium.open_context(Size(320, 200), 1)
    assert context.browser is not None
    assert chromium.pid is not None
    given = [one for one in psutil.Process(chromium.pid).cmdline() if one.startswith(NAME)]
    theirs, ours = (set(one.removeprefix(NAME).split(",")) for one in given)
    assert theirs == set(features.BY_PLAYWRIGHT)
    assert ours == theirs | set(features.OF_THE_ADDRESS_BAR)
    page = await context.new_page()
    session = await context.browser.new_browser_cdp_session()
    found = (await session.send("Target.getTargets", {"filter": [{}]}))["targetInfos"]
    assert [one["url"] for one in found if one["url"].startswith("chrome:")] == []
    await session.detach()
    await page.close()
    await context.close()


def test_with_another_playwright_only_its_own_list_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "PLAYWRIGHT", "0.1")
    assert features.switched_off() == ()
    assert not any(one.startswith(NAME) for one in ARGUMENTS)
