"""What a test did, for the reports of other tools: pytest-html and Allure, where they are installed."""

import base64
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...screen import Screenshot, draw_overlay, read_image
from ...shown import seconds, visible
from ..verdicts import CheckFailed, Inconclusive
from .pictures import Pictures, Shot
from .shown import FOUND_BY, MEANINGS, WORDS, failure_of, words_of
from .told import PICTURES, TESTS, StepTold, TestTold, safe_name


def attach_html(report: Any, told: TestTold, results: Path, *, beside: Path | None = None) -> bool:
    """Give pytest-html the steps as text, a link to the page of the test and, where it failed, the place on the screen.

    `report` is the TestReport of pytest. `beside` is the folder of the HTML report, from where the link is; without one
    the link holds on this machine only. Says whether pytest-html is there.
    """
    extras = _library("pytest_html.extras")
    if extras is None:
        return False
    # The names and the link are put into the page as they are: nothing of the test's words may be in them.
    given: list[Any] = [
        extras.url(_link(results / TESTS / f"{safe_name(told.test)}.html", beside), name="UI steps"),
        extras.text(text_of(told), name="UI steps as text"),
    ]
    failure = _drawn(failure_of(told, Pictures(results)), results)
    if failure is not None:
        given.append(extras.png(base64.b64encode(failure.to_png()).decode(), name="Screen"))
    report.extras = [*getattr(report, "extras", ()), *given]
    return True


def attach_allure(told: TestTold, results: Path) -> bool:
    """Give Allure a step for each step, with its screen, on which its place is drawn, and the time that it took.

    To be called while the test, or its teardown, goes on. Says whether Allure is there.
    """
    allure = _library("allure")
    if allure is None:
        return False
    pictures = Pictures(results)
    for step in told.steps:
        with suppress(CheckFailed, Inconclusive), allure.step(_title(step)):
            told_more = "\n".join(_about(step))
            if told_more:
                allure.attach(told_more, name="told", attachment_type=allure.attachment_type.TEXT)
            for name, shot in (
                ("before", pictures.shot(step.before, step.box, step.point)),
                ("after", pictures.shot(step.after)),
            ):
                png = _png(shot, results)
                if png:
                    allure.attach(png, name=name, attachment_type=allure.attachment_type.PNG)
            _raise_as_it_ended(step)
    failure = _drawn(failure_of(told, pictures), results)
    if failure is not None:
        allure.attach(failure.to_png(), name="failure", attachment_type=allure.attachment_type.PNG)
    return True


def text_of(told: TestTold) -> str:
    """A test in plain text: how it ended, and a line for each step."""
    head = f"{WORDS[told.verdict]}: {told.reason or MEANINGS[told.verdict]}"
    lines = [f"{number:>3}  {_title(step)}" for number, step in enumerate(told.steps, 1)]
    return visible("\n".join([head, *lines, ""]))


def _title(step: StepTold) -> str:
    how = f", found {FOUND_BY[step.how]}" if step.how else ""
    healed = ", healed" if step.healed else ""
    ended = "" if step.verdict == "passed" else f", {WORDS[step.verdict]}: {step.error}"
    return f"{words_of(step)} ({seconds(step.seconds)}{how}{healed}){ended}"


def _about(step: StepTold) -> Iterator[str]:
    if step.given:
        yield visible(step.given)
    if step.note:
        yield visible(step.note)
    if step.tokens:
        yield f"{step.tokens:,} tokens"


def _raise_as_it_ended(step: StepTold) -> None:
    """Allure takes the verdict of a step from what is raised in it: an assertion failed, anything else broke."""
    if step.verdict == "product":
        raise CheckFailed(step.error)
    if step.verdict != "passed":
        raise Inconclusive(step.error)


def _png(shot: Shot | None, results: Path) -> bytes | None:
    """The whole screen. Its file as it is, where there is nothing to draw on it."""
    if shot is None:
        return None
    if shot.box is None and shot.at is None:
        with suppress(OSError):
            return _path(shot, results).read_bytes()
        return None
    drawn = _drawn(shot, results, whole=True)
    return None if drawn is None else drawn.to_png()


def _drawn(shot: Shot | None, results: Path, *, whole: bool = False) -> Screenshot | None:
    """The close-up, or the whole screen, with what is meant drawn on it: these reports draw nothing themselves."""
    if shot is None:
        return None
    close = None if whole else shot.close_up
    try:
        drawn = draw_overlay(read_image(_path(shot, results)), boxes=shot.boxes, click=shot.at)
        return drawn if close is None else drawn.crop(close.area)
    except UsageError:
        return None


def _path(shot: Shot, results: Path) -> Path:
    return results / PICTURES / Path(shot.picture.href).name


def _link(page: Path, beside: Path | None) -> str:
    if beside is None:
        return page.resolve().as_uri()
    try:
        return Path(os.path.relpath(page.resolve(), beside.resolve())).as_posix()
    except ValueError:  # on another drive
        return page.resolve().as_uri()


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        return None
