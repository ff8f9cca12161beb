"""An Android device as an environment: pictures by screencap, touches and keys by input, all through adb."""

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any, TypeVar

from ...errors import ActionFailed, EnvironmentLost
from ...screen import Box, Observation, Screenshot
from ...tools import Action, Ask, CallTool, Finish, Navigate, NewTab, Press, Task, TypeText, Wait, points_of
from ..environment import Facts
from ..points import refuse_off_screen
from .actions import do, open_app, open_url, own_time_s, press
from .adb import Adb
from .capture import capture
from .dump import Node, dump, elements, name_of, node_at, page_url, sensitive
from .state import DeviceState, state_of, wake

APP = "app:"
POLL_S = 0.2
_Result = TypeVar("_Result")


class AndroidEnvironment:
    """The screen of a phone, tablet or emulator. Points are pixels of its picture, whichever way it is turned.

    A task starts at its own `start_url` (a page, or app:PACKAGE), else with `app` (a package or package/activity,
    started afresh), else with `url` in the device's browser, else on the home screen. `serial` chooses among several
    devices. With `elements` every observation tells what can be acted on, which costs a second or more each time;
    `raw` fetches pictures uncompressed. Every call ends within `deadline_s`; a picture is taken when two in a row are
    equal, or after `settle_s`.

    Raises UsageError where adb or the choice of a device is missing, EnvironmentLost where the device is off, locked,
    offline, gone or does not trust this computer: the message says what to do.
    """

    def __init__(
        self,
        *,
        serial: str | None = None,
        app: str | None = None,
        url: str | None = None,
        adb: str = "adb",
        elements: bool = False,
        raw: bool = False,
        deadline_s: float = 30.0,
        settle_s: float = 1.5,
    ) -> None:
        self._adb = Adb(program=adb, serial=serial)
        self._start = f"{APP}{app}" if app else url or ""
        self._tells_elements = elements
        self._raw = raw
        self._settle_s = settle_s
        self.deadline_s = deadline_s
        self._last: Screenshot | None = None

    async def reset(self, task: Task) -> Observation:
        """Wake the device and go to the start of the task. Raises EnvironmentLost when that cannot be shown."""
        self._last = None
        try:
            return await self._guard(self._begin(task.start_url or self._start))
        except ActionFailed as failure:
            raise EnvironmentLost(str(failure)) from None

    async def observe(self) -> Observation:
        self._require_open()
        return await self._guard(self._look())

    async def step(self, action: Action) -> Observation:
        last = self._require_open()
        return await self._guard(self._step(action, last), own_time_s(action))

    async def facts(self, action: Action) -> Facts:
        """The node at the action's first point, or the one with the focus; no more than the point without a tree."""
        self._require_open()
        return await self._guard(self._facts(action))

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        """Fields for passwords; the whole screen while the device gives no tree, as nobody knows then."""
        last = self._require_open()
        try:
            return sensitive(await self._guard(dump(self._adb)), last.size)
        except ActionFailed:
            return (last.size.box,)

    async def close(self) -> None:
        self._last = None  # nothing of ours runs between two calls

    def _require_open(self) -> Screenshot:
        if self._last is None:
            raise EnvironmentLost("no device is open; reset the environment first")
        return self._last

    async def _begin(self, start: str) -> Observation:
        await wake(self._adb)
        if start.startswith(APP):
            await open_app(self._adb, start.removeprefix(APP))
        elif start:
            await open_url(self._adb, start)
        else:
            await press(self._adb, ("GoHome",))
        return await self._look()

    async def _step(self, action: Action, last: Screenshot) -> Observation:
        error = None
        try:
            for point in points_of(action):
                refuse_off_screen(point, last.size)
            if isinstance(action, Wait):
                await self._wait(last, action.seconds)
            else:
                await do(action, self._adb, last.size)
        except ActionFailed as failure:
            error = str(failure)
        return await self._look(error, before=None if isinstance(action, Ask | CallTool | Finish) else last)

    async def _look(self, error: str | None = None, *, before: Screenshot | None = None) -> Observation:
        """Settle, and show the screen, its activity and, where they are wanted, its elements."""
        try:
            shot, state = await self._still(), await state_of(self._adb)
        except ActionFailed as failure:
            raise EnvironmentLost(str(failure)) from None
        nodes = await self._nodes() if self._tells_elements else None
        self._last = shot
        changed = None if before is None else ("nothing" if shot.frame == before.frame else "changed")
        return Observation(
            screenshot=shot,
            url=page_url(nodes) if nodes else "",
            title=state.focus,
            error=error,
            events=_events(state),
            elements=None if nodes is None else elements(nodes, shot.size),
            effect=None if error else changed,
        )

    async def _still(self) -> Screenshot:
        clock = asyncio.get_running_loop().time
        until = clock() + self._settle_s
        shot = await capture(self._adb, raw=self._raw)
        while clock() < until:
            before, shot = shot, await capture(self._adb, raw=self._raw)
            if shot.frame == before.frame:
                break
        return shot

    async def _wait(self, last: Screenshot, seconds: float) -> None:
        """Until the screen differs from the picture that the wait was decided on, or the seconds are over."""
        clock = asyncio.get_running_loop().time
        until = clock() + seconds
        while (left := until - clock()) > 0:
            await asyncio.sleep(min(POLL_S, left))
            if (await capture(self._adb, raw=self._raw)).frame != last.frame:
                return

    async def _nodes(self) -> tuple[Node, ...] | None:
        try:
            return await dump(self._adb)
        except ActionFailed:
            return None  # nobody could look

    async def _facts(self, action: Action) -> Facts:
        points = points_of(action)
        point = points[0] if points else None
        if isinstance(action, Navigate | NewTab):
            return Facts(href=action.url, screen="phone")
        if point is None and not isinstance(action, TypeText | Press):
            return Facts(screen="phone")
        nodes = await self._nodes() or ()
        node = node_at(nodes, point) if point else next((node for node in reversed(nodes) if node.is_focused), None)
        if node is None:
            return Facts(point=point, url=page_url(nodes), screen="phone")
        kind = ("password" if node.is_password else "text") if node.role == "textbox" else ""
        facts = Facts(point=point, role=node.role, name=name_of(nodes, node), url=page_url(nodes), input_type=kind)
        return replace(facts, screen="phone")

    async def _guard(self, work: Coroutine[Any, Any, _Result], own_s: float = 0.0) -> _Result:
        try:
            async with asyncio.timeout(self.deadline_s + own_s):
                return await work
        except TimeoutError:
            self._last = None
            raise EnvironmentLost(f"the device did not answer within {self.deadline_s + own_s:g} s") from None
        except EnvironmentLost:
            self._last = None
            raise


def _events(state: DeviceState) -> tuple[str, ...]:
    told = ((not state.is_awake, "the device's screen is off"), (state.is_locked, "the device is locked"))
    return tuple(sentence for holds, sentence in told if holds)
