"""Things that a planner names in words, found on one screenshot by a model that points."""

from collections.abc import Iterable

from ..errors import BadModelOutput
from ..model import Model, Sessions
from ..screen import Point, Screenshot
from .grammars import Reference
from .policy import Grounder, Grounding
from .reading.limits import quoted
from .usage import Spending, Usage


class Located:
    """What was looked for on one screenshot, each thing once, and what that added to the spending."""

    def __init__(self, grounder: Grounder, screenshot: Screenshot, spending: Spending) -> None:
        self._grounder = grounder
        self._screenshot = screenshot
        self._spending = spending
        self._found: dict[str, Grounding] = {}

    def point(self, words: str) -> Point:
        """Where the thing is that is meant. Raises BadModelOutput, told to the planner, where it is not seen."""
        if words not in self._found:
            try:
                found = self._grounder.ground(self._screenshot, words)
            except BadModelOutput as error:
                self._spending.add(Usage(prompt_tokens=error.prompt_tokens, new_tokens=error.new_tokens))
                raise BadModelOutput(f"{quoted(words)} was not found on the screen ({error})") from None
            self._spending.add(found.usage or Usage.of(found.generation))
            self._found[words] = found
        return self._found[words].point

    def of(self, references: Iterable[Reference]) -> tuple[Grounding, ...]:
        """What was found for these references, in their order."""
        named = (reference.description for reference in references)
        return tuple(self._found[words] for words in named if words in self._found)


def beside(model: Model) -> Model:
    """The same model with a memory of its own, where it has any: what it has read for another purpose stays read."""
    return model.session() if isinstance(model, Sessions) else model
