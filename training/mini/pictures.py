"""Packs of pictures, cut into windows of any size, with what can be asked there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from ..packs import Pack, read_packs
from ..shown import CELL_PX, Element, Question, element_of, question_of
from .windows import NAMES, WHOLE, Crop, taught_words

FIELDS = ("check box", "radio button", "text box", "drop-down list")
READING = ("b", "word")
"""The rungs of questions that need reading."""
KEY_EVERY = 6
"""Every so many questions about a window one is for a key, or, as often, is not."""


class Room:
    """How much memory decoded pictures may still take; whoever keeps some draws on it."""

    def __init__(self, mb: float = 6000) -> None:
        self._left_bytes = mb * 1_000_000

    def take(self, count: int) -> bool:
        """Whether so many bytes may be kept; they then are."""
        if count > self._left_bytes:
            return False
        self._left_bytes -= count
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of a pack. `extent` is its rows and columns of cells, `group` what it is drawn as one of."""

    pack: Pack
    index: int
    group: str
    extent: tuple[int, int]
    elements: list[Element]
    questions: list[Question]

    @property
    def name(self) -> str:
        """No other picture of its folder has it."""
        return f"{self.pack.path.name}/{self.index}"


class Pictures:
    """All packs of a folder, as they are when it is made. Decoded pictures are kept while there is room."""

    def __init__(self, folder: Path, *, room: Room | None = None) -> None:
        self.all = list(_read(folder))
        self._groups: dict[str, list[Picture]] = {}
        self._named: dict[str, list[tuple[Picture, Element]]] = {}
        self._of_kind: dict[str, list[tuple[Picture, Element]]] = {}
        self._decoded: dict[str, np.ndarray] = {}
        self._room = room or Room()
        for picture in self.all:
            self._groups.setdefault(picture.group, []).append(picture)
            for element in picture.elements:
                if element.visible > 0.9:
                    self._of_kind.setdefault(element.kind, []).append((picture, element))
                    if element.name in NAMES:
                        self._named.setdefault(element.name, []).append((picture, element))

    def __len__(self) -> int:
        return len(self.all)

    def any(self, rng: Random) -> Picture:
        """A picture of any group, each as often as the others."""
        return rng.choice(self._groups[rng.choice(list(self._groups))])

    def pixels(self, picture: Picture) -> np.ndarray:
        """Decoded once, as long as there is room: that takes longer than anything else of a batch."""
        found = self._decoded.get(picture.name)
        if found is None:
            found = picture.pack.picture(picture.index)
            if self._room.take(found.nbytes):
                self._decoded[picture.name] = found
        return found

    def crop(self, picture: Picture, x: int, y: int, columns: int, rows: int) -> Crop:
        """The window with its corner at this pixel."""
        width, height = columns * CELL_PX, rows * CELL_PX
        cut = [element.crop(x, y, width, height) for element in picture.elements]
        return Crop(
            pixels=self.pixels(picture)[y : y + height, x : x + width],
            elements=[element for element in cut if element is not None],
            offset=(y // CELL_PX, x // CELL_PX),
        )

    def window(self, rng: Random, columns: int, rows: int, *, is_corner: bool = False) -> tuple[Picture, Crop]:
        """So many cells from anywhere on any picture, or from its upper left corner on."""
        picture, row, column = self.any(rng), 0, 0
        if not is_corner:
            row, column = rng.randint(0, picture.extent[0] - rows), rng.randint(0, picture.extent[1] - columns)
        return picture, self.crop(picture, column * CELL_PX, row * CELL_PX, columns, rows)

    @property
    def has_names(self) -> bool:
        """Whether anything shows a word or an icon that is taught."""
        return bool(self._named)

    def glance(self, rng: Random, columns: int, rows: int) -> Crop:
        """A picture around a word or an icon, or a thing of any kind, each as often as the others.

        It begins at any pixel, so that the thing lies anyhow on the grid.
        """
        shown = self._named if rng.random() < 0.6 else self._of_kind
        picture, element = rng.choice(shown[rng.choice(list(shown))])
        width, height = columns * CELL_PX, rows * CELL_PX
        x, y = _around(rng, picture, element, width, height)
        return self.crop(picture, x, y, columns, rows)

    def around_word(self, rng: Random, columns: int, rows: int) -> tuple[Picture, Crop]:
        """A window around a word or an icon that is taught, each as often as the others. It begins with a cell."""
        picture, element = rng.choice(self._named[rng.choice(list(self._named))])
        x, y = _around(rng, picture, element, columns * CELL_PX, rows * CELL_PX)
        return picture, self.crop(picture, x // CELL_PX * CELL_PX, y // CELL_PX * CELL_PX, columns, rows)


def _around(rng: Random, picture: Picture, element: Element, width: int, height: int) -> tuple[int, int]:
    """The corner of a window of this size that shows the middle of an element anywhere but near its edges."""
    x1, y1, x2, y2 = element.box
    x, y = (x1 + x2) / 2 - rng.uniform(0.2, 0.8) * width, (y1 + y2) / 2 - rng.uniform(0.2, 0.8) * height
    last_x, last_y = picture.extent[1] * CELL_PX - width, picture.extent[0] * CELL_PX - height
    return min(max(0, round(x)), last_x), min(max(0, round(y)), last_y)


def _read(folder: Path) -> Iterator[Picture]:
    for pack in read_packs(folder):
        for index, row in enumerate(pack.rows):
            yield Picture(
                pack=pack,
                index=index,
                group=row["group"],
                extent=(row["extent"][0], row["extent"][1]),
                elements=[element_of(one) for one in row["things"]],
                questions=[question_of(one) for one in row["asked"]],
            )


def asked_in(
    rng: Random, picture: Picture, crop: Crop, count: int, words: float, *, is_part: bool = False
) -> list[Question]:
    """Questions whose target lies in the window; those that need reading are kept with the probability `words`.

    What the picture is about comes first; of a part of it that is not asked. Then each thing is asked for once before
    any thing is twice, and fields are first then: a page has few of them. Now and then a key is asked for instead.
    """
    found = inside(picture, crop)
    goals = [one for one in found if one.rung == "goal" and not is_part]
    keys, things = [one for one in found if one.box is None], [one for one in found if one.box is not None]
    others = [one for one in things if one.rung == "a" or (one.rung != "goal" and rng.random() < words)]
    rng.shuffle(others)
    once = {one.box: one for one in others}
    again = [one for one in others if once[one.box] is not one]
    again.sort(key=lambda one: not any(field in one.text for field in FIELDS))
    asked = [*goals, *once.values(), *again][:count]
    for place in range(KEY_EVERY - 1, len(asked), KEY_EVERY):
        if keys and rng.random() < 0.5:
            asked[place] = rng.choice(keys)
    return asked


def words_asked(picture: Picture, crop: Crop) -> list[Question]:
    """One question for each taught word in the window that can be asked for."""
    shown = {element.box for element in taught_words(crop)}
    asked = [one for one in inside(picture, crop) if one.rung in READING and one.box in shown]
    return list({one.box: one for one in reversed(asked)}.values())


def inside(picture: Picture, crop: Crop) -> list[Question]:
    """The questions whose target lies in the window, or nowhere, with the target as it lies there."""
    x, y = crop.offset[1] * CELL_PX, crop.offset[0] * CELL_PX
    height, width = crop.pixels.shape[:2]
    return [one for question in picture.questions if (one := _moved(question, x, y, width, height)) is not None]


def _moved(question: Question, x: int, y: int, width: int, height: int) -> Question | None:
    """The question with its target as it lies in the window; None where too little of that is there."""
    if question.box is None:
        return question
    x1, y1, x2, y2 = question.box
    kept = max(x1, x), max(y1, y), min(x2, x + width), min(y2, y + height)
    area = max(0, kept[2] - kept[0]) * max(0, kept[3] - kept[1])
    if area < WHOLE * (x2 - x1) * (y2 - y1):
        return None
    return replace(question, box=(kept[0] - x, kept[1] - y, kept[2] - x, kept[3] - y))
