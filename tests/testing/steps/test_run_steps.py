"""Step files that are really run: what passes, what fails and whose fault it is, what is kept, and what never is."""

import re
import sys
from io import StringIO
from pathlib import Path

import pytest
from clickwright.errors import BadModelOutput, Denied
from clickwright.screen import Label, Point
from clickwright.testing import ScriptedEyes
from clickwright.testing.report.told import TestTold
from clickwright.testing.steps.run import code_of, forget, passed_before
from clickwright.testing.steps.show import Shown
from rich.console import Console

from ..conftest import PlainEyes
from .conftest import PageEyes, Play, Shop, planned_of


@pytest.mark.slow
def test_every_word_of_the_vocabulary_on_one_page(play: Play, shop: Shop) -> None:
    eyes = PageEyes({"a b is said": True, "welcome is said": True}, {"the price": "€ 12.50", "the day": "2026-11-27"})
    (told,) = play(
        f"""
start: {{url: "{shop.url}", viewport: 640x480, scale: 2}}
before: [{{locate: Log in}}]
tests:
- name: all of it
  steps:
  - fill: {{field: Email, with: a b}}
  - check: a b is said
  - fill: {{field: Email, with: ""}}
  - choose: {{from: Size, option: Large}}
  - press: Escape
  - hover: Cart
  - tap: {{what: the button to enter, selector: "button:has-text('Log in')"}}
  - wait_for: {{claim: welcome is said, seconds: 2}}
  - scroll_to: Log in
  - double_tap: Log in
  - long_press: {{what: Log in, seconds: 0.1}}
  - get: {{what: the price, type: decimal, as: price}}
  - get: {{what: the day, type: date, as: day}}
  - fill: {{field: Email, with: "${{price}} on ${{day}}"}}
  - goto: cart?from=here
  - tap: Back to the shop
""",
        eyes,
    )
    assert (told.verdict, told.reason) == ("passed", "")
    assert told.screen is not None
    assert (told.screen.width, told.screen.height, told.screen.scale) == (1280, 960, 2)
    by_words = {(step.does, step.words): step for step in told.steps}
    assert by_words["tap", "the button to enter"].how == "selector"
    assert [step.given for step in told.steps if step.does == "fill"] == ["a b", "", "12.50 on 2026-11-27"]
    assert "/cart?from=here" in shop.asked


BOARD = """<!doctype html><title>Board</title><style>body { font: 16px sans-serif }
ul { height: 60px; overflow: auto; padding: 0 } li { height: 40px } #card, #done { width: 120px; margin: 20px }</style>
<ul aria-label=Countries role=listbox tabindex=0><li>Chad<li>Mali<li><button onclick="said.textContent = 'Togo'">Togo
</button></ul><label>Photo <input type=file onchange="said.textContent = this.files[0].name"></label>
<div id=card role=button tabindex=0 aria-label=Card>A card</div><div id=done role=button tabindex=0 aria-label=Done>Done
</div><p id=said></p><p><a href=board.html target=_blank>Once more</a></p>
<script>card.onmousedown = (event) => event.preventDefault();
done.onmouseup = () => { said.textContent = document.title = 'dropped' }</script>"""


@pytest.mark.slow
def test_panes_files_drags_and_tabs(play: Play, tmp_path: Path) -> None:
    (tmp_path / "board.html").write_text(BOARD)
    (tmp_path / "cat.png").write_bytes(b"x")
    text = f"""
start: {(tmp_path / "board.html").as_uri()}
tests:
- name: all of it
  steps:
  - scroll_to: {{what: Togo, inside: Countries}}
  - tap: Togo
  - check: "'Togo' is visible"
  - upload: {{field: Photo, file: cat.png}}
  - check: "'cat.png' is visible"
  - drag: {{what: Card, to: Done}}
  - tap: Once more
  - switch_tab: dropped
  - check: "'dropped' is visible"
"""
    for mode in ("record", "replay"):
        (told,) = play(text, PlainEyes(), mode=mode)
        assert (told.verdict, told.reason, told.unasked) == ("passed", "", ())
    fewer = text.replace("  - upload: {field: Photo, file: cat.png}\n  - check: \"'cat.png' is visible\"\n", "")
    (told,) = play(fewer, PlainEyes(), mode="replay")
    assert told.verdict == "passed"
    assert told.unasked == ("upload 'Photo'", "check \"'cat.png' is visible\"")
    (told,) = play(text.replace("cat.png}", "dog.png}"), PlainEyes())
    assert told.verdict == "inconclusive"
    assert re.fullmatch(r"line 9: there is no file .*dog\.png to upload", told.reason)


