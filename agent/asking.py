"""A person asked for an agreement: the question, the answer in time, and what is kept of both."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ..environments.environment import Facts
from .approvals import (
    Answer,
    Approve,
    Approver,
    Edit,
    InterruptApprover,
    Question,
    Refuse,
    as_answer,
    interruption,
    kept,
)
from .permissions import AskUser
from .record.asked import answered_in_time, keep_answered, keep_asked, last_asked
from .record.folder import ASKED
from .record.trace import Did
from .run import Run

Place = tuple[int, int, int]
"""The turn, which of its actions, and how often a person has put another action in the place of that one."""


async def ask(run: Run, did: Did, facts: Facts, verdict: AskUser, place: Place | None = None) -> tuple[Did, Answer]:
    """The user's answer, and the record of it. Nobody there, no answer in time, another digest: a refusal.

    Without a place nobody is asked who answers in another process: what asks does not wait for that.
    """
    own = place if isinstance(run.approver, InterruptApprover) else None
    verdict = replace(verdict, reason=run.secrets.hide(verdict.reason), digest=_bound(verdict.digest, run, own))
    if run.approver is None or (isinstance(run.approver, InterruptApprover) and place is None):
        rule = f"this needs the user's permission ({verdict.trigger}): {verdict.reason}"
        return did.model_copy(update={"rule": rule}), Refuse()
    shown = replace(facts, role=did.role, name=did.name, window=run.secrets.hide(facts.window))
    question = Question.of(verdict, did.action, shown, run.permissions.approval_s)
    words = f"{told(did)}: {verdict.reason}. Do it?"
    if isinstance(run.approver, InterruptApprover) and place is not None:
        answer, question, now = await _from_elsewhere(run, run.approver, question, words, place)
    else:
        answer = await _answered(run.approver, question, words, run.one_question)
        now = datetime.now(UTC)
        answer = _in_time(answer, question, now)
    rule = f"the user said no ({verdict.trigger}): {verdict.reason}" if isinstance(answer, Refuse) else verdict.reason
    approval = kept(question, answer, now)
    return did.model_copy(update={"verdict": "asked", "rule": rule, "approval": approval}), answer


async def _from_elsewhere(
    run: Run, approver: InterruptApprover, question: Question, words: str, place: Place
) -> tuple[Answer, Question, datetime]:
    """The answer that another process brings, the question as it was asked, and when it was answered.

    The node is done again with each answer, those that it had before among them: what was in time stays so, and what
    came too late never becomes an answer to a question that was asked anew.
    """
    path = run.folder.path / ASKED
    turn, index, _ = place
    before = last_asked(path, turn, index, question.digest)
    if before is not None and not _is_over(before, question.expires_s, datetime.now(UTC)):
        question = replace(question, asked_at=before)
    try:
        answer = await _answered(approver, question, words, run.one_question)
    except interruption():
        if question.asked_at != before:
            keep_asked(path, turn, index, question.digest, question.asked_at)
        raise
    question = replace(question, asked_at=before or question.asked_at)
    said = hashlib.sha256(run.secrets.hide(answer.model_dump_json()).encode(errors="surrogatepass")).hexdigest()
    known = answered_in_time(path, turn, index, question.digest, said)
    now = known or datetime.now(UTC)
    judged = _in_time(answer, question, now, question.asked_at)
    if judged is answer and known is None:
        keep_answered(path, turn, index, question.digest, said, asked_at=question.asked_at, now=now)
    return judged, question, now


def _bound(digest: str, run: Run, place: Place | None) -> str:
    """The digest of one question, so that an answer is good for no other, be it about the same thing.

    With a place it is the same again where the node is done again, in whatever process; else it is like no other.
    """
    once = secrets.token_hex(16) if place is None else f"{run.info.started_at.isoformat()} {place}"
    return hashlib.sha256(f"{digest} {once}".encode()).hexdigest()


async def _answered(approver: Approver, question: Question, words: str, one_at_a_time: asyncio.Lock) -> Answer:
    async with one_at_a_time:
        elapsed = _stopwatch()
        try:
            async with asyncio.timeout(question.expires_s):
                answer = as_answer(await approver.approve(question, words), question)
        except TimeoutError:
            return Refuse(reason=f"nobody answered within {question.expires_s:g} s")
        # An approver that blocks the loop is not cut off by the timeout, and that clock stands while a machine sleeps.
        if isinstance(answer, Approve | Edit) and elapsed() > question.expires_s:
            return Refuse(reason=f"the answer took longer than {question.expires_s:g} s")
        return answer


def _stopwatch() -> Callable[[], float]:
    """The seconds since now, by that of two clocks which says more: one stands in sleep, one may be set back."""
    began, asked_at = time.monotonic(), datetime.now(UTC)
    return lambda: max(time.monotonic() - began, (datetime.now(UTC) - asked_at).total_seconds())


def _in_time(answer: Answer, question: Question, now: datetime, asked_at: datetime | None = None) -> Answer:
    """A refusal in the place of an answer to another question, or of one that was asked or given too long ago."""
    if not isinstance(answer, Approve | Edit):
        return answer
    if answer.digest != question.digest:
        return Refuse(reason="the answer was given for another question; each is good for one question, once")
    said_at = answer.answered_at if isinstance(answer, Approve) else None
    if said_at is not None and _is_over(said_at, question.expires_s, now):
        return Refuse(reason=f"the answer is older than {question.expires_s:g} s")
    if asked_at is not None and _is_over(asked_at, question.expires_s, now):
        return Refuse(reason=f"the answer came more than {question.expires_s:g} s after the question")
    return answer


def _is_over(since: datetime, seconds: float, now: datetime) -> bool:
    return now - since.astimezone(UTC) > timedelta(seconds=seconds)


def told(did: Did) -> str:
    """What is to be done on what, for a question or a reason."""
    thing = " ".join(part for part in (did.role, repr(did.name) if did.name else "") if part)
    return f"{did.action.kind.replace('_', ' ')}{' on ' + thing if thing else ''}"
