"""What a person does in the tabs of a browser, told as it happens."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, Literal, cast

from playwright.async_api import Page
from pydantic import BaseModel, ConfigDict, ValidationError

from .devtools import ask
from .element_script import SENSITIVE
from .elements import MAX_TEXT_CHARS
from .environment import BrowserEnvironment
from .loading import quietly
from .watch_script import BINDING, WATCH

__all__ = ["Happened", "Page", "watched"]

WORLD = "clickwright-watch"
TYPED = frozenset({"typed", "auto_bookmark", "generated", "keyword", "keyword_generated", "start_page"})
"""How Chromium says that an address did not come from the page."""


Kind = Literal[
    "tap",
    "drag",
    "drop",
    "fill",
    "choose",
    "upload",
    "press",
    "check",
    "scroll",
    "arrive",
    "back",
    "forward",
    "reload",
]


class Happened(BaseModel):
    """One thing that a person did. Places are CSS pixels of the viewport as it was then.

    `key` tells fields apart; `role` and `name` are of the thing, `box` is its place; `value` is the text that is now in
    the field, the option, the key, the text that is to be checked, or the address. What is in a field for secrets
    is not told. `count` is of clicks, 0 for text that was selected. `scroll` is how far the page was scrolled. `files`
    are the names of those that a field was given; nobody tells where they lie. A `drop` ends the `drag` before it. Not
    `is_placed`: in a frame whose place nobody tells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: Kind
    at_ms: float = 0
    is_placed: bool = True
    scroll: tuple[float, float] = (0, 0)
    key: str = ""
    role: str = ""
    name: str = ""
    is_secret: bool = False
    box: tuple[float, float, float, float] | None = None
    point: tuple[float, float] | None = None
    button: Literal["left", "right", "middle"] = "left"
    count: int = 1
    held: tuple[str, ...] = ()
    value: str = ""
    files: tuple[str, ...] = ()


Told = Callable[[Page, Happened], None]


@asynccontextmanager
async def watched(environment: BrowserEnvironment, told: Told) -> AsyncGenerator[None]:
    """While this lasts, tell what a person does in any tab of the environment, which has been reset."""
    context, tasks = environment.window.context, set[asyncio.Task[None]]()

    def begin(page: Page) -> None:
        tasks.add(task := asyncio.ensure_future(quietly(_Listening(page, told).begin())))
        task.add_done_callback(tasks.discard)

    context.on("page", begin)
    try:
        for page in context.pages:
            await _Listening(page, told).begin()
        yield
    finally:
        context.remove_listener("page", begin)
        for task in tasks:
            task.cancel()


class _Listening:
    """A DevTools session of its own for one tab."""

    def __init__(self, page: Page, told: Told) -> None:
        self._page, self._told = page, told
        self._entry: tuple[int, int] = (0, 0)
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self) -> None:
        """Hear of the page from now on. Raises Playwright's errors where it is gone."""
        self._session = session = await self._page.context.new_cdp_session(self._page)
        session.on("Runtime.bindingCalled", self._hear)
        session.on("Page.frameNavigated", self._arrive)
        await ask(session, "Page.enable")
        await ask(session, "Runtime.enable")
        self._entry = (await self._history())[:2]
        await ask(session, "Runtime.addBinding", name=BINDING, executionContextName=WORLD)
        arguments = f"{MAX_TEXT_CHARS}, {json.dumps(SENSITIVE)}"
        script = f"({WATCH})({arguments})"
        await ask(
            session,
            "Page.addScriptToEvaluateOnNewDocument",
            source=script,
            worldName=WORLD,
            runImmediately=True,
        )

    def _hear(self, called: dict[str, Any]) -> None:
        if called.get("name") != BINDING:
            return
        try:
            happened = Happened.model_validate_json(str(called.get("payload")))
        except ValidationError:
            return  # nothing that our script says
        self._told(self._page, happened)

    def _arrive(self, told: dict[str, Any]) -> None:
        if "parentId" not in cast(dict[str, Any], told["frame"]):
            self._tasks.add(task := asyncio.ensure_future(quietly(self._tell_arrival())))
            task.add_done_callback(self._tasks.discard)

    async def _history(self) -> tuple[int, int, str, str]:
        """The place in the history, its length, and how the entry there came, with its address."""
        history = await ask(self._session, "Page.getNavigationHistory")
        entries, index = cast(list[dict[str, Any]], history["entries"]), int(history["currentIndex"])
        entry = entries[index]
        return index, len(entries), str(entry.get("transitionType")), str(entry.get("url"))

    async def _tell_arrival(self) -> None:
        index, length, came, url = await self._history()
        (was, had), self._entry = self._entry, (index, length)
        kind: Literal["arrive", "back", "forward", "reload"] | None = None
        if index < was and length == had:
            kind = "back"
        elif index > was and length == had:
            kind = "forward"
        elif came in TYPED and index != was:
            kind = "arrive"
        elif came == "reload" and index == was:
            kind = "reload"
        if kind is not None:
            self._told(self._page, Happened(kind=kind, value=url, at_ms=0))
