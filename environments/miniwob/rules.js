// How a task is solved by someone who reads its page: one generator a task. `t` is what steps.js gives, the rest are
// the ways of ways.js.
({
  type_and_submit, tick, listed, slide, pick_date, choose_date, mail, post, film, sort,
  sign_in, complete, to_box, pie, fly, hex, paint, drag_off, KINDS, circle,
  mark, away,
}) => ({
  "ascending-numbers": function* (t) {
    yield* t.click(t.named("svg text", 1));
    while (t.one("svg rect")) yield* t.click("svg rect");
  },
  "bisect-angle": mark((t, all) => {
    const [v] = all(".init-blue"), [a, b] = all(".init-black").map((one) => away(v, one));
    return [v[0] + 30 * (a[0] + b[0]), v[1] + 30 * (a[1] + b[1])];
  }),
  "book-flight": fly,
  "book-flight-nodelay": fly,
  "button-delay": function* (t) {
    yield* t.click("#subbtn");
    yield t.wait(Number(t.after(/wait (\d+)/)[0]) - 0.1);
    yield* t.click("#subbtn2");
  },
  "choose-date": choose_date,
  "choose-date-easy": choose_date,
  "choose-date-medium": choose_date,
  "choose-date-nodelay": choose_date,
  "circle-center": mark((t, all) => all(".black-circle")[0]),
  "click-checkboxes": tick(listed),
  "click-checkboxes-large": tick(listed),
  "click-checkboxes-soft": tick((t) => {
    const words = listed(t);
    return SYNONYMS.filter((group) => group.some((word) => words.includes(word))).flat();
  }),
  "click-checkboxes-transfer": tick(listed),
  "click-menu": function* (t) {
    const path = t.after(/Select (.*)/)[0].split(">");
    for (const name of path.slice(0, -1)) {
      yield t.hover(t.named("#menu li > div", name));
      const next = path[path.indexOf(name) + 1];
      for (let tries = 0; tries < 5 && !t.named("#menu li > div", next); tries++) yield t.wait(0.5);
    }
    yield* t.click(t.named("#menu li > div", path.at(-1)));
  },
  "click-menu-2": function* (t) {
    const icon = (document.querySelector("#query .ui-icon")?.className || "").split(" ")[1];
    const label = (item) => item.firstElementChild.textContent.trim();
    const fits = (item) => (icon ? item.querySelector(`:scope > div > .${icon}`) : label(item) === t.quoted[1]);
    yield* t.click("#open-menu");
    if (!t.all("#menu li").some(fits)) yield t.hover(t.named("#menu div", "Playback"));
    for (let tries = 0; tries < 5 && !t.all("#menu li").some(fits); tries++) yield t.wait(0.5);
    yield* t.click(t.all("#menu li").find(fits));
  },
  "click-pie": pie,
  "click-pie-nodelay": pie,
  "click-scroll-list": function* (t) {
    const names = t.after(/Select (.*) from the scroll/)[0].split(", ");
    for (const [number, name] of names.entries())
      yield* t.click(t.named("option", name), number ? { modifiers: ["Control"] } : {});
    yield* t.submit();
  },
  "click-shades": function* (t) {
    for (const shade of t.all(`#area span[data-color=${t.after(/shades of (\w+)/)[0]}]`)) yield* t.click(shade);
    yield* t.submit();
  },
  "copy-paste": type_and_submit("#answer-input", (t) => t.one("textarea").value),
  "copy-paste-2": type_and_submit("#answer-input", (t) => t.one("#text-" + t.after(/(\d)\w\w text area/)[0]).value),
  "daily-calendar": function* (t) {
    const [amount, unit] = t.after(/a ([\d.]+) (hour|min)/), halves = amount / (unit === "min" ? 30 : 0.5);
    const first = { "8AM": 16, "12PM": 24, "4PM": 32 }[t.after(/between (\w+)/)[0]];
    const free = (cell) => { const { x, y } = t.place(cell); return document.elementFromPoint(x, y) === cell; };
    const cells = Array.from({ length: 8 }, (_, number) => t.one("#hh-" + (first + number)));
    yield* t.into_sight(cells[3]);
    const start = cells.findIndex((_, from) => from + halves <= 8 && cells.slice(from, from + halves).every(free));
    const [x, y] = t.center(cells[start]), [, low] = t.center(cells[start + halves - 1]);
    yield t.drag([x, y], [x, y + 1], [x, low], [x, low + 2]);
    yield* t.type("#event-name", t.quoted[0]);
    yield* t.click("#create-event .create");
  },
  "drag-box": function* (t) {
    yield t.drag("#draggableSmall", "#draggableLarge");
    yield* t.submit();
  },
  "drag-circle": drag_off,
  "drag-items": function* (t) {
    const [name, where] = t.after(/Drag (\S+) (.*)\./), rows = t.all("#sortable li");
    const from = rows.indexOf(t.having("#sortable li", name));
    const ends = { "to the top": 0, "to the bottom": 4 };
    const to = { ...ends, "down by one position": from + 1, "up by one position": from - 1 }[where];
    yield* sort(t, from, to ?? Number(where.match(/\d/)[0]) - 1);
  },
  "drag-items-grid": function* (t) {
    const [name, where] = t.after(/Drag (\S+) (.*)\./), rows = t.all("#sortable li");
    const from = rows.indexOf(t.having("#sortable li", name));
    const step = { "up by one": -3, "down by one": 3, "left by one": -1, "right by one": 1 }[where];
    const down = where.includes("top") ? 0 : where.includes("bottom") ? 2 : 1;
    const across = where.includes("left") ? 0 : where.includes("right") ? 2 : 1;
    yield* sort(t, from, step ? from + step : down * 3 + across);
  },
  "drag-shapes": function* (t) {
    yield* to_box(t, t.all(KINDS[t.after(/all (\w+) into/)[0]], t.one("#area_svg")), "#shape-container");
    yield* t.submit();
  },
  "drag-shapes-2": function* (t) {
    const what = t.after(/all (\w+)/)[0], [left, right] = t.all("#area_svg #shape-container");
    for (const node of t.all("#area_svg > :not(#shape-container)"))
      yield t.drag(node, (KINDS[what] ? node.matches(KINDS[what]) : node.getAttribute("fill") === what) ? left : right);
    yield* t.submit();
  },
  "drag-single-shape": drag_off,
  "drag-sort-numbers": function* (t) {
    for (let to = 0; to < 4; to++) {
      const values = t.all("#sortable li").map((one) => Number(t.text(one)));
      const from = values.indexOf(Math.min(...values.slice(to)), to);
      if (from !== to) yield* sort(t, from, to);
    }
    yield* t.submit();
  },
  "draw-circle": function* (t) {
    const [x, y] = t.center("#circ"), turns = Array.from({ length: 41 }, (_, number) => (number / 40) * 2 * Math.PI);
    yield t.drag(...turns.map((turn) => [x + 21 * Math.cos(turn), y + 21 * Math.sin(turn)]));
    yield* t.submit();
  },
  "draw-line": function* (t) {
    const [x, y] = t.center("#circ"), lies = t.told.includes("horizontal");
    yield lies ? t.drag([x - 28, y], [x + 28, y]) : t.drag([x, y - 28], [x, y + 28]);
    yield* t.submit();
  },
  "email-inbox": mail,
  "email-inbox-delete": mail,
  "email-inbox-forward": mail,
  "email-inbox-forward-nl": mail,
  "email-inbox-forward-nl-turk": mail,
  "email-inbox-important": mail,
  "email-inbox-nl-turk": mail,
  "email-inbox-noscroll": mail,
  "email-inbox-reply": mail,
  "email-inbox-star-reply": mail,
  "enter-date": function* (t) {
    const box = t.one("#tt").getBoundingClientRect();
    yield t.at(box.left + 10, box.top + box.height / 2);
    yield { kind: "type", text: t.after(/(\d+\/\d+\/\d+)/)[0].replaceAll("/", "") };
    yield* t.submit();
  },
  "enter-password": function* (t) {
    yield* t.type("#password", t.quoted[0]);
    yield* t.type("#verify", t.quoted[0]);
    yield* t.submit();
  },
  "enter-text": type_and_submit("#tt", (t) => t.quoted[0]),
  "enter-text-2": type_and_submit("#tt", (t) =>
    t.told.includes("upper") ? t.quoted[0].toUpperCase() : t.quoted[0].toLowerCase(),
  ),
  "enter-text-dynamic": type_and_submit("#tt", (t) => t.quoted[0]),
  "enter-time": function* (t) {
    const [hour, minute, half] = t.after(/(\d+):(\d+)\s*(\w)M/), box = t.one("#tt").getBoundingClientRect();
    yield t.at(box.left + 10, box.top + box.height / 2);
    yield { kind: "type", text: hour.padStart(2, "0") + minute + half };
    yield* t.submit();
  },
  "find-midpoint": mark((t, all) => {
    const [a, b] = all(".black-circle");
    return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  }),
  "find-word": type_and_submit("#answer-input", (t) => {
    const words = t.text("#area p").split(" "), number = Number(t.after(/(\d+)\w\w word/)[0]);
    return words[number - 1].replace(/[^a-zA-Z]/g, "");
  }),
  "form-sequence": function* (t) {
    yield* slide(t, t.one("#slider"), Number(t.after(/Select (-?\d+)/)[0]));
    yield* t.click("#checkbox-" + t.after(/the (\d)/)[0]);
    yield* t.submit();
  },
  "form-sequence-2": function* (t) {
    const [radio, field] = t.after(/the (\d).*the (\d)\w\w textbox/);
    yield* t.click(t.all("input[type=radio]")[radio - 1]);
    yield* t.type("#input-" + field, t.quoted[0]);
    yield* t.submit();
  },
  "form-sequence-3": function* (t) {
    yield* t.click(".selectric");
    yield* t.click(t.named(".selectric-items li", t.after(/Choose (.*) from/)[0]));
    yield* t.click(t.named("#buttons button", t.quoted[0]));
  },
  "generate-number": function* (t) {
    const [less] = t.after(/less than (\d+)/), [greater] = t.after(/greater than (\d+)/);
    const odd = t.told.includes("odd") ? 1 : 0;
    const suits = (number) => (less ? number < less : greater ? number > greater : number % 2 === odd);
    const fits = (shown) => shown !== "-" && suits(Number(shown));
    do yield* t.click("#generate"); while (!fits(t.text("#display-number")));
    yield* t.click("#submit");
  },
  "guess-number": function* (t) {
    for (let low = 0, high = 9; low <= high; ) {
      const guess = (low + high) >> 1;
      yield* t.type("#tt", guess);
      yield* t.submit();
      if (t.one("#higher")) low = guess + 1;
      else high = guess - 1;
    }
  },
  "highlight-text": function* (t) {
    yield* t.click("#randomText", { count: 3 });
    yield* t.submit();
  },
  "highlight-text-2": function* (t) {
    yield* t.click(t.all("#randomText p")[t.after(/the (\d)/)[0] - 1], { count: 3 });
    yield* t.submit();
  },
  "hot-cold": function* (t) {
    const box = t.one("#touch-area").getBoundingClientRect(), heat = () => t.lower("#display");
    let hottest = [80, 110], ranks = ["ice cold", "cold", "warm", "hot"], best = 0;
    for (const [reach, step] of [[70, 35], [32, 10], [8, 4]]) {
      const [cx, cy] = hottest;
      for (let x = cx - reach; x <= cx + reach; x += step) for (let y = cy - reach; y <= cy + reach; y += step) {
        if (x < box.left || x >= box.right || y < box.top || y >= box.bottom || ranks[best] === "hot") continue;
        yield { kind: "hover", x, y };
        if (ranks.indexOf(heat()) > best) [best, hottest] = [ranks.indexOf(heat()), [x, y]];
      }
    }
    yield t.at(...hottest);
  },
  "login-user": sign_in,
  "login-user-popup": sign_in,
  "multi-layouts": film,
  "multi-orderings": film,
  "number-checkboxes": function* (t) {
    const boxes = t.all("#checkboxes input"), wanted = PATTERNS[t.quoted[0]].flat();
    for (const [number, box] of boxes.entries()) if (wanted[number]) yield* t.click(box);
    yield* t.submit();
  },
  "odd-or-even": function* (t) {
    for (const row of t.all(".row")) {
      const is_odd = t.text(t.one(".display-number", row)) % 2;
      yield* t.click(t.one(is_odd ? ".odd" : ".even", row));
    }
    yield* t.submit();
  },
  "order-food": function* (t) {
    const [amount, kind] = t.after(/Order (\d+) items that are (\S+)/), [names] = t.after(/each item: (.*)/);
    const items = t.all(".food-item"), name = (item) => item.dataset.item.trim();
    const wanted = names ? items.filter((item) => names.split(", ").map((one) => one.trim()).includes(name(item)))
      : Array(Number(amount)).fill(items.find((item) => item.querySelector(`img[alt=${kind}]`)));
    for (const item of wanted) yield* t.click(t.one(".add", item));
    yield* t.click("#submit-order button");
  },
  "phone-book": function* (t) {
    const [name, what] = t.after(/Find (.*) in the contact book and click on their (\w+)/);
    while (t.text("#contact .name") !== name) yield* t.click(".next a");
    yield* t.click("#contact ." + what);
  },
  "read-table": type_and_submit("#tt", (t) => {
    const key = t.named("#tab td", t.after(/value of (.*) into/)[0]);
    return t.text(key.nextElementSibling);
  }),
  "read-table-2": function* (t) {
    for (const number of [1, 2]) {
      const key = t.text("#ll" + number).replace(":", "");
      yield* t.type("#tt" + number, t.text(t.named("#tab td", key).nextElementSibling));
    }
    yield* t.submit();
  },
  "resize-textarea": function* (t) {
    const [what, how] = t.after(/the (\w+) is (\w+) than/), [x, y] = t.center(".ui-resizable-se");
    const by = how === "larger" ? 14 : -14;
    yield t.drag([x, y], what === "width" ? [x + by, y] : [x, y + by]);
    yield* t.submit();
  },
  "right-angle": mark((t, all) => {
    const [v] = all("#init-blue"), [x, y] = away(v, all("#init-black")[0]);
    const spots = [30, -30].map((by) => [v[0] - by * y, v[1] + by * x]);
    return spots.find(([x, y]) => x > 2 && x < 148 && y > 2 && y < 125) || spots[0];
  }),
  "scroll-text": type_and_submit("#answer-input", (t) => {
    const words = t.one("#text-area").value.trim().split(/\s/);
    return words.at(-1).replace(".", "");
  }),
  "scroll-text-2": function* (t) {
    const area = t.one("#text-area");
    yield { kind: "scroll", ...t.place(area), dy: t.told.includes("bottom") ? area.scrollHeight : -area.scrollHeight };
    yield* t.submit();
  },
  "search-engine": function* (t) {
    const number = t.after(/the (\d)\w\w search/)[0] - 1, page = Math.floor(number / 3);
    yield* t.type("#search-text", t.quoted[0]);
    yield* t.click("#search");
    if (page) yield* t.click(t.named("#pagination a", page + 1));
    yield* t.click(t.all("#page-content a")[number % 3]);
  },
  "sign-agreement": function* (t) {
    const [name, button = "Cancel"] = t.quoted, area = t.one("#text-area");
    if (name) yield { kind: "scroll", ...t.place(area), dy: area.scrollHeight };
    if (name) yield* t.type("#name", name);
    yield* t.click("#" + button.toLowerCase());
  },
  "simon-says": function* (t) {
    const shown = [], watch = new MutationObserver((changes) => {
      for (const { target } of changes) if (target.matches(".push")) shown.push(target);
    });
    for (const button of t.all("#area button")) watch.observe(button, { attributes: true });
    for (const end = Date.now() + 3600; Date.now() < end; ) yield t.wait(0.5);
    watch.disconnect();
    for (const button of shown) yield* t.click(button);
  },
  "simple-algebra": type_and_submit("#math-answer", (t) => {
    const [a, sign, b, , sum] = t.text("#math-problem").split(" ");
    if (sign === "+") return sum - (a === "x" ? b : a);
    return a === "x" ? Number(sum) + Number(b) : a - sum;
  }),
  "simple-arithmetic": type_and_submit("#math-answer", (t) => {
    const [a, sign, b] = t.text("#math-problem").split(" ");
    return sign === "x" ? a * b : sign === "+" ? Number(a) + Number(b) : a - b;
  }),
  "social-media": function* (t) {
    const user = t.after(/user (@\S+),/)[0], what = t.quoted[0];
    const post = t.all(".media").find((one) => t.text(t.one(".username", one)) === user);
    if (/Reply|Retweet|Like/.test(what)) return yield* t.click(t.one("." + what.toLowerCase(), post));
    yield* t.click(t.one(".more", post));
    yield* t.click(t.all("li", post).find((one) => t.text(one).startsWith(what)));
  },
  "social-media-all": post,
  "social-media-some": post,
  "terminal": function* (t) {
    const [ending] = t.after(/extension \.(.*)/);
    const fits = (name) => (ending ? name.endsWith("." + ending) : !name.includes("."));
    yield* t.click("#terminal");
    yield { kind: "type", text: `rm ${currentFiles.find(fits)}\n` };
  },
  "text-editor": function* (t) {
    const [word] = t.after(/the text (\S+) the (?:style|color)/), [how] = t.after(/(?:style|color) (\w+)/);
    const node = t.one(".ql-editor p").firstChild, range = document.createRange();
    const start = word ? node.data.indexOf(word) : 0;
    range.setStart(node, start), range.setEnd(node, start + (word || node.data).length);
    const lines = [...range.getClientRects()], middle = (line) => line.top + line.height / 2;
    yield t.drag([lines[0].left + 0.5, middle(lines[0])], [lines.at(-1).right - 0.5, middle(lines.at(-1))]);
    yield t.wait(0.3); // the editor notes what is selected some time later
    const button = { bold: ".ql-bold", italics: ".ql-italic", underlined: ".ql-underline" }[how];
    yield* t.click(button || ".ql-color .ql-picker-label");
    if (!button) yield* t.click(t.all(".ql-picker-item").find((one) => COLOR_MAP[how].includes(one.dataset.value)));
    yield* t.submit();
  },
  "text-transform": type_and_submit("#tt", (t) => t.one("#captcha").textContent),
  "tic-tac-toe": function* (t) {
    const lines = ["012", "345", "678", "036", "147", "258", "048", "246"].map((line) => [...line].map(Number));
    const is = (cell, mark) => t.one("#ttt-" + cell).className === mark;
    const last = (mark) => lines.map((line) => line.filter((cell) => !is(cell, mark)))
      .find((left) => left.length === 1 && is(left[0], ""));
    for (let turns = 0; turns < 5; turns++) {
      const [cell] = last("mark-x") || last("mark-o") || [4, 0, 8, 2, 6, 1, 3, 5, 7].filter((one) => is(one, ""));
      yield* t.click("#ttt-" + cell);
    }
  },
  "use-autocomplete": complete,
  "use-autocomplete-nodelay": complete,
  "use-colorwheel": paint((t) => ui_utils.colorNameToHex(t.after(/Select (\w+)/)[0])),
  "use-colorwheel-2": paint((t) => hex(getComputedStyle(t.one(".cc")).backgroundColor)),
  "use-slider": function* (t) {
    yield* slide(t, t.one("#slider"), Number(t.after(/Select (-?\d+)/)[0]));
    yield* t.submit();
  },
  "use-slider-2": function* (t) {
    const values = JSON.parse(t.after(/(\[.*\])/)[0]);
    for (const [number, value] of values.entries()) yield* slide(t, t.one("#slider-" + (number + 1)), value);
    yield* t.submit();
  },
  "use-spinner": function* (t) {
    const value = () => Number(t.one("#spinner").value), wanted = Number(t.after(/Select (-?\d+)/)[0]);
    while (value() !== wanted) yield* t.click(value() < wanted ? ".ui-spinner-up" : ".ui-spinner-down");
    yield* t.submit();
  },
  "visual-addition": type_and_submit("#math-answer", (t) => t.all(".addition-block").length),
})
