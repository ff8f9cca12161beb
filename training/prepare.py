"""From pictures with their labels to packs for training: what can be asked about each is written down beforehand.

    python -m clickwright.training.prepare --pages DIR --episodes DIR --out DATA [--held-pages DIR --held-episodes DIR]
        [--without DIR] [--add]

Pages come from `training.pages.render`, episodes from `training.episodes.play`. Whoever trains then needs neither a
browser nor the grammars of answers. A step of an episode whose task, goal and target are also among those that are
held out is left out, and so is one that a benchmark measures: its seeds, played by the oracle, are given by --without.
Pages of held-out seeds, and episodes of measured seeds or of tasks that are kept back, are refused. With --add the
packs that are there stay, and a training that goes on meanwhile takes the new ones in with its next phase.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from random import Random

from rich.progress import track

from ..environments.miniwob.groups import KEPT_BACK
from ..errors import UsageError
from .concepts import SHOWN_KINDS
from .episodes.lessons import lessons
from .episodes.tasks import FIRST_SEED
from .mini.batches import EPISODES, PAGES
from .packs import COPIES, Pack, Row, read_pack, read_packs, write_pack
from .pages.apart import HELD_FROM
from .pages.questions import View, key_question, made_up_question, phrases, question
from .shown import element_of

HELD_PAGES, HELD_EPISODES = f"held/{PAGES}", f"held/{EPISODES}"
FOLDERS = PAGES, EPISODES, HELD_PAGES, HELD_EPISODES
QUESTIONS_A_PHRASE = 2
KEYS_A_PAGE = 4
"""Keys and scrolling are asked for on every picture: where only things are, each answer begins with a thing."""
MADE_UP, A_ROW = 20_000, 100
"""Made-up instructions, and how many of them are in a row."""
Key = tuple[str, str, tuple[float, ...]]
"""Task, goal and target of a step."""

Numbered = tuple[int, Row]
"""A row for training, and the number of its picture."""
AskedOf = Callable[[Random, Sequence[Row]], list[Numbered]]
"""What is asked about the pictures of a pack, whose rows it is given."""


def page_rows(rng: Random, rows: Sequence[Row]) -> list[Numbered]:
    """Everything on a page that can be named without doubt, asked for in a few ways."""
    found: list[Numbered] = []
    for index, row in enumerate(rows):
        named = phrases([element_of(one) for one in row["elements"]])
        asked = [question(rng, phrase, View()) for phrase in named for _ in range(QUESTIONS_A_PHRASE)]
        if asked:
            asked += [key_question(rng) for _ in range(KEYS_A_PAGE)]
            extent, rows_asked = row["extent"], [one.to_row() for one in asked]
            things = [one for one in row["elements"] if one[0] in SHOWN_KINDS]
            found.append((index, {"group": "", "extent": extent, "things": things, "asked": rows_asked}))
    return found


def episode_rows(rng: Random, rows: Sequence[Row], without: frozenset[Key] = frozenset()) -> list[Numbered]:
    """The goal of every step that is learned, and what else can be asked on its picture."""
    return [(index, row) for index, row in lessons(rng, rows) if key_of(row) not in without]


def keys_of(packs: Iterable[Pack]) -> frozenset[Key]:
    """By what the steps of played episodes are told from others."""
    return frozenset(key_of(row) for pack in packs for _, row in lessons(Random(0), pack.rows))


def key_of(row: Row) -> Key:
    """By what two steps are the same."""
    text, _, _, box, *_ = row["asked"][0]
    return row["group"], text, tuple(round(side) for side in box)


def write(folder: Path, packs: Iterable[Pack], asked_of: AskedOf) -> int:
    """A pack for each pack, of the pictures that something is asked about; what is asked is drawn by its name.

    A pack that is there and not older than its own is left as it is. How many pictures there are in all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for pack in packs:
        path = folder / pack.path.name
        if not path.exists() or path.stat().st_mtime < pack.path.stat().st_mtime:
            numbered = asked_of(Random(path.name), pack.rows)
            write_pack(path, (pack.encoded(index) for index, _ in numbered), [row for _, row in numbered])
            count += len(numbered)
        else:
            count += len(read_pack(path))
    return count


