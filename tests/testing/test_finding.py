"""Things found again on drawn screens: moved, in another order, among others that are alike, gone."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from clickwright.screen import Box, Element, Label, Observation, Point, Screenshot
from clickwright.testing import NotFound
from clickwright.testing.finding import find, place_of, target_at
from clickwright.testing.sight import Sight
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

WIDE, HIGH = 640, 480
ROW_PX = 64
GOODS = ("Desk lamp", "Oak stool", "Wall clock", "Tea pot", "Woven basket")
PACED = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def drawn(
    rows: Sequence[tuple[str, str]], *, top: int = 20, left: int = 30, grey: int = 250, action: str = "Add"
) -> Sight:
    """A list of goods, each in a row of its own between two lines: its name, its price, and a button."""
    pixels = np.full((HIGH, WIDE, 3), grey, np.uint8)
    labels: list[Label] = []
    elements: list[Element] = []
    ink = (20, 20, 20) if grey > 128 else (235, 235, 235)

    def write(text: str, x: int, y: int) -> None:
        cv2.putText(pixels, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.5, ink, 1, cv2.LINE_AA)
        labels.append(Label(text, Box(x, y - 12, x + 9 * len(text), y + 4)))

    for at, (name, price) in enumerate(rows):
        y = top + at * ROW_PX
        cv2.line(pixels, (left, y), (left + 500, y), (128, 128, 128), 1)
        cv2.line(pixels, (left, y + ROW_PX), (left + 500, y + ROW_PX), (128, 128, 128), 1)
        write(name, left + 10, y + 38)
        write(price, left + 250, y + 38)
        box = Box(left + 400, y + 16, left + 480, y + 48)
        cv2.rectangle(pixels, (left + 400, y + 16), (left + 479, y + 47), ink, 1)
        write(action, left + 424, y + 38)
        elements.append(Element(box=box, role="button", name=action))
    seen = Observation(screenshot=Screenshot(pixels=pixels), elements=tuple(elements))
    return Sight(observation=seen, labels=tuple(labels))


def button(sight: Sight, at: int) -> Point:
    return sight.elements[at].box.center


goods = some.lists(some.sampled_from(GOODS), min_size=2, max_size=5, unique=True)


@PACED
@given(names=goods, data=some.data())
def test_on_the_same_screen_it_is_where_it_was(names: list[str], data: some.DataObject) -> None:
    sight = drawn([(name, "$ 10") for name in names])
    at = data.draw(some.integers(0, len(names) - 1))
    found = find(target_at(sight, button(sight, at)), sight)
    assert (found.box, found.how, found.note) == (sight.elements[at].box, "pixels", "")


@PACED
@given(
    names=goods,
    data=some.data(),
    top=some.integers(5, 120),
    left=some.integers(5, 120),
    grey=some.sampled_from((250, 200, 30)),
)
def test_a_list_in_another_order_at_another_place_in_other_colours(
    names: list[str], data: some.DataObject, top: int, left: int, grey: int
) -> None:
    sight = drawn([(name, "$ 10") for name in names])
    at = data.draw(some.integers(0, len(names) - 1))
    target = target_at(sight, button(sight, at))
    order = data.draw(some.permutations(names))
    prices = data.draw(some.lists(some.integers(1, 9999), min_size=len(names), max_size=len(names)))
    after = drawn(
        [(name, f"$ {price}") for name, price in zip(order, prices, strict=True)], top=top, left=left, grey=grey
    )
    assert find(target, after).box == after.elements[order.index(names[at])].box


@PACED
@given(names=goods, data=some.data())
def test_where_its_row_is_gone_no_other_is_taken(names: list[str], data: some.DataObject) -> None:
    sight = drawn([(name, "$ 10") for name in names])
    at = data.draw(some.integers(0, len(names) - 1))
    target = target_at(sight, button(sight, at))
    rest = [name for name in names if name != names[at]]
    with pytest.raises(NotFound, match=rf"^the button 'Add' is no longer beside '{names[at]}'$"):
        find(target, drawn([(name, "$ 10") for name in rest]))


@PACED
@given(names=goods, data=some.data(), price=some.integers(1, 99_999))
def test_a_value_is_read_in_its_own_row(names: list[str], data: some.DataObject, price: int) -> None:
    sight = drawn([(name, "$ 10") for name in names])
    at = data.draw(some.integers(0, len(names) - 1))
    box = next(label.box for label in sight.labels[3 * at :] if label.text == "$ 10")
    target = target_at(sight, box.center, box)
    order = data.draw(some.permutations(names))
    after = drawn([(name, f"$ {price + len(name)}") for name in order], top=50)
    found = place_of(target, after)
    assert found.box is not None
    assert after.text_in(found.box) == f"$ {price + len(names[at])}"
    rest = [(name, "$ 10") for name in names if name != names[at]]
    with pytest.raises(NotFound):
        place_of(target, drawn(rest))


@PACED
@given(
    seed=some.integers(0, 10_000), dx=some.integers(-60, 60), dy=some.integers(-60, 60), lighter=some.integers(0, 40)
)
def test_a_picture_alone_is_found_where_it_has_moved_to(seed: int, dx: int, dy: int, lighter: int) -> None:
    """As on a desktop, which tells nothing."""
    box = Box(100, 100, 140, 140)
    target = target_at(pictured(seed, 100, 100), box.center, box)
    found = find(target, pictured(seed, 100 + dx, 100 + dy, lighter=lighter))
    assert found.how == "pixels"
    assert found.point == Point(120 + dx, 120 + dy)
    with pytest.raises(NotFound, match="is not on the screen"):
        find(target, pictured(seed + 1, 100 + dx, 100 + dy))


def test_a_picture_that_is_there_twice_is_told_by_its_surroundings_or_not_at_all() -> None:
    box = Box(100, 100, 140, 140)
    sight = pictured(3, 100, 100, twin=(240, 100))
    target = target_at(sight, box.center, box)
    assert (target.alike, find(target, sight).point) == (2, box.center)
    with pytest.raises(NotFound, match="could be any of 2 that are alike"):
        find(target, pictured(3, 180, 20, twin=(20, 220)))


def pictured(seed: int, x: int, y: int, *, lighter: int = 0, twin: tuple[int, int] | None = None) -> Sight:
    """A screen without words, and with an icon of random strokes at a place, or at two."""
    pixels = np.full((300, 400, 3), 200, np.uint8)
    for left, top in ((x, y), *([twin] if twin else [])):
        dice = np.random.default_rng(seed)
        for _ in range(6):
            (a, b, c, d), shade = dice.integers(4, 36, 4), dice.integers(0, 120, 3)
            cv2.line(pixels, (left + int(a), top + int(b)), (left + int(c), top + int(d)), shade.tolist(), 3)
    pixels = np.minimum(pixels.astype(int) + lighter, 255).astype(np.uint8)
    return Sight(observation=Observation(screenshot=Screenshot(pixels=pixels)))


def test_what_is_there_instead_is_said() -> None:
    sight = drawn([("Desk lamp", "$ 10")])
    target = target_at(sight, button(sight, 0))
    with pytest.raises(
        NotFound, match=r"^the button 'Add' is not on the screen; where it was there is the button 'Buy'$"
    ):
        find(target, drawn([("Desk lamp", "$ 10")], action="Buy"))


def test_a_thing_that_only_looks_as_it_did_is_not_taken() -> None:
    sight = drawn([("Desk lamp", "$ 10")])
    target = target_at(sight, button(sight, 0))
    dead = Sight(observation=Observation(screenshot=sight.screenshot, elements=()), labels=sight.labels)
    with pytest.raises(NotFound, match="where it was there is only its picture, which takes no actions"):
        find(target, dead)
    [known] = sight.elements
    grey = Element(box=known.box, role=known.role, name=known.name, states=("disabled",))
    off = Sight(observation=Observation(screenshot=sight.screenshot, elements=(grey,)), labels=sight.labels)
    with pytest.raises(NotFound, match=r"^the button 'Add' is disabled$"):
        find(target, off)
