"""What goes wrong with all that a run stands on but browsers: the display, the disk, the model, the clock, the process.

Each is made to happen in a folder of its own, to a run in a world in memory unless it is about something else; what was
told of it is read, and what was done is looked at in the world. AssertionError where it was not stood.
"""

import asyncio
import signal
import time
import warnings
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Self
from unittest import mock

import numpy as np
import psutil
import torch
from torch import Tensor, nn

from ...agent import Agent, Patience, read_run
from ...agent.record.folder import JOURNAL, STEPS, RunFolder
from ...environments import DesktopEnvironment, MemoryEnvironment, MemoryItem, MemoryPage
from ...errors import BadModelOutput, ClickwrightError, EnvironmentLost, ModelUnavailable
from ...model import Conversation, Decoding, Message, Picture, load_model
from ...policies import ScriptedPolicy
from ...screen import Box, Observation, Point, Size
from ...tools import Action, Click, Finish, Limits, Task
from .. import ends, kills
from .room import full_folder

BUTTON = Box(20, 20, 100, 50)
GO = Click(point=BUTTON.center)
PAGES = 6
KILLS = 6
RUNS = 30
CLOCKS = ("agent.agent", "agent.approvals", "agent.asking", "agent.nodes.review", "agent.record.trace")
"""Where the loop asks what time it is."""


def world(kind: type[MemoryEnvironment] = MemoryEnvironment) -> MemoryEnvironment:
    """Pages with one button each, which leads to the next."""
    pages = (
        MemoryPage(
            name=str(n),
            background=f"#{n}0{n}0ff",
            items=(MemoryItem(name="Next", box=BUTTON, leads_to=str(min(n + 1, PAGES))),),
        )
        for n in range(PAGES + 1)
    )
    return kind(pages, size=Size(320, 180))


def agent_of(
    script: Iterable[Action | Sequence[Action] | Exception],
    folder: Path,
    environment: MemoryEnvironment | None = None,
    limits: Limits | None = None,
) -> Agent:
    return Agent(
        Task(goal="go on", limits=limits or Limits()),
        policy=ScriptedPolicy(script),
        environment=environment or world(),
        run_dir=folder,
        patience=Patience(first_s=0.02),
    )


def require(holds: bool, otherwise: object) -> None:
    if not holds:
        raise AssertionError(str(otherwise))


async def refused(agent: Agent) -> str:
    """The one sentence with which a run ends that cannot go on."""
    try:
        result = await agent.arun()
    except ClickwrightError as error:
        require("\n" not in str(error), error)
        return str(error)
    raise AssertionError(f"it went on: {result.reason}")


async def display_is_lost(folder: Path) -> str:
    """Xvfb is killed under a desktop, which is noticed, and started anew by a reset."""
    environment = DesktopEnvironment((), virtual_display=Size(640, 480), deadline_s=5.0)
    task = Task(goal="look")
    try:
        await environment.reset(task)
        display = environment.virtual_display
        family = [] if display is None else psutil.Process(display.pids[0]).children(recursive=True)
        (server,) = (one for one in family if one.name() == "Xvfb")
        server.kill()
        told = await _until_lost(environment)
        again = await environment.reset(task)
        require(again.error is None, again.error)
    finally:
        await environment.close()
    return f"{told}; started again"


async def _until_lost(environment: DesktopEnvironment) -> str:
    for _ in range(100):
        try:
            await environment.step(Click(point=Point(300, 300)))
        except EnvironmentLost as lost:
            return str(lost)
    raise AssertionError("nobody noticed that the display is gone")


async def disk_is_full(folder: Path) -> str:
    """No room for an intent: nothing is done."""
    environment = world()
    with full_folder() as full:
        if full.parent.is_dir():
            full.joinpath("room for a folder and little else").write_bytes(bytes(56_000))
        told = await refused(agent_of([GO] * 9, full / "run", environment))
    require(not environment.actions, f"{len(environment.actions)} actions were done that are written nowhere")
    return told.replace(str(full), "...")


class _Scarce(nn.Module):
    """A vision tower on a GPU that has memory for so many patches."""

    def __init__(self, tower: nn.Module, most: int) -> None:
        super().__init__()
        self.tower, self.most = tower, most

    def forward(self, patches: Tensor, grids: object) -> Tensor:
        if patches.shape[0] > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.tower(patches, grids)


