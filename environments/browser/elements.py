"""What can be acted on in a page, with its names and places, told by scripts that the page cannot reach."""

import json
from dataclasses import replace
from typing import cast

from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Element, Point
from .documents import Document, called, documents_of, sessions_of
from .element_script import COLLECT, REACHES, SENSITIVE
from .window import BrowserWindow

MAX_ELEMENTS = 200
MAX_TEXT_CHARS = 1000
"""Of a name or a value. Far more than a model is told, so that a secret in it is found whole before it is cut."""

_Row = tuple[float, float, float, float, str, str, str, list[str]]


async def elements_of(window: BrowserWindow) -> tuple[Element, ...]:
    """What is in sight and can be acted on, in every frame and open shadow root, document by document.

    Left out: what is hidden, covered or scrolled away, and all beyond `MAX_ELEMENTS`. None of a page that is just
    being left.
    """
    page = window.active
    view = await page.view()
    screen = Box(0, 0, window.size.width, window.size.height)
    corners = (view.to_viewport(point) for point in (Point(screen.x1, screen.y1), Point(screen.x2, screen.y2)))
    visible = Box.around(*corners)
    found: list[Element] = []
    for document in await documents_of(await sessions_of(page), visible):
        try:
            found += await _elements(document, MAX_ELEMENTS - len(found))
        except PlaywrightError:
            if page.page.is_closed():
                raise
            continue  # the frame went away meanwhile
    placed = (replace(element, box=view.to_screen(element.box).clip(window.size)) for element in found)
    return tuple(element for element in placed if element.box.area > 0)


async def _elements(document: Document, most: int) -> list[Element]:
    """The elements of one document, their boxes in CSS pixels of the page's viewport."""
    clip = document.clip
    arguments = ", ".join(map(json.dumps, ([clip.x1, clip.y1, clip.x2, clip.y2], most, MAX_TEXT_CHARS, SENSITIVE)))
    answer = await document.send(
        "Runtime.evaluate", expression=f"({COLLECT})({arguments})", contextId=document.world, returnByValue=True
    )
    found = [_element(row) for row in cast(list[_Row], answer["result"].get("value") or ())]
    return await _uncovered(found, document)


def _element(row: _Row) -> Element:
    x1, y1, x2, y2, role, name, value, states = row
    return Element(box=Box(x1, y1, x2, y2), role=role, name=name, value=value, states=tuple(states))


async def _uncovered(found: list[Element], document: Document) -> list[Element]:
    """Those whose centres nothing covers in the documents around theirs, with their places in that of the page."""
    while document.around is not None and found:
        found = [replace(element, box=document.outwards(element.box)) for element in found]
        centers = [[element.box.center.x, element.box.center.y] for element in found]
        reaches = await called(document.around.send, document.holder, REACHES, centers)
        found = [element for element, reached in zip(found, cast(list[bool], reaches or ()), strict=False) if reached]
        document = document.around
    return found
