"""The command line: clickwright run | test | test-record | ground | ask | view | export | replay | doctor | setup ...

Heavy parts are imported by the command that needs them, so that `clickwright --help` is quick.
"""

import shutil
import sys
import tempfile
import traceback
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from . import __version__
from .answers import ask, ground
from .benchmarks.command import bench
from .errors import ClickwrightError, UsageError
from .exits import INTERRUPTED, complain, leave
from .options.begun import Choices
from .options.browser import Browsing
from .options.grouped import Only, grouped
from .options.model import LOADED, Chosen
from .running import run
from .serving.command import mcp
from .testing.codegen.command import record_test, replay
from .testing.steps.command import run_step_files
from .training.command import train

app = typer.Typer(
    name="clickwright",
    help="Drives browsers and desktops by sight, with a Qwen2-VL model on this machine.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> NoReturn:
    """Run a command. Anything that goes wrong is told in one sentence, with the exit code that belongs to it."""
    try:
        app()
    except SystemExit as ended:
        leave(ended)
    except ClickwrightError as error:
        complain(str(error))
        sys.exit(error.exit_code)
    except Exception as error:  # the last line of defence: a terminal is no place for a traceback
        with tempfile.NamedTemporaryFile("w", prefix="clickwright-", suffix=".log", delete=False) as log:
            traceback.print_exc(file=log)
        complain(f"something went wrong that should not ({type(error).__name__}); the details are in {log.name}")
        sys.exit(1)
    sys.exit(0)


@app.callback(invoke_without_command=True)
def top(version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False) -> None:
    """Drives browsers and desktops by sight, with a Qwen2-VL model on this machine."""
    if version:
        typer.echo(f"clickwright {__version__}")
        raise typer.Exit


app.command()(run)
app.command()(ground)
app.command()(ask)
app.command()(mcp)
app.command()(replay)
app.command("test-record")(record_test)
app.command("test")(run_step_files)
app.add_typer(bench)
app.add_typer(train)


@app.command()
def view(
    run: Annotated[Path, typer.Argument(help="The folder of a run, finished or not.")],
    beside: Annotated[Path | None, typer.Option(help="A second run, to stand beside the first.")] = None,
    live: Annotated[bool, typer.Option("--live", help="Follow the run on this machine while it goes on.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where --live serves; any free port unless told.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Where the page goes; into the run's folder unless told.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write a run, or two side by side, as one HTML page that needs nothing else; or follow one live."""
    from .agent.view import Live, write_beside, write_report

    if port and not live:
        raise UsageError("--port is where --live serves: give both, or leave it out")
    if live:
        if beside is not None or out is not None:
            raise UsageError("--live follows one run and writes no page: leave out --beside and --out")
        if not run.is_dir():
            raise UsageError(f"{run} holds no run")
        served = Live(run, port=port)
        typer.echo(f"{served.url}  (Ctrl-C ends it)")
        if show:
            typer.launch(served.url)
        served.serve()
        return
    path = write_report(run, out) if beside is None else write_beside(run, beside, out)
    typer.echo(path)
    if show:
        typer.launch(path.resolve().as_uri())


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="The folder of a run, finished or not.")],
    out: Annotated[
        Path | None,
        typer.Argument(
            help="run.gif, .webp, .mp4, run.jsonl, test_run.py or a folder; into that of the run unless told."
        ),
    ] = None,
    to: Annotated[
        str,
        typer.Option(help="gif, webp, mp4, jsonl, chat, records, pytest or playwright; told by the file unless given."),
    ] = "",
    profile: Annotated[
        str | None, typer.Option(help="For which checkpoints a chat is; those of the run's model unless told.")
    ] = None,
) -> None:
    """Write a run as a film, as lines of JSON, as chats or records to train on, or as a test that needs no model."""
    if to == "pytest" or (not to and out is not None and out.suffix == ".py"):
        from .testing.codegen import write_test

        if profile is not None:
            raise UsageError("a profile says how a chat is written, not a test: leave it out, or say --to chat")
        typer.echo(write_test(run, out))
        return
    if to == "records":
        from .training.data.runs import export_records

        if profile is not None:
            raise UsageError("records are for every family of checkpoints: leave out --profile, or say --to chat")
        typer.echo(export_records(run, out))
        return
    from .agent.export import export_run

    typer.echo(export_run(run, out, to=to, profile=profile))


@app.command()
@grouped
def doctor(
    thorough: Annotated[bool, typer.Option("--thorough", help="Have it point on more sizes of the screen.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Only note it when the model does not answer as its profile says.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="A folder for pictures of the targets and the answers.")] = None,
    *,
    chosen: Annotated[Chosen, Only(*LOADED)],
) -> None:
    """Check what a run needs: where the model points, and where clicks land, both at known targets."""
    from .doctor import Aim, examine
    from .terminal import make_console

    raise typer.Exit(examine(make_console(), chosen, Aim(is_thorough=thorough, is_forced=force, out=out)))


@app.command()
def setup(
    what: Annotated[
        str, typer.Argument(help="browser, firefox, webkit, or browsergym for its own environment.")
    ] = "browser",
    folder: Annotated[Path | None, typer.Argument(help="Where the environment of browsergym goes.")] = None,
    suite: Annotated[list[str] | None, typer.Option(help="A suite of browsergym; give it again for more.")] = None,
) -> None:
    """Bring a browser where there is none: Playwright's own, else the system's package of Chromium. Or BrowserGym."""
    if what == "browsergym" and folder is not None:
        from .environments.browsergym.install import install_browsergym

        typer.echo(f"python: {install_browsergym(folder, suite or ('miniwob',), tell=typer.echo)}")
        return
    if what not in ("browser", "firefox", "webkit") or folder is not None or suite:
        raise UsageError("write setup alone for a browser, setup firefox, setup webkit, or setup browsergym FOLDER")
    if what == "firefox" or what == "webkit":
        from .environments.playwright_api.install import install_build

        typer.echo(f"{what}: {install_build(what, typer.echo)}")
        return
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
@grouped
def demo(
    seed: Annotated[
        int | None, typer.Option(min=0, help="Content and layout; a new one each time unless told.")
    ] = None,
    seeds: Annotated[str, typer.Option(help="Several seeds, as in 1-20: prints how many tasks passed.")] = "",
    grey: Annotated[bool, typer.Option("--grey", help="Show the model grey pictures only: the blind control.")] = False,
    player: Annotated[
        Player, typer.Option(help="Who plays; the oracle must pass everything, the idle one nothing.")
    ] = (Player.MODEL),
    run_dir: Annotated[Path | None, typer.Option(help="Where the runs are kept; an interrupted demo goes on.")] = None,
    *,
    chosen: Annotated[Chosen, Only(*LOADED, "planner", "grounder", "elements")],
    browsing: Annotated[Browsing, Only("headed")],
) -> None:
    """Three tasks on a small site that comes with Clickwright: watch it shop, note and set."""
    from .agent.record.begun import BegunDemo
    from .demo.players import player as policy_of
    from .demo.show import choose_seeds, new_folder, show
    from .terminal import make_console

    if seed is not None and seeds:
        raise UsageError("give --seed or --seeds, not both")
    folder = run_dir or new_folder()
    numbers = choose_seeds(folder, seeds or ("" if seed is None else str(seed)))
    playing = BegunDemo(player=player.value, grey=grey)
    environment = browsing.environment(elements=chosen.needs_elements)
    policy, begun = policy_of(playing, chosen), Choices(browsing=browsing, chosen=chosen).begun(playing)
    try:
        code = show(make_console(), numbers, policy=policy, environment=environment, folder=folder, begun=begun)
    except KeyboardInterrupt:
        complain(f"interrupted; clickwright demo --run-dir {folder} goes on")
        raise typer.Exit(INTERRUPTED) from None
    except SystemExit:
        complain(f"terminated; clickwright demo --run-dir {folder} goes on")
        raise
    raise typer.Exit(code)
