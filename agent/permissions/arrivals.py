"""Which files a run may keep that arrive by themselves, whatever the link said that brought them."""

from collections.abc import Callable
from dataclasses import dataclass

from .rules import Permissions
from .suffixes import is_harmless


@dataclass(slots=True, kw_only=True)
class Arrivals:
    """A judge of files by their names. Where downloads are asked about, one that is not known for harmless is kept only
    after somebody agreed to a download, and only as the next file."""

    permissions: Callable[[], Permissions]
    _agreed: int = 0

    def agree(self) -> None:
        """One may come."""
        self._agreed += 1

    def __call__(self, name: str) -> str:
        """Why the file is not kept; empty where it is."""
        if "download" not in self.permissions().ask:
            return ""
        if self._agreed:
            self._agreed -= 1
            return ""
        return "" if is_harmless(name) else "a file of this kind is kept only where the user agreed to it"
