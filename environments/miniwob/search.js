// Looks for a way through an episode without knowing its task: begin it, try everything in sight, read the reward,
// begin it again, try what follows. Only what changes the page is followed. Events are made here, which is quick;
// whoever gets the plan carries it out with real ones.
({ seed, depth, budget_ms, least }) => {
  const CHROME = "#reward-display, #click-canvas, #sync-task-cover, #query, script, style";
  const KINDS = ["text", "password", "number", "tel"].map((kind) => `input[type=${kind}]`);
  const FIELDS = ["textarea", "input:not([type])", ...KINDS].join();
  const MOUSE = ["mouseover", "mouseenter", "mousemove", "pointerdown", "mousedown", "pointerup", "mouseup", "click"];
  const until = Date.now() + budget_ms;

  const begin = () => {
    if (document.activeElement) document.activeElement.blur();
    Math.seedrandom(seed);
    core.startEpisodeReal();
  };
  const send = (node, Kind, type, more) =>
    node.dispatchEvent(new Kind(type, { bubbles: type !== "mouseenter", cancelable: true, view: window, ...more }));

  const act = {
    click: ({ x, y }) => {
      const node = document.elementFromPoint(x, y);
      if (!node) return;
      for (const type of MOUSE) {
        const allowed = send(node, MouseEvent, type, { clientX: x, clientY: y, button: 0, detail: 1 });
        if (type !== "mousedown" || !allowed) continue;
        const focus = node.closest("input, textarea, select, button, a[href], [tabindex]");
        if (focus) focus.focus();
        else if (document.activeElement) document.activeElement.blur();
      }
    },
    type: ({ text }) => {
      const field = document.activeElement;
      if (!field || !field.matches(FIELDS)) return;
      for (const key of text) {
        send(field, KeyboardEvent, "keydown", { key });
        send(field, KeyboardEvent, "keypress", { key });
        field.value += key;
        send(field, InputEvent, "input", { data: key });
        send(field, KeyboardEvent, "keyup", { key });
      }
      send(field, Event, "change", {});
    },
    scroll: ({ x, y, dy }) => {
      const node = document.elementFromPoint(x, y);
      if (!node) return;
      node.scrollTop += dy;
      send(node, Event, "scroll", {});
    },
    select: ({ x, y, label }) => {
      const list = document.elementFromPoint(x, y);
      if (!list || list.tagName !== "SELECT") return;
      list.selectedIndex = [...list.options].findIndex((one) => one.label === label);
      send(list, Event, "input", {});
      send(list, Event, "change", {});
    },
  };

  // Fields show what they hold in no markup.
  const state = () => {
    const fields = [...document.querySelectorAll("input, textarea, select")];
    const held = fields.map((one) => [one.value, one.checked, one === document.activeElement]);
    const scrolled = [...document.querySelectorAll("#area, #area *")].map((one) => one.scrollTop);
    const area = [...document.body.children].filter((one) => !one.matches(CHROME)).map((one) => one.outerHTML);
    return JSON.stringify([area, held, scrolled.filter(Boolean)]);
  };

  const choices = () => {
    const utterance = core.getUtterance().utterance ?? core.getUtterance(), told = utterance.toLowerCase();
    const texts = [...utterance.matchAll(/"([^"]+)"/g)].map((found) => found[1]);
    const found = [], hit = new Set();
    for (const node of document.body.querySelectorAll("*")) {
      const box = node.getBoundingClientRect();
      if (!box.width || !box.height || node.closest(CHROME)) continue;
      const x = box.left + box.width / 2, y = box.top + box.height / 2;
      const seen = document.elementFromPoint(x, y);
      if (!seen || hit.has(seen) || seen.closest(CHROME) || !(node.contains(seen) || seen.contains(node))) continue;
      hit.add(seen);
      const words = (seen.textContent || seen.value || "").trim().toLowerCase();
      const rank = (words && words.length < 40 && told.includes(words) ? 0 : 2) +
        (seen.matches("button, input, select, a, [onclick], text, rect, circle, polygon, th, td, li, span") ? 0 : 1);
      const click = { kind: "click", x, y }, hidden = seen.scrollHeight - seen.clientHeight - seen.scrollTop;
      if (hidden > 5 && /auto|scroll/.test(getComputedStyle(seen).overflowY))
        found.push({ rank: told.includes("scroll") ? 0 : 3, steps: [{ kind: "scroll", x, y, dy: hidden }] });
      if (seen.matches("select")) {
        for (const one of seen.options) {
          const named = told.includes(one.label.toLowerCase());
          found.push({ rank: named ? 0 : 2, steps: [{ kind: "select", x, y, label: one.label }] });
        }
      } else if (seen.matches(FIELDS)) {
        for (const text of texts) found.push({ rank: 0, steps: [click, { kind: "type", text }] });
        found.push({ rank: 3, steps: [click] });
      } else found.push({ rank, steps: [click] });
    }
    return found.sort((a, b) => a.rank - b.rank).map((one) => one.steps);
  };

  const replay = (steps) => {
    begin();
    for (const step of steps) act[step.kind](step);
  };
  const search = () => {
    begin();
    const known = new Set([state()]);
    for (let waiting = [[]], length = 0; length < depth; length++) {
      const next = [];
      for (const steps of waiting) {
        replay(steps);
        for (const more of choices()) {
          if (Date.now() > until) return null;
          replay([...steps, ...more]);
          if (WOB_DONE_GLOBAL) {
            if (WOB_RAW_REWARD_GLOBAL >= least) return [...steps, ...more];
            continue;
          }
          const reached = state();
          if (known.has(reached)) continue;
          known.add(reached);
          next.push([...steps, ...more]);
        }
      }
      waiting = next;
    }
    return null;
  };

  const effects = window.jQuery && jQuery.fx.off;
  if (window.jQuery) jQuery.fx.off = true;
  try {
    return search();
  } finally {
    if (window.jQuery) jQuery.fx.off = effects;
  }
}
