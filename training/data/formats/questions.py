"""Questions about pictures and about videos.

- `vqa`: {"image" or "images", "question", "answer" or "answers"}; the first answer is learned, or that which most gave;
- `video-qa`: {"video", "question", "answer", "candidates"}, the video a file or a list of the pictures of its frames,
  `fps` a second. Candidates are put behind the question with letters, as MVBench has them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from ....errors import UsageError
from ....files import Entry, Stored
from ....files import Record as Row
from ....model.video import FRAMES_PER_SECOND
from ..record import Film, Record, Shown
from .films import Frames, film_of, frames_per_second, in_order
from .format import Format, Source, Target, by_rows
from .pairs import answered, asked_in


class _Graded(Row):
    """An answer as VQAv2 has ten of for each question."""

    answer: str


class _Question(Row):
    question: str
    image: str | Stored | None = None
    images: tuple[str, ...] = ()
    answer: str | None = None
    answers: tuple[str | _Graded, ...] = ()
    id: str | int | None = None
    source: str = ""


class _VideoQuestion(Row):
    question: str
    video: Frames
    answer: str | None = None
    answers: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    fps: float = FRAMES_PER_SECOND
    id: str | int | None = None
    source: str = ""


def _asked(source: Source, entry: Entry[_Question]) -> Iterator[Record]:
    row = entry.value
    names: list[str | Stored] = ([] if row.image is None else [row.image]) + list(row.images)
    pictures = [source.picture(name, entry.place) for name in names]
    given = [one if isinstance(one, str) else one.answer for one in row.answers]
    answers = _answers(row.answer, given, entry.place)
    seen = [Shown(picture=n) for n in range(len(pictures))]
    name = str(row.id or entry.name)
    yield answered(name, seen, pictures, row.question, answers, source=row.source)


def _filmed(source: Source, entry: Entry[_VideoQuestion]) -> Iterator[Record]:
    row = entry.value
    if not row.fps > 0:
        raise UsageError(f"{entry.place}: fps is above 0, not {row.fps:g}")
    film, pictures = film_of(source, row.video, entry.place, fps=row.fps)
    answers = _answers(row.answer, row.answers, entry.place)
    question = row.question
    if row.candidates:
        if answers[0] not in row.candidates:
            raise UsageError(f"{entry.place}: the answer is none of the candidates")
        letters = [f"({chr(65 + n)})" for n in range(len(row.candidates))]
        told = "\n".join(f"{letter} {one}" for letter, one in zip(letters, row.candidates, strict=True))
        question = f"{question}\nOptions:\n{told}"
        answers = [f"{letters[row.candidates.index(answers[0])]} {answers[0]}"]
    yield answered(str(row.id or entry.name), [film], pictures, question, answers, source=row.source)


def write_vqa(records: Iterable[Record], target: Target) -> None:
    """Questions about pictures, with every answer that counts as right."""

    def row(record: Record) -> dict[str, JsonValue]:
        seen, question, answers = asked_in(record)
        shown = [part.picture for part in seen if isinstance(part, Shown)]
        if len(shown) < len(seen):
            raise UsageError("the format holds pictures and no videos")
        if shown != list(range(len(record.pictures))):
            raise UsageError("the format holds the pictures of a question in their order")
        names: list[JsonValue] = [target.picture(picture) for picture in record.pictures]
        found = _row(record, question, answers)
        found |= {"image": names[0]} if len(names) == 1 else {"images": names}
        return found

    target.save_rows(target.rows(records, row, holds_others=True))


def write_video_qa(records: Iterable[Record], target: Target) -> None:
    def row(record: Record) -> dict[str, JsonValue]:
        seen, question, answers = asked_in(record)
        films = [part for part in seen if isinstance(part, Film)]
        if len(films) != 1 or len(seen) != 1 or not in_order(films):
            raise UsageError("the format holds a question about one video")
        names: list[JsonValue] = [target.picture(picture) for picture in record.pictures]
        found = _row(record, question, answers)
        found.update(video=names, fps=frames_per_second(films[0]))
        return found

    target.save_rows(target.rows(records, row, holds_others=True))


def _row(record: Record, question: str, answers: Sequence[str]) -> dict[str, JsonValue]:
    row: dict[str, JsonValue] = {"id": record.id, "question": question, "answers": list(answers)}
    if record.source:
        row["source"] = record.source
    return row


def _answers(one: str | None, several: Sequence[str], place: str) -> list[str]:
    """All different answers, that which is told alone or that most people gave first."""
    counted = Counter(several)
    ordered = sorted(counted, key=lambda answer: -counted[answer])
    answers = list(dict.fromkeys(([] if one is None else [one]) + ordered))
    if not answers:
        raise UsageError(f"{place} has neither an answer nor answers")
    return answers


QUESTIONS = (
    Format(
        name="vqa",
        holds="a question about pictures and the answers that count as right",
        suffix=".json",
        reads=by_rows(_Question, _asked),
        writes=write_vqa,
    ),
    Format(
        name="video-qa",
        holds="a question about a video, its frames as pictures or a file",
        suffix=".json",
        reads=by_rows(_VideoQuestion, _filmed),
        writes=write_video_qa,
    ),
)
