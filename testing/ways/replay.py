"""By a recording, without a model: what was recorded is found again on the screen as it is now, or the step fails."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from ...screen import Size
from ...tools import points_of
from ..call import Call
from ..claims import holds_state, judge_text, text_at
from ..eyes import Judged, Told
from ..finding import find, place_of
from ..plain import says
from ..recording import Recording, read_picture, read_recording
from ..recording.recorded import RecordedStep, RecordedTarget
from ..recording.targets import remembered
from ..sight import Sight
from ..stage import Stage
from ..target import Found, Target
from ..verdicts import CheckFailed, NotFound
from .record import moved
from .way import Mode

Key = tuple[str, str, int]


class Replay:
    """Plays the recording in this file. A claim is never taken from it: what it was about is looked at again."""

    mode: Mode = "replay"

    def __init__(self, path: Path) -> None:
        """Raises UsageError where there is no recording."""
        self.path = path
        self.recording: Recording = read_recording(path)

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        return find(self._target(self.step(call)), sight)

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """Where the claim was shown when it was recorded, the screen must show it now."""
        step = self.step(call)
        if step.target is None and step.shows is not None:
            return judge_text(step.shows, sight, absent=step.absent)
        target = self._target(step)
        if step.absent or (step.shows is None and not step.state):
            return _shown_again(target, sight, absent=step.absent)
        try:
            place = place_of(target, sight)
        except NotFound as gone:
            return Judged(met=False, reason=str(gone), box=gone.box)
        if place.box is None or not sight.is_told:
            return _shown_again(target, sight)
        if step.state:
            held = holds_state(sight, place.box, step.state)
            reason = f"it is {'' if held else 'no longer '}{step.state}"
            return Judged(met=bool(held), reason=reason, box=place.box, state=step.state)
        text, wanted = text_at(sight, place.box), step.shows or ""
        met = says(text, wanted)
        reason = f"the screen shows {text!r}" + ("" if met else f", not {wanted!r}")
        return Judged(met=met, reason=reason, box=place.box, shows=wanted)

    async def read(self, call: Call, sight: Sight) -> Told:
        """The text that stands there now. Where the screen tells none, it must look as it did, and says what it did."""
        step = self.step(call)
        target = self._target(step)
        place = place_of(target, sight)
        if place.box is not None and sight.is_told:
            return Told(text=text_at(sight, place.box), box=place.box)
        again = find(target, sight)
        if step.shows is None:
            raise CheckFailed(f"no model has read {call.words!r}: record the test anew", screen=sight.screenshot)
        return Told(text=step.shows, box=again.box)

    async def do(self, call: Call, stage: Stage) -> int:
        for act in self.step(call).acts:
            action = act.action
            if act.target is not None and points_of(action):
                sight = await stage.look()
                target = self.remembered(act.target)
                action = moved(action, find(target, sight), target.point)
            await stage.act(action)
        return 0

    def healed(self, call: Call) -> bool:
        return False

    def keep(self) -> None:
        """Nothing is written."""

    def kept(self, call: Call) -> RecordedTarget | None:
        """The thing that a call was about, as it stands in the recording; None where it is not there."""
        step = self._steps.get((call.does, call.words, call.nth))
        return None if step is None else step.target

    def step(self, call: Call) -> RecordedStep:
        """What was recorded of this call. Raises CheckFailed where the test has come to say something else since."""
        step = self._steps.get((call.does, call.words, call.nth))
        if step is None:
            raise CheckFailed(
                f"{call} is not in the recording {self.path.name}: record the test anew with --ui-mode=record"
            )
        return step

    @cached_property
    def _steps(self) -> Mapping[Key, RecordedStep]:
        return {(step.does, step.words, step.nth): step for step in self.recording.steps}

    def _target(self, step: RecordedStep) -> Target:
        if step.target is None:
            raise CheckFailed(f"the recording of {step.words!r} names no place: record the test anew")
        return self.remembered(step.target)

    def remembered(self, kept: RecordedTarget) -> Target:
        """A thing of the recording. Raises UsageError where its picture is missing."""
        made = self.recording.made
        crop = read_picture(self.path, kept.picture, made.scale)
        around = kept.around and read_picture(self.path, kept.around, made.scale)
        return remembered(kept, crop, Size(made.width, made.height), made.scale, around or None)


def _shown_again(target: Target, sight: Sight, *, absent: bool = False) -> Judged:
    """Where no text tells, the picture must be there again; or must not."""
    try:
        found = find(target, sight)
    except NotFound as gone:
        return Judged(met=absent, reason=str(gone), box=gone.box, absent=absent)
    return Judged(met=not absent, reason="it is there as it was recorded", box=found.box, absent=absent)
