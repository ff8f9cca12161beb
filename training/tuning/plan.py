"""Which lessons are learned when: rows of about as many tokens, the lessons of one picture beside one another."""

from collections.abc import Iterable, Sequence
from random import Random

from .survey import Survey, Surveyed

WINDOW = 256
"""Groups of lessons among which those are chosen that fill a row: more waste less, fewer mix better."""


class Plan:
    """The rows of every step. It follows from the lessons and the seed alone, so that a run can go on anywhere."""

    def __init__(self, survey: Survey, *, batch_tokens: int, rows: int, seed: int) -> None:
        """`rows` make one step."""
        self._survey, self._batch_tokens, self._rows, self._seed = survey, batch_tokens, rows, seed
        self._epochs: list[list[list[int]]] = []

    def steps(self, epochs: int) -> int:
        """How many steps it takes to learn every lesson so many times; the last is filled up."""
        return -(-sum(len(self._epoch(n)) for n in range(epochs)) // self._rows)

    def of(self, step: int) -> list[list[int]]:
        """The rows of one step, each the numbers of its lessons."""
        first, epoch, found = step * self._rows, 0, list[list[int]]()
        while len(found) < self._rows:
            rows = self._epoch(epoch)
            found += rows[first : first + self._rows - len(found)]
            first, epoch = max(0, first - len(rows)), epoch + 1
        return found

    def _epoch(self, number: int) -> list[list[int]]:
        while len(self._epochs) <= number:
            rng = Random(f"{self._seed} {len(self._epochs)}")
            self._epochs.append(filled(self._survey.lessons, self._batch_tokens, rng))
        return self._epochs[number]


def filled(lessons: Sequence[Surveyed], batch_tokens: int, rng: Random) -> list[list[int]]:
    """Every lesson once, in rows of at most so many tokens, in random order."""
    groups = _groups(lessons, batch_tokens, rng)
    rng.shuffle(groups)
    rows: list[list[int]] = []
    for start in range(0, len(groups), WINDOW):
        rows += _rows(groups[start : start + WINDOW], batch_tokens)
    rng.shuffle(rows)
    return rows


_Group = tuple[int, list[int]]
"""How many tokens some lessons of one family have together, and their numbers."""


def _groups(lessons: Sequence[Surveyed], batch_tokens: int, rng: Random) -> list[_Group]:
    """The lessons of each family, as many of them together as fit into a row."""
    families: dict[str, list[int]] = {}
    for number, lesson in enumerate(lessons):
        families.setdefault(lesson.family or str(number), []).append(number)
    groups: list[_Group] = []
    for members in families.values():
        rng.shuffle(members)
        tokens, group = 0, list[int]()
        for number in members:
            own = lessons[number].tokens - (lessons[number].opening if group else 0)
            if group and tokens + own > batch_tokens:
                groups.append((tokens, group))
                tokens, group, own = 0, [], lessons[number].tokens
            tokens, group = tokens + own, [*group, number]
        groups.append((tokens, group))
    return groups


def _rows(groups: Iterable[_Group], batch_tokens: int) -> list[list[int]]:
    """Groups in rows, the largest first, each into the first row that has room for it."""
    rows: list[tuple[int, list[int]]] = []
    for tokens, group in sorted(groups, key=lambda group: -group[0]):
        fitting = next((n for n, (filled, _) in enumerate(rows) if filled + tokens <= batch_tokens), None)
        if fitting is None:
            rows.append((tokens, group))
        else:
            filled, members = rows[fitting]
            rows[fitting] = filled + tokens, members + group
    return [members for _, members in rows]
