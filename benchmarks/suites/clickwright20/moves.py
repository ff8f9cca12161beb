"""What an oracle does, as a list: actions, and clicks at things that are looked for when their time has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ....screen import Box, Point
from ....tools import Action, Button, Click, Drag, Hover, Modifier, Press, TypeText


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing on the screen.

    In a page: what a CSS selector finds and is in sight, of those that say exactly `text` the one with this `number`,
    from the top. On a desktop: the window whose title holds `selector`. The place in it is `across` and `down`, from
    0 to 1 of its size, and so many pixels more of a screen at scale 1.
    """

    selector: str
    text: str = ""
    number: int = 0
    across: float = 0.5
    down: float = 0.5
    right_px: float = 0.0
    below_px: float = 0.0

    def place_in(self, box: Box, *, scale: float) -> Point:
        """The place, in a thing that has this box."""
        across = box.x1 + self.across * box.width + self.right_px * scale
        return Point(across, box.y1 + self.down * box.height + self.below_px * scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """An action that is done at things, once all of them are there. Without `act`, they are only waited for."""

    things: Sequence[Thing]
    act: Callable[[Sequence[Point]], Action] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Wait until something is so. `again` is done once more whenever it is not so after a while.

    For programs that show nothing of it: a button that takes no click yet, a file that is still being moved.
    """

    is_so: Callable[[], bool]
    again: Aim | None = None


Move = Action | Aim | Until


def click(
    selector: str,
    text: str = "",
    *,
    number: int = 0,
    count: int = 1,
    button: Button = "left",
    modifiers: tuple[Modifier, ...] = (),
    **place: float,
) -> Aim:
    """A click at a thing; `place` as in `Thing`."""
    thing = Thing(selector=selector, text=text, number=number, **place)

    def act(points: Sequence[Point]) -> Action:
        return Click(point=points[0], count=count, button=button, modifiers=modifiers)

    return Aim(things=[thing], act=act)


def hover(selector: str, text: str = "", *, number: int = 0) -> Aim:
    return Aim(things=[Thing(selector=selector, text=text, number=number)], act=lambda points: Hover(point=points[0]))


def drag(start: Thing, end: Thing) -> Aim:
    """From the one thing to the other."""
    return Aim(things=[start, end], act=lambda points: Drag(path=tuple(points), duration_s=0.4))


def await_(selector: str, text: str = "") -> Aim:
    """Wait until it is there."""
    return Aim(things=[Thing(selector=selector, text=text)])


def write(text: str) -> TypeText:
    return TypeText(text=text)


def press(*keys: str) -> Press:
    return Press(keys=keys)
