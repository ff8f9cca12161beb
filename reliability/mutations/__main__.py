"""The table of changes, what a replay is to say of each, and what it says.

    python -m clickwright.reliability.mutations [--seed N] [--only WORDS] [--wrong] [--played]

The exit code is 1 where something passed that must not.
"""

import argparse
import asyncio
import statistics
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from .cases import cases_of
from .played import play_through
from .runs import Gone, go_through


def main(seed: int, *, only: str = "", is_wrong: bool = False, is_played: bool = False) -> int:
    console = Console(width=190)
    cases = [case for case in cases_of(seed) if only in f"{case.kind.name}: {case.thing.name}"]
    with console.status(f"{len(cases)} changes of seed {seed} ..."):
        gone = asyncio.run(play_through(cases) if is_played else go_through(cases))
    console.print(table_of([one for one in gone if not is_wrong or one.is_false_pass or one.is_false_failure]))
    console.print(summary_of(seed, gone))
    return 1 if any(one.is_false_pass for one in gone) else 0


def table_of(gone: Sequence[Gone]) -> Table:
    table = Table("change", "thing", "site", "expected", "got", "how", "ms", "note")
    for one in gone:
        wrong = "red" if one.is_false_pass else "yellow" if one.is_false_failure else "dim" if one.got == "void" else ""
        case = one.case
        cells = (case.kind.name, case.thing.name, str(case.site), case.kind.expected, one.got, one.how, f"{one.ms:.0f}")
        table.add_row(*cells, one.note, style=wrong)
    return table


def summary_of(seed: int, gone: Sequence[Gone]) -> str:
    """The counts, in one line each."""
    counted = [one for one in gone if one.got != "void"]
    expected = Counter(one.case.kind.expected for one in counted)
    found = sum(one.got == "same" for one in counted if one.case.kind.expected == "same")
    refused = Counter(one.case.kind.expected for one in counted if one.got == "nothing")
    times = [one.ms for one in counted] or [0.0]
    tried = [one.healed for one in counted if one.healed is not None]
    healed = f", and healed {sum(tried)} of {len(tried)}" if tried else ""
    return "\n".join(
        (
            f"seed {seed}: {len(counted)} changes of {len({one.case.kind.name for one in counted})} kinds "
            f"({len(gone) - len(counted)} more left the thing out of reach, and count for nothing)",
            f"  found again where a person would call it the same: {found} of {expected['same']}",
            f"  refused where it is a defect: {refused['defect']} of {expected['defect']}",
            f"  refused where the wording changed, for a heal: {refused['reworded']} of {expected['reworded']}{healed}",
            f"  false passes: {sum(one.is_false_pass for one in counted)}",
            f"  false failures: {sum(one.is_false_failure for one in counted)}",
            f"  ms each: median {statistics.median(times):.1f}, longest {max(times):.0f}",
        )
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Change the demo site in many ways, and look for things again.")
    parser.add_argument("--seed", type=int, default=1, help="another seed has other sites, things and magnitudes")
    parser.add_argument("--only", default="", metavar="WORDS", help="only changes and things whose names hold these")
    parser.add_argument("--wrong", action="store_true", help="show only what is wrong")
    parser.add_argument("--played", action="store_true", help="replay whole steps, with their clicks")
    given = parser.parse_args()
    raise SystemExit(main(given.seed, only=given.only, is_wrong=given.wrong, is_played=given.played))
