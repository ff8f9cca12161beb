"""The scripts that look at one document. They run in a world of their own, beside the page's."""

SENSITIVE = ", ".join(
    (
        'input[type="password" i]',
        *(f'input[autocomplete~="{kind}" i]' for kind in ("current-password", "new-password", "one-time-code")),
        *(f'input[autocomplete~="{kind}" i]' for kind in ("cc-number", "cc-csc", "cc-exp")),
    )
)
"""Fields for passwords, codes and card numbers."""

NODES = r"""
  // The page may name a field "parentNode" or a picture "elementFromPoint": only prototypes say what they are.
  const getter = (type, name) => {
    const get = Object.getOwnPropertyDescriptor(type.prototype, name).get;
    return (node) => get.call(node);
  };
  const parentNode = getter(Node, "parentNode"), shadowRoot = getter(Element, "shadowRoot");
  const assignedSlot = getter(Element, "assignedSlot"), tagName = getter(Element, "tagName");
  const at = (root, x, y) => {
    const type = root instanceof Document ? Document : ShadowRoot;
    return type.prototype.elementFromPoint.call(root, x, y);
  };
  const parentOf = (node) => (node instanceof Element && assignedSlot(node)) ||
    (node instanceof ShadowRoot ? node.host : parentNode(node));
  const attribute = (node, name) => Element.prototype.getAttribute.call(node, name) || "";
  const matches = (node, selector) => Element.prototype.matches.call(node, selector);
"""
"""What a script asks of the nodes of a page, whatever the page calls its own."""

DESCRIBE = (
    NODES
    + r"""
  const ROLES = new Set(["button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox",
    "listbox", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem",
    "gridcell"]);
  const INPUTS = {checkbox: "checkbox", radio: "radio", range: "slider", number: "spinbutton", search: "searchbox",
    submit: "button", button: "button", reset: "button", image: "button", file: "file", color: "color", date: "date",
    time: "time", month: "month", week: "week", "datetime-local": "date"};
  const TAGS = {A: "link", BUTTON: "button", SUMMARY: "button", TEXTAREA: "textbox", AUDIO: "audio", VIDEO: "video"};

  const textOf = (node) => {
    let text = "";
    const isNoText = (one) =>
      one instanceof Element && matches(one, "select, textarea, script, style, template, [hidden]");
    const walker = Document.prototype.createTreeWalker.call(
      document, node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT,
      (one) => isNoText(one) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    for (let one = walker.nextNode(); one && text.length < longest; one = walker.nextNode()) {
      if (!(one instanceof Element)) text += " " + one.data.slice(0, longest);
      else if (one instanceof HTMLImageElement) text += " " + attribute(one, "alt");
    }
    return text;
  };
  const named = (node) => {
    const root = Node.prototype.getRootNode.call(node);
    const type = root instanceof Document ? Document : DocumentFragment;
    const ids = attribute(node, "aria-labelledby").split(/\s+/, 9).filter(Boolean);
    return ids.map((id) => type.prototype.getElementById.call(root, id)).filter(Boolean).map(textOf).join(" ");
  };
  const isButton = (node) => node instanceof HTMLInputElement && /^(submit|button|reset)$/.test(node.type);
  const isField = (node) => (node instanceof HTMLInputElement && !isButton(node)) ||
    node instanceof HTMLSelectElement || node instanceof HTMLTextAreaElement;
  const nameOf = (node) => {
    const ways = [
      () => named(node),
      () => attribute(node, "aria-label"),
      () => [...(node.labels || [])].map(textOf).join(" "),
      () => isButton(node) ? node.value || node.type : isField(node) || node.isContentEditable ? "" : textOf(node),
      ...["alt", "placeholder", "title", "aria-placeholder"].map((name) => () => attribute(node, name)),
      () => [...node.querySelectorAll("svg title")].slice(0, 1).map(textOf).join(""),
    ];
    for (const way of ways) { const name = tidy(way()); if (name) return name; }
    return "";
  };
  const tidy = (text) => text.slice(0, 4 * longest).replace(/\s+/g, " ").trim().slice(0, longest);

  const roleOf = (node) => {
    const said = attribute(node, "role");
    if (ROLES.has(said)) return said;
    if (node instanceof HTMLSelectElement) return node.multiple || node.size > 1 ? "listbox" : "combobox";
    if (node instanceof HTMLInputElement) return Object.hasOwn(INPUTS, node.type) ? INPUTS[node.type] : "textbox";
    if (node.isContentEditable) return "textbox";
    return Object.hasOwn(TAGS, tagName(node)) ? TAGS[tagName(node)] : "";
  };
  const valueOf = (node) => {
    const hides = getComputedStyle(node).webkitTextSecurity;
    if (matches(node, sensitive) || (hides && hides !== "none")) return "";
    if (node instanceof HTMLSelectElement) {
      return [...node.selectedOptions].slice(0, 9).map((one) => one.label).join(", ");
    }
    if (node instanceof HTMLInputElement) {
      return isButton(node) || /^(checkbox|radio|file|image)$/.test(node.type) ? "" : node.value;
    }
    if (node instanceof HTMLTextAreaElement) return node.value;
    return node.isContentEditable ? textOf(node) : "";
  };
  const statesOf = (node) => {
    const is = (name) => attribute(node, name) === "true";
    const states = {
      checked: node.checked === true || is("aria-checked") || is("aria-pressed"),
      selected: is("aria-selected"),
      disabled: matches(node, ":disabled") || is("aria-disabled"),
      expanded: is("aria-expanded"),
      collapsed: attribute(node, "aria-expanded") === "false",
      focused: matches(node, ":focus"),
    };
    return Object.keys(states).filter((name) => states[name]);
  };
"""
)
"""What the scripts below know of an element: its name, role, value and states. `longest` caps each text in characters,
`sensitive` selects the fields whose values are never told."""

