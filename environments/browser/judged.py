"""Keys, text and secrets for the thing that was judged and for no other, wherever a page has moved the focus since.

What keys go to is found a moment before they are pressed, and a page may move the focus in that moment. So a secret is
no keys: it is put into the field itself, from the world of our own that a document cannot reach, as a password manager
does. Keys and text are pressed, and the document of the thing lets none through while something else has the focus.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

from playwright.async_api import Error as PlaywrightError

from ...errors import ActionFailed
from .documents import Document, called
from .focus import way_to_focus
from .keyboard import press, type_text
from .page import BrowserPage
from .thing_script import COMMON
from .window import Judged

MOVED = "look again: the focus has moved since it was looked at"
ADVANCES, ADVANCE_S = 5, 0.05
"""How often, and how long each time, a page is given to move on to the next of several fields for one code."""

# How much of the text no field has taken, and why. A field is known as one for secrets from then on (concealed.py).
_ENTER = (
    "function (text) {"
    + COMMON
    + r"""
  const mark = Symbol.for("concealed");
  const known = globalThis[mark] || (globalThis[mark] = {nodes: new WeakSet(), refs: [], hears: false});
  const tell = (node, event) => EventTarget.prototype.dispatchEvent.call(node, event);
  const key = (kind) => new KeyboardEvent(kind, {bubbles: true, composed: true, key: "Unidentified"});
  let node = this, rest = text;
  while (rest) {
    const type = [HTMLInputElement, HTMLTextAreaElement].find((one) => node instanceof one);
    if (!known.nodes.has(node)) {
      known.nodes.add(node);
      known.refs.push(new WeakRef(node));
    }
    if (!type) {
      if (!(node instanceof HTMLElement) || !node.isContentEditable) return [rest.length, "it is no field for text"];
      return Document.prototype.execCommand.call(document, "insertText", false, rest) ? null
        : [rest.length, "the field takes no text"];
    }
    if (get(type, "readOnly")(node) || Element.prototype.matches.call(node, ":disabled")) {
      return [rest.length, "the field takes no text"];
    }
    const value = get(type, "value")(node), most = get(type, "maxLength")(node);
    const from = get(type, "selectionStart")(node) ?? value.length;
    const to = get(type, "selectionEnd")(node) ?? value.length;
    const room = most < 0 ? rest.length : Math.max(0, most - (value.length - (to - from)));
    const taken = [...rest].reduce((all, one) => (all.length + one.length <= room ? all + one : all), "");
    if (!taken) return [rest.length, "the field is full"];
    tell(node, key("keydown"));
    const put = Object.getOwnPropertyDescriptor(type.prototype, "value").set;
    put.call(node, value.slice(0, from) + taken + value.slice(to));
    const end = from + taken.length;
    try { type.prototype.setSelectionRange.call(node, end, end); } catch {}
    rest = rest.slice(taken.length);
    tell(node, new InputEvent("input", {bubbles: true, composed: true, inputType: "insertText", data: taken}));
    tell(node, key("keyup"));
    tell(node, new Event("change", {bubbles: true}));
    if (rest && active() === node) return [rest.length, "the field is full"];
    if (rest) node = active();
  }
  return null;
}"""
)

# Keys stay with the node: a text also where the page moves on to another field for text, as to the next box of a code,
# and so does the character of a key, which comes behind what the page has made of the key. Tab moves the focus itself.
_WATCH = (
    "function (isText) {"
    + COMMON
    + r"""
  const node = this, modifiers = ["Shift", "Control", "Alt", "Meta"], kinds = ["keydown", "keypress", "keyup"];
  const noText = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"];
  const takesText = (one) => one instanceof HTMLTextAreaElement || (one instanceof HTMLElement && one.isContentEditable)
    || (one instanceof HTMLInputElement && !noText.includes(get(HTMLInputElement, "type")(one)));
  const watch = {
    moved: false,
    stop: () => kinds.forEach((kind) => removeEventListener(kind, hear, true)),
    stays: () => Document.prototype.hasFocus.call(document) && (active() === node || takesText(active())),
  };
  const hear = (event) => {
    if (!event.isTrusted) return;
    const isChar = event.type === "keypress";
    const stays = active() === node || ((isText || isChar) && takesText(active()));
    if (event.type !== "keyup" && !stays) watch.moved = true;
    if (watch.moved) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (!isText && event.type === "keydown" && !["Enter", ...modifiers].includes(event.key)) watch.stop();
  };
  kinds.forEach((kind) => addEventListener(kind, hear, true));
  globalThis[Symbol.for("keys")] = watch;
}"""
)

_STAYS = """function () {
  const watch = globalThis[Symbol.for("keys")];
  return Boolean(watch) && !watch.moved && watch.stays();
}"""

_UNWATCH = """function () {
  const watch = globalThis[Symbol.for("keys")];
  if (!watch) return false;
  watch.stop();
  return watch.moved;
}"""


async def focus_of(page: BrowserPage) -> tuple[Document, str, tuple[str, int]] | None:
    """What has the focus, innermost: its document, DevTools' object, and a name that it keeps."""
    way = await way_to_focus(page)
    if not way:
        return None
    document, found = way[-1]
    described = await document.send("DOM.describeNode", objectId=found)
    return document, found, (document.frame_id, int(described["node"]["backendNodeId"]))


