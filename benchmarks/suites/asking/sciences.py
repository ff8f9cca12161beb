"""MMMU and MathVista: questions that have options or none, and need more than looking."""

from collections.abc import Mapping
from functools import partial
from typing import cast

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, Row
from ....files.records import understood
from ....policies.asking import Seen
from ....screen import Screenshot
from ...metrics.choices import LETTERS, mmmu_choice
from ...metrics.mathvista import Kind, Problem, mathvista
from ...metrics.mmmu import open_accuracy
from ..samples import Judged
from .fields import (
    Parsed,
    Text,
    Texts,
    letter_of,
    named,
    options_of,
    patterns,
    pictures,
    require_answer,
    rows_of,
    told_groups,
)
from .prompts import mmmu, parted, pictures_of, short_answer
from .questions import Asking, Judge, Question, among, in_words

MAX_NEW_TOKENS = 2048
"""As VLMEvalKit has it for Qwen2-VL: these may be reasoned about."""
_MMMU_PICTURES = 7
_KINDS: Mapping[str, Kind] = {"integer": "integer", "float": "float", "list": "list"}
"""Of answers; all else is text."""


class Exam(Record):
    """A question of MMMU, in the form of the hub or of VLMEvalKit."""

    name: Text = named("id", "index", default="")
    question: Text = named("question")
    hint: Text = ""
    options: Texts = ()
    answers: Texts = named("answer", default=())
    pictures: object = named("image", default=None)
    subject: Text = named("category", "subfield", default="")
    split: Text = ""


class Sum(Record):
    """A question of MathVista, likewise."""

    name: Text = named("pid", "index", default="")
    question: Text = named("query", "question")
    choices: Texts = ()
    answer: Text = ""
    answer_type: Text = "text"
    precision: Text = "0"
    picture: object = named("decoded_image", "image", default=None)
    task: Text = ""
    about: Parsed = named("metadata", default=None)


def read_mmmu(
    folder: DataFolder, *files: str, split: str = "validation", is_interleaved: bool = False
) -> list[Question]:
    """The questions of one split, several pictures in some. Raises UsageError where they cannot be read.

    The pictures come first, as VLMEvalKit has it for Qwen2-VL; interleaved, where the text names them.
    """
    rows = list(rows_of(folder, *(files or patterns("MMMU_DEV_VAL", split))))
    found = [_exam(folder, row, is_interleaved) for row in rows if row.values.get("split", split) in (split, split[:3])]
    if not found:
        raise UsageError(f"the data have no question of the split {split}")
    return found


def read_mathvista(folder: DataFolder, *files: str) -> list[Question]:
    """The questions of testmini. Raises UsageError where they cannot be read."""
    rows = rows_of(folder, *(files or patterns("MathVista_MINI", "testmini")))
    return [_sum(folder, Entry(understood(row, Sum), row.file, row.number)) for row in rows]


def _exam(folder: DataFolder, row: Row, is_interleaved: bool) -> Question:
    exam = understood(row, Exam)
    columns = {letter: str(row.values[letter]) for letter in LETTERS if letter in row.values}
    options = columns or options_of(exam.options)
    prompt = mmmu(exam.question, options, exam.hint)
    require_answer(exam.answers if exam.answers != ("?",) else (), row.place)
    if options:
        right = letter_of(exam.answers[0], options)
        judge = among(options, right, mmmu_choice)
    else:
        right, judge = exam.answers[0], in_words(open_accuracy, exam.answers)
    see = partial(_shown, folder, row, exam, [exam.question, *options.values()])
    pieces = parted(prompt)
    if is_interleaved and any(isinstance(piece, int) for piece in pieces):
        see, prompt = partial(_between, see, pieces), str(pieces[-1]) if isinstance(pieces[-1], str) else ""
    return Question(
        name=exam.name or Entry(exam, row.file, row.number).name,
        asked=(Asking(prompt=prompt, right=right, judge=judge),),
        see=see,
        max_new_tokens=MAX_NEW_TOKENS,
        groups=told_groups([("subject", _subject(exam)), ("kind", "options" if options else "open")]),
        expected=right if options else list(exam.answers),
    )


def _shown(folder: DataFolder, row: Row, exam: Exam, texts: list[str]) -> list[Screenshot]:
    """All pictures of a row: those of its one column, or, as on the hub, those that its texts name."""
    if exam.pictures is not None:
        return pictures(folder, exam.pictures, ".", "images")
    numbers = pictures_of(texts) or [1]
    return [shot for n in numbers for shot in pictures(folder, row.values.get(f"image_{n}"), ".", "images")]


def _between(see: partial[list[Screenshot]], pieces: list[str | int]) -> Seen:
    """The words and pictures of a prompt in their order, without the last words. Raises UsageError for a picture that
    is named and not there.
    """
    shots = see()
    before = pieces[:-1] if isinstance(pieces[-1], str) else pieces
    numbers = sorted({piece for piece in pieces if isinstance(piece, int)})
    places = {n: at for at, n in enumerate(numbers)} if len(numbers) == len(shots) else {n: n - 1 for n in numbers}
    if any(place >= len(shots) for place in places.values()):
        raise UsageError(f"the question names picture {numbers[-1]}, and there are {len(shots)}")
    return [shots[places[piece]] if isinstance(piece, int) else piece for piece in before]


def _subject(exam: Exam) -> str:
    """On the hub the name tells it: validation_Art_Theory_3."""
    parts = exam.name.split("_")
    return " ".join(parts[1:-1]) if len(parts) > 2 else exam.subject


def _sum(folder: DataFolder, entry: Entry[Sum]) -> Question:
    asked = entry.value
    require_answer(asked.answer, entry.place)
    problem = Problem(
        truth=asked.answer,
        choices=asked.choices,
        kind=_KINDS.get(asked.answer_type, "text"),
        precision=int(float(asked.precision)) if asked.precision.replace(".", "", 1).isdigit() else 0,
    )
    return Question(
        name=asked.name or entry.name,
        asked=(Asking(prompt=short_answer(asked.question), right=asked.answer, judge=_by_rules(problem)),),
        see=partial(pictures, folder, asked.picture, ".", "images"),
        max_new_tokens=MAX_NEW_TOKENS,
        groups=told_groups([("task", _task(asked)), ("kind", "options" if asked.choices else problem.kind)]),
        expected=asked.answer,
    )


def _by_rules(problem: Problem) -> Judge:
    def judge(answer: str) -> Judged:
        worth = mathvista(answer, problem)
        return Judged(score=worth, success=worth == 1, prediction=answer.strip())

    return judge


def _task(asked: Sum) -> str:
    about = asked.about
    if asked.task or not isinstance(about, dict):
        return asked.task
    return str(cast(Mapping[str, object], about).get("task", ""))
