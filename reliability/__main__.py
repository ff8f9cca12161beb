"""Every figure of docs/reliability.md, measured and printed beside its bar.

    python -m clickwright.reliability [--nightly] [kills faults ...]

The exit code is 1 where a bar does not hold.
"""

import argparse
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.table import Table

from . import channels, ends, hostile, kills, mutations, nowhere, overhead, pairs, rules, secrets, soak, urls
from .faults import tried
from .figure import Figure

PARTS: dict[str, Callable[[bool], list[Figure]]] = {
    "channels": channels.figures,
    "faults": tried.figures,
    "kills": kills.figures,
    "ends": ends.figures,
    "nowhere": nowhere.figures,
    "overhead": overhead.figures,
    "rules": rules.figures,
    "hostile": hostile.figures,
    "mutations": mutations.figures,
    "pairs": pairs.figures,
    "secrets": secrets.figures,
    "soak": soak.figures,
    "urls": urls.figures,
}
"""What is measured by each name; the argument says whether for a night or for a change."""


def main(names: Sequence[str], *, nightly: bool) -> int:
    console = Console(width=150)
    table = Table("", "what", "found", "bar", "", "s")
    holds = True
    for name in names or PARTS:
        with console.status(f"{name} ..."):
            began = time.perf_counter()
            figures = PARTS[name](nightly)
            spent = time.perf_counter() - began
        heads = [(name, f"{spent:.0f}"), *[("", "")] * len(figures)]
        for figure, (part, seconds) in zip(figures, heads, strict=False):
            holds &= figure.holds
            mark = "[green]holds[/]" if figure.holds else "[red]broken[/]"
            table.add_row(part, figure.name, figure.found, figure.bar, mark, seconds)
        table.add_section()
    console.print(table)
    return 0 if holds else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Try what must never happen, and print the figures.")
    parser.add_argument("names", nargs="*", metavar="PART", help=f"only these of {', '.join(PARTS)}")
    parser.add_argument("--nightly", action="store_true", help="many more kills, texts, seeds and episodes")
    given = parser.parse_args()
    if unknown := set(given.names) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}: the parts are {', '.join(PARTS)}")
    raise SystemExit(main(given.names, nightly=given.nightly))
