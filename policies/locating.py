"""Things that a planner names in words, found on one screenshot by a model that points."""

from collections.abc import Iterable

from ..errors import BadModelOutput
from ..model import Model, Sessions
from ..screen import Point, Screenshot
from .grammars import Reference
from .policy import Grounder, Grounding
from .reading.limits import quoted


class Located:
    """What was looked for on one screenshot, each thing once."""

    def __init__(self, grounder: Grounder, screenshot: Screenshot) -> None:
        self._grounder = grounder
        self._screenshot = screenshot
        self._found: dict[str, Grounding] = {}

    def point(self, words: str) -> Point:
        """Where the thing is that is meant. Raises BadModelOutput, told to the planner, where it is not seen."""
        if words not in self._found:
            try:
                self._found[words] = self._grounder.ground(self._screenshot, words)
            except BadModelOutput as error:
                raise BadModelOutput(f"{quoted(words)} was not found on the screen ({error})") from None
        return self._found[words].point

    def of(self, references: Iterable[Reference]) -> tuple[Grounding, ...]:
        """What was found for these references, in their order."""
        named = (reference.description for reference in references)
        return tuple(self._found[words] for words in named if words in self._found)


def beside(model: Model) -> Model:
    """The same model with a memory of its own, where it has any: what it has read for another purpose stays read."""
    return model.session() if isinstance(model, Sessions) else model
