"""The diagnosis of fake models: each wrong way to answer is told by its name, on every size of the screen."""

import re
from collections.abc import Sequence

import numpy as np
import pytest
from clickwright.aim import (
    ALL_VIEWS,
    VIEWS,
    Asked,
    Convention,
    Manner,
    Padding,
    Page,
    Turn,
    Unit,
    View,
    ask,
    clicks,
    diagnose,
    draw_answers,
    picture_line,
    verdict,
    writes_places,
)
from clickwright.aim.conventions import convention_of
from clickwright.model import ScriptedModel
from clickwright.model.processor import Budget
from clickwright.policies import ModelPolicy
from clickwright.policies.grammars import THOUSANDTHS, Canvas, Reference
from clickwright.policies.profiles import PROFILES, Profile
from clickwright.policies.profiles.aguvis import GUI_ACTOR
from clickwright.policies.profiles.qwen2_vl import INSTRUCT, MINI
from clickwright.screen import Point, Size
from clickwright.tools import Click
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .pointed import IN_FRACTIONS, IN_SEEN_PIXELS, IN_THOUSANDTHS, diagnosed, page

SMALL = Budget(max_pixels=640 * 28**2)
DECIMALS = {Unit.FRACTIONS: 4, Unit.PERCENT: 1}
SETS = [pytest.param(VIEWS, id="few"), pytest.param(ALL_VIEWS, id="all")]


def manner(unit: Unit, turn: Turn = Turn.NONE, padding: Padding = Padding.NONE) -> Manner:
    return Manner(convention=Convention(unit=unit, turn=turn, padding=padding), decimals=DECIMALS.get(unit, 0))


RIGHT = [
    (manner(Unit.THOUSANDTHS), IN_THOUSANDTHS),
    (manner(Unit.FRACTIONS), IN_FRACTIONS),
    (manner(Unit.SEEN), IN_SEEN_PIXELS),
    (Manner(noise_px=6), IN_THOUSANDTHS),
    (Manner(noise_px=6, misses=0.3), IN_THOUSANDTHS),
    (Manner(offset=Point(3, -2)), IN_THOUSANDTHS),
    (Manner(convention=Convention(unit=Unit.FRACTIONS), decimals=2, written="[{x}, {y}]"), IN_FRACTIONS),
]
WRONG = [
    (manner(Unit.FRACTIONS), IN_THOUSANDTHS, "answers in fractions; the profile instruct reads thousandths"),
    (manner(Unit.PERCENT), IN_THOUSANDTHS, "answers in per cent;"),
    (manner(Unit.NATIVE), IN_THOUSANDTHS, "answers in pixels of the screenshot;"),
    (manner(Unit.SEEN), IN_THOUSANDTHS, "answers in pixels of the resized picture;"),
    (manner(Unit.THOUSANDTHS), IN_FRACTIONS, "answers in thousandths; the profile fractions reads fractions"),
    (manner(Unit.THOUSANDTHS), IN_SEEN_PIXELS, "answers in thousandths; the profile seen reads pixels of the resized"),
    (manner(Unit.NATIVE), IN_SEEN_PIXELS, "answers in pixels of the screenshot;"),
    (manner(Unit.THOUSANDTHS, Turn.SWAPPED), IN_THOUSANDTHS, "the axes are swapped"),
    (manner(Unit.FRACTIONS, Turn.SWAPPED), IN_THOUSANDTHS, "answers in fractions, y before x;"),
    (manner(Unit.SEEN, Turn.SWAPPED), IN_SEEN_PIXELS, "the axes are swapped"),
    (manner(Unit.THOUSANDTHS, Turn.FROM_RIGHT), IN_THOUSANDTHS, "x is counted from the right edge"),
    (manner(Unit.THOUSANDTHS, Turn.FROM_BELOW), IN_THOUSANDTHS, "y is counted from the lower edge"),
    (manner(Unit.THOUSANDTHS, padding=Padding.END), IN_THOUSANDTHS, "padded below or on the right to a square"),
    (manner(Unit.FRACTIONS, padding=Padding.AROUND), IN_THOUSANDTHS, "fractions of the picture padded on both sides"),
    (Manner(offset=Point(20, 0)), IN_THOUSANDTHS, "but the answers lie 20 px too far right"),
    (Manner(offset=Point(0, -20)), IN_THOUSANDTHS, "but the answers lie 20 px too far up"),
    (Manner(offset=Point(-20, 20)), IN_THOUSANDTHS, "lie 20 px too far left and 20 px too far down"),
    (
        Manner(convention=Convention(unit=Unit.SEEN), reads_as=SMALL),
        IN_SEEN_PIXELS,
        "in pixels of a picture resized to about 924 x 532 from 1288 x 728 and to 924 x 5",
    ),
    (
        Manner(convention=Convention(unit=Unit.SEEN), reads_as=SMALL),
        IN_THOUSANDTHS,
        "in pixels of a picture resized to about 924 x 532 from 1288 x 728 and to 924 x 5",
    ),
    (
        Manner(convention=Convention(unit=Unit.SEEN, turn=Turn.SWAPPED), reads_as=SMALL),
        IN_THOUSANDTHS,
        "y before x; the profile",
    ),
]


