"""What is told at the end of a run: the verdicts, what was healed and what is flaky, the report, and GitHub's notes."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ..report.unasked import unasked_words
from .github import annotation
from .options import settings_of, shown_path
from .running import RERUN

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

VERDICTS = ("passed", "product", "environment", "model", "inconclusive")


class Summary:
    """Collects the reports of all tests; of those that run elsewhere, too. Lives where the results are told."""

    def __init__(self, config: pytest.Config) -> None:
        self.config, self.settings = config, settings_of(config)
        self.told: dict[str, Mapping[str, Any]] = {}
        """The properties of each UI test, by its id."""
        self._failures: list[pytest.TestReport] = []
        self._index: Path | None = None
        self._fault = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        said = {name: value for name, value in report.user_properties if name.startswith("ui_")}
        if "ui_verdict" not in said or str(report.outcome) == RERUN:
            return
        self.told[report.nodeid] = said
        if report.failed:
            self._failures.append(report)

    def pytest_sessionfinish(self) -> None:
        """Write the flaky list and the pages. Results of earlier runs go, where this one had any."""
        if not self.told:
            return
        from ...errors import UsageError
        from ..report.pages import write_pages

        try:
            self._note_flaky()
            self._forget_others()
            self._index = write_pages(self.settings.results)
        except (OSError, UsageError) as fault:
            self._fault = f"the report could not be written: {fault}"

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        if not self.told:
            return
        terminalreporter.write_sep("=", "UI tests")
        for line in self._lines():
            terminalreporter.write_line(line)
        if os.environ.get("GITHUB_ACTIONS"):
            for line in self._annotations():
                terminalreporter.write_line(line)

    def _lines(self) -> Iterator[str]:
        counts = Counter(said["ui_verdict"] for said in self.told.values())
        flaky = self._all("ui_flaky")
        counts["passed"] -= len(flaky)
        parts = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
        yield ", ".join([*parts, *([f"{len(flaky)} flaky"] if flaky else [])])
        healed = {test: said["ui_healed"] for test, said in self.told.items() if said["ui_healed"]}
        if healed:
            yield f"{_steps(sum(healed.values()))} healed; the recordings are as they were:"
            yield from (f"  {test}: {_steps(count)}" for test, count in healed.items())
        patches = self._all("ui_patch")
        if patches:
            yield "apply what you agree with, from the root of the repository:"
            yield from (f"  git apply {_quoted(patch)}" for patch in patches.values())
        if unasked := self._all("ui_unasked"):
            yield f"{unasked_words(sum(unasked.values()))}:"
            yield from (f"  {test}: {_steps(count)}" for test, count in unasked.items())
        if flaky:
            yield f"flaky, noted in {shown_path(self.settings.flaky)}:"
            yield from (f"  {test}: {first} at first, then passed" for test, first in flaky.items())
        yield f"report: {shown_path(self._index)}" if self._index is not None else self._fault

    def _all(self, name: str) -> dict[str, Any]:
        return {test: said[name] for test, said in self.told.items() if name in said}

    def _annotations(self) -> Iterator[str]:
        root = self.config.rootpath
        for report in self._failures:
            yield annotation("error", report, root, str(dict(report.user_properties)["ui_verdict"]))
        for test, first in self._all("ui_flaky").items():
            yield annotation("warning", test, root, f"flaky: {first} at first, then passed")
        for test, count in ((test, said["ui_healed"]) for test, said in self.told.items()):
            if count:
                yield annotation("warning", test, root, f"healed: {_steps(count)} no longer as recorded")
        for test, count in self._all("ui_unasked").items():
            yield annotation("warning", test, root, unasked_words(count))

    def _note_flaky(self) -> None:
        flaky = self._all("ui_flaky")
        if not flaky:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        lines = [json.dumps({"test": test, "first": first, "at": now}) + "\n" for test, first in flaky.items()]
        self.settings.flaky.parent.mkdir(parents=True, exist_ok=True)
        with self.settings.flaky.open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def _forget_others(self) -> None:
        """The files of tests that did not run now or did not fail, and pictures that no test names."""
        from ..report.told import PICTURES, TESTS
        from .run import FAILURES

        tests, names = self.settings.results / TESTS, {said["ui_told"] for said in self.told.values()}
        for path in tests.glob("*.json"):
            if path.name not in names:
                path.unlink()
                path.with_suffix(".html").unlink(missing_ok=True)
        failed = tuple(said["ui_told"][:-5] for said in self.told.values() if said["ui_verdict"] != "passed")
        for picture in (self.settings.results / FAILURES).glob("*.png"):
            if not picture.name.startswith(failed):
                picture.unlink()
        kept = "".join((tests / name).read_text("utf-8") for name in names if (tests / name).exists())
        for picture in (self.settings.results / PICTURES).glob("*.png"):
            if picture.name not in kept:
                picture.unlink()


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _quoted(path: str) -> str:
    from shlex import quote

    return quote(path)
