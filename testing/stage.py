"""The screen that a test is about: looked at and acted on, whatever it is."""

from contextlib import AbstractAsyncContextManager, nullcontext

from ..environments import ActsBlindly, Environment, TellsMore
from ..errors import ActionFailed
from ..screen import Observation
from ..tools import Action, Task
from .sight import Sight
from .target import Found

PAUSE_S = 0.1
"""Between two looks at a screen that something is waited for on."""


class Stage:
    """An environment as a test uses it. `begin` comes first, `end` last; the screen is left as it is."""

    def __init__(self, environment: Environment, task: Task | None = None) -> None:
        """Where the test begins is where the screen stands, unless a task says so."""
        self.environment = environment
        if isinstance(environment, TellsMore):
            environment.tells.update(elements=True, labels=True, sensitive=True)
        self._task = task or Task(goal="a test")
        self._has_begun = False
        self.scale: float | None = None
        """Screenshot pixels for each input unit, once it was looked at."""

    async def begin(self) -> None:
        """Take the screen over as it stands. Harmless when called again."""
        if not self._has_begun:
            await self.look()

    async def look(self) -> Sight:
        """The screen when it has come to rest. Raises EnvironmentLost."""
        if self._has_begun:
            return await self._sight(await self.environment.observe())
        seen = await self.environment.reset(self._task)
        self._has_begun = True
        return await self._sight(seen)

    async def act(self, action: Action) -> None:
        """Do it; who wants to see what came of it looks. Raises ActionFailed where the screen does not take it, and
        EnvironmentLost."""
        await self.begin()
        if isinstance(self.environment, ActsBlindly):
            error = await self.environment.act(action)
        else:
            error = (await self.environment.step(action)).error
        if error is not None:
            raise ActionFailed(error)

    async def end(self) -> None:
        """Give the screen back. Harmless when called twice."""
        await self.environment.close()

    async def selected(self, selector: str) -> Found | None:
        """What a selector finds; None where it finds nothing, or where the screen has no selectors."""
        return None

    @property
    def browser(self) -> str:
        """Its name, such as chromium, empty where none is known: each draws in its own way."""
        return ""

    def group(self, name: str) -> AbstractAsyncContextManager[None]:
        """A part of the trace that Playwright writes, where it writes one."""
        return nullcontext()

    async def _sight(self, seen: Observation) -> Sight:
        fields, self.scale = seen.sensitive, seen.screenshot.scale
        return Sight(
            observation=seen,
            labels=seen.labels or (),
            sensitive=await self.environment.sensitive_boxes() if fields is None else fields,
        )
