"""The command `clickwright run`: a task, a screen and a model, to the end and a report."""

import sys
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .errors import UsageError
from .exits import INTERRUPTED, complain
from .options.browser import (
    VIEWPORT,
    Browsing,
    Connect,
    Headed,
    Locale,
    Mobile,
    ProfileDir,
    ProxyUrl,
    Scale,
    StorageState,
    Unconfined,
    Viewport,
)
from .options.desktop import App, ChosenDesktop, InWindow, OnDesktop, Region, Virtual
from .options.model import (
    MINI,
    AskBelow,
    BaseUrl,
    Chosen,
    Device,
    Elements,
    Grounder,
    Model,
    Planner,
    Profile,
    Quantize,
    RunBy,
    Zoom,
)
from .options.rules import permissions_for

if TYPE_CHECKING:
    from rich.console import Console

    from .agent import Agent
    from .environments import Environment
    from .tools import Task


def run(
    task: Annotated[str, typer.Argument(help="What is to be done; may be left out where there are steps.")] = "",
    url: Annotated[str, typer.Option(help="Where to start.")] = "",
    step: Annotated[list[str] | None, typer.Option(help="One step of the plan; give it again for the next.")] = None,
    model: Model = MINI,
    profile: Profile = None,
    device: Device = None,
    quantize: Quantize = None,
    backend: RunBy = None,
    base_url: BaseUrl = None,
    planner: Planner = None,
    grounder: Grounder = None,
    elements: Elements = False,
    zoom: Zoom = False,
    ask_below: AskBelow = 0.0,
    desktop: OnDesktop = False,
    virtual_display: Virtual = "",
    app: App = "",
    region: Region = "",
    window: InWindow = "",
    headed: Headed = False,
    viewport: Viewport = VIEWPORT,
    scale: Scale = 1.0,
    connect: Connect = None,
    profile_dir: ProfileDir = None,
    storage_state: StorageState = None,
    mobile: Mobile = False,
    locale: Locale = None,
    proxy: ProxyUrl = None,
    unconfined: Unconfined = False,
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[
        Path | None, typer.Option(help="A TOML file with what the run may do, in the place of the rules by default.")
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Where the run is kept; a new folder in runs/ unless told.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the interrupted run in this folder.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Serve the run on this machine while it goes on.")] = False,
    max_steps: Annotated[int, typer.Option(help="Stop after so many steps.")] = 30,
    max_seconds: Annotated[float, typer.Option(help="Stop after so much time.")] = 600.0,
) -> None:
    """Do a task in a browser or on a desktop, step by step, and write a report."""
    from .agent import Agent
    from .agent.record.folder import new_run_dir
    from .terminal import TerminalApprover, make_console

    console = make_console()
    approver = TerminalApprover(console) if sys.stdin.isatty() else None
    on = ChosenDesktop(on_desktop=desktop, virtual=virtual_display, app=app, region=region, window=window)
    browsing = Browsing(
        headed=headed,
        viewport=viewport,
        scale=scale,
        connect=connect,
        profile_dir=profile_dir,
        storage_state=storage_state,
        mobile=mobile,
        locale=locale,
        proxy=proxy,
    )
    if on.is_meant and (url or allow or browsing != Browsing()):
        raise UsageError("a desktop has no --url, --allow and --headed: start a browser there with --app 'PROGRAM URL'")
    chosen = Chosen(
        model=model,
        profile=profile,
        device=device,
        quantize=quantize,
        backend=backend,
        base_url=base_url,
        planner=planner,
        grounder=grounder,
        elements=elements,
        zoom=zoom,
        ask_below=ask_below,
    )
    if resume is not None:
        _require_resumable(resume, is_new=bool(task or step or url))
        environment, policy = _screen(on, browsing, chosen, resume), chosen.policy()
        agent = Agent.resume(resume, policy=policy, environment=environment, approver=approver, unconfined=unconfined)
    else:
        asked = _task(task, step or [], url, max_steps, max_seconds)
        rules = permissions_for(url, allow or [], permissions)
        folder = run_dir or new_run_dir()
        environment, policy = _screen(on, browsing, chosen, folder), chosen.policy()
        agent = Agent(
            asked,
            policy=policy,
            environment=environment,
            run_dir=folder,
            approver=approver,
            permissions=rules,
            unconfined=unconfined,
        )
    with _served(agent, console) if live else nullcontext():
        code = _follow(agent, console)
    raise typer.Exit(code)


def _screen(on: ChosenDesktop, browsing: Browsing, chosen: Chosen, folder: Path) -> "Environment":
    from .agent.record.folder import DOWNLOADS

    if not on.is_meant:
        return browsing.environment(elements=chosen.needs_elements, download_dir=folder / DOWNLOADS)
    if chosen.needs_elements:
        raise UsageError("a desktop does not tell what can be used on it: leave out --elements, and the profile marks")
    return on.environment()


@contextmanager
def _served(agent: "Agent", console: "Console") -> Generator[None]:
    """Show the run in the browser, to whoever has the address that is printed."""
    from .agent.view import Live

    with Live(agent.run_dir).beside() as url:
        console.print(f"live: {url}", style="dim", soft_wrap=True)
        yield


def _follow(agent: "Agent", console: "Console") -> int:
    """Run an agent to its end with every step on the terminal; the exit code."""
    from .agent.view import write_report
    from .terminal import print_ending, print_step

    try:
        result = agent.run(on_step=lambda done: print_step(console, done))
    except KeyboardInterrupt:
        complain(f"interrupted; clickwright run --resume {agent.run_dir} goes on")
        return INTERRUPTED
    finally:
        if agent.folder.is_used:
            console.print(f"report: {write_report(agent.run_dir)}", style="dim", soft_wrap=True)
    print_ending(console, result)
    return result.exit_code


def _task(goal: str, steps: list[str], url: str, max_steps: int, max_seconds: float) -> "Task":
    from pydantic import ValidationError

    from .tools import Limits, Task

    if not goal and not steps:
        raise UsageError('say what is to be done: clickwright run "TASK" --url URL, or --step "..." for each step')
    try:
        limits = Limits(steps=max_steps, seconds=max_seconds)
        return Task(goal=goal or " ".join(steps), steps=tuple(steps), start_url=url, limits=limits)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"{' '.join(map(str, fault['loc']))}: {fault['msg']}") from None


def _require_resumable(folder: Path, *, is_new: bool) -> None:
    if is_new:
        raise UsageError("--resume goes on with a run as it was begun: leave out the task, --step and --url")
    if not (folder / "run.json").exists():
        raise UsageError(f"{folder} holds no run")
