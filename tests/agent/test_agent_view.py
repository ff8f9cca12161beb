"""The report: complete, escaped, and closed to the network."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent
from clickwright.agent.view import write_report
from clickwright.agent.view.words import in_words, seconds, visible
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation
from clickwright.policies.policy import Decision
from clickwright.screen import Box, Point
from clickwright.tools import (
    ACTION,
    Action,
    Ask,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Hover,
    LongPress,
    NewTab,
    Pinch,
    Press,
    Scroll,
    SelectOption,
    SwitchTab,
    Task,
    TypeText,
    Upload,
    Wait,
)
from hypothesis import given
from hypothesis import strategies as st

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))
HOSTILE = '"><script>alert(1)</script><img src=//evil.test/x onerror=alert(1)>\u202e</pre></svg>{{ 7*7 }}'


class Seen(HTMLParser):
    """Every tag with its attributes, and the text between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_every_step_is_in_it(make: Make) -> None:
    wrote = Generation(text="<tool_call>left_click</tool_call>", token_ids=(1, 2), prompt_tokens=1500)
    decision = Decision(
        actions=(NEXT, Finish(answer="49 euros")),
        frame="",
        thought="The button is at the top.",
        boxes=(Box(20, 20, 100, 50),),
        confidence=0.87,
        generation=wrote,
    )
    script = [BadModelOutput("no call found", raw="Well, hm."), decision]
    result = make(script, "press the button", model="clickwright/mini").run()
    html = write_report(result.run_dir).read_text()
    seen = Seen(html)
    for part in (
        "press the button",
        "Done",
        "clickwright/mini",
        "49 euros",
        "no call found",
        "Well, hm.",
        "The button is at the top.",
        "87 %",
        "<tool_call>left_click</tool_call>",
        "Click (60, 35)",
        "screen changed",
        "1,502",
    ):
        assert part in seen.text, part
    boxes = [attrs for tag, attrs in seen.tags if tag == "rect" and attrs.get("class") == "box"]
    assert [(box["x"], box["y"], box["width"], box["height"]) for box in boxes] == [("20.0", "20.0", "80.0", "30.0")]
    dots = [attrs for tag, attrs in seen.tags if tag == "circle" and attrs.get("class") == "dot"]
    assert [(dot["cx"], dot["cy"]) for dot in dots] == [("60.0", "35.0")]


def test_a_picture_that_is_shown_twice_is_stored_once(make: Make) -> None:
    result = make([BadModelOutput("odd"), [NEXT, Finish()]]).run()
    seen = Seen(write_report(result.run_dir).read_text())
    images = [attrs["id"] for tag, attrs in seen.tags if tag == "image"]
    assert images == ["frame-1", "frame-2"]
    assert [attrs["href"] for tag, attrs in seen.tags if tag == "use"] == ["#frame-1"]


def hostile_run(make: Make) -> Path:
    page = MemoryPage(name="a", items=(MemoryItem(name=HOSTILE, box=Box(20, 20, 100, 50), leads_to="b"),))
    shop = MemoryEnvironment([page, MemoryPage(name="b")])
    shop.happen(HOSTILE)
    script = [
        BadModelOutput(HOSTILE, raw=HOSTILE),
        Decision(
            actions=(NEXT, TypeText(text=HOSTILE)), frame="", thought=HOSTILE, generation=Generation(text=HOSTILE)
        ),
        CallTool(name="x", arguments={"a": HOSTILE}),
        Finish(answer=HOSTILE),
    ]
    return make(script, Task(goal=HOSTILE, steps=(HOSTILE,)), environment=shop, model=HOSTILE).run().run_dir


def test_what_a_page_or_a_model_writes_stays_text(make: Make) -> None:
    html = write_report(hostile_run(make)).read_text()
    seen = Seen(html)
    assert not {tag for tag, _ in seen.tags} & {"script", "img", "iframe", "object", "embed", "link", "form", "base"}
    assert not [name for _, attrs in seen.tags for name in attrs if name.startswith("on") or name == "style"]
    assert seen.text.count("<script>alert(1)</script>") > 8
    assert "\u202e" not in html
    assert "{{ 7*7 }}" in html
    # The title, the raw output and the elements after them are all still where they belong.
    assert [tag for tag, _ in seen.tags].count("article") == 4


