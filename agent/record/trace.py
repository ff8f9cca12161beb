"""What a run leaves behind, as values: one `Step` for each turn of the loop, written as JSON lines."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice, repeat
from math import exp, log
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ...model import Generation
from ...policies import Decision, Spread
from ...screen import Box, Observation, Point, Size
from ...tools import Action, Task
from ..approvals import Approval
from ..permissions import Permissions
from .begun import Begun

Status = Literal["success", "failure", "stopped"]
Stop = Literal[
    "steps",
    "seconds",
    "tokens",
    "bad_outputs",
    "stuck",
    "unconfirmed",
    "unanswered",
    "denied",
    "in_doubt",
    "interrupted",
]
"""Which limit or rule stopped a run. `unconfirmed`: the policy said again and again that the task is done, and the
check did not find it so. `unanswered`: the model asked the user, and nobody answered. `in_doubt`: what a kill left in
doubt was to be done again, and nobody was there to say whether it may. A run that the user interrupted
can be resumed; its folder holds no outcome."""

Chances = tuple[tuple[str, float], ...]
"""A token that was written and its probability, then those that might have stood in its place, the likeliest first."""
MAX_TOKENS = 600
"""Of an answer, whose probabilities are kept."""
MAX_RIVALS = 3
LEAST_LOGPROB = log(0.01)
"""Of a rival that is kept."""

Effect = Literal["changed", "unchanged", "failed", "in_doubt", "not_done"]
Found = Literal["unchanged", "changed here", "changed elsewhere", "changed", "navigated"]
"""What the pictures say of an action: `here` is around the place that it touched, plain `changed` where it touched
none. `navigated`: another page, tab or window is shown."""
Reached = Literal["met", "not met", "unclear"]
"""What a check says of a goal."""
Then = Literal["replan", "ask"]
"""What comes of being stuck: the plan is made anew, or the user is asked what to do."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class TabSeen(_Record):
    title: str
    url: str
    active: bool


class Sight(_Record):
    """An observation without its picture. `frame` names the picture in frames/, sensitive places masked.

    `screen` stands for what the screen really showed; it is only good for telling whether that has changed.
    """

    frame: str
    screen: str
    width: int
    height: int
    scale: float = 1.0
    capture_s: float = 0.0
    """Seconds that the picture took, where that is known."""
    url: str = ""
    title: str = ""
    tabs: tuple[TabSeen, ...] = ()
    error: str | None = None
    events: tuple[str, ...] = ()

    @classmethod
    def of(cls, observation: Observation, *, frame: str, screen: str) -> "Sight":
        """What an observation showed, its picture stored as `frame`."""
        size = observation.screenshot.size
        return cls(
            frame=frame,
            screen=screen,
            width=size.width,
            height=size.height,
            scale=observation.screenshot.scale,
            capture_s=round(observation.screenshot.took_s, 4),
            url=observation.url,
            title=observation.title,
            tabs=tuple(TabSeen(title=tab.title, url=tab.url, active=tab.active) for tab in observation.tabs),
            error=observation.error,
            events=observation.events,
        )

    @property
    def size(self) -> Size:
        return Size(self.width, self.height)

    def differs(self, other: "Sight") -> bool:
        """Whether something happened between the other and this one, which came later."""
        mine, others = (
            (self.screen, self.url, self.title, self.tabs),
            (other.screen, other.url, other.title, other.tabs),
        )
        return mine != others or bool(self.events)


class Timing(_Record):
    """Seconds: of the whole decision, and within it of pixels and text, vision, prompt and answer."""

    decide_s: float = 0.0
    process_s: float = 0.0
    vision_s: float = 0.0
    prefill_s: float = 0.0
    decode_s: float = 0.0


