"""The scripts that say what a thing of a page is for, and whether it is what the last picture showed.

They run in a world of their own, and ask by way of the prototypes: a form may have a field named "action".
"""

import json

from ..environment import COUNTS_ELSE, SAYS_ELSE

COMMON = r"""
  const get = (type, name) => {
    const getter = Object.getOwnPropertyDescriptor(type.prototype, name).get;
    return (node) => getter.call(node);
  };
  const parentNode = get(Node, "parentNode"), assignedSlot = get(Element, "assignedSlot");
  const hostOf = get(ShadowRoot, "host"), shadowRoot = get(Element, "shadowRoot");
  const attribute = (node, name) => Element.prototype.getAttribute.call(node, name) || "";
  const has = (node, name) => Element.prototype.hasAttribute.call(node, name);
  const boxOf = (node) => Element.prototype.getBoundingClientRect.call(node);
  const up = (node) =>
    (node instanceof Element && assignedSlot(node)) || (node instanceof ShadowRoot ? hostOf(node) : parentNode(node));
  const at = (x, y) => {
    let found = Document.prototype.elementFromPoint.call(document, x, y);
    while (found && shadowRoot(found)) {
      const inner = ShadowRoot.prototype.elementFromPoint.call(shadowRoot(found), x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found;
  };
  const isOf = (node, hit) => {
    for (; hit; hit = up(hit)) {
      if (hit === node || (hit instanceof HTMLLabelElement && get(HTMLLabelElement, "control")(hit) === node)) {
        return true;
      }
    }
    return false;
  };
  const active = () => {
    const inside = (root) => get(root instanceof Document ? Document : ShadowRoot, "activeElement")(root);
    let found = inside(document);
    while (found && shadowRoot(found) && inside(shadowRoot(found))) found = inside(shadowRoot(found));
    return found;
  };
  const MARKS = "a[href], area[href], button, input, select, textarea, summary, label, iframe, [role], [onclick], " +
    "[tabindex]";
  const SEEN = Symbol.for("seen");

  // What a thing says of itself, and what it does as far as its document tells.
  const keyOf = (node) => {
    const few = get(Element, "childElementCount")(node) <= 3;
    const text = few ? get(Node, "textContent")(node).slice(0, 400) : "";
    const value = node instanceof HTMLInputElement && /^(submit|button|reset)$/.test(attribute(node, "type"))
      ? get(HTMLInputElement, "value")(node) : "";
    const names = ["type", "href", "src", "role", "aria-label", "onclick", "formaction", "formmethod"];
    const kind = [HTMLButtonElement, HTMLInputElement].find((one) => node instanceof one);
    const form = kind && get(kind, "form")(node);
    const sends = form ? [attribute(form, "action"), attribute(form, "method")] : [];
    const does = [get(Element, "tagName")(node), ...names.map((name) => attribute(node, name)), ...sends].join("|");
    const says = `${text}|${value}`.replace(/\s+/g, " ");
    return {does, says, words: says.replace(/\d+/g, "#")};
  };
"""

