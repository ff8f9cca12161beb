"""One run of tests that end in every way, and all that is told of it."""

import json
from collections.abc import Callable

import pytest
from clickwright.screen import read_image

from .conftest import SHOP, Project, Ran

EYES = (
    SHOP
    + """
from clickwright.errors import ModelUnavailable

class TiredEyes(ScriptedEyes):
    def find(self, sight, words):
        if words == "what no model answers":
            raise ModelUnavailable("the model is overloaded")
        return super().find(sight, words)

@pytest.fixture(scope="session")
def ui_model():
    return TiredEyes({"the buy button": BUY}, claims={"a basket, 50% full\\nor so": False, "there is a button": True})
"""
)
TESTS = """
import pytest

tries = []

def lost(ui):
    ui.words.stage.environment.lose("the browser has crashed")

def test_buys(ui):
    ui.tap("the buy button")
    ui.press("Enter")
    ui.check("there is a button")

def test_basket(ui):
    ui.tap("the buy button")
    ui.check("a basket, 50% full\\nor so")

def test_plain(ui):
    ui.tap("the buy button")
    assert 1 + 1 == 3

def test_unsure(ui):
    tries.append("unsure")
    ui.check("nobody scripted this")

def test_lost(ui):
    tries.append("lost")
    ui.tap("the buy button")
    lost(ui)
    ui.tap("the buy button")

def test_tired(ui):
    tries.append("tired")
    ui.tap("what no model answers")

def test_once_lost(ui, request):
    tries.append("once")
    request.node.user_properties.append(("own", len(tries)))
    ui.tap("the buy button")
    if tries.count("once") == 1:
        lost(ui)
    ui.tap("the buy button")

@pytest.mark.skip(reason="not now")
def test_skipped(ui):
    raise AssertionError

@pytest.mark.xfail(strict=True)
def test_known(ui):
    ui.check("a basket, 50% full\\nor so")

@pytest.mark.xfail(strict=True)
def test_no_longer(ui):
    ui.check("there is a button")

def test_late(ui, request):
    request.addfinalizer(lambda: 1 / 0)
    ui.check("there is a button")

def test_broken_ui(ui, broken):
    pass

@pytest.fixture
def broken():
    raise RuntimeError("no such shop")

def test_tries():
    assert sorted(tries) == ["lost", "lost", "once", "once", "tired", "tired", "unsure"]
"""


@pytest.fixture(scope="module")
def ran(new_project: Callable[[], Project]) -> Ran:
    project = new_project().write(conftest=EYES, test_shop=TESTS)
    return project.run("--ui-mode=live", "--junitxml=junit.xml", "-v", GITHUB_ACTIONS="true", GITHUB_WORKSPACE="/no")


def test_pytests_own_exit_code_and_counts_stay(ran: Ran) -> None:
    assert ran.code == 1
    assert "6 failed, 3 passed, 1 skipped, 1 xfailed, 2 errors, 3 rerun, 1 flaky" in ran.outcomes()


@pytest.mark.parametrize(
    ("test", "verdict"),
    [
        ("test_buys", "passed"),
        ("test_basket", "product"),
        ("test_plain", "product"),
        ("test_unsure", "inconclusive"),
        ("test_lost", "environment"),
        ("test_tired", "model"),
        ("test_once_lost", "passed"),
        ("test_no_longer", "product"),
        ("test_late", "product"),
        ("test_broken_ui", "product"),
    ],
)
def test_every_test_has_its_verdict(ran: Ran, test: str, verdict: str) -> None:
    assert ran.properties(test)["ui_verdict"] == verdict
    assert ran.told(f"::{test}")["verdict"] == verdict


@pytest.mark.parametrize("test", ["test_skipped", "test_known", "test_tries"])
def test_one_that_was_skipped_or_has_no_screen_has_none(ran: Ran, test: str) -> None:
    assert "ui_verdict" not in ran.properties(test)
    assert not list((ran.folder / "ui-results" / "tests").glob(f"*{test.replace('_', '-')}*"))


def test_properties_say_what_was_done(ran: Ran) -> None:
    said = ran.properties("test_buys")
    assert (said["ui_steps"], said["ui_tokens"], said["ui_replayed"], said["ui_healed"]) == ("3", "0", "0", "0")
    assert said["ui_how"] == "model 1"
    assert int(said["ui_ms"]) >= 0


def test_the_summary_counts_verdicts_and_names_the_report(ran: Ran) -> None:
    summary = ran.out.partition("= UI tests =")[2]
    assert "1 passed, 5 product, 1 environment, 1 model, 1 inconclusive, 1 flaky" in summary
    assert "report: ui-results/index.html" in summary
    assert "test_once_lost" in (ran.folder / "ui-results" / "index.html").read_text("utf-8")


def test_a_failure_tells_its_reason_first_and_then_its_pictures(ran: Ran) -> None:
    shown = ran.out.partition("_ test_basket _")[2].partition("_ test_plain _")[0].splitlines()
    errors = [line.removeprefix("E").strip() for line in shown if line.startswith("E ")]
    assert errors[0].startswith("clickwright.testing.verdicts.CheckFailed: 'a basket, 50% full")
    assert errors[-2].startswith("screen: ui-results/failures/test-shop-py-test-basket-")
    assert errors[-1] == "verdict: product"
    assert not any("testing/ui.py" in line for line in shown)
    assert read_image(ran.folder / errors[-2].removeprefix("screen: ")).size.width == 1288


def test_a_plain_assert_shows_the_last_screen(ran: Ran) -> None:
    shown = ran.out.partition("_ test_plain _")[2].partition("_ test_unsure _")[0]
    assert "assert (1 + 1) == 3" in shown
    assert "E       screen: ui-results/failures/" in shown


def test_a_pass_on_a_retry_is_flaky(ran: Ran) -> None:
    assert "test_once_lost RERUN (environment)" in ran.out
    assert "test_once_lost FLAKY (environment at first)" in ran.out
    assert "test_shop.py::test_once_lost: environment at first, then passed" in ran.out
    told = ran.told("test_once_lost")
    assert (told["flaky"], told["tries"], len(told["steps"])) == (True, 2, 2)
    (line,) = (ran.folder / "ui-results" / "flaky.jsonl").read_text("utf-8").splitlines()
    noted = json.loads(line)
    assert (noted["test"], noted["first"]) == ("test_shop.py::test_once_lost", "environment")
    assert noted["at"].endswith("+00:00")
    said = ran.properties("test_once_lost")
    assert said["own"] == "7"  # of the second try only


def test_github_is_told_where_and_why(ran: Ran) -> None:
    (basket,) = [line for line in ran.out.splitlines() if line.startswith("::error") and "test_basket" in line]
    assert basket.startswith("::error file=test_shop.py,line=16,title=test_basket (product)::")
    assert "50%25 full\\nor so" in basket or "50%25 full%0Aor so" in basket
    assert "%0Ascreen: ui-results/failures/" in basket
    (flaky,) = [line for line in ran.out.splitlines() if line.startswith("::warning")]
    assert flaky == (
        "::warning file=test_shop.py,title=test_once_lost::flaky: environment at first%2C then passed"
    ).replace("%2C", ",")
    assert not any("test_tries" in line for line in ran.out.splitlines() if line.startswith("::"))
