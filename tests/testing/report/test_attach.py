"""What pytest-html and Allure show of a test, in a session of pytest that really runs with them."""

import base64
import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from clickwright.screen import read_image
from clickwright.testing.report import attach
from clickwright.testing.report.attach import attach_allure, attach_html, text_of
from clickwright.testing.report.told import TESTS, StepTold, TestTold, read_tests, safe_name

from .hostile import HOSTILE

CONFTEST = """
from pathlib import Path
import pytest
from clickwright.testing.report.attach import attach_allure, attach_html
from clickwright.testing.report.told import read_tests

RESULTS = Path({results!r})
TOLD = {{told.test.rpartition("::")[2]: told for told in read_tests(RESULTS)}}

@pytest.fixture(autouse=True)
def _told(request):
    yield
    assert attach_allure(TOLD[request.node.name], RESULTS)

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        assert attach_html(report, TOLD[item.name], RESULTS, beside=Path("out"))
    return report
"""


def told_of_name(results: Path, name: str) -> TestTold:
    return next(told for told in read_tests(results) if told.test.endswith(name))


@pytest.mark.slow
def test_the_reports_of_other_tools_hold_the_steps(results: Path, tmp_path: Path) -> None:
    pytest.importorskip("pytest_html")
    pytest.importorskip("allure")
    tmp_path.joinpath("conftest.py").write_text(CONFTEST.format(results=str(results)))
    tmp_path.joinpath("test_it.py").write_text("def test_claim(): assert False\ndef test_buy(): pass\n")
    tmp_path.joinpath("pytest.ini").write_text("[pytest]\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--html=out/report.html",
            "--alluredir=allure",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    html = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert safe_name("tests/ui/test_shop.py::test_claim") in html
    assets = list((tmp_path / "out" / "assets").iterdir())
    assert len([path for path in assets if path.suffix == ".png"]) == 1
    assert any("the basket holds one line" in path.read_text("utf-8") for path in assets if path.suffix == ".txt")
    steps = allure_steps(tmp_path / "allure")
    assert [(step["name"].split(" (")[0], step["status"]) for step in steps["test_claim"]] == [
        ("tap “To-do”", "passed"),
        ("check “three lines are in the basket”", "failed"),
    ]
    assert [len(step["attachments"]) for step in steps["test_buy"]] == [2, 2]


def allure_steps(folder: Path) -> dict[str, list[Any]]:
    """The steps of each test, from its teardown."""
    tests = [json.loads(path.read_text("utf-8")) for path in folder.glob("*-result.json")]
    names = {test["uuid"]: test["name"] for test in tests}
    steps: dict[str, list[Any]] = {}
    for path in folder.glob("*-container.json"):
        container = json.loads(path.read_text("utf-8"))
        for after in container.get("afters", ()):
            for child in container["children"]:
                steps.setdefault(names[child], []).extend(after.get("steps", ()))
    return steps


def test_a_link_is_from_the_report_and_the_picture_shows_the_place(results: Path, tmp_path: Path) -> None:
    pytest.importorskip("pytest_html")
    report = SimpleNamespace(extras=["mine"])
    assert attach_html(report, told_of_name(results, "test_claim"), results, beside=tmp_path / "out")
    mine, link, text, picture = report.extras
    assert mine == "mine"
    name = f"{safe_name('tests/ui/test_shop.py::test_claim')}.html"
    assert (tmp_path / "out" / link["content"]).resolve() == (results / TESTS / name).resolve()
    assert "check “three lines are in the basket”" in text["content"]
    drawn = read_image(base64.b64decode(picture["content"]))
    assert (drawn.size.width, drawn.size.height) == (706, 236)


def test_a_test_that_passed_has_no_picture_and_names_hold_nothing_of_its_words(tmp_path: Path) -> None:
    pytest.importorskip("pytest_html")
    report = SimpleNamespace()
    told = TestTold(test=HOSTILE, title=HOSTILE, steps=(StepTold(does="tap", words=HOSTILE, note=HOSTILE),))
    assert attach_html(report, told, tmp_path)
    link, text = report.extras
    assert link["content"].startswith("file:///")
    assert not set("<>\"'") & set(link["content"] + link["name"] + text["name"])
    assert "\u202e" not in text["content"]


def test_a_tool_that_is_not_there_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(attach, "import_module", missing)
    report = SimpleNamespace()
    assert not attach_html(report, TestTold(test="t"), tmp_path)
    assert not attach_allure(TestTold(test="t"), tmp_path)
    assert vars(report) == {}
    assert importlib.import_module("json") is json


def test_a_test_in_plain_text_has_a_line_for_each_step() -> None:
    steps = (
        StepTold(does="tap", words="Buy", how="pixels", seconds=0.2),
        StepTold(does="check", words="it is bought", verdict="product", error="it is not", healed=True),
    )
    told = TestTold(test="t", verdict="product", reason="it is not bought", steps=steps)
    assert text_of(told).splitlines() == [
        "failed: it is not bought",
        "  1  tap “Buy” (200 ms, found by its recorded picture)",
        "  2  check “it is bought” (0 ms, healed), failed: it is not",
    ]
