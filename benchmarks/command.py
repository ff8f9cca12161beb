"""The commands `clickwright bench ...`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..exits import INTERRUPTED, complain
from ..options.grouped import Only, grouped
from ..options.model import LOADED, Chosen

bench = typer.Typer(
    name="bench",
    help="Run benchmarks, look at what came of them, compare them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class PlayerName(StrEnum):
    """Who is examined."""

    MODEL = "model"
    BLIND = "blind"
    ORACLE = "oracle"
    NOOP = "noop"
    RANDOM = "random"


class KeepWhat(StrEnum):
    """Which trajectories are kept."""

    NONE = "none"
    FAILED = "failed"
    ALL = "all"


Folder = Annotated[Path, typer.Argument(help="The folder of a run.")]


@bench.command("list")
def list_suites(suite: Annotated[str, typer.Argument(help="One of them, to be told all of it.")] = "") -> None:
    """The suites: what each measures; of one, what proves its tasks and what it needs."""
    from ..terminal import make_console
    from .listing import show_suite, show_suites

    if suite:
        show_suite(make_console(), suite)
    else:
        show_suites(make_console())


@bench.command("run")
@grouped
def run_suite(
    context: typer.Context,
    suite: Annotated[str, typer.Argument(help="Which; `clickwright bench list` names them.")] = "",
    player: Annotated[
        PlayerName, typer.Option(help="Who is examined; the oracle must solve everything, noop and random nothing.")
    ] = PlayerName.MODEL,
    task: Annotated[
        list[str] | None, typer.Option(help="A task or group; give it again for more. All unless told.")
    ] = None,
    episodes: Annotated[int, typer.Option(min=1, help="Seeds of each task.")] = 1,
    seed: Annotated[int, typer.Option(min=0, help="The first of them.")] = 0,
    repeats: Annotated[int, typer.Option(min=1, help="How often each seed is tried.")] = 1,
    limit: Annotated[int | None, typer.Option(min=1, help="Samples at most, spread over the data.")] = None,
    data: Annotated[str, typer.Option(help="The folder of a data set, or hub:NAME.")] = "",
    setting: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, a setting of the suite.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Episodes at the same time; 1 unless told.")] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Have the workers in this cluster of Ray: HOST:PORT, auto, or local to start one."
        ),
    ] = None,
    ray_cpus: Annotated[float, typer.Option(min=0.01, help="Processors for each of them there.")] = 1.0,
    ray_models: Annotated[
        int, typer.Option(min=0, help="Load the model there, too, in so many actors with a GPU each.")
    ] = 0,
    max_steps: Annotated[int | None, typer.Option(min=1, help="In the place of the suite's own limit.")] = None,
    max_seconds: Annotated[float | None, typer.Option(min=1, help="In the place of the suite's own limit.")] = None,
    keep: Annotated[KeepWhat | None, typer.Option(help="Which trajectories are kept; none unless told.")] = None,
    run_dir: Annotated[
        Path | None, typer.Option(help="Where the run is kept; a new folder in bench/ unless told.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the run in this folder.")] = None,
    retry_errors: Annotated[
        bool, typer.Option("--retry-errors", help="Try again what something else than the player broke.")
    ] = False,
    *,
    chosen: Annotated[Chosen, Only(*LOADED, "planner", "grounder", "elements", "zoom")],
) -> None:
    """Run a suite, or what is left of a run. Every finished episode is kept, whatever ends the command."""
    from ..terminal import make_console
    from .players import make_player
    from .record import RUN
    from .runner.begin import Plan, plan_again, run_bench
    from .runner.machines import Machines
    from .show import show
    from .suite import Choice

    if bool(suite) == (resume is not None):
        raise UsageError("name a suite, or give --resume with the folder of a run")
    machines = None if ray is None else Machines(address=ray or "auto", cpus=ray_cpus, models=ray_models)
    if machines is None and ray_models:
        raise UsageError("--ray-models needs --ray with the address of a cluster, auto or local")
    if resume is not None:
        _require_only(context, "resume", "retry_errors", "workers", "keep", "ray", "ray_cpus", "ray_models")
        kept = None if keep is None else keep.value
        plan = plan_again(resume, workers=workers, keep=kept, retry_errors=retry_errors, ray=machines)
    else:
        choice = Choice(
            episodes=episodes,
            seed=seed,
            repeats=repeats,
            tasks=tuple(task or ()),
            limit=limit,
            data=_data(data),
            settings=_settings(setting or []),
        )
        plan = Plan(
            suite=suite,
            player=make_player(player.value, chosen),
            choice=choice,
            folder=run_dir,
            workers=workers or 1,
            max_steps=max_steps,
            max_seconds=max_seconds,
            keep="none" if keep is None else keep.value,
            retry_errors=retry_errors,
            ray=machines,
        )
    console = make_console()
    plan = plan.in_folder()
    try:
        folder = run_bench(plan, console)
    except KeyboardInterrupt:
        begun = plan.folder is not None and (plan.folder / RUN).exists()
        complain(f"interrupted; clickwright bench run --resume {plan.folder} goes on" if begun else "interrupted")
        raise typer.Exit(INTERRUPTED) from None
    show(console, folder)
    console.print(f"the run is in {folder}")


@bench.command("show")
def show_run(run: Folder) -> None:
    """What came of a run, finished or not: rates with intervals, by task and group, errors apart."""
    from ..terminal import make_console
    from .show import show

    show(make_console(), run)


@bench.command("compare")
def compare_runs(
    a: Folder,
    b: Annotated[Path, typer.Argument(help="The folder of another run of the same suite.")],
    out: Annotated[Path | None, typer.Option(help="Write a page about it, too.")] = None,
) -> None:
    """Two runs on the same keys: the difference with its interval, and whether it may be chance."""
    from ..terminal import make_console
    from .compare import compare
    from .report import write_comparison

    compare(make_console(), a, b)
    if out is not None:
        typer.echo(write_comparison(a, b, out))


@bench.command("report")
def report_run(
    run: Folder,
    out: Annotated[Path | None, typer.Option(help="Where the page goes; into the folder unless told.")] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
) -> None:
    """Write a run as one HTML page that needs nothing else, its plots as PNG, and a page for each kept trajectory."""
    from .report import write_bench_report

    path = write_bench_report(run, out)
    typer.echo(path)
    if show:
        typer.launch(path.resolve().as_uri())


@bench.command("export")
def export_run(
    run: Folder,
    out: Annotated[Path | None, typer.Argument(help="The file; into the folder unless told.")] = None,
    to: Annotated[str, typer.Option(help="markdown, latex, screenspot-pro, agentlab or inspect.")] = "markdown",
) -> None:
    """Write a run in a form that others read."""
    from .export import export_bench

    typer.echo(export_bench(run, to, out))


@bench.command("records")
def write_suite_records(
    suite: Annotated[str, typer.Argument(help="A data set of things to point at, or of recorded steps.")],
    out: Annotated[Path, typer.Argument(help="A folder of records, which is added to.")],
    data: Annotated[str, typer.Option(help="The folder of the data set, or hub:NAME.")] = "",
    task: Annotated[list[str] | None, typer.Option(help="A sample or group; give it again for more.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Samples at most, spread over the data.")] = None,
    setting: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, a setting of the suite.")] = None,
) -> None:
    """Write a data set as records, to train on it or to hold it out of training."""
    from .export.records import write_records
    from .suite import Choice

    choice = Choice(
        tasks=tuple(task or ()), limit=limit, data=Path(data) if data else None, settings=_settings(setting or [])
    )
    made = write_records(suite, choice, out)
    typer.echo(f"{out}: {made.written} records, {made.left_out} samples left out")


@bench.command("setup")
def setup_suite(
    suite: Annotated[str, typer.Argument(help="clickwright-20: its applications.")] = "clickwright-20",
    folder: Annotated[Path | None, typer.Argument(help="Where they go; into the user's cache unless told.")] = None,
) -> None:
    """Bring the applications of clickwright-20, and say what is still missing for its tasks."""
    from .suite import Choice
    from .suites.clickwright20.install import install_apps
    from .suites.clickwright20.suite import AppSuite

    if suite != "clickwright-20":
        raise UsageError(f"only clickwright-20 is set up here; clickwright bench list {suite} tells what it needs")
    apps = install_apps(folder, typer.echo)
    typer.echo(f"applications: {apps}")
    for task, sentence in AppSuite(Choice(settings={"apps": str(apps)})).missing().items():
        typer.echo(f"{task} cannot be played: {sentence}")


@bench.command("published")
def published() -> None:
    """The published figures of every family, and how each is made again."""
    from .published import table

    for line in table():
        typer.echo(line)


@bench.command("verify")
def verify_suite(
    suite: Annotated[str, typer.Argument(help="A suite with an oracle, or a data set.")],
    task: Annotated[list[str] | None, typer.Option(help="A task; give it again for more. All unless told.")] = None,
    episodes: Annotated[int, typer.Option(min=1, help="Seeds of each task.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The first of them.")] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help="Samples at most, spread over the data.")] = None,
    data: Annotated[str, typer.Option(help="The folder of a data set, or hub:NAME.")] = "",
    setting: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE, a setting of the suite.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Episodes at the same time.")] = 1,
    run_dir: Annotated[
        Path | None, typer.Option(help="Where the runs are kept; bench/verify-SUITE unless told.")
    ] = None,
) -> None:
    """Prove a suite: whoever knows the solution must solve every task, and whoever does nothing none."""
    from ..terminal import make_console
    from .suite import Choice
    from .verify import verify

    choice = Choice(
        episodes=episodes,
        seed=seed,
        tasks=tuple(task or ()),
        limit=limit,
        data=_data(data),
        settings=_settings(setting or []),
    )
    raise typer.Exit(verify(make_console(), suite, choice, workers=workers, folder=run_dir))


def _data(named: str) -> Path | None:
    """A whole path, so that a run is resumed from anywhere; hub:NAME as it is."""
    if not named:
        return None
    return Path(named) if named.startswith("hub:") else Path(named).resolve()


def _settings(told: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for words in told:
        name, is_told, value = words.partition("=")
        if not (name and is_told):
            raise UsageError(f"--set wants NAME=VALUE, not {words!r}")
        settings[name] = value
    return settings


def _require_only(context: typer.Context, *allowed: str) -> None:
    """Raises UsageError for what a run that is resumed has already."""
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if option.name not in allowed and source is not None and source.name == "COMMANDLINE":
            raise UsageError(f"the run was begun in its own way: leave out {option.opts[0]}")
