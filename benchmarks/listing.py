"""The suites as a table."""

from rich.console import Console
from rich.table import Table

from .suites import SUITES


def show_suites(console: Console) -> None:
    """One line for each."""
    table = Table("suite", "what", "score", "proved by", "needs", box=None, pad_edge=False)
    for name, known in SUITES.items():
        proof = known.oracle or ("no oracle" if known.is_online else "a subject that knows the answers")
        table.add_row(name, known.title, known.metric, proof, known.needs)
    console.print(table)
