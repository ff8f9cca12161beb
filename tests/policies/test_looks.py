"""Second looks: what is shown, how looks vote, and when a place is looked at again, searched or asked about."""

from dataclasses import replace

import numpy as np
import pytest
from clickwright.errors import BadModelOutput
from clickwright.model import Generation, ScriptedModel
from clickwright.policies import Grounding, ModelPolicy
from clickwright.policies.looks import SIGHT, agreed, around, is_shrunk, settled, window_size
from clickwright.policies.profiles import Doubt
from clickwright.policies.profiles.qwen2_vl import MINI
from clickwright.screen import Box, Observation, Point, Screenshot, Size
from clickwright.tools import Task
from hypothesis import given
from hypothesis import strategies as st

WINDOW = Size(1288, 728)
RED = (200, 0, 0)


def screen(size: Size, target: Box | None = None) -> Screenshot:
    """White, with one red target."""
    pixels = np.full((size.height, size.width, 3), 255, np.uint8)
    if target is not None:
        pixels[int(target.y1) : int(target.y2), int(target.x1) : int(target.x2)] = RED
    return Screenshot(pixels=pixels)


def at(x: float, y: float, confidence: float | None = 0.5, reach: float = 0) -> Grounding:
    box = Box(x - reach, y - reach, x + reach, y + reach) if reach else None
    return Grounding(point=Point(x, y), box=box, confidence=confidence)


class Eye:
    """Finds the red target where it is whole and no smaller than `least` px; elsewhere it points at the corner."""

    def __init__(self, *, least: int = 1) -> None:
        self.least = least
        self.seen: list[Size] = []

    def __call__(self, picture: Screenshot) -> Grounding:
        self.seen.append(picture.size)
        rows, columns = np.nonzero((picture.pixels == RED).all(-1))
        if not rows.size or columns.max() - columns.min() + 1 < self.least:
            return at(5, 5, 0.1)
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        return Grounding(point=box.center, box=box, confidence=0.95)


@pytest.mark.slow
@given(st.floats(0, 3839), st.floats(0, 2159))
def test_a_window_shows_its_middle_and_brings_places_back(x: float, y: float) -> None:
    whole = screen(Size(3840, 2160), Box(int(x), int(y), int(x) + 1, int(y) + 1))
    window = around(whole, Point(x, y), WINDOW)
    assert window.picture.size == WINDOW
    found = window.on_screen(Eye()(window.picture))
    assert found.point == Point(int(x) + 0.5, int(y) + 0.5)
    assert found.box == Box(int(x), int(y), int(x) + 1, int(y) + 1)


def test_what_lies_off_the_screen_is_plain() -> None:
    window = around(screen(WINDOW, Box(0, 0, 10, 10)), Point(0, 0), WINDOW)
    assert (window.left, window.top) == (-644, -364)
    assert (window.picture.pixels[364:374, 644:654] == RED).all()
    assert (window.picture.pixels[:364] == 255).all()


def test_a_window_is_never_shrunk_and_never_larger_than_the_screen() -> None:
    assert window_size(Size(3840, 2160), Size(1288, 728)) == SIGHT
    assert window_size(Size(3840, 2160), Size(3836, 2156)) == SIGHT
    assert window_size(Size(1080, 2400), Size(644, 1428)) == Size(644, 728)


def test_looks_that_agree_outvote_a_surer_one_that_stands_alone() -> None:
    found = agreed([at(10, 10, 0.7), at(600, 300, 0.6), at(605, 302, 0.65)], WINDOW)
    assert found.point == Point(605, 302)
    assert found.looks == 3
    assert found.confidence == pytest.approx(0.3 * 0.39 / (0.3 * 0.39 + 0.7 * 0.4 * 0.35 + 0.3 * 0.4 * 0.35))


def test_a_place_in_the_others_box_is_the_same_place() -> None:
    found = agreed([at(100, 100, 0.8, reach=80), at(170, 100, 0.5)], WINDOW)
    assert found.point == Point(100, 100)
    assert found.confidence == pytest.approx(0.8 * 0.5 / (0.8 * 0.5 + 0.2 * 0.5))


def test_one_look_is_worth_what_it_says() -> None:
    assert agreed([at(1, 2, 0.7)], WINDOW).confidence == pytest.approx(0.7)
    assert agreed([at(1, 2, None), at(900, 2, None)], WINDOW).confidence is None


