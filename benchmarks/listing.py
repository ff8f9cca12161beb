"""The suites as they are told in a terminal: all by kind, or one with what it needs."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .suites import ROOMS, Known, known


def show_suites(console: Console) -> None:
    """One line for each."""
    table = Table.grid(padding=(0, 2))
    for kind, suites in ROOMS.items():
        table.add_row(f"[bold]{kind}[/bold]")
        for name, about in suites.items():
            table.add_row(f"  {name}", about.title, about.metric)
        table.add_row()
    console.print(table)
    console.print("clickwright bench list SUITE tells what one needs and what proves it.")


def show_suite(console: Console, name: str) -> None:
    """What there is to know of one. Raises UsageError for a name that there is not."""
    about = known(name)
    table = Table.grid(padding=(0, 2))
    table.add_row(name, about.title)
    table.add_row("score", about.metric)
    table.add_row("proved by", Text(_proof(about)))
    table.add_row("needs", Text(about.needs or "nothing more"))  # [video] would be taken for a colour
    if about.is_shared:
        table.add_row("workers", "one: its episodes act on the same sites")
    console.print(table)


def _proof(about: Known) -> str:
    if about.oracle:
        return about.oracle
    return "nothing of ours: it has no oracle" if about.is_online else "a subject that knows the answers"
