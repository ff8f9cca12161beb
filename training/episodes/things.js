// What a page of MiniWoB++ shows: its controls, shapes and words with their boxes in CSS pixels, and what stands at a
// point. A row is [kind, colour, name, left, top, right, bottom], the name as it is written.
(at) => {
  const CHROME = "#reward-display, #click-canvas, #sync-task-cover, script, style, noscript, option";
  const rows = [], shown = new Map();
  const is_shown = (node, box) => {
    const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1), y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return top && (top === node || node.contains(top) || top.contains(node));
  };
  const text_of = (node) => (node.value && node.matches("input") ? node.value : node.textContent || "").trim();
  const row = (kind, colour, name, box) => rows.push([kind, colour, name, box.left, box.top, box.right, box.bottom]);
  const KINDS = [
    ["drop-down list", "select"], ["check box", "input[type=checkbox]"], ["radio button", "input[type=radio]"],
    ["button", "button:not(.ui-dialog-titlebar-close), input[type=submit], input[type=button]"],
    ["text box", "input, textarea"], ["link", "a, .alink, span[onclick]"], ["tab", "li[role=tab], h3.ui-accordion-header"],
    ["icon", ".ui-dialog-titlebar-close, .trash, .star, .close, .ui-datepicker-prev, .ui-datepicker-next"],
    ["circle", "circle"], ["square", "rect"], ["triangle", "polygon"],
  ];
  const kind_of = (node) => (KINDS.find(([, selector]) => node.matches(selector)) || [""])[0];
  const ICONS = { "ui-dialog-titlebar-close": "close", close: "close", trash: "trash", star: "star",
    "ui-datepicker-prev": "back", "ui-datepicker-next": "next" };

  for (const node of document.body.querySelectorAll("*")) {
    if (node.closest(CHROME)) continue;
    const box = node.getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || box.bottom < 0 || box.top > innerHeight) continue;
    const kind = kind_of(node);
    if (kind && is_shown(node, box)) {
      const fill = node.matches("circle, rect, polygon") ? node.getAttribute("fill") || "?" : "";
      const icon = kind === "icon" ? ICONS[[...node.classList].find((name) => ICONS[name])] || "" : "";
      const text = kind === "button" || kind === "link" || kind === "tab" ? text_of(node) : "";
      row(kind, fill, icon || text, box);
    }
    for (const child of node.childNodes) {
      if (child.nodeType !== Node.TEXT_NODE || !child.data.trim()) continue;
      for (const found of child.data.matchAll(/\S+/g)) {
        const range = document.createRange();
        range.setStart(child, found.index), range.setEnd(child, found.index + found[0].length);
        const part = range.getClientRects()[0];
        if (part && part.width > 1 && part.bottom > 0 && part.top < innerHeight && is_shown(node, part))
          row("word", "", found[0], part);
      }
    }
  }
  let target = null;
  if (at) {
    let node = document.elementFromPoint(at[0], at[1]);
    node = (node && node.closest("button, input, select, textarea, a, li[role=tab], h3, .alink, label")) || node;
    if (node) {
      const { left, top, right, bottom } = node.getBoundingClientRect();
      const inside = Math.max(left, 0) < right && right - left < 158 && bottom - top < 150;
      target = inside ? [kind_of(node), text_of(node).slice(0, 80), left, top, right, bottom] : null;
    }
  }
  return { rows, target };
}
