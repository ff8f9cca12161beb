"""The pages in a real browser: their script works, page-controlled text stays text, and no request leaves."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent
from clickwright.agent.view import write_beside, write_report
from clickwright.environments import find_browser
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import BadModelOutput
from clickwright.model import Generation
from clickwright.policies.policy import Decision
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Box, Point
from clickwright.tools import CallTool, Click, Finish, Task, TypeText
from playwright.sync_api import Browser, Page, sync_playwright

Make = Callable[..., Agent]
NEXT = Click(point=Point(60, 35))
HOSTILE = (
    "\"'`><script>alert(1)</script><img src=//evil.test/x onerror=alert(1)></script><!--<script>"
    "<svg onload=alert(1)><style>*{background:url(//evil.test/y)}</style></pre></title></textarea>"
    '<a href="javascript:alert(1)">${alert(1)}</a>{{ 7*7 }}{% raw %}\u202e\u2028</body>'
)
TOKENS = ("left_", "cli", "ck at ", "512")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(find_browser()))
        yield chromium
        chromium.close()


class Watched:
    """A page, with all that it says and asks for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(dialog.message))
        page.on("request", lambda request: self.asked.append(request.url))

    def see(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page

    @property
    def left(self) -> list[str]:
        """Requests beyond the page itself."""
        return [url for url in self.asked if not url.startswith(("data:", "file:"))]


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    yield Watched(page)
    page.close()


@pytest.fixture
def report(make: Make) -> Path:
    """Three steps, the second with tokens and places in question."""
    wrote = Generation(text="".join(TOKENS), tokens=TOKENS, logprobs=(0.0, 0.0, 0.0, -1.2))
    doubted = Decision(
        actions=(NEXT,), frame="", thought="The Blue one.", generation=wrote, candidates=((Point(60, 35), 0.5),)
    )
    return write_report(make([NEXT, doubted, [NEXT, Finish(answer="forty-nine")]]).run().run_dir)


def hostile_run(folder: Path) -> Path:
    page = MemoryPage(name=HOSTILE, items=(MemoryItem(name=HOSTILE, box=Box(20, 20, 100, 50), leads_to="b"),))
    shop = MemoryEnvironment([page, MemoryPage(name="b")])
    shop.happen(HOSTILE)
    wrote = Generation(
        text=HOSTILE,
        tokens=(HOSTILE[:9], HOSTILE[9:]),
        logprobs=(-0.1, -2.0),
        top_logprobs=((), ((HOSTILE, -0.3),)),
    )
    script: list[Any] = [
        BadModelOutput(HOSTILE, raw=HOSTILE),
        Decision(actions=(NEXT, TypeText(text=HOSTILE)), frame="", thought=HOSTILE, target=HOSTILE, generation=wrote),
        CallTool(name="x", arguments={HOSTILE: HOSTILE}),
        Finish(answer=HOSTILE),
    ]
    task = Task(goal=HOSTILE, steps=(HOSTILE,))
    policy = ScriptedPolicy(script)
    return Agent(task, policy=policy, environment=shop, run_dir=folder, model=HOSTILE).run().run_dir


def current(page: Page) -> str:
    return page.locator(".step.current h2").inner_text().split()[0]


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 390])
def test_what_a_page_or_a_model_wrote_stays_text_and_no_request_leaves(
    watched: Watched, tmp_path: Path, width: int
) -> None:
    run_dir = hostile_run(tmp_path / "one")
    hostile_run(tmp_path / "two")
    watched.page.set_viewport_size({"width": width, "height": 900})
    for path in (write_report(run_dir), write_beside(run_dir, tmp_path / "two")):
        page = watched.see(path)
        for key in ("r", "h", "j", "?", "Escape"):
            page.keyboard.press(key)
        page.keyboard.press("/")
        page.keyboard.type("alert(1)")
        page.keyboard.press("Enter")
        assert "of" in page.locator("#hits").inner_text()
        assert page.locator(".step pre").first.inner_text().startswith(HOSTILE[:20])
        tags: Any = page.evaluate(
            "[...document.querySelectorAll('script, img, link')].map(e => e.outerHTML.slice(0, 30))"
        )
        assert not [
            tag for tag in tags if not tag.startswith(("<script>", '<link rel="icon" href="data:', "<img class"))
        ]
        assert len([tag for tag in tags if tag.startswith("<script>")]) == 1
        assert page.locator("main a, main style, main svg[onload]").count() == 0
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
    assert watched.said == []
    assert watched.left == []