class Decided(_Record):
    """What the policy made of a sight, with the tokens of all models. No actions: its words (`raw`) were unreadable."""

    actions: tuple[Action, ...] = ()
    thought: str = ""
    target: str = ""
    raw: str = ""
    boxes: tuple[Box, ...] = ()
    looks: int = 1
    confidence: float | None = None
    spread: Spread | None = None
    candidates: tuple[tuple[Point, float], ...] = ()
    """Places in question with their probabilities, the likeliest first."""
    prompt_tokens: int = 0
    visual_tokens: int = 0
    new_tokens: int = 0
    written: tuple[Chances, ...] = ()
    """The first tokens of `raw`, where the model told their probabilities."""
    timing: Timing = Timing()

    @classmethod
    def of(cls, decision: Decision, seconds: float) -> "Decided":
        """What a decision says, and how long it took."""
        generation = decision.generation or Generation(text="")
        usage, spent = decision.spent, generation.timings
        return cls(
            actions=decision.actions,
            thought=decision.thought,
            target=decision.target,
            raw=generation.text,
            boxes=decision.boxes,
            looks=decision.looks,
            confidence=decision.confidence,
            spread=decision.spread,
            candidates=tuple((_to_tenths(at), round(share, 4)) for at, share in decision.candidates),
            prompt_tokens=usage.prompt_tokens,
            visual_tokens=usage.visual_tokens,
            new_tokens=usage.new_tokens,
            written=_written(generation),
            timing=Timing(
                decide_s=seconds,
                process_s=spent.process_s,
                vision_s=spent.vision_s,
                prefill_s=spent.prefill_s,
                decode_s=spent.decode_s,
            ),
        )

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return self.prompt_tokens + self.new_tokens

    def decision(self, frame: str) -> Decision:
        """What the policy would be told of it again."""
        return Decision(
            actions=self.actions,
            frame=frame,
            thought=self.thought,
            target=self.target,
            boxes=self.boxes,
            looks=self.looks,
            confidence=self.confidence,
            spread=self.spread,
            candidates=self.candidates,
            generation=Generation(text=self.raw) if self.raw else None,
        )


def _written(generation: Generation) -> tuple[Chances, ...]:
    told = zip(generation.tokens, generation.logprobs, strict=False)
    rivals = generation.top_logprobs or repeat(())
    return tuple(_chances(*token, others) for token, others in islice(zip(told, rivals, strict=False), MAX_TOKENS))


def _to_tenths(point: Point) -> Point:
    return Point(round(point.x, 1), round(point.y, 1))


def _chances(token: str, logprob: float, others: Sequence[tuple[str, float]]) -> Chances:
    likely = [other for other in others[: MAX_RIVALS + 1] if other[1] >= LEAST_LOGPROB and other[0] != token]
    return tuple((_whole(text), round(exp(chance), 3)) for text, chance in ((token, logprob), *likely[:MAX_RIVALS]))


def _whole(text: str) -> str:
    """A server may tell half of a character, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


class Did(_Record):
    """One action, what the permissions said of it and what came of it. `role` and `name` are of the thing touched."""

    action: Action
    verdict: Literal["allowed", "asked", "denied"]
    rule: str = ""
    approval: Approval | None = None
    """What the user answered, where he was asked."""
    dialogs: tuple[Approval, ...] = ()
    """What the user answered to dialogs that the page opened while it was done."""
    role: str = ""
    name: str = ""
    effect: Effect = "not_done"
    error: str | None = None
    found: Found | None = None
    """None where nothing was compared: nothing was done, or the screen was lost meanwhile."""
    changed: float | None = None
    """The share of the screen's pixels that is another one, 0 to 1; not told of a secret."""
    result: str = ""
    """What a tool returned or the user answered."""
    seconds: float = 0.0


class Outcome(_Record):
    """How a run ended, with the reason in one sentence. `stop` is None unless `status` is stopped."""

    status: Status
    reason: str
    stop: Stop | None = None
    answer: str = ""


class Checked(_Record):
    """What somebody other than the policy says of a goal that it called reached."""

    verdict: Reached
    reason: str = ""
    tokens: int = 0


class PlanMade(_Record):
    """A plan that a planner made, all of it, the sub-goals that were done included.

    `turn` is the one before which it was made, `reason` why it was made anew, `fault` why there is only the plan as it
    was.
    """

    turn: int
    plan: tuple[str, ...]
    reason: str = ""
    fault: str = ""
    tokens: int = 0
    seconds: float = 0.0


