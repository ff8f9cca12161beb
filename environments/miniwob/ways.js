// Ways that several tasks have in common. `t` is what steps.js gives.
() => {
  const type_and_submit = (selector, words) => function* (t) {
    yield* t.type(selector, words(t));
    yield* t.submit();
  };
  const tick = (names) => function* (t) {
    const wanted = names(t);
    for (const label of t.all("#area label")) if (wanted.includes(t.text(label))) yield* t.click(t.one("input", label));
    yield* t.submit();
  };
  const listed = (t) => t.after(/Select (?:words similar to )?(.*) and click Submit/)[0].split(", ");
  const slide = function* (t, node, value) {
    const of = (option) => $(node).slider("option", option), box = node.getBoundingClientRect();
    const part = (value - of("min")) / (of("max") - of("min")), lies = of("orientation") === "horizontal";
    yield lies
      ? t.at(box.left + box.width * part, box.top + box.height / 2)
      : t.at(box.left + box.width / 2, box.bottom - box.height * part);
    for (let now; (now = $(node).slider("value")) !== value; ) yield t.press(now < value ? "ArrowRight" : "ArrowLeft");
  };
  const pick_date = function* (t, field, date) {
    const [month, day, year] = date.split("/").map(Number);
    yield* t.click(field);
    yield t.wait(0.5);
    const shown = () => new Date(t.text(".ui-datepicker-title") + " 1");
    for (let apart; (apart = (year - shown().getFullYear()) * 12 + month - 1 - shown().getMonth()) !== 0; )
      yield* t.click(apart < 0 ? ".ui-datepicker-prev" : ".ui-datepicker-next");
    yield* t.click(t.named(".ui-datepicker-calendar a", day));
  };
  const choose_date = function* (t) {
    yield* pick_date(t, "#datepicker", t.after(/Select (\S+) as/)[0]);
    yield* t.submit();
  };
  const mail = function* (t) {
    const [by, to] = t.after(/email by (\S+) and .*?(?:that email to (\S+)\.|$)/), message = t.quoted[0];
    const does = to ? "forward" : message !== undefined ? "reply" : t.told.includes("trash") ? "delete" : "star";
    const { task, ...told } = core.currentFields || { task: does, by, to, message };
    const thread = t.all(".email-thread").find((one) => t.text(t.one(".email-sender", one)) === told.by);
    const icon = { delete: ".trash", star: ".star" }[task];
    if (icon) return yield* t.click(t.one(icon, thread));
    yield* t.click(t.one(".email-sender", thread));
    yield* t.click(task === "reply" ? ".email-reply" : ".email-forward");
    yield* task === "reply" ? t.type("#reply-text", told.message) : t.type(".forward-sender", told.to);
    yield* t.click(task === "reply" ? "#send-reply" : "#send-forward");
  };
  const post = function* (t) {
    const user = t.after(/(?:by|user) (@\S+?)[ ,]/)[0], most = Number(t.after(/on (\d+) post/)[0] || 99);
    const posts = t.all(".media").filter((one) => t.text(t.one(".username", one)) === user);
    for (const one of posts.slice(0, most)) yield* t.click(t.one("." + t.quoted[0].toLowerCase(), one));
    yield* t.click("#submitRow button");
  };
  const film = function* (t) {
    const told = t.after(/for (.*) movies directed by (.*) from year (\d+)/);
    const asked = [/genre/i, /director/i, /year|date/i];
    for (const [number, words] of told.entries()) {
      const label = t.all("#area *").find((one) => !one.children.length && asked[number].test(one.textContent));
      let row = label;
      while (!row.querySelector("input")) row = row.parentElement;
      yield* t.type(t.one("input", row), words);
    }
    yield* t.click("button, .final, .ui-submit");
  };
  const sort = function* (t, from, to) {
    const rows = t.all("#sortable li"), past = to > from ? 0.9 : 0.1, box = rows[to].getBoundingClientRect();
    const across = box.left + box.width / 2;
    yield t.drag(rows[from], [across, box.top + box.height / 2], [across, box.top + box.height * past]);
  };
  const sign_in = function* (t) {
    for (const [number, field] of ["#username", "#password"].entries()) {
      yield* t.click(field);
      if (t.one("#popup-cancel")) yield* t.click("#popup-cancel");
      yield* t.type(field, t.quoted[number]);
    }
    yield* t.click("#subbtn");
  };
  const complete = function* (t) {
    const [begins, ends = ""] = t.quoted;
    yield* t.type("#tags", begins);
    for (let tries = 0; tries < 5 && !t.all(".ui-menu-item").length; tries++) yield t.wait(1);
    const fits = (words) => words.startsWith(begins) && words.endsWith(ends);
    yield* t.click(t.all(".ui-menu-item").find((one) => fits(t.text(one))));
    yield* t.submit();
  };
  const to_box = function* (t, nodes, box) {
    for (const node of nodes) yield t.drag(node, box);
  };
  const pie = function* (t) {
    yield* t.click("#divWheel svg [id*=spreader]");
    const where = () => JSON.stringify(t.all("#divWheel svg text").map(t.center));
    for (let before; before !== where(); yield t.wait(0.2)) before = where();
    yield* t.click(t.named("#divWheel svg text", t.quoted[0]));
  };
  const fly = function* (t) {
    const [best, from, to, date] = t.after(/the (\w+) one-way flight from: (.*) to: (.*) on (\S+)\./);
    for (const [field, words] of [["#flight-from", from], ["#flight-to", to]]) {
      yield* t.type(field, DOMESTIC_FLIGHTS.find((one) => one.includes(words)));
      yield t.press("Tab");
    }
    yield* pick_date(t, "#datepicker", date);
    yield* t.click("#search");
    const what = best === "cheapest" ? "price" : "duration";
    const cost = (one) => Number(one.querySelector(`[data-${what}]`).dataset[what]);
    const flight = t.all(".flight").sort((a, b) => cost(a) - cost(b))[0];
    yield* t.click(t.one(".flight-price", flight));
  };
  const hex = (colour) => {
    const parts = colour.match(/\d+/g).slice(0, 3).map((one) => Number(one).toString(16).padStart(2, "0"));
    return "#" + parts.join("");
  };
  const paint = (colour) => function* (t) {
    yield* t.type("#col", colour(t).slice(1));
    yield t.press("Tab");
    yield t.press("Enter");  // the palette covers the button, which has the focus
  };
  const drag_off = function* (t) {
    const by = { left: [-15, 0], right: [15, 0], up: [0, -15], down: [0, 15] }[t.after(/(\w+) then/)[0]];
    const [x, y] = t.center("#area svg > *");
    yield t.drag([x, y], [x + by[0], y + by[1]]);
    yield* t.submit();
  };
  const KINDS = { rectangles: "rect:not(#shape-container)", circles: "circle", triangles: "polygon" };
  const circle = (node) => [Number(node.getAttribute("cx")), Number(node.getAttribute("cy"))];
  const mark = (place) => function* (t) {
    const [x, y] = place(t, (selector) => t.all(selector).map(circle));
    yield t.at(Math.round(x), Math.round(y) + 50);  // these pages take what is clicked for 50 px further up
    yield* t.submit();
  };
  const away = (from, to) => {
    const [x, y] = [to[0] - from[0], to[1] - from[1]], long = Math.hypot(x, y);
    return [x / long, y / long];
  };
  return {
    type_and_submit, tick, listed, slide, pick_date, choose_date, mail, post, film, sort,
    sign_in, complete, to_box, pie, fly, hex, paint, drag_off, KINDS, circle,
    mark, away,
  };
}
