"""When a person was first asked, for those who answer in another process: their question is made anew there."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from .folder import append_line, read_json_lines


class AskedAt(BaseModel):
    """When a question was asked. `turn` and `index` name the action that it was about.

    Of one that was answered in time also when, and the sha256 of the answer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    turn: int
    index: int
    digest: str
    asked_at: datetime
    answered_at: datetime | None = None
    answer: str = ""


def was_asked(path: Path, turn: int, index: int) -> bool:
    """Whether anything was asked about this action. Raises UsageError for a damaged file."""
    return any((one.turn, one.index) == (turn, index) for one in read_json_lines(path, AskedAt))


def last_asked(path: Path, turn: int, index: int, digest: str) -> datetime | None:
    """When exactly this was asked last; None where it never was. Raises UsageError for a damaged file."""
    times = [one.asked_at for one in read_json_lines(path, AskedAt) if _key(one) == (turn, index, digest)]
    return times[-1] if times else None


def answered_in_time(path: Path, turn: int, index: int, digest: str, answer: str) -> datetime | None:
    """When exactly this answer was first found to be in time; None where it never was."""
    known = (one for one in read_json_lines(path, AskedAt) if _key(one) == (turn, index, digest))
    return next((one.answered_at for one in known if one.answered_at is not None and one.answer == answer), None)


def keep_asked(path: Path, turn: int, index: int, digest: str, now: datetime) -> None:
    """On disk when this returns."""
    append_line(path, AskedAt(turn=turn, index=index, digest=digest, asked_at=now))


def keep_answered(
    path: Path, turn: int, index: int, digest: str, answer: str, *, asked_at: datetime, now: datetime
) -> None:
    """On disk when this returns."""
    asked = AskedAt(turn=turn, index=index, digest=digest, asked_at=asked_at, answered_at=now, answer=answer)
    append_line(path, asked)


def _key(one: AskedAt) -> tuple[int, int, str]:
    return one.turn, one.index, one.digest
