// What a rendered page shows, in CSS pixels. `things` are what is marked by data-kind: kind, colour, name, box and the
// share that can be seen; `owners` are their numbers among all elements of the document. `texts` are what is written,
// line by line: text, number of the element that it stands in, box and share. What a translucent sheet dims can be seen
// half, since it cannot be used; what is written there can be read.
() => {
  const TICKS = "[type=checkbox], [type=radio]";
  const boxes_known = new Map(), order = new Map([...document.querySelectorAll("*")].map((node, n) => [node, n]));
  const known = (map, node, find) => {
    if (!map.has(node)) map.set(node, find(node));
    return map.get(node);
  };
  const opacity_of = (node) => {
    if (node.matches("img, canvas, button, input, select, svg *")) return 1;
    const parts = getComputedStyle(node).backgroundColor.match(/[\d.]+/g).map(Number);
    return parts.length > 3 ? parts[3] : 1;
  };
  const meet = (a, b) => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const join = (a, b) => ({ left: Math.min(a.left, b.left), top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) });
  const area = (box) => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
  const seen_in = (around) => known(boxes_known, around, () => {
    if (around === document.body) return { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const box = seen_in(around.parentElement);
    return getComputedStyle(around).overflow === "visible" ? box : meet(box, around.getBoundingClientRect());
  });
  // Of the shown part: how much lies under something else, and how much is only dimmed.
  const cover = (node, box) => {
    const found = { hidden: 0, dimmed: 0 }, SHARES = [1 / 6, 1 / 2, 5 / 6];
    for (const across of SHARES) for (const down of SHARES) {
      const x = box.left + (box.right - box.left) * across, y = box.top + (box.bottom - box.top) * down;
      const akin = (above) => above === node || above.contains(node) || node.contains(above);
      let most = 0;
      if (akin(document.elementFromPoint(x, y) || node)) continue;
      for (const above of document.elementsFromPoint(x, y)) {
        if (akin(above)) break;
        most = Math.max(most, opacity_of(above));
      }
      if (most > 0.9) found.hidden += 1 / 9;
      else if (most > 0.1) found.dimmed += 1 / 9;
    }
    return found;
  };
  const share_of = (node, around, box, dims) => {
    const shown = meet(box, seen_in(around));
    if (!area(shown)) return 0;
    const { hidden, dimmed } = cover(node, shown);
    return Math.max(0, (area(shown) / area(box)) * (1 - hidden - dims * dimmed));
  };
  const sides = (box) => [box.left, box.top, box.right, box.bottom];

  const marked = [...document.querySelectorAll("[data-kind]")];
  const things = marked.map((node) => {
    const box = node.getBoundingClientRect(), { kind, colour, name } = node.dataset;
    return [kind, colour, name, ...sides(box), share_of(node, node.parentElement, box, 0.5)];
  });
  const owners = marked.map((node) => order.get(node));

  const texts = [], words = new Intl.Segmenter(document.documentElement.lang || "en", { granularity: "word" });
  const write = (text, node, box) => {
    if (text.trim() && area(box)) texts.push([text.trim(), order.get(node), ...sides(box), share_of(node, node, box, 0)]);
  };
  const lines = (text, node) => {
    let line = "", box = null;
    for (const { segment, index } of words.segment(text.data)) {
      const range = document.createRange();
      range.setStart(text, index), range.setEnd(text, index + segment.length);
      const part = [...range.getClientRects()].reduce((a, b) => (a ? join(a, b) : b), null);
      if (!segment.trim() || !part) { line += segment.trim() ? "" : " "; continue; }
      if (box && Math.abs(part.top - box.top) > (box.bottom - box.top) / 2) {
        write(line, node, box);
        line = "", box = null;
      }
      line += segment, box = box ? join(box, part) : part;
    }
    if (box) write(line.replace(/\s+/g, " "), node, box);
  };
  // What a field shows stands in no node that a page can see: measured as it is drawn, from the edge where it begins.
  const pen = document.createElement("canvas").getContext("2d");
  const held = (field) => {
    const text = field.matches("select") ? field.selectedOptions[0]?.label || "" : field.value || field.placeholder;
    const style = getComputedStyle(field), outer = field.getBoundingClientRect(), of = (side) => parseFloat(style[side]);
    const ends = field.matches("select") ? 2 : 0;  // Chromium pads the text of a list
    pen.font = style.font;
    const size = pen.measureText(text), high = size.fontBoundingBoxAscent + size.fontBoundingBoxDescent;
    const left = outer.left + of("borderLeftWidth") + of("paddingLeft") + 2 * ends;
    const right = outer.right - of("borderRightWidth") - of("paddingRight") - 2 * ends;
    const middle = (outer.top + outer.bottom) / 2, wide = Math.min(size.width, right - left);
    const [start, end] = style.direction === "rtl" ? [right - wide, right] : [left, left + wide];
    const box = { left: start, top: middle - high / 2, right: end, bottom: middle + high / 2 };
    if (size.width <= right - left + 1) write(text, field, box);
  };
  const tree = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = tree.nextNode(); node; node = tree.nextNode()) {
    const parent = node.parentElement;
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim() && !parent.closest("option, style, script")) lines(node, parent);
    } else if (node.matches("input, select, textarea") && !node.matches(TICKS)) held(node);
  }
  return { things, owners, texts, language: document.documentElement.lang, layout: document.body.dataset.layout || "" };
}
