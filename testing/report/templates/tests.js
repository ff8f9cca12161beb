"use strict";
(() => {
  const one = (query) => document.querySelector(query);
  document.documentElement.classList.add("scripted");

  // Search: tests without these words are left out, whatever else they are filtered by.
  const box = one("#search");
  const hits = one("#hits");
  const rows = [...document.querySelectorAll(".row")].map((row) => [row, row.textContent.toLowerCase()]);
  const search = () => {
    const words = box.value.trim().toLowerCase();
    let n = 0;
    for (const [row, text] of rows) {
      const isFound = text.includes(words);
      row.classList.toggle("off", !isFound);
      if (isFound && row.localName === "tr") n += 1;
    }
    hits.textContent = words ? (n === 1 ? "in 1 test" : `in ${n} tests`) : "";
  };
  box.addEventListener("input", search);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    box.value = "";
    search();
    box.blur();
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target === box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
})();
