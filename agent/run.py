"""The state that the graph carries, which is plain JSON, and the live things of a run, which it never stores."""

import asyncio
import hmac
import secrets as random_source
import time
from dataclasses import dataclass, field, replace
from typing import TypedDict

from ..environments.environment import Confines, Environment, Recovers
from ..errors import EnvironmentLost
from ..policies.policy import Policy, Turn
from ..screen import Observation, Screenshot, masked
from ..tools import Task, Tool
from .approvals import Approval, Approver
from .checking.checker import Checker
from .forms import Form
from .patience import Patience
from .permissions import Permissions
from .permissions.arrivals import Arrivals
from .permissions.reach import Reach
from .permissions.urls import read_url
from .planning.planner import Planner
from .plans import plan_of
from .record.folder import RunFolder
from .record.journal import Journal
from .record.trace import Did, Outcome, RunInfo, Sight, Step, Stop, Then
from .secrets import Secrets, shown_on
from .spans import Spans

Json = dict[str, object]

HISTORY_BYTES = 512_000_000
"""Pixels of past turns that are kept for the policy: 180 screens of the default viewport."""


class Due(TypedDict):
    """What a run that is stuck waits for, and why."""

    then: Then
    reason: str


class State(TypedDict):
    """What the graph carries. Records of trace.py are held as JSON; pictures are named by their hash."""

    plan: list[str]
    position: int
    turn: int
    index: int
    """Which of the decision's actions is next."""
    saw: Json | None
    now: Json | None
    decided: Json | None
    did: list[Json]
    error: str | None
    outcome: Json | None
    bad_outputs: int
    """In a row."""
    bad_outputs_in_all: int
    refused: int
    """How often the goal was called reached and was not confirmed."""
    fruitless: int
    same: int
    insists: int
    keys: list[str]
    """Of the last turns: what was done on which screen."""
    due: Due | None
    replans: int
    helps: int
    facts: dict[str, str]
    tokens: int
    spent_s: float
    answer: str


class Update(TypedDict, total=False):
    """What a node changes of the state."""

    plan: list[str]
    position: int
    turn: int
    index: int
    saw: Json | None
    now: Json | None
    decided: Json | None
    did: list[Json]
    error: str | None
    outcome: Json | None
    bad_outputs: int
    bad_outputs_in_all: int
    refused: int
    fruitless: int
    same: int
    insists: int
    keys: list[str]
    due: Due | None
    replans: int
    helps: int
    facts: dict[str, str]
    tokens: int
    spent_s: float
    answer: str


def first_state(task: Task) -> State:
    """The state before the first turn."""
    return State(
        plan=list(plan_of(task)),
        position=0,
        turn=1,
        index=0,
        saw=None,
        now=None,
        decided=None,
        did=[],
        error=None,
        outcome=None,
        bad_outputs=0,
        bad_outputs_in_all=0,
        refused=0,
        fruitless=0,
        same=0,
        insists=0,
        keys=[],
        due=None,
        replans=0,
        helps=0,
        facts={},
        tokens=0,
        spent_s=0.0,
        answer="",
    )


def then(state: State, update: Update) -> State:
    """The state with what a node changed of it."""
    return {**state, **update}


