"""The peer of perf/miniwob.py: the same episodes in BrowserGym. Runs in its interpreter, imports nothing of ours."""

import json
import os
import re
import sys
import time

PLACES = {  # task: where to click, in CSS pixels; the argument is what the goal has in quotes
    "click-test": "() => middle(document.querySelector('#subbtn'))",
    "click-button": "(words) => middle([...document.querySelectorAll('button')].find((b) => b.innerText === words))",
    "click-link": "(words) => middle([...document.querySelectorAll('.alink')].find((b) => b.innerText === words))",
    "click-dialog": "() => middle(document.querySelector('.ui-dialog-titlebar-close'))",
    "focus-text": "() => middle(document.querySelector('#tt'))",
}
_MIDDLE = """const middle = (node) => {
  const box = node.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
};"""
PLACES = {name: f"(words) => {{ {_MIDDLE} return ({script})(words); }}" for name, script in PLACES.items()}


def main() -> None:
    """Arguments: task, address of the pages, seeds. Prints seconds and success of each episode as JSON."""
    name, pages, *seeds = sys.argv[1:]
    os.environ["MINIWOB_URL"] = pages
    import browsergym.miniwob  # noqa: F401  registers
    import gymnasium
    from browsergym.core.action.highlevel import HighLevelActionSet
    from browsergym.core.observation import extract_screenshot

    environment = gymnasium.make(
        f"browsergym/miniwob.{name}",
        headless=True,
        slow_mo=0,
        pre_observation_delay=0,
        use_raw_page_output=True,
        action_mapping=HighLevelActionSet(subsets=["coord"]).to_python_code,
    ).unwrapped
    found = []
    for seed in map(int, seeds):
        began = time.perf_counter()
        seen, _ = environment.reset(seed=seed)
        page = environment.page
        extract_screenshot(page)
        quoted = (re.findall(r'"([^"]*)"', seen["goal"]) or [""])[0]
        x, y = page.evaluate(PLACES[name], quoted)
        scale = getattr(page, "_bgym_scale_factor", 1.0)
        _, reward, *_ = environment.step(f"mouse_click({x * scale}, {y * scale})")
        extract_screenshot(page)
        found.append({"seconds": time.perf_counter() - began, "solved": reward > 0})
    environment.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
