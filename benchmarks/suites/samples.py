"""A suite of samples: which of them are asked, in which order, and what becomes of each answer."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Protocol, TypeVar

from pydantic import JsonValue

from ...errors import BadModelOutput, ModelUnavailable, UsageError
from ...model import Generation
from ..row import Key, Row
from ..subjects import silent
from ..suite import Choice, Subject

MAX_PREDICTION_CHARS = 4000
"""Of an answer that could not be read, as it is kept."""
UNREAD = "wrong_format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What an answer came to. `score` is the suite's main metric, `prediction` the answer as far as it was read."""

    score: float
    success: bool | None = None
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])
    prediction: JsonValue = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An answer that was judged, and how it came about."""

    judged: Judged
    generation: Generation | None = None
    confidence: float | None = None
    asked_s: float = 0.0


class Sample(Protocol):
    """One question of a data set with its right answer."""

    @property
    def name(self) -> str:
        """Unique in its data set, and the same in each reading."""
        ...

    @property
    def groups(self) -> Mapping[str, str]:
        """What results are told apart by."""
        ...

    @property
    def expected(self) -> JsonValue:
        """What is right, for a reader of results."""
        ...

    def examine(self, subject: Subject) -> Examined:
        """Ask and judge. Raises as the subject does."""
        ...

    def unread(self, error: BadModelOutput) -> Judged:
        """What an answer comes to that could not be read."""
        ...

    def knower(self) -> Subject:
        """One who knows the right answer to this sample, and gives it as a model would. For proofs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A sample that is wrong without being asked: what would be right is not in the data. Implements `Sample`."""

    name: str
    judged: Judged
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    expected: JsonValue = None

    def examine(self, subject: Subject) -> Examined:
        return Examined(judged=self.judged)

    def unread(self, error: BadModelOutput) -> Judged:
        return self.judged

    def knower(self) -> Subject:
        return silent()


class SampleSuite:
    """Implements `DataSuite` over samples that are read when they are first wanted.

    `Choice.tasks` names samples, or values of their groups such as `mobile`; any of them. `Choice.repeats` asks each
    so often.
    """

    def __init__(self, choice: Choice, *, metric: str, read: Callable[[], Sequence[Sample]]) -> None:
        self.metric = metric
        self._choice, self._read = choice, read

    def keys(self) -> Sequence[Key]:
        """The samples in the order of the data. Raises UsageError where these cannot be read, or hold none of those."""
        repeats = range(self._choice.repeats)
        return [Key(task=sample.name, repeat=repeat) for sample in self.chosen for repeat in repeats]

    def attempt(self, key: Key, subject: Subject) -> Row:
        """Ask one sample. Raises UsageError for one that there is not and for a picture that cannot be read."""
        began = time.perf_counter()
        sample = self.sample(key.task)
        row = Row(task=key.task, seed=key.seed, repeat=key.repeat, groups=sample.groups, expected=sample.expected)
        try:
            examined = sample.examine(subject)
        except BadModelOutput as error:
            return _unread(row, sample.unread(error), error, time.perf_counter() - began)
        except ModelUnavailable as error:
            return row.model_copy(update={"error": "model", "ended": "error", "reason": str(error)})
        return _answered(row, examined, time.perf_counter() - began)

    def sample(self, name: str) -> Sample:
        """One sample by its name. Raises UsageError for one that there is not."""
        if name not in self._samples:
            close = get_close_matches(name, self._samples, n=1)
            raise UsageError(f"the data have no sample {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return self._samples[name]

    @cached_property
    def chosen(self) -> Sequence[Sample]:
        """The samples of this run."""
        wanted = [sample for sample in self._samples.values() if _is_wanted(sample, self._choice.tasks)]
        _require_all_found(self._choice.tasks, wanted, self._samples)
        return spread(wanted, self._choice.limit)

    @property
    def data_hash(self) -> str:
        """sha256 in hexadecimal over all samples, chosen or not: names, groups and right answers, without pictures.

        Two runs of one suite are over the same data where it is the same.
        """
        digest = hashlib.sha256()
        for sample in self._samples.values():
            digest.update(json.dumps([sample.name, dict(sample.groups), sample.expected], sort_keys=True).encode())
        return digest.hexdigest()

    @cached_property
    def _samples(self) -> Mapping[str, Sample]:
        found = self._read()
        samples = {sample.name: sample for sample in found}
        if not samples:
            raise UsageError("the data hold no sample")
        if len(samples) < len(found):
            raise UsageError(f"the data name {len(found) - len(samples)} samples twice, such as {_twice(found)!r}")
        return samples


T = TypeVar("T")


def spread(samples: Sequence[T], limit: int | None) -> Sequence[T]:
    """At most so many of them, at even distances, in their order. Raises UsageError for a limit below 1."""
    if limit is None:
        return samples
    if limit < 1:
        raise UsageError(f"a limit is at least 1, got {limit}")
    count = len(samples)
    return samples if limit >= count else [samples[(2 * n + 1) * count // (2 * limit)] for n in range(limit)]


def _is_wanted(sample: Sample, tasks: Sequence[str]) -> bool:
    return (
        not tasks
        or sample.name in tasks
        or not {value.lower() for value in sample.groups.values()}.isdisjoint(task.lower() for task in tasks)
    )


def _require_all_found(tasks: Sequence[str], wanted: Sequence[Sample], samples: Mapping[str, Sample]) -> None:
    values = {value.lower() for sample in wanted for value in sample.groups.values()}
    for task in tasks:
        if task not in samples and task.lower() not in values:
            known = {value for sample in samples.values() for value in sample.groups.values()}
            close = get_close_matches(task, [*known, *samples], n=3, cutoff=0.5) or sorted(known)[:8]
            raise UsageError(f"the data have no {task!r}; they have {', '.join(close)}")


def _twice(samples: Sequence[Sample]) -> str:
    names = [sample.name for sample in samples]
    return next(name for name in names if names.count(name) > 1)


def _answered(row: Row, examined: Examined, total_s: float) -> Row:
    judged, generation = examined.judged, examined.generation
    told = {"ended": "correct" if judged.score >= 1 else "wrong", "reason": judged.reason, "steps": 1}
    seconds = {"total": total_s, "ask": examined.asked_s}
    if generation is not None:
        told |= {
            "prompt_tokens": generation.prompt_tokens,
            "visual_tokens": generation.visual_tokens,
            "new_tokens": generation.new_tokens,
        }
        timings = generation.timings
        seconds |= {
            "process": timings.process_s,
            "vision": timings.vision_s,
            "prefill": timings.prefill_s,
            "decode": timings.decode_s,
        }
    return row.model_copy(
        update={
            **told,
            "score": judged.score,
            "success": judged.success,
            "metrics": judged.metrics,
            "prediction": judged.prediction,
            "confidence": examined.confidence,
            "seconds": seconds,
        }
    )


def _unread(row: Row, judged: Judged, error: BadModelOutput, total_s: float) -> Row:
    """A row of an answer that could not be read: a wrong one, unless the sample says otherwise."""
    right = judged.score >= 1
    return row.model_copy(
        update={
            "ended": "correct" if right else UNREAD,
            "reason": judged.reason or str(error),
            "steps": 1,
            "prompt_tokens": error.prompt_tokens,
            "new_tokens": error.new_tokens,
            "bad_outputs": int(not right),
            "score": judged.score,
            "success": judged.success,
            "metrics": judged.metrics,
            "prediction": error.raw[:MAX_PREDICTION_CHARS] if judged.prediction is None else judged.prediction,
            "seconds": {"total": total_s},
        }
    )
