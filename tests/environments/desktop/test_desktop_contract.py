"""A desktop keeps the contract of all environments: on its whole screen, in a region, and in one window of it."""

import asyncio
import typing
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from clickwright.environments import DesktopEnvironment, RecordedBackend
from clickwright.environments.contract import check_environment
from clickwright.environments.desktop.view import Area, Monitor
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Box, Point, Size
from clickwright.tools import Click, Task

if typing.TYPE_CHECKING:
    from conftest import Desk

    New = Callable[..., Desk]

TASK = Task(goal="try")
SIZE = Size(1000, 700)
REGION = Box(250, 150, 850, 650)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "offset", "size"),
    [
        ({}, Point(0, 0), SIZE),
        ({"region": REGION}, Point(250, 150), Size(600, 500)),
        ({"window": "Targ"}, None, Size(400, 300)),
    ],
)
async def test_the_contract_is_kept(new_desk: "New", part: dict[str, object], offset: Point | None, size: Size) -> None:
    desk = new_desk(**part)
    environment = desk.environment
    first = await environment.reset(TASK)
    if offset is None:
        window = await environment.desktop.find("Target")
        offset = Point(window.x, window.y)

    async def landed() -> Point | None:
        where = await desk.landed()
        return None if where is None else Point(where.x - offset.x, where.y - offset.y)

    inside = next(seen for seen in first.windows if seen.title == "Target").box
    aim = Point(inside.x1 + 33, inside.y1 + 44)
    await check_environment(environment, TASK, target=aim, landed=landed, size=size, scale=1.0)
    with pytest.raises(EnvironmentLost, match="reset the environment first"):
        await environment.facts(Click(point=aim))
    assert environment.processes == ()


async def test_what_cannot_be_is_told() -> None:
    for wrong, reason in [
        ({"monitor": 1, "window": "x"}, "give one of them"),
        ({"app": "mousepad file"}, r"a list of words: \['mousepad', 'file'\]"),
        ({"virtual_display": SIZE, "display": ":1"}, "one of them"),
    ]:
        with pytest.raises(UsageError, match=reason):
            DesktopEnvironment(**wrong)
    monitor = Monitor(number=0, area=Area(left=0, top=0, width=1000, height=700), name="all", is_primary=True)
    for part, reason in [
        ({"monitor": 7}, "there is no monitor 7; this desktop has 1"),
        ({"region": Box(0, 0, 5000, 10)}, "is not on the desktop, which is 1000 x 700"),
        ({"app": ["no-such-program-here"]}, "there is no program 'no-such-program-here'"),
    ]:
        recorded = RecordedBackend([np.zeros((700, 1000, 3), np.uint8)], [monitor, replace(monitor, number=1)])
        with pytest.raises(UsageError, match=reason):
            await DesktopEnvironment(backend=recorded, **part).reset(TASK)


def test_one_environment_serves_several_event_loops(desk: "Desk") -> None:
    frames = {asyncio.run(desk.environment.observe()).screenshot.frame for _ in range(2)}
    assert len(frames) == 1


async def test_a_desktop_opens_no_url(desk: "Desk") -> None:
    with pytest.raises(UsageError, match="opens no URL"):
        await desk.environment.reset(Task(goal="go", start_url="https://example.org"))
