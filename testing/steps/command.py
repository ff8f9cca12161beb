"""The command `clickwright test`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...errors import UsageError
from ...exits import INTERRUPTED, complain
from ...options.browser import Headed
from ...options.grouped import Only, grouped
from ...options.model import LOADED, Chosen

if TYPE_CHECKING:
    from ..eyes import Eyes


class ModeName(StrEnum):
    """How the words find their things."""

    LIVE = "live"
    RECORD = "record"
    REPLAY = "replay"
    HEAL = "heal"


@grouped
def run_step_files(
    files: Annotated[list[Path], typer.Argument(help="Step files, or folders with such files in them.")],
    mode: Annotated[
        ModeName,
        typer.Option(
            help="live: a model looks each time. record: and what it finds is kept beside the file. replay: by that, "
            "without a model. heal: a model finds what a recording does not, and writes a patch."
        ),
    ] = ModeName.LIVE,
    check: Annotated[
        bool, typer.Option("--check", help="Only read the files, and tell what is wrong in them.")
    ] = False,
    tag: Annotated[list[str] | None, typer.Option(help="Tests with this tag; give it again for more.")] = None,
    not_tag: Annotated[list[str] | None, typer.Option(help="No test with this tag; give it again for more.")] = None,
    var: Annotated[list[str] | None, typer.Option(help="NAME=VALUE, a variable of the files.")] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Only what did not pass in the last run with these results.")
    ] = False,
    stop_on_error: Annotated[
        bool, typer.Option("--stop-on-error/--continue-on-error", help="Whether the first that fails is the last.")
    ] = False,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Tests at the same time, each with a model of its own if it needs one.")
    ] = 1,
    results: Annotated[Path | None, typer.Option(help="The folder of the results; ui-results unless told.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results as JUnit's XML, too.")] = None,
    wait: Annotated[float, typer.Option(min=0, max=3600, help="Seconds that a thing is waited for.")] = 10.0,
    update_baselines: Annotated[
        bool, typer.Option("--update-baselines", help="Take for right what look_like sees, in tests that pass.")
    ] = False,
    headed: Headed = False,
    *,
    chosen: Annotated[Chosen, Only(*LOADED)],
) -> None:
    """Run UI tests that are written as steps in YAML.

    Ends with 0 where all pass, with 1 where the tested program is not as a test says, 2 where a file is wrong, 3 where
    the model failed, 4 where the screen did, 5 where nobody can tell.
    """
    if check:
        raise typer.Exit(_check(files, var or []))
    from ..report.told import RESULTS
    from .begin import Selection, begin
    from .plan import Wanted
    from .run import Runs
    from .run_test import Asked

    folder = results or Path(RESULTS)
    wanted = Wanted(tags=frozenset(tag or ()), without=frozenset(not_tag or ()))
    selection = Selection(paths=tuple(files), given=tuple(var or ()), wanted=wanted, again=retry_failed)
    runs = Runs(
        asked=Asked(mode=mode.value, deadline_s=wait, results=folder, takes_looks=update_baselines),
        eyes=lambda: _eyes(chosen),
        workers=workers,
        stops=stop_on_error,
        headed=headed,
    )
    try:
        code = begin(selection, runs, junit)
    except KeyboardInterrupt:
        complain(f"interrupted; what was over by then is in {runs.asked.results}")
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


def _eyes(chosen: Chosen) -> "Eyes":
    """The model, or with `--model page` what the page itself says."""
    from ..page_eyes import PAGE, PageEyes

    if chosen.model == PAGE:
        return PageEyes()
    from .eyes import ChosenEyes

    return ChosenEyes(chosen)


def _check(paths: list[Path], given: list[str]) -> int:
    """Tell of every file how many tests it has, or what is wrong in it."""
    from .begin import FAULTY, read_all
    from .plan import read_given, require_planned

    files, faults = read_all(paths)
    is_known = not faults or not given  # else one of these variables may be of a file that could not be read
    values = read_given(given, files) if is_known else {}
    for file in files if is_known else ():
        try:
            count = require_planned(file, values)
        except UsageError as fault:
            faults.append(str(fault))
        else:
            typer.echo(f"{file.path}: {count} test{'' if count == 1 else 's'}")
    for fault in faults:
        complain(fault)
    return FAULTY if faults else 0
