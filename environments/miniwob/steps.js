// What the rules say their steps with. A rule is a generator: each step is taken out of it when those before are done.
() => {
  const shown = (node) => {
    const box = node.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(node).visibility !== "hidden";
  };
  const one = (what, root = document) => (typeof what === "string" ? all(what, root)[0] : what);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)].filter(shown);
  const text = (what) => (one(what).innerText ?? one(what).textContent).replace(/\s+/g, " ").trim();
  const lower = (what) => text(what).toLowerCase();
  const named = (selector, words) => all(selector).find((node) => lower(node) === String(words).toLowerCase());
  const having = (selector, words) => all(selector).find((node) => lower(node).includes(words.toLowerCase()));

  // The middle, or any place of it that nothing covers.
  const place = (what) => {
    const node = one(what), box = node.getBoundingClientRect();
    const reaches = (x, y) => { const hit = document.elementFromPoint(x, y); return hit && node.contains(hit); };
    for (const down of [0.5, 0.2, 0.8]) for (const across of [0.5, 0.1, 0.9]) {
      const x = box.left + box.width * across, y = box.top + box.height * down;
      if (reaches(x, y)) return { x, y };
    }
    return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  };
  const scroller = (node) => {
    for (let around = node.parentElement; around; around = around.parentElement) {
      const scrolls = /auto|scroll/.test(getComputedStyle(around).overflowY);
      if (scrolls && around.scrollHeight > around.clientHeight + 1) return around;
    }
    return document.scrollingElement;
  };
  function* into_sight(what) {
    const node = one(what), around = scroller(node), page = around === document.scrollingElement;
    for (let tries = 0; tries < 5; tries++) {
      const box = node.getBoundingClientRect(), frame = around.getBoundingClientRect();
      const top = page ? 0 : Math.max(0, frame.top), bottom = Math.min(page ? innerHeight : frame.bottom, 210);
      const middle = box.top + box.height / 2;
      if (middle > top + 2 && middle < bottom - 2) return;
      const before = around.scrollTop;
      const x = page ? 80 : frame.left + frame.width / 2, y = (top + bottom) / 2;
      yield { kind: "scroll", x, y, dy: Math.round(middle - y) };
      if (around.scrollTop === before) return;
    }
  }
  function* click(what, more = {}) {
    yield* into_sight(what);
    yield { kind: "click", ...place(what), ...more };
  }
  const press = (...keys) => ({ kind: "press", keys });
  function* type(what, words) {
    yield* click(what);
    if (one(what).value) yield press("Control", "a");
    yield { kind: "type", text: String(words) };
  }
  function* select(what, label) {
    yield* into_sight(what);
    yield { kind: "select", ...place(what), label };
  }
  const center = (what) => {
    const box = one(what).getBoundingClientRect();
    return [box.left + box.width / 2, box.top + box.height / 2];
  };
  const drag = (...path) => ({ kind: "drag", path: path.map((stop) => (Array.isArray(stop) ? stop : center(stop))) });
  const hover = (what) => ({ kind: "hover", ...place(what) });
  const at = (x, y) => ({ kind: "click", x, y });
  const wait = (seconds) => ({ kind: "wait", seconds });
  const submit = () => {
    const buttons = all("#subbtn, button, input[type=submit], input[type=button]");
    return click(buttons.find((node) => /submit|ok/i.test(node.textContent + node.value + node.id)) || buttons[0]);
  };
  const told = core.getUtterance().utterance ?? core.getUtterance();
  const quoted = [...told.matchAll(/"([^"]*)"/g)].map((found) => found[1]);
  const after = (pattern) => (told.match(pattern) || []).slice(1);
  const found = { all, one, text, lower, named, having, place, center, told, quoted, after };
  return { ...found, click, type, select, drag, hover, at, wait, press, submit, into_sight };
}
