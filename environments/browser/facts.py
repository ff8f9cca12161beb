"""What stands at a place of a page, told by the browser itself: no script of the page has a say in it."""

from dataclasses import replace
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Point
from ...tools import Action, Navigate, NewTab, Press, TypeText, points_of
from ..environment import Facts
from .fields import box_in_viewport
from .page import BrowserPage
from .window import BrowserWindow

WORLD = "clickwright"
"""The name of the world in which scripts of ours run, beside that of the page's."""
_TAKE_ACTIONS = frozenset(
    (
        *("button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "option"),
        *("menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem", "gridcell"),
        *("DisclosureTriangle", "ComboBoxSelect", "MenuListOption", "Date", "DateTime", "InputTime", "ColorWell"),
        *("PopUpButton", "TextField", "textarea", "Iframe", "IframePresentational", "LabelText"),
    )
)
_NO_ROLE = frozenset({"", "none", "generic", "StaticText", "InlineTextBox", "presentation"})

# Runs in a world of its own, where the page cannot have replaced `activeElement`; asked by way of the prototypes,
# because a picture or a field that is named "activeElement" would be given in its place.
_FOCUSED = """(() => {
  const get = (node, type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get.call(node);
  const inside = (node) => {
    const name = get(node, Element, "tagName").toUpperCase();
    if (name === "IFRAME" || name === "FRAME") {
      const inner = get(node, name === "FRAME" ? HTMLFrameElement : HTMLIFrameElement, "contentDocument");
      return inner && get(inner, Document, "activeElement");
    }
    const root = get(node, Element, "shadowRoot");
    return root && get(root, ShadowRoot, "activeElement");
  };
  let found = get(document, Document, "activeElement");
  for (let inner = found; inner; inner = inside(found)) found = inner;
  return found;
})()"""

SENSITIVE = ", ".join(
    (
        'input[type="password" i]',
        *(f'input[autocomplete~="{kind}" i]' for kind in ("current-password", "new-password", "one-time-code")),
        *(f'input[autocomplete~="{kind}" i]' for kind in ("cc-number", "cc-csc", "cc-exp")),
    )
)


async def facts_of(window: BrowserWindow, action: Action) -> Facts:
    """What the action would touch now: the thing at its first point, or the one with the focus."""
    page = window.active
    points = points_of(action)
    facts = Facts(point=points[0] if points else None, url=page.page.url)
    if isinstance(action, Navigate | NewTab):
        return replace(facts, href=action.url)
    if points:
        node = await _node_at(page, points[0])
    elif isinstance(action, TypeText | Press):
        node = await _focused_node(page)
    else:
        node = None
    return facts if node is None else await _described(page, node, facts)


async def sensitive_boxes(window: BrowserWindow) -> tuple[Box, ...]:
    """Fields for passwords, codes and card numbers, in every frame and open shadow root, in screenshot pixels."""
    page = window.active
    view = await page.view()
    boxes: list[Box] = []
    for frame in page.page.frames:
        try:
            for field in await frame.query_selector_all(SENSITIVE):
                box = await box_in_viewport(frame, field)
                boxes.append(view.to_screen(box).clip(window.size))
        except PlaywrightError:
            if page.page.is_closed():
                raise
            continue  # the frame went away meanwhile
    return tuple(box for box in boxes if box.area > 0)


async def _node_at(page: BrowserPage, point: Point) -> int | None:
    """DevTools' number of the innermost element at the point, through shadow roots and frames of the same process."""
    place = (await page.view()).to_document(point)
    try:
        hit = await page.send("DOM.getNodeForLocation", x=int(place.x), y=int(place.y))
    except PlaywrightError as error:
        if "No node found" in str(error):
            return None
        raise
    return int(hit["backendNodeId"])


async def _focused_node(page: BrowserPage) -> int | None:
    tree = await page.send("Page.getFrameTree")
    frame_id = tree["frameTree"]["frame"]["id"]
    world = await page.send("Page.createIsolatedWorld", frameId=frame_id, worldName=WORLD)
    found = await page.send("Runtime.evaluate", expression=_FOCUSED, contextId=world["executionContextId"])
    object_id = found["result"].get("objectId")
    if object_id is None:
        return None
    node = await page.send("DOM.describeNode", objectId=object_id)
    return int(node["node"]["backendNodeId"])


async def _described(page: BrowserPage, node: int, facts: Facts) -> Facts:
    """Role and name as the accessibility tree has them, of the nearest thing around the node that takes actions."""
    tree = await page.send("Accessibility.getPartialAXTree", backendNodeId=node, fetchRelatives=True)
    chosen = _thing(tree["nodes"], node)
    number = int(chosen.get("backendDOMNodeId", node)) if chosen else node
    described = (await page.send("DOM.describeNode", backendNodeId=number))["node"]
    attributes = _attributes(described)
    kind = str(described.get("nodeName", "")).upper()
    facts = replace(
        facts,
        role=_value(chosen, "role") if chosen else "",
        name=_value(chosen, "name").strip() if chosen else "",
        href=_link(chosen) if chosen else "",
        input_type=_input_type(kind, attributes),
    )
    if kind in ("IFRAME", "FRAME") and attributes.get("src"):
        return replace(facts, url=urljoin(facts.url, attributes["src"]))
    return facts


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


def _link(node: dict[str, Any]) -> str:
    if _value(node, "role") != "link":
        return ""
    return next((_value(one, "value") for one in node.get("properties", ()) if one["name"] == "url"), "")


def _attributes(described: dict[str, Any]) -> dict[str, str]:
    flat: list[str] = described.get("attributes", [])
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _input_type(kind: str, attributes: dict[str, str]) -> str:
    match kind:
        case "INPUT":
            return attributes.get("type", "text").lower()
        case "BUTTON":
            return attributes.get("type", "submit").lower()
        case "TEXTAREA" | "SELECT":
            return kind.lower()
        case _:
            return ""
