"""A recorded thing on the screen as it is now."""

from collections.abc import Sequence

from ...screen import Box, Point
from ..sight import Sight
from ..target import Found, How, Target
from ..verdicts import NotFound
from .kind import CHECKED, PRESSED, Candidate, candidates_of, is_called_alike, is_same_kind, short, spoken, spoken_as
from .layout import Surroundings, neighbours_of, own_of
from .look import AROUND_PX, element_at
from .picture import is_blank, is_equal, likeness, paint_of, places_of
from .texts import plain

STILL_PX = 4
"""How far a thing may be off and still be called in its place, in input units."""
ALIKE = 0.77
"""How like an icon must be to the recorded one, 0 to 1. Of 30 icons the nearest others came to 0.75, a plus and a
minus, and the same one in other strokes, sizes and colours, or with a badge, to 0.83."""
LEAST_SHARE, MOST_SHARE = 0.5, 2.2
"""Of its height then, what a thing may have now."""
MOST_STRETCHED = 1.7
"""How much wider an icon or a check box may be for its height than it was."""
FIXED = PRESSED | CHECKED
SAME_PAINT = 24
"""Levels between two colours that are taken for one."""
BESIDE_PX = 24
"""How near two things stand that are one thing shown twice, in input units."""


def find(target: Target, sight: Sight) -> Found:
    """Where the recorded thing is now. Raises NotFound where it is gone, is another thing, or could be several.

    The picture and the page's own word must agree, as far as there are both. Where several are alike, the texts around
    them say which one is meant.
    """
    around = Surroundings(sight)
    if _is_only_pictured(target, sight, around):
        return _by_picture(target, sight, around)
    called = _called_alike(target, sight, around)
    shown = [one for one in called if _looks_right(target, one, sight)]
    if not shown:
        raise _failure(target, sight, _why_none(target, sight, called))
    chosen = _chosen(target, sight, shown, around)
    if _has_lost_its_label(target, sight, chosen):
        there = _there(target, sight)
        raise _failure(target, sight, f"looks as another thing does, and where it was there is {there}")
    return _found(target, sight, chosen, len(called))


def _is_only_pictured(target: Target, sight: Sight, around: Surroundings) -> bool:
    """Whether the screen has no word on such a thing: neither an element nor one text that is all of it."""
    if target.element is not None:
        return not sight.is_told
    if not target.text or not around.texts:
        return True
    return _is_still(target, sight)


def _called_alike(target: Target, sight: Sight, around: Surroundings) -> list[Candidate]:
    """What is of the same kind and says the same, and takes actions if the recorded thing did."""
    is_told = bool(sight.labels)
    everything = candidates_of(sight, target, around.texts)
    return [one for one in everything if is_called_alike(target, one, is_told=is_told)]


def _looks_right(target: Target, candidate: Candidate, sight: Sight) -> bool:
    """Whether what the page says is borne out by the picture."""
    return not _is_disabled_now(target, candidate) and not _what_looks_wrong(target, candidate, sight)


def _is_disabled_now(target: Target, candidate: Candidate) -> bool:
    was = target.element is not None and "disabled" in target.element.states
    return candidate.is_disabled and not was


def _what_looks_wrong(target: Target, candidate: Candidate, sight: Sight) -> str:
    """Why the picture belies the page's word, in words; empty where it does not, and where it shows a piece only."""
    if not target.is_whole:
        return ""
    ratio = sight.scale / target.scale
    share = candidate.box.height / max(target.box.height * ratio, 1)
    if share < LEAST_SHARE or share > MOST_SHARE:
        return f"is {share:.0%} as high as it was"
    if not target.text and target.element is not None and target.element.role in FIXED:
        # What is ticked may be told by its label alone, where it is itself out of sight.
        across = candidate.box.width / max(target.box.width * ratio, 1) / share
        if across < 1 / MOST_STRETCHED or across > MOST_STRETCHED:
            return "is out of sight, or of another form"
    if not target.text or target.element is None or target.element.role not in PRESSED:
        written = candidate.box
    else:
        written = _written(sight, candidate)
    if is_blank(sight.shown, written) and not is_blank(target.crop, target.crop.size.box):
        return "shows nothing"
    if _is_icon(target, sight) and likeness(target.crop, sight.shown.crop(candidate.box)) < ALIKE:
        return "shows another picture"
    return ""


def _written(sight: Sight, candidate: Candidate) -> Box:
    """The letters on a thing."""
    within = [label.box for label in sight.labels if candidate.box.contains(label.box.center)]
    return Box.around(*(corner for box in within for corner in box.corners)) if within else candidate.box


def _is_icon(target: Target, sight: Sight) -> bool:
    """Whether a thing is known by its picture alone: it is pressed, and says nothing in letters."""
    return target.element is not None and target.element.role in PRESSED and not target.text and bool(sight.labels)


