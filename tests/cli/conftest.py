"""The command line as a person meets it: what it prints, and what it ends with."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from clickwright.cli import main


@dataclass(frozen=True)
class Said:
    """What a command printed and ended with."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("clickwright: ")
        assert "Traceback" not in self.out + self.err
        return lines[0]


@pytest.fixture
def clickwright(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run a command in this process."""

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["clickwright", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Said(code=int(ended.value.code or 0), out=out, err=err)

    return call
