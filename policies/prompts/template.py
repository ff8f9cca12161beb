"""Templates: a text with places for pictures and for words that others wrote."""

import re
from collections.abc import Mapping, Sequence

from ...errors import UsageError
from ...model import Marked, Part, Picture

_PLACE = re.compile(
    r"\{(image|goal|description|question|history|width|height|n|action|thought|said|step"
    r"|tools|own_tools|described_tools|tool_names)\}"
)


def filled(template: str, told: Mapping[str, str | int], pictures: Sequence[Part] = ()) -> tuple[Part, ...]:
    """The parts of a message. `{image}` is where the pictures stand; what is put in is not looked at again.

    The marks of a template are tokens, and broken by a space in what is put into it. Raises UsageError for a place
    that nothing is told for.
    """
    is_marked = "<|" in template
    parts: list[Part] = []
    text, end = "", 0
    for place in _PLACE.finditer(template):
        text, end = text + template[end : place.start()], place.end()
        if place[1] != "image":
            if place[1] not in told:
                raise UsageError(f"a template asks for {place[0]}, and nothing is told for it")
            word = str(told[place[1]])
            text += word.replace("<|", "< |") if is_marked else word
        elif pictures:
            parts, text = [*parts, text, *pictures], ""
    parts.append(text + template[end:])
    return tuple(Marked(part) if is_marked and isinstance(part, str) else part for part in parts if part != "")


def filled_text(template: str, told: Mapping[str, str | int]) -> str:
    """The text of a template without pictures."""
    return "".join(part for part in filled(template, told) if not isinstance(part, Picture) and isinstance(part, str))