async def memory_of_the_gpu_is_full(folder: Path) -> str:
    """A picture is read at half its pixels; where that does not fit either it is one sentence."""
    return await asyncio.to_thread(_ask_without_memory)


def _ask_without_memory() -> str:
    model = load_model("clickwright/mini", device="cpu")
    asked = Conversation(messages=(Message("user", (Picture(np.zeros((280, 560, 3), np.uint8)), "Where?")),))
    once, network = Decoding(max_new_tokens=1), model.network.model
    tower = _Scarce(network.visual, 4 * model.generate(asked, once).visual_tokens - 1)
    with warnings.catch_warnings(record=True) as told, mock.patch.object(network, "visual", tower):
        warnings.simplefilter("always")
        model.forget()
        require(model.generate(asked, once).is_halved and len(told) == 1, f"told {len(told)} times")
        tower.most = 0
        model.forget()
        try:
            model.generate(asked, once)
        except ModelUnavailable as error:
            return f"{told[0].message}; then: {error}"
    raise AssertionError("a model answered without any memory")


async def model_writes_nonsense(folder: Path) -> str:
    """After some answers that cannot be read the run ends, with what was written kept."""
    nonsense = [BadModelOutput(f"this is no action: {n}", raw=f"nonsense {n}") for n in range(20)]
    result = await agent_of(nonsense, folder).arun()
    written = [step.decided.raw for step in read_run(folder).steps if step.decided is not None]
    require(result.stop == "bad_outputs", result.reason)
    require(written == [f"nonsense {n}" for n in range(len(written))] and len(written) == 3, written)
    return result.reason


async def model_server_is_down(folder: Path) -> str:
    """It is waited for, and the run goes on as if nothing had been."""
    down = [ModelUnavailable("the server is overloaded", is_passing=True)] * 3
    result = await agent_of([GO, *down, GO, Finish()], folder).arun()
    require(result.status == "success" and len(result.steps) == 3, result.reason)
    return "waited for three times; the task was done"


async def process_is_killed(folder: Path) -> str:
    """By SIGKILL at moments spread over a run, several times each: nothing is lost, nothing is done twice."""
    runs = await asyncio.to_thread(partial(kills.killed, "asked", folder, KILLS, 1))
    ended, gone, twice = sum(map(kills.has_ended, runs)), sum(map(kills.lost, runs)), sum(map(kills.doubled, runs))
    told = f"{sum(run['kills'] for run in runs)} kills: {ended} of {len(runs)} ended, {gone} lost, {twice} done twice"
    require((ended, gone, twice) == (len(runs), 0, 0), told)
    return told


async def record_is_damaged(folder: Path) -> str:
    """A torn line is set aside, and the run goes on; a journal that says what cannot be ends it, and stays as it is."""
    environment = world()
    await _one_step(folder, environment)
    steps, journal = folder / STEPS, folder / JOURNAL
    steps.write_bytes(steps.read_bytes() + b'{"number": 2, "garb')
    agent = Agent.resume(folder, policy=ScriptedPolicy([GO, Finish()]), environment=environment)
    result = await agent.arun()
    require(result.status == "success" and len(environment.actions) == 2, result.reason)
    (told,) = agent.repairs
    lines = b'{"mark": "done"}\n' + journal.read_bytes()
    journal.write_bytes(lines)
    with_more = Agent.resume(folder, policy=ScriptedPolicy([GO]), environment=environment, limits=Limits(steps=99))
    stopped = await refused(with_more)
    require(journal.read_bytes() == lines and len(environment.actions) == 2, "a damaged journal was gone on with")
    return f"{told}; {stopped}".replace(str(folder), "...")


async def _one_step(folder: Path, environment: MemoryEnvironment) -> None:
    agent = agent_of([GO] * 9, folder, environment)
    async for _ in agent.astream():
        agent.stop()


async def folder_is_taken(folder: Path) -> str:
    """By another run that is not over."""
    environment = world()
    with RunFolder(folder).locked():
        told = await refused(agent_of([GO], folder, environment))
    require(not environment.actions, "two runs acted in one folder")
    return told.replace(str(folder), "...")