def test_nothing_is_asked_of_the_network(make: Make) -> None:
    html = write_report(hostile_run(make)).read_text()
    for _, attrs in Seen(html).tags:
        for name in ("src", "href", "xlink:href", "action", "srcset", "data", "poster"):
            value = attrs.get(name)
            assert value is None or value.startswith(("#", "data:image/png;base64,"))
    assert not re.search(r"url\(|@import", html.split("<style>")[1].split("</style>")[0])
    assert "default-src 'none'; img-src data:;" in html


def test_a_browser_shows_it_and_finds_nothing_against_its_rules(make: Make) -> None:
    from clickwright.environments import find_browser
    from playwright.sync_api import sync_playwright

    report = write_report(hostile_run(make))
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()))
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(report.as_uri())
        styled: Any = page.evaluate("getComputedStyle(document.querySelector('.step')).borderRadius")
        wide: Any = page.evaluate("document.documentElement.scrollWidth")
        browser.close()
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert styled == "12px"
    assert wide <= 390


def test_a_run_that_is_not_over_has_a_report_too(make: Make) -> None:
    agent = make([NEXT, NEXT])
    agent.run(on_step=lambda step: agent.stop())
    for frame in (agent.run_dir / "frames").iterdir():
        frame.unlink()
    (agent.run_dir / "run.json").write_text("{")
    seen = Seen(write_report(agent.run_dir, agent.run_dir / "other.html").read_text())
    assert "Interrupted" in seen.text
    assert "run.json is damaged" in seen.text
    assert "is not in the run folder" in seen.text


def test_no_run_no_report(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no run"):
        write_report(tmp_path)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Click(point=Point(1, 2), count=2, button="right", modifiers=("Shift",)), "Shift+double right click (1, 2)"),
        (LongPress(point=Point(1, 2)), "hold (1, 2) for 0.8 s"),
        (Hover(point=Point(1, 2)), "point at (1, 2)"),
        (Drag(path=(Point(1, 2), Point(5, 6), Point(3, 4))), "drag (1, 2) to (3, 4)"),
        (Scroll(point=Point(1, 2), dy=-30, dx=5), "scroll up 30 px and right 5 px at (1, 2)"),
        (Pinch(point=Point(1, 2), factor=2), "zoom by 2 at (1, 2)"),
        (TypeText(text="hello"), "type “hello”"),
        (TypeText(secret="door"), "type the secret door"),
        (Press(keys=("Control", "s")), "press Control+s"),
        (NewTab(), "open a tab with about:blank"),
        (SwitchTab(index=0), "switch to tab 1"),
        (CloseTab(), "close the tab"),
        (SelectOption(point=Point(1, 2), label="Red"), "choose “Red” at (1, 2)"),
        (Upload(point=Point(1, 2), paths=("a", "b")), "upload a, b at (1, 2)"),
        (Wait(seconds=2), "wait 2 s"),
        (CallTool(name="add", arguments={"a": 1}), "call add(a=1)"),
        (Ask(question="Why?"), "ask “Why?”"),
        (Finish(answer="x" * 300), f"finish: success, “{'x' * 199}…”"),
    ],
)
def test_actions_in_words(action: Action, words: str) -> None:
    assert in_words(action) == words


@pytest.mark.parametrize("kind", ["back", "forward", "reload"])
def test_actions_without_arguments_in_words(kind: str) -> None:
    assert kind in in_words(ACTION.validate_python({"kind": kind}))


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0 ms"), (0.0342, "34 ms"), (0.9999, "1.0 s"), (12.34, "12.3 s"), (185, "3 min 05 s")],
)
def test_seconds(value: float, words: str) -> None:
    assert seconds(value) == words


@given(st.text(max_size=50))
def test_visible_text_keeps_all_that_is_harmless(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not set(shown) & set("\x00\x1b\x7f\u202e\u2066")
    if text.isascii() and text.isprintable():
        assert shown == text
