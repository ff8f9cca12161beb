"""The place of a recorded thing on the screen as it is now, whatever stands there."""

from collections.abc import Sequence

from ...screen import Box
from ..sight import Sight
from ..target import Found, Target
from ..verdicts import NotFound
from .find import LEAST_SHARE, find
from .kind import Candidate, candidates_of, short, spoken
from .layout import Neighbour, Surroundings, own_of
from .pane import whole_pane
from .picture import is_blank, is_equal
from .texts import has_words, plain, shape_of

ONE_TEXT_PX = 60
"""How high a single text is at most, in input units."""
CLEAR_PX = 12
"""How much nearer to where it should be the one place must lie than any other, in input units."""


def place_of(target: Target, sight: Sight) -> Found:
    """Where the thing is that lies as the recorded one did, whatever it says or shows now.

    Raises NotFound where what says which place is meant is gone, or where several places could be it.
    """
    around = Surroundings(sight)
    own = own_of(target)
    if not own or (target.element is None and not _is_one_text(target)):
        return _carried(target, sight, around) if target.anchors and sight.is_told else find(target, sight)
    candidates = [one for one in candidates_of(sight, target, around.texts) if not is_blank(sight.shown, one.box)]
    beside = [one for one in candidates if around.is_beside(own[0], one.box)]
    if target.element is None:
        beside = _of_its_sort(target, beside)
    if not beside:
        raise _gone(target, sight)
    return _nearest(target, sight, beside, around)


def pane_of(target: Target, sight: Sight) -> Found:
    """Where a list or pane is that something is looked for in, whatever it shows now: by its name, else by its place.

    Raises NotFound as `place_of` does.
    """
    was = target.element
    if was is not None and was.name:
        some = candidates_of(sight, target, ())
        named = [one.box for one in some if one.element is not None and plain(one.element.name) == plain(was.name)]
        if len(named) == 1:
            ratio = sight.scale / target.scale
            box = whole_pane(named[0], target.box.scale(ratio, ratio)).clip(sight.size)
            return Found(point=box.center, box=box, how="page")
    return place_of(target, sight)


def _is_one_text(target: Target) -> bool:
    return 0 < target.box.height / target.scale <= ONE_TEXT_PX and bool(target.text)


def _carried(target: Target, sight: Sight, around: Surroundings) -> Found:
    """The place that all the texts around it agree on, where the thing itself is told of by nothing."""
    ways = around.ways_of(target)
    if not ways or max(abs(way.dx - ways[0].dx) + abs(way.dy - ways[0].dy) for way in ways) > CLEAR_PX:
        return find(target, sight)
    ratio = sight.scale / target.scale
    was = target.box.scale(ratio, ratio)
    dx, dy = ways[0].dx * sight.scale, ways[0].dy * sight.scale
    box = Box(was.x1 + dx, was.y1 + dy, was.x2 + dx, was.y2 + dy).clip(sight.size)
    if box.area < 0.9 * was.area:
        raise _failure(target, sight, "lies off the screen")
    note = "" if abs(dx) + abs(dy) < 2 else "found by what stands around it"
    return Found(point=box.center, box=box, how="layout", note=note)


def _of_its_sort(target: Target, some: Sequence[Candidate]) -> list[Candidate]:
    """Those that are written as the recorded text was, such as "€ 63"; without the texts that stood beside it then."""
    known = {label.text for label in target.anchors} - {target.text}
    rest = [one for one in some if one.text not in known]
    for shape in (shape_of, has_words):
        alike = [one for one in rest if shape(one.text) == shape(target.text)]
        if alike:
            return alike
    return rest


def _nearest(target: Target, sight: Sight, some: Sequence[Candidate], around: Surroundings) -> Found:
    """The one that lies most nearly as the recorded thing did."""
    if target.element is not None:
        named = [one for one in some if one.element is not None and one.element.name == target.element.name]
        some = named or some
    own = own_of(target)
    by_error = sorted(((_error(target, one.box, own, around), index) for index, one in enumerate(some)))
    first = some[by_error[0][1]]
    if len(by_error) > 1 and by_error[1][0] - by_error[0][0] < CLEAR_PX:
        raise _failure(target, sight, f"could be any of {len(some)} places beside {short(target.anchors[0].text)!r}")
    is_of_sort = target.element is not None or shape_of(first.text) == shape_of(target.text)
    if not is_of_sort and by_error[0][0] > CLEAR_PX:
        raise _gone(target, sight)
    height = first.box.height / (target.box.height * sight.scale / target.scale)
    if height < LEAST_SHARE:
        raise _failure(target, sight, f"is {height:.0%} as high as it was")
    is_same = is_equal(target.crop, sight.shown.crop(first.box))
    way = first.box.center.distance(target.box.center)
    note = "" if is_same and way < 2 else "found by what stands around it"
    return Found(point=first.box.center, box=first.box, how="pixels" if is_same else "layout", note=note)


def _error(target: Target, box: Box, own: Sequence[Neighbour], around: Surroundings) -> float:
    """How far a box is from where its own texts say it should be, by that of its sides which fits best."""
    half = (target.box.width / target.scale - box.width / around.scale) / 2
    sides = [box, *(_shifted(box, by * half * around.scale) for by in (-1, 1))]
    return min(sum(around.error(one, side) for one in own) / len(own) for side in sides)


def _shifted(box: Box, by: float) -> Box:
    return Box(box.x1 + by, box.y1, box.x2 + by, box.y2)


def _gone(target: Target, sight: Sight) -> NotFound:
    beside = repr(short(target.anchors[0].text))
    return _failure(target, sight, f"stood beside {beside}, where nothing of its sort is now")


def _failure(target: Target, sight: Sight, why: str) -> NotFound:
    return NotFound(f"the place of {spoken(target)} cannot be told: it {why}", screen=sight.shown)
