"""What is tested must not be trained on: the same picture, or the same thing asked at the same place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .record import Locate, Named, Record

Key = tuple[str, str, str, tuple[int, ...]]
"""The task, what is asked, of what, and where, in whole pixels."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is only tested: its pictures by their hashes, and its targets."""

    frames: frozenset[str]
    targets: frozenset[Key]

    @classmethod
    def of(cls, records: Iterable[Record]) -> "HeldOut":
        frames: set[str] = set()
        targets: set[Key] = set()
        for record in records:
            frames.update(picture.frame for picture in record.pictures)
            targets.update(targets_of(record))
        return cls(frozenset(frames), frozenset(targets))


@dataclass(slots=True)
class Removal:
    """Leaves out of training what is held out, and counts. A record that shares both counts as one of a picture."""

    held: HeldOut
    kept: int = 0
    shared_pictures: int = 0
    shared_targets: int = 0
    names: list[str] = field(default_factory=list[str])
    """Of the records that were left out."""

    def of(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records that share nothing with the test data."""
        for record in records:
            if any(picture.frame in self.held.frames for picture in record.pictures):
                self.shared_pictures += 1
            elif not self.held.targets.isdisjoint(targets_of(record)):
                self.shared_targets += 1
            else:
                self.kept += 1
                yield record
                continue
            self.names.append(record.id)

    @property
    def told(self) -> str:
        """The counts in one sentence."""
        return (
            f"{self.kept} kept; left out: {self.shared_pictures} with a picture of the test data, "
            f"{self.shared_targets} with the same task, words and target"
        )


def targets_of(record: Record) -> Iterator[Key]:
    """What is meant in a record: each thing that is asked for, and each target of a step."""
    asked = [part.text for message in record.messages for part in message.parts if isinstance(part, Locate)]
    named = [part for message in record.messages for part in message.parts if isinstance(part, Named)]
    if asked:
        for words, part in zip(asked, named, strict=False):
            yield from (_key(record.source, words, "", numbers) for numbers in part.places)
    for step in record.trajectory.steps if record.trajectory else ():
        if step.target is not None:
            yield _key(
                record.source, record.trajectory.goal if record.trajectory else "", step.target.text, step.target.box
            )


def _key(task: str, words: str, thing: str, numbers: Iterable[float]) -> Key:
    return task, _plain(words), _plain(thing), tuple(round(number) for number in numbers)


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")
