"""Screens to test: pages in a real browser that all tests share, and what they are looked at with."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.screen import Box, Element, Label, Observation, Screenshot
from clickwright.testing import AsyncUi, Judged, NotFound, PageEyes, ScriptedEyes, Told, open_ui
from clickwright.testing.claims import judge_plainly, read_claim
from clickwright.testing.sight import Sight
from clickwright.testing.target import Found
from clickwright.testing.ways import Mode

SHOP = """<!doctype html><title>Shop</title><style>body { font: 16px sans-serif; margin: 20px } p { margin: 12px 0 }
button, input, select { font: inherit }</style>
<p><label>Email <input id=email></label> <label><input type=checkbox id=news> Newsletter</label></p>
<p><label>Size <select id=size><option>Small<option>Large</select></label></p>
<p><button id=add onclick="count.textContent = +count.textContent + 1">Add to cart</button>
<button id=empty disabled>Empty the cart</button></p>
<p>Cart: <b id=count aria-label=cart>0</b></p><p>Total: <b id=total>&euro; 1,299.50</b></p>
<script>const count = document.getElementById("count")</script>"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncGenerator[Chromium]:
    async with Chromium() as browser:
        yield browser


class Shown:
    """The words of a test over one page, and what the page says itself."""

    def __init__(self, ui: AsyncUi, environment: BrowserEnvironment) -> None:
        self.ui, self.environment = ui, environment

    async def js(self, expression: str) -> Any:
        return await self.environment.window.active.page.evaluate(expression)


Show = Callable[..., Awaitable[Shown]]


@pytest_asyncio.fixture(loop_scope="session")
async def show(chromium: Chromium) -> AsyncGenerator[Show]:
    """Opens the words over a page with this document, in a mode."""
    opened: list[AsyncUi] = []

    async def make(
        html: str = SHOP,
        mode: Mode = "live",
        recording: Path | None = None,
        eyes: ScriptedEyes | None = None,
        **more: Any,
    ) -> Shown:
        environment = BrowserEnvironment(chromium=chromium, elements=True, labels=True)
        ui = open_ui(environment, eyes or PlainEyes(), mode=mode, recording=recording, **{"deadline_s": 0.3} | more)
        opened.append(ui)
        await ui.stage.begin()
        await environment.window.active.page.set_content(html)
        return Shown(ui, environment)

    yield make
    for ui in opened:
        await ui.stage.end()


class PlainEyes(ScriptedEyes):
    """See what the page plainly says, as a model's eyes do; what they know besides is scripted."""

    def find(self, sight: Sight, words: str) -> Found:
        with suppress(NotFound):
            return PageEyes().find(sight, words)
        return super().find(sight, words)

    def judge(self, sight: Sight, claim: str) -> Judged:
        plain = read_claim(claim)
        judged = None if plain is None else judge_plainly(plain, sight, lambda words: _box(self.find(sight, words)))
        return judged or super().judge(sight, claim)

    def read(self, sight: Sight, question: str) -> Told:
        with suppress(NotFound):
            return PageEyes().read(sight, question)
        return super().read(sight, question)


def _box(found: Found) -> Box:
    assert found.box is not None
    return found.box


def sight_of(*labels: Label, elements: tuple[Element, ...] | None = (), grey: int = 255) -> Sight:
    """A grey screen of 400 by 300 pixels with these texts and things on it."""
    pixels = np.full((300, 400, 3), grey, np.uint8)
    return Sight(observation=Observation(screenshot=Screenshot(pixels=pixels), elements=elements), labels=labels)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "test_shop.ui" / "buy.yaml"
