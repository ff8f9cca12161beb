"""Any text is a step file or one sentence that names the file, the line and what was expected."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from clickwright.errors import UsageError
from clickwright.testing.steps.file import StepFile
from clickwright.testing.steps.nodes import MAX_BYTES, MAX_DEPTH, MAX_NODES
from clickwright.testing.steps.read import MAX_TESTS, parse_file, read_file
from clickwright.testing.steps.read_step import MAX_STEPS, VOCABULARY
from clickwright.testing.steps.step import Fill, Get, Goto, Point, Press, Say, WaitFor
from clickwright.testing.steps.words import MAX_CHARS
from hypothesis import given, settings
from hypothesis import strategies as st

PATH = Path("shop.yaml")
SHORT = "start: x\ntests:\n- name: a\n  steps:\n"
FRAME = SHORT + "  - {}\n"


def parsed(text: str) -> StepFile:
    return parse_file(text.encode(), PATH)


def fault(text: str | bytes) -> str:
    """What is said about a file, without its name; the line and the sentence."""
    with pytest.raises(UsageError) as caught:
        parse_file(text if isinstance(text, bytes) else text.encode(), PATH)
    message = str(caught.value)
    assert type(caught.value) is UsageError
    assert message.startswith("shop.yaml:")
    assert "\n" not in message
    return message.removeprefix("shop.yaml:")


def test_a_whole_file() -> None:
    file = parsed("""
name: The shop
start: {url: "https://shop.example/${lang}", viewport: 640x480, scale: 2, mobile: yes, locale: de-DE}
tags: [shop]
variables: {lang: no, site: , empty: ""}
budget: {seconds: 1.5, tokens: 10, steps: 3}
before: [{tap: Log in}]
after: [{press: Escape}]
tests:
  - name: buy ${size}
    tags: [smoke]
    for_each: [{size: S}, {size: 007}]
    steps:
      - choose: {from: Size, option: "${size}"}
      - fill: {field: Email, with: "", selector: "#mail"}
      - tap: {what: Buy, button: right}
      - long_press: {what: Buy, seconds: 0.5}
      - wait_for: {claim: it is there, seconds: 3}
      - get: {what: total, type: decimal, as: total}
      - check: the total is ${total} $${total}
      - press: Control+s
      - goto: /cart
