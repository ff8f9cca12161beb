"""The command line: clickwright run | ground | ask | view | export | doctor | setup | models | demo | mcp.

Heavy parts are imported by the command that needs them, so that `clickwright --help` is quick.
"""

import os
import shutil
import sys
import tempfile
import traceback
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from . import __version__
from .answers import ask, ground
from .errors import ClickwrightError, EnvironmentLost, UsageError
from .options import (
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
    permissions_for,
)
from .serving.command import mcp

if TYPE_CHECKING:
    from rich.console import Console

    from .agent import Agent
    from .environments import BrowserEnvironment
    from .policies import Policy
    from .screen import Size
    from .tools import Task

INTERRUPTED = 130

app = typer.Typer(
    name="clickwright",
    help="Drives browsers by sight, with a Qwen2-VL model on this machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Headed = Annotated[bool, typer.Option("--headed", help="Show the browser's window.")]


def main() -> NoReturn:
    """Run a command. Anything that goes wrong is told in one sentence, with the exit code that belongs to it."""
    try:
        app()
    except ClickwrightError as error:
        _complain(str(error))
        sys.exit(error.exit_code)
    except Exception as error:  # the last line of defence: a terminal is no place for a traceback
        with tempfile.NamedTemporaryFile("w", prefix="clickwright-", suffix=".log", delete=False) as log:
            traceback.print_exc(file=log)
        _complain(f"something went wrong that should not ({type(error).__name__}); the details are in {log.name}")
        sys.exit(1)
    sys.exit(0)


def _complain(sentence: str) -> None:
    sys.stderr.write(f"clickwright: {' '.join(sentence.split())}\n")


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """Drives browsers by sight, with a Qwen2-VL model on this machine."""
    if version:
        typer.echo(f"clickwright {__version__}")
        raise typer.Exit


@app.command()
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
    headed: Headed = False,
    viewport: Annotated[str, typer.Option(help="Size of the page in CSS pixels.")] = "1288x728",
    scale: Annotated[float, typer.Option(help="Device pixels per CSS pixel.")] = 1.0,
    allow: Annotated[list[str] | None, typer.Option(help="A further origin that may be used.")] = None,
    permissions: Annotated[
        Path | None, typer.Option(help="A TOML file with what the run may do, in the place of the rules by default.")
    ] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Where the run is kept; a new folder in runs/ unless told.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the interrupted run in this folder.")] = None,
    max_steps: Annotated[int, typer.Option(help="Stop after so many steps.")] = 30,
    max_seconds: Annotated[float, typer.Option(help="Stop after so much time.")] = 600.0,
) -> None:
    """Do a task in a browser, step by step, and write a report."""
    from .agent import Agent
    from .terminal import TerminalApprover, make_console

    console = make_console()
    approver = TerminalApprover(console) if sys.stdin.isatty() else None
    size = _size(viewport)
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
        environment, policy = _browser(headed, size, scale, chosen), chosen.policy()
        agent = Agent.resume(resume, policy=policy, environment=environment, approver=approver)
    else:
        asked = _task(task, step or [], url, max_steps, max_seconds)
        rules = permissions_for(url, allow or [], permissions)
        environment, policy = _browser(headed, size, scale, chosen), chosen.policy()
        agent = Agent(
            asked, policy=policy, environment=environment, run_dir=run_dir, approver=approver, permissions=rules
        )
    raise typer.Exit(_follow(agent, console))


app.command()(ground)
app.command()(ask)
app.command()(mcp)


@app.command()
def view(
    run: Annotated[Path, typer.Argument(help="The folder of a run, finished or not.")],
    out: Annotated[Path | None, typer.Option(help="Where the page goes; into the run's folder unless told.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write a run as one HTML page that needs nothing else."""
    from .agent.view import write_report

    path = write_report(run, out)
    typer.echo(path)
    if show:
        typer.launch(path.resolve().as_uri())


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="The folder of a run, finished or not.")],
    out: Annotated[Path, typer.Argument(help="run.gif, run.webp or run.mp4 for a film; test_run.py for a test.")],
) -> None:
    """Write a run as a film, or as a test that does the same with Playwright and without a model."""
    from .agent.export import export_run

    typer.echo(export_run(run, out))


