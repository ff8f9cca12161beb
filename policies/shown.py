"""What a model is shown of an observation: numbered boxes where it cannot point, elements where it is told of them."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..errors import UsageError
from ..screen import Box, Element, Observation, Screenshot, draw_numbers
from ..tools import ELEMENTS, MARKS
from .policy import Grounder
from .profiles import Dialogue, Doubt, Profile

Detector = Callable[[Screenshot], Sequence[Box]]
"""Finds what can be acted on in a picture: boxes in its pixels."""

MAX_MARKS = 200
KEPT_BYTES = 256_000_000
"""Pixels of marked screenshots that are kept, so that a history is not drawn anew in every turn."""


class Shown:
    """Shows the same of the same observation each time: a prompt that only grows can be read on from where it ended."""

    def __init__(self, *, is_marked: bool, tells_elements: bool, detector: Detector | None = None) -> None:
        """`is_marked`: elements are numbered on the picture; those that the detector finds, where there is one."""
        self._is_marked = is_marked
        self._tells_elements = tells_elements
        self._detector = detector
        self._drawn: OrderedDict[object, Observation] = OrderedDict()

    def of(self, observation: Observation) -> Observation:
        """The observation as the model is shown it: marked, and without elements that it is not told of.

        Raises UsageError where elements are wanted that nobody looked for.
        """
        seen = self._seen(observation)
        elements = seen.elements if self._tells_elements else None
        return replace(observation, screenshot=seen.screenshot, elements=elements)

    def marks(self, observation: Observation) -> tuple[Box, ...]:
        """The boxes that are numbered on it, from 1 on; none where there are no numbers."""
        return tuple(element.box for element in self._seen(observation).elements or ()) if self._is_marked else ()

    def _seen(self, observation: Observation) -> Observation:
        if not self._is_marked:
            if self._tells_elements:
                _elements(observation)
            return observation
        key = (observation.screenshot.frame, observation.screenshot.taken_s, observation.elements)
        seen = self._drawn.get(key)
        if seen is None:
            seen = self._drawn[key] = self._marked(observation)
            self._forget()
        self._drawn.move_to_end(key)
        return seen

    def _marked(self, observation: Observation) -> Observation:
        if self._detector is not None:
            size = observation.screenshot.size
            clipped = (box.clip(size) for box in self._detector(observation.screenshot))
            elements = tuple(Element(box=box) for box in clipped if box.area > 0)
        else:
            elements = _elements(observation)
        elements = elements[:MAX_MARKS]
        picture = draw_numbers(observation.screenshot, [element.box for element in elements])
        return replace(observation, screenshot=picture, elements=elements)

    def _forget(self) -> None:
        held = sum(drawn.screenshot.pixels.nbytes for drawn in self._drawn.values())
        while held > KEPT_BYTES and len(self._drawn) > 1:
            _, oldest = self._drawn.popitem(last=False)
            held -= oldest.screenshot.pixels.nbytes


def _elements(observation: Observation) -> tuple[Element, ...]:
    if observation.elements is None:
        raise UsageError(
            "this policy needs the elements of the screen: BrowserEnvironment(elements=True), or --elements"
        )
    return observation.elements


def require_use(
    profile: Profile,
    grounder: Grounder | None,
    detector: Detector | None,
    *,
    tells_elements: bool,
    doubt: Doubt | None = None,
) -> None:
    """Raises UsageError for what a policy is given and its profile has no place for, and for what it lacks."""
    naming = profile.act and profile.act.naming
    if grounder is not None and naming != ELEMENTS:
        raise UsageError(f"{profile.title} names nothing for a grounder to find: plan with the profile planner")
    if grounder is None and naming == ELEMENTS and profile.ground is None:
        raise UsageError(f"{profile.title} names things in words and does not point: give it a grounder")
    if doubt is not None and grounder is None and profile.ground is None:
        raise UsageError(f"{profile.title} does not point at what is described: none of its places is looked at again")
    if detector is not None and naming != MARKS:
        raise UsageError(f"{profile.title} is shown no numbered boxes: a detector is for the profile marks")
    history = profile.act and profile.act.history
    if tells_elements and not (isinstance(history, Dialogue) and history.is_told):
        raise UsageError(f"{profile.title} was trained on pictures and tasks only and cannot be told of elements")