""")
    assert (file.name, file.start.viewport, file.start.scale, file.start.mobile) == ("The shop", "640x480", 2, True)
    assert {name: words and words.text for name, words in file.variables.items()} == {
        "lang": "no",
        "site": None,
        "empty": "",
    }
    assert (file.budget.seconds, file.budget.tokens, file.budget.steps) == (1.5, 10, 3)
    (test,) = file.tests
    assert test.tags == {"shop", "smoke"}
    assert [row["size"].text for row in test.rows] == ["S", "007"]
    fill, tap, press, wait, get = test.steps[1], test.steps[2], test.steps[3], test.steps[4], test.steps[5]
    assert isinstance(fill, Fill)
    assert (fill.text.text, fill.selector and fill.selector.text, fill.line) == ("", "#mail", 15)
    assert isinstance(tap, Point)
    assert tap.button == "right"
    assert isinstance(press, Point)
    assert press.seconds == 0.5
    assert isinstance(wait, WaitFor)
    assert wait.seconds == 3
    assert isinstance(get, Get)
    assert (get.name, get.kind) == ("total", "decimal")
    assert isinstance(test.steps[7], Press)
    assert test.steps[7].keys == ("Control", "s")
    assert isinstance(test.steps[8], Goto)


@pytest.mark.parametrize("verb", sorted(VOCABULARY))
def test_every_word_is_refused_with_nothing_behind_it(verb: str) -> None:
    said = fault(FRAME.format(f"{verb}:"))
    assert said.startswith("5: ")
    assert f"`{verb}`" in said


@pytest.mark.parametrize("verb", ["do", "check", "locate", "switch_tab"])
def test_a_sentence_is_all_that_some_words_take(verb: str) -> None:
    (step,) = parsed(FRAME.format(f"{verb}: the thing")).tests[0].steps
    assert isinstance(step, Say)
    assert (step.does, step.what.text) == (verb, "the thing")
    assert "should be a text, not a map" in fault(FRAME.format(f"{verb}: {{what: the thing}}"))


WRONG = [  # what stands there, the line that is named, and what is said
    ("", 1, "the file is empty"),
    ("[]", 1, "the file should be a map of name, start"),
    ("start: x\ntests: []", 1, "needs `tests` with at least one test"),
    ("tests: [{name: a, steps: [{tap: b}]}]", 1, "the file needs `start`"),
    (SHORT + "   []", 5, "`steps` should hold at least one step"),
    (FRAME.format("tab: Log in"), 5, "there is no step 'tab'; did you mean tap?"),
    (FRAME.format("tap: [a]"), 5, "`tap` should be a map of what, selector, button, not a list"),
    (FRAME.format("{tap: a, check: b}"), 5, "a step is one word and what it is about, like `- tap: Log in`"),
    (FRAME.format("tap"), 5, "a step is one word and what it is about"),
    (FRAME.format("tap: {wat: Log in}"), 5, "`tap` has no 'wat'; did you mean what?"),
    (FRAME.format("tap: {selector: '#a'}"), 5, "`tap` needs `what`"),
    (FRAME.format("tap: {what: a, button: third}"), 5, "should be left or right or middle, not 'third'"),
    (FRAME.format("upload: {field: a}"), 5, "`upload` needs `file`, or `files` with at least one of them"),
    (FRAME.format("drag: {what: a}"), 5, "`drag` needs `to`"),
    (FRAME.format("scroll_to: {inside: a}"), 5, "`scroll_to` needs `what`"),
    (FRAME.format("drag: {what: a, to: '${env.A}'}"), 5, "a secret may not stand in `drag`"),
    (SHORT + "  - tap: b\n" * (MAX_STEPS + 1), 5, f"`steps` has at most {MAX_STEPS:,} steps"),
    (
        "start: x\ntests:\n" + "".join(f"- {{name: a{n}, steps: [tap: b]}}\n" for n in range(MAX_TESTS + 1)),
        3,
        f"a file has at most {MAX_TESTS:,} tests, this one {MAX_TESTS + 1:,}",
    ),
    (f"tests: [{'a, ' * (MAX_NODES + 1)}]", 1, f"a step file has at most {MAX_NODES:,} values: make several of it"),
    ("[" * (MAX_DEPTH + 1), 1, f"lists and maps stand at most {MAX_DEPTH} deep in each other"),
    (FRAME.format(f"tap: {'a' * (MAX_CHARS + 1)}"), 5, f"a text has at most {MAX_CHARS:,} characters"),
    ("start: {url: x, viewport: wide}\ntests: [{name: a, steps: [tap: b]}]", 1, "`viewport`"),
    (FRAME.format("fill: {field: a}"), 5, "`fill` needs `with`"),
    (FRAME.format("fill: {field: a, with: }"), 5, 'nothing stands there (write "" for the empty text)'),
    (FRAME.format("fill: {field: ' ', with: a}"), 5, "`field` of `fill` should be a text with words in it"),
    (FRAME.format("long_press: {what: a, seconds: long}"), 5, "a number from 0.1 to 60, not 'long'"),
    (FRAME.format("wait_for: {claim: a, seconds: -1}"), 5, "a number from 0 to 3600, not '-1'"),
    (FRAME.format("press: Contrl+s"), 5, "`press` should be keys like Control+s: unknown key 'Contrl'"),
    (FRAME.format("press: Control+${key}"), 5, "`press` can hold no variable"),
    (FRAME.format("get: {what: a, type: float, as: b}"), 5, "text or integer or decimal or date, not 'float'"),
    (FRAME.format("get: {what: a, as: 1b}"), 5, "a variable's name is of letters, digits and _, not '1b'"),
    (FRAME.format("look_like: ../cart"), 5, "a name of letters, digits, . _ and -, not '../cart'"),
    (FRAME.format("look_like: {name: cart, tolerance: 2}"), 5, "a number from 0 to 1, not '2'"),
    (FRAME.format("look_like: {name: cart, without: clock}"), 5, "`without` of `look_like` should be a list"),
    (FRAME.format("tap: ${size}"), 5, "there is no variable size here"),
    (FRAME.format("tap: ${si ze}"), 5, "is no variable: write ${name}"),
    (FRAME.format("tap: ${size"), 5, "is no variable: write ${name}"),
    (FRAME.format("tap: ${env.NAME}"), 5, "a secret may not stand in `tap`, which is recorded"),
    (FRAME.format("check: ${env.NAME} is logged in"), 5, "a secret may not stand in `check`"),
    ("variables: {p: '${env.PASS}', q: '${p}'}\n" + FRAME.format("tap: ${q}"), 6, "a secret may not stand in `tap`"),
    ("variables: {a: '${b}', b: x}\n" + FRAME.format("tap: ${a}"), 1, "there is no variable b here"),
    (SHORT.replace("name: a", "name: ${env.A}") + "  - tap: b", 3, "a secret may not stand in the name of a test"),
    (SHORT.replace("name: a", 'name: "a\\nb"') + "  - tap: b", 3, "`name` of a test should be one line"),
    ("start: {demo: 1, url: x}\n" + SHORT[9:] + "  - tap: b", 1, "`start` needs one of `url`, `desktop` and `demo`"),
    ("start: {demo: one}\n" + SHORT[9:] + "  - tap: b", 1, "a number from 0 to 1e+06, not 'one'"),
    ("start: {demo: 1.5}\n" + SHORT[9:] + "  - tap: b", 1, "should be a whole number, not 1.5"),
    (
        "start: {desktop: xterm}\n" + SHORT[9:] + "  - tap: b",
        1,
        "`desktop` should be a list (lines with `- `), not a text",
    ),
    ("start: {desktop: []}\n" + SHORT[9:] + "  - tap: b", 1, "should be a command as a list of words"),
    ("start: {desktop: [a], scale: 2}\n" + SHORT[9:] + "  - tap: b", 1, "a desktop has no `scale`"),
    ("start: {url: x, viewport: big}\n" + SHORT[9:] + "  - tap: b", 1, "is written like 1288x728, not 'big'"),
    ("start: {url: x, viewport: 0x9}\n" + SHORT[9:] + "  - tap: b", 1, "at least 1"),
    ("start: {url: x, locale: 'de DE'}\n" + SHORT[9:] + "  - tap: b", 1, "`locale` is written like de-DE"),
    ("start: {url: x, mobile: true}\n" + SHORT[9:] + "  - tap: b", 1, "should be no or yes, not 'true'"),
    ("tags: [a b]\n" + FRAME.format("tap: b"), 1, "a tag is a word of letters"),
    ("budget: {seconds: soon}\n" + FRAME.format("tap: b"), 1, "`seconds` of `budget` should be a number"),
    ("variables: [a]\n" + FRAME.format("tap: b"), 1, "should be a map of names and values, not a list"),
    (SHORT.replace("steps", "for_each: []\n  steps") + "  - tap: b", 4, "should hold 1 to 1,000 rows, not 0"),
    (SHORT.replace("steps", "for_each: [a]\n  steps") + "  - tap: b", 4, "a row of `for_each` should be a map"),
    (SHORT.replace("steps", "for_each: [{a: 1}, {b: 1}]\n  steps") + "  - tap: b", 4, "should have the same names"),
    ("a: 1\na: 2", 2, "'a' stands twice in one map, first in line 1"),
    ("a: &x 1\nb: *x", 1, "anchors (&name) are not read here"),
    ("a: 1\nb: *x", 2, "aliases (*name) are not read here"),
    ("a: !!python/object:os.system x", 1, "tags (!name) are not read here"),
    ("? [a]\n: b", 1, "the key of a map should be a text"),
    ("a\n---\nb", 2, "leave out the second `---`"),
    ("a: [1,\nb: }", 2, "this is no YAML: while parsing a flow node"),
    (FRAME.format("check: 'Log in' is there"), 5, "is put in quotes as a whole"),
    (FRAME.format("check: the price: 5"), 5, "is put in quotes as a whole"),
    (FRAME.format("fill: {field: a, with: ${b}}"), 5, "is put in quotes as a whole"),
    ("[" * 5000, 1, "at most 12 deep in each other"),
    (b"a: b\n\xff", 2, "the file is no UTF-8 text"),
    (b"a: b\x07", 1, "the character \\u0007 is none of a text"),
    ('a: "\\ud800"', 1, "the character \\ud800 is none of a text"),
    ('a: "\\UFFFFFFFF"', 1, "this is no YAML"),
    ("%YAML 1." + "9" * 5000 + "\n---\na", 1, "this is no YAML"),
    ("a: \ufffe", 1, "a character that it forbids"),
    ("a" * (MAX_BYTES + 1), 1, f"at most {MAX_BYTES:,} bytes"),
]


@pytest.mark.parametrize(("text", "line", "says"), WRONG, ids=[f"{n}" for n in range(len(WRONG))])
def test_what_is_wrong_is_told_with_its_line(text: str | bytes, line: int, says: str) -> None:
    said = fault(text)
    assert says in said
    assert said.startswith(f"{line}: ")


def test_many_values_are_refused_before_they_are_all_read() -> None:
    assert "at most 50,000 values" in fault("[" + "a," * 60_000 + "]")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml cannot be read: No such file"):
        read_file(tmp_path / "none.yaml")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        read_file(tmp_path)


SIGNS = [
    "a",
    ": ",
    ":",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
    "&a ",
    "*a",
    "!!int ",
    "|\n",
    ">",
    "#",
    "?",
]
KEYS = ["start: x", "tests:", "- name: a", "steps:", "tap: b", "fill: ", "for_each: ", "variables: "]
ODD = ["${a}", "${", "%YAML 1.1\n", "---\n", "\t", "\\U", "~", "\x00", "\u2028", "\ufeff", "é", "1", "."]
WRITTEN = st.lists(st.sampled_from([*SIGNS, *KEYS, *ODD]), max_size=40).map(lambda pieces: "".join(pieces).encode())


@settings(max_examples=400)
@given(st.one_of(WRITTEN, st.binary(max_size=200)))
def test_any_bytes_are_a_file_or_one_sentence(content: bytes) -> None:
    require_file_or_sentence(content)


def require_file_or_sentence(content: bytes) -> None:
    with suppress(UsageError):
        assert parse_file(content, PATH).tests
        return
    with pytest.raises(UsageError, match=r"\Ashop\.yaml:[1-9][0-9]*: \S[^\n]*\Z"):
        parse_file(content, PATH)


STEPS = st.recursive(
    st.sampled_from(["a", "", "${a}", "${env.A}", "1", "no", "Control+s", "x" * 300]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from([*VOCABULARY, "what", "with", "field", "as", "from", "option", "z"]), inner),
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(STEPS, STEPS, STEPS)
def test_any_structure_is_a_file_or_one_sentence(steps: object, row: object, start: object) -> None:
    told = {"start": start, "tests": [{"name": "a", "steps": steps, "for_each": [row]}], "before": steps}
    require_file_or_sentence(json.dumps(told).encode())
