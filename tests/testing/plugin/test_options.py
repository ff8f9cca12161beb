"""Options on the command line and in pytest's ini file, and the budget of a test."""

import subprocess
import sys
from typing import get_args

import pytest
from clickwright.testing.plugin.options import DEFAULT_RESULTS, MODES
from clickwright.testing.report.told import RESULTS
from clickwright.testing.ways import Mode

from .conftest import SHOP, Project

TESTS = """
import pytest

pytestmark = pytest.mark.ui_budget(steps=3, seconds=60)

def three(ui):
    for _ in range(3):
        ui.tap("the buy button")

@pytest.mark.ui_budget(steps=2)
def test_near(ui):
    three(ui)

def test_far(ui):
    three(ui)

@pytest.mark.ui_budget(seconds=0)
def test_slow(ui):
    three(ui)

@pytest.mark.ui_budget(hours=2)
def test_wrong(ui):
    three(ui)

def test_settings(ui, pytestconfig):
    from clickwright.testing.plugin.options import settings_of
    settings = settings_of(pytestconfig)
    assert (settings.update_baselines, settings.retries) == (True, 0)

def test_lost(ui):
    ui.tap("the buy button")
    ui.words.stage.environment.lose("gone")
    ui.tap("the buy button")
"""


def test_everything_can_stand_in_the_ini_file(project: Project) -> None:
    ini = """
ui_mode = live
ui_results = out/ui
ui_retries = 0
ui_flaky = flaky/all.jsonl
ui_budget_tokens = 100
update_baselines = true
"""
    project.write(ini=ini, conftest=SHOP, test_shop=TESTS)
    ran = project.run("--junitxml=junit.xml")
    assert "3 failed, 2 passed, 1 error" in ran.outcomes()
    assert "the test's budget of 2 steps is used up" in ran.out
    assert "the test's budget of 0 s is used up" in ran.out
    assert "ui_budget knows seconds=, tokens= and steps=, not hours" in ran.out
    assert "report: out/ui/index.html" in ran.out
    assert "2 passed, 1 environment, 3 inconclusive" in ran.out
    assert ran.told("test_near", "out/ui")["steps"][2]["error"] == "the test's budget of 2 steps is used up"


def test_the_command_line_wins(project: Project) -> None:
    project.write(ini="ui_mode = replay\nui_retries = 0\n", conftest=SHOP, test_shop=TESTS)
    (project.folder / "below").mkdir()
    ran = project.run("--ui-mode=live", "--ui-retries=2", "--ui-results=here", "-k", "lost or far")
    assert "1 failed, 1 passed, 4 deselected, 2 rerun" in ran.outcomes()
    assert ran.told("test_lost", "here")["tries"] == 3
    assert "report: here/index.html" in ran.out


@pytest.mark.parametrize(
    ("ini", "arguments", "words"),
    [
        ("ui_mode = dream", (), "ui_mode is one of live, record, replay, heal, not 'dream'"),
        ("ui_retries = many", (), "ui_retries is a number from 0 up, not 'many'"),
        ("ui_budget_seconds = -1", (), "ui_budget_seconds is a number from 0 up, not '-1'"),
        ("", ("--ui-retries=-1",), "ui_retries is a number from 0 up, not -1"),
        ("", ("--ui-mode=dream",), "invalid choice: 'dream'"),
    ],
)
def test_what_makes_no_sense_ends_the_run_with_a_sentence(
    project: Project, ini: str, arguments: tuple[str, ...], words: str
) -> None:
    ran = project.write(ini=ini).run(*arguments)
    assert ran.code == 4
    assert words in ran.out
    assert "Traceback" not in ran.out


@pytest.mark.slow
def test_loaded_by_its_entry_point_by_its_name_and_by_a_conftest_it_is_there_once(project: Project) -> None:
    info = project.folder / "clickwright-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: clickwright\nVersion: 0\n", "utf-8")
    (info / "entry_points.txt").write_text("[pytest11]\nclickwright = clickwright.testing.plugin\n", "utf-8")
    ini = "asyncio_default_fixture_loop_scope = function\n"
    project.write(
        ini=ini,
        conftest='pytest_plugins = ["clickwright.testing.plugin"]\n' + SHOP,
        test_shop="def test_it(ui): pass\n",
    )
    ran = project.run("-p", "clickwright.testing.plugin", "--ui-mode=live", PYTEST_DISABLE_PLUGIN_AUTOLOAD="")
    assert "1 passed" in ran.outcomes()


def test_a_run_without_ui_tests_is_left_alone(project: Project) -> None:
    """Neither modules that take time nor a folder of results come of it."""
    heavy = ("numpy", "PIL", "pydantic", "playwright", "yaml", "torch", "clickwright.screen", "clickwright.errors")
    project.write(test_plain=f"import sys\n\ndef test_it():\n    assert not set({heavy}) & set(sys.modules)\n")
    ran = project.run()
    assert "1 passed" in ran.outcomes()
    assert "UI tests" not in ran.out
    assert not (project.folder / "ui-results").exists()


def test_it_is_imported_in_a_few_milliseconds() -> None:
    """The figure is printed for the reader; the bound only tells a lazy import from one of numpy."""
    code = (
        "import pytest, time\n"
        "began = time.process_time()\n"
        "import clickwright.testing.plugin, clickwright.testing.plugin.fixtures, clickwright.testing.plugin.summary\n"
        "print((time.process_time() - began) * 1000)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    print(f"import clickwright.testing.plugin: {done.stdout.strip()} ms")
    assert float(done.stdout) < 100


def test_what_is_known_twice_is_the_same() -> None:
    assert get_args(Mode) == MODES
    assert RESULTS == DEFAULT_RESULTS