async def person_interrupts(folder: Path) -> str:
    """By Ctrl-C, and by SIGTERM, in the middle of an action of a minute: the browser is gone within 5 s."""
    signals = (signal.SIGINT, signal.SIGTERM)
    found = await asyncio.gather(*(asyncio.to_thread(partial(ends.ended, one, seconds=60)) for one in signals))
    for end, code in zip(found, ends.CODES[: len(signals)], strict=True):
        require(end.code == code and end.seconds < ends.BAR_S and not end.left, end)
    return ", ".join(f"exit code {end.code} after {end.seconds:.1f} s" for end in found)


class _Jumps(datetime):
    """A clock that is set a day back, a day forward and back again, each time that it is read."""

    reads = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        cls.reads += 1
        real = datetime.now(tz) + timedelta(days=(0, -1, 1)[cls.reads % 3])
        return cls.fromtimestamp(real.timestamp(), tz)


async def clock_is_set(folder: Path) -> str:
    """No limit is reached by it, and the steps stay in their order."""
    package = __name__.split(".", maxsplit=1)[0]
    before, began = _Jumps.reads, time.monotonic()
    with ExitStack() as clocks:
        for module in CLOCKS:
            clocks.enter_context(mock.patch(f"{package}.{module}.datetime", _Jumps))
        result = await agent_of([*[GO] * 4, Finish()], folder, limits=Limits(seconds=600)).arun()
    steps = read_run(folder).steps
    require(result.status == "success" and [step.number for step in steps] == [1, 2, 3, 4, 5], result.reason)
    require(all(0 <= step.seconds <= time.monotonic() - began for step in steps), "a step took a day")
    return f"read {_Jumps.reads - before} times, each one or two days from the last; the task was done"


async def runs_leave_nothing(folder: Path) -> str:
    """Many runs in one process: no open file, process or task is left of any."""
    await _run_often(folder / "first", 2)  # these start what the process keeps
    before = _held()
    await _run_often(folder / "others", RUNS)
    after = _held()
    require(all(now <= then for now, then in zip(after, before, strict=True)), f"{before} became {after}")
    return f"open files, processes and tasks after 2 runs and after {RUNS} more: {before} and {after}"


async def _run_often(folder: Path, times: int) -> None:
    for n in range(times):
        await agent_of([GO, Finish()], folder / str(n)).arun()


def _held() -> tuple[int, int, int]:
    own = psutil.Process()
    return own.num_fds(), len(own.children(recursive=True)), len(asyncio.all_tasks())


class _Unseen(MemoryEnvironment):
    """Does the second action, and then has no picture of what came of it."""

    async def step(self, action: Action) -> Observation:
        seen = await super().step(action)
        if len(self.actions) == 2:
            raise EnvironmentLost("no picture came")
        return seen


async def picture_fails_after_an_action(folder: Path) -> str:
    """What was done is found out by looking again, and not done twice."""
    environment = world(_Unseen)
    result = await agent_of([GO, GO, GO, Finish()], folder, environment).arun()
    require(result.status == "success" and len(environment.actions) == 3, (result.reason, environment.actions))
    effects = [did.effect for step in result.steps for did in step.did]
    return f"what became of the actions: {', '.join(effects)}"


OF_THE_LOOP: tuple[tuple[str, Callable[[Path], Awaitable[str]]], ...] = (
    ("The display of a desktop is killed.", display_is_lost),
    ("The disk with the run's folder is full.", disk_is_full),
    ("The memory of the GPU does not do for a picture.", memory_of_the_gpu_is_full),
    ("The model writes nothing but nonsense.", model_writes_nonsense),
    ("The process is killed at any moment, again and again.", process_is_killed),
    ("The record of a run is damaged.", record_is_damaged),
    ("Another run works in the same folder.", folder_is_taken),
    ("Ctrl-C or SIGTERM comes in the middle of an action.", person_interrupts),
    ("The clock is set a day forward and back while a run goes on.", clock_is_set),
    ("Run after run in one process.", runs_leave_nothing),
    ("An action is done, and no picture comes of it.", picture_fails_after_an_action),
    ("The model's server is down for a while.", model_server_is_down),
)
"""Each in one sentence, and how it is made to happen."""
