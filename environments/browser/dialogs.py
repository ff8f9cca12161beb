"""Dialogs that pages open: who answers them, and for how long an answer was waited for."""

import asyncio
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager

from playwright.async_api import Dialog

from ..environment import DialogJudge, Facts
from .loading import LoadingPage
from .owners import owner_of
from .words import quoted

LOGGER = logging.getLogger("clickwright.environments")
LOGGER.addHandler(logging.NullHandler())  # silent, where the program sets up no logging

QUESTIONS = ("confirm", "prompt")
"""What a dialog is that may be agreed to or not. An alert has no second button, and a page that asks whether it may be
left would else hold whoever is on it."""
UNKNOWN = "nobody tells which page has opened it"
MAX_TEXT_CHARS = 2000
"""Of what a dialog says, for who is asked."""


class Dialogs:
    """Answers each dialog of a browser, at once or when the judge has said so, and tells in an event what became of it.

    A page stands still, and so does what is done on it, until its dialog is answered.
    """

    def __init__(self, *, accepts: bool = True) -> None:
        """Where it does not accept any, the judge is not asked. An alert has but one answer."""
        self.judge: DialogJudge | None = None
        self._accepts = accepts
        self._open = 0
        self._since = self._waited_s = 0.0

    def clock(self) -> float:
        """Seconds of a clock that stands still while the judge is waited for: that time is not the page's."""
        now = self._since if self._open else asyncio.get_running_loop().time()
        return now - self._waited_s

    async def answer(self, dialog: Dialog, page: LoadingPage, report: Callable[[str], None]) -> None:
        """Agree or not. One that is left unanswered, because the window is closed meanwhile, is dismissed."""
        refusal: str | None = "the window was closed"
        try:
            refusal = await self._refusal(dialog, page)
        finally:
            why = f": {refusal}" if refusal else ""
            told = f"dismissed{why}" if refusal is not None else "accepted"
            report(f"a dialog ({dialog.type}) said {quoted(dialog.message)} and was {told}")
            await (dialog.dismiss() if refusal is not None else dialog.accept(dialog.default_value))

    async def _refusal(self, dialog: Dialog, page: LoadingPage) -> str | None:
        """Why it is dismissed, empty where that needs no reason; None where it is agreed to."""
        if dialog.type == "beforeunload":
            return None
        if not self._accepts:
            return ""
        if self.judge is None or dialog.type not in QUESTIONS:
            return None
        url = _asker(page, await page.asking())
        if not url:
            return UNKNOWN
        return await self._judged(self.judge, _facts(dialog, url)) or None

    async def _judged(self, judge: DialogJudge, facts: Facts) -> str:
        """What the judge says. One that fails has not agreed, and why it failed is in the log."""
        judging = asyncio.ensure_future(judge(facts))
        try:
            with self._waiting():
                await asyncio.wait({judging})
        finally:
            judging.cancel()
        if judging.cancelled():
            return "whoever was to answer was called off"
        if fault := judging.exception():
            LOGGER.error("what a page asks in a dialog could not be answered", exc_info=fault)
            return f"whoever was to answer failed ({type(fault).__name__})"
        return judging.result()

    @contextmanager
    def _waiting(self) -> Generator[None]:
        clock = asyncio.get_running_loop().time
        if not self._open:
            self._since = clock()
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1
            if not self._open:
                self._waited_s += clock() - self._since


def _asker(page: LoadingPage, url: str) -> str:
    """The address that the document with this one is judged by, which may be in a frame of another origin.

    A whole page without an address asks for whoever has opened it.
    """
    whose = owner_of(url, page_url=page.page.url, others=page.has_others)
    return "" if whose.startswith("about:") else whose


def _facts(dialog: Dialog, url: str) -> Facts:
    text = dialog.message[:MAX_TEXT_CHARS]
    return Facts(role=f"{dialog.type} dialog", name=text, url=url, screen="browser", dialog=dialog.type)
