"""What a picture shows of a password: nothing in the stored one, and nothing to read in the one that a policy sees."""

from pathlib import Path

import numpy as np
import pytest
from clickwright.agent import Agent, Permissions
from clickwright.environments import BrowserEnvironment
from clickwright.policies import ScriptedPolicy
from clickwright.reliability.web import Web
from clickwright.screen import Box, Pixels, Point, Size, read_image
from clickwright.screen.mask import MASK_GREY, MASK_MARGIN_PX
from clickwright.tools import Action, Click, Finish, Press, Task, TypeText

PAGE = """<style>body { margin: 0; background: #fff }</style>
<input type=password id=p style='position:absolute;left:20.5px;top:30px;width:200px;height:30px'>
<button style='position:absolute;left:20px;top:100px;width:200px;height:30px' onclick="p.type='text'">Show</button>
<input id=n style='position:absolute;left:20px;top:160px;width:200px;height:30px'>"""
AREA = Box(20.5, 30, 228.5, 66)
"""Of the field, with its border and padding, in CSS pixels."""
FIELD, SHOW, NOTE = Point(100, 45), Point(100, 115), Point(100, 175)


def inside(scale: float, margin: float) -> tuple[slice, slice]:
    box = AREA.scale(scale, scale).grow(margin)
    return slice(int(np.floor(box.y1)), int(np.ceil(box.y2))), slice(int(np.floor(box.x1)), int(np.ceil(box.x2)))


async def run(tmp_path: Path, scale: float, *actions: Action) -> tuple[list[Pixels], list[Pixels], str]:
    """What was stored of the screen after each action, what the policy saw then, and what the last field held."""
    places = [
        a.model_copy(update={"point": a.point.scale(scale, scale)}) if isinstance(a, Click) else a for a in actions
    ]
    policy = ScriptedPolicy([*places, Finish()])
    environment = BrowserEnvironment(viewport=Size(320, 240), device_scale=scale)
    async with Web() as web:
        agent = Agent(
            Task(goal="Sign in.", start_url=web.put(PAGE)),
            policy=policy,
            environment=environment,
            run_dir=tmp_path / "run",
            secrets={"door": "WWWWWWWW"},
            permissions=Permissions(origins=(web.url("").rstrip("/"),)),
            keep_open=True,
        )
        result = await agent.arun()
        held = str(await environment.window.active.page.evaluate("n.value"))
        await environment.close()
    assert result.status == "success", result.reason
    frames = [step.saw.frame for step in result.steps]
    stored = [read_image(result.run_dir / "frames" / f"{frame}.png").pixels for frame in frames]
    return stored, [seen.screenshot.pixels for seen in policy.seen], held


@pytest.mark.parametrize("scale", [1.0, 2.0])
async def test_a_password_is_masked_to_the_pixel(tmp_path: Path, scale: float) -> None:
    typed = (Click(point=FIELD), TypeText(secret="door"))
    stored, seen, _ = await run(tmp_path, scale, *typed, Click(point=SHOW), Click(point=NOTE))
    masked, field = inside(scale, MASK_MARGIN_PX), inside(scale, 0)
    for kept, shown in zip(stored, seen, strict=True):
        assert (kept[masked] == MASK_GREY).all()
        rest = np.ones(kept.shape[:2], bool)
        rest[masked] = False
        assert (kept[rest] == shown[rest]).all()
    for shown in seen[:3]:  # an empty field, and dots
        assert len(np.unique(shown[field].reshape(-1, 3), axis=0)) > 1
    for shown in seen[3:]:  # it can be read
        assert (shown[field] == MASK_GREY).all()


async def test_a_password_that_can_be_read_is_not_copied(tmp_path: Path) -> None:
    typed = (Click(point=FIELD), TypeText(secret="door"), Click(point=SHOW), Click(point=FIELD, count=3))
    copied = (Press(keys=("Control", "c")), Click(point=NOTE), Press(keys=("Control", "v")), TypeText(text="x"))
    *_, held = await run(tmp_path, 1.0, *typed, *copied)
    assert "W" not in held
    assert held.endswith("x")