def require_apart(taught: Path, measured: Path | None) -> None:
    """Raises UsageError for a folder that shows what belongs into the other, and for one without pictures."""
    for pack in _required(taught):
        for row in pack.rows:
            if fault := _measured(row):
                raise UsageError(f"{pack.path} is not for training: {fault}")
    for pack in _required(measured) if measured else ():
        if any(not _measured(row) for row in pack.rows):
            raise UsageError(f"{pack.path} is not held out: it shows what may be trained on")


def _required(folder: Path) -> Iterable[Pack]:
    """Raises UsageError for a folder without packs."""
    if not any(folder.glob("*.safetensors")):
        raise UsageError(f"there are no packs in {folder}: training.pages.render and training.episodes.play write them")
    return read_packs(folder)


def _measured(row: Row) -> str:
    """Why a picture is only for measuring; nothing where it may be learned from."""
    task, seed = row.get("task"), row["seed"]
    if task is None:
        return f"pages from seed {HELD_FROM} on are held out, as {seed} is" if seed >= HELD_FROM else ""
    if task in KEPT_BACK:
        return f"the task {task} is kept back"
    return f"episodes below seed {FIRST_SEED} are measured, as {seed} is" if seed < FIRST_SEED else ""


def packs_in(folder: Path, name: str) -> Iterable[Pack]:
    return (read_pack(path) for path in track(sorted(folder.glob("*.safetensors")), name))


def _require_elsewhere(given: argparse.Namespace) -> None:
    """Raises UsageError where what is read would be written over."""
    written = {(given.out / folder).resolve() for folder in FOLDERS}
    for source in (given.pages, given.episodes, given.held_pages, given.held_episodes, *given.without):
        if source is not None and source.resolve() in written:
            raise UsageError(f"{source} is read and would be written over: give another --out")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the packs that clickwright/mini is trained from.")
    parser.add_argument("--pages", type=Path, required=True)
    parser.add_argument("--episodes", type=Path)
    parser.add_argument("--held-pages", type=Path)
    parser.add_argument("--held-episodes", type=Path)
    parser.add_argument(
        "--without", type=Path, nargs="+", default=(), help="episodes of the seeds that a benchmark measures"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--add", action="store_true", help="leave the packs that are there, write the others")
    given = parser.parse_args()
    try:
        _require_elsewhere(given)
        require_apart(given.pages, given.held_pages)
        if given.episodes:
            require_apart(given.episodes, given.held_episodes)
        without = frozenset[Key]().union(*(keys_of(_required(one)) for one in given.without))
    except UsageError as error:
        parser.error(str(error))
    prepare(given, without)


def _empty(out: Path) -> None:
    """Remove another preparation, which may have held out other things."""
    (out / COPIES).unlink(missing_ok=True)  # first, as it is written last: without it nobody trains
    for folder in FOLDERS:
        for old in (out / folder).glob("*.safetensors"):
            old.unlink()


def prepare(given: argparse.Namespace, without: frozenset[Key]) -> None:
    """Write what the command line says. What is refused was refused before."""
    out = given.out
    if not given.add:
        _empty(out)
    if given.held_pages:
        write(out / HELD_PAGES, packs_in(given.held_pages, "held-out pages"), page_rows)
    if given.held_episodes:
        write(out / HELD_EPISODES, packs_in(given.held_episodes, "held-out episodes"), episode_rows)
    write(out / PAGES, packs_in(given.pages, "pages"), page_rows)
    if given.episodes:
        held = (key_of(row) for pack in read_packs(out / HELD_EPISODES) for row in pack.rows)
        without = without.union(held)
        kept = write(out / EPISODES, packs_in(given.episodes, "episodes"), partial(episode_rows, without=without))
        print(f"{kept} steps of episodes; {len(without)} are held out or measured, and none is among those")
    if not (out / COPIES).exists():
        rng = Random(0)
        asked = [[made_up_question(rng).to_row() for _ in range(A_ROW)] for _ in range(MADE_UP // A_ROW)]
        write_pack(out / COPIES, [b""] * len(asked), [{"asked": row} for row in asked])


if __name__ == "__main__":
    main()
