"""From a command line to its tests: files found and read, tests chosen, all of it before anything is run."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError
from ...exits import complain
from ...terminal import make_console
from ..report.pages import write_pages
from .file import StepFile
from .junit import require_writable, write_junit
from .plan import ALL, Planned, Wanted, plan, read_given
from .read import read_file
from .run import Runs, code_of, forget, passed_before, run_all
from .show import Shown

FAULTY = UsageError.exit_code
RECORDED = ".ui"
"""What the folders of recordings end with."""
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which tests of which files. `again`: only those that did not pass in the last run."""

    paths: tuple[Path, ...]
    given: tuple[str, ...] = ()
    wanted: Wanted = ALL
    again: bool = False


def begin(selection: Selection, runs: Runs, junit: Path | None) -> int:
    """Run what is selected; what the command ends with. Raises UsageError, before anything runs, for what is wrong."""
    files, faults = read_all(selection.paths)
    if faults:
        for fault in faults:
            complain(fault)
        return FAULTY
    planned = _planned(files, selection)
    console = make_console()
    if junit is not None:
        require_writable(junit)
    if selection.again:
        planned = _not_passed(planned, runs.asked.results)
        if not planned:
            console.print(f"all of these tests passed in the last run in {runs.asked.results}")
            if junit is not None:
                write_junit(junit, ())
            return 0
    _require_recordings(planned, runs)
    _require_apart(planned, runs)
    if not selection.again:
        forget(runs.asked.results)
    shown = Shown(console, len(planned))
    try:
        told = run_all(planned, runs, shown)
    finally:
        shown.stop()
        pages = write_pages(runs.asked.results)  # of what is over, whatever ended the run
    shown.summarise(told, pages)
    if junit is not None:
        write_junit(junit, told)
    return code_of(told)


def _not_passed(planned: tuple[Planned, ...], results: Path) -> tuple[Planned, ...]:
    """Those that failed in the last run, or never came to their end. Raises UsageError where there was none."""
    if not results.is_dir():
        raise UsageError(f"there is no last run in {results}: run all tests first, without --retry-failed")
    passed = passed_before(results)
    return tuple(one for one in planned if one.id not in passed)


def read_all(paths: Iterable[Path]) -> tuple[tuple[StepFile, ...], list[str]]:
    """All step files, and what is wrong in the others. Raises UsageError where there is no file at all."""
    files, faults = list[StepFile](), list[str]()
    for path in _found(paths):
        try:
            files.append(read_file(path))
        except UsageError as fault:
            faults.append(str(fault))
    return tuple(files), faults


def _found(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant, each once, named from here where they lie below."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and _is_meant(one, path))
            if not below:
                raise UsageError(f"there is no step file (.yaml) in {path}")
            found |= dict.fromkeys(_from_here(one) for one in below)
        else:
            found[_from_here(path)] = None
    return list(found)


def _is_meant(path: Path, root: Path) -> bool:
    """Not what is hidden, recorded or installed there."""
    names = path.relative_to(root).parts
    is_other = any(name.startswith(".") or name.endswith(RECORDED) or name == "node_modules" for name in names)
    return path.is_file() and not is_other


def _from_here(path: Path) -> Path:
    whole, here = path.absolute(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole


def _planned(files: tuple[StepFile, ...], selection: Selection) -> tuple[Planned, ...]:
    given = read_given(selection.given, files)
    planned = tuple(one for file in files for one in plan(file, given, selection.wanted))
    if not planned:
        known = f"the tags are {_tags(files)}" if _tags(files) else "these files have no tags"
        raise UsageError(f"no test is left by {_named(selection.wanted)}: {known}")
    return planned


def _named(wanted: Wanted) -> str:
    options = [f"--tag {tag}" for tag in sorted(wanted.tags)] + [f"--not-tag {tag}" for tag in sorted(wanted.without)]
    return " ".join(options)


def _tags(files: tuple[StepFile, ...]) -> str:
    return ", ".join(sorted({tag for file in files for test in file.tests for tag in test.tags}))


def _require_apart(planned: tuple[Planned, ...], runs: Runs) -> None:
    """Raises UsageError where two tests would write one recording, such as those of shop.yaml and shop.yml."""
    seen: dict[Path, Planned] = {}
    for one in planned:
        recording = runs.asked.recording(one)
        if recording is not None and seen.setdefault(recording, one) is not one:
            raise UsageError(f"{seen[recording].id} and {one.id} have one recording, {recording}: call one otherwise")


def _require_recordings(planned: tuple[Planned, ...], runs: Runs) -> None:
    """Raises UsageError where one is to be played that was never made."""
    if runs.asked.mode not in ("replay", "heal"):
        return
    for one in planned:
        recording = runs.asked.recording(one)
        if recording is not None and not recording.is_file():
            raise UsageError(f"{one.id} has no recording {recording}: make it with --mode record")
