"""Records as lessons: what a family of checkpoints is told and what it answers, by the code that asks it later on.

Prompts, history and coordinates are those of `policies`; nothing of them is said here a second time.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import overload

import numpy as np

from ...errors import UsageError
from ...model import Marked, Message, Picture, Video
from ...model import Part as Given
from ...model.processor import Budget
from ...policies.asking import require_asks
from ...policies.grammars import Canvas, Reference
from ...policies.grammars.native import NativePlaces
from ...policies.profiles import Acting, Pointing, Profile
from ...policies.prompts import pointing_conversation
from ...screen import Screenshot, Size
from ...tools import Action, CallTool
from ..lesson import Lesson
from .courses import course_lessons
from .folder import RecordFolder
from .marked import marked_text, unmarked
from .record import Acted, Film, Locate, Named, Record, Said, Shown, Text, written_record
from .stand_ins import outlined, stand_ins, with_pictures
from .store import Store

DRAFTED = 64
"""Records whose lessons are kept without their pictures: the steps of a trajectory are told all at once."""
SeenSize = Callable[[Size], Size]
"""The size at which a checkpoint reads a picture, as `Model.seen_size` has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The lessons of a record, and why some of it is none for this family, a sentence each."""

    lessons: tuple[Lesson, ...] = ()
    left_out: tuple[str, ...] = ()


def seen_by(profile: Profile) -> SeenSize:
    """The size at which a checkpoint of a family reads a picture within the usual pixel budget of that family."""
    budget = Budget().but(min_pixels=profile.min_pixels, max_pixels=profile.max_pixels)
    return lambda size: budget.resized(size, factor=profile.factor)


def lessons_of(
    record: Record, folder: RecordFolder, profile: Profile, *, seen: SeenSize | None = None, failed: bool = False
) -> Made:
    """What a record teaches a checkpoint of a family. `seen` is that of the family unless told.

    A trajectory is one lesson a step, or a lesson of many turns where the family is told what came before in turns that
    only grow; every step is learned once, with the prompt that it is asked with. What a family has no words for is left
    out and told, and so is a trajectory that is known to have missed its goal, but with `failed`. Raises UsageError
    where a picture cannot be read.
    """
    if is_failed(record) and not failed:
        return Made(left_out=(f"{record.id}: it did not reach its goal",))
    drafted = _drafted(record, profile, seen or seen_by(profile))
    lessons = tuple(_shown(lesson, record, folder) for lesson in drafted.lessons)
    return replace(drafted, lessons=lessons)


def _shown(lesson: Lesson, record: Record, folder: RecordFolder) -> Lesson:
    return with_pictures(lesson, lambda number: Picture.of(folder.load(record.pictures[number])))


def _drafted(record: Record, profile: Profile, see: SeenSize) -> Made:
    """The lessons with stand-ins for their pictures."""
    shots = stand_ins(record.pictures)
    try:
        sizes = [picture.size for picture in record.pictures]
        canvases = [Canvas(size=size, space=profile.space, seen=see(size)) for size in sizes]
        if record.trajectory is not None:
            lessons, left_out = course_lessons(record.id, record.trajectory, acting_of(profile), shots, canvases)
            return Made(lessons=lessons, left_out=left_out)
        return _chat_lessons(record, profile, shots, canvases)
    except UsageError as error:
        return Made(left_out=(f"{record.id}: {error}",))


class Lessons(Sequence[Lesson]):
    """All lessons of some records for a family, in their order. Pictures are read when a lesson is taken.

    `left_out` says why some of the records, or some steps, are none. Trajectories that are known to have missed their
    goal are counted in `failed_out` and left out as well, unless they are asked for with `failed`. Raises UsageError
    where nothing is left.
    """

    def __init__(
        self,
        records: Sequence[Record],
        folder: RecordFolder,
        profile: Profile,
        *,
        seen: SeenSize | None = None,
        failed: bool = False,
    ) -> None:
        self._records, self._folder, self._profile, self._failed = records, folder, profile, failed
        self._see = seen or seen_by(profile)
        self._drafts = lru_cache(maxsize=DRAFTED)(self._drafts_of)
        self._places: list[tuple[int, int]] = []
        self.failed_out = 0
        left_out: list[str] = []
        for number, record in enumerate(records):
            if is_failed(record) and not failed:
                self.failed_out += 1
                continue
            drafted = _drafted(record, profile, self._see)
            self._places += ((number, n) for n in range(len(drafted.lessons)))
            left_out += drafted.left_out
        self.left_out = tuple(left_out)
        if not self._places:
            missed = f"{self.failed_out} did not reach their goal" if self.failed_out else "there are no records"
            reason = left_out[0] if left_out else missed
            raise UsageError(f"{profile.title} learns nothing from these records: {reason}")

    def __len__(self) -> int:
        return len(self._places)

    @property
    def records(self) -> Iterator[Record]:
        """The records of which there are lessons, in their order, each read anew."""
        return (self._records[number] for number in dict.fromkeys(number for number, _ in self._places))

    @overload
    def __getitem__(self, index: int) -> Lesson: ...
    @overload
    def __getitem__(self, index: slice) -> list[Lesson]: ...
    def __getitem__(self, index: int | slice) -> Lesson | list[Lesson]:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        record, lesson = self._draft(index)
        return _shown(lesson, record, self._folder)

    def outline(self, number: int) -> Lesson:
        """A lesson whose stills have their size and their name, and no pixels that may be looked at."""
        record, lesson = self._draft(number)
        return with_pictures(
            lesson,
            lambda n: outlined(record.pictures[n]),
            frames=lambda n: Picture.of(self._folder.load(record.pictures[n])),
        )

    def digest(self) -> str:
        """Equal for equal records that are told to the same family."""
        digest = sha256(f"{self._profile.name} {self._failed}".encode())
        if isinstance(self._records, Store):
            digest.update(self._records.digest().encode())
        else:
            for record in self._records:
                digest.update(f"{written_record(record)}\n".encode())
        return digest.hexdigest()

    def _draft(self, index: int) -> tuple[Record, Lesson]:
        number, n = self._places[index]
        record, lessons = self._drafts(number)
        return record, lessons[n]

    def _drafts_of(self, number: int) -> tuple[Record, tuple[Lesson, ...]]:
        record = self._records[number]
        return record, _drafted(record, self._profile, self._see).lessons


def is_failed(record: Record) -> bool:
    """Whether it is a trajectory that is known to have missed its goal."""
    return record.trajectory is not None and record.trajectory.is_failed


def acting_of(profile: Profile) -> Acting:
    """How a family acts by places. Raises UsageError for one that does not."""
    if profile.act is None:
        raise UsageError(f"{profile.title} only points")
    if profile.act.naming is not None:
        raise UsageError(f"{profile.title} names elements, and a record has places")
    return profile.act


def _chat_lessons(record: Record, profile: Profile, shots: Sequence[Screenshot], canvases: Sequence[Canvas]) -> Made:
    """One lesson for the whole conversation; where it asks for places, one for each question and its answer."""
    askers = {said.role for said in record.messages for part in said.parts if isinstance(part, Locate)}
    if askers - {"user"}:
        raise UsageError("a place is asked for by a user")
    if askers:
        return _pointed_lessons(record, _pointing_of(profile), shots, canvases)
    require_asks(profile)
    talk = _Talk(profile=profile, shots=shots, canvases=canvases)
    messages = tuple(talk.message(message) for message in record.messages)
    return Made(lessons=(Lesson(name=record.id, messages=messages),))


def _pointing_of(profile: Profile) -> Pointing:
    if profile.ground is None:
        raise UsageError(f"{profile.title} does not point")
    if profile.ground.has_head:
        raise UsageError(f"{profile.title} points with a head, which no text teaches")
    return profile.ground


def _pointed_lessons(
    record: Record, pointing: Pointing, shots: Sequence[Screenshot], canvases: Sequence[Canvas]
) -> Made:
    """A lesson for each question, those left out that are for no place. The family has a system message of its own."""
    asked = [(said, answer) for said, answer in pairwise(record.messages) if said.role == "user"]
    lessons: list[Lesson] = []
    left_out: list[str] = []
    for n, (said, answer) in enumerate(asked):
        name = record.id if len(asked) == 1 else f"{record.id}/{n}"
        try:
            lessons.append(Lesson(name=name, messages=_pointed(said, answer, pointing, shots, canvases)))
        except UsageError as error:
            left_out.append(f"{name}: {error}")
    return Made(lessons=tuple(lessons), left_out=tuple(left_out))


def _pointed(
    asked: Said, answered: Said, pointing: Pointing, shots: Sequence[Screenshot], canvases: Sequence[Canvas]
) -> tuple[Message, ...]:
    """The question in the family's own words, and the place as it writes it."""
    where = [part for part in asked.parts if isinstance(part, Locate)]
    named = [part for part in answered.parts if isinstance(part, Named)]
    if not where:
        raise UsageError("what is no question for a place is not learned beside those that are")
    if len(where) != 1 or len(named) != 1 or answered.role != "assistant":
        raise UsageError("a question for a place asks for one thing and is answered by one reference")
    canvas = canvases[where[0].picture]
    told = pointing_conversation(pointing, where[0].text, canvas, shots[where[0].picture])
    reference = Reference(description=named[0].text or where[0].text, shapes=named[0].shapes)
    written = pointing.places.write(reference, canvas)
    answer = written if written.startswith(told.prefix) else told.prefix + written
    return (*told.messages, Message("assistant", (answer,)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    """Messages of records as a family is told them."""

    profile: Profile
    shots: Sequence[Screenshot]
    canvases: Sequence[Canvas]

    def message(self, said: Said) -> Message:
        """A text in which places are named has their marks as tokens, and broken by a space in all other words."""
        is_marked = said.role == "assistant" or any(isinstance(part, Named) for part in said.parts)
        return Message(said.role, tuple(self._given(part, is_marked) for part in said.parts))

    def _given(self, part: object, is_marked: bool) -> Given:
        match part:
            case Text():
                return Marked(unmarked(part.text)) if is_marked else part.text
            case Named():
                return Marked(self._places(part))
            case Shown():
                return Picture(self.shots[part.picture].pixels)
            case Film():
                return Video(np.stack([self.shots[frame.picture].pixels for frame in part.frames]))
            case Acted():
                return self._actions(part)
            case _:
                raise UsageError("a place is asked for by a user")

    def _places(self, part: Named) -> str:
        if self.profile.ground is None or not isinstance(self.profile.ground.places, NativePlaces):
            raise UsageError(f"{self.profile.title} has no words for places in running text")
        return marked_text([part], self.canvases)

    def _actions(self, part: Acted) -> str:
        canvas = replace(self.canvases[part.picture], tools=tool_names(part.actions))
        return acting_of(self.profile).language.write(part.actions, canvas, thought=part.thought)


def tool_names(actions: Iterable[Action]) -> frozenset[str]:
    """The user's own functions that are called."""
    return frozenset(action.name for action in actions if isinstance(action, CallTool))
