"""A run of tests in a terminal: a line for each, why the others did not pass, and a summary."""

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from ...shown import seconds, visible
from ..report.told import TestTold
from ..report.unasked import unasked_words
from ..verdicts import Verdict
from .plan import Planned

WORDS: dict[Verdict, tuple[str, str]] = {
    "passed": ("passed", "green"),
    "product": ("failed", "bold red"),
    "environment": ("no screen", "bold yellow"),
    "model": ("no model", "bold yellow"),
    "inconclusive": ("unclear", "bold yellow"),
}
"""A verdict as it is written, and in which colour."""
_WIDTH = max(len(word) for word, _ in WORDS.values())


class Shown:
    """Follows a run. Below the lines stands what goes on, where somebody watches."""

    def __init__(self, console: Console, total: int) -> None:
        self._console, self._total = console, total
        self._status = Status("", console=console)
        self._running: list[str] = []
        self._ended = 0
        self._began = time.monotonic()

    def begun(self, planned: Planned) -> None:
        self._running.append(planned.id)
        self._tell_running()

    def ended(self, told: TestTold) -> None:
        self._status.stop()
        self._running.remove(told.test)
        self._ended += 1
        self._console.print(_line(told))
        reason = unasked_words(len(told.unasked)) if told.unasked else visible(told.reason)
        if reason:
            self._console.print(Text.assemble(" " * (_WIDTH + 2), (reason, "yellow")))
        self._tell_running()

    def stop(self) -> None:
        self._status.stop()

    def summarise(self, tests: Sequence[TestTold], page: Path) -> None:
        """How many came out how, what that took, and where it is kept."""
        self.stop()
        counts = Counter(told.verdict for told in tests)
        parts = [f"{counts[verdict]} {word}" for verdict, (word, _) in WORDS.items() if counts[verdict]]
        if self._total > len(tests):
            parts.append(f"{self._total - len(tests)} not run")
        tokens = sum(told.tokens for told in tests)
        took = seconds(time.monotonic() - self._began) + (f"; {tokens:,} tokens" if tokens else "")
        style = "bold green" if set(counts) <= {"passed"} else "bold red"
        self._console.print(Text.assemble((", ".join(parts) or "nothing was run", style), f" in {took}"))
        self._console.print(f"the results are in {page}", style="dim")

    def _tell_running(self) -> None:
        if self._running and self._console.is_terminal:
            names = ", ".join(visible(name) for name in self._running)
            self._status.update(Text(f"{self._ended + 1} of {self._total}: {names}", style="dim"))
            self._status.start()


def _line(told: TestTold) -> Text:
    word, style = WORDS[told.verdict]
    facts = [seconds(told.seconds)]
    if told.tokens:
        facts.append(f"{told.tokens:,} tokens")
    if healed := sum(step.healed for step in told.steps):
        facts.append(f"healed: {healed} of {len(told.steps)} steps")
    if told.flaky:
        facts.append(f"flaky: passed at try {told.tries}")
    line = Text.assemble((f"{word:<{_WIDTH}}", style), "  ", (visible(told.file), "dim"), "  ", visible(told.name))
    return line.append("  ").append(", ".join(facts), "dim")
