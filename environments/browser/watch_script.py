"""The script that listens to a person in one document. It runs in a world of its own, beside the page's."""

from .element_script import DESCRIBE

BINDING = "clickwrightTell"
"""What the script calls, in its own world only: the page neither sees nor can call it."""

WATCH = (
    "(longest, sensitive) => {"
    + DESCRIBE
    + r"""
  if (globalThis.isWatched) return;
  globalThis.isWatched = true;
  const NATIVE = "a[href], button, input:not([type=hidden i]), select, textarea, summary";
  const SLID = "input[type=range i], canvas, [role=slider], [role=separator], [role=scrollbar]";  // onto nothing
  const KEPT = "acvxzy", MAX_CHARS = 100000, MAX_SAID = 200, DRAGGED_PX = 5, MAX_FILES = 100;
  const NAMED = new Set(["Enter", "Tab", "Escape", "Delete", "Backspace", "Home", "End", "PageUp", "PageDown",
    "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", ...[...Array(12).keys()].map((n) => "F" + (n + 1))]);
  const MODIFIERS = [["ctrlKey", "Control"], ["altKey", "Alt"], ["shiftKey", "Shift"], ["metaKey", "Meta"]];

  const numbers = new WeakMap(), document_ = Math.random().toString(36).slice(2);
  let last = 0, isPressed = false, from = [0, 0], held = [null, null], scrolling = 0;
  const keyOf = (node) => {
    if (!numbers.has(node)) numbers.set(node, ++last);
    return document_ + ":" + numbers.get(node);
  };

  // Where this document lies in that of the page; null in a frame of another origin, which is not told.
  const offset = () => {
    let [x, y, view] = [0, 0, window];
    try {
      for (; view !== view.top; view = view.parent) {
        const holder = view.frameElement;
        if (!holder) return null;
        const box = holder.getBoundingClientRect();
        x += box.left + holder.clientLeft;
        y += box.top + holder.clientTop;
      }
      return [x, y, view.scrollX, view.scrollY];
    } catch { return null; }
  };
  const told = (kind, node, box, more) => {
    const place = offset(), [x, y] = place || [0, 0];
    const secret = node instanceof Element && isSecret(node);
    globalThis."""
    + BINDING
    + r"""(JSON.stringify({
      kind, at_ms: Date.now(), is_placed: !!place, scroll: place ? place.slice(2) : [0, 0],
      key: node ? keyOf(node) : "", role: node instanceof Element ? roleOf(node) : "",
      name: node instanceof Element ? nameOf(node) : "", is_secret: secret,
      box: box ? [box.left + x, box.top + y, box.right + x, box.bottom + y] : null,
      ...more, ...(more && more.point ? {point: [more.point[0] + x, more.point[1] + y]} : {}),
    }));
  };
  const secrets = new WeakSet();  // for good: a page's own button may show what was typed
  const isSecret = (node) => {
    const hides = getComputedStyle(node).webkitTextSecurity;
    if (matches(node, sensitive) || (hides && hides !== "none")) secrets.add(node);
    return secrets.has(node);
  };
  const boxOf = (node) => Element.prototype.getBoundingClientRect.call(node);
  const isHost = (node) => node.isContentEditable && !(parentOf(node) || {}).isContentEditable;
  const thingOf = (event) => {
    const path = event.composedPath().filter((node) => node instanceof Element);
    for (const node of path) {
      if (node instanceof HTMLLabelElement && node.control) return node.control;
      if (matches(node, NATIVE) || ROLES.has(attribute(node, "role")) || isHost(node)) return node;
    }
    return path.find((node) => getComputedStyle(node).cursor === "pointer") || path[0] || null;
  };
  const isText = (node) => node instanceof HTMLTextAreaElement || (node instanceof Element && node.isContentEditable) ||
    (node instanceof HTMLInputElement &&
      !/^(checkbox|radio|button|submit|reset|file|image|range|color)$/.test(node.type));
  const saidBy = (text) => text.replace(/\s+/g, " ").trim().slice(0, MAX_SAID);

  const on = (kind, listener) =>
    addEventListener(kind, (event) => { if (event.isTrusted) listener(event); }, {capture: true, passive: false});
  const swallow = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  const isCheck = (event) => event.altKey && !event.ctrlKey && !event.shiftKey && event.button === 0;

  for (const kind of ["pointerdown", "mousedown", "pointerup", "mouseup"]) {
    on(kind, (event) => {
      if (isCheck(event)) swallow(event);
      else if (kind === "pointerdown") {
        const node = thingOf(event);
        [isPressed, from, held] = [true, [event.clientX, event.clientY], [node, node && boxOf(node)]];
      }
    });
  }
  const isSame = (one, other) => ["left", "top", "right", "bottom"].every((side) => one[side] === other[side]);
  const isSlid = (node) => matches(node, SLID) || /resize$/.test(getComputedStyle(node).cursor);
  const dragged = (event) => {
    const isFar = Math.hypot(event.clientX - from[0], event.clientY - from[1]) > DRAGGED_PX;
    if (!isPressed || !isFar || String(getSelection() || "")) return;
    const [node, box] = held, point = [event.clientX, event.clientY];
    isPressed = false;
    const hit = document.elementsFromPoint(...point), under = hit.find((one) => !node || !node.contains(one));
    const isWithin = !node || !box || isSlid(node) || (node.contains(hit[0]) && isSame(box, boxOf(node)));
    const isNowhere = !under || matches(under, "body, html") || (node && matches(node, "body, html"));
    if (isWithin || isNowhere) return told("drag", null, null, {point: from});
    told("drag", node, box, {point: from});
    told("drop", under, boxOf(under), {point});
  };
  on("focusin", (event) => { if (isText(event.composedPath()[0])) isSecret(event.composedPath()[0]); });
  on("pointerup", dragged);
  on("dragend", dragged);
  const clicked = (event, button) => {
    if (!isPressed) return;  // what a label or a key had clicked
    isPressed = false;
    if (Math.hypot(event.clientX - from[0], event.clientY - from[1]) > DRAGGED_PX) return;
    const node = thingOf(event);
    const held = MODIFIERS.filter(([name]) => event[name]).map(([, key]) => key);
    const point = [event.clientX, event.clientY];
    if (node) told("tap", node, boxOf(node), {point, button, count: event.detail, held});
  };
  on("click", (event) => {
    if (!isCheck(event)) return clicked(event, "left");
    swallow(event);
    const node = event.composedPath().find((one) => one instanceof Element), thing = thingOf(event);
    const text = saidBy(node.innerText || "") || (thing && nameOf(thing)) || "";
    if (node && !isSecret(node)) told("check", node, boxOf(node), {value: text});
  });
  on("auxclick", (event) => { if (event.button === 1) clicked(event, "middle"); });
  on("contextmenu", (event) => clicked(event, "right"));

  on("input", (event) => {
    const node = event.composedPath()[0];
    if (!isText(node)) return;
    const value = isSecret(node) ? "" : node.value === undefined ? node.innerText.replace(/\n$/, "") : node.value;
    told("fill", node, boxOf(node), {value: value.slice(0, MAX_CHARS)});
  });
  on("change", (event) => {
    const node = event.composedPath()[0];
    if (node instanceof HTMLSelectElement && !node.multiple && node.selectedOptions.length) {
      told("choose", node, boxOf(node), {value: node.selectedOptions[0].label.slice(0, 1000)});
    }
    if (node instanceof HTMLInputElement && node.type === "file" && node.files.length) {
      const shown = [node, ...node.labels].map(boxOf).find((box) => box.width && box.height);
      const files = [...node.files].slice(0, MAX_FILES).map((one) => one.name.slice(0, MAX_SAID));
      told("upload", node, shown || null, {files});
    }
  });
  on("keydown", (event) => {
    if (event.ctrlKey && event.shiftKey && event.code === "KeyC") return checkSelected(event);
    const node = event.composedPath()[0];
    if (event.isComposing || !(node instanceof Element)) return;
    const isField = isText(node), isLong = isField && !(node instanceof HTMLInputElement);
    const isChord = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState("AltGraph");
    const key = event.key === " " ? "Space" : event.key;
    if (key.length > 1 && key !== "Space" && !NAMED.has(key)) return;
    if (isChord && isField && KEPT.includes(key.toLowerCase())) return;
    const leaves = /^(Tab|Escape)$/.test(key), chooses = /^(Enter|ArrowUp|ArrowDown)$/.test(key);
    if (!isChord && isField && !leaves && (isLong || !chooses)) return;
    if (!isChord && node instanceof HTMLSelectElement && !leaves) return;
    const isPage = matches(node, "body, html"), isKnown = matches(node, NATIVE) || ROLES.has(attribute(node, "role"));
    // A letter may go into a field for a password inside of it, where nobody may look.
    if (!isChord && (key.length === 1 || key === "Space") && !isField && !isPage && !isKnown) return;
    if (!isChord && isPage && /^(Arrow.*|Page.*|Home|End|Space|Backspace)$/.test(key)) return;  // it scrolls
    const held = MODIFIERS.filter(([name, one]) => event[name] && one !== key).map(([, one]) => one);
    const isShifted = key.length === 1 && held.length === 1 && held[0] === "Shift";
    told("press", node, boxOf(node), {held: isShifted ? [] : held, value: key});
  });
  const checkSelected = (event) => {
    swallow(event);
    const selection = getSelection(), text = saidBy(String(selection || ""));
    if (!text || !selection.rangeCount) return;
    told("check", document.body, selection.getRangeAt(0).getBoundingClientRect(), {value: text, count: 0});
  };
  addEventListener("scroll", (event) => {
    clearTimeout(scrolling);
    if (event.target === document) scrolling = setTimeout(() => told("scroll", null, null, {}), 100);
  }, {capture: true, passive: true});
}"""
)
"""Tells what a person does, before the page hears of it: as JSON of a `Happened`. What is typed into a field for
secrets never leaves the page."""
