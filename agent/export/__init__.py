"""A run in other forms: a film of it, or a test that does the same with Playwright and without a model."""

from pathlib import Path

from ...errors import UsageError
from ..record.folder import RunFolder
from .film import FILMS, write_film
from .script import as_test

__all__ = ["export_run"]

_FORMS = (*FILMS, ".py")


def export_run(run_dir: Path | str, path: Path) -> Path:
    """Write a run, finished or not, in the form that the ending of the file names. Raises UsageError."""
    folder = RunFolder(Path(run_dir))
    form = path.suffix.lower()
    if form not in _FORMS:
        raise UsageError(f"a run can be written as {', '.join(_FORMS)}, not as {path.name!r}")
    run = folder.read()
    if not run.steps:
        raise UsageError(f"the run in {run_dir} has no step yet")
    try:
        if form == ".py":
            if not run.steps[0].saw.url:
                raise UsageError(f"the run in {run_dir} was not done in a browser: no Playwright test does the same")
            path.write_text(as_test(run), "utf-8")
        else:
            write_film(run, folder, path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    return path
