"""PCManFM, a file manager. Judged by the files in the home folder."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from ....tools import Finish
from .desk import Desk, DeskEpisode, DeskTask
from .home import amiss_in
from .moves import Aim, Move, Until, await_, click, press, write
from .words import some

_NAMES = ("bill", "chart", "draft", "letter", "list", "map", "memo", "plan", "quote", "recipe", "report", "song")
_FOLDERS = ("Archive", "Done", "Office", "Private")


def _begin_rename(chance: Random, home: Path) -> DeskEpisode:
    """Two files get other names."""
    before = _some_files(chance, 5)
    one, other = chance.sample(sorted(before), 2)
    others = [word for word in _NAMES if not any(name.startswith(f"{word}-") for name in before)]
    new, newer = (f"{word}-{chance.randrange(100, 999)}.txt" for word in some(chance, others, 2))
    goals = (
        f"Rename {one} to {new}, and {other} to {newer}.",
        f"Two files have wrong names: {one} should be {new}, and {other} should be {newer}. Change that.",
    )
    after = {{one: new, other: newer}.get(name, name): content for name, content in before.items()}
    halfway = sorted({new if name == one else name for name in before})
    moves = [*_rename(sorted(before).index(one), new), *_rename(halfway.index(other), newer)]
    return _episode(chance.choice(goals), home, before, after, moves)


def _begin_move(chance: Random, home: Path) -> DeskEpisode:
    """Two files go into a folder, where another is already."""
    files = _some_files(chance, 4)
    folder = chance.choice(_FOLDERS)
    mine = chance.sample(sorted(files), 2)
    goals = (
        f"Move {mine[0]} and {mine[1]} into the folder {folder}.",
        f"Put the two files {mine[0]} and {mine[1]} away: they belong into the folder {folder}, and nowhere else.",
    )
    before = {**files, f"{folder}/older.txt": b"Keep me.\n"}
    after = {f"{folder}/{name}" if name in mine else name: content for name, content in before.items()}
    left, moves = sorted(files), list[Move]()
    for name in mine:
        moves += [_icon(1 + left.index(name)), press("Control", "x"), _icon(0, count=2), await_(folder)]
        moves += [press("Control", "v"), Until(is_so=(home / folder / name).exists)]
        moves += [press("Alt", "ArrowUp"), await_("home")]
        left.remove(name)
    return _episode(chance.choice(goals), home, before, after, moves)


def _some_files(chance: Random, count: int) -> dict[str, bytes]:
    """No two begin with the same word, so that they stand as they are sorted, whatever is made of the numbers."""
    names = some(chance, _NAMES, count)
    return {f"{name}-{chance.randrange(10, 99)}.txt": f"This is the {name}.\n".encode() for name in names}


def _icon(number: int, *, count: int = 1) -> Aim:
    """A click at the icon with this number in the first row, folders first, then files by name."""
    return click("home", count=count, across=0, down=0, right_px=208 + 94 * number, below_px=100)


def _rename(number: int, name: str) -> list[Move]:
    return [
        *(_icon(number), press("F2"), await_("Rename"), press("Control", "a"), write(name), press("Enter")),
        await_("home"),
    ]


def _episode(
    goal: str, home: Path, before: Mapping[str, bytes], after: Mapping[str, bytes], moves: Sequence[Move]
) -> DeskEpisode:
    async def check(desk: Desk, finish: Finish | None) -> str:
        return amiss_in(desk.home, after)

    return DeskEpisode(goal=goal, arguments=("--no-desktop", str(home)), files=before, moves=moves, check=check)


def _task(name: str, begin: Callable[[Random, Path], DeskEpisode], *twins: str) -> DeskTask:
    return DeskTask(
        name=f"files-{name}", application="PCManFM", program="pcmanfm", package="pcmanfm", begin=begin, twins=twins
    )


TASKS = (_task("rename", _begin_rename), _task("move", _begin_move))
