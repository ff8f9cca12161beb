"""The model behind a server: what is sent, how answers are read, and every way in which it can go wrong."""

import base64
import io
import json
import math
import socket
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import Conversation, Decoding, Grammar, Message, OpenAIModel, Picture, Video, open_model
from clickwright.model.processor import Budget, resize_still
from clickwright.model.tokenizer import defused
from clickwright.policies import Qwen2VLPolicy
from clickwright.policies.grammars.profile import INSTRUCT
from clickwright.screen import Box, Point, Screenshot
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

NAME = "Qwen/Qwen2-VL-2B-Instruct"
KEY = "sk-the-secret-of-this-test"
MARKED = "<|object_ref_start|>the cart<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>"
HELLO = Conversation(messages=(Message("user", ("Hello.",)),))
PIXELS = np.random.default_rng(0).integers(0, 256, (90, 130, 3), np.uint8)


def token(text: str, share: float = 1.0, **rivals: float) -> dict[str, Any]:
    """A token as a server tells it, with the probability of each of its rivals."""
    top = [{"token": text, "logprob": math.log(share)}]
    top += [{"token": rival.lstrip("_"), "logprob": math.log(each)} for rival, each in rivals.items()]
    return top[0] | {"bytes": None, "top_logprobs": top}


def completion(text: str, *, tokens: list[dict[str, Any]] | None = None, **choice: Any) -> dict[str, Any]:
    logprobs = None if tokens is None else {"content": tokens}
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 70, "completion_tokens": 9, "prompt_tokens_details": {"cached_tokens": 50}}
    first = {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": "stop"} | choice
    return {"id": "1", "object": "chat.completion", "model": NAME, "choices": [first], "usage": usage}


def streamed(events: Iterable[object]) -> Response:
    lines = [f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n" for event in events]
    return Response(lines, content_type="text/event-stream")


def chunk(text: str | None, *, finish: str | None = None, tokens: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    logprobs = None if tokens is None else {"content": tokens}
    choice = {"index": 0, "delta": {"content": text}, "logprobs": logprobs, "finish_reason": finish}
    return {"object": "chat.completion.chunk", "choices": [choice]}


class Served:
    """A server on loopback that answers with a list, and what it was asked."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("/v1")
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._answers: Iterator[object] = iter(())
        server.expect_request("/v1/chat/completions", method="POST").respond_with_handler(self._answer)
        server.expect_request("/v1/models").respond_with_json({"object": "list", "data": [{"id": NAME}]})

    def answers(self, *answers: object) -> "Served":
        """Each a JSON object, a response, or a function that makes one."""
        self._answers = iter(answers)
        return self

    def model(self, **options: Any) -> OpenAIModel:
        return OpenAIModel(NAME, self.url, **{"api_key": KEY, "retries": 0, "read_s": 5.0} | options)

    def _answer(self, request: Request) -> Response:
        self.bodies.append(json.loads(request.get_data()))
        self.keys.append(request.headers["Authorization"])
        answer = next(self._answers)
        if isinstance(answer, Response):
            return answer
        return answer() if callable(answer) else Response(json.dumps(answer), content_type="application/json")


@pytest.fixture
def served(httpserver: HTTPServer) -> Served:
    return Served(httpserver)


def refusal(status: int, message: str) -> Response:
    body = {"error": {"message": message, "type": "BadRequestError", "code": status}}
    return Response(json.dumps(body), status=status, content_type="application/json")


# What is sent


def test_pictures_are_sent_as_they_are_read_and_in_place(served: Served):
    budget = Budget(min_pixels=56**2, max_pixels=84 * 84)
    asked = Conversation(
        messages=(
            Message("system", ("You look.",)),
            Message("user", ("One:", Picture(PIXELS), Picture(PIXELS[:56, :84]), "What is it?")),
            Message("assistant", (MARKED,)),
            Message("user", ("And now?",)),
        )
    )
    answer = served.answers(completion("A cart.")).model(budget=budget).generate(asked)
    system, user, assistant, last = served.bodies[0]["messages"]
    assert (system, last) == ({"role": "system", "content": "You look."}, {"role": "user", "content": "And now?"})
    assert assistant == {"role": "assistant", "content": MARKED}
    kinds = [part["type"] for part in user["content"]]
    assert kinds == ["text", "image_url", "image_url", "text"]
    seen = [decoded(part["image_url"]["url"]) for part in user["content"][1:3]]
    assert np.array_equal(seen[0], resize_still(PIXELS, budget))
    assert np.array_equal(seen[1], PIXELS[:56, :84])
    assert answer.visual_tokens == sum(pixels.shape[0] * pixels.shape[1] // 784 for pixels in seen)
    assert served.keys == [f"Bearer {KEY}"]


def decoded(url: str) -> np.ndarray:
    kind, _, data = url.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_decoding_says_what_a_server_would_otherwise_take_from_elsewhere(served: Served):
    served.answers(completion("Hi."), completion("Hi."))
    served.model().generate(HELLO)
    served.model().generate(HELLO, Decoding(max_new_tokens=7, temperature=0.4, top_p=0.9, top_k=5, seed=3, stop=("#",)))
    greedy, warm = served.bodies
    assert (greedy["model"], greedy["temperature"], greedy["top_k"]) == (NAME, 0.0, -1)
    assert (greedy["repetition_penalty"], greedy["min_p"], greedy["skip_special_tokens"]) == (1.0, 0.0, False)
    assert not {"seed", "stream", "structured_outputs", "response_format", "continue_final_message"} & greedy.keys()
    assert [warm[name] for name in ("max_tokens", "temperature", "top_p", "top_k", "seed")] == [7, 0.4, 0.9, 5, 3]
    assert warm["stop"] == ["#", "<|im_end|>", "<|endoftext|>"]


def test_the_beginning_of_an_answer_is_gone_on_with(served: Served):
    served.answers(completion("(1,2)"))
    asked = Conversation(messages=HELLO.messages, prefix="Here: <|box_start|><|im_end|>")
    answer = served.model().generate(asked)
    body = served.bodies[0]
    assert body["messages"][-1] == {"role": "assistant", "content": "Here: <|box_start|><| im_end|>"}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    assert answer.text == "(1,2)"


def test_a_grammar_is_sent_as_lark_and_a_schema_as_a_schema(served: Served):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    served.answers(completion("a"), completion("{}"))
    model = served.model()
    model.generate(HELLO, Decoding(grammar=Grammar('start: "a"')))
    model.generate(HELLO, Decoding(grammar=Grammar.of_schema(schema)))
    lark, of_schema = served.bodies
    assert (lark["structured_outputs"], lark["ebnf"]) == ({"grammar": 'start: "a"'}, 'start: "a"')
    assert "structured_outputs" not in of_schema
    assert of_schema["response_format"]["json_schema"]["schema"] == schema


TEXTS = st.text(st.sampled_from("<|>_abim \ud83d")) | st.lists(
    st.sampled_from(["<|im_end|>", "<|box_start|>", "<|", "|>", "im", "\ud83d", "é"])
).map("".join)


@given(TEXTS)
def test_no_text_holds_a_mark_when_it_is_sent(text: str):
    plain, written = defused(text), defused(text, marked=True)
    assert not [mark for mark in ("<|im_end|>", "<|box_start|>") if mark in plain]
    assert "<|im_end|>" not in written
    assert written.count("<|box_start|>") == text.count("<|box_start|>")
    assert plain.encode("utf-8", "strict") is not None
    assert defused(plain) == plain


def test_what_the_api_has_no_place_for_is_refused():
    model = OpenAIModel(NAME, "http://127.0.0.1:9/v1")
    for role, part in (("user", Video(frames=PIXELS[None])), ("system", Picture(PIXELS))):
        with pytest.raises(UsageError, match="behind a server"):
            model.generate(Conversation(messages=(Message(role, (part,)),)))


# What comes back


def spelled() -> list[dict[str, Any]]:
    """The tokens of MARKED; the first corner's x is 100 with 0.8, else 900."""
    texts = [
        "<|object_ref_start|>",
        "the cart",
        "<|object_ref_end|>",
        "<|box_start|>",
        "(",
        "1",
        "00",
        ",",
        "200",
        "),(",
    ]
    tokens = [token(text) for text in [*texts, "300", ",", "400", ")", "<|box_end|>"]]
    tokens[5] = token("1", 0.8, _9=0.2)
    return [*tokens, token("<|im_end|>", 0.5)]


def test_a_served_answer_is_grounded_with_its_confidence(served: Served):
    served.answers(completion(MARKED, tokens=spelled()))
    policy = Qwen2VLPolicy(served.model(), profile=INSTRUCT)
    found = policy.ground(Screenshot(pixels=np.zeros((200, 100, 3), np.uint8)), "the cart")
    assert (served.bodies[0]["logprobs"], served.bodies[0]["top_logprobs"]) == (True, 20)
    assert (found.box, found.point) == (Box(10, 40, 30, 80), Point(20, 60))
    assert found.confidence == pytest.approx(0.8)
    assert found.spread is not None
    assert found.spread.x > found.spread.y == 0
    generation = found.generation
    assert generation is not None
    assert "".join(generation.tokens) == generation.text == MARKED
    assert (generation.token_ids, generation.new_tokens) == ((), 15)
    assert generation.top_logprobs[5] == (("1", math.log(0.8)), ("9", math.log(0.2)))
    assert (generation.prompt_tokens, generation.reused_tokens) == (70, 50)
    assert generation.timings.decode_s > 0


def test_without_log_probabilities_there_is_an_answer(served: Served):
    served.answers(refusal(400, "logprobs are not supported here"), completion(MARKED), completion(MARKED))
    policy = Qwen2VLPolicy(served.model(), profile=INSTRUCT)
    for _ in range(2):
        found = policy.ground(Screenshot(pixels=np.zeros((200, 100, 3), np.uint8)), "the cart")
        assert (found.box, found.confidence) == (Box(10, 40, 30, 80), None)
    assert ["logprobs" in body for body in served.bodies] == [True, False, False]


def test_a_grammar_that_is_refused_is_left_out_and_nothing_else_is(served: Served):
    served.answers(refusal(400, "Grammar error: at 1(1)"), *[completion("b")] * 2)
    model, decoding = served.model(), Decoding(grammar=Grammar("start: /b/"))
    assert [model.generate(HELLO, decoding).text for _ in range(2)] == ["b", "b"]
    assert ["ebnf" in body for body in served.bodies] == [True, False, False]
    assert all(body["logprobs"] for body in served.bodies)


@pytest.mark.parametrize(
    ("choice", "finish"),
    [
        ({}, "end"),
        ({"finish_reason": "length"}, "length"),
        ({"stop_reason": "#"}, "stop"),
        ({"matched_stop": "#"}, "stop"),
        ({"stop_reason": None}, "end"),
        ({"matched_stop": 151645}, "end"),
        ({"stop_reason": "<|im_end|>"}, "end"),
    ],
)
def test_how_an_answer_ended(served: Served, choice: dict[str, Any], finish: str):
    served.answers(completion("a", **choice))
    assert served.model().generate(HELLO, Decoding(stop=("#",))).finish == finish


def test_a_stream_is_told_as_it_comes_and_is_the_same_answer(served: Served):
    tokens = spelled()
    usage = {"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 16}}
    events = [chunk(""), chunk(MARKED[:20], tokens=tokens[:1]), chunk(MARKED[20:], tokens=tokens[1:15])]
    served.answers(
        streamed([*events, chunk(None, finish="stop", tokens=tokens[15:]), usage, "[DONE]"]),
        completion(MARKED, tokens=tokens),
    )
    told: list[str] = []
    piecewise = served.model().generate(HELLO, on_text=told.append)
    whole = served.model().generate(HELLO)
    assert (served.bodies[0]["stream"], served.bodies[0]["stream_options"]) == (True, {"include_usage": True})
    assert told == [MARKED[:20], MARKED[20:]]
    assert (piecewise.text, piecewise.tokens, piecewise.logprobs) == (whole.text, whole.tokens, whole.logprobs)
    assert (piecewise.finish, piecewise.prompt_tokens) == ("end", 70)
    assert piecewise.timings.prefill_s > 0 == whole.timings.prefill_s


def test_half_a_character_becomes_a_question_mark(served: Served):
    half = json.dumps(completion("a\ud83d", tokens=[token("a\ud83d")]))
    answer = served.answers(as_json(half)).model().generate(HELLO)
    assert (answer.text, answer.tokens) == ("a\ufffd", ("a\ufffd",))


def test_what_a_listener_raises_is_its_own(served: Served):
    def listen(text: str) -> None:
        raise ValueError(text)

    served.answers(streamed([chunk("a"), chunk("b", finish="stop")]))
    with pytest.raises(ValueError, match="^a$"):
        served.model().generate(HELLO, on_text=listen)


# What goes wrong


def html(status: int = 200) -> Response:
    return Response("<html>Welcome</html>", status=status, content_type="text/html")


def as_json(text: str) -> Response:
    return Response(text, content_type="application/json")


def slow() -> Response:
    time.sleep(0.4)
    return as_json("{}")


def cut_short() -> Response:
    """A stream that promises more bytes than come."""
    response = streamed([chunk("a")])
    response.headers["Content-Length"] = "10000"
    return response


LONG = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens."

FAULTS = [  # what the server does, whether it streams, and what the sentence must say
    (slow, False, "did not answer in time"),
    (slow, True, "did not answer in time"),
    (refusal(401, f"no such key: {KEY}"), False, r"does not take the API key \(HTTP 401\): set OPENAI_API_KEY"),
    (refusal(403, f"{KEY} may not"), False, "HTTP 403"),
    (refusal(404, "The model does not exist."), False, f"serves {NAME} but does not find"),
    (refusal(400, LONG), False, "maximum context length is 4096 tokens"),
    (refusal(400, "no: " + KEY + "." * 5000), False, r"refuses the request \(HTTP 400\): 'no: \*\*\*\.\.\."),
    (refusal(422, "top_k: extra fields not permitted"), False, "extra fields not permitted"),
    (refusal(429, "slow down"), False, "overloaded or broken .HTTP 429, after 0 retries.: 'slow down'"),
    (refusal(500, "CUDA out of memory"), True, "CUDA out of memory"),
    (html(502), False, "HTTP 502"),
    (html(), False, "no chat completion"),
    (as_json("{"), False, "no chat completion"),
    (as_json('{"choices": null}'), False, "no chat completion"),
    (as_json('{"choices": [{"message": {"content": 5}}]}'), False, "no chat completion"),
    (as_json("\xff"), False, "no chat completion"),
    (as_json('{"choices": []}'), False, "broke off its answer after 0 characters"),
    (completion("a", finish_reason="abort"), False, "gave up its answer: 'abort'"),
    (html(), True, "broke off its answer after 0 characters"),
    (streamed(["{"]), True, "no chat completion"),
    (streamed([chunk("abc")]), True, "broke off its answer after 3 characters"),
    (streamed([chunk("a"), {"error": {"message": "engine died"}}]), True, "in the middle of its answer: 'engine died'"),
    (cut_short, True, "in the middle of its answer"),
]


@pytest.mark.parametrize(("answer", "streams", "says"), FAULTS)
def test_a_fault_is_one_sentence_without_the_key(served: Served, answer: object, streams: bool, says: str):
    model = served.answers(answer).model(read_s=0.2 if answer is slow else 5.0)
    with pytest.raises(ModelUnavailable, match=says) as caught:
        model.generate(HELLO, on_text=(lambda _: None) if streams else None)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 500
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in f"{told} {caught.value!r} {model!r} {vars(model)!r}"


def test_a_model_that_is_not_served_is_told_with_those_that_are(served: Served):
    served.answers(refusal(404, "The model `mine` does not exist."))
    with pytest.raises(ModelUnavailable, match=f"serves no model 'mine', but '{NAME}'"):
        OpenAIModel("mine", served.url, retries=0).generate(HELLO)


def test_a_url_without_the_api_is_told(httpserver: HTTPServer):
    httpserver.expect_request("/chat/completions").respond_with_json({"detail": "Not Found"}, status=404)
    httpserver.expect_request("/models").respond_with_json({"detail": "Not Found"}, status=404)
    with pytest.raises(ModelUnavailable, match="often ends in /v1"):
        OpenAIModel(NAME, httpserver.url_for(""), retries=0).generate(HELLO)


def test_nothing_listens():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ModelUnavailable, match=rf"http://127\.0\.0\.1:{port}/v1 cannot be reached: .*refused"):
        OpenAIModel(NAME, f"http://127.0.0.1:{port}/v1", retries=0).generate(HELLO)


@pytest.mark.parametrize("fault", [refusal(503, "loading"), refusal(429, "slow down"), slow])
def test_what_passes_is_tried_again(served: Served, fault: Response | Callable[[], Response]):
    if isinstance(fault, Response):
        fault.headers["Retry-After-Ms"] = "1"
    served.answers(fault, completion("at last"))
    assert served.model(retries=1, read_s=0.2 if fault is slow else 5.0).generate(HELLO).text == "at last"
    assert served.bodies[0] == served.bodies[1]


def test_the_key_is_that_of_the_environment_unless_given(served: Served, monkeypatch: pytest.MonkeyPatch):
    served.answers(*[completion("Hi.")] * 3)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    served.model(api_key=None).generate(HELLO)
    monkeypatch.setenv("OPENAI_API_KEY", "from-outside")
    served.model(api_key=None).generate(HELLO)
    served.model().generate(HELLO)
    assert served.keys == ["Bearer none", "Bearer from-outside", f"Bearer {KEY}"]


@pytest.mark.parametrize("url", ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://me:secret@host/v1"])
def test_what_can_be_no_base_url_is_told_at_once(url: str):
    with pytest.raises(UsageError, match="base URL") as caught:
        OpenAIModel(NAME, url)
    assert "secret" not in str(caught.value)


def test_a_key_that_cannot_be_sent_is_told_without_it():
    with pytest.raises(UsageError, match="API key") as caught:
        OpenAIModel(NAME, "http://host/v1", api_key="schlüssel\n2")
    assert "schl" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"backend": "openai"}, "needs the base URL"),
        ({"backend": "own", "base_url": "http://host/v1"}, "leave out the base URL"),
        ({"base_url": "http://host/v1", "device": "cpu"}, "leave out device"),
        ({"backend": "cloud"}, "own, transformers, openai"),
    ],
)
def test_a_backend_that_cannot_be_meant(options: dict[str, str], says: str):
    with pytest.raises(UsageError, match=says):
        open_model(NAME, **options)


def test_a_base_url_alone_means_a_server():
    model = open_model(NAME, base_url="http://127.0.0.1:8000/v1/", max_pixels=28**2 * 100)
    assert isinstance(model, OpenAIModel)
    assert (model.name, model.base_url) == (NAME, "http://127.0.0.1:8000/v1")
