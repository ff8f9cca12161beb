"""From pictures with their labels to packs for training: what can be asked about each is written down beforehand.

    python -m clickwright.training.prepare --pages DIR --episodes DIR --out DATA [--held-pages DIR --held-episodes DIR]
        [--without DIR]

Pages come from `training.pages.render`, episodes from `training.episodes.play`. Whoever trains then needs neither a
browser nor the grammars of answers. A step of an episode whose task, goal and target are also among those that are
held out is left out, and so is one that a benchmark measures: its seeds, played by the oracle, are given by --without.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random

from rich.progress import track

from .concepts import SHOWN_KINDS
from .episodes.lessons import lessons
from .packs import Pack, Row, read_pack, write_pack
from .pages.questions import View, key_question, made_up_question, phrases, question
from .shown import element_of

QUESTIONS_A_PHRASE = 2
KEYS_A_PAGE = 4
"""Keys and scrolling are asked for on every picture: where only things are, each answer begins with a thing."""
COPIES, A_ROW = 20_000, 100
Key = tuple[str, str, tuple[float, ...]]
"""Task, goal and target of a step."""

Numbered = tuple[int, Row]
"""A row for training, and the number of its picture."""


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


def write(folder: Path, packs: Iterable[Pack], rows_of: Callable[[Sequence[Row]], list[Numbered]]) -> list[Row]:
    """A pack for each pack, of the pictures that something is asked about. The rows of all."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.safetensors"):
        old.unlink()  # of another preparation, which may have held out other things
    written: list[Row] = []
    for pack in packs:
        numbered = rows_of(pack.rows)
        rows = [row for _, row in numbered]
        write_pack(folder / pack.path.name, (pack.encoded(index) for index, _ in numbered), rows)
        written += rows
    return written


def packs_in(folder: Path, name: str) -> Iterable[Pack]:
    return (read_pack(path) for path in track(sorted(folder.glob("*.safetensors")), name))


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
    given = parser.parse_args()
    for folder in given.without:
        if not any(folder.glob("*.safetensors")):
            parser.error(f"there are no episodes in {folder}: clickwright.training.episodes.play writes them")
    out, rng = given.out, Random(0)
    (out / "copies.safetensors").unlink(missing_ok=True)  # it is written last: without it nobody trains
    held: list[Row] = []
    if given.held_pages:
        write(out / "held" / "pages", packs_in(given.held_pages, "held-out pages"), lambda rows: page_rows(rng, rows))
    if given.held_episodes:
        packs = packs_in(given.held_episodes, "held-out episodes")
        held = write(out / "held" / "episodes", packs, lambda rows: episode_rows(rng, rows))
    write(out / "pages", packs_in(given.pages, "pages"), lambda rows: page_rows(rng, rows))
    if given.episodes:
        without = frozenset(map(key_of, held)).union(*(keys_of(packs_in(one, "measured")) for one in given.without))
        packs = packs_in(given.episodes, "episodes")
        kept = write(out / "episodes", packs, lambda rows: episode_rows(rng, rows, without))
        print(f"{len(kept)} steps of episodes; {len(without)} are held out or measured, and none is among those")
    asked = [[made_up_question(rng).to_row() for _ in range(A_ROW)] for _ in range(COPIES // A_ROW)]
    write_pack(out / "copies.safetensors", [b""] * len(asked), [{"asked": row} for row in asked])


if __name__ == "__main__":
    main()
