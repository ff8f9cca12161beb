"""The command `clickwright run`: a task, a screen and a model, to the end and a report."""

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import UsageError
from .exits import INTERRUPTED, complain
from .options.begun import Choices, choices_again, told_again
from .options.browser import Browsing
from .options.desktop import ChosenDesktop
from .options.grouped import grouped
from .options.model import Chosen
from .options.rules import Secret, limits_again, limits_in, permissions_for, secrets_from

if TYPE_CHECKING:
    from rich.console import Console

    from .agent import Agent, Approver, Permissions
    from .agent.record.begun import Begun
    from .agent.record.trace import RunInfo
    from .environments import Environment
    from .tools import Limits, Task

NOT_OF_A_DEMO = frozenset(
    {"live", "browser", "playwright_trace", "secret", "facts", "plan", "plan_with", "check", "checker", "unconfined"}
    | {"screen_tells", "max_steps", "max_seconds", "max_tokens"}
)
"""What a demo decides by itself."""
OF_A_NEW_RUN = {"task", "url", "step", "allow", "permissions", "run_dir"}
"""What a run that is resumed has already."""
TRACE = "trace.zip"


@grouped
def run(
    context: typer.Context,
    task: Annotated[str, typer.Argument(help="What is to be done; may be left out where there are steps.")] = "",
    url: Annotated[str, typer.Option(help="Where to start.")] = "",
    step: Annotated[list[str] | None, typer.Option(help="One step of the plan; give it again for the next.")] = None,
    facts: Annotated[
        bool, typer.Option("--facts", help="Let the model note what it finds, such as prices, for later steps.")
    ] = False,
    unconfined: Annotated[
        bool,
        typer.Option("--unconfined", help="Go on with a browser that cannot be kept to what the run may use."),
    ] = False,
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[
        Path | None, typer.Option(help="A TOML file with what the run may do, in the place of the rules by default.")
    ] = None,
    secret: Secret = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Where the run is kept; a new folder in runs/ unless told.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the interrupted run in this folder.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Serve the run on this machine while it goes on.")] = False,
    playwright_trace: Annotated[
        bool,
        typer.Option("--playwright-trace", help="Keep Playwright's own trace beside the run; it hides nothing."),
    ] = False,
    screen_tells: Annotated[
        bool,
        typer.Option(
            "--screen-tells",
            help="The screen shows whether an action was done: what a kill left in doubt may be done again.",
        ),
    ] = False,
    max_steps: Annotated[int, typer.Option(help="Stop after so many steps; with --resume, after so many in all.")] = 30,
    max_seconds: Annotated[float, typer.Option(help="Stop after so much time in all.")] = 600.0,
    max_tokens: Annotated[
        int, typer.Option(help="Stop after so many tokens, read and written, planning and checking included.")
    ] = 2_000_000,
    *,
    chosen: Chosen,
    on: ChosenDesktop,
    browsing: Browsing,
) -> None:
    """Do a task in a browser or on a desktop, step by step, and write a report."""
    from .terminal import TerminalApprover, make_console

    console = make_console()
    conduct = _Conduct(
        approver=TerminalApprover(console) if sys.stdin.isatty() else None,
        secrets=secrets_from(secret or []),
        facts=facts or None,
        unconfined=unconfined,
        screen_tells=screen_tells or None,
        traces=playwright_trace,
    )
    if on.is_meant and (url or allow or playwright_trace or browsing != Browsing()):
        raise UsageError("a desktop has no --url, --allow and --headed: start a browser there with --app 'PROGRAM URL'")
    told = Choices(on=on, browsing=browsing, chosen=chosen)
    given = _given(context)
    limits: dict[str, float] = {"steps": max_steps, "seconds": max_seconds, "tokens": max_tokens}
    if resume is None:
        rules, bounds = permissions_for(url, allow or [], permissions), limits_in(permissions)
        bounds = limits_again(bounds, given, limits) or bounds
        agent = conduct.anew(_task(task, step or [], url, bounds), told, rules, run_dir)
    elif (demo := _begun_demo(resume, given)) is not None:
        raise typer.Exit(_go_on_with_demo(console, resume, demo, told, given))
    else:
        agent = conduct.again(resume, told, given, limits)
    with _served(agent, console) if live else nullcontext():
        code = follow(agent, console)
    raise typer.Exit(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Conduct:
    """How a run is done, whatever it is about. None is what was told at its beginning, or nothing."""

    approver: "Approver | None"
    secrets: Mapping[str, str]
    facts: bool | None
    unconfined: bool
    screen_tells: bool | None
    traces: bool

    def anew(self, task: "Task", told: Choices, rules: "Permissions", folder: Path | None) -> "Agent":
        """A run that begins, in a new folder in runs/ unless told."""
        from .agent import Agent
        from .agent.record.folder import new_run_dir

        run_dir, chosen = folder or new_run_dir(), told.chosen
        environment, policy = _screen(told, run_dir, traces=self.traces), chosen.acting()
        return Agent(
            task,
            policy=policy,
            environment=environment,
            run_dir=run_dir,
            approver=self.approver,
            permissions=rules,
            secrets=self.secrets,
            planner=chosen.planning(policy),
            checker=chosen.checking(policy),
            facts=self.facts,
            unconfined=self.unconfined,
            screen_tells=bool(self.screen_tells),
            begun=told.begun(),
        )

    def again(self, folder: Path, told: Choices, given: frozenset[str], limits: dict[str, float]) -> "Agent":
        """A run that goes on as it was begun, but for the options that are given anew."""
        from .agent import Agent

        info = _begun_run(folder)
        limits_anew = limits_again(info.task.limits, given, limits)
        begun, checks = info.begun, info.is_checked
        choices = choices_again(begun, told, given) if begun else told_again(told, given, was_checked=checks)
        environment, policy = _screen(choices, folder, traces=self.traces), choices.chosen.policy()
        return Agent.resume(
            folder,
            policy=policy,
            environment=environment,
            approver=self.approver,
            secrets=self.secrets,
            planner=choices.chosen.planning(policy),
            checker=choices.chosen.checking(policy),
            facts=self.facts,
            unconfined=self.unconfined,
            screen_tells=self.screen_tells,
            limits=limits_anew,
        )


def _given(context: typer.Context) -> frozenset[str]:
    """The options that stand on the command line, whatever their values."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    return frozenset(name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE")


def _screen(choices: Choices, folder: Path, *, traces: bool) -> "Environment":
    from .agent.record.folder import DOWNLOADS

    needs_elements = choices.chosen.needs_elements
    if not choices.on.is_meant:
        trace = folder / TRACE if traces else None
        return choices.browsing.screen(elements=needs_elements, download_dir=folder / DOWNLOADS, trace=trace)
    if needs_elements:
        raise UsageError("a desktop does not tell what can be used on it: leave out --elements, and the profile marks")
    return choices.on.environment()


@contextmanager
def _served(agent: "Agent", console: "Console") -> Generator[None]:
    """Show the run in the browser, to whoever has the address that is printed."""
    from .agent.view import Live

    with Live(agent.run_dir).beside() as url:
        console.print(f"live: {url}", style="dim", soft_wrap=True)
        yield


def follow(agent: "Agent", console: "Console") -> int:
    """Run an agent to its end with every step on the terminal; the exit code."""
    from .agent.view import write_report
    from .terminal import Following, print_ending

    goes_on = f"clickwright run --resume {agent.run_dir} goes on"
    try:
        with Following(console) as following:
            result = agent.run(on_event=following)
    except KeyboardInterrupt:
        complain(f"interrupted; {goes_on}")
        return INTERRUPTED
    except SystemExit as terminated:
        complain(f"terminated; {goes_on}")
        return int(terminated.code or 0)
    finally:
        for told in agent.repairs:
            console.print(f"warning: {told}", style="yellow", soft_wrap=True, markup=False)
        if agent.folder.is_used:
            with suppress(OSError, UsageError):  # a full disk, of which the run has told
                console.print(f"report: {write_report(agent.run_dir)}", style="dim", soft_wrap=True)
    print_ending(console, result)
    for did in result.in_doubt:
        console.print(f"in doubt: {did.error}", style="yellow", soft_wrap=True, markup=False)
    if result.stop == "in_doubt":
        complain(f"this needs you; at a terminal, {goes_on}")
    return result.exit_code


def _task(goal: str, steps: list[str], url: str, limits: "Limits") -> "Task":
    from pydantic import ValidationError

    from .tools import Task

    if not goal and not steps:
        raise UsageError('say what is to be done: clickwright run "TASK" --url URL, or --step "..." for each step')
    if not all(step.strip() for step in steps):
        raise UsageError("--step: each step needs words")
    try:
        return Task(goal=goal or " ".join(steps), steps=tuple(steps), start_url=url, limits=limits)
    except ValidationError as error:
        fault = error.errors()[0]
        whole = "the task" if goal else "the steps together"
        what = whole if fault["loc"] == ("goal",) else f"--step number {int(fault['loc'][-1]) + 1}"
        raise UsageError(f"{what}: {fault['msg']}") from None


def _begun_demo(folder: Path, given: frozenset[str]) -> "Begun | None":
    """How the demo was begun that is in this folder, or of which this is one run; None for any other run.

    Raises UsageError for options of a new run, and for those that no demo has.
    """
    from .agent import read_run
    from .demo.show import DEMO, read_demo

    if wrong := sorted(given & OF_A_NEW_RUN):
        words = " and ".join("the task" if name == "task" else f"--{name.replace('_', '-')}" for name in wrong)
        raise UsageError(f"--resume goes on with a run as it was begun: leave out {words}")
    if (folder / DEMO).exists():
        begun = read_demo(folder).begun
        if begun is None:
            raise UsageError(f"{folder} holds a demo of an older version: clickwright demo --run-dir {folder} goes on")
    else:
        info = read_run(folder).info
        begun = info.begun if info is not None else None
        if begun is None or begun.demo is None:
            return None
    if wrong := sorted(given & NOT_OF_A_DEMO):
        raise UsageError(f"a demo has no {' and no '.join('--' + name.replace('_', '-') for name in wrong)}")
    return begun


def _begun_run(folder: Path) -> "RunInfo":
    """What run.json says. Raises UsageError for a run that this command cannot go on with."""
    from .agent import read_run

    found = read_run(folder)
    if found.info is None:
        raise UsageError(f"the run in {folder} cannot be resumed: {found.warnings[0]}")
    environment = found.info.environment
    if found.info.begun is None and environment not in ("", "BrowserEnvironment"):
        raise UsageError(f"the run was begun from Python, in a {environment}: only Agent.resume can open that again")
    return found.info


def _go_on_with_demo(console: "Console", folder: Path, begun: "Begun", told: Choices, given: frozenset[str]) -> int:
    """The whole demo, or one task of it, each on its site, whose state is kept with its run."""
    from .demo.players import player
    from .demo.show import DEMO, choose_seeds, show, show_one

    choices, demo = choices_again(begun, told, given), begun.demo
    if demo is None:
        raise UsageError(f"{folder / DEMO} does not say who plays")
    environment = choices.browsing.environment(elements=choices.chosen.needs_elements)
    policy = player(demo, choices.chosen)
    try:
        if not (folder / DEMO).exists():
            return show_one(console, policy=policy, environment=environment, folder=folder)
        seeds = choose_seeds(folder, "")
        return show(console, seeds, policy=policy, environment=environment, folder=folder, begun=begun)
    except KeyboardInterrupt:
        complain(f"interrupted; clickwright run --resume {folder} goes on")
        return INTERRUPTED
    except SystemExit:
        complain(f"terminated; clickwright run --resume {folder} goes on")
        raise
