"""One try of a UI test: what it is given, what it did, and what is kept of it."""

import os
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ...errors import UsageError
from ...screen import Screenshot, draw_overlay, write_image
from ..call import Done
from ..recording import looks_of, patches_of, recording_of
from ..recording.recorded import UNRECORDED
from ..report.attach import attach_allure, attach_html
from ..report.failed import Failed, failed_on
from ..report.told import ScreenTold, StepTold, TestTold, safe_name, told_of, write_pictures, write_test
from ..sight import Sight
from ..verdicts import Verdict, verdict_of
from .options import below, budget_of, settings_of, shown_path

if TYPE_CHECKING:
    from ..eyes import Eyes
    from ..looks import Baselines
    from ..ui import AsyncUi

FAILURES = "failures"
USUAL_BROWSER = "chromium"
AROUND_PX = 48
"""How much of the screen is shown around a failure, in input units."""


class Run:
    """Made when the test is set up. `verdict` is None until something is known, and where the test was skipped."""

    def __init__(self, item: pytest.Item, *, past: list[Verdict]) -> None:
        self.item, self.past = item, tuple(past)
        self.settings = settings_of(item.config)
        self.name = name_of(item)
        self.recording = recording_of(item.path, self.name)
        self.words: AsyncUi | None = None
        self._baselines: Baselines | None = None
        self.verdict: Verdict | None = None
        self.reason = self.model = ""
        self.patch: Path | None = None
        self.unasked: tuple[str, ...] = ()
        """The recorded calls that the test did not say, once it has passed."""
        self._steps: list[StepTold] = []
        self._last: Done | None = None
        self._sights: list[Sight] = []
        """Those of the last call that saw anything."""
        self._failure: Failed | None = None
        self._screen: ScreenTold | None = None
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="clickwright-pictures")
        self._writing: list[Future[None]] = []
        self._started_at, self._began = datetime.now(UTC), time.monotonic()

    def arguments(self, model: "str | Eyes") -> dict[str, Any]:
        """What `Ui` and `open_ui` take by name. A patch of an earlier run is gone. Raises UsageError."""
        if self.settings.mode != "replay":
            self.model = model if isinstance(model, str) else model.name
        folder = patches_of(self.recording, self.settings.results, root=self.item.config.rootpath)
        (folder / f"{self.recording.stem}.patch").unlink(missing_ok=True)
        from ..looks import Baselines  # OpenCV takes a while to import

        self._baselines = Baselines(
            folder=looks_of(self.recording),
            update=self.settings.update_baselines,
            results=self.settings.results / FAILURES,
            prefix=f"{safe_name(self.item.nodeid)}-",
        )
        return {
            "model": model,
            "baselines": self._baselines,
            "mode": self.settings.mode,
            "recording": self.recording,
            "test": self.item.nodeid,
            "patches": folder,
            "budget": budget_of(self.item),
            "on_done": self._note,
        }

    def _keep(self) -> None:
        """Write what was recorded or healed, once all of the test has passed: of one that failed nothing is saved."""
        if self.verdict != "passed" or self.words is None:
            return
        if self._baselines is not None:
            self._baselines.commit()
        written = self.words.keep()
        self.unasked = self.words.way.unasked()
        if self.settings.mode == "heal":
            self.patch = written

    def fail(self, error: BaseException, when: str) -> None:
        """Say whose fault it is, and show it: the pictures are named in notes to the error."""
        if self.verdict not in (None, "passed"):
            return
        self.verdict, self.reason = whose(error, when), str(error) or type(error).__name__
        for name, picture in self._shown(error).items():
            path = self.settings.results / FAILURES / f"{safe_name(self.item.nodeid)}-{name}.png"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_image(path, picture)
            except (OSError, UsageError) as fault:
                error.add_note(f"{name}: {path} could not be written: {fault}")
            else:
                error.add_note(f"{name}: {shown_path(path)}")
        error.add_note(f"verdict: {self.verdict}")

    def report(self, report: pytest.TestReport) -> None:
        """Give a report of pytest's what is known, and keep it all once the test is over."""
        if report.skipped:
            self.verdict = None
        elif report.failed and self.verdict in (None, "passed"):  # such as one that passes though it must not
            self.verdict, self.reason = "product", str(report.longrepr)
        elif report.when == "call" and self.verdict is None:
            self.verdict = "passed"
        if report.when == "teardown":
            self._end(report)
        if self.verdict is not None:
            kept = [pair for pair in self.item.user_properties if not pair[0].startswith("ui_")]
            self.item.user_properties[:] = [*kept, *self._properties()]
            report.user_properties = list(self.item.user_properties)

    def _note(self, done: Done) -> None:
        """Keep what a call did. Its pictures are written meanwhile, and only those of the last one stay in memory."""
        step, pictures = told_of(done)
        self._steps.append(step)
        sights = [sight for sight in (done.before, done.after) if sight is not None]
        if sights:
            self._sights, self._screen = sights, ScreenTold.of(sights[0])
        if pictures:
            self._writing.append(self._writer.submit(write_pictures, self.settings.results, pictures))
        if self._last is not None:
            self._last.before = self._last.after = self._last.recorded = None
        self._last = done

    def tell_allure(self) -> None:
        """Give Allure the steps, where it listens: it takes them while the test goes on."""
        if self.verdict is None or not self.item.config.getoption("allure_report_dir", None):
            return
        self._finish_pictures()
        attach_allure(self._write(self.verdict), self.settings.results)

    def _end(self, report: pytest.TestReport) -> None:
        try:
            if report.passed:
                self._keep()
            self._tell(report)
        except UsageError as fault:  # an error of the test, not of pytest: the disk is full, or the folder is no folder
            self._fault(report, fault)
        finally:
            self._writer.shutdown()
            self.words = self._baselines = self._last = self._failure = None  # a run of many tests keeps no pictures
            self._sights = []

    def _tell(self, report: pytest.TestReport) -> None:
        """Write what is known, for whoever reads it later. Raises UsageError where that is impossible."""
        self._finish_pictures()
        if self.verdict is not None:
            told = self._write(self.verdict)
            page = self.item.config.getoption("htmlpath", None)
            if page:
                attach_html(report, told, self.settings.results, beside=Path(page).parent)

    def _fault(self, report: pytest.TestReport, fault: UsageError) -> None:
        """What could not be kept has not passed, wherever that can still be told."""
        if not report.passed:
            return
        report.outcome, report.longrepr = "failed", str(fault)
        if self.verdict in (None, "passed"):
            self.verdict, self.reason = "inconclusive", str(fault)
        with suppress(UsageError):
            self._tell(report)

    def _finish_pictures(self) -> None:
        """Raises UsageError where one could not be written."""
        for writing in self._writing:
            writing.result()
        self._writing.clear()

    def _write(self, verdict: Verdict) -> TestTold:
        failed = self._failure
        told = TestTold(
            test=self.item.nodeid,
            title=self.name,
            file=below(self.item.path, self.item.config.rootpath).as_posix(),
            line=(self.item.location[1] or 0) + 1,
            mode=self.settings.mode,
            model=self.model,
            verdict=verdict,
            reason="" if verdict == "passed" else self.reason,
            seconds=time.monotonic() - self._began,
            tokens=sum(step.tokens for step in self._steps),
            steps=tuple(self._steps),
            started_at=self._started_at,
            flaky=verdict == "passed" and bool(self.past),
            tries=len(self.past) + 1,
            recording=shown_path(self.recording) if self.settings.mode != "live" else "",
            patch="" if self.patch is None else shown_path(self.patch),
            unasked=self.unasked,
            worker=os.environ.get("PYTEST_XDIST_WORKER", ""),
            screen=self._screen,
            **({} if failed is None else failed.told),
        )
        write_test(self.settings.results, told, {} if failed is None else failed.pictures)
        return told

    def _properties(self) -> list[tuple[str, object]]:
        """For JUnit and for whoever sums up: workers hand them to the process that collects."""
        steps = self._steps
        is_replayed = self.settings.mode in ("replay", "heal")
        replayed = [step for step in steps if is_replayed and step.verdict == "passed" and not step.healed]
        how = Counter(step.how for step in steps if step.how is not None)
        properties: dict[str, object] = {
            "ui_verdict": self.verdict,
            "ui_steps": len(steps),
            "ui_ms": round(1000 * sum(step.seconds for step in steps)),
            "ui_tokens": sum(step.tokens for step in steps),
            "ui_replayed": sum(step.does not in UNRECORDED for step in replayed),
            "ui_healed": sum(step.healed for step in steps),
            "ui_how": ", ".join(f"{name} {count}" for name, count in sorted(how.items())),
            "ui_told": f"{safe_name(self.item.nodeid)}.json",
        }
        if self.verdict == "passed" and self.past:
            properties["ui_flaky"] = self.past[0]
        if self.unasked:
            properties["ui_unasked"] = len(self.unasked)
        if self.patch is not None:
            properties["ui_patch"] = shown_path(self.patch)
        return list(properties.items())

    def _shown(self, error: BaseException) -> dict[str, Screenshot]:
        """The screen when it failed, with the place in question framed; and that part alone."""
        self._failure = failed = failed_on(error, self._last, self._sights)
        if failed is None:
            return {}
        safe, box = failed.screen, failed.box
        framed = draw_overlay(safe, boxes=[box] if box is not None else [])
        part = None if box is None else box.grow(AROUND_PX * safe.scale).clip(safe.size)
        crop = {} if part is None or not part.area else {"crop": framed.crop(part)}
        return {**crop, "screen": framed}


def name_of(item: pytest.Item) -> str:
    """Its classes and its own name. The browser that everyone uses is not told."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return "::".join([*classes, _own_name(item)])


def _own_name(item: pytest.Item) -> str:
    callspec: Any = getattr(item, "callspec", None)
    if not isinstance(item, pytest.Function) or callspec is None:
        return item.name
    if callspec.params.get("browser_name") != USUAL_BROWSER:
        return item.name
    ids: str = callspec.id
    if ids == USUAL_BROWSER:
        return item.originalname
    rest = ids.removeprefix(f"{USUAL_BROWSER}-").removesuffix(f"-{USUAL_BROWSER}")
    return f"{item.originalname}[{rest}]"


def whose(error: BaseException, when: str) -> Verdict:
    """As `verdict_of` has it; an error of Playwright's own is one of the browser where that is gone, or never came."""
    verdict = verdict_of(error)
    if verdict != "product" or not type(error).__module__.startswith("playwright."):
        return verdict
    is_lost = type(error).__name__ == "TargetClosedError" or "crashed" in str(error)
    return "environment" if is_lost or when == "setup" else "product"
