"""What is tested must not be trained on: the same picture, or the same thing asked at the same place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...screen import Box, Point
from .record import Locate, Named, Record, numbers_of

Asked = tuple[str, str]
"""What is asked for: the words or the goal, and the thing that a step of it is meant for."""
Key = tuple[Asked, Box]
"""What is asked for and where it is; a point is a box without extent. Whose data they are does not count."""
SAME = 0.5
"""The intersection over the union of two boxes of one place, at least."""
NEAR_PX = 4.0
"""How far a point is from one of the same place, or from its box, at most."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is only tested: its pictures by their hashes, and its places by what is asked for."""

    frames: frozenset[str]
    targets: Mapping[Asked, frozenset[Box]]

    @classmethod
    def of(cls, records: Iterable[Record]) -> "HeldOut":
        frames: set[str] = set()
        targets: dict[Asked, set[Box]] = {}
        for record in records:
            frames.update(picture.frame for picture in record.pictures)
            for asked, place in targets_of(record):
                targets.setdefault(asked, set()).add(place)
        return cls(frozenset(frames), {asked: frozenset(places) for asked, places in targets.items()})

    def holds(self, key: Key) -> bool:
        """Whether the same is asked for at about the same place."""
        asked, place = key
        places = self.targets.get(asked, frozenset())
        return place in places or any(is_same_place(place, other) for other in places)


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
            elif any(map(self.held.holds, targets_of(record))):
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
    for words, part in zip(asked, named, strict=False):
        yield from (((_plain(words), ""), _around(numbers_of(shape))) for shape in part.shapes)
    if record.trajectory is not None:
        for target in (step.target for step in record.trajectory.steps if step.target is not None):
            yield (_plain(record.trajectory.goal), _plain(target.text)), target.as_box


def is_same_place(one: Box, other: Box) -> bool:
    """Whether two boxes have most of what they cover in common; a point is of the box that it lies in or near."""
    if not one.area or not other.area:
        across = max(one.x1 - other.x2, other.x1 - one.x2, 0.0)
        down = max(one.y1 - other.y2, other.y1 - one.y2, 0.0)
        return max(across, down) <= NEAR_PX
    return one.iou(other) >= SAME


def _around(numbers: tuple[float, ...]) -> Box:
    return Box.around(*(Point(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)))


def _plain(words: str) -> str:
    return " ".join(words.casefold().split()).rstrip(".")
