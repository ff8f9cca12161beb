"""The words that a test is written in. `Ui` in front.py has the same ones without `await`."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from ..errors import UsageError
from ..screen import Box, Point
from ..tools import (
    Action,
    Click,
    Drag,
    Hover,
    LongPress,
    Press,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
)
from .budget import Budget
from .call import Call, Done, noting
from .eyes import Judged, Told
from .plain import tab_called
from .recording.recorded import Verb
from .scrolling import carried, is_at_end
from .sight import Sight
from .stage import PAUSE_S, Stage
from .target import Found
from .values import value_of
from .verdicts import CheckFailed, Inconclusive, NotFound, NotRecorded
from .ways import Way

if TYPE_CHECKING:
    from .looks import Baselines

DEADLINE_S = 10.0
"""How long a thing is waited for, and a claim that is waited for."""
MAX_SCROLLS = 30
HIDDEN = "••••••"
"""What stands in reports for what was typed into a field for a password."""
SELECT_ALL = ("Meta", "a") if sys.platform == "darwin" else ("Control", "a")

_Value = TypeVar("_Value")
_Seen = TypeVar("_Seen", Found, Told)
_Acts = Callable[[Point], Sequence[Action]]


class AsyncUi:
    """A screen, in the words of people who look at it. Made by `open_ui`, or the fixture `ui`.

    Each call looks, finds what its words mean, acts, and is told to `on_done`. What is not there yet is waited for, up
    to `deadline_s`. Raises NotFound and CheckFailed, which are AssertionErrors, where the screen is not as the test
    says; Inconclusive where nobody can tell; EnvironmentLost, BadModelOutput and ModelUnavailable where something else
    fails.
    """

    def __init__(
        self,
        stage: Stage,
        way: Way,
        *,
        deadline_s: float = DEADLINE_S,
        budget: Budget | None = None,
        on_done: Callable[[Done], None] | None = None,
        baselines: "Baselines | None" = None,
    ) -> None:
        self.stage, self.way = stage, way
        self.baselines = baselines
        self.deadline_s = deadline_s
        self.budget = budget or Budget()
        self.done: list[Done] = []
        """All calls so far, in their order."""
        self._on_done = on_done
        self._counts: Counter[tuple[Verb, str]] = Counter()
        self._frozen: Sight | None = None

    def keep(self) -> Path | None:
        """Write what was recorded, or the patch with what was healed: to be called where the test has passed.

        Returns the file; None where there is none to write. Raises UsageError where it cannot be written.
        """
        return self.way.keep()

    async def tap(
        self, target: str, *, description: str = "", button: Literal["left", "right", "middle"] = "left"
    ) -> None:
        """Click a thing once. With a `description`, `target` is a selector of Playwright's that is tried first."""
        await self._at("tap", target, description, lambda point: [Click(point=point, button=button)])

    async def double_tap(self, target: str, *, description: str = "") -> None:
        await self._at("double_tap", target, description, lambda point: [Click(point=point, count=2)])

    async def long_press(self, target: str, *, description: str = "", seconds: float = 0.8) -> None:
        await self._at("long_press", target, description, lambda point: [LongPress(point=point, duration_s=seconds)])

    async def hover(self, target: str, *, description: str = "") -> None:
        await self._at("hover", target, description, lambda point: [Hover(point=point)])

    async def fill(self, target: str, text: str, *, description: str = "") -> None:
        """Put the text into a field, in the place of what is in it."""
        typed = TypeText(text=text) if text else Press(keys=("Delete",))
        acts: _Acts = lambda point: [Click(point=point), Press(keys=SELECT_ALL), typed]  # noqa: E731
        await self._at("fill", target, description, acts, given=text)

    async def choose(self, target: str, option: str, *, description: str = "") -> None:
        """Choose from a native list, by the words of the option."""
        acts: _Acts = lambda point: [SelectOption(point=point, label=option)]  # noqa: E731
        await self._at("choose", target, description, acts, given=option)

    async def upload(self, target: str, *files: Path | str, description: str = "") -> None:
        """Give files to a field for them. Raises UsageError where there is no such file."""
        paths = _paths(files)
        acts: _Acts = lambda point: [Upload(point=point, paths=paths)]  # noqa: E731
        await self._at("upload", target, description, acts, given=", ".join(Path(path).name for path in paths))

    async def drag(self, target: str, to: str) -> None:
        """Press on a thing, and let it go over another one, where both are there at once."""
        end, place = await self._sought("drag_to", to)
        async with self._called("drag", target) as done:
            found = await self._found(done)
            if done.before and end.before and done.before.screenshot.frame != end.before.screenshot.frame:
                place = await _counted(done, self.way.find(end.call, done.before))  # it may have moved in the meantime
            _noted(done, found, done.before)
            await self.stage.act(Drag(path=(found.point, place.point)))

    async def press(self, *keys: str) -> None:
        """Press keys together: `press("Control", "s")`. Nothing is looked for, so that it is in no recording."""
        async with self._called("press", "+".join(keys)):
            await self.stage.act(Press(keys=keys))

    async def switch_tab(self, tab: str) -> None:
        """Go on in the only tab with these words in its title or address.

        Tabs that open from the page are followed by themselves. Over a page of the user's own no others are known.
        """
        async with self._called("switch_tab", tab) as done:
            until = time.monotonic() + self.deadline_s
            while True:
                done.before = sight = await self.stage.look()
                tabs = sight.observation.tabs
                index = tab_called(tabs, tab)
                if index is not None:
                    return await self.stage.act(SwitchTab(index=index))
                if time.monotonic() >= until:
                    known = ", ".join(repr(one.title or one.url) for one in tabs) or "none"
                    raise NotFound(f"there is no one tab {tab!r}; the tabs are {known}", screen=sight.shown)
                await asyncio.sleep(PAUSE_S)

    async def scroll_to(self, target: str, *, inside: str = "") -> Box:
        """Scroll down until the thing is in sight, at most to the end: the page, or the list or pane `inside` of it."""
        pane = (await self._pane(inside)) if inside else None
        async with self._called("scroll_to", target) as done:
            done.before = sight = await self.stage.look()
            for _ in range(MAX_SCROLLS):
                with suppress(NotFound):
                    return _noted(done, await self._within(pane, done, sight, is_last=False), sight)
                area = sight.size.box if pane is None else pane.clip(sight.size)
                await self.stage.act(Scroll(point=area.center, dy=0.8 * area.height))
                last, sight = sight, await self.stage.look()
                done.before = sight
                if is_at_end(last, sight, pane):
                    pane = pane and carried(pane, last, sight)
                    break
            return _noted(done, await self._within(pane, done, sight), sight)

    async def _within(self, pane: Box | None, done: Done, sight: Sight, *, is_last: bool = True) -> Found:
        """The thing of a call, which lies in the pane, where there is one."""
        found = await _counted(done, self.way.find(done.call, sight, is_last=is_last))
        if pane is not None and not pane.contains(found.point):
            reason = f"{done.call.words!r} is there, and not inside of what was scrolled"
            raise NotFound(reason, screen=sight.shown, box=found.box)
        return found

    async def do(self, goal: str) -> None:
        """Several actions that the words ask for, chosen by the model, or played as they were recorded."""
        async with self._called("do", goal) as done:
            done.before = await self.stage.look()
            done.tokens = await self.way.do(done.call, self.stage, deadline_s=self.deadline_s)
            done.after = await self.stage.look()

    async def check(self, claim: str) -> None:
        """Raises CheckFailed with the reason where the claim does not hold, now; Inconclusive where nobody can tell."""
        async with self._called("check", claim) as done:
            done.before = sight = await self._look()
            _require(done, await self.way.judge(done.call, sight), sight, claim)

    async def wait_for(self, claim: str, *, seconds: float | None = None) -> None:
        """Like `check`, but the claim may come true later: until `seconds` are over, else the deadline."""
        async with self._called("wait_for", claim) as done:
            until = time.monotonic() + (self.deadline_s if seconds is None else seconds)
            while True:
                is_last = time.monotonic() >= until
                done.before = sight = await self.stage.look()
                judged = await self.way.judge(done.call, sight, is_last=is_last)
                if judged.met or is_last:
                    return _require(done, judged, sight, claim)
                done.tokens += judged.tokens
                await asyncio.sleep(PAUSE_S)

    async def get(self, what: str, type: type[_Value] = str) -> _Value:
        """What stands on the screen, as any type that pydantic reads: `get("total price", type=Decimal)`."""
        async with self._called("get", what) as done:
            told = await self._told(done)
            done.box, done.given = told.box, told.text
            return value_of(told.text, type, what=what, screen=done.before and done.before.shown, box=told.box)

    async def locate(self, target: str) -> Box:
        """Where the thing is, in pixels of the screenshot."""
        async with self._called("locate", target) as done:
            return _noted(done, await self._found(done), done.before)

    async def to_look_like(
        self, name: str, *, area: str | Box | None = None, masks: Sequence[str | Box] = (), tolerance: float = 0.0
    ) -> None:
        """The screen, or an area of it, looks as its baseline does, but for what is masked; it may come to.

        Edges may be drawn in another way, and things be a pixel aside. `tolerance` is the share of the pixels that may
        differ, 0 to 1. Raises CheckFailed, also where there is no baseline yet.
        """
        if self.baselines is None:
            raise UsageError("to_look_like needs to know where its baselines are: open_ui(..., baselines=Baselines())")
        within = None if area is None else await self._place(area)
        hidden = [await self._place(mask) for mask in masks]
        async with self._called("to_look_like", name) as done:
            done.before = await self._look()
            done.before, done.note = await self.baselines.require(
                name,
                self._look,
                area=within,
                masks=hidden,
                tolerance=tolerance,
                browser=self.stage.browser,
                seconds=0.0 if self._frozen else self.deadline_s,
            )

    @asynccontextmanager
    async def freeze(self) -> AsyncGenerator[None]:
        """Within this block, all questions are about one picture of the screen. Actions end it."""
        self._frozen = await self.stage.look()
        try:
            yield
        finally:
            self._frozen = None

    async def _at(self, verb: Verb, target: str, description: str, acts: _Acts, given: str = "") -> None:
        """Find the thing, waiting for it, and do these actions there."""
        words = description or target
        async with self._called(verb, words) as done:
            found = await self._found(done, target if description else "")
            _noted(done, found, done.before)
            for action in acts(found.point):
                # Only now it is known whether it is a secret.
                if given and isinstance(action, TypeText | SelectOption | Upload):
                    done.given = HIDDEN if await self._is_secret(done, found, action) else given
                await self.stage.act(action)

    async def _is_secret(self, done: Done, found: Found, action: Action) -> bool:
        """Whether what is typed goes into a field for secrets, where that is pointed at or has the focus."""
        if done.before is None or done.before.is_sensitive(found.point):
            return True
        if not isinstance(action, TypeText):
            return False
        facts = await self.stage.environment.facts(action)
        return facts.input_type == "password" or facts.hides_text

    async def _sought(self, verb: Verb, words: str) -> tuple[Done, Found]:
        """Where a thing is that another one is done with; it is waited for."""
        async with self._called(verb, words) as done:
            found = await self._found(done)
            _noted(done, found, done.before)
            return done, found

    async def _pane(self, words: str) -> Box:
        """Where a list or pane is. Raises NotFound where nobody tells how large it is."""
        async with self._called("inside", words) as done:
            found = await self._found(done)
            pane, sight = _noted(done, found, done.before), done.before
            if sight is not None and not pane.clip(sight.size).area:
                reason = f"{words!r} was pointed at, and nobody tells where it ends: it cannot be scrolled alone"
                raise NotFound(reason, screen=sight.shown)
            return pane

    async def _found(self, done: Done, selector: str = "") -> Found:
        """By the selector, where there is one and it finds the thing; else by the words."""
        until = self._until()
        while True:
            is_last = time.monotonic() >= until
            selected = await self.stage.selected(selector) if selector else None
            done.before = await self._look()
            if selected is not None and await self.stage.selected(selector) == selected:
                self.way.selected(done.call, done.before, selected)
                return selected
            try:
                return await _counted(done, self.way.find(done.call, done.before, is_last=is_last))
            except (CheckFailed, NotRecorded) as failed:
                if is_last or not (selector or isinstance(failed, NotFound)):
                    raise
                await asyncio.sleep(PAUSE_S)

    async def _told(self, done: Done) -> Told:
        """What the words ask for, once the screen shows it."""
        until = self._until()
        while True:
            is_last = time.monotonic() >= until
            done.before = await self._look()
            try:
                return await _counted(done, self.way.read(done.call, done.before, is_last=is_last))
            except CheckFailed:
                if is_last:
                    raise
                await asyncio.sleep(PAUSE_S)

    def _until(self) -> float:
        """When the waiting ends that begins now: a frozen screen will not change."""
        return time.monotonic() + (0.0 if self._frozen else self.deadline_s)

    async def _place(self, place: str | Box) -> Box:
        return place if isinstance(place, Box) else await self.locate(place)

    async def _look(self) -> Sight:
        return self._frozen or await self.stage.look()

    @asynccontextmanager
    async def _called(self, verb: Verb, words: str) -> AsyncGenerator[Done]:
        """Around a call: it is counted, timed, kept to the budget, written into the trace and told."""
        self._counts[verb, words] += 1
        done = Done(call=Call(does=verb, words=words, nth=self._counts[verb, words]))
        if verb not in ("check", "get", "locate", "to_look_like"):
            self._frozen = None
        began = time.monotonic()
        try:
            with noting(done, str(done.call)):
                self.budget.require_step()
                async with self.stage.group(str(done.call)):
                    yield done
                self.budget.require_within(time.monotonic() - began, done.tokens)
        finally:
            done.healed = self.way.healed(done.call)
            if done.how not in ("pixels", "selector") or done.verdict != "passed":
                done.recorded = self.way.recorded(done.call)
            self.done.append(done)
            if self._on_done is not None:
                self._on_done(done)


