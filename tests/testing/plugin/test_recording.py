"""A test is recorded, replayed without a model, and healed; what is kept of it names no secrets."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.screen import read_image
from clickwright.screen.mask import MASK_GREY
from clickwright.testing.recording import recording_of

from .conftest import SHOP, Project, Ran

TESTS = """
import pytest

class TestCart:
    @pytest.mark.parametrize("city", ["Rome", "Bad Bad!"])
    def test_fills(self, ui, city):
        ui.tap("the buy button")
        ui.fill("the pin", "hunter2")
        ui.fill("the city", city)

def test_fails(ui):
    ui.tap("the buy button")
    assert False
"""
MOVED = SHOP.replace("BUY, PIN = Box(100, 100, 260, 150)", "BUY, PIN = Box(700, 100, 860, 150)").replace(
    'name="Buy"', 'name="Order", colour="#800000"'
)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("test_buy", "test_buy"),
        ("test_buy[two]", "test_buy-two"),
        ("test_buy[1.5-x]", "test_buy-1.5-x"),
        ("TestCart::TestMore::test_buy", "TestCart.TestMore.test_buy"),
    ],
)
def test_a_recording_lies_beside_its_test(name: str, stem: str) -> None:
    assert recording_of(Path("a/test_shop.py"), name) == Path("a/test_shop.ui") / f"{stem}.yaml"


def test_what_no_file_is_called_is_told_apart() -> None:
    given = [
        "a/b",
        "a b",
        "a:b",
        "../../b",
        "a\\b",
        "a\0b",
        "ä",
        "",
        "b.",
        "CON?",
        "x" * 300,
        "x" * 301,
        "[a]",
        "\ud800",
    ]
    stems = [recording_of(Path("test_shop.py"), f"test_buy[{one}]").stem for one in given]
    assert len(set(stems)) == len(stems)
    assert all(stem.startswith("test_buy") and stem.isascii() and len(stem) < 120 for stem in stems)
    assert not any(set(stem) & set('\\/:*?"<>|[] \0') or stem.endswith(".") for stem in stems)


@pytest.fixture(scope="module")
def recorded(new_project: Callable[[], Project]) -> tuple[Project, Ran]:
    project = new_project().write(conftest=SHOP, test_shop=TESTS)
    return project, project.run("--ui-mode=record")


def test_a_test_that_passes_is_recorded_and_one_that_fails_is_not(recorded: tuple[Project, Ran]) -> None:
    project, ran = recorded
    assert "1 failed, 2 passed" in ran.outcomes()
    files = sorted(path.name for path in (project.folder / "test_shop.ui").glob("*.yaml"))
    assert files[1] == "TestCart.test_fills-Rome.yaml"
    assert files[0].startswith("TestCart.test_fills-Bad-Bad-")
    assert len(files) == 2
    assert list((project.folder / "test_shop.ui" / "TestCart.test_fills-Rome").glob("*.png"))
    assert ran.told("[Rome]")["recording"] == "test_shop.ui/TestCart.test_fills-Rome.yaml"
    assert ran.told("[Rome]")["model"] == "scripted"


def test_what_is_typed_into_a_field_for_secrets_is_told_nowhere(recorded: tuple[Project, Ran]) -> None:
    project, ran = recorded
    told = ran.told("[Rome]")
    assert [step["given"] for step in told["steps"]] == ["", "••••••", "Rome"]
    kept = [path for folder in ("ui-results", "test_shop.ui") for path in (project.folder / folder).rglob("*")]
    assert not [path for path in kept if path.suffix in (".json", ".yaml", ".html") and b"hunter2" in path.read_bytes()]
    pictures = list((project.folder / "ui-results" / "pictures").glob("*.png"))
    assert pictures
    assert all((read_image(path).pixels[202:238, 102:358] == MASK_GREY).all() for path in pictures)


def test_a_replay_needs_no_model_and_is_the_usual_mode(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    blind = SHOP.replace("ScriptedEyes(places, ", "ScriptedEyes({}, ")
    ran = project.write(conftest=blind, test_shop=TESTS).run("-k", "Rome", "--junitxml=junit.xml")
    assert "1 passed" in ran.outcomes()
    said = ran.properties("test_fills[Rome]")
    assert (said["ui_replayed"], said["ui_healed"], said["ui_how"]) == ("3", "0", "pixels 3")
    assert ran.told("[Rome]")["mode"] == "replay"
    assert len(list((project.folder / "ui-results" / "tests").glob("*.json"))) == 1  # those of the run before are gone
    assert not list((project.folder / "ui-results" / "failures").glob("*.png"))


def test_a_replay_without_a_recording_fails_and_says_what_to_do(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    ran = project.run("-k", "test_fails")
    assert ran.code == 1
    assert "test_shop.ui/test_fails.yaml: make it in the mode record (--ui-mode=record)" in ran.out
    assert "verdict: inconclusive" in ran.out


def test_recorded_steps_that_the_test_no_longer_says_are_told(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    fewer = TESTS.replace('        ui.fill("the pin", "hunter2")\n        ui.fill("the city", city)\n', "")
    ran = project.write(conftest=SHOP, test_shop=fewer).run("-k", "Rome", "--junitxml=junit.xml", GITHUB_ACTIONS="true")
    assert "1 passed" in ran.outcomes()
    said = "2 recorded steps were not asked for; record again to drop them"
    assert f"{said}:\n  test_shop.py::TestCart::test_fills[Rome]: 2 steps" in ran.out
    assert ran.out.count(said) == 2, "once in the summary, and once for GitHub"
    assert ran.properties("test_fills[Rome]")["ui_unasked"] == "2"
    assert ran.told("[Rome]")["unasked"] == ["fill 'the pin'", "fill 'the city'"]
    (page,) = (project.folder / "ui-results" / "tests").glob("*.html")
    assert f"{said}: fill &#39;the pin&#39;, fill &#39;the city&#39;." in page.read_text("utf-8")


def test_a_step_that_is_new_in_the_test_is_no_fault_of_the_program(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    more = TESTS.replace("city)\n\n", 'city)\n        ui.tap("the new button")\n\n')
    ran = project.write(conftest=SHOP, test_shop=more).run("-k", "Rome")
    assert "1 failed" in ran.outcomes()
    assert "tap 'the new button' is not in the recording TestCart.test_fills-Rome.yaml: record the test anew" in ran.out
    assert ran.told("[Rome]")["verdict"] == "inconclusive"
    assert ran.told("[Rome]")["unasked"] == []


def test_a_failure_shows_the_part_of_the_screen_that_it_is_about(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    text = TESTS.replace(
        "def test_fills(self, ui, city):", "def test_fills(self, ui, city):\n        ui.words.deadline_s = 0"
    )
    ran = project.write(conftest=MOVED, test_shop=text).run("-k", "Rome")
    errors = [line.removeprefix("E").strip() for line in ran.out.splitlines() if line.startswith("E ")]
    assert "NotFound: the recorded thing is not on the screen" in errors[0] or "NotFound" in errors[0]
    assert errors[1].startswith("crop: ui-results/failures/")
    assert errors[2].startswith("screen: ui-results/failures/")
    crop, screen = (read_image(project.folder / line.partition(": ")[2]) for line in errors[1:3])
    assert crop.size.width < screen.size.width
    assert ran.told("[Rome]")["failure_box"] is not None


@pytest.mark.slow
def test_healing_leaves_the_recording_and_writes_a_patch_that_git_applies(recorded: tuple[Project, Ran]) -> None:
    project, _ = recorded
    file = project.folder / "test_shop.ui" / "TestCart.test_fills-Rome.yaml"
    before = file.read_bytes()
    subprocess.run(["git", "init", "-q"], cwd=project.folder, check=True)
    text = TESTS.replace(
        "def test_fills(self, ui, city):", "def test_fills(self, ui, city):\n        ui.words.deadline_s = 0"
    )
    project.write(conftest=MOVED, test_shop=text)
    ran = project.run("-k", "Rome", "--ui-mode=heal", "--junitxml=junit.xml", GITHUB_ACTIONS="true")
    assert "1 passed" in ran.outcomes()
    assert file.read_bytes() == before
    said = ran.properties("test_fills[Rome]")
    assert (said["ui_healed"], said["ui_replayed"]) == ("1", "2")
    patch = "ui-results/patches/test_shop.ui/TestCart.test_fills-Rome.patch"
    assert said["ui_patch"] == ran.told("[Rome]")["patch"] == patch
    assert "1 step healed" in ran.out
    assert f"  git apply {patch}" in ran.out
    assert "::warning file=test_shop.py,title=TestCart::test_fills[Rome]" in ran.out.replace("%3A", ":")
    subprocess.run(["git", "apply", patch], cwd=project.folder, check=True)
    again = project.run("-k", "Rome")
    assert "1 passed" in again.outcomes()
    assert not (project.folder / patch).exists()


def test_a_recording_that_cannot_be_kept_is_no_pass(project: Project) -> None:
    project.write(conftest=SHOP, test_shop='def test_buys(ui):\n    ui.tap("the buy button")\n')
    (project.folder / "test_shop.ui").write_text("in the way of the folder")
    ran = project.run("--ui-mode=record", "--junitxml=junit.xml")
    assert "1 passed, 1 error" in ran.outcomes()
    assert "cannot be written" in ran.out
    told = ran.told("test_buys")
    assert told["verdict"] == ran.properties("test_buys")["ui_verdict"] == "inconclusive"
    assert "cannot be written" in told["reason"]