@pytest.mark.slow
def test_what_a_selector_found_is_found_by_its_recording_when_the_selector_is_wrong(play: Play, shop: Shop) -> None:
    text = f"""
start: {shop.url}
tests: [{{name: a, steps: [{{tap: {{what: to enter, selector: "button:has-text('Log in')"}}}}]}}]
"""
    (recorded,) = play(text, mode="record")
    (again,) = play(text, mode="replay")
    (wrong,) = play(text.replace("has-text('Log in')", "has-text('Log on')"), mode="replay")
    assert [one.steps[0].how for one in (recorded, again, wrong)] == ["selector", "selector", "pixels"]
    assert [one.unasked for one in (recorded, again, wrong)] == [()] * 3


def test_steps_that_nobody_asked_for_are_told_in_the_terminal() -> None:
    out = StringIO()
    told = TestTold(test="shop.yaml::a", file="shop.yaml", title="a", unasked=("tap 'b'",))
    shown = Shown(Console(file=out, width=200), 1)
    shown.begun(planned_of("start: x\ntests: [{name: a, steps: [tap: b]}]", Path("shop.yaml"))[0])
    shown.ended(told)
    assert "1 recorded step was not asked for; record again to drop it" in out.getvalue()


@pytest.mark.slow
def test_what_fails_is_told_with_its_line_and_what_comes_after_is_done(play: Play, shop: Shop, tmp_path: Path) -> None:
    told = play(
        f"""
start: {shop.url}
after: [{{goto: "/cart?after"}}]
tests:
- name: the model babbles
  steps: [{{tap: Log out}}]
- name: not so
  steps:
  - tap: Log in
  - check: it rains
- name: nobody knows
  steps: [{{check: it snows}}]
- name: well
  steps: [{{tap: Log in}}]
- name: not there
  steps: [{{tap: Log off}}]
- name: no selector
  steps: [{{tap: {{what: Log in, selector: "a[["}}}}]
- name: no address
  steps: [{{goto: "http://["}}]
- name: no answer
  steps: [{{goto: "http://127.0.0.1:1/"}}]
""",
        PageEyes({"it rains": False}, faults={"Log out": BadModelOutput("no place in it")}),
    )
    assert [one.verdict for one in told] == [
        *("model", "product", "inconclusive", "passed", "product", "inconclusive", "inconclusive", "product"),
    ]
    assert told[6].reason.endswith("goto 'http://[' is no address")
    assert told[1].reason == "line 10: 'it rains' does not hold: so it was scripted"
    assert (told[1].line, told[1].title) == (7, "not so")
    assert told[1].failure
    assert (tmp_path / "results" / "pictures" / told[1].failure).exists()
    assert "'a[[' is no selector" in told[5].reason
    assert told[7].reason.startswith("line 22: goto 'http://127.0.0.1:1/': ")
    assert shop.asked.count("/cart?after") == len(told)
    assert [code_of(told[n : n + 1]) for n in range(4)] == [3, 1, 5, 0]
    assert (code_of(told), code_of(told[2:4]), code_of((told[0], told[2]))) == (1, 5, 3)
    assert passed_before(tmp_path / "results") == {one.test for one in told if one.verdict == "passed"}


def test_a_screen_that_cannot_be_had_is_the_environments_fault(play: Play) -> None:
    told = play("start: 'http://127.0.0.1:1/'\ntests:\n- name: a\n  steps: [{tap: b}]\n")
    assert [one.verdict for one in told] == ["environment"]
    assert code_of(told) == 4
    assert told[0].steps[0].verdict == "environment"


