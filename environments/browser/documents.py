"""The documents of a page, frame by frame, each with a world of its own that no script of the page can reach."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any, cast

from playwright.async_api import CDPSession
from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Point
from .devtools import WORLD, ask
from .element_script import HOLDER
from .page import BrowserPage

MAX_FRAMES = 30
ANSWER_S = 0.5
"""How long the process of a frame is waited for. One that hangs is left out, and holds up nobody else."""

Send = Callable[..., Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document of one frame. `clip` is the part of it that may be in sight, in its own CSS pixels.

    `holder` is DevTools' object of the element that holds it, in the document `around` it; its viewport begins there at
    `left` and `top`, and each of its pixels takes `across` and `down` there.
    """

    send: Send
    frame_id: str
    world: int
    clip: Box
    around: "Document | None" = None
    holder: str = ""
    left: float = 0
    top: float = 0
    across: float = 1
    down: float = 1

    def outwards(self, box: Box) -> Box:
        """A box of this document in the one around it."""
        box = box.scale(self.across, self.down)
        return Box(box.x1 + self.left, box.y1 + self.top, box.x2 + self.left, box.y2 + self.top)


async def sessions_of(page: BrowserPage) -> list[Send]:
    """DevTools of the page, and of every frame that has a process of its own."""
    return [page.send, *map(_sender, await page.frame_sessions.now(MAX_FRAMES))]


def _sender(session: CDPSession) -> Send:
    async def send(method: str, **params: Any) -> dict[str, Any]:
        return await ask(session, method, **params)

    return send


async def documents_of(sessions: Sequence[Send], visible: Box) -> list[Document]:
    """The documents of all frames that may be in sight, that of the page first, each behind the one around it."""
    inside: defaultdict[str, dict[str, Send]] = defaultdict(dict)
    for send, frames in await _frames_by_session(sessions):
        for frame in frames:
            inside[frame.get("parentId", "")].setdefault(frame["id"], send)
    documents: list[Document] = []
    waiting: list[tuple[str, Send, Document | None]] = [(*one, None) for one in list(inside[""].items())[:1]]
    while waiting and len(documents) < MAX_FRAMES:
        frame_id, send, around = waiting.pop(0)
        document: Document | None = None
        with suppress(PlaywrightError):  # the frame went away meanwhile
            document = await _document(send, frame_id, around, visible)
        if document is not None:
            documents.append(document)
            waiting += ((*one, document) for one in inside[frame_id].items())
    return documents


async def _frames_by_session(sessions: Sequence[Send]) -> list[tuple[Send, list[dict[str, Any]]]]:
    """The frames of the page's process, and of those others that answer."""
    found = await asyncio.gather(*map(frames_of, sessions[:1]), *map(_frames_soon, sessions[1:]))
    return list(zip(sessions, found, strict=True))


async def _frames_soon(send: Send) -> list[dict[str, Any]]:
    try:
        async with asyncio.timeout(ANSWER_S):
            return await frames_of(send)
    except TimeoutError:
        return []


async def frames_of(send: Send) -> list[dict[str, Any]]:
    """The frames of one process, as DevTools tell of them; none where the process went away."""
    try:
        return list(_flat((await send("Page.getFrameTree"))["frameTree"]))
    except PlaywrightError:
        return []


def _flat(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree["frame"]
    for child in tree.get("childFrames", ()):
        yield from _flat(child)


async def _document(send: Send, frame_id: str, around: Document | None, visible: Box) -> Document | None:
    """The document of a frame; None where it is not in sight."""
    if around is None:
        return Document(send=send, frame_id=frame_id, world=await world_of(send, frame_id), clip=visible)
    owner = await around.send("DOM.getFrameOwner", frameId=frame_id)
    node = await around.send("DOM.resolveNode", backendNodeId=owner["backendNodeId"], executionContextId=around.world)
    document = await document_in(around, str(node["object"]["objectId"]), send, frame_id)
    return document if document is not None and document.clip.area > 0 else None


async def document_in(around: Document, holder: str, send: Send, frame_id: str) -> Document | None:
    """The document of a frame that an element of another document holds; None where it has no place there."""
    placed = _numbers(await called(around.send, holder, HOLDER))
    if placed is None:
        return None
    left, top, across, down, width, height = placed
    if not (across > 0 and down > 0):
        return None
    seen = Box.around(Point(left, top), Point(left + width, top + height)).intersect(around.clip)
    seen = seen or Box(left, top, left, top)
    clip = Box((seen.x1 - left) / across, (seen.y1 - top) / down, (seen.x2 - left) / across, (seen.y2 - top) / down)
    return Document(
        send=send,
        frame_id=frame_id,
        world=await world_of(send, frame_id),
        clip=clip,
        around=around,
        holder=holder,
        left=left,
        top=top,
        across=across,
        down=down,
    )


async def send_to(frame_id: str, sessions: Sequence[Send]) -> Send | None:
    """DevTools of the process that shows a frame; None where the frame went away, or its process does not answer."""
    found = await _frames_by_session(sessions)
    return next((send for send, frames in found[::-1] if any(frame["id"] == frame_id for frame in frames)), None)


async def world_of(send: Send, frame_id: str) -> int:
    return int((await send("Page.createIsolatedWorld", frameId=frame_id, worldName=WORLD))["executionContextId"])


async def called(send: Send, holder: str, function: str, *arguments: object) -> object:
    """What a function gives that is called on a page's object; None where it throws."""
    answer = await send(
        "Runtime.callFunctionOn",
        functionDeclaration=function,
        objectId=holder,
        arguments=[{"value": argument} for argument in arguments],
        returnByValue=True,
    )
    return answer["result"].get("value")


def _numbers(values: object) -> list[float] | None:
    """Six numbers, where they are: a page with odd transforms has places that are none."""
    numbers = cast(list[Any], values) if isinstance(values, list) else []
    if len(numbers) != 6 or not all(isinstance(one, int | float) and isfinite(one) for one in numbers):
        return None
    return [float(one) for one in numbers]
