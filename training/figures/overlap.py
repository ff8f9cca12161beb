"""Whether success in measured episodes of MiniWoB++ comes of steps that were trained on.

    python -m clickwright.training.figures.overlap --trained DIR [DIR ...] --measured DIR --run DIR [--blind DIR]

`trained` and `measured` are packs of `training.episodes.play`, the latter of the seeds that the run of
`clickwright bench run miniwob` has. A step is shared whose task, goal and target one of the training has, too.
`blind` is a run on the same seeds of a player that sees only grey: of the same episodes, how many it won.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from ...environments.miniwob.groups import KEPT_BACK
from ...errors import UsageError
from ...exits import in_one_sentence
from ..episodes.lessons import lessons
from ..mini.evaluate import Share
from ..packs import Pack, Row, read_packs
from ..prepare import Key, key_of, keys_of

Episode = tuple[str, int]
"""Task and seed."""
NONE, SOME, ALL, APART = "none of its steps", "some", "all", "a task that was kept back"
KINDS = NONE, SOME, ALL, APART


def shared_steps(measured: Iterable[Pack], trained: frozenset[Key]) -> dict[Episode, list[bool]]:
    """Of each episode that an oracle played, which of its steps the training has, too."""
    found: dict[Episode, list[bool]] = {}
    for pack in measured:
        for index, row in lessons(Random(0), pack.rows):
            played = pack.rows[index]
            found.setdefault((played["task"], played["seed"]), []).append(key_of(row) in trained)
    return found


def by_kind(won: Mapping[Episode, bool], steps: Mapping[Episode, list[bool]]) -> dict[str, list[bool]]:
    """Who won, by how much of the episode is shared; without those that no oracle solved."""
    found: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for episode, is_won in won.items():
        shared = steps.get(episode, [])
        if episode[0] in KEPT_BACK:
            found[APART].append(is_won)
        elif shared:
            found[ALL if all(shared) else SOME if any(shared) else NONE].append(is_won)
    return found


def results(run: Path) -> tuple[dict[Episode, bool], str]:
    """Who won, by the last result of each episode, and a sentence on lines that say nothing of it; empty without any.

    These are errors that were no fault of the player, and a line that a killed process left half written. Raises
    UsageError for a folder without results.
    """
    path = run / "results.jsonl"
    if not path.is_file():
        raise UsageError(f"{run} holds no benchmark run: there is no {path.name} in it")
    lines = path.read_bytes().splitlines()
    rows = [row for row in map(_row, lines) if row is not None]
    last = {(row["task"], row["seed"]): row.get("success") for row in rows}
    won = {episode: is_won for episode, is_won in last.items() if is_won is not None}
    counts = {"ended with an error": len(last) - len(won), "are no whole line": len(lines) - len(rows)}
    left_out = [f"{count} {what}" for what, count in counts.items() if count]
    return won, f"left out of {path}: {' and '.join(left_out)}" if left_out else ""


def _row(line: bytes) -> Row | None:
    try:
        return json.loads(line)
    except ValueError:  # JSON's own error and that of half a letter
        return None


def _packs(folder: Path) -> list[Pack]:
    """Raises UsageError where there are none."""
    packs = list(read_packs(folder))
    if not packs:
        raise UsageError(f"there are no episodes in {folder}: clickwright.training.episodes.play writes them")
    return packs


def table_of(runs: Mapping[str, Mapping[Episode, bool]], steps: Mapping[Episode, list[bool]]) -> Table:
    """By what is shared, how many of how many each run won, with the 95 % interval of that."""
    table = Table("shared with training", *(title for name in runs for title in (name, "episodes", "95 %")))
    by_run = [by_kind(won, steps) for won in runs.values()]
    for kind in KINDS:
        if any(found[kind] for found in by_run):
            table.add_row(kind, *(cell for found in by_run for cell in _cells(found[kind])))
    return table


def _cells(won: list[bool]) -> tuple[str, str, str]:
    if not won:
        return "", "", ""
    least, most = Share(sum(won), len(won)).interval
    return str(sum(won)), str(len(won)), f"{100 * least:.0f} to {100 * most:.0f} %"


@in_one_sentence()
def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Success by what measured episodes share with the training.")
    parser.add_argument("--trained", type=Path, nargs="+", required=True, help="packs that were trained on")
    parser.add_argument("--measured", type=Path, required=True, help="packs of the seeds that were measured")
    parser.add_argument("--run", type=Path, required=True, help="a run of the benchmark on these seeds")
    parser.add_argument("--blind", type=Path, help="a run on the same seeds of a player that sees only grey")
    given = parser.parse_args()
    runs = {name: results(run) for name, run in (("won", given.run), ("on grey", given.blind)) if run}
    trained = keys_of(pack for folder in given.trained for pack in _packs(folder))
    steps = shared_steps(_packs(given.measured), trained)
    table = table_of({name: won for name, (won, _) in runs.items()}, steps)
    taught = [shared for (task, _), of in steps.items() if task not in KEPT_BACK for shared in of]
    told = filter(None, (left_out for _, left_out in runs.values()))
    Console().print(table, f"of {len(taught)} steps of the taught tasks {sum(taught)} are shared", *told, sep="\n")


if __name__ == "__main__":
    main()
