"use strict";
(() => {
  const one = (query, from = document) => from.querySelector(query);
  const all = (query, from = document) => [...from.querySelectorAll(query)];
  const sent = new Map(all("[id]", document.body).map((node) => [node.id, node.outerHTML]));
  document.documentElement.classList.add("scripted");

  // Steps: the one that is read is marked in the list; keys go from one to the next.
  let current = -1;
  let quietUntil = 0;
  const steps = () => all(".step").filter((step) => !step.classList.contains("off"));

  const mark = (step) => {
    for (const other of all(".step.current")) other.classList.remove("current");
    for (const link of all(".stop[aria-current]")) link.removeAttribute("aria-current");
    if (!step) return;
    step.classList.add("current");
    const link = all(".stop").find((stop) => stop.hash === `#${step.id}`);
    if (!link) return;
    link.setAttribute("aria-current", "step");
    const list = one(".stops");
    const [frame, at] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (at.top < frame.top || at.bottom > frame.bottom) list.scrollTop += at.top - frame.top - frame.height / 3;
    if (at.left < frame.left || at.right > frame.right) list.scrollLeft += at.left - frame.left - frame.width / 3;
  };
  const settle = () => {
    if (performance.now() < quietUntil) return;
    const known = steps();
    const line = innerHeight * 0.4;
    current = known.findLastIndex((step) => step.getBoundingClientRect().top <= line);
    mark(known[current]);
  };
  const go = (to) => {
    const known = steps();
    if (!known.length) return;
    current = Math.max(0, Math.min(to, known.length - 1));
    quietUntil = performance.now() + 200;
    known[current].scrollIntoView({ block: "start", behavior: "instant" });
    mark(known[current]);
    history.replaceState(null, "", `#${known[current].id}`);
  };
  addEventListener("scroll", () => requestAnimationFrame(settle), { passive: true });
  addEventListener("hashchange", settle);

  // Search: over all text of a step, also where it is in pieces.
  const box = one("#search");
  const hits = one("#hits");
  const most = 5000;
  let places = [];
  let here = -1;

  const found = (step, words) => {
    const walker = document.createTreeWalker(step, NodeFilter.SHOW_TEXT);
    const pieces = [];
    let text = "";
    let before = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const isToken = node.parentNode.classList.contains("t") || node.parentNode.tagName === "PRE";
      if (!(isToken && before)) text += "\n";
      before = isToken;
      pieces.push([text.length, node]);
      const lower = node.data.toLowerCase();
      text += lower.length === node.data.length ? lower : node.data;
    }
    const spot = (at) => {
      const [start, node] = pieces.findLast(([begin]) => begin <= at);
      return [node, Math.min(at - start, node.data.length)];
    };
    const ranges = [];
    for (let at = text.indexOf(words); at >= 0 && ranges.length < most; at = text.indexOf(words, at + words.length)) {
      const range = new Range();
      range.setStart(...spot(at));
      const [node, last] = spot(at + words.length - 1);
      range.setEnd(node, last + 1);
      ranges.push(range);
    }
    return ranges;
  };
  const paint = (name, ranges) => {
    if (!globalThis.Highlight) return;
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  };
  const search = () => {
    const words = box.value.trim().toLowerCase();
    let hit = 0;
    places = [];
    here = -1;
    for (const step of all(".step")) {
      const ranges = words ? found(step, words) : [];
      const off = Boolean(words) && !ranges.length;
      step.classList.toggle("off", off);
      const link = all(".stop").find((stop) => stop.hash === `#${step.id}`);
      if (link) link.parentNode.classList.toggle("off", off);
      if (ranges.length) hit += 1;
      places.push(...ranges);
    }
    const told = places.length === 1 ? "1 place" : `${places.length} places`;
    hits.textContent = words ? `${told} in ${hit === 1 ? "1 step" : `${hit} steps`}` : "";
    paint("found", places);
    paint("here", []);
    settle();
  };
  const next = (by) => {
    if (!places.length) return;
    here = (here + by + places.length) % places.length;
    const at = places[here].startContainer.parentElement;
    const closed = at.closest("details");
    if (closed) closed.open = true;
    at.scrollIntoView({ block: "center", behavior: "instant" });
    paint("here", [places[here]]);
    hits.textContent = `${here + 1} of ${places.length}`;
  };
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      box.value = "";
      search();
      box.blur();
    } else return;
    event.preventDefault();
  });

  // Keys.
  const dialog = one("#keys");
  one("#keys-show").addEventListener("click", () => dialog.showModal());
  one("#keys-end").addEventListener("click", () => dialog.close());
  const flip = (name) => one(`#show-${name}`)?.click();
  const raws = () => {
    const answers = all("details.raw");
    const open = !answers.every((answer) => answer.open);
    for (const answer of answers) answer.open = open;
  };
  const keys = {
    j: () => go(current + 1), ArrowRight: () => go(current + 1),
    k: () => go(current - 1), ArrowLeft: () => go(current - 1),
    b: () => flip("boxes"), h: () => flip("heat"), c: () => flip("crop"), r: raws,
    "/": () => { box.focus(); box.select(); },
    "?": () => dialog.showModal(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.matches("input[type=search]") || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
  settle();

  // A run that goes on: what has changed on the server's page takes its place here.
  const merge = (query, from) => {
    const [mine, theirs] = [one(query), one(query, from)];
    const kept = new Set();
    let added = null;
    for (const node of theirs.children) {
      const old = document.getElementById(node.id);
      kept.add(node.id);
      if (old && sent.get(node.id) === node.outerHTML) continue;
      sent.set(node.id, node.outerHTML);
      const fresh = document.importNode(node, true);
      if (old) old.replaceWith(fresh);
      else {
        mine.append(fresh);
        added = fresh;
      }
    }
    for (const node of [...mine.children]) if (!kept.has(node.id)) node.remove();
    const end = one("#step-last", mine);
    if (end) mine.append(end);
    return added;
  };
  const follow = async (place) => {
    let version = "";
    for (;;) {
      await new Promise((done) => setTimeout(done, version ? 700 : 50));
      try {
        const state = await (await fetch(place, { cache: "no-store" })).json();
        document.body.classList.remove("cut");
        if (state.version === version) continue;
        const html = await (await fetch(location.pathname, { cache: "no-store" })).text();
        const fresh = new DOMParser().parseFromString(html, "text/html");
        const wasAtEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 240;
        merge(".stops", fresh);
        const added = merge("main", fresh);
        document.title = fresh.title;
        version = state.version;
        if (box.value) search();
        if (added && wasAtEnd) go(steps().length - 1);
        else settle();
      } catch {
        document.body.classList.add("cut");
        version = version || "none";
      }
    }
  };
  if (document.body.dataset.live) follow(document.body.dataset.live);
})();
