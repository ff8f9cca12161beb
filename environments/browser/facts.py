"""What stands at a place of a page, told by the browser itself: no script of the page has a say in it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, cast

from playwright.async_api import Error as PlaywrightError

from ...screen import Point
from ...tools import Action, Navigate, NewTab, Press, TypeText, points_of
from ..environment import Facts
from .documents import MAX_FRAMES, Send, called, document_in, frames_of, send_to, sessions_of, world_of
from .fields import INSIDE_S
from .focus import top_document, way_to_focus
from .owners import owner_of
from .page import BrowserPage
from .thing_script import HIT, REMEMBER, THING
from .window import BrowserWindow, Judged

FRAMES_S, AGAIN_S = 0.6, 0.1
"""How long the frames of a page are given to keep in mind what they show: and those that did not manage it before."""
MAX_DEPTH = 5
"""Frames of processes of their own, within each other, that a point is followed into."""
_TAKE_ACTIONS = frozenset(
    (
        *("button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "option"),
        *("menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem", "gridcell"),
        *("DisclosureTriangle", "ComboBoxSelect", "MenuListOption", "Date", "DateTime", "InputTime", "ColorWell"),
        *("PopUpButton", "TextField", "textarea", "Iframe", "IframePresentational", "LabelText"),
    )
)
_NO_ROLE = frozenset({"", "none", "generic", "StaticText", "InlineTextBox", "presentation"})
OF_NOBODY = "data:,"
"""The address of a document of which nobody can tell whose it is: it has no origin."""
_FRAMES = ("IFRAME", "FRAME", "FENCEDFRAME")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A node of a document. `told` is what the document says of it."""

    send: Send
    number: int
    told: dict[str, Any]
    frame_id: str = ""


async def facts_of(window: BrowserWindow, action: Action) -> Facts:
    """What the action would touch in the active tab, kept as what was judged."""
    window.judged = await touched(window.active, action)
    return window.judged.facts


async def touched(page: BrowserPage, action: Action) -> Judged:
    """What the action would touch now: the thing at its first point, or the one with the focus."""
    points = points_of(action)
    facts = Facts(point=points[0] if points else None, url=page.page.url, screen="browser")
    judged = Judged(page=page, document=page.documents, action=action, facts=facts)
    if isinstance(action, Navigate | NewTab):
        return replace(judged, facts=replace(facts, href=action.url))
    if points:
        node, focus = await _at(page, points[0]), None
    elif isinstance(action, TypeText | Press):
        node = await _focused(page)
        focus = None if node is None else (node.frame_id, node.number)
    else:
        return judged
    return judged if node is None else replace(judged, facts=await _described(node, facts, page), focus=focus)


async def remember(page: BrowserPage) -> None:
    """Keep in mind what can be used on the page as it is, so that facts can tell what has changed since.

    A frame that does not answer at once is left out.
    """
    with suppress(PlaywrightError):  # a page that is just being left is another one by the next action
        top = await top_document(page)
        await top.send("Runtime.evaluate", expression=REMEMBER, contextId=top.world)
        page.remembered = frozenset({top.frame_id})
        if len(page.page.frames) > 1:
            await _remember_frames(page)


async def _remember_frames(page: BrowserPage) -> None:
    kept, is_slow = set[str](), len(page.page.frames) > MAX_FRAMES
    try:
        async with asyncio.timeout(AGAIN_S if page.has_slow_frames else FRAMES_S):
            await asyncio.gather(*(_keep_in_mind(send, kept) for send in await sessions_of(page)))
    except TimeoutError:
        is_slow = True
    page.remembered, page.has_slow_frames = frozenset(kept), is_slow


async def _keep_in_mind(send: Send, kept: set[str]) -> None:
    """In all frames of a process; `kept` are the names of those that have done so."""

    async def one(frame_id: str) -> None:
        with suppress(PlaywrightError):  # it went away
            await send("Runtime.evaluate", expression=REMEMBER, contextId=await world_of(send, frame_id))
            kept.add(frame_id)

    await asyncio.gather(*(one(str(frame["id"])) for frame in await frames_of(send)))