@app.command()
def doctor(
    model: Model = MINI,
    profile: Profile = None,
    device: Device = None,
    quantize: Quantize = None,
    backend: RunBy = None,
    base_url: BaseUrl = None,
    thorough: Annotated[bool, typer.Option("--thorough", help="Have it point on more sizes of the screen.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Only note it when the model does not answer as its profile says.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="A folder for pictures of the targets and the answers.")] = None,
) -> None:
    """Check what a run needs: where the model points, and where clicks land, both at known targets."""
    from .doctor import Aim, examine
    from .terminal import make_console

    chosen = Chosen(model=model, profile=profile, device=device, quantize=quantize, backend=backend, base_url=base_url)
    raise typer.Exit(examine(make_console(), chosen, Aim(is_thorough=thorough, is_forced=force, out=out)))


@app.command()
def setup(
    what: Annotated[str, typer.Argument(help="browser, or browsergym for its own environment.")] = "browser",
    folder: Annotated[Path | None, typer.Argument(help="Where the environment of browsergym goes.")] = None,
    suite: Annotated[list[str] | None, typer.Option(help="A suite of browsergym; give it again for more.")] = None,
) -> None:
    """Bring a browser where there is none: Playwright's own, else the system's package. Or bring BrowserGym."""
    if what == "browsergym" and folder is not None:
        from .environments.browsergym.install import install_browsergym

        typer.echo(f"python: {install_browsergym(folder, suite or ('miniwob',), tell=typer.echo)}")
        return
    if what != "browser" or folder is not None or suite:
        raise UsageError("write setup alone for a browser, or setup browsergym FOLDER")
    from .environments import install_browser

    typer.echo(f"browser: {install_browser(typer.echo)}")


@app.command()
def models(
    name: Annotated[
        str | None, typer.Argument(help="A profile or a checkpoint, to be told all that is known of it.")
    ] = None,
    memory: Annotated[bool, typer.Option("--memory", help="What each needs of memory, and what fits now.")] = False,
    model: Annotated[str | None, typer.Option(help="The same for a checkpoint of your own, by name or folder.")] = None,
) -> None:
    """The families of checkpoints that are known: what each does, how it is asked, what was published about it."""
    if name and (memory or model):
        raise UsageError("give a name to be told of, or --memory and --model to reckon what is needed")
    if memory or model:
        from .memory_table import table

        for line in table(model):
            typer.echo(line)
        return
    from .catalogue import known, told

    width = shutil.get_terminal_size((1000, 24)).columns  # without a terminal, lines are as long as they like
    for line in told(name, width=width) if name else known(width=width):
        typer.echo(line)


class Player(StrEnum):
    """Who plays the demo: the model, or one of the two that check the demo itself."""

    MODEL = "model"
    ORACLE = "oracle"
    IDLE = "idle"


@app.command()
def demo(
    seed: Annotated[
        int | None, typer.Option(min=0, help="Content and layout; a new one each time unless told.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Several seeds, as in 1-20: prints how many tasks passed.")] = "",
    grey: Annotated[bool, typer.Option("--grey", help="Show the model grey pictures only: the blind control.")] = False,
    player: Annotated[
        Player, typer.Option(help="Who plays; the oracle must pass everything, the idle one nothing.")
    ] = (Player.MODEL),
    model: Model = MINI,
    profile: Profile = None,
    device: Device = None,
    quantize: Quantize = None,
    backend: RunBy = None,
    base_url: BaseUrl = None,
    planner: Planner = None,
    grounder: Grounder = None,
    elements: Elements = False,
    headed: Headed = False,
    run_dir: Annotated[Path | None, typer.Option(help="Where the runs are kept; an interrupted demo goes on.")] = None,
) -> None:
    """Three tasks on a small site that comes with Clickwright: watch it shop, note and set."""
    from .demo.show import choose_seeds, new_folder, show
    from .screen import Size
    from .terminal import make_console

    if seed is not None and seeds:
        raise UsageError("give --seed or --seeds, not both")
    folder = run_dir or new_folder()
    numbers = choose_seeds(folder, seeds or ("" if seed is None else str(seed)))
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
    )
    environment = _browser(headed, Size(1288, 728), 1.0, chosen)
    policy = _player(player, chosen, grey=grey)
    try:
        raise typer.Exit(show(make_console(), numbers, policy=policy, environment=environment, folder=folder))
    except KeyboardInterrupt:
        _complain(f"interrupted; clickwright demo --run-dir {folder} goes on")
        raise typer.Exit(INTERRUPTED) from None


def _follow(agent: "Agent", console: "Console") -> int:
    """Run an agent to its end with every step on the terminal; the exit code."""
    from .agent.view import write_report
    from .terminal import print_ending, print_step

    try:
        result = agent.run(on_step=lambda done: print_step(console, done))
    except KeyboardInterrupt:
        _complain(f"interrupted; clickwright run --resume {agent.run_dir} goes on")
        return INTERRUPTED
    finally:
        if agent.folder.is_used:
            console.print(f"report: {write_report(agent.run_dir)}", style="dim", soft_wrap=True)
    print_ending(console, result)
    return result.exit_code


def _browser(headed: bool, viewport: "Size", scale: float, chosen: Chosen) -> "BrowserEnvironment":
    from .environments import BrowserEnvironment, find_browser

    find_browser(headless=not headed)  # before the model is loaded: that there is none is then told at once
    if headed and sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise EnvironmentLost("there is no display for --headed: leave it out, or start this under xvfb-run")
    elements = chosen.needs_elements
    return BrowserEnvironment(viewport=viewport, device_scale=scale, headless=not headed, elements=elements)


def _player(player: Player, chosen: Chosen, *, grey: bool) -> "Policy":
    from .demo.blind import BlindPolicy
    from .demo.oracle import Idle, Oracle

    match player:
        case Player.ORACLE:
            return Oracle()
        case Player.IDLE:
            return Idle()
        case Player.MODEL:
            policy = chosen.policy()
            return BlindPolicy(policy) if grey else policy


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


def _size(text: str) -> "Size":
    from .screen import Size

    width, cross, height = text.lower().partition("x")
    if not cross or not all(side.isdecimal() and 1 <= len(side) <= 5 for side in (width, height)):
        raise UsageError(f"a viewport is written like 1288x728, not {text[:50]!r}")
    return Size(int(width), int(height))
