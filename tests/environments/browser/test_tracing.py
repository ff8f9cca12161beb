"""Playwright's own trace: it is written where it is asked for, never with a secret, and stands in nobody's way."""

import stat
import zipfile
from pathlib import Path

import pytest
from clickwright.agent import Agent
from clickwright.environments import BrowserEnvironment, BrowserOptions
from clickwright.errors import UsageError
from clickwright.policies import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click, Finish, Task

PAGE = "data:text/html,<title>Here</title><button style='margin:0' onclick='this.textContent=`Gone`'>Go there</button>"


def names(path: Path) -> set[str]:
    with zipfile.ZipFile(path) as trace:
        return {Path(name).suffix for name in trace.namelist()}


async def test_each_context_leaves_its_trace_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "traces" / "trace.zip"
    environment = BrowserEnvironment(options=BrowserOptions(trace=path))
    agent = Agent(
        Task(goal="press", start_url=PAGE),
        policy=ScriptedPolicy([[Click(point=Point(40, 18)), Finish()]]),
        environment=environment,
        run_dir=tmp_path / "run",
        keep_open=True,
    )
    result = await agent.arun()
    step = result.steps[0]
    assert (result.status, step.did[0].effect) == ("success", "changed")
    assert step.left is not None
    assert 0 < step.left.capture_s < step.did[0].seconds
    await environment.reset(Task(goal="again", start_url=PAGE))
    await environment.close()
    for written in (path, path.with_name("trace-2.zip")):
        assert {".trace", ".network", ".jpeg"} <= names(written)
        assert stat.S_IMODE(written.stat().st_mode) == 0o600


def test_no_trace_is_kept_of_a_secret(tmp_path: Path) -> None:
    traced = BrowserEnvironment(options=BrowserOptions(trace=tmp_path / "trace.zip"))
    with pytest.raises(UsageError, match="would hold the values of the secrets"):
        Agent("enter", policy=ScriptedPolicy([]), environment=traced, secrets={"door": "12345678"})
    with pytest.raises(UsageError, match="cookies of storage_state"):
        BrowserOptions(trace=tmp_path / "trace.zip", storage_state=tmp_path / "state.json")
