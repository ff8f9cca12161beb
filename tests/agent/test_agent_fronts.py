"""The three ways to run: run(), arun(), astream(); in a running loop, cancelled, and interrupted by signals."""

import asyncio
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from clickwright.agent import Agent, read_run
from clickwright.agent.record.folder import RunFolder
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.policies.policy import Decision, Turn
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Finish

Make = Callable[..., Agent]

NEXT = Click(point=Point(60, 35))


def test_run_without_a_loop(make: Make) -> None:
    assert make([NEXT, Finish()]).run().status == "success"


async def test_run_inside_a_running_loop(make: Make) -> None:
    assert make([NEXT, Finish()]).run().status == "success"


async def test_arun_tells_each_step(make: Make) -> None:
    numbers: list[int] = []
    result = await make([NEXT, NEXT, Finish()]).arun(on_step=lambda step: numbers.append(step.number))
    assert result.status == "success"
    assert numbers == [1, 2, 3]


async def test_astream_yields_a_step_when_it_is_on_disk(make: Make) -> None:
    agent = make([NEXT, NEXT, Finish()])
    async for step in agent.astream():
        assert read_run(agent.run_dir).steps[-1] == step


async def test_leaving_the_stream_early_closes_the_environment_and_gives_the_folder_free(
    make: Make, shop: MemoryEnvironment
) -> None:
    agent = make([NEXT, NEXT, Finish()])
    stream = agent.astream()
    async for _ in stream:
        break
    await stream.aclose()
    assert shop.closed == 1
    more = Agent.resume(agent.run_dir, policy=ScriptedPolicy([Finish()]), environment=shop)
    assert (await more.arun()).status == "success"


async def test_keep_open(make: Make, shop: MemoryEnvironment) -> None:
    await make([NEXT, Finish()], keep_open=True).arun()
    assert shop.closed == 0
    assert shop.page == "second"


class Slow(ScriptedPolicy):
    """Says when it thinks, and thinks until it is told to go on."""

    def __init__(self, script: list[Click | Finish]) -> None:
        super().__init__(script)
        self.thinks = threading.Event()
        self.may_go_on = threading.Event()

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        self.thinks.set()
        assert self.may_go_on.wait(10)
        return super().act(observation, history)


async def test_cancelling_arun_begins_no_further_action(make: Make, shop: MemoryEnvironment) -> None:
    policy = Slow([NEXT, Finish()])
    work = asyncio.create_task(make([], policy=policy).arun())
    await asyncio.to_thread(policy.thinks.wait, 10)
    work.cancel()
    await asyncio.sleep(0.05)
    policy.may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert shop.actions == []
    assert shop.closed == 1


async def test_stop_ends_after_the_step_and_the_run_can_be_resumed(make: Make, shop: MemoryEnvironment) -> None:
    agent = make([NEXT, NEXT, Finish()])
    result = await agent.arun(on_step=lambda step: agent.stop())
    assert (result.status, result.stop, len(result.steps)) == ("stopped", "interrupted", 1)
    resumed = Agent.resume(agent.run_dir, policy=ScriptedPolicy([NEXT, Finish()]), environment=shop)
    result = await resumed.arun()
    assert result.status == "success"
    assert [step.number for step in result.steps] == [1, 2, 3]


_SIGNALLED = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
from conftest import PAGES
from clickwright.agent import Agent
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.screen import Point
from clickwright.tools import Click

class Slow(MemoryEnvironment):
    async def step(self, action):
        print("acting", flush=True)
        time.sleep(0.5)
        return await super().step(action)
    async def close(self):
        print("closed", flush=True)

click = Click(point=Point(60, 35))
Agent("x", policy=ScriptedPolicy([click] * 9), environment=Slow(PAGES), run_dir=sys.argv[1]).run()
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, -signal.SIGINT), (signal.SIGTERM, 128 + signal.SIGTERM)])
def test_a_signal_finishes_the_action_and_closes_the_environment(tmp_path: Path, number: int, code: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SIGNALLED, str(tmp_path / "run")],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "acting\n"
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert rest == "closed\n"
    assert process.returncode == code, errors
    found = read_run(tmp_path / "run")
    assert [step.did[0].effect for step in found.steps] == ["changed"]
    assert found.outcome is None


_THINKING = """
import signal, sys, threading
signal.signal(signal.SIGINT, signal.default_int_handler)
from conftest import PAGES
from clickwright.agent import Agent
from clickwright.environments.memory.environment import MemoryEnvironment
from clickwright.exits import leave
from clickwright.policies.scripted import ScriptedPolicy
from clickwright.running import follow
from clickwright.terminal import make_console

class Thinks(ScriptedPolicy):
    def act(self, observation, history):
        print("thinking", flush=True)
        threading.Event().wait(120)
        raise AssertionError

agent = Agent("x", policy=Thinks([]), environment=MemoryEnvironment(PAGES), run_dir=sys.argv[1])
try:
    sys.exit(follow(agent, make_console()))
except SystemExit as ended:
    leave(ended)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of Unix")
def test_a_model_that_is_still_thinking_is_not_waited_for(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _THINKING, str(tmp_path / "run")],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "thinking\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)  # 4 s on a machine of its own
    assert process.returncode == 130, errors
    assert read_run(tmp_path / "run").steps == ()
    assert RunFolder(tmp_path / "run").is_used
