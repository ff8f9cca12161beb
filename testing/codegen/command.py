"""The commands `clickwright replay` and `clickwright test-record`."""

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ...errors import EnvironmentLost, UsageError
from ...exits import INTERRUPTED, TERMINATED, complain
from ...options.browser import Browsing, Headed
from ...options.grouped import Only, grouped
from ...options.rules import Secret, secrets_from

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from rich.console import Console

    from ...agent.record.begun import Begun
    from ...agent.record.trace import Step, Trajectory
    from ...environments import Environment
    from ..call import Done
    from ..verdicts import CheckFailed
    from .acted import Acted

WIDEST_CHARS = 60
FAILURE = "failed.png"


def replay(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    heal: Annotated[bool, typer.Option("--heal", help="Have a model find what is not as it was.")] = False,
    model: Annotated[str, typer.Option(help="Who finds it, with --heal.")] = "",
    headed: Headed = False,
    secret: Secret = None,
    seconds: Annotated[float, typer.Option(min=0, help="How long each thing is waited for.")] = 10.0,
    out: Annotated[Path | None, typer.Option(help="A folder for a picture of the screen where it fails.")] = None,
) -> None:
    """Do a recorded run again without a model: each thing is found as it looked then. Ends with 1 where one is not."""
    from ...agent.front import in_own_thread
    from ...agent.record.folder import RunFolder
    from ...terminal import make_console, print_verdict
    from ..verdicts import CheckFailed
    from .replay import replay_run

    if model and not heal:
        raise UsageError("--model says who finds what replay does not: give it with --heal")
    console, folder, done = make_console(), RunFolder(run), list["Done"]()
    environment = _environment_of(folder.read(), folder, headed=headed)
    eyes = _eyes(model) if heal else None

    def tell(act: "Acted", one: "Done") -> None:
        done.append(one)
        _print_done(console, act, one)

    def play() -> "Coroutine[Any, Any, list[Done]]":
        return replay_run(
            folder,
            environment,
            secrets=secrets_from(secret or []),
            eyes=eyes,
            deadline_s=seconds,
            on_step=lambda step: _print_step(console, step),
            on_done=tell,
        )

    try:
        in_own_thread(play, lambda: None)
    except KeyboardInterrupt:
        complain("interrupted")
        raise typer.Exit(INTERRUPTED) from None
    except CheckFailed as failure:
        print_verdict(console, "failed", str(failure), is_good=False)
        if out is not None:
            _write_failure(console, out, failure)
        raise typer.Exit(1) from None
    print_verdict(console, "passed", _in_short(done), is_good=True)


def _eyes(model: str):
    from ...options.model import MINI
    from ..model_eyes import ModelEyes

    return ModelEyes(model or MINI)


def _environment_of(run: "Trajectory", folder: object, *, headed: bool) -> "Environment":
    """The screen that the run began on, opened afresh. Raises UsageError for one that only Python can open."""
    info = run.info
    if info is not None and info.begun is not None:
        return _environment_again(info.begun, headed=headed)
    if info is not None and info.environment not in ("", "BrowserEnvironment"):
        raise UsageError(f"the run was begun from Python, in a {info.environment}: only that can open it again")
    if not run.steps:
        return Browsing(headed=headed).environment(elements=True)
    first = run.steps[0].saw
    size = f"{round(first.width / first.scale)}x{round(first.height / first.scale)}"
    return Browsing(headed=headed, viewport=size, scale=first.scale).environment(elements=True)


def _environment_again(begun: "Begun", *, headed: bool) -> "Environment":
    from ...options.begun import choices_of

    if begun.demo is not None:
        raise UsageError("the run is one of a demo, whose site was there for that run only: it cannot be done again")
    choices = choices_of(begun)
    if choices.on.is_meant:
        if headed:
            raise UsageError("the run was begun on a desktop: leave out --headed")
        return choices.on.environment()
    for name in ("connect", "proxy"):
        if name in begun.asks_again:
            raise UsageError(f"the run was begun with a --{name} that held a secret, which is not kept")
    return replace(choices.browsing, headed=headed or choices.browsing.headed).environment(elements=True)


