"""Notes that GitHub shows beside the lines of a pull request."""

import os
from pathlib import Path
from typing import Literal

import pytest


def annotation(level: Literal["error", "warning"], about: pytest.TestReport | str, root: Path, title: str) -> str:
    """The line that a workflow prints: about a failure, at its line and with its reason, or about a test by its id."""
    if isinstance(about, str):
        file, _, name = about.partition("::")
        return _command(level, {"file": _in_repository(root / file), "title": name}, title)
    path, line, message = _place(about, root)
    where = {"file": _in_repository(path), "line": str(line), "title": f"{about.nodeid.partition('::')[2]} ({title})"}
    return _command(level, where, message)


def _place(report: pytest.TestReport, root: Path) -> tuple[Path, int, str]:
    crash = getattr(report.longrepr, "reprcrash", None)
    file, line, _ = report.location
    if crash is None:
        return root / file, (line or 0) + 1, report.longreprtext
    test = root / file
    at = crash.lineno if Path(crash.path) == test else (line or 0) + 1
    return test, at, crash.message


def _in_repository(path: Path) -> str:
    workspace = os.environ.get("GITHUB_WORKSPACE")
    for root in (Path(workspace) if workspace else Path.cwd(), Path.cwd()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return path.as_posix()


def _command(level: str, where: dict[str, str], message: str) -> str:
    said = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
    return f"::{level} {said}::{_escaped(message)}"


def _escaped(text: str, more: str = "") -> str:
    """As the runner of GitHub Actions reads it: % first, then what ends a line, in properties also : and ,"""
    for sign in "%\r\n" + more:
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
