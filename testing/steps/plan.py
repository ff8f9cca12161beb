"""From step files to the tests that are run: rows spread out, variables filled in, secrets read."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...errors import UsageError
from .file import StepFile, StepTest
from .known import variables_of
from .read_step import hidden_words
from .words import Value, Words, meant

SHORTEST_SECRET = 4
"""Characters: a shorter one would blot out ordinary text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One test as it is run. `id` is no other test's; `values` are its variables; `secrets` by their own names."""

    file: StepFile
    test: StepTest
    name: str
    values: Mapping[str, Value] = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def id(self) -> str:
        return f"{self.file.path.as_posix()}::{self.name}"

    def filled(self, words: Words) -> Value:
        return words.filled(self.values, self.secrets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tests: those with one of the tags, where there are any, and with none of the others."""

    tags: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def wants(self, test: StepTest) -> bool:
        return (not self.tags or bool(self.tags & test.tags)) and not self.without & test.tags


ALL = Wanted()


def read_given(options: Iterable[str], files: Iterable[StepFile]) -> dict[str, str]:
    """The variables of a command line, NAME=VALUE each. Raises UsageError for one that no file has."""
    known = {name for file in files for name in file.variables}
    given: dict[str, str] = {}
    for option in options:
        name, is_told, value = option.partition("=")
        if not (name and is_told):
            raise UsageError(f"--var wants NAME=VALUE, not {option[:50]!r}")
        if name not in known:
            raise UsageError(f"--var {name}: no file has this under `variables`{meant(name, known)}")
        given[name] = value
    return given


def plan(
    file: StepFile, given: Mapping[str, str], wanted: Wanted, environment: Mapping[str, str] | None = None
) -> tuple[Planned, ...]:
    """The wanted tests of a file. Raises UsageError for a variable or a secret that nobody gave, and for two tests of
    one name. Without `environment`, the process's own tells the secrets."""
    secrets = _secrets(file, os.environ if environment is None else environment)
    of_file = _values(file, given, secrets)
    planned = [one for test in file.tests for one in _tests(file, test, of_file, secrets)]
    lines: dict[str, int] = {}
    for one in planned:
        if one.name in lines:
            hint = (
                ": put a ${variable} of its row into it" if one.test.rows else f", the first in line {lines[one.name]}"
            )
            raise UsageError(f"{file.path}:{one.test.name.line}: two tests have the name {one.name!r}{hint}")
        lines[one.name] = one.test.name.line
    return tuple(one for one in planned if wanted.wants(one.test))


def require_planned(file: StepFile, given: Mapping[str, str]) -> int:
    """How many tests there are. Raises UsageError as `plan` does, except for secrets that are not there."""
    names = secret_names(file)
    return len(plan(file, given, ALL, dict.fromkeys(names, "*" * SHORTEST_SECRET)))


def secret_names(file: StepFile) -> dict[str, int]:
    """The environment variables that a file names, and where it first does."""
    names: dict[str, int] = {}
    for words in _hidden(file):
        for name in words.secrets:
            names.setdefault(name, words.line)
    return names


def _hidden(file: StepFile) -> Iterator[Words]:
    yield from (words for words in file.variables.values() if words is not None)
    if file.start.url is not None:
        yield file.start.url
    yield from file.start.desktop
    for test in file.tests:
        yield from (words for row in test.rows for words in row.values())
    for steps in (file.before, file.after, *(test.steps for test in file.tests)):
        for step in steps:
            yield from hidden_words(step)


def _secrets(file: StepFile, environment: Mapping[str, str]) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for name, line in secret_names(file).items():
        value = environment.get(name, "")
        if not value:
            raise UsageError(f"{file.path}:{line}: the environment variable {name} is not set")
        if len(value) < SHORTEST_SECRET:
            least = f"at least {SHORTEST_SECRET} characters, or no text is safe from it"
            raise UsageError(f"{file.path}:{line}: the secret in {name} needs {least}")
        secrets[name] = value
    return secrets


def _values(file: StepFile, given: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, words in file.variables.items():
        if name in given and variables_of(file)[name]:
            raise UsageError(f"--var {name}: {file.path}:{file.lines[name]} takes it from the environment, as a secret")
        if name in given:
            values[name] = Value.of(given[name])
        elif words is None:
            raise UsageError(f"{file.path}:{file.lines[name]}: {name} has no value: give it with --var {name}=...")
        else:
            values[name] = words.filled(values, secrets)
    return values


def _tests(
    file: StepFile, test: StepTest, of_file: Mapping[str, Value], secrets: Mapping[str, str]
) -> Iterator[Planned]:
    for row in test.rows or ({},):
        values = {**of_file, **{name: words.filled(of_file, secrets) for name, words in row.items()}}
        name = " ".join(test.name.filled(values, secrets).shown.split())
        if not name:
            raise UsageError(f"{file.path}:{test.name.line}: the name of a test is empty")
        yield Planned(file=file, test=test, name=name, values=values, secrets=secrets)
