"""One real Chromium, and a folder of results of real tests on the demo site."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from clickwright.demo.process import SiteProcess
from clickwright.demo.state import State
from clickwright.environments import find_browser
from clickwright.errors import ClickwrightError
from clickwright.screen import Box, Screenshot
from clickwright.testing import Judged, ScriptedEyes, Told, Ui
from clickwright.testing.report.failed import failed_on
from clickwright.testing.report.told import ScreenTold, TestTold, told_of, write_test
from clickwright.testing.verdicts import verdict_of
from playwright.sync_api import Browser, sync_playwright

FILE = "tests/ui/test_shop.py"
TO_DO, BASKET = Box(1100, 21, 1168, 58), Box(250, 150, 900, 330)
EYES: Mapping[str, Any] = {
    "places": {"To-do": TO_DO, "the field": Box(400, 640, 700, 690)},
    "claims": {
        "three lines are in the basket": Judged(met=False, reason="the basket holds one line", box=BASKET),
        "the shop is open": Judged(met=None, reason="the claim passes both ways"),
    },
    "answers": {"the price": Told(text="€ 12", box=Box(232, 385, 300, 410), tokens=890)},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        yield browser
        browser.close()


def _buy(ui: Ui) -> None:
    ui.tap("To-do")
    ui.get("the price")


def _fill(ui: Ui) -> None:
    ui.tap("To-do")
    ui.fill("the field", "call the museum")


def _claim(ui: Ui) -> None:
    ui.tap("To-do")
    ui.check("three lines are in the basket")


def _doubt(ui: Ui) -> None:
    ui.check("the shop is open")


def _missing(ui: Ui) -> None:
    ui.tap("Proceed to checkout")


DOES: Mapping[str, Callable[[Ui], None]] = {
    "test_buy": _buy,
    "test_fill": _fill,
    "test_claim": _claim,
    "test_doubt": _doubt,
    "test_missing": _missing,
}


@pytest.fixture(scope="module")
def results(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five tests that did real things: two passed, one of them flaky and with a healed step, three did not."""
    folder = tmp_path_factory.mktemp("ui") / "ui-results"
    page = chromium.new_page(viewport={"width": 1288, "height": 728})
    with SiteProcess(tmp_path_factory.mktemp("site"), State(seed=3)) as site:
        for line, (name, does) in enumerate(DOES.items(), 10):
            page.goto(f"{site.url}shop")
            ui, error = Ui(page, ScriptedEyes(**EYES), deadline_s=0.2), None
            try:
                does(ui)
            except (AssertionError, ClickwrightError) as raised:
                error = raised
            write_test(folder, *_told(name, line, ui, error))
    page.close()
    folder.joinpath("test_fill.patch").write_text(
        '@@ -1 +1 @@\n-"box": [1, 2]\n+"box": [3, 4]\n <script>alert(1)</script>\n'
    )
    return folder


def _told(name: str, line: int, ui: Ui, error: Exception | None) -> tuple[TestTold, dict[str, Screenshot]]:
    steps, pictures = list[Any](), dict[str, Screenshot]()
    for done in ui.done:
        done.healed = done.call.words == "the field"
        done.recorded = done.before.screenshot.crop(TO_DO) if done.healed and done.before else None
        step, kept = told_of(done)
        steps.append(step)
        pictures |= kept
    failed = None if error is None else failed_on(error, None, ())
    pictures |= {} if failed is None else failed.pictures
    told = TestTold(
        test=f"{FILE}::{name}",
        file=FILE,
        line=line,
        seconds=sum(step.seconds for step in steps),
        tokens=sum(step.tokens for step in steps),
        steps=tuple(steps),
        started_at=datetime(2026, 5, 4, 12, line, tzinfo=UTC),
        flaky=name == "test_fill",
        tries=2 if name == "test_fill" else 1,
        patch="test_fill.patch" if name == "test_fill" else "",
        screen=ScreenTold(width=1288, height=728),
        verdict=verdict_of(error),
        reason="" if error is None else str(error),
        **({} if failed is None else failed.told),
    )
    return told, pictures
