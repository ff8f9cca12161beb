"""The way to a server of the chat-completions API, and all that can go wrong on it, each in one sentence."""

import os
from collections.abc import Iterator, Mapping
from reprlib import Repr
from typing import cast

import ada_url
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
    RateLimitError,
    Stream,
    Timeout,
)
from openai import InternalServerError as ServerFailed

from ...errors import ModelUnavailable, UsageError
from .chat_reply import Piece, Served
from .chat_request import Fields

NO_KEY = "none"
"""What is sent where no key is needed: the SDK, and some proxies before a server, want one."""
MOST_NAMES = 5
"""Of the models of a server that are told."""

_quotation = Repr()
_quotation.maxstring = 300


class Refused(ModelUnavailable):
    """The server takes no such request. `words` are its own."""

    def __init__(self, message: str, *, words: str) -> None:
        super().__init__(message)
        self.words = words


class Server:
    """A server at a base URL. The SDK tries again by itself, and waits longer each time, or as the server asks."""

    def __init__(self, url: str, *, key: str | None, connect_s: float, read_s: float, retries: int) -> None:
        """The key is that of OPENAI_API_KEY unless given. Raises UsageError for what can be no base URL or key."""
        self.url = _checked_url(url)
        self._key = _checked_key(key or os.environ.get("OPENAI_API_KEY") or NO_KEY)
        self._connect_s, self._read_s, self._retries = connect_s, read_s, retries
        self._client = OpenAI(
            base_url=self.url, api_key=self._key, timeout=Timeout(read_s, connect=connect_s), max_retries=retries
        )

    def chat(self, body: Fields, *, streams: bool) -> Iterator[Piece]:
        """A chat completion, whole or in pieces. Raises ModelUnavailable, Refused for what it does not take."""
        has_begun = False
        try:
            for event in self._events(body, streams=streams):
                yield Piece.model_validate(event)
                has_begun = True
        except APIError as error:
            raise self._broken_off(error) if has_begun else self._fault(error, str(body["model"])) from None
        except ValueError:  # no JSON, no UTF-8, or not the fields of a completion
            raise ModelUnavailable(f"{self.url} answers, but with no chat completion: is it a model server?") from None

    def _events(self, body: Fields, *, streams: bool) -> Iterator[object]:
        if not streams:
            yield self._client.post("/chat/completions", cast_to=object, body=body)
            return
        body = body | {"stream": True, "stream_options": {"include_usage": True}}
        with self._client.post(
            "/chat/completions", cast_to=object, body=body, stream=True, stream_cls=Stream[object]
        ) as events:
            yield from events

    def _fault(self, error: APIError, model: str) -> ModelUnavailable:
        words = self._words(error)
        match error:
            case APITimeoutError():
                given = f"{self._connect_s:g} s to connect and {self._read_s:g} s to answer"
                return _passing(f"{self.url} did not answer in time: it was given {given}")
            case APIConnectionError():
                return _passing(f"{self.url} cannot be reached: {words}")
            case AuthenticationError() | PermissionDeniedError():
                wanted = "wants an API key" if self._key == NO_KEY else "does not take the API key"
                return ModelUnavailable(f"{self.url} {wanted} (HTTP {error.status_code}): set OPENAI_API_KEY")
            case NotFoundError():
                return ModelUnavailable(self._not_found(model, words))
            case RateLimitError() | ServerFailed():
                tried = f"HTTP {error.status_code}, after {self._retries} retries"
                return _passing(f"{self.url} is overloaded or broken ({tried}): {words}")
            case APIStatusError():
                return Refused(f"{self.url} refuses the request (HTTP {error.status_code}): {words}", words=words)
            case _:  # an event of a stream that had not begun
                return Refused(f"{self.url} gives no answer: {words}", words=words)

    def _broken_off(self, error: APIError) -> ModelUnavailable:
        return _passing(f"{self.url} broke off in the middle of its answer: {self._words(error)}")

    def _not_found(self, model: str, words: str) -> str:
        names = self._served()
        if not names:
            return f"{self.url} has no chat completions (HTTP 404): a base URL often ends in /v1"
        if model in names:
            return f"{self.url} serves {model} but does not find what was asked for (HTTP 404): {words}"
        told = ", ".join(_quotation.repr(name) for name in names[:MOST_NAMES])
        return f"{self.url} serves no model {model!r}, but {told}"

    def _served(self) -> list[str]:
        """The models that the server lists; none where it does not."""
        try:
            return Served.model_validate(self._client.get("/models", cast_to=object)).names
        except (APIError, ValueError):
            return []

    def _words(self, error: APIError) -> str:
        """What the server says, or else the network; in quotes, shortened, and never with the key in it."""
        cause = error.__cause__ if isinstance(error, APIConnectionError) else None
        words = _message(error.body) or str(cause or "") or error.message
        return _quotation.repr(words if self._key == NO_KEY else words.replace(self._key, "***"))


def _passing(message: str) -> ModelUnavailable:
    return ModelUnavailable(message, is_passing=True)


def _message(body: object) -> str:
    """The sentence in the body of an error, in whichever field a server puts it."""
    if isinstance(body, str):
        return body
    if not isinstance(body, Mapping):
        return ""
    fields = cast(Mapping[str, object], body)
    return next((text for name in ("message", "detail", "error") if isinstance(text := fields.get(name), str)), "")


def _checked_url(text: str) -> str:
    url = ada_url.URL(text) if ada_url.check_url(text) else None
    if url is None or url.protocol not in ("http:", "https:"):
        raise UsageError(f"a base URL is written like http://127.0.0.1:8000/v1, not {_quotation.repr(text)}")
    if url.username or url.password or url.search or url.hash:
        raise UsageError("a base URL holds no name, password or query; a key goes into OPENAI_API_KEY")
    return url.href.rstrip("/")


def _checked_key(key: str) -> str:
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise UsageError("the API key holds characters that cannot be sent")
    return key
