"""The demo with two models: one knows the plan and sees nothing, clickwright/mini sees and knows no plan."""

import json
from pathlib import Path

import clickwright as package
import pytest
from clickwright.demo.runner import play
from clickwright.demo.tasks import tasks_of
from clickwright.environments import BrowserEnvironment
from clickwright.model import ScriptedModel
from clickwright.policies import ModelPolicy, load_policy
from clickwright.policies.profiles.planner import PLANNER

MINI = Path(package.__file__).parent / "model" / "mini"
needs_mini = pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")


def call(**arguments: object) -> str:
    return f"<tool_call>\n{json.dumps({'name': 'computer_use', 'arguments': arguments})}\n</tool_call>"


@pytest.mark.slow
@needs_mini
async def test_a_planner_in_words_and_the_mini_shop_together(tmp_path: Path):
    shop = tasks_of(3)[0]
    things = [step.removeprefix("Click ").removesuffix(".") for step in shop.steps]
    script = [f"{call(action='left_click', element=thing)}\n{call(action='terminate')}" for thing in things]
    policy = ModelPolicy(ScriptedModel(script), profile=PLANNER, grounder=load_policy("clickwright/mini"))
    environment = BrowserEnvironment()
    try:
        done = await play(shop, policy=policy, environment=environment, folder=tmp_path)
    finally:
        await environment.close()
    assert (done.passed, done.steps) == (True, 4), done.reason