def test_keys_go_from_step_to_step(watched: Watched, report: Path) -> None:
    page = watched.see(report)
    steps: list[str] = []
    for key in ("j", "ArrowRight", "j", "j", "k", "ArrowLeft"):
        page.keyboard.press(key)
        steps.append(current(page))
    assert steps == ["2", "3", "The", "The", "3", "2"]
    assert page.locator(".stop[aria-current]").count() == 1
    assert page.url.partition("#")[2] == page.locator(".step.current").get_attribute("id")
    page.locator('.stop[href="#step-3"]').click()
    assert page.evaluate("document.querySelector('#step-3').getBoundingClientRect().top < innerHeight")
    assert watched.said == []


def test_the_heat_map_the_boxes_and_the_close_up_go_on_and_off(watched: Watched, report: Path) -> None:
    page = watched.see(report)
    heat, near = page.locator("#step-2 .shot .heat"), page.locator("#step-2 .near")
    assert (heat.is_visible(), near.is_visible()) == (False, True)
    page.keyboard.press("h")
    page.keyboard.press("c")
    assert (heat.is_visible(), near.is_visible()) == (True, False)
    page.get_by_label("Heat map").click()
    assert not heat.is_visible()
    page.keyboard.press("b")
    assert page.evaluate("getComputedStyle(document.querySelector('#step-2 .boxes')).display") == "none"


def test_search_finds_text_in_pieces_and_leaves_the_other_steps_out(watched: Watched, report: Path) -> None:
    page = watched.see(report)
    page.keyboard.press("/")
    page.keyboard.type("LEFT_click at 5")
    assert page.locator("#hits").inner_text() == "1 place in 1 step"
    assert [page.locator(f"#step-{n}").is_visible() for n in (1, 2, 3)] == [False, True, False]
    page.keyboard.press("Enter")
    assert page.locator("#step-2 details").evaluate("details => details.open")
    marked: Any = page.evaluate("[...CSS.highlights.get('here')].map(range => range.toString())")
    assert marked == ["left_click at 5"]
    page.keyboard.press("Escape")
    assert page.locator("#step-1").is_visible()
    assert page.evaluate("CSS.highlights.size") == 0
    page.keyboard.press("/")
    page.keyboard.type("nowhere at all")
    assert page.locator("#hits").inner_text() == "0 places in 0 steps"


def test_a_question_mark_shows_the_keys(watched: Watched, report: Path) -> None:
    page = watched.see(report)
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Keys").is_visible()
    page.keyboard.press("j")
    page.get_by_role("button", name="Close").click()
    assert not page.get_by_role("dialog", name="Keys").is_visible()


def test_without_the_script_everything_can_be_read(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="dark")
    page = context.new_page()
    page.goto(report.as_uri())
    assert not page.locator("#search").is_visible()
    page.get_by_label("Heat map").click()
    assert page.locator("#step-2 .shot .heat").is_visible()
    page.locator("#step-2 summary").click()
    assert page.locator("#step-2 pre").inner_text() == "left_click at 512"
    page.locator('.stop[href="#step-3"]').click()
    assert page.locator("#step-3").is_visible()
    context.close()


def test_two_runs_stand_side_by_side(watched: Watched, tmp_path: Path) -> None:
    pages = (
        MemoryPage(name="a", items=(MemoryItem(name="Next", box=Box(20, 20, 100, 50), leads_to="b"),)),
        MemoryPage(name="b", items=(MemoryItem(name="Next", box=Box(20, 20, 100, 50), leads_to="a"),)),
    )
    beyond = Click(point=Point(63, 39))
    scripts: list[list[Any]] = [[NEXT, NEXT, Finish()], [beyond, BadModelOutput("odd"), NEXT, Finish()]]
    for name, script in zip("ab", scripts, strict=True):
        agent = Agent(
            "press", policy=ScriptedPolicy(script), environment=MemoryEnvironment(pages), run_dir=tmp_path / name
        )
        assert agent.run().status == "success"
    page = watched.see(write_beside(tmp_path / "a", tmp_path / "b", tmp_path / "both.html"))
    told = [page.locator(f"#step-{n} .tags").inner_text().split("\n") for n in range(1, 5)]
    assert "5 px apart" in " ".join(told[0])
    assert "only in B" in " ".join(told[1])
    assert [page.locator(f"#step-{n} .gone").count() for n in range(1, 5)] == [0, 1, 0, 0]
    page.keyboard.press("j")
    assert page.locator(".step.current").count() == 1
    assert watched.said == []
    assert watched.left == []
