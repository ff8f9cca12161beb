"""`clickwright test`: step files from the command line, with all that it prints and ends with."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from clickwright.testing.report.told import TestTold, write_test

from .conftest import Said

DEMO = "start: {demo: 1}\ntests:\n"
EXAMPLES = Path(__file__).parents[2] / "examples" / "ui_tests"

Clickwright = Callable[..., Said]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, path: str = "shop.yaml") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


@pytest.mark.slow
def test_the_example_passes_without_a_model(clickwright: Clickwright, here: Path) -> None:
    said = clickwright("test", EXAMPLES / "shop.yaml", "--junit", "out/junit.xml", "--workers", 2)
    assert (said.code, said.err) == (0, "")
    assert "4 passed in " in said.out
    assert (here / "ui-results" / "index.html").exists()
    assert Xml.parse(here / "out" / "junit.xml").getroot().attrib["tests"] == "4"


@pytest.mark.slow
def test_what_failed_is_run_again_alone(clickwright: Clickwright, here: Path) -> None:
    """Recorded where it passed; then played without a model's libraries; what has no recording is told first."""
    write(DEMO + "- {name: good, steps: [{tap: bag}]}\n- {name: bad, steps: [{locate: Shop}, {check: bag is gone}]}\n")
    first = clickwright("test", "shop.yaml", "--wait", 0, "--mode", "record")
    assert first.code == 1
    assert "passed     shop.yaml  good" in first.out
    assert "failed     shop.yaml  bad" in first.out
    assert "line 4: 'bag is gone' does not hold" in first.out
    assert "1 passed, 1 failed in " in first.out
    assert [path.name for path in (here / "shop.ui").glob("*.yaml")] == ["good.yaml"]
    again = clickwright("test", "shop.yaml", "--wait", 0, "--retry-failed", "--stop-on-error")
    assert again.code == 1
    assert "good" not in again.out
    missing = clickwright("test", "shop.yaml", "--mode", "replay")
    assert (missing.code, missing.out) == (2, "")
    assert "shop.yaml::bad has no recording shop.ui/bad.yaml: make it with --mode record" in missing.complaint
    write(DEMO + "- {name: good, steps: [{tap: bag}]}\n")
    code = (
        "import sys, json; from clickwright.cli import main\n"
        "try: main()\n"
        "except SystemExit as ended: code = ended.code\n"
        "print(json.dumps([code, sorted(sys.modules)]))"
    )
    command = [sys.executable, "-c", code, "test", "shop.yaml", "--mode", "replay", "--results", "replayed"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    ended, loaded = json.loads(done.stdout.splitlines()[-1])
    assert ended == 0, done.stdout
    assert not {"torch", "transformers", "langgraph"} & set(loaded)
    (told,) = [json.loads(path.read_bytes()) for path in (here / "replayed" / "tests").glob("*.json")]
    assert (told["mode"], told["steps"][0]["how"]) == ("replay", "pixels")


def test_what_is_run_again_needs_a_run_before(clickwright: Clickwright) -> None:
    write(DEMO + "- {name: a, steps: [{tap: b}]}\n")
    said = clickwright("test", "shop.yaml", "--retry-failed", "--results", "none")
    assert said.code == 2
    assert "there is no last run in none: run all tests first, without --retry-failed" in said.err


def test_files_are_read_before_anything_runs(clickwright: Clickwright, here: Path) -> None:
    write(DEMO + "- {name: a, steps: [{tap: b}]}\n", "ui/good.yaml")
    write(DEMO + "- {name: a, steps: [{tab: b}]}\n", "ui/bad.yaml")
    write("a: [", "ui/deep/worse.yml")
    write("format: 1", "ui/good.ui/a.yaml")
    said = clickwright("test", "ui")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines() == [
        "clickwright: ui/bad.yaml:3: there is no step 'tab'; did you mean tap?",
        "clickwright: ui/deep/worse.yml:1: this is no YAML: while parsing a flow node expected the node content, but "
        "found '<stream end>'",
    ]
    checked = clickwright("test", "--check", "ui")
    assert (checked.code, checked.out, checked.err) == (2, "ui/good.yaml: 1 test\n", said.err)
    assert not (here / "ui-results").exists()


def test_a_variable_of_a_file_that_is_faulty_hides_no_fault(clickwright: Clickwright) -> None:
    write("variables: {x: 1}\n" + DEMO + "- {name: a, steps: [{tab: b}]}\n")
    for check in ([], ["--check"]):
        said = clickwright("test", *check, "shop.yaml", "--var", "x=2")
        assert (said.code, said.out) == (2, "")
        assert "shop.yaml:4: there is no step 'tab'" in said.complaint


def test_where_nothing_is_left_to_run_again_junit_has_no_tests(clickwright: Clickwright, here: Path) -> None:
    write(DEMO + "- {name: a, steps: [{tap: b}]}\n")
    write_test(here / "ui-results", TestTold(test="shop.yaml::a", file="shop.yaml", title="a"), {})
    said = clickwright("test", "shop.yaml", "--retry-failed", "--junit", "junit.xml")
    assert (said.code, said.err) == (0, "")
    assert Xml.parse(here / "junit.xml").getroot().attrib["tests"] == "0"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["none.yaml"], "none.yaml cannot be read: No such file or directory"),
        (["empty"], "there is no step file (.yaml) in empty"),
        (["shop.yaml", "--tag", "x"], "no test is left by --tag x: the tags are slow"),
        (["shop.yaml", "--not-tag", "slow"], "no test is left by --not-tag slow: the tags are slow"),
        (["shop.yaml", "--var", "x"], "--var wants NAME=VALUE, not 'x'"),
        (["shop.yaml", "--var", "x=1"], "--var x: no file has this under `variables`"),
    ],
)
def test_a_wrong_command_line_is_one_sentence(clickwright: Clickwright, arguments: list[str], says: str) -> None:
    Path("empty").mkdir()
    write("tags: [slow]\n" + DEMO + "- {name: a, steps: [{tap: b}]}\n")
    said = clickwright("test", *arguments)
    assert (said.code, said.out) == (2, "")
    assert says in said.complaint


