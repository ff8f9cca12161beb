"""Each format that is read, with a sample of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from clickwright.benchmarks.drawn import FORMATS, Format
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES
from clickwright.benchmarks.suites.samples import SampleSuite


@dataclass(frozen=True)
class Drawn:
    """A format, and its suite over the sample that it draws."""

    format: Format

    @property
    def suite(self) -> str:
        return self.format.suite

    @property
    def settings(self) -> Mapping[str, str]:
        return self.format.settings

    def draw(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self.format.draw(folder)

    def open(self, folder: Path, **choice: Any) -> SampleSuite:
        self.draw(folder)
        suite = SUITES[self.suite].open(Choice(data=folder, settings=self.settings, **choice))
        assert isinstance(suite, SampleSuite)
        return suite


@pytest.fixture(params=list(FORMATS))
def form(request: pytest.FixtureRequest) -> Drawn:
    """Each format in turn. Those of the hub are parquet."""
    if "hub" in request.param:
        pytest.importorskip("pyarrow")
    return Drawn(FORMATS[request.param])


@pytest.fixture
def forms() -> Mapping[str, Drawn]:
    """All of them, by name."""
    return {name: Drawn(each) for name, each in FORMATS.items()}
