"""What a page tells of itself in one question: its title, how far it reaches, and the field that keys go to."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, cast

from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Element, Point
from .documents import Document, document_in, send_to, sessions_of, world_of
from .element_script import DESCRIBE, SENSITIVE
from .elements import MAX_TEXT_CHARS
from .page import BrowserPage, View

MAX_DEPTH = 8
"""Frames within frames through which the focus is followed."""
MAX_LABELS = 30
"""Of a list's options: more are counted, not told."""

_ACTIVE = """
  const activeIn = (root) => getter(root instanceof Document ? Document : ShadowRoot, "activeElement")(root);
  let found = activeIn(document);
  while (found && shadowRoot(found) && activeIn(shadowRoot(found))) found = activeIn(shadowRoot(found));
"""

ACTIVE = "(longest, sensitive) => {" + DESCRIBE + _ACTIVE + "return found; }"
"""The element that has the focus, in the innermost shadow root; of another document only the frame."""

_SEEN = (
    "(longest, sensitive, most) => {"
    + DESCRIBE
    + _ACTIVE
    + r"""
  const root = document.documentElement, seen = visualViewport;
  const extent = document.scrollingElement || root;
  const page = [seen.scale, seen.offsetLeft, seen.offsetTop, seen.pageLeft, seen.pageTop,
                extent.scrollWidth, extent.scrollHeight];
  const title = getter(Document, "title")(document);
  const isPage = (node) => (node === getter(Document, "body")(document) || node === root) && !node.isContentEditable;
  if (!found || isPage(found)) return [title, page, null];
  if (found instanceof HTMLIFrameElement || found instanceof HTMLFrameElement) return [title, page, true];

  // Which control it is whose pop-up no picture shows, whether that is open, and whether all this was told before.
  const box = Element.prototype.getBoundingClientRect.call(found);
  const isList = found instanceof HTMLSelectElement && !found.multiple && found.size < 2;
  const isInput = found instanceof HTMLInputElement;
  let isOpen = false;
  try { isOpen = matches(found, ":open"); } catch {}
  const isDrawn = isList && getComputedStyle(found).appearance === "base-select";
  const options = isList ? [...found.options] : isInput && found.list ? [...found.list.options] : [];
  const labels = options.slice(0, most).map((one) => tidy(one.label || one.value));
  const told = Symbol.for("told"), last = globalThis[told];
  const isFresh = !last || last.node.deref() !== found || (isOpen && !last.isOpen);
  globalThis[told] = {node: new WeakRef(found), isOpen};
  return [title, page, {
    row: [box.left, box.top, box.right, box.bottom, roleOf(found), nameOf(found), tidy(valueOf(found)),
          statesOf(found)],
    kind: isList ? "select" : isInput ? found.type : "", labels, count: options.length,
    isOpen: isOpen && !isDrawn, isFresh}];
}"""
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The element that keys go to. `kind` is "select", the type of an input, or empty.

    `labels` are the first options of `count`: of a list, or those that a text field suggests. `is_open`: of a pop-up
    that no picture shows. `is_fresh`: it has the focus, or is open, since it was last asked for.
    """

    element: Element
    kind: str = ""
    labels: tuple[str, ...] = ()
    count: int = 0
    is_open: bool = False
    is_fresh: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageState:
    """A page as it is now. `extent` is where the whole page lies, in pixels of the screenshot."""

    title: str = ""
    extent: Box | None = None
    focus: Focus | None = None


async def state_of(page: BrowserPage) -> PageState:
    """One question to the page, two where it was not asked before, more where a frame has the focus.

    Without an extent where the page is just being left.
    """
    try:
        document = await top_document(page)
        title, numbers, focus = await _seen(document)
        view, extent = _placed(page, numbers)
        state = PageState(title=title, extent=extent)
        if focus is True:
            document, focus = await _through_frames(page, document)
        if not isinstance(focus, dict):
            return state
        told = _focus(cast(dict[str, Any], focus))
        box = view.to_screen(_outermost(document, told.element.box))
        return replace(state, focus=replace(told, element=replace(told.element, box=box)))
    except PlaywrightError:
        if page.page.is_closed():
            raise
        return PageState(title=page.title)


async def way_to_focus(page: BrowserPage) -> list[tuple[Document, str]]:
    """What has the focus in each document on the way to it, the innermost last."""
    steps = _inwards(page, await top_document(page))
    return [(within, found) async for within, found, _ in steps if found is not None]


async def top_document(page: BrowserPage) -> Document:
    """That of the page itself. DevTools' name of its frame is asked for once."""
    if not page.frame_id:
        tree = await page.send("Page.getFrameTree")
        page.frame_id = str(tree["frameTree"]["frame"]["id"])
    return Document(
        send=page.send, frame_id=page.frame_id, world=await world_of(page.send, page.frame_id), clip=Box(0, 0, 0, 0)
    )


async def _seen(document: Document) -> tuple[str, list[float], object]:
    arguments = f"{MAX_TEXT_CHARS}, {json.dumps(SENSITIVE)}, {MAX_LABELS}"
    answer = await document.send(
        "Runtime.evaluate", expression=f"({_SEEN})({arguments})", contextId=document.world, returnByValue=True
    )
    title, numbers, focus = cast(tuple[str, list[float], object], answer["result"].get("value") or ("", [], None))
    return title, numbers, focus


def _placed(page: BrowserPage, numbers: list[float]) -> tuple[View, Box | None]:
    if len(numbers) != 7 or not all(isfinite(one) for one in numbers):
        return page.view_at(1, Point(0, 0), Point(0, 0)), None
    zoom, *places, width, height = numbers
    view = page.view_at(zoom, Point(*places[:2]), Point(*places[2:]))
    left, top = view.scrolled.x, view.scrolled.y
    scale = view.pixels_per_css
    return view, Box(-left, -top, max(width, 0) - left, max(height, 0) - top).scale(scale, scale)


async def _through_frames(page: BrowserPage, document: Document) -> tuple[Document, object]:
    """The innermost document that has the focus, and what is told of it."""
    async with aclosing(_inwards(page, document)) as steps:
        async for _, _, inner in steps:
            if inner is None:
                break
            document = inner
            _, _, focus = await _seen(document)
            if focus is not True:
                return document, focus
    return document, None


async def _inwards(
    page: BrowserPage, document: Document
) -> AsyncGenerator[tuple[Document, str | None, Document | None]]:
    """Each document on the way to the focus, what has it there, and the document inside that; None behind the last."""
    for _ in range(MAX_DEPTH):
        found = await _active(document)
        inner = await _inner(page, document, found) if found is not None else None
        yield document, found, inner
        if inner is None:
            return
        document = inner


async def _active(document: Document) -> str | None:
    arguments = f"{MAX_TEXT_CHARS}, {json.dumps(SENSITIVE)}"
    found = await document.send("Runtime.evaluate", expression=f"({ACTIVE})({arguments})", contextId=document.world)
    object_id = found["result"].get("objectId")
    return None if object_id is None else str(object_id)


async def _inner(page: BrowserPage, document: Document, holder: str) -> Document | None:
    """The document of the frame that this element holds; None where it holds none."""
    node: dict[str, Any] = (await document.send("DOM.describeNode", objectId=holder))["node"]
    if node.get("nodeName", "").upper() not in ("IFRAME", "FRAME") or "frameId" not in node:
        return None
    frame_id = str(node["frameId"])
    with suppress(PlaywrightError):  # a frame of the same process
        return await document_in(document, holder, document.send, frame_id)
    send = await send_to(frame_id, await sessions_of(page))
    return None if send is None else await document_in(document, holder, send, frame_id)


def _outermost(document: Document, box: Box) -> Box:
    while document.around is not None:
        box = document.outwards(box)
        document = document.around
    return box


def _focus(told: dict[str, Any]) -> Focus:
    x1, y1, x2, y2, role, name, value, states = told["row"]
    return Focus(
        element=Element(box=Box(x1, y1, x2, y2), role=role, name=name, value=value, states=tuple(states)),
        kind=str(told["kind"]),
        labels=tuple(told["labels"]),
        count=int(told["count"]),
        is_open=bool(told["isOpen"]),
        is_fresh=bool(told["isFresh"]),
    )
