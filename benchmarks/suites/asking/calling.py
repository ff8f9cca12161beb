"""Benchmarks in which functions are to be called."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from pydantic import Field, JsonValue

from ....errors import BadModelOutput, UsageError
from ....files import DataFolder, Record
from ....files.records import understood
from ....files.rows import read_lines
from ....policies.grammars.tool_calls import call_text, read_calls, tagged
from ....policies.profiles.qwen2_vl import HERMES
from ...metrics.tool_calls import Allowed, Call, Function, allowed_match, exact_match, required, type_match
from ..samples import Judged
from .fields import Text, entries_of, pictures
from .questions import Asking, Judge, Question

MAX_NEW_TOKENS = 512
BFCL_FILES = re.compile(r"BFCL_v\d+_(.+)")
BFCL_KINDS = (
    "simple_python",
    "simple",
    "multiple",
    "parallel",
    "parallel_multiple",
    "live_simple",
    "live_multiple",
    "live_parallel",
    "live_parallel_multiple",
    "irrelevance",
    "live_irrelevance",
)
"""Those with one turn, of Python functions, that are judged by the syntax of the calls."""


class Told(Record):
    """A call that is right."""

    name: str
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


class Wanted(Record):
    """A question with its functions, pictures and right calls: the form that stands in docs/benchmarks/questions.md."""

    id: Text
    question: str
    tools: tuple[dict[str, JsonValue], ...]
    calls: tuple[Told, ...]
    images: tuple[str, ...] = ()


class Berkeley(Record):
    """A question of the Berkeley Function Calling Leaderboard."""

    id: Text
    question: tuple[tuple[dict[str, JsonValue], ...], ...]
    function: tuple[dict[str, JsonValue], ...]


class Possible(Record):
    """Its right calls: for each parameter the values that will do."""

    id: Text
    ground_truth: tuple[dict[str, dict[str, list[JsonValue]]], ...]


def with_functions(question: str, functions: Sequence[Function]) -> str:
    """A question behind the functions, in the words of Qwen's chat template."""
    listed = (json.dumps({"type": "function", "function": function}, ensure_ascii=False) for function in functions)
    return HERMES.replace("{tools}", "\n".join(listed)) + f"\n\n{question}"


def read_fncall(folder: DataFolder, *files: str) -> list[Question]:
    """Questions in our own form: that of the report's benchmark is not published. Raises UsageError."""
    entries = entries_of(folder, Wanted, *(files or ("*.jsonl", "*.json")))
    return [_wanted(folder, entry.value) for entry in entries]


def read_bfcl(folder: DataFolder, *files: str) -> list[Question]:
    """The leaderboard's files, each with its answers in possible_answer/. Raises UsageError."""
    found: list[Question] = []
    for path in folder.require("questions", *(files or ("BFCL_v*.json",))):
        named = BFCL_FILES.fullmatch(path.stem)
        kind = named[1] if named else path.stem
        if kind in BFCL_KINDS:
            found += _berkeley(folder, path, kind)
    if not found:
        raise UsageError(f"{folder.root} has none of the kinds {', '.join(BFCL_KINDS)}")
    return found


def called(answer: str) -> list[Call]:
    """The calls in an answer; none where there are none that can be read."""
    try:
        return list[Call](read_calls(answer))
    except BadModelOutput:
        return []


def _wanted(folder: DataFolder, wanted: Wanted) -> Question:
    truths: list[Call] = [(told.name, told.arguments) for told in wanted.calls]
    return Question(
        name=wanted.id,
        asked=(
            Asking(prompt=with_functions(wanted.question, wanted.tools), right=_written(truths), judge=_exact(truths)),
        ),
        see=partial(pictures, folder, list(wanted.images), ".", "images"),
        max_new_tokens=MAX_NEW_TOKENS,
        expected=_readable(truths),
    )


def _exact(truths: Sequence[Call]) -> Judge:
    def judge(answer: str) -> Judged:
        calls = called(answer)
        worth = exact_match(calls, truths)
        metrics = {"type match": type_match(calls, truths)}
        return Judged(score=worth, success=worth == 1, metrics=metrics, prediction=_readable(calls) or answer)

    return judge


def _berkeley(folder: DataFolder, path: Path, kind: str) -> list[Question]:
    answers = path.parent / "possible_answer" / path.name
    known: dict[str, Possible] = {}
    if "irrelevance" not in kind:
        file = folder.file(folder.name(answers))
        known = {one.id: one for one in (understood(row, Possible) for row in read_lines(file, folder.name(file)))}
    found: list[Question] = []
    for row in read_lines(path, folder.name(path)):
        asked = understood(row, Berkeley)
        if known and asked.id not in known:
            raise UsageError(f"{row.place}: {asked.id} has no answer in {folder.name(answers)}")
        found.append(_about(asked, known.get(asked.id), kind))
    return found


def _about(asked: Berkeley, possible: Possible | None, kind: str) -> Question:
    allowed = [pair for one in (possible.ground_truth if possible else ()) for pair in one.items()]
    messages = asked.question[0] if asked.question else ()
    words = "\n\n".join(str(message.get("content", "")) for message in messages)
    right: list[Call] = [(name, _first_values(values, required(name, asked.function))) for name, values in allowed]
    return Question(
        name=asked.id,
        asked=(
            Asking(
                prompt=with_functions(words, asked.function),
                right=_written(right),
                judge=_among_allowed(allowed, asked.function),
            ),
        ),
        see=list,
        max_new_tokens=MAX_NEW_TOKENS,
        groups={"kind": kind},
        expected=cast(JsonValue, [dict(one) for one in possible.ground_truth] if possible else []),
    )


def _among_allowed(allowed: Sequence[tuple[str, Allowed]], functions: Sequence[Function]) -> Judge:
    def judge(answer: str) -> Judged:
        calls = called(answer)
        worth = allowed_match(calls, allowed, functions)
        is_type = sorted(name for name, _ in calls) == sorted(name for name, _ in allowed)
        metrics = {"type match": float(is_type)}
        return Judged(score=worth, success=worth == 1, metrics=metrics, prediction=_readable(calls) or answer)

    return judge


def _first_values(allowed: Allowed, needed: Sequence[str]) -> Mapping[str, JsonValue]:
    """The first value of each parameter that has to be given."""
    given = {name: _given(values) for name, values in allowed.items() if name in needed or "" not in values}
    return {name: _first_value(values[0]) if values else "" for name, values in given.items()}


def _first_value(value: JsonValue) -> JsonValue:
    """Inside of an object, too, each value is a list of those that will do; a list may hold such objects."""
    if isinstance(value, dict):
        told = {name: _given(one) for name, one in value.items() if isinstance(one, list)}
        return {name: one[0] for name, one in told.items() if one}
    if isinstance(value, list):
        return [_first_value(one) for one in value]
    return value


def _given(values: Sequence[JsonValue]) -> list[JsonValue]:
    return [value for value in values if value != ""]


def _written(calls: Sequence[Call]) -> str:
    """Calls as a model writes them; without any, words that call nothing."""
    return "\n".join(tagged(call_text(name, arguments)) for name, arguments in calls) or "None of these will do."


def _readable(calls: Sequence[Call]) -> list[JsonValue]:
    return [{"name": name, "arguments": dict(arguments)} for name, arguments in calls]