async def enter_secret(page: BrowserPage, value: str, judged: Judged | None) -> None:
    """Put the value into the field that was judged, and into those that the page moves on to within its document.

    Raises ActionFailed where something else has the focus by now, and where not all of it was taken.
    """
    place = await there(page, judged)
    if place is None:
        raise ActionFailed("nothing has the focus that a secret could go to")
    document, found = place
    why = ""
    for _ in range(ADVANCES):
        left = cast(list[object] | None, await called(document.send, found, _ENTER, value))
        if left is None:
            return
        rest, why = int(str(left[0])), str(left[1])
        value = value[-rest:]
        await asyncio.sleep(ADVANCE_S)
        again = await focus_of(page)
        if again is None or again[0].frame_id != document.frame_id:
            break
        found = again[1]
    raise ActionFailed(f"not all of the secret was taken: {why}")


async def press_there(page: BrowserPage, keys: tuple[str, ...], judged: Judged | None) -> None:
    """Press keys on what was judged. Raises ActionFailed where something else has the focus as they come."""
    async with _watched(page, judged, is_text=False):
        await press(page.page.keyboard, keys)


async def type_there(page: BrowserPage, text: str, judged: Judged | None) -> None:
    """Type the text into what was judged, and into fields for text that the page moves on to within its document.

    Raises ActionFailed as soon as something else has the focus. What a Tab of the text leads to is not watched.
    """
    keyboard = page.page.keyboard
    typed, tab, rest = text.partition("\t")
    async with _watched(page, judged, is_text=True) as look:
        await type_text(keyboard, typed, look)
    await type_text(keyboard, tab + rest)


@asynccontextmanager
async def _watched(
    page: BrowserPage, judged: Judged | None, *, is_text: bool
) -> AsyncGenerator[Callable[[], Awaitable[None]] | None]:
    """Have the document of what was judged let keys through for that alone; the value looks whether it still would."""
    place = None if judged is None else await there(page, judged)
    if place is None:
        yield None
        return
    document, found = place
    await called(document.send, found, _WATCH, is_text)

    async def look() -> None:
        try:
            stays = await called(document.send, found, _STAYS)
        except PlaywrightError:  # the keys have led to another page
            stays = False
        if not stays:
            raise ActionFailed(MOVED)

    has_moved: object = False
    try:
        yield look
    finally:
        with suppress(PlaywrightError):
            has_moved = await called(document.send, found, _UNWATCH)
    if has_moved:
        raise ActionFailed(MOVED)


async def there(page: BrowserPage, judged: Judged | None) -> tuple[Document, str] | None:
    """The thing with the focus, where any has it. Raises ActionFailed where it is not the one that was judged."""
    now = await focus_of(page)
    if judged is not None and (None if now is None else now[2]) != judged.focus:
        raise ActionFailed(MOVED)
    return None if now is None else now[:2]