def test_only_checked_a_file_needs_no_secrets(clickwright: Clickwright) -> None:
    write(DEMO + "- {name: a, steps: [{fill: {field: b, with: '${env.NOT_SET_ANYWHERE}'}}]}\n")
    assert clickwright("test", "--check", "shop.yaml").out == "shop.yaml: 1 test\n"
    said = clickwright("test", "shop.yaml")
    assert (said.code, said.out) == (2, "")
    assert "shop.yaml:3: the environment variable NOT_SET_ANYWHERE is not set" in said.complaint


def test_a_screen_that_cannot_be_had_ends_with_its_own_code(clickwright: Clickwright) -> None:
    write("start: 'http://127.0.0.1:1/'\ntests: [{name: a, steps: [{tap: b}]}]\n")
    said = clickwright("test", "shop.yaml")
    assert said.code == 4
    assert "no screen" in said.out
    assert "1 no screen in " in said.out


def test_two_files_of_one_name_are_told_apart_or_refused(clickwright: Clickwright) -> None:
    write(DEMO + "- {name: a, steps: [{press: Tab}]}\n", "k.yaml")
    write(DEMO + "- {name: a, steps: [{press: Tab}]}\n", "k.yml")
    said = clickwright("test", "k.yaml", "k.yml", "--mode", "record")
    assert said.code == 2
    assert "have one recording, k.ui/a.yaml: call one otherwise" in said.err


def test_a_folder_is_no_file_for_results_and_that_is_told_at_once(clickwright: Clickwright, here: Path) -> None:
    write(DEMO + "- {name: a, steps: [{press: Tab}]}\n")
    (here / "site").mkdir()
    said = clickwright("test", "shop.yaml", "--mode", "live", "--junit", "site")
    assert (said.code, said.out) == (2, "")
    assert "site cannot be written: it is a folder" in said.err
