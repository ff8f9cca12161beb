"""By a recording; where that fails, by a model. What it found is written as a patch for people to read."""

from pathlib import Path

from ...errors import UsageError
from ...screen import Screenshot
from ..call import Call
from ..eyes import Eyes, Judged, Told
from ..finding import element_at, find, pane_at, target_at
from ..recording import read_picture
from ..recording.patch import write_patch
from ..recording.recorded import RecordedAct, RecordedOn, RecordedStep, RecordedTarget
from ..sight import Sight
from ..stage import Stage
from ..target import Found, Target
from ..verdicts import CheckFailed, NotFound, NotRecorded
from .live import Live
from .record import Written, moved
from .replay import Replay
from .way import Mode


class Heal:
    """As replay, with eyes for what it does not find. The recording itself stays as it is."""

    mode: Mode = "heal"

    def __init__(self, eyes: Eyes, path: Path, *, patches: Path) -> None:
        """Raises UsageError where there is no recording. The patch goes into the folder `patches`."""
        self.replay = Replay(path)
        self.live = Live(eyes)
        self.patches = patches
        self._repaired = Written(self.replay.recording.steps)
        self._healed: set[Call] = set()

    async def find(self, call: Call, sight: Sight, *, is_last: bool = True) -> Found:
        try:
            return await self.replay.find(call, sight)
        except (CheckFailed, NotRecorded) as failed:
            if isinstance(failed, NotFound) and not is_last:
                raise
            found = await self._found_by_model(call, sight, failed)
        self._healed.add(call)
        self._repaired.found(call, sight, found)
        return found

    async def _found_by_model(self, call: Call, sight: Sight, failed: CheckFailed | NotRecorded) -> Found:
        """What the eyes find, if it is a thing of the same sort; a place where the page has nothing is no repair."""
        found = await self.live.find(call, sight)
        kept = self.replay.kept(call)
        was = None if kept is None or kept.element is None else kept.element
        if was is None or not sight.is_told:
            return found
        pane = found.box if call.does == "inside" else None
        now = element_at(sight, found.point) if pane is None else pane_at(sight, pane)
        if now is None or now.role != was.role:
            what = "nothing that can be used" if now is None else f"the {now.role or 'thing'} {now.name!r}"
            reason = f"{failed}; the model points at {what}, not at a {was.role or 'thing'}"
            raise NotFound(reason, screen=sight.shown, box=found.box, tokens=found.tokens) from failed
        return found

    async def judge(self, call: Call, sight: Sight, *, is_last: bool = True) -> Judged:
        """What the recording does not show is judged anew, never taken over."""
        try:
            judged = await self.replay.judge(call, sight)
        except (CheckFailed, NotRecorded) as failed:
            judged = Judged(met=False, reason=str(failed))
        if judged.met or not is_last:
            return judged
        again = await self.live.judge(call, sight)
        if again.met:
            self._healed.add(call)
            self._repaired.judged(call, sight, again)
        return again

    async def read(self, call: Call, sight: Sight, *, is_last: bool = True) -> Told:
        try:
            return await self.replay.read(call, sight)
        except (CheckFailed, NotRecorded) as failed:
            if isinstance(failed, CheckFailed) and not is_last:
                raise
            told = await self.live.read(call, sight)
        self._healed.add(call)
        self._repaired.told(call, sight, told)
        return told

    async def do(self, call: Call, stage: Stage, *, deadline_s: float) -> int:
        """Action by action; a thing that is not found within its time is looked for by the name that it had."""
        was = self.replay.step(call).acts
        acts, tokens = list(was), 0

        async def seek(part: int, target: Target, sight: Sight, is_last: bool) -> Found:
            """By its picture; where that is in vain to the last, by its name, and the action is mended."""
            nonlocal tokens
            try:
                return find(target, sight)
            except NotFound:
                name = "" if target.element is None else target.element.name
                if not (name and is_last):
                    raise
            found = await self.live.find(Call(does="locate", words=name), sight)
            tokens += found.tokens
            again = self._repaired.target(call, target_at(sight, found.point, found.box), part + 1)
            acts[part] = RecordedAct(action=moved(was[part].action, found, target.point), target=again)
            return found

        await self.replay.play(call, stage, seek, deadline_s=deadline_s)
        if acts != list(was):
            self._healed.add(call)
            self._repaired.did(call, await stage.look(), acts)
        return tokens

    def selected(self, call: Call, sight: Sight, found: Found) -> None:
        self.replay.selected(call, sight, found)

    def recorded(self, call: Call) -> Screenshot | None:
        return self.replay.recorded(call)

    def unasked(self) -> tuple[str, ...]:
        return self.replay.unasked()

    def healed(self, call: Call) -> bool:
        return call in self._healed

    def keep(self) -> Path | None:
        """Write the repairs as a patch that `git apply` takes; None where nothing had to be repaired.

        Raises UsageError where they were made on another screen: a recording is in the pixels of one.
        """
        if not self._healed:
            return None
        steps = tuple(self._repaired.steps.values())
        new = self.replay.recording.model_copy(update={"steps": steps, "made": self._made()})
        return write_patch(self.patches, self.replay.path, new, self._pictures(new.steps))

    def _made(self) -> RecordedOn:
        """The screen of the recording and of its repairs."""
        made, first = self.replay.recording.made, self._repaired.first
        if first is None:
            return made
        size = first.size
        now = made.model_copy(update={"width": size.width, "height": size.height, "scale": first.scale})
        if made.width and now != made:
            was, here = (f"{one.width} x {one.height} pixels at scale {one.scale:g}" for one in (made, now))
            raise UsageError(f"{self.replay.path} was recorded at {was}: heal it there, for this screen has {here}")
        return now

    def _pictures(self, steps: tuple[RecordedStep, ...]) -> dict[str, Screenshot]:
        """Of all steps, the new ones and those that stay."""
        kept = [target for step in steps for target in _targets(step)]
        names = [name for target in kept for name in (target.picture, target.around) if name]
        made, scale = self._repaired.pictures, self.replay.recording.made.scale
        return {name: made.get(name) or read_picture(self.replay.path, name, scale) for name in names}


def _targets(step: RecordedStep) -> list[RecordedTarget]:
    return [target for target in (step.target, *(act.target for act in step.acts)) if target is not None]
