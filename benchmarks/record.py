"""A run as it is read: run.json says what was run and on what, results.jsonl holds a row for each attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from ..errors import UsageError
from .row import Key, Row

Average = Literal["attempts", "episodes", "weight"]
"""Over what the average is that a benchmark is published with: attempts (micro), recorded episodes (macro), or attempts
by their metric `weight`."""
RUN, RESULTS = "run.json", "results.jsonl"


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Player(_Told):
    """Who was examined, with everything that its answers depend on."""

    name: str
    """As it was asked for: a checkpoint, `oracle`, `noop`, `random` ..."""
    checkpoint: str = ""
    """Name or folder of the weights; empty for a player that has none."""
    checkpoint_hash: str = ""
    """Of the weights, or the revision that was fetched."""
    profile: str = ""
    """How it is asked and how its answers are read."""
    backend: str = ""
    dtype: str = ""
    device: str = ""
    quantize: str = ""
    min_pixels: int | None = None
    max_pixels: int | None = None
    """What a picture is resized to at most before the model sees it."""
    decoding: Mapping[str, JsonValue] = {}
    options: Mapping[str, JsonValue] = {}
    """Whatever else it was told: zoom, elements, a grounder ..."""


class Chosen(_Told):
    """Which part of the suite was run: `suite.Choice` as it is kept."""

    episodes: int = 1
    seed: int = 0
    repeats: int = 1
    tasks: tuple[str, ...] = ()
    """Empty: all."""
    limit: int | None = None
    data: str = ""
    """The folder of a data set."""
    data_hash: str = ""
    """Of what is asked and what is right in it, so that runs on other data are not compared with this one."""
    settings: Mapping[str, str] = {}


class Manifest(_Told):
    """What run.json holds."""

    suite: str
    title: str = ""
    """The suite's name for a reader."""
    metric: str = ""
    """What `Row.score` is, in words."""
    average: Average = "attempts"
    """Which of its averages comes first."""
    player: Player
    choice: Chosen = Chosen()
    keys: int
    """Attempts of the whole run."""
    workers: int = 1
    keep: Literal["none", "failed", "all"] = "none"
    """Which trajectories are kept."""
    limits: Mapping[str, JsonValue] = {}
    """Steps, seconds and tokens that an attempt may take at most, where the run set them."""
    versions: Mapping[str, str] = {}
    """Of Clickwright, Python, and every library and program that a result may depend on."""
    commit: str = ""
    """Of Clickwright; empty where it does not run from a repository."""
    dirty: bool | None = None
    """Whether files differed from the commit. None where there is no commit."""
    hardware: Mapping[str, str] = {}
    command: str = ""
    began_at: datetime
    ended_at: datetime | None = None
    """None as long as attempts are left."""

    @property
    def name(self) -> str:
        """The suite's name for a reader."""
        return self.title or self.suite


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a run, each key once, in the order in which the keys came first."""

    every: tuple[Row, ...] = ()
    lines: int = 0
    """Whole lines of the file. More than there are rows where a retry has replaced some."""
    warning: str = ""
    """What is wrong with the last line, in one sentence; empty where nothing is."""

    @property
    def by_key(self) -> dict[Key, Row]:
        return {row.key: row for row in self.every}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run, finished or not."""

    folder: Path
    manifest: Manifest
    results: Rows

    @property
    def rows(self) -> Sequence[Row]:
        return self.results.every


def read_record(folder: Path | str) -> RunRecord:
    """The run in a folder. Raises UsageError where there is none, and where it is damaged other than at its end."""
    folder = Path(folder)
    return RunRecord(folder=folder, manifest=read_manifest(folder), results=read_rows(folder))


def read_manifest(folder: Path | str) -> Manifest:
    """What run.json says. Raises UsageError where it is missing or cannot be read."""
    path = Path(folder) / RUN
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{folder} holds no benchmark run: there is no {RUN} in it") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        raise UsageError(f"{path} is not that of a benchmark run: {_first_fault(error)}") from None


def read_rows(folder: Path | str) -> Rows:
    """The rows in results.jsonl; none where there is no such file yet.

    Of rows with the same key the last one counts. A last line without its end, which a killed process leaves, is left
    out and told in `warning`. Raises UsageError for any other line that cannot be read.
    """
    path = Path(folder) / RESULTS
    try:
        *lines, torn = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return Rows()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    rows = [_read_row(line, path, number) for number, line in enumerate(lines, 1) if line]
    warning = f"the last line of {RESULTS} (line {len(lines) + 1}) is not whole and was left out" if torn else ""
    return Rows(every=tuple({row.key: row for row in rows}.values()), lines=len(rows), warning=warning)


def _read_row(line: bytes, path: Path, number: int) -> Row:
    try:
        return Row.model_validate_json(line)
    except ValidationError as error:
        raise UsageError(f"line {number} of {path} is damaged: {_first_fault(error)}") from None


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
