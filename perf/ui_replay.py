"""A recorded test of ten steps, replayed, beside the same test written with plain Playwright: `python -m
clickwright.perf.ui_replay`. One run, alternately, on the demo site; each round opens a page of its own."""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from ..demo.process import SiteProcess
from ..demo.state import State
from ..environments import find_browser
from ..testing import PageEyes, Ui

SEED = 7
VIEWPORT: ViewportSize = {"width": 1288, "height": 728}


def with_ui(ui: Ui) -> None:
    ui.tap("star")
    ui.tap("Add to basket")
    ui.check("'In your basket' is visible")
    ui.tap("cart")
    assert ui.get("Total") == "€ 81"
    ui.tap("Order now")
    ui.tap("To-do")
    ui.fill("What needs doing?", "water plants")
    ui.tap("Add")
    ui.check("'water plants' is visible")


def with_playwright(page: Page) -> None:
    page.get_by_role("button", name="star").click()
    page.get_by_role("button", name="Add to basket").click()
    expect(page.get_by_text("In your basket")).to_be_visible()
    page.get_by_role("button", name="cart", exact=True).click()
    expect(page.locator(".total span").nth(1)).to_have_text("€ 81")
    page.get_by_role("button", name="Order now").click()
    page.get_by_role("link", name="To-do").click()
    page.get_by_label("What needs doing?").or_(page.get_by_placeholder("What needs doing?")).fill("water plants")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("water plants")).to_be_visible()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        recording = Path(folder) / "ten.yaml"
        _round(browser, lambda page: _record(page, recording))
        plain, replayed, steps = list[float](), list[float](), list[float]()
        for _ in range(rounds):
            plain.append(_round(browser, with_playwright))
            replayed.append(_round(browser, lambda page: steps.extend(_replay(page, recording))))
        browser.close()
    heavy = [name for name in ("torch", "transformers", "langgraph") if name in sys.modules]
    print(f"plain Playwright: {_told(plain)}")
    print(f"replayed:         {_told(replayed)}")
    print(f"ratio of medians: {statistics.median(replayed) / statistics.median(plain):.2f} (bar 1.5)")
    print(f"one step, replayed: median {1000 * statistics.median(steps):.0f} ms")
    print(f"imported: {', '.join(heavy) or 'neither torch nor transformers nor langgraph'}")


def _round(browser: Browser, test: Callable[[Page], object]) -> float:
    """Seconds for one test with a site and a page of its own; what starts the site is not counted."""
    with tempfile.TemporaryDirectory() as folder, SiteProcess(Path(folder), State(seed=SEED)) as site:
        began = time.perf_counter()
        page = browser.new_context(viewport=VIEWPORT).new_page()
        page.goto(site.url)
        test(page)
        page.context.close()
        return time.perf_counter() - began


def _record(page: Page, recording: Path) -> None:
    ui = Ui(page, PageEyes(), mode="record", recording=recording)
    with_ui(ui)
    ui.keep()
    ui.close()


def _replay(page: Page, recording: Path) -> list[float]:
    ui = Ui(page, mode="replay", recording=recording)
    with_ui(ui)
    ui.close()
    return [done.seconds for done in ui.done]


def _told(seconds: list[float]) -> str:
    middle = statistics.median(seconds)
    return f"median {middle:.3f} s, {min(seconds):.3f} to {max(seconds):.3f}, n = {len(seconds)}"


if __name__ == "__main__":
    main()