def test_over_its_budget_nobody_can_tell_but_what_comes_after_is_done(play: Play, shop: Shop) -> None:
    (told,) = play(
        f"""
start: {shop.url}
budget: {{steps: 1}}
after: [{{tap: Cart}}]
tests: [{{name: a, steps: [{{tap: Log in}}, {{tap: Log in}}]}}]
"""
    )
    assert (told.verdict, "budget of 1 steps" in told.reason) == ("inconclusive", True)
    assert "/cart" in shop.asked


@pytest.mark.slow
def test_each_test_has_a_context_of_its_own_and_several_run_at_once(play: Play, shop: Shop) -> None:
    rows = ", ".join(f"{{n: {n}}}" for n in range(4))
    told = play(
        f"""
start: {shop.url}
tests:
- name: test ${{n}}
  for_each: [{rows}]
  steps:
  - fill: {{field: Email, with: "${{n}}"}}
  - get: {{what: mail, as: mail}}
  - locate: Log in
""",
        PageEyes(answers={"mail": "x"}),
        workers=2,
    )
    assert sorted((one.name, one.verdict) for one in told) == [(f"test {n}", "passed") for n in range(4)]


@pytest.mark.slow
def test_a_screen_looks_as_its_picture_once_somebody_took_it_for_right(play: Play, shop: Shop, tmp_path: Path) -> None:
    text = f"""
start: {shop.url}
tests:
- name: a
  steps:
  - look_like: {{name: shop, without: [Cart], tolerance: 0.0}}
"""
    (without,) = play(text)
    assert (without.verdict, "--update-baselines" in without.reason) == ("product", True)
    (taken,) = play(text, takes_looks=True)
    assert taken.verdict == "passed"
    assert [path.suffix for path in (tmp_path / "shop.ui" / "looks" / "a").iterdir()] == [".png"]
    (again,) = play(text)
    assert (again.verdict, again.reason) == ("passed", "")


def test_a_run_that_stops_leaves_the_rest(play: Play, shop: Shop, tmp_path: Path) -> None:
    tests = "\n".join(f"- {{name: t{n}, steps: [{{tap: Nothing}}]}}" for n in range(3))
    told = play(f"start: {shop.url}\ntests:\n{tests}\n", stops=True)
    assert [one.name for one in told] == ["t0"]
    mine = tmp_path / "results" / "tests" / "mine.json"
    mine.write_text("{}", "utf-8")
    forget(tmp_path / "results")
    assert list(mine.parent.iterdir()) == [mine], "what is no result of ours stays"


def test_what_passes_after_it_had_failed_is_flaky(play: Play, shop: Shop) -> None:
    text = f"start: {shop.url}\ntests: [{{name: a, steps: [{{check: it rains}}]}}]\n"
    (first,) = play(text, PageEyes({"it rains": False}))
    (second,) = play(text, PageEyes({"it rains": True}))
    assert (first.flaky, first.tries, second.flaky, second.tries) == (False, 1, True, 2)


def test_a_person_who_stops_the_run_stops_all_of_it(play: Play, shop: Shop) -> None:
    with pytest.raises(Denied, match="the corner"):
        play(
            f"start: {shop.url}\ntests: [{{name: a, steps: [{{tap: b}}]}}]\n",
            PageEyes(faults={"b": Denied("the corner")}),
            workers=2,
        )


SECRET = "hunter2-and-more"
WINDOW = (
    "import tkinter; top = tkinter.Tk(); top.geometry('300x200+0+0'); said = tkinter.StringVar(value='press'); "
    "tkinter.Button(top, textvariable=said, command=lambda: said.set('pressed')).pack(fill='both', expand=True); "
    "top.mainloop()"
)


