"""The steps of one test, done one after another in the words of `AsyncUi`."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

import ada_url

from ...errors import ActionFailed, ClickwrightError, UsageError
from ...tools import Navigate
from ..ui import AsyncUi
from ..verdicts import CheckFailed
from .plan import Planned
from .screens import OpenScreen
from .step import (
    Choose,
    Drag,
    Fill,
    Get,
    Goto,
    Kind,
    LookLike,
    Point,
    Press,
    Say,
    ScrollTo,
    Step,
    Upload,
    WaitFor,
)
from .words import Value, Words

TYPES: dict[Kind, type[Any]] = {"text": str, "integer": int, "decimal": Decimal, "date": date}


class Player:
    """Does the steps of a test. What they get off the screen is a variable from then on. `line` is where it stands."""

    def __init__(self, planned: Planned, ui: AsyncUi, screen: OpenScreen) -> None:
        self._planned, self._ui, self._screen = planned, ui, screen
        self._values = dict(planned.values)
        self.line = planned.test.line

    async def play(self, steps: tuple[Step, ...]) -> None:
        """Raises as `AsyncUi` does, and UsageError for an address that is none."""
        for step in steps:
            self.line = step.line
            await self._do(step)

    async def _do(self, step: Step) -> None:
        match step:
            case Point():
                await self._point(step)
            case Fill():
                target, also = self._target(step.field, step.selector)
                value = self._value(step.text)
                with self._typing(value):
                    await self._ui.fill(target, value.shown, description=also)
            case Choose():
                target, also = self._target(step.field, step.selector)
                await self._ui.choose(target, self._text(step.option), description=also)
            case Upload():
                target, also = self._target(step.field, step.selector)
                files = [self._planned.file.path.parent / self._text(file) for file in step.files]
                await self._ui.upload(target, *files, description=also)
            case Drag():
                await self._ui.drag(self._text(step.what), self._text(step.to))
            case ScrollTo():
                inside = "" if step.inside is None else self._text(step.inside)
                await self._ui.scroll_to(self._text(step.what), inside=inside)
            case Press():
                await self._ui.press(*step.keys)
            case Say():
                await self._say(step)
            case WaitFor():
                await self._ui.wait_for(self._text(step.claim), seconds=step.seconds)
            case Get():
                found = await self._ui.get(self._text(step.what), TYPES[step.kind])
                self._values[step.name] = Value.of(str(found))
            case Goto():
                await self._goto(self._value(step.url))
            case LookLike():
                area = None if step.area is None else self._text(step.area)
                masks = [self._text(words) for words in step.without]
                await self._ui.to_look_like(step.name, area=area, masks=masks, tolerance=step.tolerance)
            case _:
                assert_never(step)

    async def _point(self, step: Point) -> None:
        target, also = self._target(step.what, step.selector)
        match step.does:
            case "tap":
                await self._ui.tap(target, description=also, button=step.button)
            case "double_tap":
                await self._ui.double_tap(target, description=also)
            case "long_press" if step.seconds is not None:
                await self._ui.long_press(target, description=also, seconds=step.seconds)
            case "long_press":
                await self._ui.long_press(target, description=also)
            case "hover":
                await self._ui.hover(target, description=also)
            case _:
                assert_never(step.does)

    async def _say(self, step: Say) -> None:
        words = self._text(step.what)
        match step.does:
            case "switch_tab":
                await self._ui.switch_tab(words)
            case "do":
                await self._ui.do(words)
            case "check":
                await self._ui.check(words)
            case "locate":
                await self._ui.locate(words)
            case _:
                assert_never(step.does)

    async def _goto(self, url: Value) -> None:
        try:
            await self._ui.stage.act(Navigate(url=_joined(self._screen.url, url)))
        except ActionFailed as failure:
            raise CheckFailed(f"goto {url.shown!r}: {failure}") from None

    def _target(self, words: Words, selector: Words | None) -> tuple[str, str]:
        """What `AsyncUi` takes for a target and its description: with a selector, that is the target."""
        return (self._text(words), "") if selector is None else (self._text(selector), self._text(words))

    def _text(self, words: Words) -> str:
        return self._value(words).shown

    def _value(self, words: Words) -> Value:
        return words.filled(self._values, self._planned.secrets)

    @contextmanager
    def _typing(self, value: Value) -> Generator[None]:
        """A secret is put in where it is typed, and by this step alone."""
        concealed = self._screen.concealed
        if concealed is None or value.shown == value.real:
            yield
            return
        concealed.typing = value
        try:
            yield
        finally:
            concealed.typing = None


def _joined(start: str, url: Value) -> str:
    """A whole address: the other one may begin where the test did."""
    try:
        return ada_url.URL(url.real, base=start or None).href
    except ValueError:
        raise UsageError(f"goto {url.shown!r} is no address") from None


def reason_of(error: AssertionError | ClickwrightError) -> str:
    """In one line."""
    return " ".join(str(error).split()) or type(error).__name__
