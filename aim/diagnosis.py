"""The diagnosis: how a model means its numbers, from what it answered, and whether its profile reads them so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..policies.profiles import Profile
from ..screen import Point
from .ask import Asked
from .conventions import Convention, Unit, convention_of
from .fit import Fit, Fitted, Sample, fits

EQUAL = 3.0
"""Conventions whose scores lie no further apart explain the answers equally well: the better is 20 times as likely."""
ENOUGH = 0.5
"""The share of the targets that must speak for a convention, or it cannot be told."""
TOLERANCE_PX, TOLERANCE = 6.0, 0.005
"""How far off its profile may read a model before they disagree: in pixels, or as a share of the shorter side."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """How the answers to some pictures are meant. `agrees` None: it cannot be told.

    `mine` is the profile's convention on them, `best` the one that explains them best: `mine` where it does so as well
    as any. `equal` are those that do so as well as `best`, itself among them.
    """

    samples: tuple[Sample, ...]
    agrees: bool | None
    mine: Fit
    best: Fit
    equal: tuple[Fit, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Diagnosis:
    """What was found on all pictures together, and on each. `own` is how the profile reads numbers.

    `disagreement` is what is told where the profile disagrees: of all pictures, or only of those that it reads wrongly.
    """

    own: Convention
    asked: tuple[Asked, ...]
    whole: Finding
    pictures: tuple[Finding, ...]
    disagreement: Finding | None

    @property
    def agrees(self) -> bool | None:
        """Whether the profile reads the model rightly everywhere; None where it cannot be told."""
        return self.whole.agrees if self.disagreement is None else False


def diagnose(asked: Sequence[Asked], profile: Profile) -> Diagnosis:
    """How a model with this profile means what it answered to these pages."""
    own, samples = own_convention(profile), [sample_of(answers) for answers in asked]
    whole = _find(samples, own)
    pictures = tuple(_on_picture(whole, n, own) for n in range(len(samples)))
    return Diagnosis(
        own=own,
        asked=tuple(asked),
        whole=whole,
        pictures=pictures,
        disagreement=_disagreement(whole, pictures, own),
    )


def own_convention(profile: Profile) -> Convention:
    """How the profile reads numbers: those of a pointer head are pixels already."""
    if profile.ground is not None and profile.ground.has_head:
        return Convention(unit=Unit.NATIVE)
    return convention_of(profile.space)


def sample_of(asked: Asked) -> Sample:
    """What can be reckoned with of the answers to a page."""
    told = [(answer.target.box.center, answer.numbers) for answer in asked.answers if answer.numbers is not None]
    return Sample(
        targets=np.array([(center.x, center.y) for center, _ in told], np.float64).reshape(-1, 2),
        numbers=np.array([numbers for _, numbers in told], np.float64).reshape(-1, 2),
        size=asked.screenshot.size,
        seen=asked.seen,
        asked=len(asked.answers),
    )


def tolerance_px(sample: Sample) -> float:
    """How far apart two readings of an answer may lie and still be the same."""
    return max(TOLERANCE_PX, TOLERANCE * min(sample.size.width, sample.size.height))


def _find(samples: Sequence[Sample], own: Convention) -> Finding:
    found = fits(samples, own)
    mine = next(fit for fit in found if fit.convention == own and fit.numbers == 0)
    best = _simplest(samples, found)
    equal = [fit for fit in found if fit.score >= best.score - EQUAL and fit.numbers <= best.numbers]
    agrees = mine in equal or _is_close(samples, mine, best)
    if agrees:
        best = mine
    is_told = best.fitting >= max(1.0, ENOUGH * sum(sample.asked for sample in samples))
    return Finding(
        samples=tuple(samples),
        agrees=agrees if is_told else None,
        mine=mine,
        best=best,
        equal=(best, *(fit for fit in equal if fit is not best)),
    )


def _simplest(samples: Sequence[Sample], found: Sequence[Fit]) -> Fit:
    """The best of all, or the best of those that read the answers nearly as it does and fit no numbers to them.

    An offset below a pixel may explain answers better, and matters to nobody.
    """
    best = found[0]
    simple = (fit for fit in found if fit.numbers < best.numbers and _is_close(samples, fit, best))
    return next(simple, best)


def _on_picture(whole: Finding, n: int, own: Convention) -> Finding:
    """One picture by itself; said in the words of the whole where those explain it as well."""
    if len(whole.samples) == 1:
        return whole
    alone = _find([whole.samples[n]], own)
    same = whole.best.on(n)
    if alone.agrees is not False or same.score < alone.best.score - EQUAL:
        return alone
    return Finding(samples=alone.samples, agrees=False, mine=alone.mine, best=same, equal=(same,))


def _disagreement(whole: Finding, pictures: Sequence[Finding], own: Convention) -> Finding | None:
    """One convention for all pictures is told of all; scales of their own only of those that are read wrongly."""
    wrong = [picture for picture in pictures if picture.agrees is False]
    if whole.agrees is False and (whole.best.convention is not None or len(wrong) in (0, len(pictures))):
        return whole
    if not wrong:
        return None
    together = _find([sample for picture in wrong for sample in picture.samples], own)
    return together if together.agrees is False else wrong[0]


def _is_close(samples: Sequence[Sample], mine: Fit, best: Fit) -> bool:
    """Whether the profile's reading puts what the best one explains nearly where that does."""
    return all(
        _apart_px(one, other) <= tolerance_px(sample)
        for sample, one, other in zip(samples, mine.pictures, best.pictures, strict=True)
    )


def _apart_px(mine: Fitted, best: Fitted) -> float:
    return float(np.hypot(*(mine.pixels - best.pixels)[best.fits].T).max(initial=0.0))


def clicks(asked: Asked, finding: Finding) -> list[Point | None]:
    """Where a policy with this profile would click for each answer to one picture; None where there is no place."""
    [mine] = finding.mine.pictures
    places = iter(mine.pixels.tolist())
    return [None if answer.numbers is None else Point(*next(places)) for answer in asked.answers]
