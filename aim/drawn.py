"""What a model answered to a page, drawn on it."""

from ..screen import Point, Screenshot, draw_overlay
from .ask import Asked
from .diagnosis import Finding, clicks

SHORT_PX = 4.0
"""A shorter way from a target to its click is not drawn."""


def draw_answers(asked: Asked, finding: Finding) -> Screenshot:
    """Each target in a frame, each click as the profile reads it, and an arrow from the one to the other."""
    picture = draw_overlay(asked.screenshot, boxes=[answer.target.box for answer in asked.answers])
    for answer, click in zip(asked.answers, clicks(asked, finding), strict=True):
        if click is not None:
            center = answer.target.box.center
            way = (center, click) if _is_far(center, click, asked) else ()
            picture = draw_overlay(picture, path=way, click=click)
    return picture


def _is_far(center: Point, click: Point, asked: Asked) -> bool:
    return center.distance(click) > SHORT_PX * asked.view.scale
