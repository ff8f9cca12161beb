"""What the mouse does on a page, at places in the CSS pixels that its events take."""

import asyncio
from collections.abc import Callable

from playwright.async_api import Page

from ...screen import Point
from ...tools import Click, Drag, Hover, LongPress, Scroll
from ..points import places_along
from .keyboard import held

FRAME_S = 1 / 60

ToInput = Callable[[Point], Point]
"""Screenshot pixels to CSS pixels of the visible part."""


async def use_mouse(
    action: Click | LongPress | Hover | Drag | Scroll, page: Page, to_input: ToInput, *, pixels_per_css: float
) -> None:
    """Do it with real events of the mouse; what is held is let go whatever happens."""
    mouse = page.mouse
    start = to_input(action.path[0] if isinstance(action, Drag) else action.point)
    match action:
        case Click():
            async with held(page.keyboard, action.modifiers):
                await mouse.click(start.x, start.y, button=action.button, click_count=action.count)
        case LongPress():
            await mouse.move(start.x, start.y)
            await mouse.down()
            try:
                await asyncio.sleep(action.duration_s)
            finally:
                await mouse.up()
        case Hover():
            await mouse.move(start.x, start.y, steps=2)
        case Drag():
            await _drag(action, page, [to_input(point) for point in action.path])
        case Scroll():
            await mouse.move(start.x, start.y)
            async with held(page.keyboard, action.modifiers):
                await mouse.wheel(action.dx / pixels_per_css, action.dy / pixels_per_css)


async def _drag(action: Drag, page: Page, places: list[Point]) -> None:
    moves = places_along(places, steps_of(action))
    async with held(page.keyboard, action.modifiers):
        await page.mouse.move(places[0].x, places[0].y)
        await page.mouse.down()
        try:
            clock = asyncio.get_running_loop().time
            began = clock()
            for number, place in enumerate(moves, 1):
                await page.mouse.move(place.x, place.y)
                due = began + action.duration_s * number / len(moves)
                await asyncio.sleep(max(0.0, due - clock()))
        finally:
            await page.mouse.up()


def steps_of(action: Drag) -> int:
    """Moves of a drag: one for every frame that it lasts."""
    return max(8, round(action.duration_s / FRAME_S))
