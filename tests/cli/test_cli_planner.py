"""Runs in which one model plans and another points, or what can be used on the page is numbered for it."""

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import clickwright as package
import numpy as np
import pytest
from clickwright.agent.record.folder import read_run
from clickwright.model import ScriptedModel
from clickwright.options.model import Chosen
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import PROFILES, Doubt
from clickwright.screen.numbered import COLOURS
from PIL import Image
from pytest_httpserver import HTTPServer

from .conftest import Said

MINI = Path(package.__file__).parent / "model" / "mini"
needs_mini = pytest.mark.skipif(not (MINI / "config.json").exists(), reason="clickwright/mini is not in this checkout")

STYLE = "margin: 80px 840px; padding: 20px 40px; background: green; color: white; border: 0; border-radius: 8px"
PAGE = f"data:text/html,<button style='{STYLE}' onclick='this.textContent=`Sent`'>Send</button><a href='/x'>Help</a>"
PLAN = ("--planner", "someone/plans", "--no-check", "--run-dir", "run", "--url", PAGE)


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def answer(**arguments: object) -> str:
    return f"So.\n<tool_call>\n{json.dumps({'name': 'computer_use', 'arguments': arguments})}\n</tool_call>"


def serve(server: HTTPServer, *answers: str) -> str:
    """The URL of a server whose model writes these in turn."""
    for text in answers:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        server.expect_ordered_request("/v1/chat/completions").respond_with_json({"choices": [choice]})
    return server.url_for("/v1")


def asked(server: HTTPServer) -> list[list[dict[str, Any]]]:
    """The messages of every request."""
    return [json.loads(request.get_data())["messages"] for request, _ in server.log]


@pytest.mark.slow
@needs_mini
def test_a_planner_names_and_the_mini_points(clickwright: Callable[..., Said], httpserver: HTTPServer):
    url = serve(
        httpserver,
        answer(action="left_click", element="the green button"),
        answer(action="terminate", status="success"),
    )
    said = clickwright("run", "Send it.", *PLAN, "--base-url", url, "--grounder", "clickwright/mini")
    assert (said.code, said.err) == (0, "")
    step, end = read_run("run").steps
    assert [did.effect for did in step.did] == ["changed"]  # it says Sent now
    assert step.decided.boxes
    assert step.decided.confidence is not None  # the server told none, the mini did
    assert end.outcome is not None
    assert "coordinate" not in str(asked(httpserver)[0][0]).replace("Never give coordinates", "")


def test_a_model_that_cannot_point_chooses_a_number(clickwright: Callable[..., Said], httpserver: HTTPServer):
    url = serve(
        httpserver,
        answer(action="left_click", mark=9),
        answer(action="left_click", mark=1),
        answer(action="terminate", status="success"),
    )
    said = clickwright("run", "Send it.", *PLAN, "--base-url", url, "--profile", "marks", "--elements")
    assert (said.code, said.err) == (0, "")
    wrong, step, _ = read_run("run").steps
    assert "there is no mark 9: the boxes have the numbers 1 to 2" in str(wrong.error)
    assert [did.effect for did in step.did] == ["changed"]
    (_, user), *_ = asked(httpserver)
    texts = [part["text"] for part in user["content"] if part["type"] == "text"]
    assert '{"mark": 1, "role": "button", "name": "Send"}' in texts[-1]
    (picture,) = (part["image_url"]["url"] for part in user["content"] if part["type"] == "image_url")
    seen = np.array(Image.open(io.BytesIO(base64.b64decode(picture.partition(",")[2]))))
    assert (seen == COLOURS[0]).all(axis=2).any()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--model", "some/model", "--planner", "other/model"], "give --model or --planner, not both"),
        (["--grounder", "clickwright/mini"], "say with --planner which model names"),
        (["--elements"], "clickwright/mini was trained on pictures and tasks only"),
        (["--planner", "./none", "--grounder", "someone/unknown"], "no profile is known for the checkpoint someone"),
        (["--planner", "./none", "--grounder", "maxi=someone/unknown"], "there is no profile 'maxi'"),
        (
            ["--model", "ByteDance-Seed/UI-TARS-1.5-7B", "--zoom"],
            "leave out --zoom and --ask-below, or have a --planner",
        ),
        (["--model", "x/y", "--profile", "marks", "--ask-below", "0.5"], "leave out --zoom and --ask-below, or have"),
    ],
)
def test_models_that_do_not_go_together_are_told_in_one_sentence(
    clickwright: Callable[..., Said], options: list[str], says: str
):
    said = clickwright("run", "x", "--url", "about:blank", *options)
    assert said.code == 2
    assert says in said.complaint


def test_a_grounder_may_run_behind_a_server_of_its_own():
    url = "http://127.0.0.1:9/v1"
    policy = Chosen(
        model="Qwen/Qwen2-VL-72B-Instruct", base_url="http://127.0.0.1:8/v1", grounder=f"instruct=points@{url}"
    ).policy()
    assert policy.profile.name == "planner"
    assert policy.grounder is not None
    assert policy.grounder.model.name == "points"  # type: ignore[attr-defined]


def test_doubt_reaches_what_points():
    here, there = "http://127.0.0.1:8/v1", "http://127.0.0.1:9/v1"
    two = Chosen(model="a/b", base_url=here, grounder=f"instruct=points@{there}", zoom=True, ask_below=0.5).acting()
    one = Chosen(planner="a/b", base_url=here, zoom=True, ask_below=0.5).acting()
    for policy in (two, one):
        assert isinstance(policy.grounder, ModelPolicy)
        assert policy.doubt == policy.grounder.doubt == Doubt(below=0.8, looks=2, scans=True, asks_below=0.5)


def test_the_device_is_that_of_a_model_that_runs_here():
    url = "http://127.0.0.1:9/v1"
    chosen = Chosen(model="clickwright/mini", device="cpu", checker=f"instruct=looks@{url}", plan_with="instruct=here")
    assert chosen.checking(ModelPolicy(ScriptedModel([]), profile=PROFILES["mini"])) is not None
    assert [chosen._named(words).device for words in (f"a@{url}", "a")] == [None, "cpu"]


def test_a_model_with_a_grounder_plans_whatever_its_name():
    assert Chosen(model="bytedance/UI-TARS-7B", grounder="osunlp/UGround-V1-7B").found_profile().name == "planner"


def test_which_profiles_need_the_elements():
    assert Chosen(model="x", profile="marks").needs_elements
    assert not Chosen(model="x").needs_elements
