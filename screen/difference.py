"""What is different between two pictures of one screen, pixel by pixel."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .geometry import Box
from .screenshot import Screenshot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Difference:
    """Where the later picture is another one. `ratio` of its pixels, 0 to 1; `box` around all of them, None where
    there are none. Pictures of two sizes differ everywhere.
    """

    ratio: float
    box: Box | None
    _mask: NDArray[np.bool_] | None = field(default=None, repr=False)
    """Dimensions: (box.height, box.width), the pixels within the box."""

    def touches(self, places: Iterable[Box]) -> bool:
        """Whether any pixel within these places is another one."""
        return any(self._touches(place) for place in places)

    def _touches(self, place: Box) -> bool:
        if self.box is None:
            return False
        if self._mask is None:
            return True
        left, top = int(self.box.x1), int(self.box.y1)
        x1, y1 = max(0, int(np.floor(place.x1)) - left), max(0, int(np.floor(place.y1)) - top)
        x2, y2 = max(0, int(np.ceil(place.x2)) - left), max(0, int(np.ceil(place.y2)) - top)
        return bool(self._mask[y1:y2, x1:x2].any())


def difference(before: Screenshot, after: Screenshot) -> Difference:
    """What has changed from one picture to the next."""
    size = after.size
    if before.size != size:
        return Difference(ratio=1.0, box=Box(0, 0, size.width, size.height))
    apart = before.pixels ^ after.pixels
    mask = (apart[..., 0] | apart[..., 1] | apart[..., 2]) != 0  # four times as fast as any(axis=2)
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return Difference(ratio=0.0, box=None)
    columns = np.flatnonzero(mask.any(axis=0))
    x1, y1, x2, y2 = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    part = mask[y1:y2, x1:x2]
    return Difference(ratio=np.count_nonzero(part) / mask.size, box=Box(x1, y1, x2, y2), _mask=part)
