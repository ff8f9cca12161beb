"""A model behind a server that speaks OpenAI's chat-completions API: vLLM, SGLang, llama.cpp and their like."""

import time
import warnings
from collections.abc import Callable

from ...errors import UsageError
from ...screen import Size
from ..conversation import Conversation, Decoding, Generation, Picture, Timings
from ..processor import FACTOR, Budget, digest
from .chat_reply import Reply
from .chat_request import (
    LOGPROB,
    Fields,
    SentPicture,
    conversation_fields,
    decoding_fields,
    pictures_of,
    sent_picture,
    wishes,
)
from .server import Refused, Server

CONNECT_S, READ_S = 5.0, 120.0
"""How long a server may take to accept a connection, and how long it may be silent after that."""
RETRIES = 2
"""After a connection that fails, a time-out, HTTP 429 and 5xx."""
KEPT_PICTURES = 32
"""As they are sent, for later conversations."""
FEW_REFUSALS = 3
"""A server that refuses so many different grammars takes none, and is sent no more."""


class OpenAIModel:
    """Implements `Model`. Its answers are those of the model that the server calls `name`.

    Pictures are resized here, within the budget, so that the size at which they are read does not depend on the
    server. Log-probabilities are as the server gives them: those of vLLM and SGLang are before a grammar. What a
    server refuses and an answer can do without, log-probabilities or this one grammar, it is not asked for again, and
    a RuntimeWarning says so when it begins. Calls from several threads run at the same time.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        api_key: str | None = None,
        budget: Budget | None = None,
        factor: int = FACTOR,
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
        retries: int = RETRIES,
    ) -> None:
        """The key is that of OPENAI_API_KEY unless given. Raises UsageError for a URL or key that cannot be one.

        `factor` counts the pixels along the side of one visual token: 28 in Qwen2-VL and Qwen2.5-VL, 32 in Qwen3-VL.
        """
        if factor < 1:
            raise UsageError(f"a visual token has at least one pixel along its side, got factor={factor}")
        self.name = name
        self._server = Server(base_url, key=api_key, connect_s=connect_s, read_s=read_s, retries=retries)
        self._budget, self._factor = budget or Budget(), factor
        self._sent: dict[str, SentPicture] = {}
        """The pictures that were sent last, the oldest first: the next conversations show most of them again."""
        self._refused: dict[str, list[Fields]] = {}

    @property
    def base_url(self) -> str:
        return self._server.url

    def seen_size(self, size: Size) -> Size:
        """The size at which a still of this size is sent. Raises UsageError for one that is too thin."""
        return self._budget.resized(size, factor=self._factor)

    def generate(
        self,
        conversation: Conversation,
        decoding: Decoding | None = None,
        *,
        on_text: Callable[[str], None] | None = None,
    ) -> Generation:
        """The answer to a conversation, streamed only for `on_text`: one that comes whole can be asked for again.

        Raises UsageError for videos, ModelUnavailable with one sentence for all that a server or the way to it can
        do wrong.
        """
        decoding = decoding or Decoding()
        began = time.perf_counter()
        pictures = self._prepared(pictures_of(conversation))
        messages = conversation_fields(conversation, (picture.url for picture in pictures))
        body = {"model": self.name} | messages | decoding_fields(decoding)
        asked = time.perf_counter()
        reply = Reply(decoding, on_text)
        self._ask(body, wishes(decoding), reply, streams=on_text is not None)
        first, ended = reply.first_at if on_text else asked, time.perf_counter()
        timings = Timings(process_s=asked - began, prefill_s=first - asked, decode_s=ended - first)
        return reply.generation(visual_tokens=sum(picture.visual_tokens for picture in pictures), timings=timings)

    def _prepared(self, pictures: list[Picture]) -> list[SentPicture]:
        names = [digest(picture) for picture in pictures]
        known = self._sent
        sent = {
            name: known.get(name) or sent_picture(picture, self._budget, self._factor)
            for name, picture in zip(names, pictures, strict=True)
        }
        kept = {name: picture for name, picture in known.items() if name not in sent} | sent
        self._sent = dict(list(kept.items())[-max(KEPT_PICTURES, len(sent)) :])
        return [sent[name] for name in names]

    def _ask(self, body: Fields, wished: dict[str, Fields], reply: Reply, *, streams: bool) -> None:
        """Ask with all that is wished for, and again without what the server refuses."""
        wished = {word: fields for word, fields in wished.items() if not self._is_refused(word, fields)}
        whole = body.copy()
        for fields in wished.values():
            whole |= fields
        try:
            for piece in self._server.chat(whole, streams=streams):
                reply.take(piece)
        except Refused as refusal:
            refused = next((word for word in wished if word in refusal.words.lower()), None)
            if refused is None:
                raise
            self._refuse(refused, wished[refused], refusal.words)
            self._ask(body, wished, reply, streams=streams)

    def _is_refused(self, word: str, fields: Fields) -> bool:
        refused = self._refused.get(word, [])
        return fields in refused or len(refused) >= FEW_REFUSALS

    def _refuse(self, word: str, fields: Fields, words: str) -> None:
        refused = self._refused.setdefault(word, [])
        if not refused:
            without = "tell how sure they are" if word == LOGPROB else f"keep to the {word}"
            told = f"{self.base_url} refuses a request with a {word} ({words}): its answers may not {without}"
            warnings.warn(told, RuntimeWarning, stacklevel=2)
        refused.append(fields)
