"""The conformance check of environments: what every `Environment` must do, checked on a real one."""

from collections.abc import Awaitable, Callable
from typing import NoReturn

import numpy as np

from ..errors import EnvironmentLost
from ..screen import Observation, Point, Size
from ..tools import Action, Ask, CallTool, Click, Finish, Task
from .environment import Environment, Facts, Recovers

Landed = Callable[[], Awaitable[Point | None]]
"""Where the last click arrived as the device saw it, in screenshot pixels; None when no click did."""

TOLERANCE_PX = 1.0


async def check_environment(
    environment: Environment,
    task: Task,
    *,
    target: Point,
    landed: Landed,
    size: Size | None = None,
    scale: float | None = None,
    close: bool = True,
) -> None:
    """Reset to a still screen, act on it, and close it; AssertionError names the first rule that is broken.

    A click on `target` must change nothing that would move the target. `size` and `scale` are what the screenshot
    must have, where they are known.
    """
    first = await environment.reset(task)
    _check_form(first, size, scale)
    _require(first.error is None, f"a reset showed the error {first.error!r}")
    await _check_observe(environment, first)
    await _check_clicks(environment, target, landed)
    await _check_refusals(environment, first.screenshot.size, landed)
    await _check_quiet_actions(environment)
    await _check_facts(environment, target)
    if isinstance(environment, Recovers):
        await _check_recover(environment, size, scale)
    again = await environment.reset(task)
    _check_form(again, size, scale)
    _require(again.url == first.url, f"a second reset went to {again.url!r} instead of {first.url!r}")
    if close:
        await _check_close(environment)


def _check_form(observation: Observation, size: Size | None, scale: float | None) -> None:
    screenshot = observation.screenshot
    if size is not None:
        _require(screenshot.size == size, f"the screenshot is {screenshot.size}, not {size}")
    if scale is not None:
        _require(screenshot.scale == scale, f"the screenshot's scale is {screenshot.scale}, not {scale}")
    _require(int(np.ptp(screenshot.pixels)) > 0, "the screenshot is one flat colour")
    for element in observation.elements or ():
        inside = element.box.area > 0 and element.box == element.box.clip(screenshot.size)
        _require(inside, f"the element {element.name!r} is not on the screen")
    if observation.tabs:
        active = [tab for tab in observation.tabs if tab.active]
        _require(len(active) == 1, f"{len(active)} tabs are active, not one")
        _require(active[0].url == observation.url, "the active tab has another URL than the observation")


async def _check_observe(environment: Environment, first: Observation) -> None:
    one, two = await environment.observe(), await environment.observe()
    _require(one.screenshot.size == first.screenshot.size, "the size of the screenshot changed by looking")
    _require(one.screenshot.frame == two.screenshot.frame, "a still screen gave two different frames")
    _require(one.error is None, "looking reported an error")


async def _check_clicks(environment: Environment, target: Point, landed: Landed) -> None:
    for point in (target, Point(target.x + 0.5, target.y + 0.5)):
        after = await environment.step(Click(point=point))
        _require(after.error is None, f"a click on the target was refused: {after.error}")
        where = await landed()
        if where is None:
            _fail("a click on the target did not arrive")
        apart = max(abs(where.x - point.x), abs(where.y - point.y))
        _require(apart <= TOLERANCE_PX, f"a click on {point} landed {apart:.2f} px away, on {where}")


async def _check_refusals(environment: Environment, size: Size, landed: Landed) -> None:
    before = await landed()
    outside = (Point(-1, 5), Point(5, -0.5), Point(size.width, 5), Point(5, size.height + 1000))
    for point in outside:
        after = await environment.step(Click(point=point))
        _require(bool(after.error), f"a click on {point}, off the screen, was not refused")
    _require(await landed() == before, "a refused click arrived all the same")
    calm = await environment.observe()
    _require(calm.error is None, "the error of an action stayed after the next look")


async def _check_quiet_actions(environment: Environment) -> None:
    before = await environment.observe()
    quiet: tuple[Action, ...] = (CallTool(name="lookup"), Ask(question="Which one?"), Finish())
    for action in quiet:
        after = await environment.step(action)
        _require(after.error is None, f"{action.kind} is not for the environment, but was refused: {after.error}")
        _require(after.screenshot.frame == before.screenshot.frame, f"{action.kind} changed the screen")


async def _check_facts(environment: Environment, target: Point) -> None:
    facts = await environment.facts(Click(point=target))
    _require(facts.point == target, f"the facts of a click are about {facts.point}, not {target}")
    _require(isinstance(await environment.facts(Finish()), Facts), "an action without a place has no facts")  # pyright: ignore[reportUnnecessaryIsInstance]
    screen = (await environment.observe()).screenshot.size.box
    for box in await environment.sensitive_boxes():
        inside = screen.x1 <= box.x1 and screen.y1 <= box.y1 and box.x2 <= screen.x2 and box.y2 <= screen.y2
        _require(inside and box.area > 0, f"the sensitive {box} is not on the screen")


async def _check_recover(environment: Recovers, size: Size | None, scale: float | None) -> None:
    """Where nothing was lost; tests of the environment itself take it away."""
    one, two = await environment.recover(), await environment.recover()
    _check_form(one, size, scale)
    _require(one.url == two.url and one.error is None, "bringing back what was not lost changed the screen")


async def _check_close(environment: Environment) -> None:
    await environment.close()
    await environment.close()
    again = (environment.recover,) if isinstance(environment, Recovers) else ()
    for attempt in (environment.observe, lambda: environment.step(Finish()), *again):
        try:
            await attempt()
        except EnvironmentLost:
            continue
        _fail("a closed environment still answers")


def _require(kept: bool, sentence: str) -> None:
    if not kept:
        _fail(sentence)


def _fail(sentence: str) -> NoReturn:
    raise AssertionError(f"the environment breaks its contract: {sentence}")