@pytest.mark.parametrize("views", SETS)
@pytest.mark.parametrize(("way", "profile"), RIGHT)
def test_a_model_that_its_profile_reads_agrees(way: Manner, profile: Profile, views: Sequence[View]) -> None:
    diagnosis = diagnosed(way, profile, views)
    assert diagnosis.agrees is True
    assert f"as the profile {profile.name} reads them" in verdict(diagnosis, profile)
    assert all(picture.agrees or (picture.agrees is None and way.misses) for picture in diagnosis.pictures)


@pytest.mark.parametrize("views", SETS)
@pytest.mark.parametrize(("way", "profile", "says"), WRONG)
def test_a_wrong_way_is_told_by_its_name(way: Manner, profile: Profile, says: str, views: Sequence[View]) -> None:
    diagnosis = diagnosed(way, profile, views)
    assert diagnosis.agrees is False
    assert says in verdict(diagnosis, profile)


@pytest.mark.parametrize(("way", "profile", "says"), WRONG)
def test_it_is_told_of_a_weak_model_too(way: Manner, profile: Profile, says: str) -> None:
    """The size of the resize is told less exactly then."""
    weak = Manner(
        convention=way.convention,
        decimals=max(way.decimals, 1),
        offset=way.offset,
        reads_as=way.reads_as,
        noise_px=3,
        misses=0.25,
        seed=3,
    )
    if profile is IN_SEEN_PIXELS and way.convention.unit is Unit.NATIVE:
        return  # no more than the noise apart
    diagnosis = diagnosed(weak, profile, ALL_VIEWS)
    assert diagnosis.agrees is False
    words = says.partition("resized to about")[0].partition("20 px")[0]
    assert words in verdict(diagnosis, profile)


@pytest.mark.parametrize("view", ALL_VIEWS, ids=str)
@pytest.mark.parametrize(("way", "profile", "says"), WRONG)
def test_it_is_found_on_each_size_alone(way: Manner, profile: Profile, says: str, view: View) -> None:
    diagnosis = diagnosed(way, profile, [view])
    (found,) = diagnosis.pictures
    if way.convention.unit is Unit.NATIVE and profile is IN_SEEN_PIXELS:
        assert found.agrees is not None  # the picture may have been read as it is
        return
    assert found.agrees is False
    line = picture_line(diagnosis.asked[0], found, diagnosis.own)
    name = says.partition(";")[0].removeprefix("but ").removeprefix("answers ").partition("resized to about")[0]
    name = re.sub(r"20(?= px)", "(19|20|21)", name.strip())  # as exactly as thousandths say it
    assert re.search(name, line), line


def test_what_cannot_be_told_apart_is_told_together() -> None:
    diagnosis = diagnosed(manner(Unit.NATIVE), IN_THOUSANDTHS, VIEWS[:1])
    said = verdict(diagnosis, IN_THOUSANDTHS)
    assert "in pixels of the resized picture, or in pixels of the screenshot;" in said


