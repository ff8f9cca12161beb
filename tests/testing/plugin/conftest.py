"""Projects of users with UI tests, each run by a pytest of its own: a synchronous page needs its process for itself."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree

import pytest
from clickwright.environments import find_browser

INI = """
[pytest]
addopts = -p clickwright.testing.plugin -p no:cacheprovider --strict-markers
filterwarnings =
    error
"""
SHOP = """
import pytest
from clickwright.environments import MemoryEnvironment, MemoryItem
from clickwright.screen import Box
from clickwright.testing import ScriptedEyes

BUY, PIN = Box(100, 100, 260, 150), Box(100, 200, 360, 240)

@pytest.fixture
def ui_screen():
    return MemoryEnvironment([
        MemoryItem(name="Buy", box=BUY),
        MemoryItem(name="Pin", box=PIN, role="textbox", secret=True),
        MemoryItem(name="City", box=Box(100, 300, 360, 340), role="textbox"),
    ])

@pytest.fixture(scope="session")
def ui_model():
    places = {"the buy button": BUY, "the pin": PIN, "the city": Box(100, 300, 360, 340)}
    return ScriptedEyes(places, claims={"a basket is shown": False, "there is a button": True})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run of pytest said and left."""

    code: int
    out: str
    folder: Path

    def told(self, test: str, results: str = "ui-results") -> dict[str, Any]:
        """What is kept of the test whose id ends so."""
        found = [json.loads(path.read_text("utf-8")) for path in (self.folder / results / "tests").glob("*.json")]
        (one,) = [told for told in found if told["test"].endswith(test)]
        return one

    def properties(self, name: str) -> dict[str, str]:
        """Those of a test in junit.xml."""
        cases = ElementTree.parse(self.folder / "junit.xml").iter("testcase")
        (case,) = [case for case in cases if case.get("name") == name]
        return {one.get("name", ""): one.get("value", "") for one in case.iter("property")}

    def outcomes(self) -> str:
        """The last line."""
        return self.out.strip().splitlines()[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Files of a user."""

    folder: Path
    browser: str

    def write(self, **files: str) -> "Project":
        """A name for each `NAME.py`; `ini` is added to pytest.ini."""
        (self.folder / "pytest.ini").write_text(INI + files.pop("ini", ""), "utf-8")
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(dedent(text), "utf-8")
        return self

    def run(self, *arguments: str, **variables: str) -> Ran:
        """Without the plugins that happen to be installed: name those that the test is about by `-p`."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "GITHUB_"))}
        environment = {**kept, "CLICKWRIGHT_BROWSER": self.browser, "COLUMNS": "160", "CI": "1"}
        environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
        command = [sys.executable, "-m", "pytest", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        return Ran(code=done.returncode, out=done.stdout + done.stderr, folder=self.folder)


@pytest.fixture(scope="session")
def new_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Project]:
    browser = str(find_browser())
    return lambda: Project(folder=tmp_path_factory.mktemp("project"), browser=browser)


@pytest.fixture
def project(new_project: Callable[[], Project]) -> Project:
    return new_project()
