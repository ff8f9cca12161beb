"""A server or the way to it fails: one sentence each, never with the key, and another try where that may help."""

import socket
import time
import traceback
from collections.abc import Callable

import pytest
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import OpenAIModel, open_model
from pytest_httpserver import HTTPServer
from werkzeug import Response

from .served import HELLO, KEY, NAME, Served, as_json, chunk, completion, refusal, streamed


@pytest.fixture
def served(httpserver: HTTPServer) -> Served:
    return Served(httpserver)


def html(status: int = 200) -> Response:
    return Response("<html>Welcome</html>", status=status, content_type="text/html")


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
    (Response(b"\xff", content_type="application/json"), False, "no chat completion"),
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
    with pytest.raises(ModelUnavailable, match=rf"http://127\.0\.0\.1:{port}/v1 cannot be reached: .*refused") as gone:
        OpenAIModel(NAME, f"http://127.0.0.1:{port}/v1", retries=0).generate(HELLO)
    assert gone.value.is_passing


@pytest.mark.parametrize(("status", "is_passing"), [(503, True), (429, True), (500, True), (404, False), (400, False)])
def test_whether_a_fault_may_pass_is_told(served: Served, status: int, is_passing: bool):
    served.answers(refusal(status, "no"))
    with pytest.raises(ModelUnavailable) as caught:
        served.model(retries=0).generate(HELLO)
    assert caught.value.is_passing == is_passing


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


@pytest.mark.parametrize(
    "url",
    ["", "localhost:8000/v1", "ftp://host/v1", "http://", "http://me:secret@host/v1", "http://host/v1?key=secret"],
)
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
