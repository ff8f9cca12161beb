"""How a UI test runs: again where the browser or the model has failed, and with a verdict in its reports."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.runner import runtestprotocol

from .options import settings_of

if TYPE_CHECKING:
    from ..verdicts import Verdict
    from .run import Run

FIXTURES = frozenset({"ui", "async_ui"})
RETRIED = ("environment", "model")
"""Verdicts that another try may change. What the program does wrong, and what nobody can tell, stays so."""
RERUN = "rerun"
"""The outcome of a try that another one follows, as pytest-rerunfailures calls it."""
PLUGIN = Path(__file__).parent
TESTING = PLUGIN.parent

RUN = pytest.StashKey["Run"]()
PAST = pytest.StashKey["list[Verdict]"]()
"""The verdicts of earlier tries."""


def run_of(item: Any) -> "Run":
    """The try of the test that is going on."""
    if RUN not in item.stash:
        from .run import Run

        item.stash[RUN] = Run(item, past=item.stash.get(PAST, []))
    return item.stash[RUN]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """As pytest has it, with another try where that makes sense."""
    if not _uses_ui(item):
        return None
    hook = item.ihook
    hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in _tried(item, nextitem):
        hook.pytest_runtest_logreport(report=report)
    hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _tried(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[pytest.TestReport]:
    """The reports of all tries. Of one that is not the last it is the failure, whose outcome is RERUN."""
    said = list(item.user_properties)
    retries = settings_of(item.config).retries
    item.stash[PAST] = []
    while True:
        _begin_try(item, said)
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
        verdict = _retried(item, reports) if len(item.stash[PAST]) < retries else None
        if verdict is None:
            break
        failed = next(report for report in reports if report.failed)
        failed.outcome = RERUN  # pyright: ignore[reportAttributeAccessIssue]
        yield failed
        item.stash[PAST].append(verdict)
        if verdict == "environment":
            _end_all_fixtures(item)
    yield from reports


def _begin_try(item: pytest.Item, said: Sequence[tuple[str, object]]) -> None:
    if RUN in item.stash:
        del item.stash[RUN]
    item.user_properties[:] = said
    vars(item)["execution_count"] = len(item.stash[PAST]) + 1  # pytest-playwright names what it keeps of a try by it


def _retried(item: pytest.Item, reports: Sequence[pytest.TestReport]) -> "Verdict | None":
    """The verdict that asks for another try."""
    if not any(report.failed for report in reports) or item.session.shouldstop or RUN not in item.stash:
        return None
    verdict = item.stash[RUN].verdict
    return verdict if verdict in RETRIED else None


def _end_all_fixtures(item: pytest.Item) -> None:
    """Those of the session, too: a browser that has crashed is one of them. What fails in it was lost before."""
    setup: Any = item.session
    pytest.CallInfo.from_call(lambda: setup._setupstate.teardown_exact(None), when="teardown")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if _uses_ui(item):
        run_of(item)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Its reason first and its pictures next where a UI test has failed; what it did, as properties of the report."""
    run = item.stash.get(RUN, None)
    if run is not None and call.excinfo is not None and not _is_no_failure(call.excinfo.value):
        run.fail(call.excinfo.value, call.when)
        if not item.config.getoption("fulltrace", False):
            _cut(call.excinfo.value)
    report = yield
    if run is not None:
        run.report(report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> Any:
    """A pass on a retry is none of the passes."""
    if not isinstance(report, pytest.TestReport):
        return None
    said = dict(report.user_properties)
    if str(report.outcome) == RERUN:
        return "rerun", "R", (f"RERUN ({said.get('ui_verdict')})", {"yellow": True})
    if report.when == "call" and report.passed and "ui_flaky" in said:
        return "flaky", "K", (f"FLAKY ({said['ui_flaky']} at first)", {"yellow": True})
    return None


def _uses_ui(item: pytest.Item) -> bool:
    return not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))


def _is_no_failure(error: BaseException) -> bool:
    return isinstance(error, pytest.skip.Exception | pytest.xfail.Exception | pytest.exit.Exception)


def _cut(error: BaseException) -> None:
    """End the traceback at the line of the test: what is inside of ours helps nobody who reads it."""
    from ...errors import ClickwrightError
    from ..verdicts import CheckFailed

    entry = error.__traceback__
    while entry is not None and entry.tb_next is not None:
        inside = Path(entry.tb_next.tb_frame.f_code.co_filename)
        if inside.is_relative_to(TESTING) and not inside.is_relative_to(PLUGIN):
            entry.tb_next = None
        entry = entry.tb_next
    if isinstance(error, CheckFailed | ClickwrightError):  # its message says what the cause was
        error.__cause__, error.__suppress_context__ = None, True
