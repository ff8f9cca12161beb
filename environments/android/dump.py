"""What stands on the screen, as `uiautomator dump` tells it: nodes with bounds, text and class.

The text of a node may come from a hostile app or page.
"""

import re
from dataclasses import dataclass

from ...errors import ActionFailed
from ...screen import Box, Element, Point, Size
from ..trees import read_tags
from .adb import Adb, last_line

MAX_NODES = 5_000
MAX_NAME_CHARS = 200
MAX_ELEMENTS = 500
_BOUNDS = re.compile(r"\[(-?\d{1,6}),(-?\d{1,6})\]\[(-?\d{1,6}),(-?\d{1,6})\]")
_WITHOUT_SCHEME = re.compile(r"(localhost|\[[\da-fA-F:.]+\]|[\w-]+(\.[\w-]+)+\.?)(:\d{1,5})?([/?#]\S*)?")
_WITH_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z\d+.-]*:\S+")
_ROLES = {  # the last part of an Android class, and the accessible role that it plays
    "Button": "button",
    "ImageButton": "button",
    "EditText": "textbox",
    "AutoCompleteTextView": "textbox",
    "MultiAutoCompleteTextView": "textbox",
    "CheckBox": "checkbox",
    "RadioButton": "radio",
    "Switch": "switch",
    "ToggleButton": "switch",
    "Spinner": "combobox",
    "SeekBar": "slider",
    "TextView": "text",
    "ImageView": "image",
    "WebView": "document",
    "ListView": "list",
    "RecyclerView": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of a dump, in screenshot pixels. `depth` grows inwards; later nodes lie on top."""

    box: Box
    depth: int
    role: str
    name: str
    resource: str
    takes_actions: bool
    is_focused: bool
    is_password: bool
    states: tuple[str, ...] = ()


async def dump(adb: Adb) -> tuple[Node, ...]:
    """The nodes in document order. Raises ActionFailed where the device gives no tree, as during an animation."""
    return parse_dump(await adb.read("uiautomator", "dump", "/dev/tty"))


def parse_dump(raw: bytes) -> tuple[Node, ...]:
    """Read one dump; what uiautomator writes before and after the tree is left out."""
    start, end = raw.find(b"<?xml"), raw.rfind(b"</hierarchy>")
    if start < 0 or end < start:
        raise ActionFailed(f"the device gave no tree: {last_line(raw[:2000].decode('utf-8', 'replace')) or 'nothing'}")
    xml = raw[start : end + len(b"</hierarchy>")]
    told = (_node(tag.attributes, tag.depth) for tag in read_tags(xml, most=MAX_NODES) if tag.name == "node")
    return tuple(node for node in told if node)


def _node(told: dict[str, str], depth: int) -> Node | None:
    bounds = _BOUNDS.fullmatch(told.get("bounds", ""))
    if bounds is None:
        return None
    x1, y1, x2, y2 = (int(side) for side in bounds.groups())
    if x2 <= x1 or y2 <= y1:
        return None
    is_password = told.get("password") == "true"
    name = told.get("content-desc") or ("" if is_password else told.get("text", ""))
    on = {key for key, value in told.items() if value == "true"}
    role = _ROLES.get(told.get("class", "").rpartition(".")[2], "")
    clickable = on & {"clickable", "long-clickable", "checkable"}
    states = (*(state for state in ("checked", "selected", "focused") if state in on),)
    return Node(
        box=Box(x1, y1, x2, y2),
        depth=depth,
        role="button" if clickable and role in ("", "text", "image") else role,
        name=name[:MAX_NAME_CHARS],
        resource=told.get("resource-id", "")[:MAX_NAME_CHARS],
        takes_actions=bool(clickable) or role == "textbox",
        is_focused="focused" in on,
        is_password=is_password,
        states=states if told.get("enabled") != "false" else (*states, "disabled"),
    )


def node_at(nodes: tuple[Node, ...], point: Point) -> Node | None:
    """The node that a tap would reach: the last one there that takes actions, with the words inside it, else the last.

    Android draws later nodes over earlier ones.
    """
    there = [node for node in nodes if node.box.contains(point)]
    taking = [node for node in there if node.takes_actions]
    return (taking or there or [None])[-1]


def name_of(nodes: tuple[Node, ...], node: Node) -> str:
    """Its own name, else the words of the nodes inside it, as TalkBack reads a row of a list."""
    if node.name or node.is_password:
        return node.name
    after = nodes[nodes.index(node) + 1 :]
    inside: list[str] = []
    for other in after:
        if other.depth <= node.depth:
            break
        if other.name:
            inside.append(other.name)
    return " ".join(inside)[:MAX_NAME_CHARS]


def sensitive(nodes: tuple[Node, ...], size: Size) -> tuple[Box, ...]:
    """Where fields for passwords are in sight."""
    boxes = (node.box.clip(size) for node in nodes if node.is_password)
    return tuple(box for box in boxes if box.area)


def elements(nodes: tuple[Node, ...], size: Size) -> tuple[Element, ...]:
    """What takes actions and is in sight, at most 500."""
    seen = ((node, node.box.clip(size)) for node in [node for node in nodes if node.takes_actions][:MAX_ELEMENTS])
    return tuple(
        Element(box=box, role=node.role, name=name_of(nodes, node), states=node.states)
        for node, box in seen
        if box.area and node_at(nodes, box.center) is node
    )


def page_url(nodes: tuple[Node, ...]) -> str:
    """The address in the address bar of a browser, as Chrome and those built on it name that field; else empty.

    The bar leaves out the scheme, which counts as https, and holds no address while words are searched for.
    """
    shown = next((node.name.strip() for node in nodes if node.resource.endswith(":id/url_bar")), "")
    if _WITHOUT_SCHEME.fullmatch(shown):
        return f"https://{shown}"
    return shown if _WITH_SCHEME.fullmatch(shown) else ""
