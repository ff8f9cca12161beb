"""A run as it is followed in a terminal: what each step did, how it ended, and what the user is asked meanwhile."""

import asyncio
import select
import sys
import time
from collections.abc import Callable, Iterator
from typing import Self

from pydantic import ValidationError
from rich.console import Console
from rich.status import Status
from rich.text import Text

from .agent import Answer, Event, NodeBegan, NodeEnded, Question, Refuse, Result, RunEnded, Step, TakeOver
from .agent.words import in_words, seconds, visible
from .tools import ACTION, Finish

if sys.platform != "win32":
    import termios

MAX_THOUGHT_CHARS = 90
Read = Callable[[float | None], str]
"""A line that a person writes within so many seconds, or in any time where they are None; empty where there is none."""


_DOING = {"observe": "looking", "plan": "planning", "decide": "deciding", "review": "checking"}
_WORDS = {"success": "passed", "failure": "failed", "stopped": "stopped"}


def make_console() -> Console:
    """Where people read: colours where the terminal has them, and long lines left whole where it is none."""
    return Console(highlight=False, soft_wrap=True)


class TerminalApprover:
    """Asks the person at the terminal. An empty answer allows nothing, and so does none in time."""

    def __init__(self, console: Console, *, read: Read | None = None) -> None:
        self._console = console
        self._read = read or read_line

    async def approve(self, request: Question, question: str) -> bool | Answer:
        """Yes, no, another action in its place, or the screen for a while."""
        if self._read is read_line:
            forget_typed_ahead()
        self._console.print(Text.assemble(("May I? ", "bold yellow"), visible(question)))
        for what, told in _about(request):
            self._console.print(Text.assemble(f"  {what:<8}", visible(told)))
        left = _Left(request.expires_s)
        prompt = f"y does it, e edits it, t takes over, anything else does not ({request.expires_s:.0f} s): "
        match (await self._ask(prompt, left)).lower():
            case "y" | "yes":
                return request.approve()
            case "e" | "edit":
                return await self._edited(request, left)
            case "t" | "take over":
                return TakeOver()
            case _:
                return Refuse()

    async def handed_back(self) -> None:
        await self._ask("Act on the screen; Enter hands it back. ", _Left(None))

    async def answer(self, question: str) -> str | None:
        if self._read is read_line:
            forget_typed_ahead()
        self._console.print(Text.assemble(("Question: ", "bold yellow"), visible(question)))
        return await self._ask("Your answer: ", _Left(None)) or None

    async def _edited(self, request: Question, left: "_Left") -> Answer:
        """The action as the person writes it: the line of JSON that is shown, changed."""
        self._console.print(Text(visible(ACTION.dump_json(request.action, exclude_defaults=False).decode())))
        written = await self._ask("The action as JSON, on one line: ", left)
        try:
            return request.edit(ACTION.validate_json(written))
        except ValidationError as error:
            self._console.print(Text(visible(f"that is no action: {error.errors()[0]['msg']}"), style="yellow"))
            return Refuse(reason="what was written instead is no action")

    async def _ask(self, prompt: str, left: "_Left") -> str:
        self._console.print(Text(prompt), end="")
        return (await asyncio.to_thread(self._read, left.seconds)).strip()


class _Left:
    """The seconds until an answer comes too late; None where it never does."""

    def __init__(self, seconds: float | None) -> None:
        self._until = None if seconds is None else time.monotonic() + seconds

    @property
    def seconds(self) -> float | None:
        return None if self._until is None else max(0.0, self._until - time.monotonic())


def forget_typed_ahead() -> None:
    """What was typed before a question was shown is no answer to it."""
    if sys.platform != "win32" and sys.stdin.isatty():
        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def read_line(seconds: float | None) -> str:
    """A line of standard input; empty at its end, and where none comes in time."""
    if seconds is not None and sys.platform != "win32" and not select.select([sys.stdin], [], [], seconds)[0]:
        return ""
    return sys.stdin.readline()


def _about(request: Question) -> Iterator[tuple[str, str]]:
    """What the question is about, line by line: hosts as browsers write them, in punycode."""
    yield "action", in_words(request.action)
    if request.role or request.name:
        yield "on", f"{request.role} {request.name!r}".strip()
    if request.page:
        yield "at", request.page
    if request.place is not None:
        yield "leads to", request.place.origin


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
    """What was noted on the way and what the run took; passed, failed or stopped, and why."""
    for name, value in result.facts.items():
        console.print(Text.assemble(("noted  ", "dim"), visible(f"{name}: {value}")))
    spent = result.spent
    steps = "1 step" if len(result.steps) == 1 else f"{len(result.steps)} steps"
    parts = f"{seconds(spent.deciding_s)} deciding, {seconds(spent.acting_s)} acting"
    tokens = f"; {spent.prompt_tokens:,} tokens read, {spent.new_tokens:,} written" if spent.new_tokens else ""
    console.print(f"{steps} in {seconds(spent.seconds)}: {parts}{tokens}", style="dim")
    if result.answer:
        console.print(visible(result.reason), style="dim")
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
