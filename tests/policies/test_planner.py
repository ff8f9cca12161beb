"""A planner names things in words, and another model, or the same, points at them."""

import json
from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Decoding, Generation, ScriptedModel
from clickwright.policies import Decision, Grounding, ModelPolicy, Spread, Turn, load_policy
from clickwright.policies.profiles import Doubt, Profile
from clickwright.policies.profiles.planner import MARKED, PLANNER
from clickwright.policies.profiles.qwen2_vl import INSTRUCT, MINI
from clickwright.screen import Box, Observation, Point, Screenshot
from clickwright.tools import Click, Scroll, Task, TypeText

BUTTON = Box(20, 60, 60, 80)
_clock = count()


class Places:
    """Points at what it was told of, and keeps what it was asked."""

    def __init__(self, **known: Grounding) -> None:
        self.known = known
        self.asked: list[str] = []

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        self.asked.append(description)
        if description not in self.known:
            raise BadModelOutput(f"the model named no place for {description!r}", raw="nowhere")
        return self.known[description]


def look(shade: int = 0) -> Observation:
    """A screen of 100 x 200 px in one shade, taken at its own moment."""
    return Observation(
        screenshot=Screenshot(pixels=np.full((200, 100, 3), shade, np.uint8), taken_s=float(next(_clock)))
    )


def call(**arguments: object) -> str:
    return f"<tool_call>\n{json.dumps({'name': 'computer_use', 'arguments': arguments})}\n</tool_call>"


def planner(*script: str | Generation, grounder: Places | None = None, profile: Profile = PLANNER) -> ModelPolicy:
    policy = ModelPolicy(ScriptedModel(script), profile=profile, grounder=grounder)
    policy.reset(Task(goal="Send it."))
    return policy


def shown(policy: ModelPolicy) -> list[str]:
    """The texts of the last conversation."""
    assert isinstance(policy.model, ScriptedModel)
    return [part for message in policy.model.asked[-1].messages for part in message.parts if isinstance(part, str)]


CLICK = f"Send it now.\n{call(action='left_click', element='Send')}"


def test_what_is_named_is_clicked_where_the_grounder_points() -> None:
    places = Places(Send=Grounding(point=Point(41, 72), box=BUTTON, confidence=0.25, spread=Spread(3, 4)))
    seen = look()
    decision = planner(CLICK, grounder=places).act(seen, [])
    assert decision.actions == (Click(point=Point(41, 72)),)
    assert decision.boxes == (BUTTON,)
    assert (decision.thought, decision.frame) == ("Send it now.", seen.screenshot.frame)
    assert decision.confidence == 0.25  # the script is certain, the grounder is not
    assert decision.spread == Spread(3, 4)
    assert decision.generation is not None
    assert decision.generation.text == CLICK


def test_an_unsure_planner_makes_an_unsure_decision() -> None:
    places = Places(Send=Grounding(point=Point(41, 72), confidence=0.9))
    written = Generation(text=CLICK, token_ids=(1,), tokens=(CLICK,), logprobs=(-1.0,))
    assert planner(written, grounder=places).act(look(), []).confidence == pytest.approx(np.exp(-1))


def test_what_a_grounder_is_not_sure_of_is_asked() -> None:
    places = Places(Send=Grounding(point=Point(41, 72), confidence=0.25))
    for asks_below, kind in ((0.5, "ask"), (0.2, "click")):
        doubt = Doubt(below=0.8, asks_below=asks_below)
        policy = ModelPolicy(ScriptedModel([CLICK]), profile=PLANNER, grounder=places, doubt=doubt)
        policy.reset(Task(goal="Send it."))
        assert [action.kind for action in policy.act(look(), []).actions] == [kind]


def test_a_doubt_is_refused_by_what_does_not_point() -> None:
    with pytest.raises(UsageError, match="a planner by marks does not point at what is described"):
        ModelPolicy(ScriptedModel([]), profile=MARKED, doubt=Doubt(below=0.8))


def test_a_thing_that_is_named_twice_is_looked_for_once() -> None:
    places = Places(Send=Grounding(point=Point(41, 72)), Name=Grounding(point=Point(5, 5)))
    text = "\n".join(
        (
            call(action="type", element=" Name\n", text="Ann"),
            call(action="double_click", element="Send"),
            call(action="right_click", element="Send"),
            call(action="scroll", pixels=-30),
        )
    )
    decision = planner(text, grounder=places).act(look(), [])
    assert places.asked == ["Name", "Send"]
    assert decision.actions == (
        Click(point=Point(5, 5)),
        TypeText(text="Ann"),
        Click(point=Point(41, 72), count=2),
        Click(point=Point(41, 72), button="right"),
        Scroll(point=Point(41, 72), dy=30),
    )


def test_what_is_not_found_is_told_to_the_planner_which_names_another_thing() -> None:
    places = Places(Send=Grounding(point=Point(41, 72)))
    policy = planner(call(action="left_click", element="the green Submit button"), CLICK, grounder=places)
    seen = look()
    with pytest.raises(BadModelOutput, match="'the green Submit button' was not found on the screen") as caught:
        policy.act(seen, [])
    assert "the green Submit button" in caught.value.raw  # what the planner wrote, not what the grounder did
    turn = Turn(observation=seen, raw=caught.value.raw, error=str(caught.value))
    assert policy.act(seen, [turn]).actions == (Click(point=Point(41, 72)),)
    assert shown(policy)[-1].startswith("That answer did not work: 'the green Submit button' was not found")


