"""A run as conversations to train on: what the checkpoint would be told, and the answer that worked, in its own words.

The form is that of Qwen's chat templates: messages of parts, `{"type": "image", "image": PATH}` among them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import JsonValue

from ...errors import BadModelOutput, UsageError
from ...model import Message, Picture
from ...model.processor import Budget
from ...policies import Decision, Turn
from ...policies.grammars import Canvas
from ...policies.profiles import PROFILES, Acting, Profile, find_profile
from ...policies.prompts import Told, acting_conversation
from ...screen import Observation, Screenshot
from ...tools import Action, Finish, all_functions
from ..record.folder import RunFolder
from ..record.sights import observation_of
from ..record.trace import Sight, Step, Trajectory
from ..record.worked import worked
from .lines import Line, picture_path

USUAL = "instruct"


def profile_of(run: Trajectory, name: str | None) -> Profile:
    """The profile of this name, else that of the run's own model, else Qwen2-VL's. Raises UsageError."""
    if name is None and (run.info is None or not run.info.model):
        return PROFILES[USUAL]
    model = run.info.model if run.info is not None else ""
    try:
        return find_profile(model, name=name)
    except UsageError:
        if name is not None:
            raise
        return PROFILES[USUAL]


def chat_lines(run: Trajectory, folder: RunFolder, base: Path, profile: Profile) -> list[Line]:
    """A conversation for each step that worked, with the turns before it. Paths are relative to the folder `base`.

    Coordinates are the checkpoint's own. Left out are steps that failed, were denied or are in doubt, and those for
    whose actions the checkpoint has no words. Raises UsageError for a profile that only points, or that names what it
    acts on by something that a run does not keep.
    """
    acting = profile.act
    if acting is None:
        raise UsageError(f"{profile.title} only points: choose a profile that acts")
    if acting.naming is not None:
        raise UsageError(f"{profile.title} names elements, which a run does not keep: choose a profile that points")
    return list(_lines(run, acting, _Shelf(folder=folder, base=base, profile=profile)))


@dataclass(slots=True, kw_only=True)
class _Shelf:
    """The run's pictures, read once each."""

    folder: RunFolder
    base: Path
    profile: Profile
    shots: dict[str, Screenshot] = field(default_factory=dict[str, Screenshot])
    paths: dict[int, str] = field(default_factory=dict[int, str])

    def observation(self, sight: Sight) -> Observation:
        """What was seen. Raises UsageError where the picture is missing."""
        shot = self.shots.get(sight.frame)
        if shot is None:
            shot = self.shots[sight.frame] = self.folder.load_frame(sight.frame, scale=sight.scale)
            self.paths[id(shot.pixels)] = picture_path(sight, self.folder, self.base)
        return observation_of(sight, shot)

    def canvas(self, sight: Sight) -> Canvas:
        """The screen at the size at which a checkpoint with the usual budget reads it."""
        budget = Budget().but(min_pixels=self.profile.min_pixels, max_pixels=self.profile.max_pixels)
        seen = budget.resized(sight.size, factor=self.profile.factor)
        return Canvas(size=sight.size, space=self.profile.space, seen=seen)

    def parts(self, message: Message) -> JsonValue:
        """A message in the form of the chat templates."""
        parts: list[JsonValue] = []
        for part in message.parts:
            if isinstance(part, str):
                parts.append({"type": "text", "text": str(part)})
            elif isinstance(part, Picture):
                parts.append({"type": "image", "image": self.paths[id(part.pixels)]})
        return {"role": message.role, "content": parts}


def _lines(run: Trajectory, acting: Acting, shelf: _Shelf) -> Iterator[Line]:
    before: list[Turn] = []
    due = (-1, "")
    for step in run.steps:
        if (step.position, step.goal) != due:
            before, due = [], (step.position, step.goal)
        try:
            seen = shelf.observation(step.saw)
        except UsageError:
            continue
        answer = _answer(step, acting, shelf.canvas(step.saw))
        if answer:
            yield _line(step, seen, before, answer, acting, shelf)
        if step.decided is not None:
            before.append(_turn(step, seen, acting))


def _line(step: Step, seen: Observation, before: list[Turn], answer: str, acting: Acting, shelf: _Shelf) -> Line:
    canvas = shelf.canvas(step.saw)
    width, height = (int(extent) for extent in canvas.extent)
    told = Told(goal=step.goal, functions=all_functions(width, height), own=(), canvas=canvas)
    conversation = acting_conversation(acting, told, before, seen)
    messages = [*conversation.messages, Message("assistant", (answer,))]
    return {"messages": [shelf.parts(message) for message in messages], "step": step.number}


def _answer(step: Step, acting: Acting, canvas: Canvas) -> str:
    """What the checkpoint wrote, or would have written, for what was done; empty where that is no example."""
    actions = _kept(step.actions, acting)
    if not actions or not worked(step):
        return ""
    own = acting.prefill + ("" if step.decided is None else step.decided.raw)
    try:
        if acting.language.parse(own, canvas).actions == actions:
            return own
    except BadModelOutput:
        pass  # another family's words
    try:
        return acting.language.write(actions, canvas, thought=step.thought)
    except UsageError:
        return ""


def _kept(actions: tuple[Action, ...], acting: Acting) -> tuple[Action, ...]:
    """Without the end of the step where one answer is the whole step."""
    return tuple(action for action in actions if not (acting.is_single_step and isinstance(action, Finish)))


def _turn(step: Step, seen: Observation, acting: Acting) -> Turn:
    actions = _kept(step.actions, acting)
    if not actions:
        return Turn(observation=seen, raw="" if step.decided is None else step.decided.raw, error=step.error)
    decision = Decision(actions=actions, frame=seen.screenshot.frame, thought=step.thought)
    return Turn(observation=seen, decision=decision, error=step.error)
