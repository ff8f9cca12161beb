"""The agent: a task, a policy and an environment, run to an end. An async core with a synchronous front."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Protocol, Self, runtime_checkable

from pydantic import BaseModel

from ..environments.environment import Confines, Environment, Traces
from ..errors import ClickwrightError, Denied, ModelUnavailable, UsageError
from ..policies.policy import Policy
from ..tools import Task, Tool, toolbox
from .forms import read_answer
from .front import in_own_thread
from .permissions import Permissions
from .plans import plan_of
from .record.folder import JOURNAL, RunFolder, new_run_dir
from .record.journal import Journal
from .record.trace import Outcome, RunInfo, Status, Step, Stop
from .run import Approver, Run, stopped
from .secrets import Secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended, and where everything about it is."""

    status: Status
    reason: str
    run_dir: Path
    steps: tuple[Step, ...]
    answer: str = ""
    output: BaseModel | None = None
    """The answer as the class that the agent was given for it; None where it was given none, or the run failed."""
    stop: Stop | None = None

    BUDGET_OR_INCONCLUSIVE: ClassVar[int] = 5

    @property
    def exit_code(self) -> int:
        """What a command line ends with: 0 done, 1 not done, 3 the model, 5 a limit or no answer, 6 denied."""
        match self.status, self.stop:
            case "success", _:
                return 0
            case "failure", _:
                return 1
            case _, "denied":
                return Denied.exit_code
            case _, "bad_outputs":
                return ModelUnavailable.exit_code
            case _:
                return self.BUDGET_OR_INCONCLUSIVE


@runtime_checkable
class _HasTools(Protocol):
    @property
    def tools(self) -> Mapping[str, Tool]: ...


@runtime_checkable
class _Named(Protocol):
    @property
    def name(self) -> str: ...


@runtime_checkable
class _HasModel(Protocol):
    @property
    def model(self) -> object: ...


