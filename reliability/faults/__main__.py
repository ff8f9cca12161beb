"""What goes wrong, made to go wrong.

python -m clickwright.reliability.faults [F2 F21 ...]
"""

import argparse
import asyncio
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from .tried import LIMIT_S, go_through


def main(names: Sequence[str]) -> int:
    found, left = asyncio.run(go_through(names))
    table, survived = Table("", "fault", "s", "told"), 0
    for fault, one in found.items():
        if isinstance(one, str):
            table.add_row(fault.name, fault.what, "", f"[red]not survived: {one}")
            continue
        survived += one.seconds <= LIMIT_S
        table.add_row(fault.name, fault.what, f"{one.seconds:.1f}", one.told)
    Console(width=160).print(table)
    print(f"{survived} of {len(found)} survived; processes left: {len(left)} {' '.join(left)}")
    return 0 if survived == len(found) and not left else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put runs and the browser environment through faults.")
    parser.add_argument("names", nargs="*", metavar="F1", help="only these")
    raise SystemExit(main(parser.parse_args().names))
