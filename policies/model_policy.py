"""A model that acts and points, in the words that its checkpoint was trained on."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import partial

from ..errors import BadModelOutput, UsageError
from ..model import Conversation, Decoding, Generation, Grammar, Model
from ..screen import Observation, Point, Screenshot
from ..tools import (
    ELEMENTS,
    MARKS,
    Action,
    Ask,
    Finish,
    Function,
    PointAction,
    Task,
    Tool,
    all_functions,
    named_functions,
    points_of,
    toolbox,
)
from .grammars import Answer, Canvas, Occasion, box_of, center_of, confidence, places, spread
from .heads import pointed
from .locating import Located, beside
from .looks import settled
from .policy import Decision, Grounder, Grounding, Turn
from .profiles import Acting, Doubt, Pointing, Profile
from .prompts import Told, acting_conversation, goal_told, pointing_conversation
from .reading.limits import quoted
from .shown import Detector, Shown, require_use
from .tried import boxes_in_vain, failed_at_end, was_tried
from .turns import answer_in_turns
from .understood import understood
from .usage import Spending, Usage

WARMER = 0.4
"""How much each further try raises the temperature, up to 1."""
ALTERNATIVES = 3
"""How often another action is asked for instead of one that was tried in vain."""


class ModelPolicy:
    """Acts and points with a model, in the form that the profile says its checkpoint was trained on."""

    def __init__(
        self,
        model: Model,
        *,
        profile: Profile,
        tools: Iterable[Tool | Callable[..., object]] = (),
        decoding: Decoding | None = None,
        doubt: Doubt | None = None,
        grounder: Grounder | None = None,
        detector: Detector | None = None,
        tells_elements: bool = False,
    ) -> None:
        """A `grounder` points at what the model names in words, a `detector` finds the boxes that are numbered for it.

        Without them the model points itself, and the page's own elements are numbered. `tells_elements`: it is also
        told in words what can be acted on. `doubt` is the profile's own unless given; a `grounder` looks by its own.
        Raises UsageError for what the profile has no place for.
        """
        self.model = model
        self.profile = profile
        self.tools = toolbox(tools)
        self._own = [tool.shown for tool in self.tools.values()]
        if self._own and not (profile.act and profile.act.is_told_of_tools):
            raise UsageError(f"{profile.title} was trained on its own actions only and cannot be told of tools")
        self.decoding = decoding or Decoding(max_new_tokens=profile.max_new_tokens, stop=profile.stop)
        self.doubt = profile.doubt if doubt is None else doubt
        self._apart = beside(model)
        self._given = (grounder, detector, tells_elements)
        naming = profile.act and profile.act.naming
        require_use(profile, grounder, detector, tells_elements=tells_elements, doubt=doubt)
        self.grounder = grounder
        if grounder is None and naming == ELEMENTS:
            pointing = replace(profile, act=None)
            self.grounder = ModelPolicy(self._apart, profile=pointing, decoding=decoding, doubt=doubt)
        self._shown = Shown(is_marked=naming == MARKS, tells_elements=tells_elements, detector=detector)
        self._task: Task | None = None

    def reset(self, task: Task) -> None:
        self._task = task

    def apart(self) -> "ModelPolicy":
        """Another one of the same on the same model, with a memory of its own: neither disturbs the other."""
        return self._on(beside(self.model))

    def together(self) -> "ModelPolicy":
        """The same for many threads, which each take one `apart`: what they ask at once is answered in one batch."""
        from ..model.together import together

        return self._on(together(self.model))

    def _on(self, model: Model) -> "ModelPolicy":
        grounder, detector, tells_elements = self._given
        return ModelPolicy(
            model,
            profile=self.profile,
            tools=self.tools.values(),
            decoding=self.decoding,
            doubt=self.doubt,
            grounder=grounder.apart() if isinstance(grounder, ModelPolicy) else grounder,
            detector=detector,
            tells_elements=tells_elements,
        )

    def offered(self, tool: Tool) -> "ModelPolicy | None":
        """The same on the same model and memory, told of one more tool; None where its checkpoint can be told of none.

        This one is told of no more than before.
        """
        if not (self.profile.act and self.profile.act.is_told_of_tools):
            return None
        other = copy(self)
        other.tools = {**self.tools, tool.name: tool}
        other._own = [own.shown for own in other.tools.values()]
        return other

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """What the model does next.

        A greedy model would only say again what did not work. Where the profile's grammar takes away the places that
        were tried in vain, they cannot be named again; otherwise each such answer raises the temperature, and so does
        a decision that does the same once more. Raises UsageError for a checkpoint that only points.
        """
        spending = Spending()
        with spending.told_by_errors():
            decision = self._acted(observation, history, spending)
        return replace(decision, usage=spending.usage)

    def _acted(self, observation: Observation, history: Sequence[Turn], spending: Spending) -> Decision:
        if self._task is None:
            raise UsageError("the policy has no task: call reset(task) before act")
        acting = self._acting()
        canvas = self._canvas(observation.screenshot, pointer=_pointer(history))
        told = Told(goal=self._task.goal, functions=self._functions(canvas), own=self._own, canvas=canvas)
        before = [replace(turn, observation=self._shown.of(turn.observation)) for turn in history]
        conversation = acting_conversation(acting, told, before, self._shown.of(observation))
        located = None if self.grounder is None else Located(self.grounder, observation.screenshot, spending)
        # Only now: what was done before is not told by the numbers that things have on this screen.
        canvas = replace(canvas, locate=located and located.point, marks=self._shown.marks(observation))
        tried = boxes_in_vain(history) if acting.avoids_tried else []
        goal = goal_told(acting, self._task.goal, history, observation)
        occasion = Occasion(goal=goal, tried=tried, functions=self._own)
        decide = partial(self._decide, acting, conversation, canvas, observation, occasion, located, spending)
        tries = len(failed_at_end(history)) - len(tried)
        decision = decide(tries)
        for further in range(1, ALTERNATIVES + 1):
            if not was_tried(decision, history):
                break
            with suppress(BadModelOutput):  # a readable repetition is better than an unreadable alternative
                decision = decide(tries + further)
        return decision if tried else self._settled(decision, observation.screenshot, spending)

    def ground(self, screenshot: Screenshot, description: str) -> Grounding:
        """Where the first thing is that the model, or the one that points for it, sees for the description.

        It looks as often as the doubt wants. Raises UsageError for a checkpoint that does not point.
        """
        if self.grounder is not None:
            return self.grounder.ground(screenshot, description)
        spending = Spending()
        with spending.told_by_errors():
            first = self._look(spending, description, screenshot)
            found = self._looked_again(spending, description, screenshot, first)
        return replace(found, usage=spending.usage)

    def _looked_again(
        self, spending: Spending, description: str, screenshot: Screenshot, first: Grounding
    ) -> Grounding:
        if self.doubt is None:
            return first
        sight = self.model.seen_size(screenshot.size)
        return settled(partial(self._look, spending, description), screenshot, first, self.doubt, sight)

    def _settled(self, decision: Decision, screenshot: Screenshot, spending: Spending) -> Decision:
        """The decision with its one place looked at again where it is in doubt; a question where it stays so.

        What a grounder found was looked at again by that one.
        """
        points = {point for action in decision.actions for point in points_of(action)}
        is_pointed = self.grounder is not None or self.profile.ground is not None
        if self.doubt is None or not is_pointed or not decision.target or len(points) != 1:
            return decision
        if self.grounder is None:
            decision = self._decided_again(decision, points.pop(), screenshot, spending)
        if decision.confidence is not None and decision.confidence < self.doubt.asks_below:
            doubts = f"I am not sure which is meant by {decision.target!r}. How do I know it?"
            return replace(decision, actions=(Ask(question=doubts),))
        return decision

    def _decided_again(self, decision: Decision, point: Point, screenshot: Screenshot, spending: Spending) -> Decision:
        first = Grounding(
            point=point,
            box=decision.boxes[0] if decision.boxes else None,
            confidence=decision.confidence,
            spread=decision.spread,
            candidates=decision.candidates,
        )
        found = self._looked_again(spending, decision.target, screenshot, first)
        return replace(
            decision,
            actions=tuple(_moved(action, found.point) for action in decision.actions),
            boxes=decision.boxes if found.box is None else (found.box, *decision.boxes[1:]),
            confidence=found.confidence,
            spread=found.spread,
            candidates=found.candidates,
            looks=found.looks,
        )

    def _look(self, spending: Spending, description: str, screenshot: Screenshot) -> Grounding:
        """Where the thing is, in one look."""
        pointing = self._pointing()
        canvas = self._canvas(screenshot)
        conversation = pointing_conversation(pointing, description, canvas, screenshot)
        if pointing.has_head:
            found = pointed(self._apart, self.profile.title, conversation, screenshot.size)
            spending.add(Usage.of(found.generation))
            return found
        decoding = self._kept_to(lambda: pointing.places.grammar(canvas))
        generation = self._apart.generate(conversation, decoding)
        spending.add(Usage.of(generation))
        canvas = self._as_seen(canvas, generation)
        references = understood(generation, lambda text: pointing.places.parse(pointing.prefill + text, canvas))
        shape = next((shape for reference in references for shape in reference.shapes), None)
        if shape is None:
            raise BadModelOutput(f"the model named no place for {quoted(description)}", raw=generation.text)
        return Grounding(
            point=center_of(shape),
            box=box_of(shape),
            confidence=confidence(generation, canvas, self.profile.calibration),
            spread=spread(generation, canvas),
            candidates=places(generation, canvas),
            generation=generation,
        )

    def _decide(
        self,
        acting: Acting,
        conversation: Conversation,
        canvas: Canvas,
        observation: Observation,
        occasion: Occasion,
        located: Located | None,
        spending: Spending,
        tries: int,
    ) -> Decision:
        generation, done = self._answer(acting, conversation, canvas, occasion, tries)
        spending.add(Usage.of(generation))
        canvas = self._as_seen(canvas, done)
        answer = understood(generation, lambda text: acting.language.parse(acting.prefill + text, canvas))
        found = () if located is None else located.of(answer.references)
        boxes = (*(box_of(shape) for shape in answer.shapes), *(one.box for one in found))
        sureness = (confidence(done, canvas, self.profile.calibration), *(one.confidence for one in found))
        return Decision(
            actions=answer.actions if self._goes_on else _steps(answer, acting),
            frame=observation.screenshot.frame,
            thought=answer.thought,
            target=answer.references[0].description if answer.references else "",
            boxes=tuple(box for box in boxes if box is not None),
            confidence=min((one for one in sureness if one is not None), default=None),
            spread=found[0].spread if found else spread(done, canvas),
            candidates=found[0].candidates if found else places(done, canvas),
            generation=generation,
        )

    def _answer(
        self, acting: Acting, conversation: Conversation, canvas: Canvas, occasion: Occasion, tries: int
    ) -> tuple[Generation, Generation]:
        """What the model writes, and that part of it in which something is done."""
        decoding = _warmed(self._kept_to(partial(acting.language.grammar, canvas, occasion)), tries)
        if acting.second:
            planning = partial(acting.language.grammar, canvas, replace(occasion, plans=True))
            plans = _warmed(self._kept_to(planning), tries)
            return answer_in_turns(self.model, conversation, acting.second, plans, decoding)
        generation = self.model.generate(conversation, decoding)
        return generation, generation

    @property
    def _goes_on(self) -> bool:
        """Whether the task takes answers until its world says that it is over."""
        return self._task is not None and self._task.ends_itself

    def _acting(self) -> Acting:
        if self.profile.act is None:
            raise UsageError(f"{self.profile.title} only points: let another model plan, and give it as the grounder")
        return self.profile.act

    def _pointing(self) -> Pointing:
        if self.profile.ground is None:
            raise UsageError(f"{self.profile.title} was not trained to point at what is described")
        return self.profile.ground

    def _canvas(self, screenshot: Screenshot, *, pointer: Point | None = None) -> Canvas:
        return Canvas(
            size=screenshot.size,
            space=self.profile.space,
            seen=self.model.seen_size(screenshot.size),
            pointer=pointer,
            tools=self.tools,
        )

    def _as_seen(self, canvas: Canvas, generation: Generation) -> Canvas:
        """The same for the size at which the picture was read in the end: smaller where memory did not do for it."""
        return replace(canvas, seen=self.model.seen_size(canvas.size)) if generation.is_halved else canvas

    def _functions(self, canvas: Canvas) -> tuple[Function, ...]:
        """All that may be called, in the coordinates of the canvas, or with places named as the profile has it."""
        naming = self.profile.act and self.profile.act.naming
        if naming is not None:
            return named_functions(naming, custom=self._own)
        width, height = (int(extent) for extent in canvas.extent)
        return all_functions(width, height, custom=self._own)

    def _kept_to(self, grammar: Callable[[], Grammar | None]) -> Decoding:
        """How to decode, within this grammar where the caller has none of their own."""
        return self.decoding if self.decoding.grammar is not None else replace(self.decoding, grammar=grammar())


def _moved(action: Action, point: Point) -> Action:
    """The same action at another place; itself where it has none."""
    return action.model_copy(update={"point": point}) if isinstance(action, PointAction) else action


def _warmed(decoding: Decoding, tries: int) -> Decoding:
    """How to decode after so many tries on the same screen: warmer each time, and repeatable."""
    if tries <= 0:
        return decoding
    temperature = max(decoding.temperature, min(1.0, decoding.temperature + WARMER * tries))
    return replace(decoding, temperature=temperature, seed=(decoding.seed or 0) + tries)


def _steps(answer: Answer, acting: Acting) -> tuple[Action, ...]:
    """The actions of an answer, and the end of the step where the profile says that one answer does it."""
    if acting.is_single_step and not isinstance(answer.actions[-1], Finish):
        return (*answer.actions, Finish(status="success"))
    return answer.actions


def _pointer(history: Sequence[Turn]) -> Point | None:
    """Where the last action left the mouse."""
    done = (action for turn in reversed(history) if turn.decision for action in reversed(turn.decision.actions))
    return next((point for action in done for point in reversed(points_of(action))), None)
