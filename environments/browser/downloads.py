"""Where a downloaded file may go: a name that a page suggests is never trusted."""

from pathlib import Path

MAX_NAME_CHARS = 120


def safe_name(suggested: str) -> str:
    """The last part of a suggested file name, without separators, control characters or leading dots."""
    last = suggested.replace("\\", "/").rpartition("/")[2]
    printable = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip().lstrip(".")
    stem, dot, ending = printable.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: MAX_NAME_CHARS - 11] or 'download'}.{ending}"
    return printable[:MAX_NAME_CHARS] or "download"


def free_path(folder: Path, suggested: str) -> Path:
    """A path directly inside the folder at which nothing stands yet. Makes the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    name = safe_name(suggested)
    path = folder / name
    number = 1
    while path.exists() or path.is_symlink():
        number += 1
        path = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return path
