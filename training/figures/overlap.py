"""Whether success in measured episodes of MiniWoB++ comes of steps that were trained on.

    python -m clickwright.training.figures.overlap --trained DIR [DIR ...] --measured DIR --run DIR

`trained` and `measured` are packs of `training.episodes.play`, the latter of the seeds that the run of
`clickwright bench run miniwob` has. A step is shared whose task, goal and target one of the training has, too.
"""

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from ...environments.miniwob.groups import KEPT_BACK
from ..episodes.lessons import lessons
from ..mini.evaluate import Share
from ..packs import Pack, read_packs
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


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Success by what measured episodes share with the training.")
    parser.add_argument("--trained", type=Path, nargs="+", required=True, help="packs that were trained on")
    parser.add_argument("--measured", type=Path, required=True, help="packs of the seeds that were measured")
    parser.add_argument("--run", type=Path, required=True, help="a run of the benchmark on these seeds")
    given = parser.parse_args()
    trained = keys_of(pack for folder in given.trained for pack in read_packs(folder))
    steps = shared_steps(read_packs(given.measured), trained)
    rows = map(json.loads, (given.run / "results.jsonl").read_text("utf-8").splitlines())
    won = {(row["task"], row["seed"]): bool(row["success"]) for row in rows}
    table = Table("shared with training", "won", "episodes", "95 %")
    for kind, results in by_kind(won, steps).items():
        if results:
            least, most = Share(sum(results), len(results)).interval
            table.add_row(kind, str(sum(results)), str(len(results)), f"{100 * least:.0f} to {100 * most:.0f} %")
    taught = [shared for (task, _), of in steps.items() if task not in KEPT_BACK for shared in of]
    Console().print(table, f"of {len(taught)} steps of the taught tasks {sum(taught)} are shared", sep="\n")


if __name__ == "__main__":
    main()
