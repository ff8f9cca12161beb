// Inputs tell the site at once, so that a page loaded again shows what was entered.
// One after the other: two letters typed quickly must not overtake each other.
let sent = Promise.resolve();
const send = (act, value) => { sent = sent.then(() => fetch("/do", { method: "POST", redirect: "manual", keepalive: true,
  body: new URLSearchParams({ act, value }) })); };
for (const field of document.querySelectorAll("[data-act]")) {
  const event = field.type === "text" ? "input" : "change";
  field.addEventListener(event, () => send(field.dataset.act, field.dataset.value ?? field.value));
  if (field.type === "text" && field.value && field.dataset.act === "draft") field.focus();
}
// Where the marked controls stand, for the oracle that checks the site itself.
const boxOf = (node) => { const { x, y, width, height } = node.getBoundingClientRect(); return [x, y, width, height]; };
const targets = [...document.querySelectorAll("[data-target]")].map((node) => [node.dataset.target, boxOf(node)]);
fetch("/targets", { method: "POST", body: JSON.stringify(targets) });