def _paths(files: Sequence[Path | str]) -> tuple[str, ...]:
    """As a browser takes them. Raises UsageError for one that is not there, and for none."""
    if not files:
        raise UsageError("upload needs at least one file")
    for file in files:
        if not Path(file).is_file():
            raise UsageError(f"there is no file {file} to upload")
    return tuple(str(Path(file).resolve()) for file in files)


async def _counted(done: Done, asked: Awaitable[_Seen]) -> _Seen:
    """What a model took for it counts, also where it was asked in vain."""
    try:
        seen = await asked
    except CheckFailed as failed:
        done.tokens += failed.tokens
        raise
    done.tokens += seen.tokens
    return seen


def _noted(done: Done, found: Found, sight: Sight | None) -> Box:
    done.before, done.how, done.point, done.box, done.note = sight, found.how, found.point, found.box, found.note
    point = found.point
    return found.box or Box(point.x, point.y, point.x, point.y)


def _require(done: Done, judged: Judged, sight: Sight, claim: str) -> None:
    done.before, done.box, done.note, done.tokens = sight, judged.box, judged.reason, done.tokens + judged.tokens
    if judged.met is None:
        raise Inconclusive(f"nobody can tell whether {claim!r}: {judged.reason}", screen=sight.shown, box=judged.box)
    if not judged.met:
        raise CheckFailed(f"{claim!r} does not hold: {judged.reason}", screen=sight.shown, box=judged.box)
