"""A stage at the other end of a line, and its environment as an agent sees it."""

from collections.abc import Callable

from ...environments import Facts
from ...environments.environment import Judge
from ...errors import EnvironmentLost, UsageError
from ...screen import Box, Observation
from ...tools import Action, Finish, Task, Wait
from ..row import Key
from ..suite import Choice, Clocks, Scored
from .link import Link, ProcessLink, WorkerGone
from .wire import Answer, Do, Request, put_together


class RemoteStage:
    """Implements `Stage`: what it is asked to do happens in the worker."""

    def __init__(self, link: Link, *, clocks: Clocks | None = None) -> None:
        self.link = link
        self.clocks = clocks or Clocks()
        self.environment = RemoteEnvironment(self)
        self._gone: WorkerGone | None = None

    async def begin(self, key: Key) -> Task:
        self.environment.is_over, self._gone = False, None
        answer = await self.asked("begin", within_s=self.clocks.begin_s, key=key)
        if answer.task is None:
            raise EnvironmentLost("the worker named no task")
        return answer.task

    async def is_over(self) -> bool:
        return self.environment.is_over

    async def oracle(self) -> Action | None:
        return (await self.asked("oracle")).action

    async def score(self, finish: Finish | None) -> Scored:
        answer = await self.asked("score", finish=finish)
        if answer.scored is None:
            raise EnvironmentLost("the worker gave no score")
        return answer.scored

    async def close(self) -> None:
        await self.link.close(self.clocks.end_s)

    async def asked(self, do: Do, *, within_s: float | None = None, **about: object) -> Answer:
        """The answer to a request that shows no screen."""
        request = Request.model_validate({"do": do, **about})
        return (await self.ask(request, within_s or self.clocks.act_s))[0]

    async def ask(self, request: Request, within_s: float) -> tuple[Answer, bytes]:
        """As `Link.ask`. A new worker knows nothing of an episode that went with another: only `begin` asks it."""
        if self._gone is not None:
            raise WorkerGone(str(self._gone))
        try:
            return await self.link.ask(request, within_s)
        except WorkerGone as gone:
            self._gone = gone
            raise


class RemoteEnvironment:
    """Implements `Environment` and `Recovers`. The worker's screen is closed with its stage, not by an agent."""

    def __init__(self, stage: RemoteStage) -> None:
        self._stage = stage
        self.is_over = False
        """Whether the episode had ended by itself when the screen was last seen."""

    @property
    def start_url(self) -> str:
        """Nothing: each task of a suite names where it starts."""
        return ""

    def confine(self, judge: Judge) -> None:
        """Raises UsageError: the judge is in this process, and the screen is in another."""
        raise UsageError("the screen of a worker cannot be kept from other places")

    async def reset(self, task: Task) -> Observation:
        return await self._seen(Request(do="reset", task=task), self._stage.clocks.begin_s)

    async def observe(self) -> Observation:
        return await self._seen(Request(do="observe"), self._stage.clocks.act_s)

    async def recover(self) -> Observation:
        return await self._seen(Request(do="recover"), self._stage.clocks.act_s)

    async def step(self, action: Action) -> Observation:
        own_s = action.seconds if isinstance(action, Wait) else 0.0
        return await self._seen(Request(do="step", action=action), self._stage.clocks.act_s + own_s)

    async def facts(self, action: Action) -> Facts:
        return (await self._stage.asked("facts", action=action)).facts or Facts()

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        return (await self._stage.asked("sensitive")).boxes

    async def close(self) -> None:
        """Nothing: the next episode goes on in the same worker."""

    async def _seen(self, request: Request, within_s: float) -> Observation:
        answer, pixels = await self._stage.ask(request, within_s)
        self.is_over = answer.over
        return put_together(answer, pixels)


LinkTo = Callable[[Request], Link]
"""A line to a new worker, which is told this first."""


def worker_for(
    suite: str, choice: Choice, *, clocks: Clocks | None = None, link_to: LinkTo = ProcessLink
) -> RemoteStage:
    """The stage of a suite in a process of its own, which starts when it is first needed. The clocks are those of the
    suite unless given."""
    link = link_to(Request(do="open", suite=suite, choice=choice))
    return RemoteStage(link, clocks=clocks)
