"""Qwen2-VL itself: native grounding marks and Hermes tool calls, coordinates in thousandths."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, assert_never

from ..errors import BadModelOutput, UsageError
from ..model import Conversation, Decoding, Generation, Message, Model, Picture
from ..screen import Box, Observation, Point, Quad, Screenshot, Size
from ..tools import Action, Finish, Task, Tool, function_schemas, points_of, toolbox
from .grammars import Answer, Shape, confidence, parse_answer, parse_grounding, spread, to_thousandths
from .grammars.dialogue import dialogue
from .grammars.limits import quoted
from .grammars.profile import INSTRUCT, Profile, find_profile, system_text
from .policy import Decision, Grounding, Turn
from .tried import boxes_in_vain, failed_at_end, was_tried

if TYPE_CHECKING:
    from ..model.checkpoint.devices import DeviceMap

WARMER = 0.4
"""How much each further try raises the temperature, up to 1."""
ALTERNATIVES = 3
"""How often another action is asked for instead of one that was tried in vain."""

_Read = TypeVar("_Read")


class Qwen2VLPolicy:
    """Acts and points with a model of this architecture, in the form that the profile says it was trained on."""

    def __init__(
        self,
        model: Model,
        *,
        profile: Profile = INSTRUCT,
        tools: Iterable[Tool | Callable[..., object]] = (),
        decoding: Decoding | None = None,
    ) -> None:
        self.model = model
        self.profile = profile
        self.tools = toolbox(tools)
        own = [tool.shown for tool in self.tools.values()]
        self.decoding = decoding or Decoding(max_new_tokens=profile.max_new_tokens)
        if profile.calls is not None and self.decoding.grammar is None:
            self.decoding = replace(self.decoding, grammar=profile.calls(own))
        self._locating = replace(self.decoding, grammar=profile.places)
        self._system = system_text(profile, function_schemas(custom=own))
        self._task: Task | None = None

    def reset(self, task: Task) -> None:
        self._task = task

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """What the model does next.

        A greedy model would only say again what did not work. Where the profile has a grammar, this takes away the
        places that were tried in vain; otherwise each such answer raises the temperature, and so does a decision that
        does the same once more.
        """
        if self._task is None:
            raise UsageError("the policy has no task: call reset(task) before act")
        conversation = dialogue(self.profile, self._system, self._task.goal, history, observation)
        tried = boxes_in_vain(history) if self.profile.answers else []
        decoding = self._decoding(self._task.goal, tried, observation.screenshot.size)
        tries = len(failed_at_end(history)) - len(tried)
        decision = self._decide(conversation, observation, history, _warmed(decoding, tries))
        for further in range(1, ALTERNATIVES + 1):
            if not was_tried(decision, history):
                break
            with suppress(BadModelOutput):  # a readable repetition is better than an unreadable alternative
                decision = self._decide(conversation, observation, history, _warmed(decoding, tries + further))
        return decision

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        """Where the first thing is that the model sees for the description."""
        prompt = self.profile.ground.format(description=description)
        message = Message("user", (Picture(screenshot.pixels), prompt))
        generation = self.model.generate(Conversation(messages=(message,)), self._locating)
        references = _reading(generation, lambda text: parse_grounding(text, screenshot.size))
        shape = next((shape for reference in references for shape in reference.shapes), None)
        if shape is None:
            raise BadModelOutput(f"the model named no place for {quoted(description)}", raw=generation.text)
        return Grounding(
            point=shape if isinstance(shape, Point) else shape.center,
            box=_box(shape),
            confidence=confidence(generation, self.profile.calibration),
            spread=spread(generation, screenshot.size),
            generation=generation,
        )

    def _decide(
        self, conversation: Conversation, observation: Observation, history: Sequence[Turn], decoding: Decoding
    ) -> Decision:
        generation = self.model.generate(conversation, decoding)
        size, pointer = observation.screenshot.size, _pointer(history)
        answer = _reading(generation, lambda text: parse_answer(text, size, pointer=pointer, custom=self.tools))
        boxes = (_box(shape) for shape in answer.shapes)
        return Decision(
            actions=_steps(answer, self.profile),
            frame=observation.screenshot.frame,
            thought=answer.thought,
            boxes=tuple(box for box in boxes if box is not None),
            confidence=confidence(generation, self.profile.calibration),
            spread=spread(generation, size),
            generation=generation,
        )

    def _decoding(self, goal: str, tried: Sequence[Box], size: Size) -> Decoding:
        """How to decode, within the profile's grammar where the caller has none of their own."""
        if self.profile.answers is None or self.decoding.grammar is not None:
            return self.decoding
        boxes = [Box(*to_thousandths(Point(b.x1, b.y1), size), *to_thousandths(Point(b.x2, b.y2), size)) for b in tried]
        return replace(self.decoding, grammar=self.profile.answers(goal, boxes))


