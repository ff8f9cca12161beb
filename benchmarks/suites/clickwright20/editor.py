"""Mousepad, a text editor. Judged by the files in the home folder."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from random import Random

from ....tools import Finish
from .desk import Desk, DeskEpisode, DeskTask
from .home import amiss_in
from .moves import Move, Until, await_, click, press, write
from .words import ERRANDS, FRUIT, PEOPLE, some


def _begin_write(chance: Random, home: Path) -> DeskEpisode:
    """A new file with three lines, beside one that is there."""
    name = f"{chance.choice(('shopping', 'packing', 'repairs', 'sunday'))}-{chance.randrange(10, 99)}.txt"
    lines = some(chance, ERRANDS, 3)
    path = home / "Notes" / name
    goals = (
        f"Write three lines: first {lines[0]!r}, then {lines[1]!r}, then {lines[2]!r}. Save them as {path}.",
        f"Make the text file {path}. It has three lines: {lines[0]!r}, {lines[1]!r} and {lines[2]!r}, without quotes.",
    )
    before = {"Notes/old.txt": b"Nothing yet.\n"}
    save = click("Save As", across=1.0, down=1.0, right_px=-50, below_px=-27)
    moves = [
        *(click("Untitled", down=0.6), write("\n".join(lines)), press("Control", "Shift", "s")),
        *(click("Save As", down=0.0, below_px=27), press("Control", "a"), write(str(path))),
        *(save, Until(is_so=path.exists, again=save), await_(f"{name} - Mousepad")),
    ]
    after = {**before, f"Notes/{name}": "\n".join(lines).encode()}
    return _episode(chance.choice(goals), before, after, (), moves)


def _begin_replace(chance: Random, home: Path) -> DeskEpisode:
    """One word for another in a whole file, and not in the one beside it."""
    old, new, *others = some(chance, FRUIT, 6)
    words = [old, old, old, *others, *others]
    chance.shuffle(words)
    lines = [f"{chance.choice(PEOPLE)} brings {word}." for word in words]
    text = "\n".join(lines) + "\n"
    goals = (
        f'Replace "{old}" by "{new}" everywhere in this file, and save it.',
        f"There are no {old} this year. Let the file say {new} wherever it says {old}, then save it.",
    )
    before = {"picnic.txt": text.encode(), "last-year.txt": text.encode()}
    moves = [
        *(
            press("Control", "r"),
            click("Find and Replace", across=0.5, down=0.07),
            write(old),
            press("Tab"),
            write(new),
        ),
        *(
            click("Find and Replace", across=0.0, down=0.79, right_px=20),
            click("Find and Replace", across=0.67, down=0.93),
        ),
        *(click("Find and Replace", across=0.89, down=0.93), press("Control", "s")),
    ]
    after = {**before, "picnic.txt": text.replace(old, new).encode()}
    return _episode(chance.choice(goals), before, after, (str(home / "picnic.txt"),), moves)


def _episode(
    goal: str, before: Mapping[str, bytes], after: Mapping[str, bytes], arguments: Sequence[str], moves: Sequence[Move]
) -> DeskEpisode:
    async def check(desk: Desk, finish: Finish | None) -> str:
        return amiss_in(desk.home, after)

    return DeskEpisode(goal=goal, arguments=arguments, files=before, moves=moves, check=check)


def _task(name: str, begin: Callable[[Random, Path], DeskEpisode], *twins: str) -> DeskTask:
    return DeskTask(
        name=f"editor-{name}",
        application="Mousepad",
        program="mousepad",
        package="mousepad",
        begin=begin,
        twins=twins,
    )


TASKS = (_task("write", _begin_write, "4k"), _task("replace", _begin_replace))
