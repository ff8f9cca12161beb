"""Over the pages of pytest-playwright, over asynchronous ones, and in several processes."""

import json
import zipfile
from collections.abc import Callable

import pytest
from clickwright.testing.plugin.run import whose
from playwright._impl._errors import TargetClosedError
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from .conftest import SHOP, Project, Ran

WITH_PAGES = ("-p", "pytest_playwright.pytest_playwright", "--ui-mode=live")
LENIENT = "    ignore::pytest.PytestRemovedIn10Warning\n"
"""A fixture of pytest-playwright's own is written in a way that pytest will not take for ever."""
SHOP_PAGE = "<button onclick='this.innerText=1'>Buy</button><p><label>Pin <input type=password></label>"
EYES = """
import pytest
from clickwright.screen import Point
from clickwright.testing import ScriptedEyes

@pytest.fixture(scope="session")
def ui_model():
    return ScriptedEyes({"the buy button": Point(25, 20), "the pin": Point(80, 60)})
"""
TESTS = f"""
crashed = []

def test_buys(page, ui):
    page.set_content({SHOP_PAGE!r})
    ui.tap("the buy button")
    ui.fill("the pin", "hunter2")
    assert page.get_by_role("button").inner_text() == "1"
    assert page.locator("input").input_value() == "hunter2"

def test_crash(page, ui, browser):
    page.set_content({SHOP_PAGE!r})
    crashed.append(browser)
    if len(crashed) == 1:
        browser.close()
    ui.tap("the buy button")
    assert crashed[0] is not crashed[1]
"""


@pytest.fixture(scope="module")
def ran(new_project: Callable[[], Project]) -> Ran:
    project = new_project().write(ini=LENIENT, conftest=EYES, test_shop=TESTS)
    return project.run(*WITH_PAGES, "--tracing=on", "--junitxml=junit.xml", "-rA")


@pytest.mark.slow
def test_the_page_of_pytest_playwright_is_the_screen(ran: Ran) -> None:
    """Its browser is the one that `find_browser` finds where Playwright's own is not installed."""
    assert ran.properties("test_buys[chromium]")["ui_verdict"] == "passed"
    assert [step["given"] for step in ran.told("test_buys[chromium]")["steps"]] == ["", "••••••"]
    assert ran.told("test_buys[chromium]")["title"] == "test_buys"  # everyone's browser is in no file name


@pytest.mark.slow
def test_a_browser_that_crashed_is_opened_again_for_the_next_try(ran: Ran) -> None:
    assert ran.properties("test_crash[chromium]")["ui_flaky"] == "environment"
    assert "1 passed, 1 flaky" in ran.out


def test_an_error_of_playwrights_own_where_the_page_is_gone_is_one_of_the_environment() -> None:
    assert whose(TargetClosedError("Target page, context or browser has been closed"), "call") == "environment"
    assert whose(PlaywrightError("Page crashed"), "call") == "environment"
    assert whose(PlaywrightError("no browser can be launched"), "setup") == "environment"
    assert whose(PlaywrightTimeout("the button did not appear"), "call") == "product"
    assert whose(RuntimeError("Page crashed"), "setup") == "product"


def test_playwrights_trace_holds_the_steps(ran: Ran) -> None:
    (trace,) = (ran.folder / "test-results").glob("*test-buys*/trace.zip")
    with zipfile.ZipFile(trace) as kept:
        events = [json.loads(line) for name in kept.namelist() if name.endswith(".trace") for line in kept.open(name)]
    titles = [event.get("title") for event in events if event.get("method") == "tracingGroup"]
    assert titles == ["tap 'the buy button'", "fill 'the pin'"]


def test_a_browser_that_the_user_names_is_left_alone(project: Project) -> None:
    own = """
    import pytest

    @pytest.fixture(scope="session")
    def browser_type_launch_args(browser_type_launch_args):
        return {**browser_type_launch_args, "executable_path": "/no/such/browser"}
    """
    project.write(ini=LENIENT, conftest=own, test_shop="def test_it(ui):\n    pass\n")
    ran = project.run(*WITH_PAGES, "--junitxml=junit.xml")
    assert "/no/such/browser" in ran.out
    assert ran.properties("test_it[chromium]")["ui_verdict"] == "environment"


def test_without_a_page_and_without_a_screen_it_says_what_is_missing(project: Project) -> None:
    ran = project.write(test_shop="def test_it(ui):\n    pass\n").run("--ui-mode=live")
    assert "install pytest-playwright, or write a fixture ui_screen" in ran.out


