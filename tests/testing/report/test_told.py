"""What is kept of a test: read as it was written, each picture once, and nothing half."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.screen import Box, Observation, Point, Screenshot, read_image
from clickwright.testing import Call, Done
from clickwright.testing.report.told import (
    PICTURES,
    TESTS,
    StepTold,
    TestTold,
    picture_name,
    read_results,
    read_tests,
    safe_name,
    told_of,
    write_test,
)
from clickwright.testing.sight import Sight
from pydantic import ValidationError

from .hostile import HOSTILE


def screen(shade: int) -> Screenshot:
    return Screenshot(pixels=np.full((40, 60, 3), shade, np.uint8))


def done(shade: int = 0, words: str = "Buy", recorded: Screenshot | None = None) -> Done:
    sight = Sight(observation=Observation(screenshot=screen(shade)))
    return Done(
        call=Call(does="fill", words=words, nth=2),
        given="12 May",
        seconds=0.25,
        tokens=7,
        how="pixels",
        point=Point(5, 6),
        box=Box(1, 2, 9, 10),
        note="it has moved",
        healed=True,
        before=sight,
        after=sight,
        recorded=recorded,
    )


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    step, pictures = told_of(done(recorded=screen(9)))
    told = TestTold(test="a.py::test_b", steps=(step,), verdict="model", failure=picture_name(screen(9)))
    path = write_test(tmp_path, told, pictures)
    assert read_tests(tmp_path) == (told,)
    assert (step.words, step.nth, step.given, step.how) == ("Buy", 2, "12 May", "pixels")
    assert (step.point, step.box) == ((5, 6), (1, 2, 9, 10))
    assert step.before == step.after == picture_name(screen(0))
    assert read_image(tmp_path / PICTURES / step.recorded).frame == screen(9).frame
    assert sorted(found.name for found in tmp_path.rglob("*.*")) == sorted([path.name, step.before, step.recorded])


def test_a_picture_is_written_once_and_another_try_takes_the_place_of_the_first(tmp_path: Path) -> None:
    step, pictures = told_of(done())
    write_test(tmp_path, TestTold(test="t", steps=(step,), verdict="product"), pictures)
    picture = tmp_path / PICTURES / step.before
    first = picture.stat().st_mtime_ns, picture.stat().st_ino
    write_test(tmp_path, TestTold(test="t", steps=(step,), flaky=True, tries=2), pictures)
    assert (picture.stat().st_mtime_ns, picture.stat().st_ino) == first
    assert [told.tries for told in read_tests(tmp_path)] == [2]


def test_a_file_that_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    write_test(tmp_path, TestTold(test="good"), {})
    for name, content in (
        ("cut.json", '{"test": "cu'),
        ("more.json", '{"test": "more", "unknown": 1}'),
        ("way-out.json", '{"test": "out", "failure": "../../../etc/passwd"}'),
    ):
        (tmp_path / TESTS / name).write_text(content)
    found = read_results(tmp_path)
    assert [told.test for told in found.tests] == ["good"]
    assert [fault.split(" is left out: ")[0] for fault in found.faults] == ["cut.json", "more.json", "way-out.json"]
    assert "unknown" in found.faults[1]
    assert "failure" in found.faults[2]


def test_an_empty_folder_has_no_tests(tmp_path: Path) -> None:
    assert read_tests(tmp_path / "nowhere") == ()


def test_hostile_words_are_kept_and_do_not_choose_the_path(tmp_path: Path) -> None:
    step, pictures = told_of(done(words=HOSTILE))
    told = TestTold(test=f"../../{HOSTILE}", title=HOSTILE, reason=HOSTILE, steps=(step,))
    path = write_test(tmp_path, told, pictures)
    assert path.parent == tmp_path / TESTS
    assert read_tests(tmp_path) == (told,)
    assert step.words == HOSTILE.replace("\ud800", "\\ud800")


def test_names_of_files_are_short_plain_and_never_the_same_for_two_tests() -> None:
    tests = ["a::b", "a/b", "a b", "A::b", "é", "", "." * 300, "x" * 300, "y" + "x" * 300, "con", "-"]
    names = [safe_name(test) for test in tests]
    assert len({name.lower() for name in names}) == len(tests)
    for name in names:
        assert len(name) < 120
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")
        assert not name.startswith("-")


@pytest.mark.parametrize(
    "wrong",
    [{"before": "x.png"}, {"seconds": -1}, {"how": "luck"}, {"point": (float("nan"), 1)}, {"extra": 1}],
)
def test_a_step_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        StepTold.model_validate({"does": "tap", "words": "x"} | wrong)


def test_a_disk_that_takes_nothing_is_told_in_one_sentence(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        write_test(tmp_path / "file", TestTold(test="t"), {})


def test_the_report_needs_neither_a_model_nor_a_browser() -> None:
    code = (
        "import sys, clickwright.testing.report.pages, clickwright.testing.report.attach\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "clickwright" in loaded
    assert not {"torch", "transformers", "langgraph", "playwright", "pytest", "allure", "pytest_html"} & loaded
