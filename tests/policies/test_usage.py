"""All that models read and wrote for a decision is counted, whatever became of it."""

import numpy as np
import pytest
from clickwright.agent.record.trace import Decided
from clickwright.errors import BadModelOutput
from clickwright.model import Generation, ScriptedModel
from clickwright.policies import Decision, ModelPolicy, Turn, Usage
from clickwright.policies.profiles import PROFILES, Doubt
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Task

BOX = "<|object_ref_start|>the cart<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>"


def call(arguments: str) -> str:
    return f'Now.\n<tool_call>\n{{"name": "computer_use", "arguments": {{{arguments}}}}}\n</tool_call>'


CLICK = call('"action": "left_click"')
NAMED = call('"action": "left_click", "element": "the cart"')


def wrote(text: str, *, logprob: float = 0.0) -> Generation:
    """An answer of one token a character, for which 100 were read, 60 of them visual."""
    many = len(text)
    return Generation(
        text=text,
        token_ids=tuple(map(ord, text)),
        tokens=tuple(text),
        logprobs=(logprob,) * many,
        prompt_tokens=100,
        visual_tokens=60,
    )


def usage(*texts: str) -> Usage:
    count = len(texts)
    return Usage(prompt_tokens=100 * count, visual_tokens=60 * count, new_tokens=sum(map(len, texts)))


def look() -> Observation:
    return Observation(screenshot=Screenshot(pixels=np.full((200, 100, 3), 7, np.uint8)))


def policy_of(*script: Generation, profile: str = "instruct", **more: object) -> ModelPolicy:
    policy = ModelPolicy(ScriptedModel(script), profile=PROFILES[profile], **more)  # type: ignore[arg-type]
    policy.reset(Task(goal="Buy a pear."))
    return policy


def test_the_grounder_counts_with_all_its_looks() -> None:
    unsure = wrote(BOX, logprob=-0.1)
    grounder = policy_of(unsure, unsure, unsure, doubt=Doubt(below=0.99))
    decision = policy_of(wrote(NAMED), profile="planner", grounder=grounder).act(look(), [])
    assert decision.usage == usage(NAMED, BOX, BOX)
    decided = Decided.of(decision, 1.0)
    assert decided.tokens == 300 + len(NAMED + BOX + BOX)
    assert decided.visual_tokens == 180


def test_second_looks_count() -> None:
    policy = policy_of(wrote(BOX + CLICK, logprob=-0.1), wrote("?"), wrote("?"), wrote("?"), doubt=Doubt(below=0.99))
    decision = policy.act(look(), [])
    assert isinstance(policy.model, ScriptedModel)
    looks = len(policy.model.asked) - 1
    assert looks >= 1
    assert decision.usage == usage(BOX + CLICK, *["?"] * looks)


def test_discarded_alternatives_count() -> None:
    first = policy_of(wrote(BOX + CLICK)).act(look(), [])
    policy = policy_of(wrote(BOX + CLICK), wrote("?"), wrote(CLICK.replace("left_click", "wait")))
    decision = policy.act(look(), [Turn(observation=look(), decision=first)])
    assert decision.usage == usage(BOX + CLICK, "?", CLICK.replace("left_click", "wait"))


def test_an_error_tells_what_all_of_it_took() -> None:
    grounder = policy_of(wrote("nowhere"))
    with pytest.raises(BadModelOutput, match="not found") as caught:
        policy_of(wrote(NAMED), profile="planner", grounder=grounder).act(look(), [])
    assert (caught.value.raw, caught.value.tokens) == (NAMED, 200 + len(NAMED + "nowhere"))


def test_both_turns_of_an_answer_count() -> None:
    model = ScriptedModel([wrote("plan"), wrote("do")])
    policy = ModelPolicy(model, profile=PROFILES["aguvis"])
    policy.reset(Task(goal="Buy a pear."))
    with pytest.raises(BadModelOutput) as caught:
        policy.act(look(), [])
    assert caught.value.tokens == 206


def test_a_decision_without_a_count_is_its_generation() -> None:
    decision = Decision(actions=(), frame="", generation=wrote("ab"))
    assert Decided.of(decision, 1.0).tokens == 102
