"""What is asked of a MiniWoB++ page, in its own world: these pages are ours, and know no other way."""

# Left out of the picture: the panel with the time and the last reward, which would tell an agent how it did and change
# every second, and the canvas that marks clicks; both stand beside the task. The cover that follows an episode stays,
# but a click on it no longer begins another, with a seed of its own and the reward forgotten. Pictures that show only
# under the pointer are loaded before: where one is still missing what it stands for has no size, and takes no click.
PREPARE = """async () => {
  const ready = () => document.readyState === "complete" && window.core && core.cover_div && WOB_TASK_READY;
  for (const end = Date.now() + 10000; !ready(); await new Promise((go) => setTimeout(go, 5)))
    if (Date.now() > end) throw new Error("this is no page of MiniWoB++");
  core.EPISODE_MAX_TIME = 1e6;
  core.cover_div.onclick = null;
  const style = document.createElement("style");
  style.textContent = "#reward-display, #click-canvas { display: none !important }";
  document.head.append(style);
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const urls = rules.flatMap((rule) => [...rule.cssText.matchAll(/url\\("([^"]+)"\\)/g)].map((found) =>
    new URL(found[1], rule.parentStyleSheet.href || location.href).href));
  window.clickwrightPictures = [...new Set(urls)].filter((url) => !/\\.(woff2?|ttf|eot|svg)/.test(url)).map((url) => {
    const picture = new Image();
    picture.src = url;
    return picture;
  });
  await Promise.allSettled(clickwrightPictures.map((picture) => picture.decode()));
}"""

# What the last episode left behind would show in the next: a focus, an open calendar or menu, text typed into a field
# that the task does not make anew. A field forgets what was typed only when the form that it belongs to is reset.
BEGIN = """async (seed) => {
  if (document.activeElement) document.activeElement.blur();
  for (const box of document.querySelectorAll("#area, #area *")) box.scrollTop = box.scrollLeft = 0;
  const form = document.body.appendChild(document.createElement("form"));
  form.id = "clickwright-form";
  const fields = [...document.querySelectorAll("input, textarea, select")].filter((field) => !field.form);
  for (const field of fields) field.setAttribute("form", form.id);
  form.reset();
  for (const field of fields) field.removeAttribute("form");
  form.remove();
  if (window.jQuery) {
    if (jQuery.datepicker) jQuery(".hasDatepicker").datepicker("hide");
    if (jQuery.ui && jQuery.ui.autocomplete) jQuery(".ui-autocomplete-input").autocomplete("close");
    jQuery(":animated").finish();
  }
  Math.seedrandom(seed);
  core.startEpisodeReal();
  window.clickwrightSeed = seed;
  const missing = [...document.images].filter((picture) => !picture.complete);
  if (missing.length) await Promise.allSettled(missing.map((picture) => picture.decode()));
  const told = core.getUtterance();
  return told.utterance ?? told;  // tasks in natural language tell their fields as well
}"""

# One frame, in which what was only announced happens; then effects that are under way are let end, jQuery's too.
SETTLE = """new Promise((done) => {
  setTimeout(done, 1000);
  const moves = () => (window.jQuery && jQuery(":animated").length > 0) || document.getAnimations().some((one) =>
    one.playState === "running" && one.effect && one.effect.getComputedTiming().endTime <= 1000);
  const look = () => (moves() ? setTimeout(look, 10) : done());
  requestAnimationFrame(() => setTimeout(look, 0));
})"""

STATE = """(seed) => (window.clickwrightSeed === seed ? [WOB_DONE_GLOBAL, Number(WOB_RAW_REWARD_GLOBAL)] : [true, 0])"""
