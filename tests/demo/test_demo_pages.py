"""Every instruction of the demo means exactly one thing on the page that it is about, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from clickwright.demo.pages import render
from clickwright.demo.state import State, apply
from clickwright.demo.tasks import tasks_of
from clickwright.environments import find_browser
from playwright.sync_api import Page, sync_playwright

MIN_SIDE_PX = 26
NAMED = re.compile(r"(?:Click|into|in) the (.+)\.")
READ = """(pages) => pages.map((html) => {
  document.open(); document.write(html); document.close();
  return [...document.querySelectorAll("[data-target]")].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return { name: node.dataset.target, x, y, width, height, reachable: node === top || node.contains(top) };
  });
})"""
"""What stands where on each of the pages, which are written one after another: a call for each is most of the time."""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        page = browser.new_page(viewport={"width": 1288, "height": 728})
        page.route("**/*", lambda route: route.fulfill(body=""))
        yield page
        browser.close()


def states_of(seed: int) -> Iterator[tuple[str, State]]:
    """Each instruction with the state of the site that it is given on."""
    for task in tasks_of(seed):
        state = task.before
        for step, (act, value) in zip(task.steps, task.uses, strict=True):
            yield step, state
            state = apply(state, act, value)
        assert task.is_done(state)


def faults(page: Page, seed: int) -> list[str]:
    found: list[str] = []
    told = list(states_of(seed))
    for (step, state), targets in zip(told, page.evaluate(READ, [render(state) for _, state in told]), strict=True):
        assert targets, state.page
        named = NAMED.search(step)
        if named is None:
            continue
        meant = [target for target in targets if target["name"] == named[1]]
        if len(meant) != 1:
            found.append(f"seed {seed}: {step} means {len(meant)} things on {state.page}")
        for target in targets:
            inside = target["x"] >= 0 and target["x"] + target["width"] <= 1288
            inside = inside and target["y"] >= 0 and target["y"] + target["height"] <= 728
            if not inside or not target["reachable"] or min(target["width"], target["height"]) < MIN_SIDE_PX:
                found.append(f"seed {seed}: {target} on {state.page}")
    return found


@pytest.mark.slow
def test_each_instruction_means_one_visible_thing(page: Page):
    assert [fault for seed in range(1, 41) for fault in faults(page, seed)] == []


@pytest.mark.nightly
def test_each_instruction_means_one_visible_thing_for_many_seeds(page: Page):
    assert [fault for seed in range(41, 201) for fault in faults(page, seed)] == []
