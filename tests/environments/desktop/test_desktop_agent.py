"""An agent on a desktop: its actions are judged by the window they would touch, and a person can stop it."""

import subprocess
import typing
from collections.abc import Sequence
from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.environments import DesktopEnvironment, VirtualDisplay
from clickwright.errors import Denied, EnvironmentLost
from clickwright.policies import Decision, ScriptedPolicy, Turn
from clickwright.screen import Observation, Point, Size
from clickwright.tools import Click, Finish, Navigate, TypeText

if typing.TYPE_CHECKING:
    from conftest import Desk

HERE = Click(point=Point(360, 280))


async def test_a_run_acts_and_notes_the_window(desk: "Desk", tmp_path: Path) -> None:
    policy = ScriptedPolicy([HERE, Navigate(url="https://example.org"), Finish(answer="done")])
    agent = Agent("try", policy=policy, environment=desk.environment, run_dir=tmp_path / "run", keep_open=True)
    result = await agent.arun()
    assert (result.status, result.answer) == ("success", "done")
    click, opened = result.steps[0].did[0], result.steps[1].did[0]
    assert (click.verdict, click.role, click.name, click.effect) == ("allowed", "window", "Target", "unchanged")
    assert (opened.effect, "a desktop has no navigate" in (opened.error or "")) == ("failed", True)
    assert [event["detail"] for event in desk.events() if event["is"] == "button"] == [1]


async def test_a_secret_is_not_typed_unasked(desk: "Desk", tmp_path: Path) -> None:
    """What a field shows is not known on a desktop, so that each counts as one that shows it."""
    agent = Agent(
        "try",
        policy=ScriptedPolicy([TypeText(secret="password"), Finish()]),
        environment=desk.environment,
        run_dir=tmp_path / "run",
        secrets={"password": "hunter2hunter2"},
        keep_open=True,
    )
    result = await agent.arun()
    assert result.stop == "denied"
    assert "would be typed into a field that shows it" in result.reason
    assert [event for event in desk.events() if event["is"] == "key"] == []


class Interrupted(ScriptedPolicy):
    """A person moves the pointer while the second action is decided."""

    display: VirtualDisplay

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        if history:
            subprocess.run(["xdotool", "mousemove", "0", "0"], env=self.display.environment(), check=True)
        return super().act(observation, history)


async def test_a_person_stops_the_agent(tmp_path: Path) -> None:
    policy = Interrupted([HERE, HERE, Finish()])
    with VirtualDisplay(Size(800, 600)) as policy.display:
        environment = DesktopEnvironment(display=policy.display.name)
        agent = Agent("try", policy=policy, environment=environment, run_dir=tmp_path / "run")
        with pytest.raises(Denied, match="a person moved the pointer into the top left corner of the screen"):
            await agent.arun()
    with pytest.raises(EnvironmentLost, match="reset the environment first"):
        await environment.observe()
