"""Claims that the page decides: what they say, and whether it is so."""

from dataclasses import replace

import pytest
from clickwright.screen import Box, Element, Label
from clickwright.testing import NotFound
from clickwright.testing.claims import Claim, Is, Shows, There, judge_plainly, read_claim
from clickwright.testing.plain import says
from hypothesis import given
from hypothesis import strategies as st

from .conftest import sight_of

BADGE, FIELD = Box(10, 10, 60, 30), Box(10, 50, 200, 80)
SIGHT = sight_of(
    Label("12", Box(12, 12, 40, 28)),
    Label("Thank you", Box(10, 100, 90, 120)),
    Label("for your", Box(10, 120, 90, 140)),
    elements=(
        Element(box=BADGE, role="link", name="cart"),
        Element(box=FIELD, role="textbox", name="Email", value="a@b.c", states=("focused",)),
        Element(box=Box(10, 150, 30, 170), role="checkbox", name="Newsletter", states=("checked", "disabled")),
    ),
)
PLACES = {"the cart badge": BADGE, "Email": FIELD, "the newsletter box": Box(10, 150, 30, 170)}


def find(words: str) -> Box:
    if words not in PLACES:
        raise NotFound(f"{words!r} is not seen")
    return PLACES[words]


@pytest.mark.parametrize(
    ("words", "claim"),
    [
        ("the cart badge shows 2", Shows("the cart badge", "2")),
        ("the total contains '€ 12.00'.", Shows("the total", "€ 12.00")),
        ("Email says “a@b.c”", Shows("Email", "a@b.c")),
        ("'Thank you' is visible", There("'Thank you'", absent=False)),
        ("the spinner is gone", There("the spinner", absent=True)),
        ("the banner is not visible", There("the banner", absent=True)),
        ("there is no dialog", There("dialog", absent=True)),
        ("there is a dialog", There("dialog", absent=False)),
        ("Newsletter is not checked", Is("Newsletter", "not checked")),
        ("Newsletter is unchecked", Is("Newsletter", "not checked")),
        ("Newsletter is not unchecked", Is("Newsletter", "checked")),
        ("the button is now disabled", Is("the button", "disabled")),
        ("the order went through", None),
        ("the page looks good", None),
    ],
)
def test_a_claim_is_read(words: str, claim: Claim | None) -> None:
    assert read_claim(words) == claim


@pytest.mark.parametrize(
    ("words", "met"),
    [
        ("the cart badge shows 12", True),
        ("the cart badge shows 2", False),
        ("the cart badge shows 1", False),
        ("Email shows a@b.c", True),
        ("Email shows a@b", False),
        ("'Thank you' is visible", True),
        ("'Thank you for your' is visible", True),
        ("'Thank' is visible", True),
        ("'Than' is visible", False),
        ("'Sorry' is gone", True),
        ("'Thank you' is gone", False),
        ("the newsletter box is checked", True),
        ("the newsletter box is not checked", False),
        ("the newsletter box is enabled", False),
        ("Email is not empty", True),
        ("Email is focused", True),
        ("Newsletter is visible", True),
    ],
)
def test_a_claim_is_judged_by_the_page(words: str, met: bool) -> None:
    claim = read_claim(words)
    assert claim is not None
    judged = judge_plainly(claim, SIGHT, find)
    assert judged is not None
    assert judged.met is met
    assert judged.reason


def test_a_reason_says_what_is_there_instead() -> None:
    judged = judge_plainly(Shows("the cart badge", "2"), SIGHT, find)
    assert judged is not None
    assert judged.reason == "the cart badge shows '12', not '2'"
    assert judged.box == BADGE


def test_who_only_points_cannot_say_that_something_is_there() -> None:
    """It would point somewhere all the same."""
    for absent in (True, False):
        assert judge_plainly(There("the gear icon", absent=absent), SIGHT, find) is None


TELLS = (
    Element(box=Box(0, 0, 20, 20), role="textbox", name="Password"),
    Element(box=Box(0, 30, 20, 50), role="searchbox", name="Search"),
    Element(box=Box(0, 60, 20, 80), role="button", name="More"),
    Element(box=Box(0, 90, 20, 110), role="button", name="Menu", states=("collapsed",)),
    Element(box=Box(0, 120, 20, 140), role="tab", name="Details"),
    Element(box=Box(0, 150, 20, 170), role="combobox", name="Country"),
    Element(box=Box(0, 180, 20, 200), name="Terms"),
)


@pytest.mark.parametrize(
    ("words", "met"),
    [
        *((f"Password is {state}", None) for state in ("empty", "not empty", "filled")),
        *((f"{name} is empty", None) for name in ("More", "Country", "Terms")),
        ("Search is empty", True),
        ("Search is filled", False),
        *((f"More is {state}", None) for state in ("expanded", "not expanded", "collapsed", "selected")),
        ("Menu is expanded", False),
        ("Menu is not expanded", True),
        ("Menu is collapsed", True),
        ("Details is not selected", True),
        ("Terms is not checked", None),
        ("More is enabled", True),
    ],
)
def test_what_the_page_does_not_tell_it_does_not_decide(words: str, met: bool | None) -> None:
    claim, sight = read_claim(words), replace(sight_of(elements=TELLS), sensitive=(TELLS[0].box,))
    assert isinstance(claim, Is)
    judged = judge_plainly(claim, sight, lambda name: next(one.box for one in TELLS if one.name == name))
    assert (None if judged is None else judged.met) is met


def test_a_screen_that_tells_nothing_of_itself_decides_nothing() -> None:
    assert judge_plainly(Shows("the cart badge", "12"), sight_of(elements=None), find) is None


@pytest.mark.parametrize(
    ("text", "wanted", "held"),
    [
        ("Total 2", "2", True),
        ("12", "2", False),
        ("2.50", "2", False),
        ("2.50", "2.5", False),
        ("1,299", "299", False),
        ("it is 2.", "2", True),
        ("€ 12.00", "€ 12.00", True),
        ("a  b", "a b", True),
        ("Log in", "log IN", True),
        ("Login", "Log", False),
        ("", "", True),
        ("x", "", False),
    ],
)
def test_a_text_is_said_in_whole_words_and_numbers(text: str, wanted: str, held: bool) -> None:
    assert says(text, wanted) is held


@given(st.text())
def test_every_text_says_itself(text: str) -> None:
    assert says(text, text)


@given(st.text(max_size=200))
def test_any_words_are_a_claim_or_none(words: str) -> None:
    claim = read_claim(words)
    assert claim is None or claim.thing


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_number_says_no_other_number(one: int, other: int) -> None:
    assert says(f"Total: {one}", str(other)) is (one == other)
