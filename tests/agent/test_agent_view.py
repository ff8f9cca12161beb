"""The report: complete, escaped, and closed to the network."""

import base64
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from math import log
from pathlib import Path
from typing import Any

import pytest
from clickwright.agent import Agent
from clickwright.agent.approvals import Approval
from clickwright.agent.record.folder import RunFolder
from clickwright.agent.record.trace import Checked, Did, Outcome, PlanMade, Sight, Step
from clickwright.agent.view import render, write_report
from clickwright.agent.view.pictures import SPOT
from clickwright.agent.view.steps import look_of
from clickwright.agent.words import in_words, seconds, visible
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.environments.memory.screen import MemoryItem, MemoryPage
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation
from clickwright.policies import Spread
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
from PIL import Image

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
    places = [(box["x"], box["y"], box["width"], box["height"]) for box in boxes]
    assert places == [("20.0", "20.0", "80.0", "30.0")] * 2  # on the screen and in the close-up
    dots = [attrs for tag, attrs in seen.tags if tag == "circle" and attrs.get("class") == "dot"]
    assert [(dot["cx"], dot["cy"]) for dot in dots] == [("60.0", "35.0")]


def test_a_picture_that_is_shown_twice_is_stored_once(make: Make) -> None:
    result = make([BadModelOutput("odd"), [NEXT, Finish()]]).run()
    seen = Seen(write_report(result.run_dir).read_text())
    images = [attrs["id"] for tag, attrs in seen.tags if tag == "image"]
    assert images == ["frame-1", "frame-2"]
    assert [attrs["href"] for tag, attrs in seen.tags if tag == "use"] == ["#frame-1"] * 2  # once as the close-up


def test_a_picture_is_embedded_without_loss_and_no_larger_than_it_is(make: Make) -> None:
    result = make([[NEXT, Finish()]]).run()
    seen = Seen(write_report(result.run_dir).read_text())
    embedded = next(attrs["href"] for tag, attrs in seen.tags if tag == "image") or ""
    content = base64.b64decode(embedded.partition(",")[2])
    png = result.run_dir / "frames" / f"{result.steps[0].saw.frame}.png"
    assert len(content) <= png.stat().st_size
    with Image.open(io.BytesIO(content)) as shown, Image.open(png) as kept:
        assert shown.convert("RGB").tobytes() == kept.convert("RGB").tobytes()


def test_tokens_are_told_with_their_probabilities_and_rivals(make: Make) -> None:
    wrote = Generation(
        text="click 512",
        token_ids=(1, 2, 3),
        tokens=("click", " ", "512", "<end>"),
        logprobs=(0.0, 0.0, log(0.6), 0.0),
        top_logprobs=((), (), (("512", log(0.6)), ("513", log(0.3)), ("9", log(0.001))), ()),
    )
    decision = Decision(actions=(NEXT, Finish()), frame="", generation=wrote)
    result = make([decision]).run()
    assert result.steps[0].decided is not None
    assert result.steps[0].decided.written == (
        (("click", 1.0),),
        ((" ", 1.0),),
        (("512", 0.6), ("513", 0.3)),
        (("<end>", 1.0),),
    )
    seen = Seen(write_report(result.run_dir).read_text())
    tokens = [
        attrs["title"]
        for tag, attrs in seen.tags
        if tag == "span" and attrs.get("title", "") and "%" in str(attrs["title"])
    ]
    assert tokens == ["100 %", "100 %", "60 %, not '513' 30 %"]
    assert "<end>" not in seen.text


def test_half_a_character_is_no_reason_to_end_a_run(make: Make) -> None:
    wrote = Generation(text="?", tokens=("\ud83d", "b"), logprobs=(-0.1, -0.1), top_logprobs=((), (("\ude00", -0.2),)))
    result = make([Decision(actions=(NEXT, Finish()), frame="", generation=wrote)]).run()
    assert result.steps[0].decided is not None
    assert [[text for text, _ in token] for token in result.steps[0].decided.written] == [["?"], ["b", "?"]]


