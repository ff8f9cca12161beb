"""What the vision tower said of pictures, kept by what they show."""

from collections import OrderedDict
from collections.abc import Callable

from torch import Tensor

FEATURE_BYTES = 512 * 2**20
"""For the features of pictures: a history's screenshots are shown again and again."""


class Features:
    """Features of pictures, bounded in bytes; those that were not asked for longest leave first.

    A picture is known by the sha256 of its kind, shape and pixels and by the grid it is read at. One engine has one
    of these, so that weights never mix.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Tensor] = OrderedDict()
        self.looks = 0
        """How often the tower had to look, so far."""

    @property
    def bytes(self) -> int:
        return sum(kept.nbytes for kept in self._kept.values())

    def of(self, name: str, look: Callable[[], Tensor]) -> Tensor:
        """The features under this name, from `look` where they are not known. Dimensions: (tokens, hidden)."""
        found = self._kept.pop(name, None)
        if found is None:
            found = look()
            self.looks += 1
        self._kept[name] = found
        while len(self._kept) > 1 and self.bytes > self._most_bytes:
            self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        self._kept.clear()