@pytest.mark.slow
def test_async_ui_over_an_asynchronous_page(project: Project) -> None:
    page = f"""
import pytest_asyncio
from clickwright.environments import find_browser
from playwright.async_api import async_playwright

@pytest_asyncio.fixture
async def page():
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser())
        opened = await browser.new_page()
        await opened.set_content({SHOP_PAGE!r})
        yield opened
        await browser.close()
"""
    tests = """
    import pytest

    @pytest.mark.asyncio
    async def test_buys(page, async_ui):
        await async_ui.tap("the buy button")
        assert await page.get_by_role("button").inner_text() == "1"

    @pytest.mark.asyncio
    async def test_missing(async_ui):
        async_ui.deadline_s = 0
        await async_ui.tap("the moon")
    """
    ini = "asyncio_default_fixture_loop_scope = function\n"
    ran = project.write(ini=ini, conftest=EYES + page, test_shop=tests).run(
        "-p", "pytest_asyncio.plugin", "--ui-mode=record", "--junitxml=junit.xml"
    )
    assert "1 failed, 1 passed" in ran.outcomes()
    assert (project.folder / "test_shop.ui" / "test_buys.yaml").exists()
    assert not (project.folder / "test_shop.ui" / "test_missing.yaml").exists()
    assert ran.properties("test_missing")["ui_verdict"] == "product"
    shown = ran.out.partition("_ test_missing _")[2]
    assert '>       await async_ui.tap("the moon")' in shown
    assert "testing/ui.py" not in shown


@pytest.mark.slow
def test_several_processes_tell_one_run(project: Project) -> None:
    tests = """
    import pytest

    @pytest.mark.parametrize("n", range(4))
    def test_buys(ui, n):
        ui.tap("the buy button")

    def test_lost(ui, tmp_path_factory):
        first = tmp_path_factory.getbasetemp().parent / "first"
        ui.tap("the buy button")
        if not first.exists():
            first.touch()
            ui.words.stage.environment.lose("gone")
        ui.check("there is a button")

    def test_basket(ui):
        ui.check("a basket is shown")
    """
    ran = project.write(conftest=SHOP, test_shop=tests).run(
        *("-p", "xdist", "-n", "2", "--ui-mode=live", "--ui-results=out", "--ui-flaky=flaky.jsonl"),
        "--junitxml=junit.xml",
        GITHUB_ACTIONS="true",
    )
    assert "1 failed, 4 passed, 1 rerun, 1 flaky" in ran.outcomes()
    assert "4 passed, 1 product, 1 flaky" in ran.out
    assert len(list((project.folder / "out" / "tests").glob("*.json"))) == 6
    assert {ran.told(f"test_buys[{n}]", "out")["worker"] for n in range(4)} <= {"gw0", "gw1"}
    assert ran.properties("test_lost")["ui_flaky"] == "environment"
    assert len((project.folder / "flaky.jsonl").read_text("utf-8").splitlines()) == 1
    assert "E       screen: out/failures/" in ran.out
    assert len([line for line in ran.out.splitlines() if line.startswith("::error file=test_shop.py,line=17,")]) == 1
    assert "report: out/index.html" in ran.out


@pytest.mark.slow
def test_pytest_html_and_allure_are_given_the_steps(project: Project) -> None:
    tests = 'def test_buys(ui):\n    ui.tap("the buy button")\n'
    ran = project.write(conftest=SHOP, test_shop=tests).run(
        *("-p", "pytest_metadata.plugin", "-p", "pytest_html.plugin", "-p", "allure_pytest.plugin"),
        *("--ui-mode=live", "--html=html/report.html", "--alluredir=allure"),
    )
    assert "1 passed" in ran.outcomes()
    page = project.folder / "html" / "report.html"
    assert "../ui-results/tests/test-shop-py-test-buys-" in page.read_text("utf-8")
    (steps,) = (page.parent / "assets").glob("*.txt")
    assert "the buy button" in steps.read_text("utf-8")
    (result,) = [json.loads(path.read_text("utf-8")) for path in (project.folder / "allure").glob("*-result.json")]
    kept = "".join(path.read_text("utf-8") for path in (project.folder / "allure").glob("*.json"))
    assert result["status"] == "passed"
    assert "the buy button" in kept