class Step(_Record):
    """One turn of the loop: what it saw, decided and did, and what was found."""

    number: Annotated[int, Field(ge=1)]
    position: int
    """Index in the plan of the step that was worked on."""
    goal: str
    saw: Sight
    decided: Decided | None
    """None where the run was over before anything was decided."""
    did: tuple[Did, ...] = ()
    left: Sight | None = None
    """The screen after the last action."""
    error: str | None = None
    """What did not work, as the policy was told."""
    next_position: int
    is_refused: bool = False
    """Whether the task was finished with an answer that is not of the form asked for."""
    checked: Checked | None = None
    """Of the goal that was called reached; None where nobody was asked."""
    is_unconfirmed: bool = False
    """Whether the check did not let the goal count as reached."""
    then: Then | None = None
    outcome: Outcome | None = None
    ended_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0

    @property
    def thought(self) -> str:
        return "" if self.decided is None else self.decided.thought

    @property
    def actions(self) -> tuple[Action, ...]:
        return () if self.decided is None else self.decided.actions

    @property
    def looks(self) -> int:
        """How often the place was looked at."""
        return 1 if self.decided is None else self.decided.looks

    @property
    def confidence(self) -> float | None:
        return None if self.decided is None else self.decided.confidence

    @property
    def is_bad_output(self) -> bool:
        return self.decided is not None and not self.decided.actions


class Spent(_Record):
    """What steps took: seconds of everything, of deciding and of acting; tokens read, visual ones among them, and
    written."""

    seconds: float = 0.0
    deciding_s: float = 0.0
    acting_s: float = 0.0
    prompt_tokens: int = 0
    visual_tokens: int = 0
    new_tokens: int = 0

    @classmethod
    def on(cls, steps: Sequence[Step]) -> "Spent":
        """The sum over these steps."""
        decided = [step.decided for step in steps if step.decided]
        return cls(
            seconds=sum(step.seconds for step in steps),
            deciding_s=sum(one.timing.decide_s for one in decided),
            acting_s=sum(did.seconds for step in steps for did in step.did),
            prompt_tokens=sum(one.prompt_tokens for one in decided),
            visual_tokens=sum(one.visual_tokens for one in decided),
            new_tokens=sum(one.new_tokens for one in decided),
        )


class RunInfo(_Record):
    """What run.json holds."""

    format: Literal[1] = 1
    task: Task
    plan: tuple[str, ...]
    """As it is now."""
    plans: tuple[PlanMade, ...] = ()
    """Every plan that a planner made."""
    replans_steps: bool = False
    """Whether a planner may put others in the place of steps that the user gave."""
    keeps_facts: bool = False
    """Whether the model could note what it found, and can in a resumed run."""
    secrets: tuple[str, ...] = ()
    """The names of what the run may type and nobody may see."""
    is_checked: bool = False
    """Whether a goal must be confirmed by a check, and so a resumed run too."""
    policy: str
    model: str = ""
    environment: str = ""
    """The class of the screen; empty in runs of older versions."""
    begun: Begun | None = None
    """How the command line was told to begin it; None for a run from Python."""
    permissions: Permissions | None = None
    """None until the start is known."""
    confined: bool | None = None
    """Whether the browser was kept to what the permissions allow; None for a screen that is no browser."""
    started_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    outcome: Outcome | None = None
    fault: str = ""
    """What broke the run off, such as a browser that was lost. It can be resumed."""
    extended_after: int = 0
    """The step with which a limit ended the run that has been raised since; 0 where none was."""
    screen_tells: bool = False
    """Whether the screen shows of every action whether it was done, so that one in doubt may be done again."""


class Trajectory(_Record):
    """A run as it was read back. `info` is None where run.json is damaged; `warnings` say what could not be read."""

    info: RunInfo | None
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome | None:
        """How it ended; None for a run that is going on or was interrupted."""
        if self.info is not None and self.info.outcome is not None:
            return self.info.outcome
        extended_after = 0 if self.info is None else self.info.extended_after
        return self.steps[-1].outcome if self.steps and self.steps[-1].number > extended_after else None

    @property
    def spent(self) -> Spent:
        """What all steps together took."""
        return Spent.on(self.steps)
