"""What pyproject.toml says about the package is true."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import clickwright
import pytest

ROOT = Path(clickwright.__file__).parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OUTSIDE = {"tests", "docs", "build", "dist"}


def packages_on_disk() -> set[str]:
    found = {"clickwright"}
    for init in ROOT.rglob("__init__.py"):
        parts = init.relative_to(ROOT).parts[:-1]
        if parts and parts[0] not in OUTSIDE and not parts[0].startswith("."):
            found.add(".".join(("clickwright", *parts)))
    return found


def test_every_folder_of_modules_is_a_listed_package():
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages_on_disk()


def test_the_listed_data_is_there():
    for package, patterns in PROJECT["tool"]["setuptools"]["package-data"].items():
        folder = ROOT.joinpath(*package.split(".")[1:])
        for pattern in patterns:
            assert list(folder.glob(pattern)), f"{package}: nothing matches {pattern}"


def test_every_dependency_is_pinned_for_continuous_integration():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if not line.startswith("#")}
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"]]
    names = {_name(requirement) for requirement in wanted} - {"clickwright"}
    assert names <= pinned


@pytest.mark.parametrize("name", ["clickwright", "clickwright.screen", "clickwright.tools", "clickwright.environments"])
def test_importing_is_light(name: str):
    script = (
        f"import sys; import {name}; sys.exit(sorted({{'torch', 'playwright', 'langgraph'}} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_every_public_name_loads():
    assert all(getattr(clickwright, name) is not None for name in clickwright.__all__)


def _name(requirement: str) -> str:
    name = ""
    for char in requirement:
        if not (char.isalnum() or char in "-_."):
            break
        name += char
    return name.lower().replace("_", "-")


@pytest.mark.parametrize(
    ("said", "spins"), [({}, "1000"), ({"GOMP_SPINCOUNT": "7"}, "7"), ({"OMP_WAIT_POLICY": "active"}, "None")]
)
def test_threads_spin_shortly_unless_told_otherwise(said: dict[str, str], spins: str):
    others = {name: value for name, value in os.environ.items() if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
    code = "import os, clickwright; print(os.environ.get('GOMP_SPINCOUNT'))"
    done = subprocess.run([sys.executable, "-c", code], env=others | said, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == spins
