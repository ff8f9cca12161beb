"""Which form a checkpoint is asked in: known from its name or its folder, never guessed."""

import json
from pathlib import Path

import clickwright as package
import pytest
from clickwright.errors import UsageError
from clickwright.policies import load_policy
from clickwright.policies.profiles import PROFILES, Profile, find_profile
from clickwright.policies.profiles.qwen2_vl import INSTRUCT, MINI

PREPROCESSOR = Path(package.__file__).parent / "model" / "mini" / "preprocessor_config.json"


@pytest.mark.parametrize(
    ("checkpoint", "profile"),
    [
        ("Qwen/Qwen2-VL-2B-Instruct", INSTRUCT),
        ("Qwen/Qwen2-VL-72B-Instruct-AWQ", INSTRUCT),
        ("clickwright/mini", MINI),
    ],
)
def test_known_names_have_a_profile(checkpoint: str, profile: Profile) -> None:
    assert find_profile(checkpoint) is profile


@pytest.mark.skipif(not PREPROCESSOR.exists(), reason="clickwright/mini is not in this checkout")
def test_the_mini_is_read_within_the_budget_of_its_checkpoint() -> None:
    assert MINI.max_pixels == json.loads(PREPROCESSOR.read_text("utf-8"))["max_pixels"]


def test_a_folder_names_its_profile(tmp_path: Path) -> None:
    (tmp_path / "clickwright.json").write_text('{"profile": "mini"}')
    assert find_profile(tmp_path) is MINI
    assert find_profile(tmp_path, name="instruct") is INSTRUCT


def test_a_folder_is_known_by_its_own_name_before_that_of_the_checkpoint_it_was_made_of(tmp_path: Path) -> None:
    for name, profile in (("UGround-V1-7B", "uground"), ("run-3", "instruct")):
        folder = tmp_path / "ui-tars-7b" / name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text('{"_name_or_path": "Qwen/Qwen2-VL-7B-Instruct"}')
        assert find_profile(folder).name == profile


@pytest.mark.parametrize("marker", ["", "[]", "{}", '{"profile": 3}', '{"profile": "maxi"}', "\xff"])
def test_a_bad_marker_is_named(tmp_path: Path, marker: str) -> None:
    (tmp_path / "clickwright.json").write_text(marker, encoding="latin-1")
    with pytest.raises(UsageError, match=r"clickwright\.json|no profile 'maxi', such as mini; "):
        find_profile(tmp_path)


def test_a_profile_is_never_guessed(tmp_path: Path) -> None:
    for checkpoint in ("Qwen/Qwen2-VL-2B", tmp_path):
        with pytest.raises(UsageError, match=f"no profile is known for .* tells of all {len(PROFILES)}"):
            find_profile(checkpoint)
    with pytest.raises(UsageError, match=r"no profile is known for .*, such as showui or showui-mobile.*; "):
        find_profile("someone/showui")
    for checkpoint in (tmp_path / "nowhere", "./nowhere", "~/nowhere"):
        with pytest.raises(UsageError, match="there is no checkpoint folder"):
            find_profile(checkpoint)
    with pytest.raises(UsageError, match="there is no profile 'maxi'"):
        find_profile("clickwright/mini", name="maxi")


def test_faults_of_the_caller_are_told_before_any_weights_are_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no checkpoint folder"):
        load_policy(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="needs a name of letters"):
        load_policy(tmp_path, profile="mini", tools=[lambda: None])
