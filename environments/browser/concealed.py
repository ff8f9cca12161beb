"""Fields for secrets that show what they hold: a page that lets a password be read does not let it be copied.

A field counts from the moment that it was first seen as one, whatever the page makes of it later.
"""

import json
from typing import cast

from playwright.async_api import Error as PlaywrightError

from ...screen import Box, Point
from .documents import documents_of, sessions_of
from .element_script import DESCRIBE, SENSITIVE
from .elements import MAX_TEXT_CHARS
from .window import BrowserWindow

_CONCEAL = (
    "(longest, sensitive) => {"
    + DESCRIBE
    + r"""
  const MAX_NODES = 100000;
  const mark = Symbol.for("concealed");
  const known = globalThis[mark] || (globalThis[mark] = {nodes: new WeakSet(), refs: [], hears: false});
  const look = (root, count) => {
    const walker = Document.prototype.createTreeWalker.call(document, root, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node && count.left-- > 0; node = walker.nextNode()) {
      if (matches(node, sensitive) && !known.nodes.has(node)) {
        known.nodes.add(node);
        known.refs.push(new WeakRef(node));
      }
      if (shadowRoot(node)) look(shadowRoot(node), count);
    }
  };
  look(document, {left: MAX_NODES});
  if (!known.hears && known.refs.length) {
    known.hears = true;
    for (const kind of ["copy", "cut", "dragstart"]) addEventListener(kind, (event) => {
      if (!event.composedPath().some((node) => known.nodes.has(node))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }
  known.refs = known.refs.filter((one) => one.deref());
  const isClear = (node) => {
    const hides = getComputedStyle(node).webkitTextSecurity;
    return node.value !== "" && node.type !== "password" && (!hides || hides === "none");
  };
  return known.refs.map((one) => one.deref()).filter((node) => node.isConnected && isClear(node)).map((node) => {
    const box = Element.prototype.getBoundingClientRect.call(node);
    return [box.left, box.top, box.right, box.bottom];
  });
}"""
)


async def conceal(window: BrowserWindow) -> tuple[Box, ...]:
    """Where a field for a secret shows what it holds, in screenshot pixels; nothing is copied out of it any more."""
    page = window.active
    view = await page.view()
    corners = (view.to_viewport(point) for point in (Point(0, 0), Point(window.size.width, window.size.height)))
    arguments = f"{MAX_TEXT_CHARS}, {json.dumps(SENSITIVE)}"
    boxes: list[Box] = []
    for document in await documents_of(await sessions_of(page), Box.around(*corners)):
        try:
            answer = await document.send(
                "Runtime.evaluate",
                expression=f"({_CONCEAL})({arguments})",
                contextId=document.world,
                returnByValue=True,
            )
        except PlaywrightError:
            if page.page.is_closed():
                raise
            continue  # the frame went away meanwhile
        for sides in cast(list[list[float]], answer["result"].get("value") or ()):
            box, around = Box(*sides), document
            while around.around is not None:
                box, around = around.outwards(box), around.around
            boxes.append(view.to_screen(box).clip(window.size))
    return tuple(box for box in boxes if box.area > 0)