def _print_step(console: "Console", step: "Step") -> None:
    from rich.text import Text

    from ...shown import visible

    console.print(Text.assemble((f"{step.number:>3}  ", "dim"), visible(step.goal)))


def _print_done(console: "Console", act: "Acted", done: "Done") -> None:
    from rich.text import Text

    from ...agent.words import in_words
    from ...shown import seconds, visible

    line = Text.assemble("     ", (visible(in_words(act.action)), "cyan"))
    if act.words or act.asked:
        line.append(visible(f"  {(act.words or act.asked)[:WIDEST_CHARS]!r}"))
    how = "" if done.how is None else f"found by {'the model' if done.how == 'model' else done.how}"
    facts = [how, visible(done.note), seconds(done.seconds)]
    console.print(line.append("   ").append("   ".join(fact for fact in facts if fact), "dim"))
    if done.error:
        console.print(Text.assemble("     ", (visible(done.error), "yellow")))


def _in_short(done: "list[Done]") -> str:
    """How many things were found, and how."""
    found = [one.how for one in done if one.how is not None]
    ways = ", ".join(f"{found.count(how)} by {how}" for how in dict.fromkeys(found))
    took = sum(one.seconds for one in done)
    return f"{len(done)} actions in {took:.1f} s" + (f"; things found: {ways}" if ways else "")


def _write_failure(console: "Console", out: Path, failure: "CheckFailed") -> None:
    """The screen where it failed, with the place where the thing was."""
    from ...screen import draw_overlay, write_image

    if failure.screen is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    boxes = () if failure.box is None else (failure.box.clip(failure.screen.size),)
    write_image(out / FAILURE, draw_overlay(failure.screen, boxes=boxes))
    console.print(f"picture: {out / FAILURE}", style="dim", soft_wrap=True)


@grouped
def record_test(
    url: Annotated[str, typer.Argument(help="Where the test starts.")],
    out: Annotated[Path, typer.Argument(help="The file of the test.")] = Path("test_recorded.py"),
    headless: Annotated[bool, typer.Option("--headless", help="Without a window, for programs that do it.")] = False,
    *,
    browsing: Annotated[Browsing, Only("viewport", "scale", "profile_dir", "storage_state", "mobile", "locale")],
) -> None:
    """Watch you in a browser and write a test of it. Select text and press Ctrl+Shift+C, or Alt+click, for a check.

    Ends with 0 where the browser is closed, with 130 after Ctrl-C; all that was done by then is written either way.
    """
    from ...agent.front import cancelled_by_sigterm
    from ...terminal import make_console
    from .draft import recording_beside
    from .follow import record

    if out.suffix != ".py":
        raise UsageError(f"a test is written to a file that ends in .py, not to {out.name!r}")
    if out.exists():
        raise UsageError(f"{out} is there already: choose another name, or remove it first")
    if (recording := recording_beside(out, name_of(out))).exists():
        raise UsageError(f"the recording {recording} is there already: choose another name, or remove it first")
    if not headless:
        _require_display()
    console = make_console()
    environment = replace(browsing, headed=not headless).environment(elements=True)
    console.print(f"do what the test is to do; close the browser, or press Ctrl-C, to end\ntest: {out}", style="dim")

    def tell(line: str) -> None:
        from ...shown import visible

        console.print(visible(line), style="cyan", markup=False)

    async def watch() -> None:
        with cancelled_by_sigterm():
            await record(environment, url, out, on_line=tell)

    try:
        asyncio.run(watch())
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit:
        code = TERMINATED
    else:
        code = 0
    if not out.exists():
        complain("interrupted before the page was shown: nothing is written")
    else:
        console.print(f"test: {out}   recording: {recording}", style="dim")
    raise typer.Exit(code)


def _require_display() -> None:
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if sys.platform == "linux" and not has_display:
        raise EnvironmentLost("there is no display on which you could use a browser: start this at a desktop")


def name_of(path: Path) -> str:
    """What the function of a test is called after `test_`, by its file."""
    from ...agent.export.source import as_name

    return as_name(path.stem.removeprefix("test_"))
