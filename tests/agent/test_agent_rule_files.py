"""Limits in the file of the permissions."""

from pathlib import Path

import pytest
from clickwright.agent import Permissions, read_rules
from clickwright.errors import UsageError
from clickwright.tools import Limits


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
