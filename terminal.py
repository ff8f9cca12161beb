"""A run as it is followed in a terminal: what each step did, how it ended, and what the user is asked meanwhile."""

import asyncio

from rich.console import Console
from rich.text import Text

from .agent import AskUser, Result, Step
from .agent.view.words import in_words, visible
from .tools import Finish

MAX_THOUGHT_CHARS = 90


_WORDS = {"success": "passed", "failure": "failed", "stopped": "stopped"}


def make_console() -> Console:
    """Where people read: colours where the terminal has them, and long lines left whole where it is none."""
    return Console(highlight=False, soft_wrap=True)


class TerminalApprover:
    """Asks the person at the terminal. An empty answer allows nothing."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def approve(self, request: AskUser, question: str) -> bool:
        self._console.print(Text.assemble(("May I? ", "bold yellow"), visible(question)))
        said = await asyncio.to_thread(self._read, "y allows it, anything else does not: ")
        return said.strip().lower() in ("y", "yes")

    async def answer(self, question: str) -> str | None:
        self._console.print(Text.assemble(("Question: ", "bold yellow"), visible(question)))
        return (await asyncio.to_thread(self._read, "Your answer: ")).strip() or None

    def _read(self, prompt: str) -> str:
        try:
            return self._console.input(prompt)
        except EOFError:
            return ""


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


def print_ending(console: Console, result: Result) -> None:
    """What was noted on the way; passed, failed or stopped, and why."""
    for name, value in result.facts.items():
        console.print(Text.assemble(("noted  ", "dim"), visible(f"{name}: {value}")))
    print_verdict(console, _WORDS[result.status], result.answer or result.reason, is_good=result.exit_code == 0)


def print_verdict(console: Console, word: str, reason: str, *, is_good: bool) -> None:
    """One coloured word, and the reason where there is one."""
    style = "bold green" if is_good else "bold red"
    console.print(Text.assemble((word, style), ": " if reason else "", visible(reason)))


def _one_line(text: str) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= MAX_THOUGHT_CHARS else f"{line[: MAX_THOUGHT_CHARS - 1]}…"


def _sureness(step: Step) -> str:
    if step.confidence is None:
        return ""
    looks = f" after {step.looks} looks" if step.looks > 1 else ""
    return f"{100 * step.confidence:.0f} % sure{looks}"


def _duration(step: Step) -> str:
    return "" if step.decided is None else f"{1000 * step.decided.timing.decide_s:.0f} ms to decide"
