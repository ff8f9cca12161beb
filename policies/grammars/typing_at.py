"""Typing at a place, for languages in which one action clicks into a field and types there."""

from collections.abc import Sequence

from ...screen import Point
from ...tools import Action, Click, TypeText
from .canvas import Canvas


def with_places(actions: Sequence[Action], canvas: Canvas) -> list[tuple[Action, Point | None]]:
    """The actions, a click into a field and the text that is typed there as one with the place of the click.

    Of two clicks at one place none is taken away: `clicked_first` would not bring it back.
    """
    told: list[tuple[Action, Point | None]] = []
    for action in actions:
        before = told[-1][0] if told else None
        if isinstance(action, TypeText) and isinstance(before, Click) and _is_plain(before):
            earlier = told[-2][0] if len(told) > 1 else None
            if not (isinstance(earlier, Click) and _is_plain(earlier) and _is_same(earlier, before, canvas)):
                told[-1] = action, before.point
                continue
        told.append((action, None))
    return told


def clicked_first(typed: TypeText, point: Point, done: Sequence[Action]) -> tuple[Action, ...]:
    """The click into a field and the text; the text alone where the last thing done was that very click."""
    click = Click(point=point)
    return (typed,) if done and done[-1] == click else (click, typed)


def _is_plain(click: Click) -> bool:
    return click == Click(point=click.point)


def _is_same(one: Click, other: Click, canvas: Canvas) -> bool:
    return canvas.place(one.point) == canvas.place(other.point)
