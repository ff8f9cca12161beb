"""What a test calls a thing: words that a person would use, and that mean one thing on the page only."""

from collections.abc import Iterator

from ...screen import Box, Element, Label, Point, Size
from ..plain import plainly
from ..sight import Sight

MAX_CHARS = 80
FIELDS = frozenset({"textbox", "searchbox", "combobox", "spinbutton", "date", "time", "month", "week", "color", "file"})
NEAR_PX = 160
"""How far a text may be from a field that it names, in input units."""
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
KINDS = {"textbox": "field", "searchbox": "search field", "combobox": "list", "spinbutton": "number field"}


def words_for(sight: Sight, point: Point, element: Element | None) -> str:
    """The name of the thing, told apart from others of this name; else the text at the point; else where it lies."""
    if element is None:
        return _text_at(sight, point) or f"the place {place_in(sight.size, point)}"
    kind = KINDS.get(element.role, element.role or "thing")
    name = _cut(element.name)
    if not name:
        near = _label_of(sight, element.box) if element.role in FIELDS else None
        name = _cut(near.text) if near is not None else ""
        return name if name and not _alike(sight, name) else f"the {kind} {place_in(sight.size, element.box.center)}"
    alike = _alike(sight, name)
    return name if len(alike) < 2 else told_apart(sight, name, element, alike)


def told_apart(sight: Sight, name: str, element: Element, alike: list[Element]) -> str:
    """By a text in its row that no other has in its own, else by the nearest text, else by the order on the page."""
    others = [one.box for one in alike if one.box != element.box]
    for label in _in_row(sight, element.box):
        is_own = not any(_shares_row(label.box, box) for box in others)
        if is_own and _is_only(sight, label) and plainly(label.text) != plainly(name):
            return f"{name} in the row of '{_cut(label.text)}'"
    for label in sorted(sight.labels, key=lambda label: label.box.center.distance(element.box.center)):
        nearest = min((one.box for one in alike), key=lambda box: label.box.center.distance(box.center))
        is_mine = nearest == element.box and element.box.intersect(label.box) is None
        if is_mine and _is_only(sight, label) and plainly(label.text) != plainly(name):
            return f"{name} near '{_cut(label.text)}'"
    ordered = sorted((one.box for one in alike), key=lambda box: (box.y1, box.x1))
    return ordinal(name, ordered.index(element.box) if element.box in ordered else 0)


def ordinal(name: str, index: int) -> str:
    """`the second 'Remove'`: counted from the top, and from the left."""
    return f"the {ORDINALS[index]} '{name}'" if index < len(ORDINALS) else f"'{name}', number {index + 1}"


def place_in(size: Size, point: Point) -> str:
    """Where on the screen it lies, in words."""
    down = ("at the top", "in the middle", "at the bottom")[min(2, int(3 * point.y / size.height))]
    across = ("left", "", "right")[min(2, max(0, int(3 * point.x / size.width)))]
    return f"{down} {across}".strip()


def _alike(sight: Sight, name: str) -> list[Element]:
    return [one for one in sight.elements if plainly(one.name) == plainly(name)]


def _text_at(sight: Sight, point: Point) -> str:
    hit = next((label for label in sight.labels if label.box.contains(point)), None)
    return "" if hit is None or not _is_only(sight, hit) else _cut(hit.text)


def _label_of(sight: Sight, box: Box) -> Label | None:
    """The nearest text on the left of a field, or above it."""
    beside = [label for label in sight.labels if label.box.x2 <= box.x1 + 1 and _shares_row(label.box, box)]
    above = [label for label in sight.labels if label.box.y2 <= box.y1 + 1 and label.box.x1 < box.x2 > label.box.x1]
    near = [one for one in (*beside, *above) if one.box.center.distance(box.center) < NEAR_PX * sight.scale]
    return min(near, key=lambda label: label.box.center.distance(box.center), default=None)


def _in_row(sight: Sight, box: Box) -> Iterator[Label]:
    """The texts beside a box, the first of the row first."""
    beside = [label for label in sight.labels if _shares_row(label.box, box) and label.box.intersect(box) is None]
    yield from sorted(beside, key=lambda label: label.box.x1)


def _shares_row(one: Box, other: Box) -> bool:
    return one.y1 < other.center.y < one.y2 or other.y1 < one.center.y < other.y2


def _is_only(sight: Sight, label: Label) -> bool:
    return sum(plainly(one.text) == plainly(label.text) for one in sight.labels) == 1


def _cut(text: str) -> str:
    flat = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return flat if len(flat) <= MAX_CHARS else flat[:MAX_CHARS].rpartition(" ")[0] or flat[:MAX_CHARS]
