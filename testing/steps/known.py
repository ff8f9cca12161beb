"""Which variables are known where, and where none of them may be a secret."""

from .file import StepFile, StepTest
from .nodes import StepFileError
from .read_step import hidden_words, told_words
from .step import Get, Step
from .words import Words, is_secret, require_known, require_told


def require_all_known(file: StepFile) -> None:
    """Raises StepFileError for a variable that there is none of, and for a secret where it would be shown."""
    known = variables_of(file)
    for words in (*((file.start.url,) if file.start.url else ()), *file.start.desktop):
        require_known(words, known)
    for test in file.tests:
        _require_test(file, test, known)
    _require_steps(file.after, dict(known))


def variables_of(file: StepFile) -> dict[str, bool]:
    """Each variable, and whether it is a secret. One that is to be given on the command line is none."""
    known: dict[str, bool] = {}
    for name, words in file.variables.items():
        if words is not None:
            require_known(words, known)
        known[name] = words is not None and is_secret(words, known)
    return known


def _require_test(file: StepFile, test: StepTest, of_file: dict[str, bool]) -> None:
    first = test.rows[0] if test.rows else {}
    known = dict(of_file)
    for row in test.rows:
        _require_alike(row, first, test)
        for name, words in row.items():
            require_known(words, of_file)
            known[name] = known.get(name, False) or is_secret(words, of_file)
    require_told(test.name, known, "the name of a test")
    _require_steps(file.before, known)
    _require_steps(test.steps, known)


def _require_alike(row: dict[str, Words], first: dict[str, Words], test: StepTest) -> None:
    if row.keys() != first.keys():
        other = min(row.keys() ^ first.keys())
        line = next(iter(row.values())).line
        raise StepFileError(
            line, f"the rows of `for_each` of {test.name.text!r} should have the same names: {other} is not in all"
        )


def _require_steps(steps: tuple[Step, ...], known: dict[str, bool]) -> None:
    """Adds what the steps get to what is known."""
    for step in steps:
        for words, what in told_words(step):
            require_told(words, known, what)
        for words in hidden_words(step):
            require_known(words, known)
        if isinstance(step, Get):
            known[step.name] = False
