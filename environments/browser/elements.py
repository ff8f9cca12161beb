"""What can be acted on in a page, with its names and places, told by scripts that the page cannot reach."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from playwright.async_api import Error as PlaywrightError

from ...screen import MAX_LABELS, Box, Element, Label, Point
from .documents import Document, called, documents_of, sessions_of
from .element_script import COLLECT, REACHES, SENSITIVE
from .label_script import READ
from .page import BrowserPage
from .sensitive import sensitive_boxes
from .window import BrowserWindow

MAX_ELEMENTS = 200
MAX_TEXT_CHARS = 1000
"""Of a name or a value. Far more than a model is told, so that a secret in it is found whole before it is cut."""


_Row = tuple[float, float, float, float, str, str, str, list[str]]
_Line = tuple[float, float, float, float, str]
_Thing = TypeVar("_Thing", Element, Label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What is in sight, in pixels of the screenshot; None where nobody asked for it."""

    elements: tuple[Element, ...] | None = None
    labels: tuple[Label, ...] | None = None
    sensitive: tuple[Box, ...] | None = None


async def things_of(window: BrowserWindow, *, elements: bool, labels: bool, sensitive: bool) -> Things:
    """What the page tells besides its picture. Raises Playwright's errors."""
    if not sensitive:
        return await _in_sight(window, elements=elements, labels=labels)
    things, fields = await asyncio.gather(_in_sight(window, elements=elements, labels=labels), sensitive_boxes(window))
    return replace(things, sensitive=fields)


async def _in_sight(window: BrowserWindow, *, elements: bool, labels: bool) -> Things:
    """What can be acted on and what text is in sight, in every frame and open shadow root, document by document.

    Left out: what is hidden, covered or scrolled away, and all beyond `MAX_ELEMENTS` and `MAX_LABELS`. Raises
    Playwright's errors for a page that is just being left.
    """
    if not (elements or labels):
        return Things()
    page = window.active
    view = await page.view()
    screen = Box(0, 0, window.size.width, window.size.height)
    corners = (view.to_viewport(point) for point in (Point(screen.x1, screen.y1), Point(screen.x2, screen.y2)))
    documents = await documents_of(await sessions_of(page), Box.around(*corners))

    def placed(found: list[_Thing]) -> tuple[_Thing, ...]:
        moved = (replace(thing, box=view.to_screen(thing.box).clip(window.size)) for thing in found)
        return tuple(thing for thing in moved if thing.box.area > 0)

    return Things(
        elements=placed(await _collected(page, documents, _elements, MAX_ELEMENTS)) if elements else None,
        labels=placed(await _collected(page, documents, _labels, MAX_LABELS)) if labels else None,
    )


async def _collected(
    page: BrowserPage, documents: list[Document], told: Callable[[Document, int], Awaitable[list[_Thing]]], most: int
) -> list[_Thing]:
    found: list[_Thing] = []
    for document in documents:
        try:
            found += await _uncovered(await told(document, most - len(found)), document)
        except PlaywrightError:
            if page.page.is_closed() or document.around is None:
                raise
            continue  # the frame went away meanwhile
    return found


async def _elements(document: Document, most: int) -> list[Element]:
    """The elements of one document, their boxes in CSS pixels of it."""
    return [_element(row) for row in cast(list[_Row], await _asked(document, COLLECT, most))]


async def _labels(document: Document, most: int) -> list[Label]:
    lines = cast(list[_Line], await _asked(document, READ, most))
    return [Label(text, Box(x1, y1, x2, y2)) for x1, y1, x2, y2, text in lines]


async def _asked(document: Document, script: str, most: int) -> object:
    clip = document.clip
    arguments = ", ".join(map(json.dumps, ([clip.x1, clip.y1, clip.x2, clip.y2], most, MAX_TEXT_CHARS, SENSITIVE)))
    answer = await document.send(
        "Runtime.evaluate", expression=f"({script})({arguments})", contextId=document.world, returnByValue=True
    )
    if "exceptionDetails" in answer:
        raise PlaywrightError("the page does not tell what it holds")
    return answer["result"].get("value") or ()


def _element(row: _Row) -> Element:
    x1, y1, x2, y2, role, name, value, states = row
    return Element(box=Box(x1, y1, x2, y2), role=role, name=name, value=value, states=tuple(states))


async def _uncovered(found: list[_Thing], document: Document) -> list[_Thing]:
    """Those whose centres nothing covers in the documents around theirs, with their places in that of the page."""
    while document.around is not None and found:
        found = [replace(thing, box=document.outwards(thing.box)) for thing in found]
        centers = [[thing.box.center.x, thing.box.center.y] for thing in found]
        reaches = await called(document.around.send, document.holder, REACHES, centers)
        found = [thing for thing, reached in zip(found, cast(list[bool], reaches or ()), strict=False) if reached]
        document = document.around
    return found