REMEMBER = (
    "(() => {"
    + COMMON
    + r"""
  const MOST = 1500, TRIES = 1500, NODES = 10000;
  const things = new WeakMap();
  let count = 0, tries = TRIES, nodes = NODES;
  const roots = [document];
  for (let n = 0; n < roots.length; n++) {
    const walk = Document.prototype.createTreeWalker.call(document, roots[n], NodeFilter.SHOW_ELEMENT);
    for (let node; nodes > 0 && (node = TreeWalker.prototype.nextNode.call(walk)); nodes--) {
      if (shadowRoot(node)) roots.push(shadowRoot(node));
    }
  }
  const marked = function* () {
    yield* Document.prototype.querySelectorAll.call(document, MARKS);
    for (const root of roots.slice(1)) yield* DocumentFragment.prototype.querySelectorAll.call(root, MARKS);
  };
  for (const node of marked()) {
    const box = boxOf(node);
    if (!(box.width && box.height) || box.right <= 0 || box.bottom <= 0 || box.left >= innerWidth ||
        box.top >= innerHeight) continue;
    if (count++ >= MOST) break;
    const rows = Element.prototype.getClientRects.call(node);
    const parts = rows.length > 1 ? [...rows].slice(0, 4).map((one) => [one, 0.5, 0.5])
      : [[box, 0.5, 0.5], [box, 0.2, 0.25], [box, 0.8, 0.25], [box, 0.2, 0.75], [box, 0.8, 0.75]];
    const places = [];
    for (const [part, across, down] of parts) {
      const x1 = Math.max(part.left, 0), x2 = Math.min(part.right, innerWidth);
      const y1 = Math.max(part.top, 0), y2 = Math.min(part.bottom, innerHeight);
      if (x2 <= x1 || y2 <= y1 || tries-- <= 0) continue;
      const [x, y] = [x1 + (x2 - x1) * across, y1 + (y2 - y1) * down];
      places.push([x, y, isOf(node, at(x, y))]);
    }
    things.set(node, {box: [box.left, box.top, box.right, box.bottom], places, key: keyOf(node)});
  }
  const focus = active();
  globalThis[SEEN] = {things, isWhole: count <= MOST, hasAllRoots: nodes > 0, focus: focus && new WeakRef(focus)};
})()"""
)
"""Keep in mind, in this world of the document, what is in sight and can be used: where it is, what it says, and whether
something lies over it. Run just before a picture is taken."""

