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
        self.steps = {step.key: step for step in steps}
        self.pictures: dict[str, Screenshot] = {}
        self.first: Sight | None = None
        """The first screen that something was noted on."""

    def note(self, step: RecordedStep) -> None:
        """A step that was noted before, such as a claim that was waited for, is replaced in its place."""
        self.steps[step.key] = step

    def found(self, call: Call, sight: Sight, found: Found) -> None:
        thing = target_at(sight, found.point, found.box, is_pane=call.does == "inside")
        self._note(call, sight, self.target(call, thing))

    def judged(self, call: Call, sight: Sight, judged: Judged) -> None:
        """With the part of the screen that shows it, unless it may stand anywhere."""
        target = None if judged.anywhere else self._part(call, sight, judged.box)
        self._note(call, sight, target, shows=judged.shows)

    def told(self, call: Call, sight: Sight, told: Told) -> None:
        self._note(call, sight, self._part(call, sight, told.box), shows=told.text)

    def did(self, call: Call, sight: Sight, acts: Iterable[RecordedAct]) -> None:
        self._note(call, sight, None, acts=tuple(acts))

    def target(self, call: Call, target: Target, part: int = 0) -> RecordedTarget:
        """The thing as it is written down, its picture kept for the folder."""
        known = list(self.steps)
        number = known.index(call.key) + 1 if call.key in known else len(known) + 1
        slug = re.sub(r"[^a-z0-9]+", "-", call.words.lower()).strip("-")[:MAX_SLUG_CHARS]
        name = "-".join(filter(None, (f"{number:02}", call.does, slug, str(part) if part else ""))) + ".png"
        self.pictures[name] = target.crop
        if target.around is None:
            return recorded(target, name)
        wider = name.replace(".png", "-around.png")
        self.pictures[wider] = target.around
        return recorded(target, name, wider)

    def _part(self, call: Call, sight: Sight, box: Box | None) -> RecordedTarget:
        """A part of the screen, or all of it."""
        whole = box or sight.size.box
        return self.target(call, target_at(sight, whole.center, whole))

    def _note(
        self,
        call: Call,
        sight: Sight,
        target: RecordedTarget | None,
        *,
        shows: str | None = None,
        acts: tuple[RecordedAct, ...] = (),
    ) -> None:
        self.first = self.first or sight
        self.note(
            RecordedStep(
                does=call.does,
                words=call.words,
                nth=call.nth,
                frame=sight.screenshot.frame,
                page=sight.observation.url,
                target=target,
                shows=shows,
                acts=acts,
            )
        )


class Record:
    """As live, with all that it finds written down. Nothing stands in a file before `keep`."""

    mode: Mode = "record"

    def __init__(self, eyes: Eyes, path: Path, *, test: str = "") -> None:
        self.path, self.test = path, test
        self.live = Live(eyes)
        self.written = Written()

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        found = await self.live.find(call, sight)
        self.written.found(call, sight, found)
        return found

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """A claim that holds is kept with the part of the screen that shows it: a replay looks there again."""
        judged = await self.live.judge(call, sight)
        if judged.met:
            self.written.judged(call, sight, judged)
        return judged

    async def read(self, call: Call, sight: Sight, *, is_last: bool = True) -> Told:
        told = await self.live.read(call, sight)
        self.written.told(call, sight, told)
        return told

    async def do(self, call: Call, stage: Stage, *, deadline_s: float) -> int:
        """The actions of the agent are kept one by one, each with the thing that it touched."""
        seen = Watching(stage)
        policy = self.live.eyes.policy()
        sight = await stage.look()
        tokens = await run_agent(call.words, seen, policy)
        acts = [
            RecordedAct(action=action, target=target and self.written.target(call, target, part))
            for part, (action, target) in enumerate(seen.done, 1)
        ]
        self.written.did(call, sight, acts)
        return tokens

    def selected(self, call: Call, sight: Sight, found: Found) -> None:
        """It is kept as all things are: a replay knows it, should its selector no longer."""
        self.written.found(call, sight, found)

    def recorded(self, call: Call) -> None:
        """It is only now recorded."""

    def unasked(self) -> tuple[str, ...]:
        """None: the calls of this run are all that is written."""
        return ()

    def healed(self, call: Call) -> bool:
        return False

    def keep(self) -> Path:
        """Write the recording; called when the test has passed. Raises UsageError where that is impossible."""
        write_recording(self.path, self.recording(), self.written.pictures)
        return self.path

    def recording(self) -> Recording:
        """What has been noted so far."""
        from ... import __version__

        first = self.written.first
        size = (0, 0) if first is None else (first.size.width, first.size.height)
        made = RecordedOn(
            clickwright=__version__,
            model=self.live.eyes.name,
            platform=platform.system().lower(),
            width=size[0],
            height=size[1],
            scale=1.0 if first is None else first.scale,
        )
        return Recording(test=self.test, made=made, steps=tuple(self.written.steps.values()))


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
