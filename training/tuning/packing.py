"""Several lessons in one row: what begins alike is read once, and each branch sees its beginning and itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...model.attention import Blocks
from ...model.prompt import Shown
from .examples import Example, Turn, pictures_of

WORTH_SHARING_TOKENS = 64
"""A beginning without a picture is read once for several lessons from so many tokens on: below, the mask costs more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """One row of lessons. Dimensions: ids (1, n), positions (3, 1, n); at, targets, weights and lessons (m).

    Of the m learned tokens `at` says behind which of the n it is written, and `lessons` whose it is, by number.
    `places` names the pictures in the order in which the row shows them, one of them as often as it does.
    """

    ids: Tensor
    positions: Tensor
    blocks: Blocks
    at: Tensor
    targets: Tensor
    weights: Tensor
    lessons: Tensor
    names: tuple[str, ...]
    pictures: dict[str, Shown]
    kept: dict[str, NDArray[np.int64]]
    places: tuple[str, ...]

    @property
    def tokens(self) -> int:
        """How many tokens are read."""
        return self.ids.shape[1]

    @property
    def total(self) -> float:
        """The weights of all learned tokens together."""
        return float(self.weights.sum())

    def to(self, device: torch.device) -> Self:
        """The same with its tensors there."""
        names = ("ids", "positions", "at", "targets", "weights", "lessons")
        masks = tuple(None if mask is None else mask.to(device) for mask in self.blocks.masks)
        moved = {name: getattr(self, name).to(device) for name in names}
        return replace(self, blocks=Blocks(self.blocks.lengths, masks), **moved)


def pack(examples: Sequence[Example]) -> Batch:
    """Lessons as one row, in an order in which those that begin alike follow one another."""
    row = _Row()
    for path in _sorted(examples):
        row.add(path)
    return row.batch(examples)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Path:
    """An answer with what stands before it, its keys as numbers: those of pictures are negative."""

    keys: NDArray[np.int64]
    turn: Turn
    lesson: int
    weight: float


def _sorted(examples: Sequence[Example]) -> list[_Path]:
    numbers: dict[str, int] = {}

    def number(key: int | str) -> int:
        return numbers.setdefault(key, -1 - len(numbers)) if isinstance(key, str) else key

    paths = [
        _Path(
            keys=np.array([number(key) for key in turn.keys[: turn.read]]),
            turn=turn,
            lesson=lesson,
            weight=example.weight,
        )
        for lesson, example in enumerate(examples)
        for turn in example.turns
    ]
    return sorted(paths, key=lambda path: path.keys.tolist())


class _Tree:
    """Paths that begin alike. `path` is where the tokens of the last one stand among those of the tree."""

    def __init__(self) -> None:
        self.length = 0
        self.path = np.zeros(0, np.int64)
        self._runs: list[tuple[NDArray[np.int64], int]] = []

    def grow(self, shared: int, new: int) -> NDArray[np.int64]:
        """Where all tokens of a path stand of which the first `shared` are those of the last path."""
        before = self.path[:shared]
        self._runs.append((before, new))
        self.path = np.concatenate((before, np.arange(self.length, self.length + new)))
        self.length += new
        return self.path

    def mask(self) -> Tensor | None:
        """Who sees whom. Dimensions: (1, 1, n, n); None where it is one path."""
        start, branches = 0, False
        seen = np.zeros((self.length, self.length), bool)
        for before, new in self._runs:
            branches |= bool(new) and len(before) != start
            seen[start : start + new, before] = True
            seen[start : start + new, start : start + new] = np.tri(new, dtype=bool)
            start += new
        return torch.as_tensor(seen)[None, None] if branches else None


class _Row:
    """A row that grows path by path."""

    def __init__(self) -> None:
        self._last = np.zeros(0, np.int64)
        self._trees: list[_Tree] = []
        self._start = 0
        self._ids: list[int] = []
        self._positions: list[NDArray[np.int64]] = []
        self._places: list[str] = []
        self._at: list[NDArray[np.int64]] = []
        self._targets: list[int] = []
        self._weights: list[float] = []
        self._lessons: list[int] = []

    def add(self, path: _Path) -> None:
        """Read a turn behind what it shares with the one before, where that is worth it."""
        shared = _shared(self._last, path.keys)
        if not self._trees or (shared < WORTH_SHARING_TOKENS and not (path.keys[:shared] < 0).any()):
            self._start, shared = len(self._ids), 0
            self._trees.append(_Tree())
        where = self._start + self._trees[-1].grow(shared, path.turn.read - shared)
        self._read(path.turn, shared)
        learned = path.turn.ids[path.turn.given :]
        self._at.append(where[path.turn.given - 1 :])
        self._targets += learned
        self._weights += [path.weight] * len(learned)
        self._lessons += [path.lesson] * len(learned)
        self._last = path.keys

    def batch(self, examples: Sequence[Example]) -> Batch:
        """The row of all turns that were added."""
        trees = self._trees
        turns = [turn for example in examples for turn in example.turns]
        return Batch(
            ids=torch.tensor([self._ids]),
            positions=torch.as_tensor(np.concatenate(self._positions, 1))[:, None],
            blocks=Blocks(tuple(tree.length for tree in trees), tuple(tree.mask() for tree in trees)),
            at=torch.as_tensor(np.concatenate(self._at)),
            targets=torch.tensor(self._targets),
            weights=torch.tensor(self._weights),
            lessons=torch.tensor(self._lessons),
            names=tuple(example.name for example in examples),
            pictures=pictures_of(examples),
            kept={name: kept for turn in turns for name, kept in turn.kept.items()},
            places=tuple(self._places),
        )

    def _read(self, turn: Turn, start: int) -> None:
        self._ids += turn.ids[start : turn.read]
        self._positions.append(turn.positions[:, start : turn.read])
        while start < turn.read:
            name = turn.keys[start]
            if isinstance(name, str):
                self._places.append(name)
                start += len(turn.kept[name]) if turn.kept else turn.pictures[name].tokens
            else:
                start += 1


def _shared(one: NDArray[np.int64], other: NDArray[np.int64]) -> int:
    """With how many equal keys both begin."""
    least = min(len(one), len(other))
    differ = np.flatnonzero(one[:least] != other[:least])
    return int(differ[0]) if len(differ) else least
