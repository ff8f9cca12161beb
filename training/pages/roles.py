"""What the elements of a page are by Chromium's own accessibility tree, which is what readers of a screen are told."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, cast

from playwright.async_api import CDPSession

_NOTHING = ("none", "generic", "presentation", "")
Role = tuple[str, str]
"""ARIA role and accessible name."""


class Roles:
    """The roles of a document's elements, by their number in the order of the document."""

    def __init__(self, root: dict[str, Any], told: dict[int, Role]) -> None:
        self._found: list[Role] = []
        self._around: list[int] = []
        for element, around in _elements(root, -1, [0]):
            self._found.append(told.get(element["backendNodeId"], ("", "")))
            self._around.append(around)

    def of(self, number: int) -> Role:
        """What the element is told as."""
        return self._found[number]

    def around(self, number: int) -> str:
        """The role of the element, or of the next around it that has one."""
        while number >= 0:
            role, _ = self._found[number]
            if role not in _NOTHING:
                return role
            number = self._around[number]
        return ""


async def roles_in(session: CDPSession) -> Roles:
    """Those of the page of a session with DevTools, as it stands now."""
    send = cast(Callable[..., Awaitable[dict[str, Any]]], session.send)  # pyright: ignore[reportUnknownMemberType]
    tree, document = await send("Accessibility.getFullAXTree"), await send("DOM.getDocument", {"depth": -1})
    told = {
        node["backendDOMNodeId"]: (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in tree["nodes"]
        if not node["ignored"] and "backendDOMNodeId" in node
    }
    return Roles(document["root"], told)


def _elements(node: dict[str, Any], around: int, next_number: list[int]) -> Iterator[tuple[dict[str, Any], int]]:
    """Each element with the number of that around it, in the order of the document."""
    if node["nodeType"] == 1:
        yield node, around
        around = next_number[0]
        next_number[0] += 1
    for child in node.get("children", ()):
        yield from _elements(child, around, next_number)
