"""Secrets that a page shows in another way than they were typed: in capitals, in pieces, behind dots of its own."""

import time
from pathlib import Path

import pytest
from clickwright.agent.secrets import Secrets
from clickwright.screen import Box, Element, Label
from clickwright.testing.steps.split import hide_split
from clickwright.testing.ui import HIDDEN

from ..conftest import sight_of
from .conftest import PageEyes, Play

SECRET = "Hunter2-und-Straße"
PAGE = """<!doctype html><meta charset=utf-8><title>Shown</title><style>body { font: 16px sans-serif }
#dots { -webkit-text-security: disc } b { margin-right: 3px }</style>
<p><label>Code <input id=dots></label> <button onclick="show()">Show</button> <button>Other</button></p>
<p id=loud></p><p id=pieces></p><p id=names></p>
<script>function show() {
  loud.textContent = "It is " + dots.value.toUpperCase() + " now";
  for (let at = 0; at < dots.value.length; at += 5) {
    const piece = dots.value.slice(at, at + 5);
    pieces.append(Object.assign(document.createElement("b"), {textContent: piece}));
    names.append(Object.assign(document.createElement("button"), {textContent: piece}));
  }
}</script>"""


def test_a_secret_in_capitals_or_in_pieces_is_nowhere(play: Play, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    eyes = PageEyes()
    text = f"""
start: {(tmp_path / "page.html").as_uri()}
tests:
- name: shown
  steps:
  - fill: {{field: Code, with: "${{env.CODE}}"}}
  - tap: Show
  - locate: Other
"""
    (told,) = play(text, eyes, CODE=SECRET)
    assert (told.verdict, told.reason) == ("passed", "")
    last = eyes.seen[-1]
    said = [one.text for one in last.labels] + [part for one in last.elements for part in (one.name, one.value)]
    spoilt = [SECRET[at : at + 5] for at in range(0, len(SECRET), 5)]
    assert [part for part in said if SECRET.upper()[:7] in part.upper() or part in spoilt] == []
    assert "It is <secret CODE> now" in said
    hidden = [one for one in last.labels if "<secret CODE>" in one.text]
    assert len(hidden) >= 1 + 2 * len(spoilt)
    for one in hidden:
        pixels = last.screenshot.crop(one.box).pixels
        assert (pixels == pixels[0, 0]).all(), one
    assert "Other" in said


def test_a_secret_that_a_narrow_page_wraps_is_nowhere(play: Play, tmp_path: Path) -> None:
    wrapped = """<!doctype html><meta charset=utf-8><label>Key <input oninput="said.textContent = 'Key: ' + this.value">
    </label><p id=said style="width: 130px"></p><button>Other</button>"""
    (tmp_path / "page.html").write_text(wrapped, "utf-8")
    eyes = PageEyes()
    text = f"""
start: {(tmp_path / "page.html").as_uri()}
tests: [{{name: a, steps: [{{fill: {{field: Key, with: "${{env.KEY}}"}}}}, {{locate: Other}}]}}]
"""
    (told,) = play(text, eyes, KEY="correct horse battery staple")
    assert (told.verdict, told.reason) == ("passed", "")
    said = " ".join(one.text for one in eyes.seen[-1].labels)
    assert "<secret KEY>" in said
    assert [word for word in ("correct", "horse", "battery", "staple") if word in said] == []


def test_what_is_typed_behind_dots_of_the_page_is_given_to_no_report(play: Play, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    text = f"""
start: {(tmp_path / "page.html").as_uri()}
tests: [{{name: a, steps: [{{fill: {{field: Code, with: not told to anyone}}}}]}}]
"""
    (told,) = play(text)
    assert [step.given for step in told.steps] == [HIDDEN]


@pytest.mark.parametrize(
    ("pieces", "hidden"),
    [
        ((("hun", 10, 40), ("ter2", 40, 80)), 2),
        ((("say hun", 10, 70), ("ter2 now", 72, 140), ("or", 150, 170)), 2),
        ((("hun", 10, 40), ("ter2", 140, 180)), 0),
        ((("ter2", 10, 40), ("hun", 42, 80)), 0),
        ((("HUN", 10, 40), ("TER2", 42, 80)), 2),
        ((("hunter2", 10, 80), ("x", 82, 90)), 0),  # whole in one text, which is hidden as such
    ],
)
def test_pieces_side_by_side_are_put_together(pieces: tuple[tuple[str, float, float], ...], hidden: int) -> None:
    labels = [Label(text, Box(x1, 50, x2, 66)) for text, x1, x2 in pieces]
    below = Label("hun", Box(10, 150, 40, 166))
    things = tuple(Element(box=one.box, role="button", name=one.text) for one in (*labels, below))
    sight = sight_of(elements=things)
    seen = hide_split(
        type(sight.observation)(screenshot=sight.screenshot, elements=things, labels=(*labels, below), focus=things[0]),
        Secrets({"door": "hunter2"}, any_case=True).places_in_text,
    )
    told, boxes = seen
    assert told.labels is not None
    assert told.elements is not None
    assert told.focus is not None
    assert len(boxes) == sum(one.text == "<secret door>" for one in told.labels) == hidden
    assert sum(one.name == "" for one in told.elements) == hidden
    assert (told.focus.name == "") == (told.labels[0].text == "<secret door>")
    assert told.labels[-1] == below


def test_words_of_a_secret_may_stand_apart() -> None:
    labels = tuple(Label(text, Box(x, 50, x + 50, 66)) for text, x in (("correct", 10), ("horse", 66), ("staple", 122)))
    observation = type(sight_of().observation)(screenshot=sight_of().screenshot, labels=labels)
    told, boxes = hide_split(observation, Secrets({"key": "correct horse"}).places_in_text)
    assert told.labels is not None
    assert [one.text for one in told.labels] == ["<secret key>", "<secret key>", "staple"]
    assert boxes == (labels[0].box, labels[1].box)


def lines(*rows: tuple[tuple[str, float], ...], left: float = 10) -> list[Label]:
    """Texts with where each begins, line by line, each ten pixels wide a letter."""
    return [
        Label(text, Box(left + x, 50 + 20 * row, left + x + 10 * len(text), 66 + 20 * row))
        for row, texts in enumerate(rows)
        for text, x in texts
    ]


@pytest.mark.parametrize(
    ("labels", "hidden"),
    [
        (lines((("Key: correct horse", 0),), (("battery staple", 0),)), [0, 1]),
        (lines((("Key:", 0), ("correct", 50)), (("horse", 0),), (("battery", 0), ("staple.", 80))), [1, 2, 3, 4]),
        (lines((("Key: correct horse batt", 0),), (("ery staple", 0),)), [0, 1]),
        ([*lines((("A", 0),), (("wide line", 0),)), *lines((("correct horse battery", 0),), left=60)], []),
        ([*lines((("correct horse", 0),)), *lines((), (("battery staple", 0),), left=300)], []),
        ([*lines((("correct horse", 0),)), *lines((), (), (), (("battery staple", 0),))], []),
    ],
)
def test_a_secret_that_goes_on_on_the_next_line_is_hidden(labels: list[Label], hidden: list[int]) -> None:
    observation = type(sight_of().observation)(screenshot=sight_of().screenshot, labels=tuple(labels))
    told, boxes = hide_split(observation, Secrets({"key": "correct horse battery staple"}).places_in_text)
    assert told.labels is not None
    assert [n for n, one in enumerate(told.labels) if one.text == "<secret key>"] == hidden
    assert boxes == tuple(labels[n].box for n in hidden)


def test_the_numbers_of_a_list_are_no_secret_of_its_digits() -> None:
    labels = tuple(lines(*(((str(n), 0),) for n in range(1, 9))))
    observation = type(sight_of().observation)(screenshot=sight_of().screenshot, labels=labels)
    assert hide_split(observation, Secrets({"pin": "2345"}).places_in_text) == (observation, ())


def test_a_name_that_only_holds_the_same_letters_stays() -> None:
    labels = lines((("f", 0), ("or", 12), ("ty", 34)))
    around = Box(0, 40, 300, 200)
    names = ["More or less", "f or ty", "or", "Your code: for ty", ""]
    things = tuple(Element(box=around, role="button", name=name) for name in names)
    observation = type(sight_of().observation)(screenshot=sight_of().screenshot, labels=tuple(labels), elements=things)
    told, boxes = hide_split(observation, Secrets({"code": "forty"}).places_in_text)
    assert len(boxes) == 3
    assert told.elements is not None
    assert [one.name for one in told.elements] == ["More or less", "", "", "", ""]


def test_many_texts_cost_little() -> None:
    labels = tuple(Label(f"Row {n}", Box(10, 20 * n, 80, 20 * n + 16)) for n in range(2000))
    observation = type(sight_of().observation)(screenshot=sight_of().screenshot, labels=labels)
    began = time.process_time()
    hide_split(observation, Secrets({"key": "correct horse"}).places_in_text)
    assert time.process_time() - began < 0.5


def test_the_case_of_a_secret_counts_where_nobody_says_otherwise() -> None:
    assert Secrets({"door": "hunter2"}).hide("HUNTER2") == "HUNTER2"
    assert Secrets({"door": "hunter2"}, any_case=True).hide("a HUNTER2 b") == "a <secret door> b"
