"""What is said where a test cannot pass: each sentence is read once."""

from dataclasses import replace
from pathlib import Path

import clickwright.testing
import pytest
from clickwright.environments import MemoryEnvironment
from clickwright.errors import UsageError
from clickwright.model import ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import PROFILES
from clickwright.screen import MAX_LABELS, Box, Element, Label, Point
from clickwright.testing import NotFound, ScriptedEyes, Ui, codegen
from clickwright.testing.claims import judge_text
from clickwright.testing.finding import find, place_of, target_at
from clickwright.testing.model_eyes import ModelEyes
from clickwright.testing.recording import Recording, pictures_of, read_recording, write_recording
from clickwright.testing.recording.files import MAX_BYTES, read_picture
from clickwright.testing.recording.patch import write_patch
from clickwright.testing.recording.recorded import RecordedOn
from clickwright.testing.sight import Sight

from .conftest import sight_of
from .test_finding import button, drawn

MADE = RecordedOn(clickwright="0", model="page", platform="linux", width=400, height=300, scale=1)


def test_a_thing_that_moved_to_other_things_is_told() -> None:
    then = drawn([("Desk lamp", "$ 10")])
    with pytest.raises(NotFound, match="the button 'Add' stands among other things now"):
        find(target_at(then, button(then, 0)), drawn([("Wall clock", "$ 35")], top=250))


def test_a_text_that_looks_as_it_did_and_says_another_thing_is_told() -> None:
    then, now = (sight_of(Label(text, Box(40, 60, 120, 80)), elements=()) for text in ("Total 12", "Total 21"))
    with pytest.raises(NotFound, match="the text 'Total 12' now says 'Total 21'"):
        find(target_at(then, Point(80, 70)), now)


def with_things(sight: Sight, *elements: Element) -> Sight:
    return replace(sight, observation=replace(sight.observation, elements=elements))


def test_a_place_that_has_shrunk_or_is_gone_is_told() -> None:
    then = drawn([("Desk lamp", "$ 10")])
    (whole,) = then.elements
    target = target_at(then, whole.box.center)
    flat = replace(whole, box=Box(whole.box.x1, whole.box.y1 + 12, whole.box.x2, whole.box.y2 - 12))
    with pytest.raises(NotFound, match="the place of the button 'Add' cannot be told: it is 25% as high as it was"):
        place_of(target, with_things(then, flat))
    with pytest.raises(NotFound, match="it stood beside 'Desk lamp', where nothing of its sort is now"):
        place_of(target, with_things(then))


def test_a_screen_that_holds_more_than_it_tells_decides_nothing() -> None:
    labels = [Label(f"line {n}", Box(0, 0, 10, 10)) for n in range(MAX_LABELS)]
    judged = judge_text("Thank you", sight_of(*labels), absent=True)
    assert (judged.met, judged.reason) == (None, "the screen holds more text than it tells")


def pointing(at: str) -> ModelEyes:
    return ModelEyes(ModelPolicy(ScriptedModel([at]), profile=PROFILES["showui"]))


def test_a_model_that_points_where_nothing_stands_is_told() -> None:
    with pytest.raises(NotFound, match="no text stands where 'the price' is"):
        pointing("[0.5, 0.5]").read(sight_of(), "the price")
    with pytest.raises(NotFound, match="'the price' is not seen"):
        pointing("[2.5, 0.5]").find(sight_of(), "the price")
    judged = pointing("[0.5, 0.5]").judge(sight_of(), "the lamp is checked")
    assert (judged.met, judged.reason) == (False, "nothing is known where 'the lamp' was pointed at")


def test_eyes_that_cannot_act_and_looks_without_a_folder_are_told() -> None:
    with pytest.raises(UsageError, match="these eyes have no policy to act with"):
        ScriptedEyes().policy()
    with (
        Ui(MemoryEnvironment(()), ScriptedEyes()) as ui,
        pytest.raises(UsageError, match="to_look_like needs to know where its baselines are"),
    ):
        ui.to_look_like("cart")


def test_what_is_no_name_of_these_packages_is_told() -> None:
    for package in (clickwright.testing, codegen):
        with pytest.raises(AttributeError, match=rf"module '{package.__name__}' has no attribute 'nothing'"):
            print(package.nothing)


def test_a_recording_is_no_link_and_no_flood(tmp_path: Path) -> None:
    path = tmp_path / "test.yaml"
    pictures_of(path).mkdir()
    (tmp_path / "other.png").write_bytes(b"x")
    (pictures_of(path) / "a.png").symlink_to(tmp_path / "other.png")
    with pytest.raises(UsageError, match=r"a\.png is a link: a recording holds its pictures itself"):
        read_picture(path, "a.png", 1)
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(UsageError, match=f"is larger than any recording: over {MAX_BYTES:,} bytes"):
        read_recording(path)


def test_a_repair_without_git_or_with_one_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, recording = tmp_path / "test.yaml", Recording(test="test", made=MADE)
    write_recording(path, recording, {})
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(UsageError, match="a repair is written as a patch by git, which is not installed"):
        write_patch(tmp_path, path, recording, {})
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    git.chmod(0o755)
    with pytest.raises(UsageError, match=r"the repair of .*test\.yaml could not be written: broken"):
        write_patch(tmp_path, path, recording, {})
