"""A run as it is followed in a terminal: one line for each step, and one for how it ended."""

from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from .agent import Result, Step
from .agent.words import in_words, visible
from .errors import ClickwrightError
from .tools import Finish

MAX_THOUGHT_CHARS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a run ended: its word, its reason in one sentence, and what the command line ends with."""

    word: str
    reason: str
    exit_code: int

    @classmethod
    def of(cls, result: Result) -> "Ending":
        word = {"success": "passed", "failure": "failed"}.get(result.status, "stopped")
        return cls(word=word, reason=result.answer or result.reason, exit_code=result.exit_code)

    @classmethod
    def broken(cls, error: ClickwrightError) -> "Ending":
        return cls(word="broken off", reason=str(error), exit_code=error.exit_code)


def print_step(console: Console, step: Step) -> None:
    """The step's number and goal, what the model thought, what was done, how sure it was and how long it took."""
    console.print(Text.assemble((f"{step.number:>3}  ", "dim"), visible(step.goal)))
    thought = _one_line(step.thought)
    if thought:
        console.print(Text.assemble("     ", (thought, "italic dim")))
    did = ", then ".join(in_words(action) for action in step.actions if not isinstance(action, Finish))
    facts = [_sureness(step), _duration(step)]
    line = Text.assemble("     ", (did or ("finish" if step.actions else "no action"), "cyan"))
    console.print(line.append("   ").append("   ".join(fact for fact in facts if fact), "dim"))
    if step.error:
        console.print(Text.assemble("     ", (visible(step.error), "yellow")))


def print_ending(console: Console, ending: Ending) -> None:
    """Passed, failed, stopped or broken off, and why."""
    style = "bold green" if ending.exit_code == 0 else "bold red"
    console.print(Text.assemble((ending.word, style), ": " if ending.reason else "", visible(ending.reason)))


def _one_line(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= MAX_THOUGHT_CHARS else f"{line[: MAX_THOUGHT_CHARS - 1]}…"


def _sureness(step: Step) -> str:
    return "" if step.confidence is None else f"{100 * step.confidence:.0f} % sure"


def _duration(step: Step) -> str:
    return "" if step.decided is None else f"{1000 * step.decided.timing.decide_s:.0f} ms to decide"
