"""Benchmarks about a picture that are answered in free words: documents, charts, and text in scenes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import cast

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Row, Stored
from ....files.records import understood
from ...metrics.anls import anls
from ...metrics.chart import relaxed_accuracy
from ...metrics.inclusion import mtvqa, ocrbench, ocrbench_group
from ...metrics.vqa import vqa_accuracy
from .fields import (
    Parsed,
    Text,
    Texts,
    as_json,
    as_text,
    named,
    patterns,
    pictures,
    require_answer,
    rows_of,
    told_groups,
)
from .prompts import short_answer
from .questions import Asking, Judge, Question, in_words

PLACES = (".", "images", "png", "train_images", "documents", "image", "OCRBench_Images")
"""Where the archives of these data sets have their pictures, below their folder."""


class Asked(Record):
    """A question in any of the published forms."""

    name: Text = named("index", "questionId", "question_id", "id", "qid", default="")
    question: Text = named("question", "query")
    answers: Texts = named("answers", "answer", "label", "annotation", default=())
    picture: object = named("image", "image_path", "image_local_name", "imgname", "image_id", default=None)
    kind: Text = named("question_type", "category", "type", "lang", "split", default="")
    evidence: Texts = named("question_types", "answer_type", default=())


class Paired(Record):
    """Of MTVQA's own shards: one picture with several questions, the list of which is a text."""

    name: Text = named("id", default="")
    pairs: Parsed = named("qa_pairs")
    lang: Text = named("lang", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """How one benchmark is read and judged."""

    kit: str
    """The name of its table in VLMEvalKit."""
    splits: tuple[str, ...]
    part: str = ""
    """Its folder in a data set of the hub that has several."""
    judge: Callable[[Sequence[str], str], Judge]
    """Of the truths and the kind of question."""
    groups: Callable[[Entry[Asked]], Mapping[str, str]]
    max_new_tokens: int = 128


def _ocr_judge(truths: Sequence[str], kind: str) -> Judge:
    return in_words(partial(ocrbench, kind=kind), truths)


def _ocr_groups(entry: Entry[Asked]) -> Mapping[str, str]:
    return told_groups([("kind", entry.value.kind), ("group", ocrbench_group(entry.value.kind))])


def _evidence(entry: Entry[Asked]) -> Mapping[str, str]:
    return told_groups([("kind", ", ".join(entry.value.evidence))])


def _half(entry: Entry[Asked]) -> Mapping[str, str]:
    """Who wrote the question: the row says so on the hub and in VLMEvalKit, else the name of the file."""
    told = f"{entry.value.kind} {entry.file}".lower()
    return {"half": next((half for half in ("human", "augmented") if half in told), "unknown")}


FREE: Mapping[str, Free] = {
    "docvqa": Free(
        kit="DocVQA_VAL",
        part="DocVQA",
        splits=("validation", "val"),
        judge=lambda truths, _: in_words(anls, truths, is_graded=True),
        groups=_evidence,
    ),
    "infovqa": Free(
        kit="InfoVQA_VAL",
        part="InfographicVQA",
        splits=("validation", "val"),
        judge=lambda truths, _: in_words(anls, truths, is_graded=True),
        groups=_evidence,
    ),
    "chartqa": Free(
        kit="ChartQA_TEST",
        splits=("test",),
        judge=lambda truths, _: in_words(relaxed_accuracy, truths),
        groups=_half,
    ),
    "textvqa": Free(
        kit="TextVQA_VAL",
        splits=("validation", "val"),
        judge=lambda truths, _: in_words(vqa_accuracy, truths, is_graded=True),
        groups=lambda entry: {},
    ),
    "ocrbench": Free(kit="OCRBench", splits=("test", "OCRBench"), judge=_ocr_judge, groups=_ocr_groups),
    "mtvqa": Free(
        kit="MTVQA_TEST",
        splits=("test",),
        judge=lambda truths, _: in_words(mtvqa, truths, official=partial(mtvqa, is_official=True)),
        groups=lambda entry: told_groups([("language", entry.value.kind)]),
    ),
}


def read_free(name: str, folder: DataFolder, *files: str) -> list[Question]:
    """The questions of a benchmark, of those files or where it is known to have them.

    Raises UsageError where they cannot be read, and for a split whose answers are not published.
    """
    free = FREE[name]
    sought = files or patterns(free.kit, *free.splits, part=free.part)
    rows = [single for row in rows_of(folder, *sought) for single in _single(row)]
    return [_question(folder, free, Entry(understood(row, Asked), row.file, row.number)) for row in rows]


def _single(row: Row) -> Sequence[Row]:
    """A row of MTVQA's own shards as one for each of its questions; any other as it is."""
    if "qa_pairs" not in row.values:
        return [row]
    paired = understood(row, Paired)
    pairs = paired.pairs
    if not isinstance(pairs, list):
        raise UsageError(f"{row.place}: qa_pairs is no list of questions and answers")
    found: list[Row] = []
    for number, pair in enumerate(cast(list[object], pairs)):
        name = f"{paired.name or row.number}:{number}"
        told = {"id": name, "lang": paired.lang, "image": row.values.get("image")}
        found.append(Row({**told, **_pair(pair, row)}, row.file, row.number))
    return found


def _pair(pair: object, row: Row) -> Mapping[str, object]:
    pair = as_json(pair)
    if not isinstance(pair, dict):
        raise UsageError(f"{row.place}: qa_pairs holds something that is no question with its answer")
    told = cast(Mapping[str, object], pair)
    return {key: as_text(told[key]) for key in ("question", "answer") if key in told}


def _question(folder: DataFolder, free: Free, entry: Entry[Asked]) -> Question:
    asked = entry.value
    truths = tuple(truth for truth in asked.answers if truth)
    require_answer(truths, entry.place)
    return Question(
        name=asked.name or entry.name,
        asked=(
            Asking(prompt=short_answer(asked.question), right=_usual(truths), judge=free.judge(truths, asked.kind)),
        ),
        see=partial(pictures, folder, _file_name(asked.picture), *PLACES),
        max_new_tokens=free.max_new_tokens,
        groups=free.groups(entry),
        expected=list(truths),
    )


def _usual(truths: Sequence[str]) -> str:
    """The answer that most gave; the first of several."""
    return max(truths, key=truths.count)


def _file_name(picture: object) -> object:
    """TextVQA's own files name a picture by its id, without the suffix."""
    is_bare = isinstance(picture, str) and not isinstance(picture, Stored) and not PurePosixPath(picture).suffix
    return f"{picture}.jpg" if is_bare and picture else picture
