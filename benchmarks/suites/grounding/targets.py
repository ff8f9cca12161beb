"""What counts as the right place: in a box, in an outline, a box that overlaps enough, or nowhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from ....errors import BadModelOutput, UsageError
from ....policies import Grounding
from ....screen import Box, Point, Size
from ...metrics.grounding import IOU, is_in_box, is_in_outline, point_in_outline
from ..samples import Judged

_NUMBER = re.compile(r"(?<![\w.])-?\d{1,6}(?:\.\d{1,6})?")
_READ_CHARS = 4000
ROUNDING_PX = 1.0
"""How far beside its picture the middle of a box may lie: data sets round."""


@dataclass(frozen=True, slots=True)
class InBox:
    """A point in the box, edges included. `of` is the size of the picture that its pixels are of, where it is told.

    A size of 1 x 1 says shares of the picture.
    """

    box: Box
    of: Size | None = None

    @property
    def told(self) -> dict[str, JsonValue]:
        return {"bbox": _corners(self.box)}

    def judge(self, grounding: Grounding, size: Size) -> Judged:
        return _judged(is_in_box(grounding.point, self.on(size)), grounding)

    def refused(self, raw: str) -> Judged | None:
        return None

    def answer(self, size: Size) -> Grounding:
        return Grounding(point=self.on(size).center)

    def on(self, size: Size) -> Box:
        """Raises UsageError for a box whose middle is not on the picture: its numbers were not what they seemed."""
        return _on_picture(self.box, self.of, size)


@dataclass(frozen=True, slots=True)
class Overlap:
    """A box that overlaps the right one by half of both together. A point alone is wrong."""

    box: Box
    of: Size | None = None

    @property
    def told(self) -> dict[str, JsonValue]:
        return {"bbox": _corners(self.box)}

    def judge(self, grounding: Grounding, size: Size) -> Judged:
        right = self.on(size)
        common = grounding.box.iou(right) if grounding.box is not None else 0.0
        in_box = float(is_in_box(grounding.point, right))
        found = _judged(common >= IOU, grounding, iou=common, point_in_box=in_box)
        return found if grounding.box is not None else _because(found, "the answer is a point and no box")

    def refused(self, raw: str) -> Judged | None:
        return Judged(score=0.0, success=False, metrics={"iou": 0.0, "point_in_box": 0.0})

    def answer(self, size: Size) -> Grounding:
        right = self.on(size)
        return Grounding(point=right.center, box=right)

    def on(self, size: Size) -> Box:
        """The box on a picture of this size. Raises as `InBox.on` does."""
        return _on_picture(self.box, self.of, size)


@dataclass(frozen=True, slots=True)
class InOutline:
    """A point inside a polygon."""

    corners: Sequence[Point]
    of: Size | None = None

    @property
    def told(self) -> dict[str, JsonValue]:
        return {"outline": [[corner.x, corner.y] for corner in self.corners]}

    def judge(self, grounding: Grounding, size: Size) -> Judged:
        return _judged(is_in_outline(grounding.point, self._on(size)), grounding)

    def refused(self, raw: str) -> Judged | None:
        return None

    def answer(self, size: Size) -> Grounding:
        return Grounding(point=point_in_outline(self._on(size)))

    def _on(self, size: Size) -> Sequence[Point]:
        _on_picture(Box.around(*self.corners), self.of, size)
        across, down = _factors(self.of, size)
        return [corner.scale(across, down) for corner in self.corners]


@dataclass(frozen=True, slots=True)
class Nowhere:
    """Nothing on the picture fits, and the right answer says so: by coordinates that are all below 0."""

    @property
    def told(self) -> dict[str, JsonValue]:
        return {"refusal": True}

    def judge(self, grounding: Grounding, size: Size) -> Judged:
        return _judged(grounding.point.x < 0 and grounding.point.y < 0, grounding)

    def refused(self, raw: str) -> Judged | None:
        numbers = [float(number) for number in _NUMBER.findall(raw[-_READ_CHARS:])]
        says_so = len(numbers) >= 2 and all(number < 0 for number in numbers)
        return (
            Judged(score=1.0, success=True, prediction={"point": None, "refusal": True, "text": raw})
            if says_so
            else None
        )

    def answer(self, size: Size) -> Grounding:
        raise BadModelOutput("nothing on the picture fits", raw="(-1, -1)")


def _on_picture(box: Box, of: Size | None, size: Size) -> Box:
    found = box.scale(*_factors(of, size))
    if not is_in_box(found.center, size.box.grow(ROUNDING_PX)):
        raise UsageError(f"the box {_corners(found)} lies beside its picture of {size.width} x {size.height}")
    return found


def _factors(of: Size | None, size: Size) -> tuple[float, float]:
    return (1.0, 1.0) if of is None else (size.width / of.width, size.height / of.height)


def _judged(right: bool, grounding: Grounding, **metrics: float) -> Judged:
    point = grounding.point
    text = "" if grounding.generation is None else grounding.generation.text
    prediction: dict[str, JsonValue] = {"point": [point.x, point.y], "text": text}
    if grounding.box is not None:
        prediction["box"] = _corners(grounding.box)
    return Judged(score=float(right), success=right, metrics=metrics, prediction=prediction)


def _because(judged: Judged, reason: str) -> Judged:
    return Judged(
        score=judged.score, success=judged.success, metrics=judged.metrics, prediction=judged.prediction, reason=reason
    )


def _corners(box: Box) -> list[JsonValue]:
    return [box.x1, box.y1, box.x2, box.y2]
