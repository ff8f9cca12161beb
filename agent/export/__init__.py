"""A run in other forms: a film, lines of JSON, conversations to train on, or a test with Playwright alone."""

from pathlib import Path
from typing import Literal, get_args

from ...errors import UsageError
from ..record.folder import RunFolder
from ..record.trace import Trajectory
from .film import FILMS, write_film
from .lines import step_lines, write_lines
from .script import as_test

__all__ = ["Form", "export_run"]

Form = Literal["gif", "webp", "mp4", "jsonl", "chat", "playwright"]
_NAMES: dict[Form, str] = {"jsonl": "run.jsonl", "chat": "chat.jsonl", "playwright": "test_run.py"}


def export_run(run_dir: Path | str, path: Path | None = None, *, to: str = "", profile: str | None = None) -> Path:
    """Write a run, finished or not, in a form; where it is not said, that which the ending of the file names.

    Without a path it goes into the folder of the run. `profile` says for which family of checkpoints a chat is, that
    of the run's own model unless told. Raises UsageError.
    """
    folder = RunFolder(Path(run_dir))
    form = _form(to, path)
    path = folder.path / _NAMES.get(form, f"run.{form}") if path is None else path
    run = folder.read()
    if not run.steps:
        raise UsageError(f"the run in {run_dir} has no step yet")
    if profile is not None and form != "chat":
        raise UsageError(f"a profile says how a chat is written, not a {form}: leave it out, or say --to chat")
    try:
        _write(run, folder, form, path, profile)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path


def _form(to: str, path: Path | None) -> Form:
    ending = "" if path is None else path.suffix.lower().removeprefix(".").replace("py", "playwright")
    wanted = to or ending
    found: Form | None = next((form for form in get_args(Form) if form == wanted), None)
    if found is None:
        said = (
            f", not as {to or (path.name if path else '')!r}" if to or path else ": say which by --to, or name a file"
        )
        raise UsageError(f"a run can be written as {', '.join(get_args(Form))}{said}")
    if f".{found}" in FILMS and path is not None and ending != found:
        raise UsageError(f"a {found} is written to a file that ends in .{found}, not to {path.name!r}")
    return found


def _write(run: Trajectory, folder: RunFolder, form: Form, path: Path, profile: str | None) -> None:
    match form:
        case "playwright":
            if not run.steps[0].saw.url:
                reason = f"the run in {folder.path} was not done in a browser: no Playwright test does the same"
                raise UsageError(reason)
            path.write_text(as_test(run), "utf-8")
        case "jsonl":
            write_lines(step_lines(run, folder, path.parent), path)
        case "chat":
            from .chat import chat_lines, profile_of  # which knows every family of checkpoints

            write_lines(chat_lines(run, folder, path.parent, profile_of(run, profile)), path)
        case "gif" | "webp" | "mp4":
            write_film(run, folder, path)
