"""Places whose numbers have names: `{"action": "click_absolute", "x": 947, "y": 338}`, `click(x=12, y=34)`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from ...errors import BadModelOutput
from ...model import Grammar
from ..reading.calls import read_calls
from ..reading.limits import quoted, require_short
from ..reading.values import read_object
from .arguments import Arguments
from .canvas import Canvas
from .grounding import Reference
from .plain import PlainPlaces, require_found


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPlaces:
    """A point written by a template with {x} and {y}, which answers are kept to.

    Read are a JSON object or a call with an x and a y; else any place, whatever its brackets.
    """

    point: str

    def parse(self, text: str, canvas: Canvas) -> tuple[Reference, ...]:
        require_short(text)
        found = next(_named(text), None)
        if found is None:
            return PlainPlaces().parse(text, canvas)
        given = Arguments("the place", found, canvas)
        numbers = given.number("x"), given.number("y")
        require_found(numbers)
        return (Reference(description="", shapes=(canvas.shape(numbers),)),)

    def write(self, reference: Reference, canvas: Canvas) -> str:
        return PlainPlaces(point=self.point).write(reference, canvas)

    def grammar(self, canvas: Canvas) -> Grammar | None:
        """Exactly one place, written by the template."""
        return PlainPlaces(point=self.point).grammar(canvas)


def _named(text: str) -> Iterator[Mapping[str, JsonValue]]:
    """The object of a text, or each of its calls, that names an x or a y. Raises BadModelOutput for a broken object."""
    start = text.find("{")
    if start >= 0:
        found, _ = read_object(text, start)
        if not found.keys() & {"x", "y"}:
            raise BadModelOutput(
                f"expected an object with x and y, saw one with {', '.join(map(quoted, found)) or '-'}"
            )
        yield found
    elif "=" in text:
        yield from (call.named for call in read_calls(text) if call.named.keys() & {"x", "y"})
