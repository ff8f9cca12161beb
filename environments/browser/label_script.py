"""The script that reads the text in sight in one document. It runs in a world of its own, beside the page's."""

from .element_script import NODES

READ = (
    "(clip, most, longest, sensitive) => {"
    + NODES
    + r"""
  const everything = function* (root, count = {left: 100000}) {
    const walker = Document.prototype.createTreeWalker.call(
      document, root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && count.left-- > 0; node = walker.nextNode()) {
      yield node;
      if (node instanceof Element && shadowRoot(node)) yield* everything(shadowRoot(node), count);
    }
  };
  const holds = (outer, inner) => { for (; inner; inner = parentOf(inner)) if (inner === outer) return true; };
  const PAINTS = "img, video, canvas, iframe, object, embed, svg, input, select, textarea, button";
  const paints = (node) => {
    const style = getComputedStyle(node);
    const isClear = /^(transparent|rgba\(.*, 0\))$/.test(style.backgroundColor) && style.backgroundImage === "none";
    return style.opacity !== "0" && (!isClear || matches(node, PAINTS));
  };
  // What lies above a text and paints nothing, such as a list that is laid over all of a line, hides nothing.
  const isOnTop = (holder, box) => {
    const x = (Math.max(box.left, clip[0]) + Math.min(box.right, clip[2])) / 2;
    const y = (Math.max(box.top, clip[1]) + Math.min(box.bottom, clip[3])) / 2;
    for (const above of Document.prototype.elementsFromPoint.call(document, x, y)) {
      if (holds(above, holder)) return true;
      if (paints(above)) return false;
    }
    return false;
  };
  const isSeen = (box) => Math.min(box.right, clip[2]) - Math.max(box.left, clip[0]) >= 2 &&
    Math.min(box.bottom, clip[3]) - Math.max(box.top, clip[1]) >= 2;
  const isShown = (node) =>
    Element.prototype.checkVisibility.call(node, {visibilityProperty: true, opacityProperty: true});
  const tidy = (text) => text.replace(/\s+/g, " ").trim().slice(0, longest);

  const found = [];
  const add = (holder, box, text) => {
    if (text && isSeen(box) && isOnTop(holder, box)) {
      found.push([Math.max(box.left, clip[0]), Math.max(box.top, clip[1]),
                  Math.min(box.right, clip[2]), Math.min(box.bottom, clip[3]), text]);
    }
  };
  // A text that is broken into lines is told line by line: a word begins a new one where its box does.
  const lines = (node) => {
    const text = node.data.slice(0, 100000), range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()];
    if (boxes.length < 2) return boxes.map((box) => [box, text]);
    const rows = [];
    for (const word of text.matchAll(/\S+\s*/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].trimEnd().length);
      const box = range.getBoundingClientRect(), last = rows[rows.length - 1];
      if (last && Math.abs(last[0].top - box.top) < box.height / 2) {
        last[0] = new DOMRect(Math.min(last[0].left, box.left), Math.min(last[0].top, box.top),
          Math.max(last[0].right, box.right) - Math.min(last[0].left, box.left),
          Math.max(last[0].bottom, box.bottom) - Math.min(last[0].top, box.top));
        last[1] += word[0];
      } else rows.push([box, word[0]]);
    }
    return rows;
  };
  const FIELDS = "input:not([type=hidden i], [type=checkbox i], [type=radio i], [type=range i], [type=color i], " +
    "[type=file i], [type=image i]), textarea, select";
  for (const node of everything(document)) {
    if (found.length >= most) break;
    if (node instanceof Element) {
      if (!matches(node, FIELDS) || matches(node, sensitive)) continue;
      const hides = getComputedStyle(node).webkitTextSecurity;
      if ((hides && hides !== "none") || !isShown(node)) {
        continue;
      }
      const shown = node instanceof HTMLSelectElement ? [...node.selectedOptions].map((one) => one.label).join(", ")
        : node.value || node.placeholder || "";
      add(node, Element.prototype.getBoundingClientRect.call(node), tidy(shown));
      continue;
    }
    const holder = parentOf(node);
    if (!/\S/.test(node.data) || !(holder instanceof Element) || matches(holder, "script, style, option, textarea") ||
        !isShown(holder)) continue;
    for (const [box, text] of lines(node)) add(holder, box, tidy(text));
  }
  return found;
}"""
)
"""Which text is in sight, line by line: `[x1, y1, x2, y2, text]`. `most` caps the lines, `longest` each of them."""
