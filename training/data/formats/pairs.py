"""Records of one question and its answer, which most formats hold."""

from collections.abc import Sequence

from ....errors import UsageError
from ..record import Film, Locate, Named, Part, PictureFile, Record, Said, Shown, Text


def located(
    name: str, picture: PictureFile, words: str, numbers: Sequence[float], *, source: str = "", label: str | None = None
) -> Record:
    """Where a thing is on a picture."""
    return Record(
        id=name,
        source=source,
        pictures=(picture,),
        messages=(
            Said(role="user", parts=(Shown(picture=0), Locate(text=words))),
            Said(role="assistant", parts=(Named(text=words if label is None else label, places=(tuple(numbers),)),)),
        ),
    )


def found_in(record: Record) -> tuple[str, Named]:
    """The words and the place of a record that `located` makes. Raises UsageError for any other."""
    match record.messages:
        case (
            Said(role="user", parts=(Shown(picture=0), Locate(text=words, picture=0))),
            Said(role="assistant", parts=(Named() as named,)),
        ):
            return words, named
        case _:
            raise UsageError("the format holds one thing and its place on one picture")


def answered(
    name: str,
    seen: Sequence[Part],
    pictures: Sequence[PictureFile],
    question: str,
    answers: Sequence[str],
    *,
    source: str = "",
) -> Record:
    """A question about what is seen. The first answer is learned."""
    return Record(
        id=name,
        source=source,
        pictures=tuple(pictures),
        messages=(
            Said(role="user", parts=(*seen, Text(text=question))),
            Said(role="assistant", parts=(Text(text=answers[0]),), others=tuple(answers[1:])),
        ),
    )


def asked_in(record: Record) -> tuple[Sequence[Part], str, tuple[str, ...]]:
    """What is seen, the question and the answers of a record that `answered` makes. Raises UsageError for any other."""
    match record.messages:
        case (
            Said(role="user", parts=(*seen, Text(text=question))),
            Said(role="assistant", parts=(Text(text=answer),), others=others),
        ) if all(isinstance(part, Shown | Film) for part in seen):
            return tuple(seen), question, (answer, *others)
        case _:
            raise UsageError("the format holds one question about what is seen, and its answers in words")