THING = (
    f"function (x, y, isFocus, isCompared) {{ const [SAYS_ELSE, COUNTS_ELSE] = {json.dumps([SAYS_ELSE, COUNTS_ELSE])};"
    + COMMON
    + r"""
  const start = this instanceof Element ? this : up(this);
  let control = null, link = null, mark = null;
  for (let node = start; node; node = up(node)) {
    if (!(node instanceof Element)) continue;
    if (!mark && Element.prototype.matches.call(node, MARKS)) mark = node;
    const isLink = node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement || node instanceof SVGAElement;
    if (!link && isLink && (has(node, "href") || has(node, "xlink:href"))) link = node;
    if (!control) {
      const isControl = node instanceof HTMLButtonElement || node instanceof HTMLInputElement ||
        node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement;
      control = isControl ? node : node instanceof HTMLLabelElement ? get(HTMLLabelElement, "control")(node) : null;
    }
  }
  const whole = (text) => {
    try { return new URL(text || get(Document, "URL")(document), get(Node, "baseURI")(document)).href; } catch {}
    return "";
  };
  const typeOf = () => {
    if (control instanceof HTMLTextAreaElement) return "textarea";
    if (control instanceof HTMLSelectElement) return "select";
    if (control instanceof HTMLInputElement) return get(HTMLInputElement, "type")(control);
    return control instanceof HTMLButtonElement ? get(HTMLButtonElement, "type")(control) : "";
  };
  const type = typeOf();

  // The button that Enter in a field of the form presses.
  const buttonOf = (form) => {
    for (const one of get(HTMLFormElement, "elements")(form)) {
      const isButton = one instanceof HTMLButtonElement && get(HTMLButtonElement, "type")(one) === "submit";
      if (isButton || (one instanceof HTMLInputElement && get(HTMLInputElement, "type")(one) === "submit")) return one;
    }
    for (const one of Document.prototype.querySelectorAll.call(document, "input[type=image]")) {
      if (get(HTMLInputElement, "form")(one) === form) return one;
    }
    return null;
  };
  const saidBy = (one) => [one instanceof HTMLInputElement ? get(HTMLInputElement, "value")(one) : "",
    get(Node, "textContent")(one), attribute(one, "aria-label"), attribute(one, "alt"), attribute(one, "title")]
    .join(" ").replace(/\s+/g, " ").trim().slice(0, 400);

  const formOf = () => {
    const kinds = [HTMLButtonElement, HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement];
    const kind = kinds.find((one) => control instanceof one);
    const form = kind ? get(kind, "form")(control) : null;
    if (!form) return null;
    const sends = /^(submit|image)$/.test(type);
    const by = sends ? control : buttonOf(form);
    const own = (name, other) => (by && has(by, name) ? attribute(by, name) : attribute(form, other));
    const method = own("formmethod", "method").toLowerCase() || "get";
    return method === "dialog" ? null
      : {action: whole(own("formaction", "action")), method, sends, by: by ? saidBy(by) : ""};
  };
  const form = formOf();

  // Whether a person sees the field: drawn, of some size, in sight, and nothing else over its middle.
  const isSeen = (node) => {
    const asked = {visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true};
    if (!Element.prototype.checkVisibility.call(node, asked)) return false;
    let opacity = 1;
    for (let one = node; one; one = up(one)) {
      if (!(one instanceof Element)) continue;
      const style = getComputedStyle(one);
      opacity *= parseFloat(style.opacity);
      if (/opacity|brightness|contrast/.test(style.filter)) return false;
    }
    if (opacity < 0.2) return false;
    const box = boxOf(node);
    const [x1, x2] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [y1, y2] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    return x2 - x1 >= 8 && y2 - y1 >= 8 && isOf(node, at((x1 + x2) / 2, (y1 + y2) / 2));
  };

  const changeOf = () => {
    if (!isCompared) return "";
    const seen = globalThis[SEEN];
    if (!seen) return "another page has come since the picture";
    if (isFocus) return (seen.focus && seen.focus.deref()) === active() ? "" : "the focus has moved since the picture";
    if (!mark) return "";
    let root = Node.prototype.getRootNode.call(mark);
    const isKnown = seen.isWhole && (root === document || seen.hasAllRoots);
    for (; root instanceof ShadowRoot; root = Node.prototype.getRootNode.call(hostOf(root))) {
      if (get(ShadowRoot, "mode")(root) === "closed") return "";  // where nobody could look
    }
    const then = seen.things.get(mark);
    if (!then) return isKnown && root === document ? "it has come there since the picture" : "";
    const [x1, y1, x2, y2] = then.box, now = boxOf(mark);
    const isFrame = mark instanceof HTMLIFrameElement || mark instanceof HTMLFrameElement;
    // What is in a frame moves with it, however large it is.
    if (isFrame && Math.abs(now.left - x1) + Math.abs(now.top - y1) > 2) return "it has moved there since the picture";
    if (x < x1 - 2 || x > x2 + 2 || y < y1 - 2 || y > y2 + 2) return "it has moved there since the picture";
    const key = keyOf(mark);
    if (then.key.does !== key.does || then.key.words !== key.words) return SAYS_ELSE;
    const near = then.places.sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y))[0];
    if (near && !near[2]) return "something lay over it in the picture";
    return then.key.says === key.says ? "" : COUNTS_ELSE;
  };

  return {
    tag: start ? get(Element, "tagName")(start).toUpperCase() : "",
    type,
    href: !link ? "" : link instanceof SVGAElement ? whole(attribute(link, "href") || attribute(link, "xlink:href"))
      : get(link instanceof HTMLAnchorElement ? HTMLAnchorElement : HTMLAreaElement, "href")(link),
    downloads: !!link && has(link, "download"),
    form: form ? form.action : "", method: form ? form.method : "", sentBy: form ? form.by : "",
    submits: !!form && form.sends,
    url: get(Document, "URL")(document), origin: origin === "null" ? "" : origin,
    visible: isFocus ? isSeen(start) : null,
    hides: start ? !["", "none", undefined].includes(getComputedStyle(start).webkitTextSecurity) : false,
    changed: changeOf(),
  };
}"""
)
"""Of the node at a point, or of the one with the focus: what it is for, in words of its own document."""

HIT = (
    "(across, down) => {"
    + COMMON
    + r"""
  return at(across * innerWidth, down * innerHeight);
}"""
)
"""The innermost element at a place of the document, as shares of its width and height."""
