"""By a model, and everything is written down, so that it can be replayed."""

import platform
import re
from collections.abc import Iterable
from pathlib import Path

from ...screen import Box, Observation, Point, Screenshot
from ...tools import Action, points_of
from ..call import Call
from ..eyes import Eyes, Judged, Told
from ..finding import target_at
from ..recording import Recording, write_recording
from ..recording.recorded import RecordedAct, RecordedOn, RecordedStep, RecordedTarget
from ..recording.targets import recorded
from ..sight import Sight
from ..stage import Stage
from ..target import Found, Target
from .acting import Standing, run_agent
from .live import Live
from .way import Mode

MAX_SLUG_CHARS = 40


class Written:
    """The steps and pictures of a recording as it grows."""

    def __init__(self, steps: Iterable[RecordedStep] = ()) -> None:
        """`steps` are those of a recording that is there already, and may be replaced."""
        self.steps = {(step.does, step.words, step.nth): step for step in steps}
        self.pictures: dict[str, Screenshot] = {}

    def note(self, step: RecordedStep) -> None:
        """A step that was noted before, such as a claim that was waited for, is replaced in its place."""
        self.steps[step.does, step.words, step.nth] = step

    def target(self, call: Call, target: Target, part: int = 0) -> RecordedTarget:
        """The thing as it is written down, its picture kept for the folder."""
        known = list(self.steps)
        key = (call.does, call.words, call.nth)
        number = known.index(key) + 1 if key in known else len(known) + 1
        slug = re.sub(r"[^a-z0-9]+", "-", call.words.lower()).strip("-")[:MAX_SLUG_CHARS]
        name = "-".join(filter(None, (f"{number:02}", call.does, slug, str(part) if part else ""))) + ".png"
        self.pictures[name] = target.crop
        if target.around is None:
            return recorded(target, name)
        wider = name.replace(".png", "-around.png")
        self.pictures[wider] = target.around
        return recorded(target, name, wider)


class Record:
    """As live, with all that it finds written down. Nothing stands in a file before `keep`."""

    mode: Mode = "record"

    def __init__(self, eyes: Eyes, path: Path, *, test: str = "") -> None:
        self.path, self.test = path, test
        self.live = Live(eyes)
        self.written = Written()
        self._screen: Sight | None = None

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        found = await self.live.find(call, sight)
        self._note(call, sight, self._seen(call, sight, found.point, found.box))
        return found

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """A claim that holds is kept with the part of the screen that shows it: a replay looks there again."""
        judged = await self.live.judge(call, sight)
        if judged.met:
            box = None if judged.anywhere else judged.box or sight.size.box
            target = None if box is None else self._seen(call, sight, box.center, box)
            self._note(call, sight, target, shows=judged.shows, state=judged.state, absent=judged.absent)
        return judged

    async def read(self, call: Call, sight: Sight) -> Told:
        told = await self.live.read(call, sight)
        box = told.box or sight.size.box
        self._note(call, sight, self._seen(call, sight, box.center, box), shows=told.text)
        return told

    async def do(self, call: Call, stage: Stage) -> int:
        """The actions of the agent are kept one by one, each with the thing that it touched."""
        seen = Watching(stage)
        policy = self.live.eyes.policy()
        sight = await stage.look()
        tokens = await run_agent(call.words, seen, policy)
        acts = [
            RecordedAct(action=action, target=target and self.written.target(call, target, part))
            for part, (action, target) in enumerate(seen.done, 1)
        ]
        self._note(call, sight, None, acts=tuple(acts))
        return tokens

    def healed(self, call: Call) -> bool:
        return False

    def keep(self) -> Path:
        """Write the recording; called when the test has passed. Raises UsageError where that is impossible."""
        write_recording(self.path, self.recording(), self.written.pictures)
        return self.path

    def recording(self) -> Recording:
        """What has been noted so far."""
        from ... import __version__

        size = (0, 0) if self._screen is None else (self._screen.size.width, self._screen.size.height)
        made = RecordedOn(
            clickwright=__version__,
            model=self.live.eyes.name,
            platform=platform.system().lower(),
            width=size[0],
            height=size[1],
            scale=1.0 if self._screen is None else self._screen.scale,
        )
        return Recording(test=self.test, made=made, steps=tuple(self.written.steps.values()))

    def _seen(self, call: Call, sight: Sight, point: Point, box: Box | None) -> RecordedTarget:
        return self.written.target(call, target_at(sight, point, box))

    def _note(
        self,
        call: Call,
        sight: Sight,
        target: RecordedTarget | None,
        *,
        shows: str | None = None,
        state: str = "",
        absent: bool = False,
        acts: tuple[RecordedAct, ...] = (),
    ) -> None:
        self._screen = self._screen or sight
        self.written.note(
            RecordedStep(
                does=call.does,
                words=call.words,
                nth=call.nth,
                frame=sight.screenshot.frame,
                page=sight.observation.url,
                target=target,
                shows=shows,
                state=state,
                absent=absent,
                acts=acts,
            )
        )


class Watching(Standing):
    """A screen that notes what an agent does to it, with the things that it touched. `done` is what the screen took."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.environment)
        self._stage = stage
        self.done: list[tuple[Action, Target | None]] = []

    async def step(self, action: Action) -> Observation:
        points = points_of(action)
        target = target_at(await self._stage.look(), points[0]) if points else None
        seen = await super().step(action)
        if seen.error is None and action.kind not in ("ask", "finish", "call_tool"):
            self.done.append((action, target))
        return seen


def moved(action: Action, by: Found, from_: Point) -> Action:
    """The same action where the thing is now: all its points are moved as that thing has."""
    dx, dy = by.point.x - from_.x, by.point.y - from_.y
    if action.kind == "drag":
        return action.model_copy(update={"path": tuple(Point(p.x + dx, p.y + dy) for p in action.path)})
    return action.model_copy(update={"point": by.point}) if points_of(action) else action
