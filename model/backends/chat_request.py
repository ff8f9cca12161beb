"""A conversation as the body of a chat-completions request, in fields that vLLM, SGLang and llama.cpp agree on.

Each of them takes what it knows of a body and passes over the rest, so that one body does for all. Where they
disagree, the value is one that means the same to each: `top_k` -1 switches it off for all three, and `min_p` and
`repetition_penalty` are set because a server otherwise takes those of the checkpoint or its own.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...errors import UsageError
from ...screen import Screenshot
from ..conversation import TOP, Conversation, Decoding, Message, Part, Picture, Video
from ..grammar import Grammar
from ..processor import Budget, resize_still
from ..tokenizer import END_OF_TEXT, TURN_END, defused

Fields = dict[str, Any]
"""A part of a request's body: JSON."""
LOGPROB = "logprob"
"""What a server that gives no log-probabilities has in its refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPicture:
    """A picture as it is sent: a data URL of a PNG at the size at which it is read, and its tokens at that size."""

    url: str
    visual_tokens: int


def sent_picture(picture: Picture, budget: Budget, factor: int) -> SentPicture:
    """A picture as it is sent, a token for each square of `factor` pixels.

    A server that has the same budget, or a wider one, does not resize it again.
    """
    resized = Screenshot(pixels=resize_still(picture.pixels, budget, factor=factor))
    url = f"data:image/png;base64,{base64.b64encode(resized.to_png()).decode()}"
    return SentPicture(url=url, visual_tokens=resized.size.area // factor**2)


def pictures_of(conversation: Conversation) -> list[Picture]:
    """The pictures of a conversation. Raises UsageError for a video and for pictures where the API has no place.

    vLLM takes the frames of a video as JPEGs in one data URL, SGLang only a video file, of which it samples frames
    itself: there is no form in which both would see the frames as they are.
    """
    pictures: list[Picture] = []
    for message in conversation.messages:
        for part in message.parts:
            if isinstance(part, Video):
                raise UsageError("a model behind a server is shown pictures, not videos: send the frames that matter")
            if isinstance(part, Picture):
                if message.role != "user":
                    raise UsageError(f"behind a server, pictures are shown by the user, not by the {message.role}")
                pictures.append(part)
    return pictures


def conversation_fields(conversation: Conversation, urls: Iterable[str]) -> Fields:
    """The messages, and whether the last of them is to be gone on with. `urls` are those of its pictures, in order.

    Marks of answers are sent as they are written, for the server's tokenizer to read; what stands around a turn that
    names a recipient is up to the server's chat template.
    """
    remaining = iter(urls)
    messages = [_message(message, remaining) for message in conversation.messages]
    if not conversation.prefix:
        return {"messages": messages}
    messages.append({"role": "assistant", "content": defused(conversation.prefix, marked=True)})
    # llama.cpp goes on with a last message of the assistant unasked, and knows neither of these.
    return {"messages": messages, "continue_final_message": True, "add_generation_prompt": False}


def decoding_fields(decoding: Decoding) -> Fields:
    """How to choose tokens, and when to end. Marks are text here, so the end of the turn is cut off as one."""
    fields: Fields = {
        "max_tokens": decoding.max_new_tokens,
        "temperature": decoding.temperature,
        "top_p": decoding.top_p,
        "top_k": decoding.top_k or -1,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "stop": [*decoding.stop, TURN_END, END_OF_TEXT],
        "skip_special_tokens": False,
        "spaces_between_special_tokens": False,
    }
    return fields if decoding.seed is None else fields | {"seed": decoding.seed}


def wishes(decoding: Decoding) -> dict[str, Fields]:
    """What an answer can do without, by the word that a server uses when it refuses it.

    A JSON schema is understood by all three. Our Lark is llguidance's: vLLM reads it with its guidance backend, and
    with its default one where that does not; SGLang with `--grammar-backend llguidance`. llama.cpp is sent no Lark:
    builds without llguidance end when they see it.
    """
    found: dict[str, Fields] = {LOGPROB: {"logprobs": True, "top_logprobs": TOP}}
    match decoding.grammar:
        case None:
            pass
        case Grammar(lark=lark, schema=None):
            found["grammar"] = {"structured_outputs": {"grammar": lark}, "ebnf": lark}
        case Grammar(schema=schema):
            json_schema = {"name": "answer", "schema": schema, "strict": True}
            found["schema"] = {"response_format": {"type": "json_schema", "json_schema": json_schema}}
    return found


def _message(message: Message, urls: Iterator[str]) -> Fields:
    marked = message.is_marked
    if all(isinstance(part, str) for part in message.parts):
        text = "".join(part for part in message.parts if isinstance(part, str))
        return {"role": message.role, "content": defused(text, marked=marked)}
    return {"role": message.role, "content": [_part(part, urls, marked=marked) for part in message.parts]}


def _part(part: Part, urls: Iterator[str], *, marked: bool) -> Fields:
    if isinstance(part, str):
        return {"type": "text", "text": defused(part, marked=marked)}
    return {"type": "image_url", "image_url": {"url": next(urls)}}
