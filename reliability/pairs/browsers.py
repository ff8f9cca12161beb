"""Browsers that draw text in different ways, as those of different machines do."""

import os
import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, async_playwright

from ...environments.browser.find import find_browser

Drawing = Literal["unhinted", "slight", "full", "coloured"]
"""How far glyphs are fitted to the pixels; `coloured`: for the stripes of an LCD."""

_HINTS = {"unhinted": "hintnone", "slight": "hintslight", "full": "hintfull", "coloured": "hintslight"}
_FLAGS = {"full": ["--disable-font-subpixel-positioning"]}
"""Else Chromium rounds the widths of fully hinted glyphs: a line of 80 letters is 14 px longer then, another layout."""
_RULES = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<match target="pattern">{edits}</match><match target="font">{edits}</match></fontconfig>"""
_EDITS = """<edit name="hintstyle" mode="assign"><const>{hint}</const></edit>
<edit name="hinting" mode="assign"><bool>{hinting}</bool></edit>
<edit name="rgba" mode="assign"><const>{rgba}</const></edit>"""


@asynccontextmanager
async def browsers(drawings: Iterable[Drawing]) -> AsyncGenerator[Mapping[Drawing, Browser]]:
    """One browser for each way."""
    async with async_playwright() as driver, AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found: dict[Drawing, Browser] = {}
        for drawing in sorted(set(drawings)):
            rules = folder / f"{drawing}.conf"
            rules.write_text(_rules(drawing), "utf-8")
            # The windowed build's headless mode asks fontconfig; its flag for hinting is of the windowless one only.
            found[drawing] = await driver.chromium.launch(
                executable_path=find_browser(),
                args=_FLAGS.get(drawing, []),
                env={**os.environ, "FONTCONFIG_FILE": str(rules)},
            )
            stack.push_async_callback(found[drawing].close)
        yield found


def _rules(drawing: Drawing) -> str:
    hinting, rgba = str(drawing != "unhinted").lower(), "rgb" if drawing == "coloured" else "none"
    return _RULES.format(edits=_EDITS.format(hint=_HINTS[drawing], hinting=hinting, rgba=rgba))
