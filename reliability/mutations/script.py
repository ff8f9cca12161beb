"""What the changes below are written with. They run in the page, which keeps the recorded thing as `window.thing`."""

WORDS = r"""
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const only = (selector) => document.querySelector(selector);
const between = (share, least, most) => Math.round(least + share * (most - least));
const pick = (share, list) => list[Math.floor(share * list.length)];
const rowOf = (node) => node.closest(".line, article, .option, .sum");
const textNodes = (node) => {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), found = [];
  for (let one = walker.nextNode(); one; one = walker.nextNode()) {
    if (/\S/.test(one.data) && !one.parentElement.closest("script, style, option")) found.push(one);
  }
  return found;
};
const say = (node, words) => { textNodes(node)[0].data = words; };
const said = (node) => textNodes(node)[0].data.trim();
// What stands around a thing only to hold it: a form of its own, or the room that a finger needs.
const wholeOf = (node) => node.closest("label.reach") || (node.matches("button") && node.closest("form")) || node;
const replaceBy = (node, tag, attributes = {}) => {
  const other = document.createElement(tag), style = getComputedStyle(node), box = node.getBoundingClientRect();
  for (const name of ["color", "background", "border", "borderRadius", "font", "padding", "whiteSpace", "textAlign"]) {
    other.style[name] = style[name];
  }
  Object.assign(other.style, {boxSizing: "border-box", display: "flex", alignItems: "center", width: box.width + "px",
    justifyContent: style.textAlign === "left" ? "flex-start" : "center", height: box.height + "px", flex: "none"});
  for (const [name, value] of Object.entries(attributes)) other.setAttribute(name, value);
  other.append(...node.childNodes);
  node.replaceWith(other);
  window.thing = other;
  return other;
};
const rotated = (parent, nodes, by) => {
  const order = nodes.map((_, at) => nodes[(at + by) % nodes.length]), marks = nodes.map((node) => {
    const mark = document.createComment(""); node.replaceWith(mark); return mark; });
  marks.forEach((mark, at) => mark.replaceWith(order[at]));
};
"""

MARK = "(words) => { window.thing = new Function(words)(); return Boolean(window.thing); }"

PLACE = r"""() => {
  let box = window.thing.getBoundingClientRect();
  if (window.thing.childNodes.length === 1 && window.thing.firstChild instanceof Text) {
    const range = document.createRange();
    range.selectNodeContents(window.thing.firstChild);
    box = window.thing.matches("button, a") ? box : range.getBoundingClientRect();
  }
  return [box.left, box.top, box.right, box.bottom];
}"""
"""Where the thing is: a text by itself takes no more than its letters do."""

REACHES = r"""([x, y]) => {
  const hit = document.elementFromPoint(x, y), thing = window.thing;
  if (!hit || !thing.isConnected) return false;
  return thing === hit || thing.contains(hit) || [...(thing.labels || [])].some((label) => label.contains(hit));
}"""
"""Whether a click at a point of the viewport is one on the thing."""