@pytest.mark.parametrize("hidden", ["pass1234", "pass"])
def test_no_secret_comes_back_in_pieces(make: Make, hidden: str) -> None:
    """Neither through the tokens of an answer that holds it, nor through those that stood in question."""
    wrote = Generation(
        text=f"it is {hidden}",
        token_ids=(1, 2, 3),
        tokens=("it is ", "pass", hidden.removeprefix("pass") or ""),
        logprobs=(-0.1, -0.1, -0.1),
        top_logprobs=((), (), (("1234", -0.2),)),
    )
    decision = Decision(actions=(NEXT, Finish()), frame="", generation=wrote)
    result = make([decision], secrets={"door": "pass1234"}).run()
    decided = result.steps[0].decided
    assert decided is not None
    assert decided.new_tokens == 3
    assert [token[0][0] for token in decided.written] == ([] if hidden == "pass1234" else ["it is ", "pass", ""])
    kept = (result.run_dir / "steps.jsonl").read_text()
    assert not [piece for piece in ('"1234"', "pass1234") if piece in kept]  # a time may have these digits by chance


def test_the_heat_map_shows_the_places_in_question(make: Make) -> None:
    named = Decision(
        actions=(NEXT, Finish()),
        frame="",
        candidates=((Point(61, 35), 0.6), (Point(200, 90), 0.15), (Point(900, 9), 0.1)),
    )
    result = make([named]).run()
    seen = Seen(write_report(result.run_dir).read_text())
    spots = [(attrs["cx"], attrs["cy"], attrs["opacity"]) for tag, attrs in seen.tags if tag == "ellipse"]
    assert spots == [("61.0", "35.0", "1.0"), ("200.0", "90.0", "0.5")] * 2


def test_without_places_the_heat_map_is_as_wide_as_the_spread(make: Make) -> None:
    decision = Decision(actions=(NEXT, Finish()), frame="", spread=Spread(20, 1))
    seen = Seen(write_report(make([decision]).run().run_dir).read_text())
    found = [(attrs["cx"], attrs["rx"], attrs["ry"]) for tag, attrs in seen.tags if tag == "ellipse"]
    assert found[0] == ("60.0", "60.0", str(SPOT * 320))


@pytest.mark.parametrize(
    ("did", "more", "look"),
    [
        ([("allowed", "changed")], {}, "good"),
        ([("asked", "changed")], {}, "asked"),
        ([("allowed", "unchanged")], {}, "still"),
        ([("allowed", "changed"), ("allowed", "failed")], {}, "bad"),
        ([("allowed", "in_doubt")], {"error": "may be"}, "doubt"),
        ([("denied", "not_done")], {"error": "no"}, "denied"),
        ([], {"error": "no call found"}, "bad"),
        ([], {"outcome": Outcome(status="success", reason="done")}, "good"),
    ],
)
def test_how_a_step_went_has_a_colour(did: list[Any], more: dict[str, Any], look: str) -> None:
    done = tuple(Did(action=NEXT, verdict=verdict, effect=effect) for verdict, effect in did)
    saw = Sight(frame="0" * 64, screen="0", width=9, height=9)
    step = Step(number=1, position=0, goal="x", saw=saw, decided=None, did=done, next_position=0, **more)
    assert look_of(step) == look


def hostile_run(make: Make) -> Path:
    page = MemoryPage(name="a", items=(MemoryItem(name=HOSTILE, box=Box(20, 20, 100, 50), leads_to="b"),))
    shop = MemoryEnvironment([page, MemoryPage(name="b")])
    shop.happen(HOSTILE)
    wrote = Generation(
        text=HOSTILE,
        tokens=(HOSTILE[:9], HOSTILE[9:]),
        logprobs=(-0.1, -2.0),
        top_logprobs=((), ((HOSTILE, -0.3),)),
    )
    script = [
        BadModelOutput(HOSTILE, raw=HOSTILE),
        Decision(actions=(NEXT, TypeText(text=HOSTILE)), frame="", thought=HOSTILE, target=HOSTILE, generation=wrote),
        CallTool(name="x", arguments={"a": HOSTILE}),
        Finish(answer=HOSTILE),
    ]
    return make(script, Task(goal=HOSTILE, steps=(HOSTILE,)), environment=shop, model=HOSTILE).run().run_dir


