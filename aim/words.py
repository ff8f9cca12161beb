"""The diagnosis in words: a line for each picture, a sentence for all, and what to do."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..policies.profiles import PROFILES, Profile
from ..screen import Size
from .ask import Asked
from .conventions import Convention, Places, Turn, Unit
from .diagnosis import Diagnosis, Finding, clicks, own_convention, tolerance_px
from .fit import Fit, Sample

SAME = 0.02
"""Scales that differ by no larger a share are equal."""
ROUNDED = 0.04
"""The same of the two sides of a resized picture, which are rounded to whole patches."""

NAMED = 5
"""How many profiles are named."""


def picture_line(asked: Asked, finding: Finding, own: Convention) -> str:
    """How the answers to one picture compare with its targets."""
    [sample] = finding.samples
    hits = _hits(asked, finding)
    said = f"{asked.view}: {hits} of {sample.asked} targets hit"
    if len(sample.numbers) < sample.asked:
        said += f", {sample.asked - len(sample.numbers)} not answered with a place"
    match finding.agrees:
        case None:
            return f"{said}; its coordinates cannot be told"
        case True:
            return f"{said}; {_errors(sample, finding.best)}"
        case False:
            return f"{said}; {how(finding.equal, finding.samples, own)}; read so, {_errors(sample, finding.best)}"


def verdict(diagnosis: Diagnosis, profile: Profile) -> str:
    """What was found on all pictures, in a sentence."""
    whole, own = diagnosis.whole, diagnosis.own
    reads = f"the profile {profile.name} reads {own}"
    if diagnosis.disagreement is not None:
        told = diagnosis.disagreement
        said = _where(told, whole) + how(told.equal, told.samples, own)
        if own in (fit.convention for fit in told.equal):
            return f"{own}, as the profile {profile.name} reads them, but {said}"
        return f"{said}; {reads}{remedy(told, own)}"
    if whole.agrees:
        return f"{own}, as the profile {profile.name} reads them"
    count = sum(sample.asked for sample in whole.samples)
    return (
        f"it cannot be told in which coordinates the model answers: {whole.best.fitting} of {count} answers lie near "
        f"their targets in any; {reads}"
    )


def _where(told: Finding, whole: Finding) -> str:
    """On which pictures that is, where it is not on all and the words themselves do not say it."""
    names_them = told.best.convention is None and len(told.samples) > 1
    if names_them or len(told.samples) == len(whole.samples):
        return ""
    return f"at {' and '.join(_of(sample.size) for sample in told.samples)} "


def how(equal: Sequence[Fit], samples: Sequence[Sample], own: Convention) -> str:
    """How the answers are meant, where the profile reads them otherwise: in each way that explains them as well."""
    named = [fit for fit in equal if fit.convention is not None]
    ways: list[str] = []
    for fit in equal:
        if fit.convention is None:
            ways.append(_scaled(fit, samples, own))
        elif fit is named[0]:
            name = _conventions([fit.convention for fit in named if fit.convention is not None], own)
            offset = _offset(fit, samples) if fit.is_offset else ""
            ways.append(" and ".join(part for part in (name, offset) if part))
    return ", or ".join(ways)


def _conventions(found: Sequence[Convention], own: Convention) -> str:
    """Empty where it is the profile's own."""
    if own in found:
        return ""
    turned = replace(own, turn=found[0].turn)
    if turned in found and all(convention.turn is turned.turn for convention in found):
        return {
            Turn.SWAPPED: "the axes are swapped: y is written before x",
            Turn.FROM_RIGHT: "x is counted from the right edge",
            Turn.FROM_BELOW: "y is counted from the lower edge",
        }[turned.turn]
    return f"the model answers in {', or in '.join(map(str, dict.fromkeys(found)))}"


def _scaled(fit: Fit, samples: Sequence[Sample], own: Convention) -> str:
    """What scales of their own are, on each picture."""
    scales = np.array([fitted.scale or (1.0, 1.0) for fitted in fit.pictures])
    sides = np.array([(sample.size.width, sample.size.height) for sample in samples], np.float64)
    extents = scales * sides
    turned = f", {fit.turn}" if fit.turn else ""
    if np.ptp(extents) <= SAME * extents.max():
        extent = float(np.median(extents))
        last = f"{extent:,.0f}" if extent >= 10 else f"{extent:.2g}"
        return f"the model answers in coordinates from 0 to about {last} on both axes{turned}"
    if (np.abs(scales[:, 0] / scales[:, 1] - 1) <= ROUNDED).all():
        return f"the model answers in pixels of a picture resized to about {_sizes(extents, samples)}{turned}"
    stretched = [
        f"{across:.2f} across and {down:.2f} down" + (f" at {_of(sample.size)}" if len(samples) > 1 else "")
        for (across, down), sample in zip(scales * _units(samples, own), samples, strict=True)
    ]
    return f"the model's {own.unit} are stretched: {', '.join(stretched)}{turned}"


