"""The accessibility tree that OSWorld's desktops send along: where things are, and which of them hold passwords.

Tag names are the roles of AT-SPI; attributes tell name, place ("(x, y)"), size ("(width, height)") and states.
"""

import re
from dataclasses import dataclass

from ...errors import ActionFailed
from ...screen import Box, Element, Point, Size
from ..trees import read_tags

MAX_NODES = 30_000
MAX_ELEMENTS = 500
MAX_NAME_CHARS = 200
_PAIR = re.compile(r"\((-?\d{1,6}), *(-?\d{1,6})\)")
_ROLES = {  # of AT-SPI, and the names that web pages use
    "push-button": "button",
    "toggle-button": "button",
    "entry": "textbox",
    "password-text": "textbox",
    "text": "textbox",
    "check-box": "checkbox",
    "radio-button": "radio",
    "combo-box": "combobox",
    "link": "link",
    "menu-item": "menuitem",
    "check-menu-item": "menuitemcheckbox",
    "radio-menu-item": "menuitemradio",
    "menu": "menuitem",
    "page-tab": "tab",
    "list-item": "option",
    "slider": "slider",
    "spin-button": "spinbutton",
    "table-cell": "gridcell",
    "icon": "img",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One thing of the tree that is in sight, in pixels of the screenshot. Later nodes lie deeper or on top."""

    box: Box
    role: str
    name: str
    is_password: bool
    is_focused: bool
    states: tuple[str, ...]


def parse_tree(xml: str) -> tuple[Node, ...]:
    """The nodes in sight. Raises ActionFailed for a tree that cannot be read."""
    told = (_node(tag.name, tag.attributes) for tag in read_tags(xml.encode("utf-8", "replace"), most=MAX_NODES))
    return tuple(node for node in told if node)


def nodes_of(tree: object) -> tuple[Node, ...] | None:
    """As `parse_tree`; None where there is no tree, or none that can be read."""
    if not isinstance(tree, str) or not tree.strip():
        return None
    try:
        return parse_tree(tree)
    except ActionFailed:
        return None


def _node(role: str, told: dict[str, str]) -> Node | None:
    place, size = _PAIR.fullmatch(told.get("screencoord", "")), _PAIR.fullmatch(told.get("size", ""))
    if place is None or size is None or told.get("showing") != "true":
        return None
    (x, y), (width, height) = map(int, place.groups()), map(int, size.groups())
    if width <= 0 or height <= 0:
        return None
    on = {key for key, value in told.items() if value == "true"}
    states = tuple(state for state in ("checked", "selected", "expanded", "focused") if state in on)
    return Node(
        box=Box(x, y, x + width, y + height),
        role=_ROLES.get(role, ""),
        name=told.get("name", "")[:MAX_NAME_CHARS],
        is_password=role == "password-text",
        is_focused="focused" in on,
        states=states if told.get("enabled") != "false" else (*states, "disabled"),
    )


def node_at(nodes: tuple[Node, ...], point: Point) -> Node | None:
    """The last node there that takes actions, else the last."""
    there = [node for node in nodes if node.box.contains(point)]
    return ([node for node in there if node.role] or there or [None])[-1]


def elements(nodes: tuple[Node, ...], size: Size) -> tuple[Element, ...]:
    """What takes actions and is on the screen, at most 500."""
    seen = ((node, node.box.clip(size)) for node in [node for node in nodes if node.role][:MAX_ELEMENTS])
    return tuple(
        Element(box=box, role=node.role, name=node.name, states=node.states)
        for node, box in seen
        if box.area and node_at(nodes, box.center) is node
    )
