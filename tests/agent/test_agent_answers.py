"""What the user answers, and what his tools return, gets to a model through the whole loop."""

import json
from collections.abc import Callable

import pytest
from clickwright.agent import Agent, AskUser
from clickwright.model import ScriptedModel
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import PROFILES

Make = Callable[..., Agent]


class Blue:
    """A user who answers every question so."""

    async def approve(self, request: AskUser, question: str) -> bool:
        return True

    async def answer(self, question: str) -> str | None:
        return "blue"


def call(name: str, **arguments: object) -> str:
    return f"So.\n<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


DONE = call("computer_use", action="terminate", status="success")


def prompts(model: ScriptedModel) -> list[str]:
    """All that was said to the model, one text for each time that it was asked."""
    return [
        "\n".join(part for message in asked.messages for part in message.parts if isinstance(part, str))
        for asked in model.asked
    ]


@pytest.mark.parametrize(
    ("profile", "script", "told"),
    [
        ("instruct", [call("ask", question="Which colour?"), DONE], '{"events": ["the user answered: blue"]}'),
        ("ui-tars", ["Thought: A.\nAction: call_user()", "Thought: B.\nAction: finished()"], "The user answered: blue"),
    ],
)
def test_a_model_that_asks_is_told_the_answer(make: Make, profile: str, script: list[str], told: str) -> None:
    model = ScriptedModel(script)
    result = make([], policy=ModelPolicy(model, profile=PROFILES[profile]), approver=Blue()).run()
    assert result.status == "success"
    before, after = prompts(model)
    assert (told in before, told in after) == (False, True)


def test_a_long_result_of_a_tool_is_told_and_says_where_it_is_cut(make: Make) -> None:
    def look_up(word: str) -> str:
        """What the book says."""
        return word * 5000

    model = ScriptedModel([call("look_up", word="z"), DONE])
    result = make([], policy=ModelPolicy(model, profile=PROFILES["instruct"], tools=[look_up])).run()
    assert result.steps[0].did[0].result.endswith("z… (1,002 more characters)")  # with its quotes it has 5,002
    assert "z" * 3999 + "… (1,002 more characters)" in prompts(model)[1]