def _sizes(extents: Places, samples: Sequence[Sample]) -> str:
    """That of the first picture, and of the largest where there are more."""
    first, largest = 0, int(np.argmax([sample.size.area for sample in samples]))
    of_others = len(samples) > 1
    return " and to ".join(
        f"{extents[n, 0]:.0f} x {extents[n, 1]:.0f}" + (f" from {_of(samples[n].size)}" if of_others else "")
        for n in dict.fromkeys((first, largest))
    )


def _units(samples: Sequence[Sample], own: Convention) -> Places:
    """Pixels of the profile's numbers on each picture."""
    return np.concatenate([own.pixels(np.ones((1, 2)), sample.size, sample.seen) for sample in samples])


def _offset(fit: Fit, samples: Sequence[Sample]) -> str:
    """How far off all the answers are, in one value where the pictures have the same."""
    offsets = np.array([fitted.offset for fitted in fit.pictures])
    tolerances = np.array([tolerance_px(sample) for sample in samples])
    middle = np.median(offsets, axis=0)
    if (np.abs(offsets - middle) <= tolerances[:, None]).all():
        return f"the answers lie {_aside(middle[0], middle[1], tolerances.min())}"
    return "the answers lie " + ", ".join(
        f"{_aside(x, y, tolerance)} at {_of(sample.size)}"
        for (x, y), tolerance, sample in zip(offsets, tolerances, samples, strict=True)
    )


def _aside(x: float, y: float, tolerance: float) -> str:
    parts = [
        f"{abs(value):.0f} px too far {way[bool(value > 0)]}"
        for value, way in ((x, ("left", "right")), (y, ("up", "down")))
        if abs(value) > tolerance / 2
    ]
    return " and ".join(parts) or "where they should"


def _errors(sample: Sample, fit: Fit) -> str:
    """Errors, offset and scale of the answers that mean their targets."""
    [fitted] = fit.pictures
    pixels, targets = fitted.pixels[fitted.fits], sample.targets[fitted.fits]
    away = np.hypot(*(pixels - targets).T)
    x, y = np.array(fitted.offset) + np.median(pixels - targets, axis=0)
    across, down = _slopes(pixels, targets)
    return (
        f"median {np.median(away):.1f} px, worst {away.max():.1f} px off; "
        f"offset {x:+.1f}, {y:+.1f} px, scale {across:.3f}, {down:.3f}"
    )


def _slopes(pixels: Places, targets: Places) -> tuple[float, float]:
    """The median of the slopes between each two answers on each axis; 1 where targets do not lie apart."""
    first, second = np.triu_indices(len(targets), 1)
    apart, moved = targets[second] - targets[first], pixels[second] - pixels[first]
    found = [
        float(np.median(moved[far, axis] / apart[far, axis])) if far.any() else 1.0
        for axis in (0, 1)
        for far in [np.abs(apart[:, axis]) > 0.1 * np.abs(apart).max(initial=1.0)]
    ]
    return found[0], found[1]


def _hits(asked: Asked, finding: Finding) -> int:
    """How many clicks land on their targets as the profile reads them."""
    return sum(
        click is not None and answer.target.box.contains(click)
        for answer, click in zip(asked.answers, clicks(asked, finding), strict=True)
    )


def remedy(told: Finding, own: Convention) -> str:
    """What to do about it, with a semicolon before it; empty where nothing is known."""
    best = told.best
    if best.is_offset:
        return ""
    if best.convention is not None:
        named = [other.name for other in PROFILES.values() if own_convention(other) == best.convention]
        more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
        return f"; profiles that read those, for --profile: {', '.join(named[:NAMED])}{more}" if named else ""
    if own.unit is Unit.SEEN and not best.turn and len(told.equal) == 1:
        n = int(np.argmax([sample.size.area for sample in told.samples]))
        across, down = best.pictures[n].scale or (1.0, 1.0)
        area = told.samples[n].size.area * across * down
        return f"; where it runs, pictures are read at about {area:,.0f} pixels: --load max_pixels={area:.0f} says so"
    return ""


def _of(size: Size) -> str:
    return f"{size.width} x {size.height}"
