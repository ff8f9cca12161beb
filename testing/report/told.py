"""What is kept of a test after its run: one JSON file for each, and its pictures, each once."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from ...screen import Screenshot
from ..call import Done
from ..recording.recorded import Verb
from ..sight import Sight
from ..target import How
from ..verdicts import Verdict
from ..ways import Mode
from ..whole import write_whole

FORMAT = 1
RESULTS = "ui-results"
"""The folder that nobody named another one for."""
TESTS, PICTURES = "tests", "pictures"
_NAME = r"^(|[0-9a-f]{32}\.png)$"
_SLUG_CHARS = 80


def _writable(text: object) -> object:
    # A half of a surrogate pair is no character that a file can hold; pages and file names may have some.
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


_Text = Annotated[str, BeforeValidator(_writable)]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class StepTold(_Kept):
    """One call of the test, as `Done` has it. Places are in pixels of `before`.

    `before`, `after` and `recorded` are names of pictures, empty where there is none: the screen that the call looked
    at, the one that it left, and how the thing was recorded, which is told where it looks otherwise now.
    """

    does: Verb
    words: _Text
    nth: int = Field(default=1, ge=1)
    given: _Text = ""
    seconds: float = Field(default=0.0, ge=0)
    tokens: int = Field(default=0, ge=0)
    how: How | None = None
    point: tuple[float, float] | None = None
    box: tuple[float, float, float, float] | None = None
    note: _Text = ""
    healed: bool = False
    verdict: Verdict = "passed"
    error: _Text = ""
    before: str = Field(default="", pattern=_NAME)
    after: str = Field(default="", pattern=_NAME)
    recorded: str = Field(default="", pattern=_NAME)


class ScreenTold(_Kept):
    """The screen of a test in screenshot pixels; `scale` is such pixels per input unit."""

    width: int = Field(ge=1)
    height: int = Field(ge=1)
    scale: float = Field(default=1.0, gt=0)

    @classmethod
    def of(cls, sight: Sight) -> "ScreenTold":
        return cls(width=sight.size.width, height=sight.size.height, scale=sight.scale)


class TestTold(_Kept):
    """One test of a run. `test` is its id, which no other test of the run has; `reason` says why it did not pass.

    `flaky`: it passed after it had failed; `tries` counts all of them. `recording` and `patch` are paths of files,
    empty where there are none: what was replayed or written, and what healing proposes. `unasked` are recorded calls
    that a test which passed did not say. `failure` is the picture of
    the screen when it failed, `failure_box` the part of it that the failure is about.
    """

    __test__: ClassVar[bool] = False  # pytest takes every class of this name for tests

    format: Literal[1] = FORMAT
    test: _Text = Field(min_length=1)
    title: _Text = ""
    file: _Text = ""
    line: int = Field(default=0, ge=0)
    mode: Mode = "live"
    model: _Text = ""
    verdict: Verdict = "passed"
    reason: _Text = ""
    seconds: float = Field(default=0.0, ge=0)
    tokens: int = Field(default=0, ge=0)
    steps: tuple[StepTold, ...] = ()
    started_at: AwareDatetime | None = None
    flaky: bool = False
    tries: int = Field(default=1, ge=1)
    recording: _Text = ""
    patch: _Text = ""
    unasked: tuple[_Text, ...] = ()
    worker: _Text = ""
    screen: ScreenTold | None = None
    failure: str = Field(default="", pattern=_NAME)
    failure_box: tuple[float, float, float, float] | None = None

    @field_validator("steps")
    @classmethod
    def _what_each_left(cls, steps: tuple[StepTold, ...]) -> tuple[StepTold, ...]:
        """Where a step was not looked at again, what it left is what the next one saw."""
        behind = (*(step.before for step in steps[1:]), "")
        pairs = zip(steps, behind, strict=False)  # no steps have nothing behind them
        return tuple(step.model_copy(update={"after": step.after or later}) for step, later in pairs)

    @property
    def name(self) -> str:
        """What people call it: its title, or its id without its file."""
        return self.title or self.test.removeprefix(f"{self.file}::") or self.test


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All tests of a run by their ids, and in words which files of it cannot be read."""

    tests: tuple[TestTold, ...]
    faults: tuple[str, ...] = ()


def told_of(done: Done) -> tuple[StepTold, dict[str, Screenshot]]:
    """A call that is over as it is kept, and its pictures by the names that it has for them."""
    before, after = done.before, done.after
    seen = [done.recorded, *(sight and sight.shown for sight in (before, after))]
    shown, was, left = (picture_name(picture) if picture else "" for picture in seen)
    step = StepTold(
        does=done.call.does,
        words=done.call.words,
        nth=done.call.nth,
        given=done.given,
        seconds=done.seconds,
        tokens=done.tokens,
        how=done.how,
        point=None if done.point is None else (done.point.x, done.point.y),
        box=None if done.box is None else (done.box.x1, done.box.y1, done.box.x2, done.box.y2),
        note=done.note,
        healed=done.healed,
        verdict=done.verdict,
        error=done.error,
        before=was,
        after=left,
        recorded=shown,
    )
    return step, {picture_name(picture): picture for picture in seen if picture}


def picture_name(picture: Screenshot) -> str:
    """Of its file: the same one for the same pixels."""
    return f"{picture.frame[:32]}.png"


def write_test(results: Path, told: TestTold, pictures: Mapping[str, Screenshot]) -> Path:
    """Write what is kept of a test and say where it is; another try of it takes its place.

    Pictures are there before the test is, and are not written twice. Several processes may write into one folder.
    Raises UsageError where the disk does not take it.
    """
    write_pictures(results, pictures)
    path = results / TESTS / f"{safe_name(told.test)}.json"
    write_whole(path, told.model_dump_json(indent=1).encode() + b"\n")
    return path


def write_pictures(results: Path, pictures: Mapping[str, Screenshot]) -> None:
    """Those that are not there yet. Raises UsageError where the disk does not take them."""
    for name, picture in pictures.items():
        path = results / PICTURES / name
        if not path.exists():
            write_whole(path, picture.to_png())


def safe_name(test: str) -> str:
    """A name for files that every system takes, and that no other test has."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", test).strip("-")[-_SLUG_CHARS:].strip("-")
    return f"{slug}-{hashlib.sha256(test.encode()).hexdigest()[:12]}".lstrip("-")


def read_tests(results: Path) -> tuple[TestTold, ...]:
    """The tests of a run by their ids, without those that cannot be read."""
    return read_results(results).tests


def read_results(results: Path) -> Results:
    """The tests of a run by their ids. A file that cannot be read is named and left out."""
    tests, faults = list[TestTold](), list[str]()
    for found in _read(results / TESTS):
        if isinstance(found, TestTold):
            tests.append(found)
        else:
            faults.append(found)
    return Results(tests=tuple(sorted(tests, key=lambda told: told.test)), faults=tuple(faults))


def _read(folder: Path) -> Iterator[TestTold | str]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield TestTold.model_validate_json(path.read_bytes())
        except ValidationError as error:
            yield f"{path.name} is left out: {_first(error)}"
        except OSError as error:
            yield f"{path.name} is left out: it cannot be read: {error.strerror}"


def _first(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}" if place else fault["msg"]