async def _at(page: BrowserPage, point: Point) -> _Node | None:
    """The innermost node at the point, through shadow roots and frames of any origin."""
    view = await page.view()
    place = view.to_document(point)
    try:
        hit = await page.send("DOM.getNodeForLocation", x=int(place.x), y=int(place.y))
    except PlaywrightError as error:
        if "No node found" in str(error):
            return None
        raise
    number, frame_id = int(hit["backendNodeId"]), str(hit["frameId"])
    world = await world_of(page.send, frame_id)
    found = await page.send("DOM.resolveNode", backendNodeId=number, executionContextId=world)
    place = view.to_viewport(point)
    local, changes = await _in_frame(page, frame_id, place)
    thing, frame_id = str(found["object"]["objectId"]), "" if local is None else frame_id
    told = await _told(page, page.send, thing, frame_id, local or place)
    node = _Node(send=page.send, number=number, told=told)
    for _ in range(MAX_DEPTH):
        changes.append(str(node.told.get("changed", "")))
        if node.told.get("tag") not in _FRAMES:
            break
        inner = await _inside_soon(page, node, place)
        if inner is None:
            node = await _closed(page, node)
            break
        node, place = inner
    return replace(node, told={**node.told, "changed": next(filter(None, changes), "")})


async def _in_frame(page: BrowserPage, frame_id: str, place: Point) -> tuple[Point | None, list[str]]:
    """A place of the page in a frame of the same process, None where that is not known; and what has changed about
    the frames that are on the way to it."""
    if frame_id == page.frame_id:
        return place, []
    document, changes = await top_document(page), list[str]()
    for name, around_id in _way(await frames_of(page.send), frame_id):
        owner = await document.send("DOM.getFrameOwner", frameId=name)
        number, world = owner["backendNodeId"], document.world
        holder = await document.send("DOM.resolveNode", backendNodeId=number, executionContextId=world)
        held = str(holder["object"]["objectId"])
        told = await _told(page, document.send, held, around_id, place)
        changes.append(str(told.get("changed", "")))
        inner = await document_in(document, held, page.send, name)
        if inner is None:
            return None, changes
        place = Point((place.x - inner.left) / inner.across, (place.y - inner.top) / inner.down)
        document = inner
    return place, changes


def _way(frames: list[dict[str, Any]], frame_id: str) -> list[tuple[str, str]]:
    """The frames on the way to this one, each with the one around it; none to that of the page."""
    around = {str(frame["id"]): str(frame.get("parentId", "")) for frame in frames}
    way: list[tuple[str, str]] = []
    while around.get(frame_id):
        way.append((frame_id, around[frame_id]))
        frame_id = around[frame_id]
    return way[::-1]


async def _inside_soon(page: BrowserPage, holder: _Node, place: Point) -> tuple[_Node, Point] | None:
    with suppress(PlaywrightError, TimeoutError):  # it went away, or hangs
        async with asyncio.timeout(INSIDE_S):
            return await _inside(page, holder, place)
    return None


async def _closed(page: BrowserPage, holder: _Node) -> _Node:
    """The element of a frame of another process that does not tell what is in it: it counts as what the frame shows."""
    described = (await holder.send("DOM.describeNode", backendNodeId=holder.number))["node"]
    targets = (await page.send("Target.getTargets"))["targetInfos"]
    url = next((str(one["url"]) for one in targets if one["targetId"] == described.get("frameId")), "")
    return replace(holder, told={**holder.told, "url": url, "origin": ""}) if url else holder


