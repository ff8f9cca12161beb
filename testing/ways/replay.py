"""By a recording, without a model: what was recorded is found again on the screen as it is now, or the step fails."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from ...errors import UsageError
from ...screen import Screenshot, Size
from ...tools import points_of
from ..call import Call
from ..claims import Is, Shows, There, holds_state, is_quoted, judge_text, read_claim, text_at, unquoted
from ..eyes import Judged, Told
from ..finding import find, pane_of, place_of
from ..plain import says
from ..recording import Recording, read_picture, read_recording
from ..recording.recorded import Key, RecordedStep, RecordedTarget
from ..recording.targets import remembered
from ..sight import Sight
from ..stage import PAUSE_S, Stage
from ..target import Found, Target
from ..verdicts import CheckFailed, NotFound, NotRecorded
from .record import moved
from .way import Mode

Seek = Callable[[int, Target, Sight, bool], Awaitable[Found]]
"""Finds the thing of an action, which has this place among those of its goal, on one look, and says NotFound; the last
argument is whether that look is the last one."""
ANEW = "record the test anew (--ui-mode=record; for step files, --mode record)"


class Replay:
    """Plays the recording in this file. A claim is never taken from it: what it was about is looked at again."""

    mode: Mode = "replay"

    def __init__(self, path: Path) -> None:
        """Raises UsageError where there is no recording."""
        self.path = path
        self.recording: Recording = read_recording(path)
        self._asked: set[Key] = set()

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        look_for = pane_of if call.does == "inside" else find
        return look_for(self._target(self.step(call)), sight)

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """What is claimed is in the words of the test; where to look for it is in the recording."""
        step, claim = self.step(call), read_claim(call.words)
        if isinstance(claim, There) and is_quoted(claim.thing):
            return judge_text(unquoted(claim.thing), sight, absent=claim.absent)
        if isinstance(claim, There):
            return _shown_again(self._target(step), sight)
        wanted = claim.text if isinstance(claim, Shows) else step.shows
        target = self._target(step)
        try:
            place = place_of(target, sight)
        except NotFound as gone:
            return Judged(met=False, reason=str(gone), box=gone.box)
        if isinstance(claim, Is):
            return _in_state(claim.state, place, sight)
        text = _text_at(place, sight)
        if wanted is None or not text:
            return _shown_again(target, sight)
        met = says(text, wanted)
        reason = f"the screen shows {text!r}" + ("" if met else f", not {wanted!r}")
        return Judged(met=met, reason=reason, box=place.box, shows=wanted)

    async def read(self, call: Call, sight: Sight, *, is_last: bool = True) -> Told:
        """The text that stands there now. Where the screen tells none it must look as it did, and says what it did."""
        step = self.step(call)
        target = self._target(step)
        place = place_of(target, sight)
        if text := _text_at(place, sight):
            return Told(text=text, box=place.box)
        if not step.shows:
            raise NotRecorded(f"nothing was read of {call.words!r} when it was recorded: {ANEW}", screen=sight.shown)
        again = _shown_again(target, sight)
        if not again.met:
            raise CheckFailed(f"{call.words!r}: {again.reason}", screen=sight.shown, box=again.box)
        return Told(text=step.shows, box=again.box)

    async def do(self, call: Call, stage: Stage, *, deadline_s: float) -> int:
        async def seek(part: int, target: Target, sight: Sight, is_last: bool) -> Found:
            return find(target, sight)

        await self.play(call, stage, seek, deadline_s=deadline_s)
        return 0

    async def play(self, call: Call, stage: Stage, seek: Seek, *, deadline_s: float) -> None:
        """The actions of a goal, one by one, each where `seek` says that its thing is; it is waited for."""
        for part, act in enumerate(self.step(call).acts):
            action = act.action
            if act.target is not None and points_of(action):
                target = self.remembered(act.target)
                found = await _sought(part, target, stage, seek, until=time.monotonic() + deadline_s)
                action = moved(action, found, target.point)
            await stage.act(action)

    def selected(self, call: Call, sight: Sight, found: Found) -> None:
        self._asked.add(call.key)

    def recorded(self, call: Call) -> Screenshot | None:
        kept = self.kept(call)
        with suppress(UsageError):  # its file may be missing, which whoever looks for the thing says
            return None if kept is None else read_picture(self.path, kept.picture, self.recording.made.scale)
        return None

    def unasked(self) -> tuple[str, ...]:
        left = (step for step in self.recording.steps if step.key not in self._asked)
        return tuple(str(Call(does=step.does, words=step.words, nth=step.nth)) for step in left)

    def healed(self, call: Call) -> bool:
        return False

    def keep(self) -> None:
        """Nothing is written."""

    def kept(self, call: Call) -> RecordedTarget | None:
        """The thing that a call was about, as it stands in the recording; None where it is not there."""
        step = self._steps.get(call.key)
        return None if step is None else step.target

    def step(self, call: Call) -> RecordedStep:
        """What was recorded of this call. Raises NotRecorded where the test has come to say something else since."""
        self._asked.add(call.key)
        step = self._steps.get(call.key)
        if step is None:
            raise NotRecorded(f"{call} is not in the recording {self.path.name}: {ANEW}")
        return step

    @cached_property
    def _steps(self) -> Mapping[Key, RecordedStep]:
        return {step.key: step for step in self.recording.steps}

    def _target(self, step: RecordedStep) -> Target:
        if step.target is None:
            raise NotRecorded(f"the recording of {step.words!r} names no place: {ANEW}")
        return self.remembered(step.target)

    def remembered(self, kept: RecordedTarget) -> Target:
        """A thing of the recording. Raises UsageError where its picture is missing."""
        made = self.recording.made
        crop = read_picture(self.path, kept.picture, made.scale)
        around = kept.around and read_picture(self.path, kept.around, made.scale)
        return remembered(kept, crop, Size(made.width, made.height), made.scale, around or None)


async def _sought(part: int, target: Target, stage: Stage, seek: Seek, *, until: float) -> Found:
    while True:
        is_last = time.monotonic() >= until
        try:
            return await seek(part, target, await stage.look(), is_last)
        except NotFound:
            if is_last:
                raise
        await asyncio.sleep(PAUSE_S)


def _shown_again(target: Target, sight: Sight) -> Judged:
    """Where no text tells, the picture must be there again, in every sign that it shows."""
    from ..looks.compare import compare  # OpenCV takes a while to import

    try:
        found = find(target, sight)
    except NotFound as gone:
        return Judged(met=False, reason=str(gone), box=gone.box)
    is_same = found.box is not None and compare(target.crop, sight.shown.crop(found.box)).same
    reason = "it is there as it was recorded" if is_same else "it does not look as it was recorded"
    return Judged(met=is_same, reason=reason, box=found.box)


def _in_state(state: str, place: Found, sight: Sight) -> Judged:
    held = None if place.box is None else holds_state(sight, place.box, state)
    reason = (
        f"it is {'' if held else 'no longer '}{state}" if held is not None else "the screen does not tell its state"
    )
    return Judged(met=held, reason=reason, box=place.box)


def _text_at(place: Found, sight: Sight) -> str:
    """Empty where the screen tells none."""
    return text_at(sight, place.box) if place.box is not None and sight.is_told else ""
