"""Every MiniWoB++ task: whether it loads, steps under a scripted policy, and is solved by a rule or by a search.

python -m clickwright.perf.miniwob_tasks [--seeds 3] [--tasks click-test ...] [--no-oracles]
"""

import argparse
import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import track
from rich.table import Table

from ..environments import Chromium, MiniWobEnvironment
from ..environments.miniwob.environment import episode_url
from ..environments.miniwob.pages import task_names
from ..environments.miniwob.solve import rule_names, solve_by_rule, solve_by_search
from ..errors import EnvironmentLost
from ..screen import Point
from ..tools import Action, Click, Task, TypeText

SCRIPT: tuple[Action, ...] = (Click(point=Point(80, 120)), TypeText(text="a1"), Click(point=Point(60, 160)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is known of one task. `ruled` and `searched` count seeds, None where there is no rule or nobody asked."""

    name: str
    loads: bool
    steps: str
    ruled: int | None
    searched: int | None


async def look_at(
    environment: MiniWobEnvironment, name: str, seeds: Sequence[int], oracles: bool, always_search: bool
) -> Row:
    environment.name = name
    try:
        steps = await stepped(environment, name)
    except EnvironmentLost as error:
        return Row(name=name, loads=False, steps=str(error), ruled=None, searched=None)
    ruled = searched = None
    if oracles and name in rule_names():
        ruled = sum([await solve_by_rule(environment, seed) is not None for seed in seeds])
    if oracles and (ruled is None or always_search):
        searched = sum([await solve_by_search(environment, seed) is not None for seed in seeds])
    return Row(name=name, loads=True, steps=steps, ruled=ruled, searched=searched)


async def stepped(environment: MiniWobEnvironment, name: str) -> str:
    """The effects of the scripted actions, up to the end of the episode, or the error of one."""
    await environment.reset(Task(goal="try it", start_url=episode_url(name, 1)))
    effects: list[str] = []
    for action in SCRIPT:
        if not environment.episode.done:
            seen = await environment.step(action)
            effects.append(seen.error or str(seen.effect))
    return ", ".join(effects)


async def look_at_all(names: Sequence[str], seeds: Sequence[int], oracles: bool, always_search: bool) -> list[Row]:
    async with Chromium() as chromium:
        environment = MiniWobEnvironment(chromium=chromium)
        rows = [await look_at(environment, name, seeds, oracles, always_search) for name in track(names, "tasks")]
        await environment.close()
    return rows


def show(rows: Sequence[Row], seeds: int) -> None:
    table = Table(
        "task", "loads", "effect of a click, of typing, of a click", f"rule, of {seeds}", f"search, of {seeds}"
    )
    for row in rows:
        counts = ("" if count is None else str(count) for count in (row.ruled, row.searched))
        table.add_row(row.name, "yes" if row.loads else "no", row.steps, *counts)
    console = Console(width=120)
    console.print(table)
    told = Counter[str]()
    for row in rows:
        ruled, searched = row.ruled == seeds, row.searched == seeds
        told += Counter(loads=row.loads, rule=ruled, search=searched, either=ruled or searched)
    console.print(
        f"{told['loads']} of {len(rows)} load and step; solved with every seed: {told['search']} by the search, "
        f"{told['rule']} by a rule, {told['either']} by either"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Load, step and solve every MiniWoB++ task.")
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--search", action="store_true")
    parser.add_argument("--tasks", nargs="*", default=None)
    parser.add_argument("--no-oracles", action="store_true")
    given = parser.parse_args()
    names, seeds = given.tasks or task_names(), range(1, given.seeds + 1)
    rows = asyncio.run(look_at_all(names, seeds, not given.no_oracles, given.search))
    show(rows, given.seeds)


if __name__ == "__main__":
    main()
