"""People in the loop: what they are asked, what they may answer, and what is kept of it. All of it is plain JSON."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Literal, Protocol, cast, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from ..environments.environment import Facts
from ..tools import ACTION, Action
from .permissions import AskUser, Trigger
from .permissions.rules import APPROVAL_S
from .permissions.urls import read_url


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Approve(_Record):
    """Do exactly what was asked about, once. `digest` is that of the question, and no other question has it."""

    kind: Literal["approve"] = "approve"
    digest: str
    by: str = ""
    answered_at: datetime | None = None


class Refuse(_Record):
    """Do not. Ends the run."""

    kind: Literal["deny"] = "deny"
    reason: str = ""
    by: str = ""


class Edit(_Record):
    """Do this instead, if the permissions let it be done."""

    kind: Literal["edit"] = "edit"
    digest: str
    action: Action
    by: str = ""


class TakeOver(_Record):
    """The person has acted on the screen, and hands it back: the agent looks anew."""

    kind: Literal["take_over"] = "take_over"
    by: str = ""


Answer = Approve | Refuse | Edit | TakeOver
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


class Approval(_Record):
    """What is kept of an answer, beside the action that it was given for: who said what, and when, to which digest.

    `reason` is why it was asked, `place` the origin that was agreed to, and `asked_about` the action before an edit.
    """

    answer: Literal["approve", "deny", "edit", "take_over"]
    trigger: Trigger
    digest: str
    reason: str = ""
    place: str = ""
    by: str = ""
    asked_at: datetime
    answered_at: datetime
    asked_about: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(AskUser):
    """What a person is asked: the verdict of the permissions, with the action and the thing that it is about.

    `digest` is of this one question: the next one about the same action on the same thing has another.
    """

    action: Action
    role: str = ""
    name: str = ""
    page: str = ""
    """The origin of the page, with its host in punycode; the window on a desktop."""
    asked_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    expires_s: float = APPROVAL_S

    @classmethod
    def of(cls, asked: AskUser, action: Action, facts: Facts, expires_s: float = APPROVAL_S) -> "Question":
        """The question for a verdict; secrets are hidden by the caller."""
        place = read_url(facts.url) if facts.url else None
        return cls(
            trigger=asked.trigger,
            digest=asked.digest,
            reason=asked.reason,
            place=asked.place,
            action=action,
            role=facts.role,
            name=facts.name,
            page=facts.window if place is None else place.origin,
            expires_s=expires_s,
        )

    def approve(self, by: str = "") -> Approve:
        """Yes, to exactly this."""
        return Approve(digest=self.digest, by=by, answered_at=datetime.now(UTC))

    def edit(self, action: Action, by: str = "") -> Edit:
        """Another action in the place of this one."""
        return Edit(digest=self.digest, action=action, by=by)

    def as_json(self) -> dict[str, JsonValue]:
        """Everything about it, for a person elsewhere; `read_answer` reads what comes back."""
        return {
            "kind": "approval",
            "digest": self.digest,
            "trigger": self.trigger,
            "reason": self.reason,
            "action": cast(JsonValue, ACTION.dump_python(self.action, mode="json")),
            "role": self.role,
            "name": self.name,
            "page": self.page,
            "place": "" if self.place is None else self.place.origin,
            "asked_at": self.asked_at.isoformat(),
            "expires_s": self.expires_s,
        }


class Approver(Protocol):
    """Whoever can speak for the user while a run goes on."""

    async def approve(self, request: Question, question: str) -> bool | Answer:
        """Whether exactly this may be done, now: yes or no, or one of the answers above.

        Nothing is done where it takes longer than `request.expires_s`.
        """
        ...

    async def answer(self, question: str) -> str | None:
        """The user's answer to a question of the model; None when nobody is there."""
        ...


@runtime_checkable
class WaitsForPeople(Protocol):
    """An approver who answers at once that a person takes over, and knows when they are done."""

    async def handed_back(self) -> None:
        """Wait until the person hands the screen back, however long that takes."""
        ...


class InterruptApprover:
    """Asks by interrupting the LangGraph graph that the run is part of, and takes the answer of `Command(resume=...)`.

    The interrupt's value is `Question.as_json()` with the question as text; the answer is JSON as of `Approve`,
    `Refuse`, `Edit` or `TakeOver`, with the digest of the question. A question of the model is interrupted for with
    {"kind": "question"}, and answered by a text or None.
    """

    async def approve(self, request: Question, question: str) -> Answer:
        return read_answer(_interrupt({**request.as_json(), "question": question}))

    async def answer(self, question: str) -> str | None:
        said = _interrupt({"kind": "question", "question": question})
        return said if isinstance(said, str) else None


def read_answer(value: object) -> Answer:
    """An answer from JSON. What cannot be read, or is bound to no question, is a refusal."""
    try:
        return ANSWER.validate_python(value)
    except ValidationError as error:
        fault = error.errors()[0]
        return Refuse(reason=f"the answer could not be read: {' '.join(map(str, fault['loc']))} {fault['msg']}".strip())


def as_answer(said: bool | Answer, question: Question) -> Answer:
    """A plain yes or no, as an answer to this question."""
    if isinstance(said, bool):
        return question.approve() if said else Refuse()
    return said


def kept(question: Question, answer: Answer, now: datetime) -> Approval:
    """What the record says of it."""
    return Approval(
        answer=answer.kind,
        trigger=question.trigger,
        digest=question.digest,
        reason=question.reason,
        place="" if question.place is None else question.place.origin,
        by=answer.by,
        asked_at=question.asked_at,
        answered_at=now,
        asked_about=question.action if isinstance(answer, Edit) else None,
    )


def interruption() -> type[Exception]:
    """What is raised where a question interrupts the graph, instead of being answered."""
    from langgraph.errors import GraphInterrupt  # langgraph takes a second to import

    return GraphInterrupt


def _interrupt(value: dict[str, JsonValue]) -> object:
    from langgraph.types import interrupt  # langgraph takes a second to import

    return interrupt(value)
