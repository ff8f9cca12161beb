"""A run as it is followed in a terminal: what each step did, how it ended, and what the user is asked meanwhile."""

import asyncio
from typing import Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from .agent import AskUser, Event, NodeBegan, NodeEnded, Result, RunEnded, Step
from .agent.view.words import in_words, seconds, visible
from .tools import Finish

MAX_THOUGHT_CHARS = 90


_DOING = {"observe": "looking", "plan": "planning", "decide": "deciding", "review": "checking"}
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


class Following:
    """A run on the terminal: each step as a line, and below them what is being done at the moment.

    Nothing is shown below while the user may be asked something, nor where nobody watches.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = Status("", console=console)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case NodeBegan(node=node) if node in _DOING and self._console.is_terminal:
                self._status.update(f"[dim]step {event.turn}: {_DOING[node]} ...")
                self._status.start()
            case NodeBegan() | RunEnded():
                self._status.stop()
            case NodeEnded(step=Step() as step):
                self._status.stop()
                print_step(self._console, step)
            case NodeEnded():
                pass


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
    """What the run took; passed, failed or stopped, and why."""
    spent = result.spent
    steps = "1 step" if len(result.steps) == 1 else f"{len(result.steps)} steps"
    took = (
        f"{steps} in {seconds(spent.seconds)}: {seconds(spent.deciding_s)} deciding, {seconds(spent.acting_s)} acting"
    )
    tokens = f"; {spent.prompt_tokens:,} tokens read, {spent.new_tokens:,} written" if spent.new_tokens else ""
    console.print(f"{took}{tokens}", style="dim")
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
