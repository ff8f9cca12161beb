"""Asking: the numbers of an answer as they were written, whatever the profile would make of them."""

from dataclasses import replace

import pytest
from clickwright.aim import VIEWS, Manner, PointingModel, ask
from clickwright.aim.ask import read_numbers
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.grammars.plain import PlainPlaces
from clickwright.policies.profiles import PROFILES, Pointing, Profile
from clickwright.policies.profiles.planner import MARKED
from clickwright.policies.profiles.qwen2_vl import INSTRUCT, MINI

from .pointed import answers, page

PLAIN = replace(INSTRUCT, ground=Pointing(places=PlainPlaces(), prompt="{image}{description}"))
ACTING = replace(INSTRUCT, ground=None)
CALL = (
    '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [12, 2345]}}</tool_call>'
)


@pytest.mark.parametrize("profile", [INSTRUCT, PLAIN, ACTING, MINI], ids=lambda profile: profile.name)
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("<|object_ref_start|>it<|object_ref_end|><|box_start|>(10,20),(30,60)<|box_end|>", (20, 40)),
        ("<|box_start|>(1700,900)<|box_end|>", (1700, 900)),
        ("(0.25, 0.5)", (0.25, 0.5)),
        ("The button is at [3000, 1200].", (3000, 1200)),
        ('{"bbox_2d": [100, 200, 300, 400]}', (200, 300)),
        ("CLICK <point>[[493,578]]</point>", (493, 578)),
        ("(-20, 15)", (-20, 15)),
        ("pyautogui.click(x=0.5, y=0.125)", (0.5, 0.125)),
        ("812.5 45", (812.5, 45)),
        ("I see nothing.", None),
        ("It is the 3rd button.", None),
        ("1, 2, 3", None),
        ("", None),
        ("(1e999, 5)", None),
        (f"({'9' * 40}, 5)", None),
        ("(" * 70_000, None),
    ],
)
def test_numbers_are_read_as_they_are_written(profile: Profile, text: str, numbers: tuple[float, float] | None) -> None:
    assert read_numbers(text, profile) == numbers


def test_a_call_is_read_in_its_own_numbers() -> None:
    assert read_numbers(f"I click it.\n{CALL}", ACTING) == (12, 2345)


def test_an_answer_off_the_screen_of_the_profile_is_kept() -> None:
    (asked, _) = answers(Manner(written="<|box_start|>({x}00,{y}00)<|box_end|>"))
    assert all(answer.numbers is not None for answer in asked.answers)
    assert max(x for answer in asked.answers for x in answer.numbers or ()) > 50_000


def test_the_model_is_not_kept_to_a_grammar_and_not_let_to_talk_on() -> None:
    model = ScriptedModel(["(1,2)"] * 9)
    ask(ModelPolicy(model, profile=MINI), page(VIEWS[0]))
    assert {(decoding.grammar, decoding.max_new_tokens) for decoding in model.decodings} == {(None, 128)}
    assert model.asked[0].messages[0].parts[-1] == "Locate the red square."


@pytest.mark.parametrize("name", ["infigui", "qwen3-vl-thinking", "ui-venus-navi"])
def test_a_model_that_thinks_first_may_come_to_its_place(name: str) -> None:
    profile = PROFILES[name]
    place = '[{"point_2d": [12, 34]}]' if profile.ground else "<action>Click(box=(12, 34))</action>"
    model = ScriptedModel([f"<think>Not [1, 2]. {'It may be lower. ' * 200}</think>\n{place}"] * 9)
    asked = ask(ModelPolicy(model, profile=profile), page(VIEWS[0]))
    assert {answer.numbers for answer in asked.answers} == {(12, 34)}
    assert {decoding.max_new_tokens for decoding in model.decodings} == {profile.max_new_tokens}


def test_fewer_targets_are_asked_for_where_that_is_wanted() -> None:
    model, drawn = ScriptedModel(["(1,2)"] * 2), page(VIEWS[0])
    asked = ask(ModelPolicy(model, profile=INSTRUCT), drawn, drawn.targets[:2])
    assert [answer.target for answer in asked.answers] == list(drawn.targets[:2])


def test_a_checkpoint_that_only_acts_is_asked_to_click() -> None:
    model = ScriptedModel([CALL.replace("12, 2345", "100, 200")] * 8 + ["I cannot."])
    asked = ask(ModelPolicy(model, profile=ACTING), page(VIEWS[0]))
    assert "Click the red square." in str(model.asked[0].messages[-1].parts)
    assert [answer.numbers for answer in asked.answers] == [(100, 200)] * 8 + [None]
    assert asked.answers[-1].text == "I cannot."


def test_a_model_that_cannot_run_is_no_finding() -> None:
    model = ScriptedModel([ModelUnavailable("gone")])
    with pytest.raises(ModelUnavailable, match="gone"):
        ask(ModelPolicy(model, profile=INSTRUCT), page(VIEWS[0]))


def test_the_fake_sees_nothing_on_another_picture() -> None:
    model = PointingModel([page(VIEWS[1])], Manner())
    asked = ask(ModelPolicy(model, profile=INSTRUCT), page(VIEWS[0]))
    assert {(answer.text, answer.numbers) for answer in asked.answers} == {("I see nothing.", None)}


def test_a_profile_without_places_cannot_be_measured() -> None:
    with pytest.raises(UsageError, match="a planner by marks writes no places"):
        ask(ModelPolicy(ScriptedModel([]), profile=MARKED), page(VIEWS[0]))