@pytest.mark.parametrize(
    "way",
    [
        Manner(misses=1),
        Manner(says="I cannot help with that."),
        Manner(says="(500,500)"),
        Manner(says="<|box_start|>(0,0),(1000,1000)<|box_end|>"),
        Manner(says=""),
        Manner(noise_px=400),
    ],
)
@pytest.mark.parametrize("views", SETS)
def test_what_no_convention_explains_cannot_be_told(way: Manner, views: Sequence[View]) -> None:
    diagnosis = diagnosed(way, views=views)
    assert diagnosis.agrees is None
    assert "cannot be told" in verdict(diagnosis, IN_THOUSANDTHS)
    assert all(
        "cannot be told" in picture_line(asked, found, diagnosis.own)
        for asked, found in zip(diagnosis.asked, diagnosis.pictures, strict=True)
    )


@pytest.mark.parametrize("views", SETS)
def test_a_pointer_head_is_told_of_in_pixels(views: Sequence[View]) -> None:
    diagnosis = diagnosed(Manner(), GUI_ACTOR, views)
    assert "pixels of the screenshot, as the profile" in verdict(diagnosis, GUI_ACTOR)
    shifted = diagnosed(Manner(offset=Point(0, 40)), GUI_ACTOR, views)
    assert "px too far down" in verdict(shifted, GUI_ACTOR)
    lost = diagnosed(Manner(says=""), GUI_ACTOR, views)
    assert lost.agrees is None


def spoken(profile: Profile, page: Page, seen: Size) -> list[str]:
    """How a checkpoint of this family names each target of a page."""
    canvas = Canvas(size=page.view.size, space=profile.space, seen=seen)
    if profile.ground is not None:
        references = [Reference(description=each.description, shapes=(each.box,)) for each in page.targets]
        return [profile.ground.places.write(each, canvas).removeprefix(profile.ground.prefill) for each in references]
    assert profile.act is not None
    clicks = [Click(point=target.box.center) for target in page.targets]
    return [profile.act.language.write([each], canvas).removeprefix(profile.act.prefill) for each in clicks]


WRITING = [each for each in PROFILES.values() if writes_places(each) and each is not GUI_ACTOR]


@pytest.mark.parametrize("profile", WRITING, ids=lambda profile: profile.name)
def test_every_family_agrees_with_its_own_profile(profile: Profile) -> None:
    budget = Budget().but(min_pixels=profile.min_pixels, max_pixels=profile.max_pixels)
    asked: list[Asked] = []
    for view in VIEWS:
        seen = budget.resized(view.size, factor=profile.factor)
        model = ScriptedModel(spoken(profile, page(view), seen), budget=budget, factor=profile.factor)
        asked.append(ask(ModelPolicy(model, profile=profile), page(view)))
    diagnosis = diagnose(asked, profile)
    assert diagnosis.agrees is True, [answer.text for answer in asked[0].answers]
    lines = [picture_line(*each, diagnosis.own) for each in zip(asked, diagnosis.pictures, strict=True)]
    assert all("9 of 9 targets hit" in line for line in lines)


@pytest.mark.parametrize("size", [Size(1288, 728), Size(1280, 720), Size(1920, 1080), Size(1080, 2400)], ids=str)
def test_thousandths_of_a_page_mean_what_the_policy_reads(size: Size) -> None:
    seen = Budget(max_pixels=MINI.max_pixels or 0).resized(size, factor=MINI.factor)
    canvas, own = Canvas(size=size, space=MINI.space, seen=seen), convention_of(MINI.space)
    meant = own.pixels(np.array([[200.0, 100.0]]), size, seen)[0]
    assert canvas.point(200, 100).distance(Point(*meant)) < 1e-6
    assert own.write(Point(*meant), size, seen) == pytest.approx((200, 100))
    assert str(own) == "thousandths of a page of 1288 x 728"


def test_a_scale_of_its_own_is_told() -> None:
    thousand, other = Convention(unit=Unit.THOUSANDTHS), "<|box_start|>({x}8,{y}8)<|box_end|>"
    diagnosis = diagnosed(Manner(convention=thousand, written=other))
    assert "in coordinates from 0 to about 10,0" in verdict(diagnosis, INSTRUCT)


def test_one_size_that_is_read_otherwise_is_named_alone() -> None:
    """A server that resizes only what is larger than its budget."""
    budget = Budget(max_pixels=1288 * 728)
    diagnosis = diagnosed(Manner(convention=Convention(unit=Unit.SEEN), reads_as=budget), IN_SEEN_PIXELS)
    assert [picture.agrees for picture in diagnosis.pictures] == [True, False]
    said = verdict(diagnosis, IN_SEEN_PIXELS)
    assert said.startswith("at 1610 x 910 the model answers in pixels of a picture resized to about 1288 x 728;")
    assert "max_pixels" in said