async def _inside(page: BrowserPage, holder: _Node, place: Point) -> tuple[_Node, Point] | None:
    """The node at the place in the frame of another process that this one holds, and the place in that frame."""
    described = (await holder.send("DOM.describeNode", backendNodeId=holder.number))["node"]
    if "frameId" not in described:
        return None
    frame_id = str(described["frameId"])
    send = await send_to(frame_id, await sessions_of(page))
    if send is None:
        return None
    quad = (await holder.send("DOM.getBoxModel", backendNodeId=holder.number))["model"]["content"]
    xs, ys = [float(x) for x in quad[::2]], [float(y) for y in quad[1::2]]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if not (width > 0 and height > 0):
        return None
    across, down = (place.x - min(xs)) / width, (place.y - min(ys)) / height
    world = await world_of(send, frame_id)
    hit = await send("Runtime.evaluate", expression=f"({HIT})({across}, {down})", contextId=world)
    object_id = hit["result"].get("objectId")
    if object_id is None:
        return None
    number = int((await send("DOM.describeNode", objectId=object_id))["node"]["backendNodeId"])
    size = await send("Runtime.evaluate", expression="[innerWidth, innerHeight]", contextId=world, returnByValue=True)
    inner_width, inner_height = map(float, size["result"]["value"])
    inner = Point(across * inner_width, down * inner_height)
    told = await _told(page, send, str(object_id), frame_id, inner)
    return _Node(send=send, number=number, told=told), inner


async def _focused(page: BrowserPage) -> _Node | None:
    """What has the focus; it is seen where it, and each frame that it is in, can be seen."""
    way = await way_to_focus(page)
    if not way:
        return None
    told = [await _told(page, document.send, found, document.frame_id) for document, found in way]
    document, found = way[-1]
    number = int((await document.send("DOM.describeNode", objectId=found))["node"]["backendNodeId"])
    whole = {
        **told[-1],
        "visible": all(one.get("visible") for one in told),
        "changed": next((one["changed"] for one in told if one.get("changed")), ""),
    }
    node = _Node(send=document.send, number=number, told=whole, frame_id=document.frame_id)
    return await _closed(page, node) if whole.get("tag") in _FRAMES else node


async def _told(page: BrowserPage, send: Send, found: str, frame_id: str, at: Point | None = None) -> dict[str, Any]:
    """What the document of a frame says of a node in it, at a place; without one, of the node with the focus.

    Without the name of the frame it is not compared with what was there before.
    """
    x, y = (0, 0) if at is None else (at.x, at.y)
    told = await called(send, found, THING, x, y, at is None, bool(frame_id) and page.knows(frame_id))
    return cast(dict[str, Any], told) if isinstance(told, dict) else {}


async def _described(node: _Node, facts: Facts, page: BrowserPage) -> Facts:
    """Role and name as the accessibility tree has them, of the nearest thing around the node that takes actions."""
    tree = await node.send("Accessibility.getPartialAXTree", backendNodeId=node.number, fetchRelatives=True)
    chosen = _thing(tree["nodes"], node.number)
    told, url = node.told, str(node.told.get("url", ""))
    is_local = url.startswith("file:") or (url.startswith("data:") and url == facts.url)
    return replace(
        facts,
        role=_value(chosen, "role") if chosen else "",
        name=_value(chosen, "name").strip() if chosen else "",
        url=_owner(page, node.told, facts.url),
        href=str(told.get("href", "")),
        input_type=str(told.get("type", "")),
        hides_text=bool(told.get("hides")),
        origin=url if is_local else str(told.get("origin", "")),
        form=str(told.get("form", "")),
        method=str(told.get("method", "")),
        sent_by=str(told.get("sentBy", "")),
        submits=bool(told.get("submits")),
        downloads=bool(told.get("downloads")),
        visible=cast(bool | None, told.get("visible")),
        changed=str(told.get("changed", "")),
    )


def _owner(page: BrowserPage, told: dict[str, Any], page_url: str) -> str:
    """The address that the document of a node is judged by."""
    url, origin = str(told.get("url", "")), str(told.get("origin", ""))
    return owner_of(url or "about:", page_url=page_url, origin=origin, others=page.has_others) or OF_NOBODY


def _thing(nodes: list[dict[str, Any]], node: int) -> dict[str, Any] | None:
    """The node or its nearest ancestor that takes actions, else the nearest that has any role."""
    by_id = {one["nodeId"]: one for one in nodes}
    here = next((one for one in nodes if one.get("backendDOMNodeId") == node), None)
    nearest: dict[str, Any] | None = None
    while here is not None:
        role = _value(here, "role")
        if not here.get("ignored"):
            if role in _TAKE_ACTIONS:
                return here
            if nearest is None and role not in _NO_ROLE:
                nearest = here
        here = by_id.get(here.get("parentId"))
    return nearest


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value") or "")