COLLECT = (
    "(clip, most, longest, sensitive) => {"
    + DESCRIBE
    + r"""
  const MAX_NODES = 100000, MAX_TRIED = 2000, LEAST = 3;
  const NATIVE = "a[href], button, input:not([type=hidden i]), select, textarea, summary, audio[controls], " +
    "video[controls]";
  const OVERLAID = "input[type=checkbox i], input[type=radio i], input[type=file i]";

  const everything = function* (root, count = {left: MAX_NODES}) {
    const walker = Document.prototype.createTreeWalker.call(document, root, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node && count.left-- > 0; node = walker.nextNode()) {
      yield node;
      if (shadowRoot(node)) yield* everything(shadowRoot(node), count);
    }
  };

  const isSeen = (box) => Math.min(box.right, clip[2]) - Math.max(box.left, clip[0]) >= LEAST &&
    Math.min(box.bottom, clip[3]) - Math.max(box.top, clip[1]) >= LEAST;
  const area = (box) => Math.max(0, box.width) * Math.max(0, box.height);
  const screen = (clip[2] - clip[0]) * (clip[3] - clip[1]);
  const pointed = (node) => node instanceof Element && getComputedStyle(node).cursor === "pointer";

  const isWanted = (node) => {
    if (matches(node, NATIVE)) return true;
    const box = Element.prototype.getBoundingClientRect.call(node);
    if (!isSeen(box) || matches(node, "form, iframe, frame, object, embed, html, body")) return false;
    if (ROLES.has(attribute(node, "role"))) return true;
    if (node.isContentEditable) return !(parentOf(node) || {}).isContentEditable;
    if (area(box) > screen / 2 || (node instanceof HTMLLabelElement && node.control)) return false;
    return Element.prototype.hasAttribute.call(node, "onclick") || node.tabIndex >= 0 ||
      (pointed(node) && !pointed(parentOf(node)));
  };

  const wanted = new Set();
  for (const node of everything(document)) if (isWanted(node)) wanted.add(node);
  const ownerOf = (x, y) => {
    let node = at(document, x, y);
    while (node && shadowRoot(node)) {
      const inner = at(shadowRoot(node), x, y);
      if (!inner || inner === node) break;
      node = inner;
    }
    for (; node; node = parentOf(node)) {
      if (wanted.has(node)) return node;
      if (node instanceof HTMLLabelElement && wanted.has(node.control)) return node.control;
    }
    return null;
  };

  // The part of a box whose centre reaches the element: all that is in sight, or else a half or a quarter of it.
  let tried = 0;
  const reached = (node, box) => {
    if (!isSeen(box) || tried++ >= MAX_TRIED) return null;
    const [x1, y1] = [Math.max(box.left, clip[0]), Math.max(box.top, clip[1])];
    const [x2, y2] = [Math.min(box.right, clip[2]), Math.min(box.bottom, clip[3])];
    const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
    for (const [a, b, c, d] of [[x1, y1, x2, y2], [x1, y1, x, y2], [x, y1, x2, y2], [x1, y1, x2, y], [x1, y, x2, y2],
                                [x1, y1, x, y], [x, y1, x2, y], [x1, y, x, y2], [x, y, x2, y2]]) {
      if (ownerOf((a + c) / 2, (b + d) / 2) === node) return [a, b, c, d];
    }
    return null;
  };
  const boxOf = (node) => {
    const isOver = matches(node, OVERLAID);
    const isShown = node.checkVisibility({visibilityProperty: true, opacityProperty: !isOver});
    const boxes = isShown ? [...node.getClientRects()] : [];
    if (isShown && getComputedStyle(node).display === "inline") {
      for (const child of [...node.children].slice(0, 9)) boxes.push(child.getBoundingClientRect());
    }
    boxes.sort((a, b) => area(b) - area(a));
    for (const label of node.labels || []) boxes.push(label.getBoundingClientRect());
    for (const box of boxes.slice(0, 9)) { const found = reached(node, box); if (found) return found; }
    return null;
  };

  const found = [];
  for (const node of wanted) {
    if (found.length >= most) break;
    const box = boxOf(node);
    if (box) found.push([...box, roleOf(node), nameOf(node), tidy(valueOf(node)), statesOf(node)]);
  }
  return found;
}"""
)

HOLDER = """function () {
  const box = this.getBoundingClientRect(), style = getComputedStyle(this);
  const across = box.width / this.offsetWidth || 1, down = box.height / this.offsetHeight || 1;
  return [box.left + (this.clientLeft + parseFloat(style.paddingLeft)) * across,
          box.top + (this.clientTop + parseFloat(style.paddingTop)) * down, across, down,
          (this.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)) * across,
          (this.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)) * down];
}"""
"""Of the element that holds a frame: where the frame's viewport begins in that of the document around it, how many
pixels there each of its pixels takes, and how wide and high it is there."""

REACHES = """function (points) {
  return points.map(([x, y]) => {
    let found = Document.prototype.elementFromPoint.call(document, x, y);
    while (found && found !== this && found.shadowRoot) {
      const inner = ShadowRoot.prototype.elementFromPoint.call(found.shadowRoot, x, y);
      if (!inner || inner === found) break;
      found = inner;
    }
    return found === this;
  });
}"""
"""Of the element that holds a frame: which of these points of the document around it lie on it and on nothing else."""
