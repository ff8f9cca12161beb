"""A model that looks for a test: what it is asked, what is made of its answers, and what it is never asked."""

import json

import pytest
from clickwright.errors import UsageError
from clickwright.model import ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import PROFILES
from clickwright.screen import Box, Element, Label, Point
from clickwright.testing import NotFound
from clickwright.testing.model_eyes import ModelEyes

from .conftest import sight_of

BUTTON = Element(box=Box(40, 60, 120, 90), role="button", name="Pay now")
SIGHT = sight_of(Label("Pay now", Box(50, 65, 110, 85)), Label("Total 12", Box(40, 200, 120, 220)), elements=(BUTTON,))
ON_BUTTON = "<|box_start|>(200,220),(220,280)<|box_end|>"


def eyes(*script: str, profile: str = "instruct") -> tuple[ModelEyes, ScriptedModel]:
    model = ScriptedModel(script)
    return ModelEyes(ModelPolicy(model, profile=PROFILES[profile])), model


def said(verdict: str, reason: str = "so it is") -> str:
    return json.dumps({"reason": reason, "verdict": verdict})


def test_what_the_page_names_is_found_without_the_model() -> None:
    looking, model = eyes()
    found = looking.find(SIGHT, "Pay now")
    assert (found.how, found.box, found.tokens) == ("page", BUTTON.box, 0)
    assert model.asked == []


def test_where_the_model_points_the_thing_of_the_page_is_taken() -> None:
    looking, _ = eyes(ON_BUTTON)
    found = looking.find(SIGHT, "the button that sends the money")
    assert (found.how, found.box) == ("model", BUTTON.box)
    assert BUTTON.box.contains(found.point)
    assert found.tokens > 0


def test_a_model_that_names_no_place_has_not_seen_it() -> None:
    looking, _ = eyes("I do not see it.")
    with pytest.raises(NotFound, match="'the dragon' is not seen"):
        looking.find(SIGHT, "the dragon")


def test_a_claim_of_the_page_asks_nobody() -> None:
    looking, model = eyes()
    assert looking.judge(SIGHT, "'Total 12' is visible").met is True
    assert model.asked == []


def test_a_claim_that_holds_and_whose_opposite_does_not_is_met_where_it_is_shown() -> None:
    looking, model = eyes(
        said("met", "the total is low"), said("not met"), "<|box_start|>(95,660),(305,740)<|box_end|>"
    )
    judged = looking.judge(SIGHT, "the bill is fair")
    assert (judged.met, judged.reason, judged.shows) == (True, "the total is low", "Total 12")
    assert len(model.asked) == 3
    assert judged.tokens > 0


def test_a_claim_that_passes_both_ways_is_no_claim() -> None:
    for verdict, both in (("met", "both hold"), ("not met", "neither holds")):
        looking, model = eyes(said(verdict), said(verdict))
        judged = looking.judge(SIGHT, "the page is fine")
        assert judged.met is None
        assert f"too vague: it and its opposite, {both}" in judged.reason
        assert "It is not true that: the page is fine" in str(model.asked[1])


def test_a_claim_that_does_not_hold_and_one_that_nobody_can_tell() -> None:
    looking, _ = eyes(said("not met", "the total is 12"), said("met"))
    judged = looking.judge(SIGHT, "the bill is zero")
    assert (judged.met, judged.reason) == (False, "the total is 12")
    unclear, model = eyes(said("unclear", "nothing says so"))
    assert unclear.judge(SIGHT, "the mail was sent").met is None
    assert len(model.asked) == 1


def test_an_answer_is_read_and_found_again_on_the_page() -> None:
    looking, _ = eyes("Total 12", "NONE")
    told = looking.read(SIGHT, "the sum")
    assert (told.text, told.box) == ("Total 12", Box(40, 200, 120, 220))
    with pytest.raises(NotFound, match="'the weather' stands nowhere on the screen"):
        looking.read(SIGHT, "the weather")


def test_a_model_that_only_points_is_asked_no_questions_and_says_what_can_be_said() -> None:
    looking, model = eyes(profile="mini")
    with pytest.raises(UsageError, match=r"needs a model that understands it: .*'some text' is visible"):
        looking.judge(SIGHT, "the bill is fair")
    assert model.asked == []


def test_a_place_beside_the_screen_is_none() -> None:
    class Beside(ModelPolicy):
        def ground(self, screenshot: object, description: str) -> object:  # type: ignore[override]
            from clickwright.policies import Grounding

            return Grounding(point=Point(9000, -5))

    looking = ModelEyes(Beside(ScriptedModel([]), profile=PROFILES["instruct"]))
    with pytest.raises(NotFound, match="points beside the screen"):
        looking.find(SIGHT, "the dragon")