def test_a_place_that_is_not_in_doubt_is_not_looked_at_again() -> None:
    eye, first = Eye(), at(100, 100, 0.99)
    assert settled(eye, screen(WINDOW), first, Doubt(below=0.9), WINDOW) == first
    assert eye.seen == []
    unknown = at(100, 100, None)
    assert settled(eye, screen(WINDOW), unknown, Doubt(below=0.9), WINDOW) == unknown


def test_a_place_in_doubt_is_looked_at_in_the_middle() -> None:
    whole, eye = screen(WINDOW, Box(700, 400, 720, 420)), Eye()
    found = settled(eye, whole, at(660, 380, 0.3), Doubt(below=0.9), WINDOW)
    assert found.box == Box(700, 400, 720, 420)
    assert found.looks == len(eye.seen) + 1 == 2


def test_another_place_is_looked_at_in_the_middle_too() -> None:
    places = iter([at(700, 400, 0.6), at(644, 364, 0.8)])
    found = settled(lambda _: next(places), screen(WINDOW), at(20, 20, 0.4), Doubt(below=0.9), WINDOW)
    assert found.looks == 3
    assert found.point.distance(Point(20 - 644 + 700, 20 - 364 + 400)) < 1


def test_a_look_that_cannot_be_read_counts_for_nothing() -> None:
    def blind(_: Screenshot) -> Grounding:
        raise BadModelOutput("nothing")

    first = at(10, 10, 0.4)
    assert settled(blind, screen(WINDOW), first, Doubt(below=0.9), WINDOW).point == first.point


def test_a_large_screen_is_searched_window_by_window() -> None:
    whole, eye = screen(Size(3840, 2160), Box(3500, 1900, 3512, 1912)), Eye(least=10)
    first = at(5, 5, 0.1)
    doubt = Doubt(below=0.9, looks=2)
    assert settled(eye, whole, first, doubt, SIGHT).point != Point(3506, 1906)
    scanning = Doubt(below=0.9, looks=2, scans=True)
    found = settled(eye, whole, first, scanning, SIGHT)
    assert found.point == Point(3506, 1906)
    assert set(eye.seen) == {SIGHT}


def test_a_screen_that_is_seen_as_it_is_needs_no_search() -> None:
    eye = Eye(least=100)
    settled(eye, screen(WINDOW), at(5, 5, 0.1), Doubt(below=0.9, looks=2, scans=True), WINDOW)
    assert len(eye.seen) == 1


def test_a_look_that_points_off_the_screen_does_not_count() -> None:
    corner = screen(WINDOW, Box(0, 0, 10, 10))
    looks = iter([at(3, 3, 0.9)])  # of a window with the corner in its middle: far above and left of the screen
    found = settled(lambda picture: next(looks), corner, at(5, 5, 0.2), Doubt(below=0.8, looks=2), WINDOW)
    assert found.point == Point(5, 5)


@pytest.mark.parametrize(
    ("size", "sight", "is_it"),
    [
        (Size(1280, 720), Size(1288, 728), False),
        (Size(1300, 740), Size(1288, 728), False),
        (Size(1920, 1080), Size(1288, 700), True),
        (Size(400, 2400), Size(400, 2300), True),
    ],
)
def test_a_screen_whose_sides_are_only_rounded_is_not_searched(size: Size, sight: Size, is_it: bool) -> None:
    assert is_shrunk(size, sight) is is_it
    eye = Eye()
    settled(eye, screen(size), at(5, 5, 0.95), Doubt(below=0.9, scans=True), sight)
    assert bool(eye.seen) is is_it


@pytest.mark.parametrize(("asks_below", "kind"), [(0.0, "click"), (0.9, "ask")])
def test_an_action_in_doubt_is_looked_at_again_and_asked_about_where_it_stays_so(asks_below: float, kind: str) -> None:
    text = "<|object_ref_start|>Send<|object_ref_end|><|box_start|>(450,450),(550,550)<|box_end|>"
    model = ScriptedModel([Generation(text=text, token_ids=(1,), tokens=(text,), logprobs=(-1.0,))] * 2)
    doubt = Doubt(below=0.8, looks=2, asks_below=asks_below)
    policy = ModelPolicy(model, profile=replace(MINI, calibration=None), doubt=doubt)
    policy.reset(Task(goal="Send it."))
    decision = policy.act(Observation(screenshot=screen(Size(1288, 728))), [])
    assert model.asked[1].messages[0].parts[-1] == "Locate Send."
    assert decision.looks == 2
    assert decision.actions[0].kind == kind
