"""What the text of an answer says, and what is told where it says nothing that can be read."""

from collections.abc import Callable
from typing import TypeVar

from ..errors import BadModelOutput
from ..model import Generation

_Read = TypeVar("_Read")


def understood(generation: Generation, read: Callable[[str], _Read]) -> _Read:
    """What the text says. Raises BadModelOutput with the whole text as `raw`, and says when it was cut off."""
    try:
        return read(generation.text)
    except BadModelOutput as error:
        cut = f"; the answer was cut off after {generation.new_tokens} tokens"
        reason = f"{error}{cut}" if generation.finish == "length" else str(error)
        raise BadModelOutput(
            reason, raw=generation.text, prompt_tokens=generation.prompt_tokens, new_tokens=generation.new_tokens
        ) from None