class Agent:
    """Runs one task in one run folder. The environment is closed at the end unless `keep_open`.

    `secrets` are typed where an action names them and are shown to nobody. Without an `approver` nothing that needs
    the user's permission is done. Tools are those of the policy unless others are given. Where no `permissions` are
    given, the run may do what a task needs on the origin where it starts. With `output`, the answer must be of that
    form: one that is not is given back to the policy with what is wrong, and `Result.output` is the value.

    A browser connects only to what the permissions allow, whatever its pages ask for. One that was started elsewhere
    cannot be kept to that: a UsageError, unless `unconfined`.
    """

    def __init__(
        self,
        task: Task | str,
        *,
        policy: Policy,
        environment: Environment,
        run_dir: Path | str | None = None,
        approver: Approver | None = None,
        permissions: Permissions | None = None,
        tools: Iterable[Tool | Callable[..., object]] | None = None,
        secrets: Mapping[str, str] | None = None,
        model: str = "",
        output: type[BaseModel] | None = None,
        keep_open: bool = False,
        unconfined: bool = False,
    ) -> None:
        self.task = Task(goal=task) if isinstance(task, str) else task
        self.folder = RunFolder(new_run_dir() if run_dir is None else Path(run_dir))
        self._policy = policy
        self._environment = environment
        self._approver = approver
        self._permissions = permissions
        if secrets and isinstance(environment, Traces) and environment.keeps_trace:
            raise UsageError("Playwright's trace would hold the values of the secrets: leave one of them out")
        self._secrets = Secrets(secrets)
        self._secrets.require_absent(self.task.model_dump_json(), "the task")
        self._tools = toolbox(tools) if tools is not None else _tools_of(policy)
        self._model = model or _model_of(policy)
        self._output = output
        self._keep_open = keep_open
        self._is_unconfined = unconfined
        self._resumes = False
        self._run: Run | None = None
        self._is_stopping = False

    @classmethod
    def resume(
        cls,
        run_dir: Path | str,
        *,
        policy: Policy,
        environment: Environment,
        approver: Approver | None = None,
        tools: Iterable[Tool | Callable[..., object]] | None = None,
        secrets: Mapping[str, str] | None = None,
        output: type[BaseModel] | None = None,
        keep_open: bool = False,
        unconfined: bool = False,
    ) -> Self:
        """An agent that goes on with an interrupted run, under the permissions that it had.

        Raises UsageError when the folder holds no run, or one whose run.json cannot be read.
        """
        found = RunFolder(Path(run_dir)).read()
        if found.info is None:
            raise UsageError(f"the run in {run_dir} cannot be resumed: {found.warnings[0]}")
        agent = cls(
            found.info.task,
            policy=policy,
            environment=environment,
            run_dir=run_dir,
            approver=approver,
            permissions=found.info.permissions,
            tools=tools,
            secrets=secrets,
            model=found.info.model,
            output=output,
            keep_open=keep_open,
            unconfined=unconfined,
        )
        agent._resumes = True
        return agent

    @property
    def run_dir(self) -> Path:
        return self.folder.path

    def stop(self) -> None:
        """Ask for an end after the action that has begun. May be called from any thread; the run can be resumed."""
        self._is_stopping = True
        if self._run is not None:
            self._run.is_stopping = True

    def run(self, *, on_step: Callable[[Step], None] | None = None) -> Result:
        """Run to the end in a thread of its own, so that it works in notebooks and inside event loops too.

        Ctrl-C and SIGTERM finish the action that has begun, close the environment and are then raised; the second
        one stops at once. Raises EnvironmentLost and ModelUnavailable when these cannot go on.
        """
        return in_own_thread(lambda: self._to_end(on_step), self.stop)

    async def arun(self, *, on_step: Callable[[Step], None] | None = None) -> Result:
        """Run to the end. When cancelled, finishes the action that has begun; a second time, stops at once."""
        work = asyncio.ensure_future(self._to_end(on_step))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self.stop()
            if not work.done():
                await work
            raise

    async def astream(self) -> AsyncGenerator[Step]:
        """The steps, each as soon as it is on disk. Leaving the loop early closes the environment."""
        with self.folder.locked():
            run = self._open()
            try:
                async with aclosing(self._steps(run)) as steps:
                    async for step in steps:
                        yield step
            finally:
                if not self._keep_open:
                    await self._environment.close()

    async def _to_end(self, on_step: Callable[[Step], None] | None) -> Result:
        async with aclosing(self.astream()) as steps:
            async for step in steps:
                if on_step is not None:
                    on_step(step)
        return self._result()

    def _open(self) -> Run:
        """Take the folder into use. The caller holds its lock."""
        if self.folder.is_used and not self._resumes:
            raise UsageError(f"{self.run_dir} holds a run already; resume it, or choose another folder")
        self.folder.repair()
        found = self.folder.read() if self._resumes else None
        self._run = Run(
            info=self._info if found is None or found.info is None else found.info,
            policy=self._policy,
            environment=self._environment,
            folder=self.folder,
            journal=Journal(self.run_dir / JOURNAL),
            secrets=self._secrets,
            approver=self._approver,
            tools=self._tools,
            output=self._output,
            steps={} if found is None else {step.number: step for step in found.steps},
            is_stopping=self._is_stopping,
        )
        return self._run

    @property
    def _info(self) -> RunInfo:
        return RunInfo(
            task=self.task,
            plan=plan_of(self.task),
            policy=type(self._policy).__name__,
            model=self._model,
            permissions=self._permissions,
        )

    def _confine(self, run: Run) -> bool | None:
        """Keep the browser to what the permissions allow. Raises UsageError where that is impossible, unless told to go
        on without."""
        if not isinstance(self._environment, Confines):
            return None
        if self._is_unconfined:
            return False
        try:
            self._environment.confine(run.reach)
        except UsageError as error:
            raise UsageError(f"{error}: go on all the same with --unconfined, or Agent(..., unconfined=True)") from None
        return True

    async def _steps(self, run: Run) -> AsyncGenerator[Step]:
        """The loop, with run.json kept true before and after."""
        from .graph import turns  # langgraph takes a second to import

        run.note(fault="", confined=self._confine(run))
        try:
            if run.outcome is None:
                async with aclosing(turns(run)) as steps:
                    async for step in steps:
                        yield step
        except ClickwrightError as error:
            run.note(fault=self._secrets.hide(f"{type(error).__name__}: {error}"))
            raise
        if run.outcome is not None and run.info.outcome is None:
            run.note(outcome=run.outcome, ended_at=datetime.now(UTC))

    def _result(self) -> Result:
        run = self._run
        if run is None:
            raise RuntimeError("a result needs a run")
        outcome = run.outcome or stopped("interrupted", "the run was interrupted; it can be resumed")
        return Result(
            status=outcome.status,
            reason=outcome.reason,
            stop=outcome.stop,
            answer=outcome.answer,
            output=self._value(outcome),
            steps=tuple(run.steps.values()),
            run_dir=self.run_dir,
        )

    def _value(self, outcome: Outcome) -> BaseModel | None:
        if self._output is None or outcome.status != "success":
            return None
        return read_answer(outcome.answer, self._output)


def resume(
    run_dir: Path | str,
    policy: Policy,
    environment: Environment,
    *,
    approver: Approver | None = None,
    secrets: Mapping[str, str] | None = None,
    on_step: Callable[[Step], None] | None = None,
) -> Result:
    """Go on with an interrupted run, to its end. For a run that has ended, says again how."""
    agent = Agent.resume(run_dir, policy=policy, environment=environment, approver=approver, secrets=secrets)
    return agent.run(on_step=on_step)


def _tools_of(policy: Policy) -> dict[str, Tool]:
    return dict(policy.tools) if isinstance(policy, _HasTools) else {}


def _model_of(policy: Policy) -> str:
    model = policy.model if isinstance(policy, _HasModel) else None
    return model.name if isinstance(model, _Named) else ""