def _chosen(target: Target, sight: Sight, shown: Sequence[Candidate], around: Surroundings) -> Candidate:
    """The one that is meant. Raises NotFound where nothing says which."""
    if target.alike > 1 and not target.own:
        return _unmoved(target, sight, shown, around)
    own = own_of(target)
    beside = [one for one in shown if any(around.is_beside(text, one.box) for text in own)]
    if target.alike > 1:
        if not beside:
            texts = " and ".join(repr(short(label.text)) for label in target.anchors[: target.own][:2])
            raise _failure(target, sight, f"is no longer beside {texts}")
        return _only(target, sight, beside, shown, around)
    if len(shown) > 1 and not target.is_whole:
        here = [one for one in shown if _is_in_place(target, one, sight)]
        if len(here) == 1 and _is_still(target, sight):
            return here[0]
        raise _failure(target, sight, f"could be any of {len(shown)} that are alike, and is not where it was")
    if len(shown) > 1:
        return _only(target, sight, beside or shown, shown, around)
    only = shown[0]
    near = own or neighbours_of(target)
    if near and not _is_in_place(target, only, sight) and not any(around.is_near(text, only.box) for text in near):
        raise _failure(target, sight, "stands among other things now")
    return only


def _only(
    target: Target, sight: Sight, some: Sequence[Candidate], shown: Sequence[Candidate], around: Surroundings
) -> Candidate:
    """One of several that stand as the recorded thing did: all its own texts are around it, and none around others."""
    votes = [sum(around.is_beside(text, one.box) for text in own_of(target)) for one in some]
    best = max(votes)
    first = [one for one, count in zip(some, votes, strict=True) if count == best]
    rivals = [one for one, count in zip(some, votes, strict=True) if 2 * count > best]
    touching = [one for one in shown if one is not first[0] and _touch(one.box, first[0].box, sight.scale)]
    is_twice = bool(touching) and len(shown) > target.alike
    if len(first) > 1 or len(rivals) > 1 or best == 0 or is_twice:
        raise _failure(target, sight, f"could be any of {len(shown)} that are alike")
    return first[0]


def _touch(one: Box, other: Box, scale: float) -> bool:
    return one.grow(BESIDE_PX * scale).intersect(other) is not None


def _unmoved(target: Target, sight: Sight, shown: Sequence[Candidate], around: Surroundings) -> Candidate:
    """The one that is where it was, where all around it is too."""
    here = [one for one in shown if _is_in_place(target, one, sight)]
    is_still = bool(target.anchors) and all(around.is_still(anchor) for anchor in target.anchors)
    if len(here) == 1 and len(shown) == target.alike and (is_still or _is_around_equal(target, sight)):
        return here[0]
    raise _failure(target, sight, f"could be any of {len(shown)} that are alike, and nothing says which was meant")


def _is_still(target: Target, sight: Sight) -> bool:
    """Whether its picture is where it was."""
    return sight.size == target.screen and is_equal(target.crop, sight.shown.crop(target.box))


def _is_around_equal(target: Target, sight: Sight) -> bool:
    if target.around is None or sight.size != target.screen:
        return False
    box = target.box.grow(AROUND_PX * target.scale).clip(sight.size)
    return is_equal(target.around, sight.shown.crop(box))


def _by_picture(target: Target, sight: Sight, around: Surroundings) -> Found:
    """By the picture alone, where the screen tells nothing of the thing."""
    ratio = sight.scale / target.scale
    if ratio == 1 and sight.size == target.screen and is_equal(target.crop, sight.shown.crop(target.box)):
        here = [Candidate(box=target.box)]
        if target.alike == 1 or _is_around_equal(target, sight):
            return _pictured(target, sight, here[0])
    shown = [Candidate(box=box) for box in places_of(target.crop, sight.shown, ratio)]
    if not shown:
        raise _failure(target, sight, "is not on the screen")
    if len(shown) == 1 and target.alike == 1:
        return _pictured(target, sight, shown[0])
    if target.own:
        return _pictured(target, sight, _only(target, sight, shown, shown, around))
    return _pictured(target, sight, _surrounded(target, sight, shown))


def _surrounded(target: Target, sight: Sight, shown: Sequence[Candidate]) -> Candidate:
    """The one of several that has the recorded surroundings, and clearly so."""
    if target.around is not None:
        ratio = sight.scale / target.scale
        left = (target.box.x1 - target.box.grow(AROUND_PX * target.scale).clip(target.screen).x1) * ratio
        top = (target.box.y1 - target.box.grow(AROUND_PX * target.scale).clip(target.screen).y1) * ratio
        fitting = [
            one
            for box in places_of(target.around, sight.shown, ratio)
            for one in shown
            if one.box.center.distance(Point(box.x1 + left + one.box.width / 2, box.y1 + top + one.box.height / 2)) < 4
        ]
        if len(fitting) == 1:
            return fitting[0]
    raise _failure(target, sight, f"could be any of {len(shown)} that are alike")


