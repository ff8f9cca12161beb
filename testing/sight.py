"""What a test sees at one moment: the picture, and what the page itself tells of it."""

from dataclasses import dataclass
from functools import cached_property

from ..screen import Box, Element, Label, Observation, Point, Screenshot, Size, masked


@dataclass(frozen=True, kw_only=True)
class Sight:
    """One look at the screen. Elements and labels are empty where the screen tells of none, as a desktop does.

    `sensitive` are the fields for passwords and the like.
    """

    observation: Observation
    labels: tuple[Label, ...] = ()
    sensitive: tuple[Box, ...] = ()

    @property
    def screenshot(self) -> Screenshot:
        return self.observation.screenshot

    @cached_property
    def shown(self) -> Screenshot:
        """The picture as it may be kept: sensitive fields are painted over."""
        return masked(self.screenshot, self.sensitive)

    def is_sensitive(self, point: Point) -> bool:
        """Whether what stands there is for nobody to read."""
        return any(box.contains(point) for box in self.sensitive)

    @property
    def size(self) -> Size:
        return self.observation.screenshot.size

    @property
    def scale(self) -> float:
        return self.observation.screenshot.scale

    @property
    def elements(self) -> tuple[Element, ...]:
        return self.observation.elements or ()

    @property
    def is_told(self) -> bool:
        """Whether the screen tells of itself at all."""
        return self.observation.elements is not None

    def text_in(self, box: Box) -> str:
        """The text whose pieces lie mostly within the box, in the order of the page."""
        return " ".join(label.text for label in self.labels if _is_within(label.box, box))


def _is_within(inner: Box, outer: Box) -> bool:
    common = inner.intersect(outer)
    return common is not None and 2 * common.area > inner.area
