"""The files of a home folder, held against those that should be there."""

from collections.abc import Mapping
from pathlib import Path


def files_in(home: Path) -> dict[str, bytes | None]:
    """What each file holds, by its path in the folder; None for folders. Hidden ones are the programs' own."""
    found: dict[str, bytes | None] = {}
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home)
        if not any(part.startswith(".") for part in name.parts):
            found[str(name)] = None if path.is_dir() else path.read_bytes()
    return found


def amiss_in(home: Path, wanted: Mapping[str, bytes]) -> str:
    """The first file or folder that is not as it was wanted; empty where all are, and nothing else is there.

    A text may end with one line break more or less.
    """
    folders = {str(folder): None for name in wanted for folder in Path(name).parents if folder != Path()}
    expected = {**folders, **wanted}
    found = files_in(home)
    for name in sorted({*expected, *found}):
        if name not in found or name not in expected:
            return f"{name} {'is missing' if name in expected else 'should not be there'}"
        if _ended(found[name]) != _ended(expected[name]):
            return f"{name} holds {str(found[name])[:200]}, not {str(expected[name])[:200]}"
    return ""


def _ended(content: bytes | None) -> bytes | None:
    return None if content is None else content.removesuffix(b"\n")
