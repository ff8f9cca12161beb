"""From a target on the screen to the text of its place, to an action, to a click that the page sees, and back."""

import asyncio
from dataclasses import replace

import pytest
from clickwright.coordinates import View, clicked
from clickwright.model.processor import Budget
from clickwright.policies.grammars import FRACTIONS, SEEN_PIXELS, THOUSANDTHS, Canvas, Reference, Space, center_of
from clickwright.policies.profiles import PROFILES, Profile
from clickwright.screen import Box, Point, Size
from clickwright.tools import Click
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import smart_resize

TARGETS = {
    "1280 x 720": View(viewport=Size(1280, 720), device_scale=1),
    "1920 x 1080 at scale 2": View(viewport=Size(960, 540), device_scale=2),
    "3840 x 2160": View(viewport=Size(3840, 2160), device_scale=1),
    "1080 x 2400": View(viewport=Size(540, 1200), device_scale=2),
}
SPACES = {"thousandths": THOUSANDTHS, "fractions": FRACTIONS, "pixels": SEEN_PIXELS}

# The middle of the button that lies at (x, y) of the screen is written so. Pixels are those of Qwen2.5-VL's default
# budget: sides are rounded to multiples of 28, 3840 x 2160 fits.
GOLDEN = [
    # space, screen, point, read size, written
    ("thousandths", (1280, 720), (640, 360), None, (500, 500)),
    ("thousandths", (1280, 720), (1279, 719), None, (999, 999)),
    ("thousandths", (1280, 720), (0, 0), None, (0, 0)),
    ("thousandths", (1280, 720), (256, 180), None, (200, 250)),
    ("thousandths", (1920, 1080), (480, 810), None, (250, 750)),
    ("thousandths", (1920, 1080), (1919, 3), None, (999, 3)),
    ("thousandths", (3840, 2160), (3000, 540), None, (781, 250)),
    ("thousandths", (3840, 2160), (2, 1), None, (1, 0)),
    ("thousandths", (1080, 2400), (540, 1800), None, (500, 750)),
    ("thousandths", (1080, 2400), (1, 2399), None, (1, 999)),
    ("fractions", (1280, 720), (640, 360), None, (0.5, 0.5)),
    ("fractions", (1280, 720), (1279, 719), None, (0.9992, 0.9986)),
    ("fractions", (1920, 1080), (480, 810), None, (0.25, 0.75)),
    ("fractions", (3840, 2160), (3000, 540), None, (0.7812, 0.25)),
    ("fractions", (1080, 2400), (540, 1800), None, (0.5, 0.75)),
    ("pixels", (1280, 720), (640, 360), (1288, 728), (644, 364)),
    ("pixels", (1280, 720), (1279, 719), (1288, 728), (1287, 727)),
    ("pixels", (1920, 1080), (480, 810), (1932, 1092), (483, 819)),
    ("pixels", (3840, 2160), (3000, 540), (3836, 2156), (2997, 539)),
    ("pixels", (1080, 2400), (540, 1800), (1092, 2408), (546, 1806)),
]


def canvas_of(space: Space, size: Size, *, max_pixels: int = 12_845_056, factor: int = 28) -> Canvas:
    budget = Budget(min_pixels=3136, max_pixels=max_pixels)
    return Canvas(size=size, seen=budget.resized(size, factor=factor), space=space)


@pytest.mark.parametrize(("space", "size", "point", "seen", "written"), GOLDEN)
def test_the_golden_table(
    space: str,
    size: tuple[int, int],
    point: tuple[int, int],
    seen: tuple[int, int] | None,
    written: tuple[float, float],
) -> None:
    canvas = canvas_of(SPACES[space], Size(*size))
    assert canvas.place(Point(*point)) == written
    if seen is not None:
        assert canvas.seen == Size(*seen)
    back = canvas.point(*written)
    across, down = canvas.unit
    assert abs(back.x - point[0]) <= across * canvas.space.step
    assert abs(back.y - point[1]) <= down * canvas.space.step


@pytest.mark.parametrize("view", TARGETS.values(), ids=TARGETS)
@pytest.mark.parametrize("factor", [28, 32])
@pytest.mark.parametrize("max_pixels", [1344 * 28 * 28, 2700 * 28 * 28, 12_845_056])
def test_the_size_at_which_a_picture_is_read_is_that_of_transformers(view: View, factor: int, max_pixels: int) -> None:
    size = view.screen
    height, width = smart_resize(size.height, size.width, factor=factor, min_pixels=3136, max_pixels=max_pixels)
    assert canvas_of(SEEN_PIXELS, size, max_pixels=max_pixels, factor=factor).seen == Size(width, height)


def through_the_text(profile: Profile, target: Box, size: Size) -> Point:
    """Where a checkpoint clicks that sees exactly where the target is: its answer is written and read."""
    canvas = canvas_of(profile.space, size, max_pixels=profile.max_pixels or 12_845_056, factor=profile.factor)
    canvas = replace(canvas, locate=lambda words: Point(0, 0), marks=(target,))
    if profile.act is not None:
        written = profile.act.language.write([Click(point=target.center)], canvas)
        (action,) = profile.act.language.parse(written, canvas).actions
        assert isinstance(action, Click)
        return action.point
    assert profile.ground is not None
    written = profile.ground.places.write(Reference(description="", shapes=(target.center,)), canvas)
    (reference,) = profile.ground.places.parse(written, canvas)
    return center_of(reference.shapes[0])


def _spoken(profile: Profile) -> object:
    """What tells how a profile writes a place: one that writes places alike is clicked for by another."""
    language = profile.act.language if profile.act else profile.ground and profile.ground.places
    return type(language), profile.space, profile.factor


@pytest.mark.slow
@pytest.mark.parametrize("view", TARGETS.values(), ids=TARGETS)
def test_every_family_hits_what_it_points_at_in_a_real_browser(view: View) -> None:
    """Every language in every space that it is used in clicks another of the targets."""
    size, profiles = view.screen, list({_spoken(profile): profile for profile in PROFILES.values()}.values())
    view = replace(view, count=len(profiles))
    waiting = iter(profiles)
    meant: list[tuple[Profile, Point]] = []

    def aim(target: Box) -> Point:
        profile = next(waiting)
        point = through_the_text(profile, target, size)
        meant.append((profile, target.center))
        return point

    arrived = asyncio.run(clicked(view, aim))
    assert len(arrived) == len(profiles)
    for (profile, center), point in zip(meant, arrived, strict=True):
        across, down = canvas_of(
            profile.space, size, max_pixels=profile.max_pixels or 12_845_056, factor=profile.factor
        ).unit
        step = profile.space.step
        off_x, off_y = abs(point.x - center.x), abs(point.y - center.y)
        assert off_x <= across * step + 1, (profile.name, off_x)
        assert off_y <= down * step + 1, (profile.name, off_y)