def test_nothing_is_looked_for_in_an_answer_that_cannot_be_carried_out() -> None:
    places = Places(Send=Grounding(point=Point(41, 72)))
    with pytest.raises(BadModelOutput, match="wait"):
        planner(f"{CLICK}\n{call(action='wait', time=1000)}", grounder=places).act(look(), [])
    many = "\n".join(call(action="left_click", element=f"thing {n}") for n in range(17))
    with pytest.raises(BadModelOutput, match="17 different places"):
        planner(many, grounder=places).act(look(), [])
    with pytest.raises(BadModelOutput, match="left_click needs element as words"):
        planner(call(action="left_click", element="x" * 301), grounder=places).act(look(), [])
    assert places.asked == []


def test_the_planner_is_told_of_elements_and_of_no_coordinates() -> None:
    policy = planner(CLICK, grounder=Places(Send=Grounding(point=Point(1, 1))))
    policy.act(look(), [])
    system = shown(policy)[0]
    assert '"start_element"' in system
    assert "first click `element` when it is given" in system
    assert "coordinate" not in system.replace("Never give coordinates", "")
    assert "1000x1000" not in system


def test_one_model_plans_and_points() -> None:
    place = "<|object_ref_start|>Send<|object_ref_end|><|box_start|>(200,300),(600,400)<|box_end|>"
    policy = planner(CLICK, place)
    decision = policy.act(look(), [])
    assert decision.actions == (Click(point=Point(40, 70)),)
    assert decision.boxes == (Box(20, 60, 60, 80),)
    assert isinstance(policy.model, ScriptedModel)
    _, pointing = policy.model.asked
    (message,) = pointing.messages
    assert "Send" in str(message.parts[-1])
    assert "grounding" in str(message.parts[-1])


class Remembering(ScriptedModel):
    """A script that gives away sessions, and keeps count."""

    def __init__(self, script: Sequence[str], pointing: Sequence[str]) -> None:
        super().__init__(script)
        self.beside = ScriptedModel(pointing)

    def session(self) -> ScriptedModel:
        return self.beside


def test_a_model_that_remembers_points_beside_what_it_has_read() -> None:
    model = Remembering([CLICK], ["<|box_start|>(200,300),(600,400)<|box_end|>"])
    policy = ModelPolicy(model, profile=PLANNER)
    policy.reset(Task(goal="Send it."))
    assert policy.act(look(), []).actions == (Click(point=Point(40, 70)),)
    assert (len(model.asked), len(model.beside.asked)) == (1, 1)


def test_a_planner_with_a_grounder_grounds_with_it() -> None:
    places = Places(Send=Grounding(point=Point(41, 72)))
    assert planner(grounder=places).ground(look().screenshot, "Send").point == Point(41, 72)


def test_an_action_of_another_hand_is_told_in_words_that_can_be_read() -> None:
    before = look(1)
    policy = planner(CLICK, grounder=Places(Send=Grounding(point=Point(1, 1))))
    done = Decision(actions=(Click(point=Point(20, 60)),), frame=before.screenshot.frame)
    policy.act(look(2), [Turn(observation=before, decision=done)])
    told = next(text for text in shown(policy) if text.startswith("<tool_call>"))
    assert "the place at (200, 300) of 1000 x 1000" in told
    assert planner(told, grounder=Places()).act(look(), []).actions == done.actions


def test_a_thing_that_was_tried_in_vain_is_asked_about_again_warmer() -> None:
    places = Places(
        Send=Grounding(point=Point(41, 72), box=BUTTON),
        Other=Grounding(point=Point(90, 190), box=Box(80, 180, 99, 199)),
    )
    seen = look(1)
    first = planner(CLICK, grounder=places).act(seen, [])
    policy = planner(CLICK, call(action="left_click", element="Other"), grounder=places)
    decision = policy.act(look(1), [Turn(observation=seen, decision=first)])
    assert decision.actions == (Click(point=Point(90, 190)),)
    assert isinstance(policy.model, ScriptedModel)
    assert [decoding.temperature for decoding in policy.model.decodings] == [0.0, pytest.approx(0.4)]


def test_the_decoding_of_the_caller_is_kept() -> None:
    policy = ModelPolicy(
        ScriptedModel([CLICK]), profile=PLANNER, grounder=Places(Send=Grounding(point=Point(1, 1))),
        decoding=Decoding(max_new_tokens=7),
    )  # fmt: skip
    policy.reset(Task(goal="Send it."))
    policy.act(look(), [])
    assert isinstance(policy.model, ScriptedModel)
    assert policy.model.decodings[0].max_new_tokens == 7


@pytest.mark.parametrize("profile", [INSTRUCT, MINI, MARKED])
def test_a_profile_that_names_nothing_takes_no_grounder(profile: Profile) -> None:
    with pytest.raises(UsageError, match="names nothing for a grounder to find"):
        ModelPolicy(ScriptedModel([]), profile=profile, grounder=Places())


def test_a_fault_in_what_is_asked_for_is_told_before_weights_are_read() -> None:
    with pytest.raises(UsageError, match="Qwen2-VL-Instruct names nothing for a grounder"):
        load_policy("Qwen/Qwen2-VL-2B-Instruct", profile="instruct", grounder=Places())
    with pytest.raises(UsageError, match="clickwright/mini was trained on pictures and tasks only"):
        load_policy("clickwright/mini", tells_elements=True)
