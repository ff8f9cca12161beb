"""Actions that are read one after another: each may depend on where the one before left the mouse."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from pydantic import JsonValue

from ...tools import Action, points_of
from .canvas import Canvas

Read = Callable[[dict[str, JsonValue], Canvas, Sequence[Action]], tuple[Action, ...]]
"""The actions of one object, given the canvas and what was done before it."""


def in_order(found: Iterable[dict[str, JsonValue]], canvas: Canvas, read: Read) -> tuple[Action, ...]:
    """The actions of every object, in order; the pointer is where the last point was."""
    done: list[Action] = []
    for one in found:
        made = read(one, canvas, done)
        done += made
        pointer = next((point for action in reversed(made) for point in reversed(points_of(action))), None)
        canvas = canvas if pointer is None else replace(canvas, pointer=pointer)
    return tuple(done)
