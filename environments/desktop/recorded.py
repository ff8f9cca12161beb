"""A backend that exists in memory only: it replays what a machine showed and answered. The public fake for tests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pydantic import JsonValue

from ...errors import EnvironmentLost, UsageError
from ...screen import Pixels
from .requests import ListWindows, Request, WindowAt
from .view import Area, Monitor

RecordedAnswer = JsonValue | Exception


class RecordedBackend:
    """Shows `frames` one after the other, the last one for ever, and answers each kind of request from its own list.

    `answers` are by the request's `do`; the last one of a list is given again and again, and an error in it is raised.
    A request without a list is answered as by a desktop without windows. Everything that was asked is in `asked`.
    """

    def __init__(
        self,
        frames: Sequence[Pixels],
        monitors: Iterable[Monitor],
        *,
        answers: Mapping[str, Sequence[RecordedAnswer]] | None = None,
        platform: str = "linux",
    ) -> None:
        self.show(frames)
        self._monitors = tuple(monitors)
        self._answers = {kind: list(given) for kind, given in (answers or {}).items()}
        self._platform = platform
        self._open = False
        self._used: defaultdict[str, int] = defaultdict(int)
        self.asked: list[Request] = []
        self.grabbed: list[Area] = []

    @property
    def platform(self) -> str:
        return self._platform

    @property
    def acted(self) -> list[Request]:
        """What was asked apart from questions about windows."""
        return [request for request in self.asked if not isinstance(request, ListWindows | WindowAt)]

    def show(self, frames: Sequence[Pixels]) -> None:
        """Show these from now on, one after the other and the last one for ever."""
        if not frames:
            raise UsageError("a recorded desktop needs at least one frame")
        self._frames = list(frames)

    async def open(self) -> None:
        self._open = True

    async def monitors(self) -> tuple[Monitor, ...]:
        self._require_open()
        return self._monitors

    async def grab(self, area: Area) -> Pixels:
        self._require_open()
        self.grabbed.append(area)
        return self._frames.pop(0) if len(self._frames) > 1 else self._frames[0]

    async def ask(self, request: Request) -> JsonValue:
        self._require_open()
        self.asked.append(request)
        given = self._answers.get(request.do)
        if not given:
            return _usual(request)
        answer = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def kill(self) -> None:
        self._open = False

    async def close(self) -> None:
        self._open = False

    def _require_open(self) -> None:
        if not self._open:
            raise EnvironmentLost("the desktop is closed; reset it first")


def _usual(request: Request) -> JsonValue:
    match request:
        case ListWindows():
            return {"windows": [], "managed": True}
        case _:
            return None