def test_a_secret_is_typed_and_stands_nowhere(play: Play, shop: Shop, tmp_path: Path) -> None:
    """The page shows in clear what was typed; neither eyes, results nor pictures have it, nor do texts it leads to."""
    eyes = PageEyes(claims={"the password is shown": True})
    (told,) = play(
        f"""
start: "{shop.url}?key=${{env.PASS}}"
variables: {{secret: "a ${{env.PASS}} b"}}
tests:
- name: log in
  steps:
  - fill: {{field: Password, with: "${{env.PASS}}"}}
  - tap: Reveal
  - check: the password is shown
  - fill: {{field: Email, with: "${{secret}}"}}
  - locate: Cart
  - goto: "/cart?again=${{env.PASS}}"
  - tap: hunter3
""",
        eyes,
        PASS=SECRET,
    )
    assert [f"/?key={SECRET}" in shop.asked, f"/cart?again={SECRET}" in shop.asked] == [True, True]
    assert told.verdict == "product"
    assert [step.given for step in told.steps if step.does == "fill"] == ["••••••", "a ${env.PASS} b"]
    kept = [path.read_bytes() for path in (tmp_path / "results" / "tests").iterdir()]
    assert kept
    assert not any(SECRET.encode() in content for content in kept)
    for sight in eyes.seen:
        assert SECRET not in repr(sight.observation.url) + repr(sight.elements) + repr(sight.labels)
    masked = [
        sight.screenshot.crop(one.box).pixels
        for sight in eyes.seen
        for one in (*sight.elements, *sight.labels)
        if "<secret PASS>" in (one.text if isinstance(one, Label) else one.value)
    ]
    assert masked
    assert all((pixels == pixels[0, 0]).all() for pixels in masked), "its place on the picture is of one colour"
    typed = [one.value for sight in eyes.seen for one in sight.elements if one.name == "Email"]
    assert "a <secret PASS> b" in typed, "it was typed, and is masked where it shows"


def test_what_a_page_says_is_no_name_of_a_secret(play: Play, shop: Shop) -> None:
    """A page that writes a secret's name gets the name typed back, never the value."""
    eyes = PageEyes(answers={"what it says": "${env.PASS}"})
    (told,) = play(
        f"""
start: {shop.url}
tests:
- name: trap
  steps:
  - get: {{what: what it says, as: told}}
  - fill: {{field: Email, with: "${{told}}"}}
  - locate: Cart
  - fill: {{field: Password, with: "${{env.PASS}}"}}
""",
        eyes,
        PASS=SECRET,
    )
    assert told.verdict == "passed"
    assert "${env.PASS}" in [one.value for one in eyes.seen[-1].elements]


def test_a_recording_holds_no_secret_and_plays_without_eyes(play: Play, shop: Shop, tmp_path: Path) -> None:
    text = f"""
start: "{shop.url}?key=${{env.PASS}}"
tests:
- name: log in
  steps:
  - fill: {{field: Email, with: "${{env.PASS}}"}}
  - tap: Log in
  - fill: {{field: Email, with: "${{env.PASS}}"}}
  - tap: Cart
"""
    (made,) = play(text, mode="record", PASS=SECRET)
    assert (made.verdict, made.reason) == ("passed", "")
    (recorded,) = (tmp_path / "shop.ui").glob("*.yaml")
    assert "Email" in recorded.read_text("utf-8")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    (played,) = play(
        text, PageEyes(faults=dict.fromkeys(("Email", "Log in", "Cart"), Denied("asked"))), mode="replay", PASS=SECRET
    )
    assert (played.verdict, played.reason) == ("passed", "")


def test_a_program_on_a_desktop_that_nobody_sees(play: Play) -> None:
    (told,) = play(
        f"""
start: {{desktop: ["{sys.executable}", -c, "{WINDOW}"], viewport: 640x480}}
tests:
- name: it shows a button
  steps: [{{check: there is a button}}, {{tap: the button}}, {{wait_for: {{claim: it is pressed, seconds: 1}}}}]
""",
        ScriptedEyes({"the button": Point(100, 100)}, claims={"there is a button": True, "it is pressed": True}),
    )
    assert (told.verdict, told.reason) == ("passed", "")
    assert told.screen is not None
    assert (told.screen.width, told.screen.height) == (640, 480)
    assert told.steps[1].before != told.steps[1].after, "the program took the click"


def test_the_picture_of_a_failure_is_what_was_seen_last(play: Play, shop: Shop, tmp_path: Path) -> None:
    """Also where the call that failed saw nothing."""
    steps = "[{check: \"'Log in' is visible\"}, {tap: Log in}]"
    (told,) = play(f"start: {shop.url}\nbudget: {{steps: 1}}\ntests: [{{name: spent, steps: {steps}}}]")
    assert told.verdict == "inconclusive"
    assert told.failure
    assert (tmp_path / "results" / "pictures" / told.failure).exists()