def load_policy(
    name_or_folder: str | Path,
    *,
    profile: Profile | str | None = None,
    device: str | None = None,
    dtype: str | None = None,
    tools: Iterable[Tool | Callable[..., object]] = (),
    min_pixels: int | None = None,
    max_pixels: int | None = None,
    backend: str | None = None,
    base_url: str | None = None,
    quantize: str | None = None,
    device_map: "DeviceMap | None" = None,
) -> Qwen2VLPolicy:
    """A policy with the checkpoint of this name or folder, asked in the form that it was trained on.

    `profile` is needed only for a checkpoint that does not say which it is; `backend` and `base_url` say where it
    runs, as `open_model` has it, and `quantize` and `device_map` how it fits there, as `load_model` has it. Raises
    UsageError for a checkpoint or profile that is not known, ModelUnavailable for one that cannot be loaded.
    """
    found = profile if isinstance(profile, Profile) else find_profile(name_or_folder, name=profile)
    box = toolbox(tools)  # before the weights: a fault in a tool is then told at once
    from ..model import open_model

    model = open_model(
        name_or_folder,
        backend=backend,
        base_url=base_url,
        device=device,
        dtype=dtype,
        min_pixels=min_pixels,
        max_pixels=max_pixels,
        quantize=quantize,
        device_map=device_map,
    )
    return Qwen2VLPolicy(model, profile=found, tools=box.values())


def _warmed(decoding: Decoding, tries: int) -> Decoding:
    """How to decode after so many tries on the same screen: warmer each time, and repeatable."""
    if tries <= 0:
        return decoding
    temperature = max(decoding.temperature, min(1.0, decoding.temperature + WARMER * tries))
    return replace(decoding, temperature=temperature, seed=(decoding.seed or 0) + tries)


def _steps(answer: Answer, profile: Profile) -> tuple[Action, ...]:
    """The actions of an answer, and the end of the step where the profile says that one answer does it."""
    if profile.single_step and not isinstance(answer.actions[-1], Finish):
        return (*answer.actions, Finish(status="success"))
    return answer.actions


def _pointer(history: Sequence[Turn]) -> Point | None:
    """Where the last action left the mouse."""
    done = (action for turn in reversed(history) if turn.decision for action in reversed(turn.decision.actions))
    return next((point for action in done for point in reversed(points_of(action))), None)


def _reading(generation: Generation, read: Callable[[str], _Read]) -> _Read:
    """What the text says. Raises BadModelOutput with the whole text as `raw`, and says when it was cut off."""
    try:
        return read(generation.text)
    except BadModelOutput as error:
        cut = f"; the answer was cut off after {generation.new_tokens} tokens"
        reason = f"{error}{cut}" if generation.finish == "length" else str(error)
        raise BadModelOutput(reason, raw=generation.text) from None


def _box(shape: Shape) -> Box | None:
    match shape:
        case Point():
            return None
        case Quad():
            return shape.box
        case Box():
            return shape
        case _:
            assert_never(shape)
