"""What can be acted on in a page, with its names and places, told by scripts that the page cannot reach."""

import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, cast

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Element, Point
from .devtools import ask
from .element_script import COLLECT, HOLDER, REACHES
from .facts import SENSITIVE, WORLD
from .page import BrowserPage
from .window import BrowserWindow

MAX_ELEMENTS = 200
MAX_FRAMES = 30
MAX_TEXT_CHARS = 1000
"""Of a name or a value. Far more than a model is told, so that a secret in it is found whole before it is cut."""

_Send = Callable[..., Awaitable[dict[str, Any]]]
_Row = tuple[float, float, float, float, str, str, str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """The document of one frame. `clip` is the part of it that may be in sight, in its own CSS pixels.

    `holder` is DevTools' object of the element that holds it, in the document `around` it; its viewport begins there at
    `left` and `top`, and each of its pixels takes `across` and `down` there.
    """

    send: _Send
    world: int
    clip: Box
    around: "_Document | None" = None
    holder: str = ""
    left: float = 0
    top: float = 0
    across: float = 1
    down: float = 1

    def outwards(self, box: Box) -> Box:
        """A box of this document in the one around it."""
        box = box.scale(self.across, self.down)
        return Box(box.x1 + self.left, box.y1 + self.top, box.x2 + self.left, box.y2 + self.top)


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
    async with _sessions(page) as sessions:
        for document in await _documents(sessions, visible):
            try:
                found += await _elements(document, MAX_ELEMENTS - len(found))
            except PlaywrightError:
                if page.page.is_closed():
                    raise
                continue  # the frame went away meanwhile
    placed = (replace(element, box=view.to_screen(element.box).clip(window.size)) for element in found)
    return tuple(element for element in placed if element.box.area > 0)


@asynccontextmanager
async def _sessions(page: BrowserPage) -> AsyncGenerator[list[_Send]]:
    """DevTools of the page, and of every frame that has a process of its own."""
    opened: list[CDPSession] = []
    for frame in page.page.frames[1:MAX_FRAMES]:
        with suppress(PlaywrightError):  # it is of the same process as the page, or went away
            opened.append(await page.page.context.new_cdp_session(frame))
    try:
        yield [page.send, *(_sender(session) for session in opened)]
    finally:
        for session in opened:
            with suppress(PlaywrightError):
                await session.detach()


def _sender(session: CDPSession) -> _Send:
    async def send(method: str, **params: Any) -> dict[str, Any]:
        return await ask(session, method, **params)

    return send


async def _documents(sessions: Sequence[_Send], visible: Box) -> list[_Document]:
    """The documents of all frames that may be in sight, that of the page first, each behind the one around it."""
    inside: defaultdict[str, dict[str, _Send]] = defaultdict(dict)
    for send in sessions:
        for frame in _flat((await send("Page.getFrameTree"))["frameTree"]):
            inside[frame.get("parentId", "")].setdefault(frame["id"], send)
    documents: list[_Document] = []
    waiting: list[tuple[str, _Send, _Document | None]] = [(*one, None) for one in list(inside[""].items())[:1]]
    while waiting and len(documents) < MAX_FRAMES:
        frame_id, send, around = waiting.pop(0)
        document: _Document | None = None
        with suppress(PlaywrightError):  # the frame went away meanwhile
            document = await _document(send, frame_id, around, visible)
        if document is not None:
            documents.append(document)
            waiting += ((*one, document) for one in inside[frame_id].items())
    return documents


def _flat(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _flat(child)


async def _document(send: _Send, frame_id: str, around: _Document | None, visible: Box) -> _Document | None:
    """The document of a frame; None where it is not in sight."""
    if around is None:
        return _Document(send=send, world=await _world(send, frame_id), clip=visible)
    owner = await around.send("DOM.getFrameOwner", frameId=frame_id)
    node = await around.send("DOM.resolveNode", backendNodeId=owner["backendNodeId"], executionContextId=around.world)
    holder = str(node["object"]["objectId"])
    placed = _numbers(await _called(around.send, holder, HOLDER))
    if placed is None:
        return None
    left, top, across, down, width, height = placed
    seen = Box.around(Point(left, top), Point(left + width, top + height)).intersect(around.clip)
    if seen is None or not (across > 0 and down > 0):
        return None
    clip = Box((seen.x1 - left) / across, (seen.y1 - top) / down, (seen.x2 - left) / across, (seen.y2 - top) / down)
    return _Document(
        send=send,
        world=await _world(send, frame_id),
        clip=clip,
        around=around,
        holder=holder,
        left=left,
        top=top,
        across=across,
        down=down,
    )


async def _world(send: _Send, frame_id: str) -> int:
    return int((await send("Page.createIsolatedWorld", frameId=frame_id, worldName=WORLD))["executionContextId"])


async def _called(send: _Send, holder: str, function: str, *arguments: object) -> object:
    """What a function gives that is called on a page's object; None where it throws."""
    answer = await send(
        "Runtime.callFunctionOn",
        functionDeclaration=function,
        objectId=holder,
        arguments=[{"value": argument} for argument in arguments],
        returnByValue=True,
    )
    return answer["result"].get("value")


async def _elements(document: _Document, most: int) -> list[Element]:
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


async def _uncovered(found: list[Element], document: _Document) -> list[Element]:
    """Those whose centres nothing covers in the documents around theirs, with their places in that of the page."""
    while document.around is not None and found:
        found = [replace(element, box=document.outwards(element.box)) for element in found]
        centers = [[element.box.center.x, element.box.center.y] for element in found]
        reaches = await _called(document.around.send, document.holder, REACHES, centers)
        found = [element for element, reached in zip(found, cast(list[bool], reaches or ()), strict=False) if reached]
        document = document.around
    return found


def _numbers(values: object) -> list[float] | None:
    """Six numbers, where they are: a page with odd transforms has places that are none."""
    numbers = cast(list[Any], values) if isinstance(values, list) else []
    if len(numbers) != 6 or not all(isinstance(one, int | float) and isfinite(one) for one in numbers):
        return None
    return [float(one) for one in numbers]
