"""A server on loopback that speaks the chat-completions API as it is told to."""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any

from clickwright.model import Conversation, Message, OpenAIModel
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

NAME = "Qwen/Qwen2-VL-2B-Instruct"
KEY = "sk-the-secret-of-this-test"
HELLO = Conversation(messages=(Message("user", ("Hello.",)),))


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


def refusal(status: int, message: str) -> Response:
    body = {"error": {"message": message, "type": "BadRequestError", "code": status}}
    return Response(json.dumps(body), status=status, content_type="application/json")


def as_json(text: str) -> Response:
    return Response(text, content_type="application/json")
