"""One episode, played by the agent's own loop, and what it came to."""

import asyncio
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...agent import Agent, Permissions, Result, Step
from ...errors import ActionFailed, Denied, EnvironmentLost, ModelUnavailable
from ...policies import Decision, Policy, Turn
from ...screen import Observation
from ...tools import Finish, Limits, Task
from ..players import PolicyOf
from ..row import ErrorClass, Key, Row
from ..suite import Scored
from ..worker.link import NoPlace, WorkerGone
from ..worker.remote import RemoteEnvironment, RemoteStage

Keep = Literal["none", "failed", "all"]
"""Which trajectories are kept."""
TRAJECTORIES = "trajectories"
GRACE_S = 60.0
"""After the seconds that a task may take, until its worker is killed."""
UNLIMITED = Limits(
    steps=1000, repeats=1000, fruitless=1000, insists=1000, seconds=3600, tokens=10**9, bad_outputs_in_all=1000
)
"""Of a player that has its actions from the suite: nothing of it is stuck, and nothing of it costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How episodes are played. None leaves the limit of the suite."""

    folder: Path
    keep: Keep = "none"
    max_steps: int | None = None
    max_seconds: float | None = None
    model: str = ""
    """The name that goes into the record of each episode."""
    is_limited: bool = True

    def limits(self, task: Task) -> Limits:
        """What an episode of this task may take."""
        if not self.is_limited:
            return UNLIMITED
        told = {"steps": self.max_steps, "seconds": self.max_seconds}
        return task.limits.model_copy(update={name: value for name, value in told.items() if value is not None})


class UntilOver:
    """Another policy, until the episode has ended by itself: then nothing is left to decide."""

    def __init__(self, policy: Policy, environment: RemoteEnvironment) -> None:
        self._policy, self._environment = policy, environment

    def reset(self, task: Task) -> None:
        self._policy.reset(task)

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        if self._environment.is_over:
            return Decision(actions=(Finish(status="success"),), frame=observation.screenshot.frame)
        return self._policy.act(observation, history)


async def play(stage: RemoteStage, policy_of: PolicyOf, key: Key, rules: Rules) -> Row:
    """The row of one attempt. Raises UsageError where the suite or the player was not set up rightly, and NoPlace.

    What broke on the way is an error of the row, and its worker is not used again.
    """
    began, setup_s = time.perf_counter(), 0.0
    run_dir = rules.folder / TRAJECTORIES / _folder_name(key)
    shutil.rmtree(run_dir, ignore_errors=True)
    row = Row(task=key.task, seed=key.seed, repeat=key.repeat)
    try:
        task = await stage.begin(key)
        setup_s = time.perf_counter() - began
        limits = rules.limits(task)
        async with asyncio.timeout(limits.seconds + GRACE_S):
            result = await _run(stage, policy_of(key), task.model_copy(update={"limits": limits}), run_dir, rules)
        row = await _scored(stage, row, result)
    except TimeoutError:
        row = await _broken(stage, row, "timeout", "the episode went on after its time, and its worker was killed")
    except NoPlace:
        raise
    except WorkerGone as error:
        row = await _broken(stage, row, "worker", str(error))
    except (EnvironmentLost, ActionFailed, Denied) as error:  # the last two outside of the agent, which knows them
        row = await _broken(stage, row, "environment", str(error))
    except ModelUnavailable as error:
        row = await _broken(stage, row, "model", str(error))
    seconds = {"total": time.perf_counter() - began, "setup": setup_s, **row.seconds}
    return _kept(row, run_dir, rules, {name: round(value, 4) for name, value in seconds.items()})


async def _run(stage: RemoteStage, policy: Policy, task: Task, run_dir: Path, rules: Rules) -> Result:
    agent = Agent(
        task,
        policy=UntilOver(policy, stage.environment),
        environment=stage.environment,
        run_dir=run_dir,
        permissions=Permissions(ask=frozenset(), private="any"),  # the world is made for the episode, ends with it
        unconfined=True,  # whoever runs a suite has chosen where its tasks go
        model=rules.model,
        facts=False,
    )
    return await agent.arun()


async def _scored(stage: RemoteStage, row: Row, result: Result) -> Row:
    if result.stop == "in_doubt":
        raise EnvironmentLost(result.reason)  # the screen was lost in the middle of an action: that is nobody's answer
    began, is_over = time.perf_counter(), stage.environment.is_over
    said = Finish(status=result.status, answer=result.answer) if result.status in ("success", "failure") else None
    scored = await stage.score(None if is_over else said)
    seconds = {**_seconds(result.steps), "score": time.perf_counter() - began}
    return row.model_copy(update=_of_run(result) | _of_score(scored, result, is_over) | {"seconds": seconds})


def _of_score(scored: Scored, result: Result, is_over: bool) -> dict[str, object]:
    ended = "over" if is_over else (result.stop or result.status)
    return {
        "score": scored.score,
        "success": scored.success,
        "reward": scored.reward,
        "metrics": dict(scored.metrics),
        "ended": ended,
        "reason": scored.reason or ("" if is_over or scored.success else result.reason),
    }


def _of_run(result: Result) -> dict[str, object]:
    decided = [step.decided for step in result.steps if step.decided is not None]
    sure = [one.confidence for one in decided if one.confidence is not None]
    return {
        "steps": sum(bool(step.did) for step in result.steps),
        "prompt_tokens": sum(one.prompt_tokens for one in decided),
        "visual_tokens": sum(one.visual_tokens for one in decided),
        "new_tokens": sum(one.new_tokens for one in decided),
        "bad_outputs": sum(step.is_bad_output for step in result.steps),
        "confidence": min(sure, default=None),
    }


def _seconds(steps: Sequence[Step]) -> dict[str, float]:
    """The parts of a run."""
    timings = [step.decided.timing for step in steps if step.decided is not None]
    return {
        "capture": sum(step.saw.capture_s for step in steps),
        "decide": sum(one.decide_s for one in timings),
        "process": sum(one.process_s for one in timings),
        "vision": sum(one.vision_s for one in timings),
        "prefill": sum(one.prefill_s for one in timings),
        "decode": sum(one.decode_s for one in timings),
        "act": sum(did.seconds for step in steps for did in step.did),
    }


async def _broken(stage: RemoteStage, row: Row, error: ErrorClass, reason: str) -> Row:
    """The row of an attempt that something else broke. Half an episode is left behind: its worker goes with it."""
    with suppress(EnvironmentLost):
        await stage.link.kill()
    return row.model_copy(update={"error": error, "ended": "error", "reason": reason})


def _kept(row: Row, run_dir: Path, rules: Rules, seconds: Mapping[str, float]) -> Row:
    """The row with what it took, and with its trajectory where that is kept."""
    row = row.model_copy(update={"seconds": dict(seconds)})
    if rules.keep == "all" or (rules.keep == "failed" and not row.success):
        if run_dir.is_dir():
            return row.model_copy(update={"trajectory": str(run_dir.relative_to(rules.folder))})
    else:
        shutil.rmtree(run_dir, ignore_errors=True)
    return row


def _folder_name(key: Key) -> str:
    name = "".join(letter if letter.isalnum() or letter in "-_.@" else "_" for letter in key.task).lstrip(".")
    return f"{name}-seed{key.seed}" + (f"-repeat{key.repeat}" if key.repeat else "")
