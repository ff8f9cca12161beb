"""What can be acted on, as values that are told beside a picture. All of it may be written by a hostile page."""

import json

from ...screen import Element, Observation
from ...tools import MARKS
from ..grammars.canvas import Canvas
from ..policy import Turn
from ..profiles import Acting

MAX_CHARS = 8000
"""Of all elements of one screen, as JSON."""
MAX_NAME_CHARS = 80
"""Of one name or value."""

Thing = dict[str, object] | str


def things(current: Observation, before: Turn | None, acting: Acting, canvas: Canvas) -> tuple[Thing, ...]:
    """The elements of a screen, one value each; none where they are those of the screen before.

    Each has its number where numbers are drawn, and its place where the model is asked for coordinates. What no longer
    fits is counted.
    """
    if not current.elements or (before is not None and before.observation.elements == current.elements):
        return ()
    told: list[Thing] = []
    left = MAX_CHARS
    for n, element in enumerate(current.elements, 1):
        thing = _thing(n, element, acting, canvas)
        left -= len(json.dumps(thing, ensure_ascii=False)) + 2
        if left < 0:
            return (*told, f"{len(current.elements) - len(told)} more")
        told.append(thing)
    return tuple(told)


def _thing(number: int, element: Element, acting: Acting, canvas: Canvas) -> Thing:
    thing: dict[str, object] = {
        "mark": number if acting.naming == MARKS else None,
        "role": element.role,
        "name": _short(element.name),
        "value": _short(element.value),
        "states": list(element.states),
        "at": canvas.place(element.box.center) if acting.naming is None else None,
    }
    return {key: value for key, value in thing.items() if value}


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_NAME_CHARS else text[: MAX_NAME_CHARS - 1] + "…"
