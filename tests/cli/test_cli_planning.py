"""Runs that are planned first and checked at the end, as a person asks for them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from clickwright.agent import read_run
from clickwright.options.model import Chosen
from pytest_httpserver import HTTPServer

from .conftest import Said

STYLE = "margin: 80px 840px; padding: 20px 40px; background: green; color: white; border: 0"
PAGE = f"data:text/html,<button style='{STYLE}' onclick='this.textContent=`Sent`'>Send</button>"
RUN = ("--model", "someone/instructs", "--profile", "instruct", "--run-dir", "run", "--url", PAGE)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def call(**arguments: object) -> str:
    return f"So.\n<tool_call>\n{json.dumps({'name': 'computer_use', 'arguments': arguments})}\n</tool_call>"


def serve(server: HTTPServer, *answers: str) -> str:
    """The URL of a server whose model writes these in turn."""
    for text in answers:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        server.expect_ordered_request("/v1/chat/completions").respond_with_json({"choices": [choice]})
    return server.url_for("/v1")


PLAN = json.dumps({"plan": ["Look for the button.", "Press the button."]})
DONE = call(action="terminate", status="success")


NOTE = {"name": "remember", "arguments": {"name": "price", "value": "4.50"}}


def checked(verdict: str) -> str:
    return json.dumps({"reason": "the button says Sent", "verdict": verdict})


def test_one_model_plans_acts_and_checks(clickwright: Callable[..., Said], httpserver: HTTPServer):
    click = call(action="left_click", coordinate=[692, 145])
    url = serve(httpserver, PLAN, DONE, checked("unclear"), DONE, checked("not met"), click, DONE, checked("met"))
    said = clickwright("run", "Send it.", *RUN, "--base-url", url, "--plan", "--check")
    assert (said.code, said.err) == (0, "")
    run = read_run("run")
    assert run.info is not None
    assert run.info.plan == ("Look for the button.", "Press the button.")
    assert run.info.is_checked
    assert [step.checked and step.checked.verdict for step in run.steps] == ["unclear", "not met", None, "met"]
    assert run.steps[2].did[0].found == "changed here"


def test_a_model_that_can_be_asked_checks_unless_told(clickwright: Callable[..., Said], httpserver: HTTPServer):
    url = serve(httpserver, DONE, checked("not met"), call(action="terminate", status="failure"))
    said = clickwright("run", "Send it.", *RUN, "--base-url", url)
    assert said.code == 1
    assert [step.checked and step.checked.verdict for step in read_run("run").steps] == ["not met", None]


def test_what_nobody_checked_is_said_so(clickwright: Callable[..., Said], httpserver: HTTPServer):
    said = clickwright("run", "Send it.", *RUN, "--base-url", serve(httpserver, DONE), "--no-check")
    assert (said.code, said.err) == (0, "")
    assert "passed: the policy says so, and nobody checked it" in said.out


def test_what_is_noted_is_told_at_the_end(clickwright: Callable[..., Said], httpserver: HTTPServer):
    note = f"So.\n<tool_call>\n{json.dumps(NOTE)}\n</tool_call>"
    said = clickwright("run", "Look.", *RUN, "--base-url", serve(httpserver, note, DONE), "--facts", "--no-check")
    assert (said.code, said.err) == (0, "")
    assert "noted  price: 4.50" in said.out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--facts"], "cannot be told of tools, and so cannot keep facts"),
        (["--plan"], "clickwright/mini was not trained to answer questions"),
        (["--check"], "clickwright/mini was not trained to answer questions"),
        (["--plan", "--plan-with", "a/b"], "give --plan or --plan-with, not both"),
        (["--plan-with", "someone/unknown"], "no profile is known for the checkpoint someone/unknown"),
        (["--check", "--checker", "a/b"], "give --check, --no-check or --checker"),
        (["--checker", "someone/unknown"], "no profile is known for the checkpoint someone/unknown"),
        (["--max-tokens", "0"], "--max-tokens: Input should be greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(clickwright: Callable[..., Said], options: list[str], says: str):
    said = clickwright("run", "x", "--url", "about:blank", *options)
    assert said.code == 2
    assert says in said.complaint


def test_another_model_may_check_behind_a_server_of_its_own():
    url = "http://127.0.0.1:9/v1"
    chosen = Chosen(
        model="Qwen/Qwen2-VL-7B-Instruct", base_url="http://127.0.0.1:8/v1", checker=f"instruct=looks@{url}"
    )
    checker = chosen.checking(chosen.policy())
    assert checker is not None
    assert checker.model.name == "looks"
    assert chosen.planning(chosen.policy()) is None


def test_another_model_may_plan_behind_a_server_of_its_own():
    url = "http://127.0.0.1:9/v1"
    chosen = Chosen(model="clickwright/mini", plan_with=f"instruct=thinks@{url}")
    policy = chosen.policy()
    planner = chosen.planning(policy)
    assert planner is not None
    assert planner.model.name == "thinks"
    assert chosen.checking(policy) is None