def _pictured(target: Target, sight: Sight, candidate: Candidate) -> Found:
    """What the picture found, unless the page says that it is now another thing."""
    there = element_at(sight, candidate.box.center)
    text = sight.text_in(candidate.box)
    if sight.labels and target.text and plain(text) != plain(target.text):
        raise _failure(target, sight, f"now says {short(text)!r}")
    if target.element is not None and there is not None and not is_same_kind(target.element.role, there.role):
        raise _failure(target, sight, f"is now {spoken_as(there)}")
    note = _moved(target, sight, candidate.box)
    return Found(point=_point(target, candidate.box), box=candidate.box, how="pixels", note=note)


def _has_lost_its_label(target: Target, sight: Sight, chosen: Candidate) -> bool:
    """Whether the label went elsewhere while the thing stayed: it looks as it did, and has another name."""
    if not target.is_whole or sight.size != target.screen or _is_in_place(target, chosen, sight):
        return False
    there = element_at(sight, target.point)
    if there is None or target.element is None or not is_same_kind(there.role, target.element.role):
        return False
    paint = paint_of(target.crop, target.crop.size.box)
    stays = abs(paint - paint_of(sight.shown, there.box)).max() <= SAME_PAINT
    goes = abs(paint - paint_of(sight.shown, chosen.box)).max() > SAME_PAINT
    return bool(stays and goes) and abs(there.box.height - target.box.height) <= 2


def _is_in_place(target: Target, candidate: Candidate, sight: Sight) -> bool:
    ratio = sight.scale / target.scale
    if not target.is_whole:
        return candidate.box.contains(target.point.scale(ratio, ratio))
    was = target.box.center.scale(ratio, ratio)
    return candidate.box.center.distance(was) <= STILL_PX * sight.scale


def _found(target: Target, sight: Sight, chosen: Candidate, count: int) -> Found:
    is_same = is_equal(target.crop, sight.shown.crop(chosen.box)) if target.is_whole else _is_still(target, sight)
    how: How = "pixels" if is_same else "layout" if count > 1 else "page"
    notes = [_moved(target, sight, chosen.box), "" if is_same else "it looks otherwise", *_differences(target, chosen)]
    point = _point(target, chosen.box)
    return Found(point=point, box=chosen.box, how=how, note=", ".join(note for note in notes if note))


def _point(target: Target, box: Box) -> Point:
    """The recorded place on the thing, where it is as large as it was, else its middle."""
    if abs(box.width - target.box.width) < 1 and abs(box.height - target.box.height) < 1:
        return Point(target.point.x + box.x1 - target.box.x1, target.point.y + box.y1 - target.box.y1)
    return box.center


def _moved(target: Target, sight: Sight, box: Box) -> str:
    if sight.scale != target.scale:
        return "the screen has another scale"
    if not target.is_whole and box.contains(target.point):
        return ""
    way = box.center.distance(target.box.center)
    return f"it has moved by {way:.0f} px" if way >= 1 else ""


def _differences(target: Target, chosen: Candidate) -> list[str]:
    """What the page says otherwise of a thing that is found."""
    then, now = target.element, chosen.element
    if then is None or now is None:
        return []
    notes = [f"it is now a {now.role or 'thing'}"] if now.role != then.role else []
    for state in ("checked", "selected", "expanded"):
        if (state in now.states) != (state in then.states):
            notes.append(f"it is {'now' if state in now.states else 'no longer'} {state}")
    return notes


def _why_none(target: Target, sight: Sight, called: Sequence[Candidate]) -> str:
    """Why nothing is the recorded thing, in words that go on after its name."""
    for one in called:
        if _is_disabled_now(target, one):
            return "is disabled"
    for one in called:
        if wrong := _what_looks_wrong(target, one, sight):
            return wrong
    there = _there(target, sight)
    return f"is not on the screen; where it was there is {there}" if there else "is not on the screen"


def _there(target: Target, sight: Sight) -> str:
    """What is where the thing was, in words."""
    ratio = sight.scale / target.scale
    there = element_at(sight, target.point.scale(ratio, ratio))
    if there is not None:
        return spoken_as(there, sight.text_in(there.box))
    if _is_still(target, sight):
        return "only its picture, which takes no actions"
    text = sight.text_in(target.box.scale(ratio, ratio).clip(sight.size))
    return f"the text {short(text)!r}" if text else ""


def _failure(target: Target, sight: Sight, why: str) -> NotFound:
    ratio = sight.scale / target.scale
    box = target.box.scale(ratio, ratio).clip(sight.size)
    return NotFound(f"{spoken(target)} {why}", screen=sight.shown, box=box if box.area else None)
