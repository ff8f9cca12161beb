"""clickwright/mini behind a server, and the policy that asks it: the same answers as with the model in the process."""

import base64
import json
from pathlib import Path
from typing import Any

import clickwright.model
import numpy as np
import pytest
from clickwright.model import Conversation, Decoding, Engine, Generation, Grammar, Message, OpenAIModel, Part, Picture
from clickwright.model.load import load_model
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles import Doubt
from clickwright.policies.profiles.qwen2_vl import MINI
from clickwright.screen import Observation, Screenshot, read_image
from clickwright.tools import Task
from PIL import Image, ImageDraw
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

NAME = "clickwright/mini"
HAS_MINI = (Path(clickwright.model.__file__).parent / "mini" / "config.json").exists()
pytestmark = pytest.mark.skipif(not HAS_MINI, reason="clickwright/mini is not in this checkout")


@pytest.fixture(scope="module")
def mini() -> Engine:
    return load_model(NAME, device="cpu", dtype="float32")


@pytest.fixture
def served(mini: Engine, httpserver: HTTPServer) -> OpenAIModel:
    """The engine behind the chat-completions API, as plainly as it can be."""

    def answer(request: Request) -> Response:
        body = json.loads(request.get_data())
        mini.forget()  # what was read before changes the last bits of a probability
        told = completion(mini.generate(conversation(body["messages"]), decoding(body)))
        if body.get("stream"):
            told["choices"][0]["delta"] = told["choices"][0].pop("message")
            return Response(f"data: {json.dumps(told)}\n\ndata: [DONE]\n\n", content_type="text/event-stream")
        return Response(json.dumps(told), content_type="application/json")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
    return OpenAIModel(NAME, httpserver.url_for("/v1"), budget=mini.processor.look.budget)


def conversation(messages: list[dict[str, Any]]) -> Conversation:
    prefix = messages.pop()["content"] if messages[-1]["role"] == "assistant" else ""
    return Conversation(messages=tuple(Message(one["role"], parts(one["content"])) for one in messages), prefix=prefix)


def parts(content: str | list[dict[str, Any]]) -> tuple[Part, ...]:
    if isinstance(content, str):
        return (content,)
    return tuple(one["text"] if one["type"] == "text" else picture(one["image_url"]["url"]) for one in content)


def picture(url: str) -> Picture:
    return Picture(read_image(base64.b64decode(url.partition(",")[2])).pixels)


def decoding(body: dict[str, Any]) -> Decoding:
    lark = body.get("structured_outputs", {}).get("grammar")
    return Decoding(
        max_new_tokens=body["max_tokens"],
        temperature=body["temperature"],
        top_p=body["top_p"],
        top_k=max(body["top_k"], 0),
        seed=body.get("seed"),
        stop=tuple(body["stop"]),
        grammar=None if lark is None else Grammar(lark),
    )


def completion(made: Generation) -> dict[str, Any]:
    content = [
        {"token": text, "logprob": logprob, "top_logprobs": [{"token": t, "logprob": one} for t, one in rivals]}
        for text, logprob, rivals in zip(made.tokens, made.logprobs, made.top_logprobs, strict=True)
    ]
    finish = "length" if made.finish == "length" else "stop"
    choice = {"message": {"content": made.text}, "logprobs": {"content": content}, "finish_reason": finish}
    usage = {"prompt_tokens": made.prompt_tokens, "completion_tokens": len(made.tokens)}
    return {"choices": [choice], "usage": usage}


def screen() -> Screenshot:
    """A green button on white, at a size that has to be resized."""
    image = Image.new("RGB", (570, 340), "#f6f6f4")
    ImageDraw.Draw(image).rounded_rectangle((340, 40, 480, 90), 8, fill="#16a34a")
    return Screenshot(pixels=np.asarray(image))


def test_a_served_model_points_as_it_does_in_the_process(mini: Engine, served: OpenAIModel):
    mini.forget()
    once = Doubt(below=0)
    here = ModelPolicy(mini, profile=MINI, doubt=once).ground(screen(), "the green button")
    there = ModelPolicy(served, profile=MINI, doubt=once).ground(screen(), "the green button")
    assert (there.box, there.point, there.confidence, there.spread) == (
        here.box,
        here.point,
        here.confidence,
        here.spread,
    )
    assert here.generation is not None
    assert there.generation is not None
    for name in (
        "text",
        "tokens",
        "logprobs",
        "top_logprobs",
        "finish",
        "prompt_tokens",
        "visual_tokens",
        "new_tokens",
    ):
        assert getattr(there.generation, name) == getattr(here.generation, name), name


def test_a_served_model_acts_as_it_does_in_the_process(mini: Engine, served: OpenAIModel):
    decisions = []
    mini.forget()
    for model in (mini, served):
        policy = ModelPolicy(model, profile=MINI)
        policy.reset(Task(goal="Click the green button."))
        decisions.append(policy.act(Observation(screenshot=screen()), []))
    assert decisions[0].actions == decisions[1].actions
    assert decisions[0].confidence == pytest.approx(decisions[1].confidence, rel=1e-5)


def test_a_prefix_and_a_stream_give_the_rest_of_the_same_answer(mini: Engine, served: OpenAIModel):
    asked = (Message("user", (Picture(screen().pixels), "Locate the green button.")),)
    whole = mini.generate(Conversation(messages=asked))
    cut = whole.text.index("(") + 1
    told: list[str] = []
    rest = served.generate(Conversation(messages=asked, prefix=whole.text[:cut]), on_text=told.append)
    assert whole.text[:cut] + rest.text == whole.text
    assert "".join(told) == rest.text
