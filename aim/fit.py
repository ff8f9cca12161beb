"""Fits: how well a convention explains what a model answered. Pure arithmetic on targets and numbers.

An answer either means its target, give or take a Laplace-distributed error, or is a miss that may lie anywhere on the
screen. The score is the logarithm of how much likelier that makes the answers than misses alone, so wild misses of a
weak model cost little and every answer that fits speaks for the convention.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..screen import Size
from .conventions import Convention, Places, Turn, conventions

MISSES = 0.3
"""The share of answers that are expected to miss."""
FINEST_PX, COARSEST = 0.75, 0.04
"""The smallest error that is told apart, and the largest that still counts as meaning the target: a share of the
shorter side."""
FAR = 0.15
"""The largest offset that is looked for, as a share of the sides."""
AWAY = 0.2
"""As a share of the side: how far from the edge an answer must be for a scale to be read off it."""
OF_OTHERS, OF_TURNS, OF_FREE, OF_NUMBER = 1.0, 2.0, 3.0, 2.0
"""What the score loses: for another convention than the profile's, with turned axes or padding, with scales of its own,
and for each number that is fitted on a picture."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """The answers to one picture: where the targets' middles are in pixels, and the numbers written of them.

    Answers without numbers are left out; `asked` counts them too.
    """

    targets: Places
    numbers: Places
    size: Size
    seen: Size
    asked: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A convention on one picture. `pixels` are what the answers mean; `fits` says which of them mean their target.

    `offset` is how far right and down of that the answers lie, in pixels; `scale` is numbers for each pixel, where it
    was free.
    """

    score: float
    pixels: Places
    fits: NDArray[np.bool_]
    offset: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A convention on all pictures. `convention` is None where every picture has scales of its own."""

    convention: Convention | None
    turn: Turn
    is_offset: bool
    pictures: tuple[Fitted, ...]
    cost: float

    @property
    def score(self) -> float:
        return sum(fitted.score for fitted in self.pictures) - self.cost

    @property
    def numbers(self) -> int:
        """How many are fitted on each picture."""
        return 2 if self.is_offset or self.convention is None else 0

    @property
    def fitting(self) -> int:
        """How many answers it explains."""
        return sum(int(fitted.fits.sum()) for fitted in self.pictures)

    def on(self, n: int) -> "Fit":
        """The same on one of the pictures alone."""
        others = len(self.pictures) - 1
        return replace(self, pictures=(self.pictures[n],), cost=self.cost - self.numbers * OF_NUMBER * others)


def fits(samples: Sequence[Sample], own: Convention) -> list[Fit]:
    """Every convention on these pictures, with and without an offset, the best first."""
    found = list(_fits(samples, own))
    return sorted(found, key=lambda fit: -fit.score)


def _fits(samples: Sequence[Sample], own: Convention) -> Iterator[Fit]:
    fitted = OF_NUMBER * 2 * len(samples)
    for convention in (own, *(other for other in conventions() if other != own)):
        cost = 0.0 if convention == own else OF_TURNS if convention.turn or convention.padding else OF_OTHERS
        meant = [convention.pixels(sample.numbers, sample.size, sample.seen) for sample in samples]
        plain = tuple(_plain(sample, pixels) for sample, pixels in zip(samples, meant, strict=True))
        moved = tuple(_moved(sample, pixels) for sample, pixels in zip(samples, meant, strict=True))
        yield Fit(convention=convention, turn=convention.turn, is_offset=False, pictures=plain, cost=cost)
        yield Fit(convention=convention, turn=convention.turn, is_offset=True, pictures=moved, cost=cost + fitted)
    for turn in (Turn.NONE, Turn.SWAPPED):
        scaled = tuple(_scaled(sample, turn) for sample in samples)
        yield Fit(convention=None, turn=turn, is_offset=False, pictures=scaled, cost=OF_FREE + fitted)


def _plain(sample: Sample, pixels: Places) -> Fitted:
    """What the answers mean, as it is."""
    return _best(sample, pixels[None])[1]


def _moved(sample: Sample, pixels: Places) -> Fitted:
    """With an offset: that of each answer is tried, and then the median of those that the best explains."""
    reach = FAR * np.array([sample.size.width, sample.size.height])
    offsets = pixels - sample.targets
    tried = np.concatenate([np.zeros((1, 2)), offsets[(np.abs(offsets) <= reach).all(axis=1)]])
    n, first = _best(sample, pixels - tried[:, None])
    if not first.fits.any():
        return first
    middle = np.median(offsets[first.fits], axis=0)
    second = _plain(sample, pixels - middle)
    offset, found = (middle, second) if second.score >= first.score else (tried[n], first)
    return replace(found, offset=(float(offset[0]), float(offset[1])))


def _scaled(sample: Sample, turn: Turn) -> Fitted:
    """Scales of the picture's own: those of each two answers are tried, then the least squares of what they explain."""
    numbers = sample.numbers[:, ::-1] if turn is Turn.SWAPPED else sample.numbers
    ratios = numbers / sample.targets
    far = (sample.targets > AWAY * np.array([sample.size.width, sample.size.height])) & (ratios > 0)
    pairs = [(x, y) for x in ratios[far[:, 0], 0] for y in ratios[far[:, 1], 1]]
    tried = np.array([(1.0, 1.0), *pairs])
    n, first = _best(sample, numbers / tried[:, None])
    refined = _least_squares(numbers[first.fits], sample.targets[first.fits])
    second = _plain(sample, numbers / refined)
    scale, found = (refined, second) if second.score >= first.score else (tried[n], first)
    return replace(found, scale=(float(scale[0]), float(scale[1])))


def _best(sample: Sample, tried: NDArray[np.float64]) -> tuple[int, Fitted]:
    """The best of several readings of the answers, each with the best size of the error. Dimensions: (k, n, 2)."""
    away = np.abs(tried - sample.targets).sum(axis=2)[:, None]
    coarsest = max(2 * FINEST_PX, COARSEST * min(sample.size.width, sample.size.height))
    errors = np.geomspace(FINEST_PX, coarsest, 8)[:, None]
    likelier = (1 - MISSES) * np.exp(-away / errors) / (4 * errors**2) * sample.size.area
    scores = np.log(likelier + MISSES).sum(axis=2)
    n, size = divmod(int(scores.argmax()), scores.shape[1])
    return n, Fitted(
        score=float(scores[n, size]),
        pixels=tried[n],
        fits=likelier[n, size] > MISSES,
    )


def _least_squares(numbers: Places, targets: Places) -> Places:
    """Numbers for each pixel on each axis; of no answers at all, 1."""
    squares = (targets**2).sum(axis=0)
    scale = (numbers * targets).sum(axis=0) / np.maximum(squares, 1e-12)
    return np.where((squares > 0) & (scale > 0), scale, 1.0)