def test_what_a_page_or_a_model_writes_stays_text(make: Make) -> None:
    html = write_report(hostile_run(make)).read_text()
    seen = Seen(html)
    assert not {tag for tag, _ in seen.tags} & {"iframe", "object", "embed", "form", "base"}
    assert [attrs for tag, attrs in seen.tags if tag in ("script", "link")] == [{"rel": "icon", "href": "data:,"}, {}]
    assert all((attrs["src"] or "").startswith("data:image/") for tag, attrs in seen.tags if tag == "img")
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
            assert value is None or value == "data:," or value.startswith(("#", "data:image/"))
    assert not re.search(r"url\(|@import", html.split("<style>")[1].split("</style>")[0])
    rules = next(attrs["content"] or "" for tag, attrs in Seen(html).tags if tag == "meta" and "http-equiv" in attrs)
    assert re.fullmatch(
        r"default-src 'none'; img-src data:; style-src 'sha256-\S+'; script-src 'sha256-\S+'; "
        "base-uri 'none'; form-action 'none'",
        rules,
    )


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


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\x08\x02\0\0\0"]
)
def test_a_damaged_picture_is_told_and_the_rest_is_shown(make: Make, content: bytes) -> None:
    result = make([[NEXT, Finish()]]).run()
    (result.run_dir / "frames" / f"{result.steps[0].saw.frame}.png").write_bytes(content)
    seen = Seen(write_report(result.run_dir).read_text())
    assert "The picture of this screen (320 × 180) is not in the run folder, or damaged." in seen.text
    assert [attrs["id"] for tag, attrs in seen.tags if tag == "image"] == ["frame-1"]


def test_what_a_person_answered_is_told(make: Make) -> None:
    result = make([[NEXT, Finish()]]).run()
    folder = RunFolder(result.run_dir)
    run, now = folder.read(), datetime.now(UTC)
    approval = Approval(
        answer="edit",
        trigger="payment",
        digest="0" * 64,
        reason=HOSTILE,
        by="Ann",
        asked_at=now,
        answered_at=now,
        asked_about=Click(point=Point(7, 9)),
    )
    did = run.steps[0].did[0].model_copy(update={"verdict": "asked", "approval": approval})
    step = run.steps[0].model_copy(update={"did": (did,)})
    seen = Seen(render(run.model_copy(update={"steps": (step,)}), folder))
    assert "edited by Ann" in seen.text
    assert "it was: click (7, 9)" in seen.text
    assert seen.text.count("<script>alert(1)</script>") == 1


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


def test_what_a_check_said_and_what_was_planned_anew_is_told(make: Make) -> None:
    result = make([[NEXT, Finish()]]).run()
    folder = RunFolder(result.run_dir)
    run = folder.read()
    assert run.info is not None
    noted = CallTool(name="remember", arguments={"name": "price", "value": HOSTILE})
    remembered = Did(action=noted, verdict="allowed", effect="in_doubt")
    step = run.steps[0].model_copy(
        update={
            "did": (*run.steps[0].did, remembered),
            "checked": Checked(verdict="not met", reason=HOSTILE),
            "then": "replan",
            "is_unconfirmed": True,
        }
    )
    info = run.info.model_copy(update={"plans": (PlanMade(turn=1, plan=("x",), reason=HOSTILE),)})
    seen = Seen(render(run.model_copy(update={"info": info, "steps": (step,)}), folder))
    for told in ("not met", "The plan is made anew.", "Before step 1 the plan was made anew", "Noted on the way price"):
        assert told in seen.text, told
    assert seen.text.count("<script>alert(1)</script>") == 3
    assert [tag for tag, _ in seen.tags].count("script") == 1