def test_profiles_that_read_it_are_named() -> None:
    said = verdict(diagnosed(manner(Unit.THOUSANDTHS), IN_FRACTIONS), IN_FRACTIONS)
    assert "profiles that read those, for --profile: instruct, " in said
    assert f"and {sum(profile.space == THOUSANDTHS for profile in PROFILES.values()) - 5} more" in said
    assert "mini" not in said  # its thousandths are those of a page


def test_a_line_has_the_hits_the_errors_the_offset_and_the_scale() -> None:
    diagnosis = diagnosed(Manner(offset=Point(20, 0)))
    line = picture_line(diagnosis.asked[0], diagnosis.pictures[0], diagnosis.own)
    assert line.startswith("1288 x 728: 4 of 9 targets hit; the answers lie 20 px too far right; read so, median 0.")
    assert "offset +20.1, +0.0 px, scale 1.000, 1.000" in line


def test_refusals_are_counted() -> None:
    diagnosis = diagnosed(Manner(says="No."))
    line = picture_line(diagnosis.asked[0], diagnosis.pictures[0], diagnosis.own)
    assert "0 of 9 targets hit, 9 not answered with a place" in line
    assert clicks(diagnosis.asked[0], diagnosis.pictures[0]) == [None] * 9


def test_the_drawing_shows_where_each_click_went() -> None:
    diagnosis = diagnosed(Manner(offset=Point(200, 0)))
    asked, found = diagnosis.asked[0], diagnosis.pictures[0]
    drawn = draw_answers(asked, found).pixels
    assert drawn.shape == asked.screenshot.pixels.shape
    click = clicks(asked, found)[0]
    assert click is not None
    changed = (drawn != asked.screenshot.pixels).any(axis=2)
    assert changed[round(click.y), round(click.x)]
    assert changed[round(click.y), round(click.x) - 100]  # the arrow to it
    assert not np.array_equal(drawn, asked.screenshot.pixels)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    unit=st.sampled_from(Unit),
    turn=st.sampled_from(Turn),
    offset=st.one_of(
        st.just((0.0, 0.0)),
        st.tuples(*[st.floats(16, 60).flatmap(lambda size: st.sampled_from((size, -size)))] * 2),
    ),
    noise_px=st.floats(0, 1.5),
    misses=st.sampled_from((0.0, 0.15)),
    seed=st.integers(0, 9999),
)
def test_any_convention_with_any_offset_is_recovered(
    unit: Unit, turn: Turn, offset: tuple[float, float], noise_px: float, misses: float, seed: int
) -> None:
    convention = Convention(unit=unit, turn=turn)
    way = Manner(
        convention=convention,
        offset=Point(*offset),
        noise_px=noise_px,
        misses=misses,
        decimals={Unit.FRACTIONS: 4, Unit.PERCENT: 2}.get(unit, 1),
        seed=seed,
    )
    diagnosis = diagnosed(way, budget=Budget(max_pixels=1100 * 28**2))
    best = diagnosis.whole.best
    assert best.convention == convention
    assert best.is_offset == (offset != (0, 0))
    for fitted in best.pictures:
        assert fitted.offset == pytest.approx(offset, abs=2 + 2 * noise_px)
    assert diagnosis.agrees is (convention == Convention(unit=Unit.THOUSANDTHS) and offset == (0, 0))


@given(
    convention=st.builds(Convention, unit=st.sampled_from(Unit), turn=st.sampled_from(Turn))
    | st.builds(Convention, unit=st.sampled_from(Unit), padding=st.sampled_from(Padding)),
    size=st.builds(Size, st.integers(28, 4000), st.integers(28, 4000)),
    seen=st.builds(Size, st.integers(28, 4000), st.integers(28, 4000)),
    share=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_what_a_convention_writes_it_reads(
    convention: Convention, size: Size, seen: Size, share: tuple[float, float]
) -> None:
    point = Point(share[0] * size.width, share[1] * size.height)
    numbers = np.array([convention.write(point, size, seen)])
    assert convention.pixels(numbers, size, seen)[0].tolist() == pytest.approx([point.x, point.y], abs=1e-6)
