"""What is known of every lesson before any is learned, and kept for when the run goes on."""

import json
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from ...errors import UsageError
from ..lesson import Lesson, Outlined
from .examples import Example
from .sharded import World

READERS = max(1, min(8, os.cpu_count() or 1))
"""Threads that read lessons: pictures are decoded, hashed and cut up beside one another."""
_FOLDER = "surveys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surveyed:
    """What is known of a lesson once it was looked at.

    `opening` of its `tokens` are shared with the others of its family. `worth` is the weight of all that is learned.
    """

    tokens: int
    opening: int
    worth: float
    family: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What is known of all lessons, in their order."""

    lessons: tuple[Surveyed, ...]

    @property
    def digest(self) -> str:
        """Equal for equal lessons."""
        return sha256("".join(one.digest for one in self.lessons).encode()).hexdigest()[:16]

    @property
    def tokens(self) -> int:
        return sum(one.tokens for one in self.lessons)


def survey(lessons: Sequence[Lesson], read: Callable[[Lesson], Example], batch_tokens: int) -> Survey:
    """Looks at every lesson once, so that what cannot be learned is told before anything is.

    Pictures are looked at only where lessons cannot be told without them. Raises UsageError where there is no lesson,
    and for one that is longer than a row.
    """
    if not len(lessons):
        raise UsageError("there are no lessons to learn from")
    if isinstance(lessons, Outlined):
        outline = lessons.outline
        return Survey(lessons=tuple(surveyed(read(outline(n)), batch_tokens) for n in range(len(lessons))))

    def look(number: int) -> Surveyed:
        return surveyed(read(lessons[number]), batch_tokens)

    with ThreadPoolExecutor(READERS, "survey") as pool:
        return Survey(lessons=tuple(pool.map(look, range(len(lessons)))))


def kept_survey(
    lessons: Sequence[Lesson],
    read: Callable[[Lesson], Example],
    batch_tokens: int,
    *,
    out: Path,
    reader: str,
    world: World,
) -> Survey:
    """As `survey`, which is made once by one process and kept in the folder of the run, where lessons have a digest.

    `reader` says how they are read: by which checkpoint, and at which sizes. A lesson that is another one when it is
    learned must be told then.
    """
    if not isinstance(lessons, Outlined) or not len(lessons):
        return survey(lessons, read, batch_tokens)
    key = sha256(f"{lessons.digest()} {reader} {batch_tokens}".encode()).hexdigest()[:32]
    path = out / _FOLDER / f"{key}.json"
    if world.is_first and _read(path) is None:
        _keep(survey(lessons, read, batch_tokens), path)
    world.wait()
    return _read(path) or survey(lessons, read, batch_tokens)


def _keep(found: Survey, path: Path) -> None:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps([asdict(one) for one in found.lessons]), "utf-8")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _read(path: Path) -> Survey | None:
    try:
        return Survey(lessons=tuple(Surveyed(**row) for row in json.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, TypeError):
        return None


def surveyed(example: Example, batch_tokens: int) -> Surveyed:
    """What is known of one lesson. Raises UsageError for one that is longer than a row or has no weight."""
    if example.tokens > batch_tokens:
        raise UsageError(
            f"the lesson {example.name} has {example.tokens:,} tokens and a row {batch_tokens:,}: "
            "give more --batch-tokens, or smaller pictures"
        )
    if not 0 < example.weight < math.inf:
        raise UsageError(
            f"the lesson {example.name} has the weight {example.weight}; give one above 0, or leave it out"
        )
    written = repr([(turn.keys, turn.given) for turn in example.turns] + [example.weight])
    return Surveyed(
        tokens=example.tokens,
        opening=example.turns[0].opening,
        worth=example.learned * example.weight,
        family=example.family,
        digest=sha256(written.encode()).hexdigest(),
    )
