"""A stage that answers requests: the same for a process at the end of a pipe and for an actor on another machine."""

from typing import TypeVar

from ...environments import Recovers
from ...errors import ClickwrightError, EnvironmentLost, UsageError
from ...screen import Observation
from ..suite import Clocks, Stage
from .wire import Answer, Request, taken_apart

_Value = TypeVar("_Value")

Given = tuple[Answer, bytes]
"""An answer, and the pixels that go with it."""


class Served:
    """Holds the stage of one suite. Requests come one after another."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self.end_s = Clocks().end_s
        """For the stage to close what it holds."""

    async def do(self, request: Request) -> Given:
        """What comes of a request; what the stage raises on purpose is told in the answer."""
        try:
            return await self._done(request)
        except ClickwrightError as error:
            return Answer(raised=type(error).__name__, reason=str(error)), b""

    async def close(self) -> None:
        stage, self._stage = self._stage, None
        if stage is not None:
            await stage.close()

    async def _done(self, request: Request) -> Given:
        match request.do:
            case "open":
                await self._open(request)
                return Answer(), b""
            case "close":
                await self.close()
                return Answer(), b""
            case "begin":
                return Answer(task=await self._opened.begin(_given(request.key))), b""
            case "oracle":
                return Answer(action=await self._opened.oracle()), b""
            case "score":
                return Answer(scored=await self._opened.score(request.finish)), b""
            case "facts":
                return Answer(facts=await self._opened.environment.facts(_given(request.action))), b""
            case "sensitive":
                return Answer(boxes=await self._opened.environment.sensitive_boxes()), b""
            case "reset" | "observe" | "recover" | "step":
                return await self._shown(await self._seen(request))

    async def _open(self, request: Request) -> None:
        from ..suites import known, open_online

        await self.close()
        self.end_s = known(request.suite).clocks.end_s
        self._stage = open_online(request.suite, _given(request.choice)).stage()

    async def _seen(self, request: Request) -> Observation:
        environment = self._opened.environment
        match request.do:
            case "reset":
                return await environment.reset(_given(request.task))
            case "step":
                return await environment.step(_given(request.action))
            case "recover" if isinstance(environment, Recovers):
                return await environment.recover()
            case "recover":
                raise EnvironmentLost("the screen was lost and cannot be brought back")
            case _:
                return await environment.observe()

    async def _shown(self, observation: Observation) -> Given:
        seen, picture, pixels = taken_apart(observation)
        return Answer(seen=seen, picture=picture, over=await self._opened.is_over()), pixels

    @property
    def _opened(self) -> Stage:
        if self._stage is None:
            raise UsageError("no suite was opened")
        return self._stage


def _given(value: _Value | None) -> _Value:
    if value is None:
        raise UsageError("the request lacks what it is about")
    return value