@dataclass(slots=True, kw_only=True, eq=False)
class Run:
    """Everything live that the nodes of one run work with."""

    info: RunInfo
    policy: Policy
    environment: Environment
    folder: RunFolder
    journal: Journal
    secrets: Secrets = field(default_factory=Secrets)
    approver: Approver | None = None
    tools: dict[str, Tool] = field(default_factory=dict[str, Tool])
    reach: Reach = field(init=False)
    """Where the browser may connect to."""
    arrivals: Arrivals = field(init=False)
    """Which files may be kept that arrive."""
    output: Form | None = None
    """What the answer must be read as."""
    planner: Planner | None = None
    checker: Checker | None = None
    patience: Patience = field(default_factory=Patience)
    has_answered: bool = False
    """Whether a model has answered in this process."""

    live: Observation | None = None
    """The screen as it was last seen, with its pixels; None when it must be looked at again."""
    untold: list[str] = field(default_factory=list[str])
    """What has happened since the policy was last shown the screen, in order."""
    decided_on: Observation | None = None
    """What the policy was shown last."""
    turns: list[Turn] = field(default_factory=list[Turn])
    """The turns since the policy was last reset."""
    steps: dict[int, Step] = field(default_factory=dict[int, Step])
    """What is in steps.jsonl, by number."""
    reset_for: tuple[int, str, bool] | None = None
    """What the policy was last reset for: the position in the plan, the goal there, and whether it is the last."""
    last_url: str = ""
    recoveries: int = 0
    """How often a lost screen was opened again."""
    relooks: int = 0
    """How often in a row the screen was looked at again because a thing had changed before it was acted on."""
    is_opened: bool = False
    is_reopened: bool = False
    """Whether the screen was opened anew since the last action began."""
    one_question: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a person is asked: a page may ask something at any moment."""
    dialogs: list[Approval] = field(default_factory=list[Approval])
    """What the user answered to dialogs of pages since the last action began."""
    questions: int = 0
    """How many of them the user was asked about."""
    begun: list[Did] = field(default_factory=list[Did])
    """The actions of the turn that is no step yet, the one that is under way among them."""
    is_stopping: bool = False
    """Whether the user asked to stop: the action that has begun is finished, and no other begins."""
    held: Outcome | None = None
    """Why it waits for the user, if it does: it can be resumed."""
    continued_turn: int = 0
    """The turn that another process had begun: what it had not yet done of it is decided anew."""
    spent_before_s: float = 0.0
    started: float = field(default_factory=time.monotonic)
    spans: Spans = field(default_factory=Spans)
    _stored: set[str] = field(default_factory=set[str])
    """The names of the pictures that are in frames/, or soon will be."""
    _unstored: list[Screenshot] = field(default_factory=list[Screenshot])
    _storing: "list[asyncio.Future[str]]" = field(default_factory=list["asyncio.Future[str]"])
    _key: bytes = field(default_factory=lambda: random_source.token_bytes(32))

    def __post_init__(self) -> None:
        self.reach = Reach(permissions=lambda: self.permissions)
        self.arrivals = Arrivals(permissions=lambda: self.permissions)

    @property
    def task(self) -> Task:
        return self.info.task

    @property
    def permissions(self) -> Permissions:
        return self.info.permissions or Permissions.for_url(self._start)

    @property
    def _start(self) -> str:
        """Where the run starts, as far as that is told before the screen is opened."""
        start = self.environment.start_url if isinstance(self.environment, Confines) else ""
        return self.task.start_url or start

    @property
    def outcome(self) -> Outcome | None:
        """How the run ended, None while it has not."""
        last = self.steps[max(self.steps)] if self.steps else None
        if last is None or last.number <= self.info.extended_after:
            return self.info.outcome
        return self.info.outcome or last.outcome

    def hold(self, why: Outcome) -> None:
        """End after this turn, until the user resumes the run."""
        self.held, self.is_stopping = why, True

    def note(self, **changes: object) -> None:
        """Change run.json."""
        self.info = self.info.model_copy(update=changes)
        self.folder.write_info(self.info)

    async def answer_to(self, question: str) -> str | None:
        """The user's answer in words; None where nobody is there. No dialog of a page is asked about meanwhile."""
        if self.approver is None:
            return None
        async with self.one_question:
            return await self.approver.answer(question)

    @property
    def spent_s(self) -> float:
        """Seconds of wall time that the run has taken, those before an interruption included."""
        return self.spent_before_s + time.monotonic() - self.started

    async def see(self, observation: Observation) -> Sight:
        """Make this the live observation, store its picture with sensitive places masked, and say what it showed.

        Where a secret can be read on the screen, that is masked for the policy, too.
        """
        shot, shown = observation.screenshot, await shown_on(self.environment, observation, self.secrets)
        self.live = self.secrets.hide_observation(replace(observation, screenshot=masked(shot, shown)))
        self.last_url = self.live.url or self.last_url
        self.untold += self.live.events
        boxes = (*await self.environment.sensitive_boxes(), *shown)
        frame = self._keep(masked(shot, boxes))
        # The hash of a picture with a secret on it would let anyone check a guess, so that one is keyed.
        screen = hmac.digest(self._key, shot.frame.encode(), "sha256").hex() if boxes else shot.frame
        return Sight.of(self.live, frame=frame, screen=screen)

    def _keep(self, picture: Screenshot) -> str:
        """Have a picture stored when there is time for it; its name."""
        if picture.frame not in self._stored:
            self._stored.add(picture.frame)
            self._unstored.append(picture)
        return picture.frame

    def begin_to_store(self) -> None:
        """Store the pictures that are not in frames/, by threads: now, while the policy thinks."""
        pictures, self._unstored = self._unstored, []
        self._storing += [asyncio.ensure_future(asyncio.to_thread(self.folder.keep_frame, one)) for one in pictures]

    async def stored(self) -> None:
        """Wait for those that were begun. Raises what one of them could not be stored for."""
        storing, self._storing = self._storing, []
        await asyncio.gather(*storing)

    async def all_kept(self) -> None:
        """Wait until every picture is in frames/. Raises as `stored` does."""
        self.begin_to_store()
        await self.stored()

    async def look(self) -> Sight:
        """The screen now. One that was lost is opened again where the run was, a few times in a run.

        Raises EnvironmentLost when that does not help, or has been done too often.
        """
        try:
            return await self.see(await self.environment.observe())
        except EnvironmentLost as lost:
            if self.recoveries >= self.task.limits.recoveries:
                raise
            self.recoveries += 1
            self.is_reopened = True
            again = await self._bring_back()
            event = f"the screen was lost and opened again: {lost}"
            return await self.see(replace(again, events=(*again.events, event)))

    async def open(self, last: Sight | None = None) -> Sight:
        """Bring the screen to where the task starts, or to where an interrupted run was last.

        A screen that is still there is left as it is, unless it shows another site.
        """
        self.is_opened = True
        if last is None:
            seen = await self.environment.reset(self.task)
            if self.info.permissions is None:
                self.note(permissions=Permissions.for_url(self._start, self._reached(seen.url)))
            return await self.see(seen)
        try:
            seen = await self.environment.observe()
        except EnvironmentLost:
            seen = None
        if seen is None or _site(seen.url) != _site(last.url):
            self.is_reopened = True
            seen = await self._reopen(last.url)
        return await self.see(seen)

    def _reached(self, url: str) -> str:
        """Where the start led; empty where nothing came from there: a refusal is shown under the address refused."""
        place = read_url(url)
        return "" if place is not None and self.reach.has_refused(place) else url

    async def _bring_back(self) -> Observation:
        """With its tabs and logins where the environment can do that; else the last page, afresh."""
        if isinstance(self.environment, Recovers):
            return await self.environment.recover()
        return await self._reopen(self.last_url)

    async def _reopen(self, url: str) -> Observation:
        return await self.environment.reset(self.task.model_copy(update={"start_url": url or self.task.start_url}))

    def remember(self, turn: Turn) -> None:
        """Keep a turn for the policy; the oldest go when their pixels no longer fit."""
        self.turns.append(turn)
        held = sum(kept.observation.screenshot.pixels.nbytes for kept in self.turns)
        while held > HISTORY_BYTES and len(self.turns) > 1:
            held -= self.turns.pop(0).observation.screenshot.pixels.nbytes


def _site(url: str) -> str:
    place = read_url(url)
    return "" if place is None else place.origin


def stopped(stop: Stop, reason: str) -> Outcome:
    return Outcome(status="stopped", stop=stop, reason=reason)
