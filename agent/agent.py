"""The agent: a task, a policy and an environment, run to an end. An async core with a synchronous front."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Self

from pydantic import BaseModel

from ..environments.environment import Confines, DownloadLimits, Environment, JudgesDialogs, LimitsDownloads, Traces
from ..errors import ClickwrightError, UsageError
from ..policies.policy import Policy
from ..tools import Limits, Task, Tool, toolbox
from .approvals import Approver
from .checking.checker import Checker
from .dialogs import answer_dialog
from .events import Event, NodeEnded, RunEnded
from .forms import read_answer
from .front import FINISH_S, in_own_thread
from .logs import log, log_repair
from .patience import Patience
from .permissions import NOTHING, Permissions, Used
from .planning.facts import REMEMBER, facts_of, with_remember
from .planning.planner import Planner
from .plans import plan_of
from .record.begun import Begun
from .record.folder import JOURNAL, RunFolder, new_run_dir
from .record.journal import Journal
from .record.trace import Outcome, RunInfo, Step, Stop, Trajectory
from .result import Result
from .run import Run, stopped
from .secrets import Secrets
from .told import model_of, tools_of
from .used import used

EXTENDABLE: frozenset[Stop | None] = frozenset({"steps", "seconds", "tokens"})
"""What stops a run that goes on with higher limits."""


class Agent:
    """Runs one task in one run folder. The environment is closed at the end unless `keep_open`.

    `secrets` are typed where an action names them and are shown to nobody. Without an `approver` nothing that needs
    the user's permission is done. Tools are those of the policy unless others are given. Where no `permissions` are
    given, the run may do what a task needs on the origin where it starts. With `output`, the answer must be of that
    form: one that is not is given back to the policy with what is wrong, and `Result.output` is the value.

    A `planner` divides the task into sub-goals and makes others where the run gets stuck. Steps that the user gave are
    left as they are, unless `replans_steps`. A `checker` must confirm what the policy calls reached. `facts`: the model
    may note what it finds, for later sub-goals; without a word on it, where it has tools or a planner. `patience` says
    how a model server that is down is waited for.

    A browser connects only to what the permissions allow, whatever its pages ask for. One that was started elsewhere
    cannot be kept to that: a UsageError, unless `unconfined`.

    What a kill left in doubt is not done again without the user, unless `screen_tells`: then the screen shows of
    every action whether it was done, and what it does not show may be done again.
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
        planner: Planner | None = None,
        replans_steps: bool = False,
        checker: Checker | None = None,
        facts: bool | None = None,
        patience: Patience | None = None,
        keep_open: bool = False,
        unconfined: bool = False,
        screen_tells: bool = False,
        begun: Begun | None = None,
    ) -> None:
        self.task = Task(goal=task) if isinstance(task, str) else task
        self.folder = RunFolder(new_run_dir() if run_dir is None else Path(run_dir))
        self.repairs: tuple[str, ...] = ()
        """What was wrong with the folder of a run that is resumed, and what was done about it, in sentences."""
        self._environment = environment
        self._approver = approver
        self._permissions = permissions
        if secrets and isinstance(environment, Traces) and environment.keeps_trace:
            raise UsageError("Playwright's trace would hold the values of the secrets: leave one of them out")
        self._secrets = Secrets(secrets)
        self._secrets.require_absent(self.task.model_dump_json(), "the task")
        own = toolbox(tools) if tools is not None else tools_of(policy)
        self._tools, self._policy = with_remember(own, policy, wanted=facts, by_default=planner is not None)
        self._model = model or model_of(policy)
        self._output = output
        self._planner, self._replans_steps = planner, replans_steps
        self._checker = checker
        self._patience = patience or Patience()
        self._keep_open = keep_open
        self._is_unconfined = unconfined
        self._screen_tells = screen_tells
        self._begun = begun
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
        planner: Planner | None = None,
        checker: Checker | None = None,
        facts: bool | None = None,
        patience: Patience | None = None,
        keep_open: bool = False,
        unconfined: bool = False,
        screen_tells: bool | None = None,
        limits: Limits | None = None,
    ) -> Self:
        """An agent that goes on with an interrupted run, under the permissions and with the plan that it had.

        With `limits`, also with one that a limit stopped. Raises UsageError when the folder holds no run, or one whose
        run.json cannot be read; and when the run was begun with a checker and none is given.
        """
        found = RunFolder(Path(run_dir)).read()
        if found.info is None:
            raise UsageError(f"the run in {run_dir} cannot be resumed: {found.warnings[0]}")
        if found.info.is_checked and checker is None and (found.outcome is None or limits is not None):
            raise UsageError(f"the run in {run_dir} was begun with a check of its goals: give a checker, or --check")
        if missing := [name for name in found.info.secrets if name not in (secrets or {})]:
            names = ", ".join(missing)
            raise UsageError(f"the run in {run_dir} was begun with the secrets {names}: give them again, with --secret")
        agent = cls(
            found.info.task if limits is None else found.info.task.model_copy(update={"limits": limits}),
            policy=policy,
            environment=environment,
            run_dir=run_dir,
            approver=approver,
            permissions=found.info.permissions,
            tools=tools,
            secrets=secrets,
            model=found.info.model,
            output=output,
            planner=planner,
            replans_steps=found.info.replans_steps,
            checker=checker,
            facts=True if facts is None and found.info.keeps_facts else facts,
            patience=patience,
            keep_open=keep_open,
            unconfined=unconfined,
            screen_tells=found.info.screen_tells if screen_tells is None else screen_tells,
            begun=found.info.begun,
        )
        agent._resumes = True
        return agent

    @property
    def run_dir(self) -> Path:
        return self.folder.path

    @property
    def used(self) -> Used:
        """What the run has done so far, as its budgets count it."""
        return NOTHING if self._run is None else used(self._run, self._run.begun)

    def stop(self) -> None:
        """Ask for an end after the action that has begun. May be called from any thread; the run can be resumed."""
        self._is_stopping = True
        if self._run is not None:
            self._run.is_stopping = True

    def run(
        self,
        *,
        on_step: Callable[[Step], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> Result:
        """Run to the end in a thread of its own, so that it works in notebooks and inside event loops too.

        Ctrl-C and SIGTERM finish the action that has begun, close the environment and are then raised; an action that
        takes longer than 3 s is left in doubt, and the second signal stops at once. Raises EnvironmentLost and
        ModelUnavailable when these cannot go on.
        """
        return in_own_thread(lambda: self._to_end(on_step, on_event), self.stop)

    async def arun(
        self,
        *,
        on_step: Callable[[Step], None] | None = None,
        on_event: Callable[[Event], None] | None = None,
    ) -> Result:
        """Run to the end. When cancelled, finishes the action that has begun; a second time, stops at once."""
        work = asyncio.ensure_future(self._to_end(on_step, on_event))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self.stop()
            if not work.done():
                with suppress(TimeoutError):
                    async with asyncio.timeout(FINISH_S):
                        await work
            raise

    async def astream(self) -> AsyncGenerator[Step]:
        """The steps, each as soon as it is on disk. Leaving the loop early closes the environment."""
        async with aclosing(self.aevents()) as events:
            async for event in events:
                if isinstance(event, NodeEnded) and event.step is not None:
                    yield event.step

    async def aevents(self) -> AsyncGenerator[Event]:
        """Everything that happens, as it happens: each node as it begins and ends, the steps among it, and the end.

        Leaving the loop early closes the environment.
        """
        with self.folder.locked():
            try:
                async with aclosing(self._events(self.begin())) as events:
                    async for event in events:
                        log(event)
                        yield event
            finally:
                try:
                    if not self._keep_open:
                        await self._environment.close()
                finally:
                    self.let_go()

    async def _to_end(self, on_step: Callable[[Step], None] | None, on_event: Callable[[Event], None] | None) -> Result:
        async with aclosing(self.aevents()) as events:
            async for event in events:
                if on_event is not None:
                    on_event(event)
                if on_step is not None and isinstance(event, NodeEnded) and event.step is not None:
                    on_step(event.step)
        return self._result()

    def begin(self) -> Run:
        """Take the folder into use, whose lock the caller holds, and keep the browser to what the permissions allow.

        Raises UsageError where the folder holds a run that is not resumed, or the browser cannot be kept.
        """
        run = self._open()
        run.note(fault="", confined=self._confine(run))
        return run

    def let_go(self) -> None:
        """Judge no more what pages ask: whoever uses the environment next does so by other rules."""
        if isinstance(self._environment, JudgesDialogs):
            self._environment.judge_dialogs(None)

    def end(self, run: Run) -> Result:
        """Put the end of a run into run.json, or what it waits for; how it ended, or that it can be resumed."""
        if run.held is not None:
            run.note(fault=run.held.reason)
        if run.outcome is not None and run.info.outcome is None:
            run.note(outcome=run.outcome, ended_at=datetime.now(UTC))
        return self._result()

    def _open(self) -> Run:
        if self.folder.is_used and not self._resumes:
            raise UsageError(f"{self.run_dir} holds a run already; resume it, or choose another folder")
        self.repairs = self.folder.repair()
        for told in self.repairs:
            log_repair(told)
        found = self.folder.read() if self._resumes else None
        self._run = Run(
            info=self._info if found is None else self._info_again(found),
            policy=self._policy,
            environment=self._environment,
            folder=self.folder,
            journal=Journal(self.run_dir / JOURNAL),
            secrets=self._secrets,
            approver=self._approver,
            tools=self._tools,
            output=self._output,
            planner=self._planner,
            checker=self._checker,
            patience=self._patience,
            steps={} if found is None else {step.number: step for step in found.steps},
            is_stopping=self._is_stopping,
        )
        return self._run

    @property
    def _info(self) -> RunInfo:
        return RunInfo(
            task=self.task,
            plan=plan_of(self.task),
            replans_steps=self._replans_steps,
            keeps_facts=self._tools.get(REMEMBER.name) is REMEMBER,
            secrets=self._secrets.names,
            is_checked=self._checker is not None,
            policy=type(self._policy).__name__,
            model=self._model,
            environment=type(self._environment).__name__,
            permissions=self._permissions,
            screen_tells=self._screen_tells,
            begun=self._begun,
        )

    def _info_again(self, found: Trajectory) -> RunInfo:
        """Of a resumed run: an end by a limit that is now higher is no end."""
        if found.info is None:
            return self._info
        again = found.info.model_copy(update={"task": self.task, "screen_tells": self._screen_tells})
        ended = found.outcome
        if ended is None or ended.stop not in EXTENDABLE or self.task.limits == found.info.task.limits:
            return again
        return again.model_copy(update={"outcome": None, "ended_at": None, "extended_after": found.steps[-1].number})

    def _confine(self, run: Run) -> bool | None:
        """Keep the browser to what the permissions allow. Raises UsageError where that is impossible, unless told to go
        on without."""
        if isinstance(self._environment, LimitsDownloads):
            files = run.permissions.files
            limits = DownloadLimits(most=files.downloads, most_bytes=files.download_bytes, judge=run.arrivals)
            self._environment.limit_downloads(limits)
        if isinstance(self._environment, JudgesDialogs):
            self._environment.judge_dialogs(partial(answer_dialog, run))
        if not isinstance(self._environment, Confines):
            return None
        if self._is_unconfined:
            return False
        try:
            self._environment.confine(run.reach)
        except UsageError as error:
            raise UsageError(f"{error}: go on all the same with --unconfined, or Agent(..., unconfined=True)") from None
        return True

    async def _events(self, run: Run) -> AsyncGenerator[Event]:
        """The loop, with run.json kept true before and after."""
        from .graph import events  # langgraph takes a second to import

        with run.spans.of_run(run.info):
            try:
                if run.outcome is None:
                    async with aclosing(events(run)) as told:
                        async for event in told:
                            yield event
            except ClickwrightError as error:
                fault = self._secrets.hide(f"{type(error).__name__}: {error}")
                log(RunEnded(outcome=None, fault=fault))
                with suppress(UsageError):  # a full disk does not take this either
                    run.note(fault=fault)
                raise
            self.end(run)
            run.spans.tell_end(run.outcome, len(run.steps))
        yield RunEnded(outcome=run.outcome, fault=run.info.fault)

    def _result(self) -> Result:
        run = self._run
        if run is None:
            raise RuntimeError("a result needs a run")
        outcome = run.outcome or run.held or stopped("interrupted", "the run was interrupted; it can be resumed")
        return Result(
            status=outcome.status,
            reason=outcome.reason,
            stop=outcome.stop,
            answer=outcome.answer,
            output=self._value(outcome),
            steps=tuple(run.steps.values()),
            facts=facts_of(did for step in run.steps.values() for did in step.did),
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
