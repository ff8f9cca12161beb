"""Rules that are read from a file: a number is a number there, and what is wrong is said in one sentence."""

from pathlib import Path

import pytest
from clickwright.agent import read_rules
from clickwright.agent.permissions import Budget, Permissions
from clickwright.agent.permissions.bounds import Files
from clickwright.errors import UsageError
from clickwright.screen import Box
from clickwright.tools import Limits
from pydantic import ValidationError


def test_rules_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        'origins = ["https://shop.test"]\nblocked = ["https://*.ads.test"]\nkinds = ["click", "drag"]\n'
        'denied = ["drag"]\nask = ["upload"]\nloads = "origins"\n'
    )
    assert Permissions.read(path) == Permissions(
        origins=("https://shop.test",),
        blocked=("https://*.ads.test",),
        kinds=frozenset({"click", "drag"}),
        denied=frozenset({"drag"}),
        ask=frozenset({"upload"}),
        loads="origins",
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("origins = [", "no TOML"),
        ('origin = ["https://shop.test"]', "origin: there is no such name here; there are origins, "),
        ('origins = ["shop.test/path"]', "origins.0: 'shop.test/path' is no origin"),
        ('denied = ["klick"]', "denied"),
        ('kinds = ["klick"]', "kinds"),
        ('loads = "all"', "loads: Input should be 'public' or 'origins'"),
        ("\xff", "cannot be read"),
    ],
)
def test_a_file_with_faults_is_refused_with_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(UsageError, match=told):
        Permissions.read(path)
    with pytest.raises(UsageError, match="cannot be read"):
        Permissions.read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('approval_s = "120"', "approval_s: Input should be a valid number, not '120'"),
        ("approval_s = true", "approval_s: Input should be a valid number, not True"),
        ("approval_s = nan", "approval_s: Input should be"),
        ("approval_s = 0", "approval_s: Input should be greater than 0"),
        ('budget = { kinds = { click = "2" } }', "budget.kinds.click: Input should be a valid integer, not '2'"),
        ("budget = { kinds = { click = true } }", "budget.kinds.click: Input should be a valid integer, not True"),
        ("budget = { new_origins = 1.0 }", "budget.new_origins: Input should be a valid integer, not 1.0"),
        ('files = { downloads = "3" }', "files.downloads: Input should be a valid integer, not '3'"),
        ("files = { download_bytes = false }", "files.download_bytes: Input should be a valid integer, not False"),
        ('[[secrets]]\nname = "door"\nuses = "2"', "secrets.0.uses: Input should be a valid integer, not '2'"),
        ('region = ["0", 0, 10, 10]', "region: a region is four numbers, left, top, right, bottom, and "),
        ("region = [true, 0, 10, 10]", "region: a region is four numbers"),
        ("region = [0, 0, 10]", "region: a region is four numbers"),
        ("region = { x1 = 0 }", "region: a region is four numbers"),
        ("region = [10, 10, 0, 0]", "region: a box needs its corners in order"),
        ("region = [0, 0, 10, inf]", "region: a box needs finite numbers"),
        (f"region = [0, 0, 10, 1{'0' * 400}]", "region: int too large"),
    ],
)
def test_what_is_no_number_is_refused_and_named(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        Permissions.read(path)
    assert str(refused.value).startswith(f"the permissions {path}: {told}")
    assert "\n" not in str(refused.value)


def test_numbers_are_taken_whole_or_not(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(
        "approval_s = 5\nregion = [0, 0, 10.5, 10]\nbudget = { kinds = { click = 2 } }\nfiles = { downloads = 3 }\n"
    )
    assert Permissions.read(path) == Permissions(
        approval_s=5.0, region=Box(0, 0, 10.5, 10), budget=Budget(kinds={"click": 2}), files=Files(downloads=3)
    )


def test_what_a_run_keeps_of_its_rules_is_read_back() -> None:
    rules = Permissions(
        region=Box(0, 0, 10, 10),
        approval_s=5,
        budget=Budget(kinds={"click": 2}),
        files=Files(upload_roots=(Path("/tmp"),)),
    )
    assert Permissions.model_validate_json(rules.model_dump_json()) == rules


@pytest.mark.parametrize("wrong", [{"approval_s": True}, {"approval_s": "5"}, {"budget": {"kinds": {"click": "2"}}}])
def test_python_is_held_to_the_same(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Permissions.model_validate(wrong)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rules.toml"


def test_limits_stand_beside_the_rules(path: Path) -> None:
    path.write_text('origins = ["https://shop.test"]\n[limits]\nsteps = 7\nseconds = 30\ntokens = 900\nrepeats = 2\n')
    permissions, limits = read_rules(path)
    assert permissions == Permissions(origins=("https://shop.test",))
    assert limits == Limits(steps=7, seconds=30, tokens=900, repeats=2)
    path.write_text('origins = ["https://shop.test"]')
    assert read_rules(path) == (permissions, Limits())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[limits]\nstep = 7", r"limits.step: there is no such name here; there are steps, seconds, tokens, "),
        ("[limits]\nsteps = 0", r"limits.steps: Input should be greater than or equal to 1"),
        ("limits = 7", r"limits: Input should be a valid dictionary"),
        ("steps = 7", r": steps: there is no such name here; there are origins, blocked, "),
        ("[budget]\nsteps = 7", r"budget.steps: there is no such name here$"),
    ],
)
def test_a_limit_that_is_none_is_told(path: Path, text: str, told: str) -> None:
    path.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_rules(path)


def test_limits_are_not_lost_where_only_permissions_are_read(path: Path) -> None:
    path.write_text("[limits]\nsteps = 7")
    with pytest.raises(UsageError, match="limits: there is no such name here"):
        Permissions.read(path)
