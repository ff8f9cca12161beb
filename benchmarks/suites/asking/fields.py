"""The fields of published rows, whatever each data set calls them and however it writes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import AliasChoices, BeforeValidator, Field

from ....errors import BadModelOutput, UsageError
from ....files import DataFolder, Entry, Row, Stored
from ....files.records import R, understood
from ....files.rows import read_rows
from ....files.tables import Encoded
from ....policies.reading.values import Cursor
from ....screen import Screenshot, read_image
from ...metrics.choices import LETTERS, lettered

WRAPPERS = ("data", "questions")
"""Where a file is one object about the data set, what holds its rows: DocVQA, InfographicVQA and TextVQA."""


def as_text(value: object) -> str:
    """A number or a missing value as text; anything else that is none is an error."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    if isinstance(value, str):
        return value
    raise ValueError(f"a text was expected, got {type(value).__name__}")


def as_texts(value: object) -> tuple[str, ...]:
    """One text or several; a list may also be written in a text, as JSON or Python has it."""
    if value is None:
        return ()
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = as_json(value)
    if isinstance(value, list | tuple):
        return tuple(as_text(item) for item in cast(Sequence[object], value))
    return (as_text(value),)


def as_json(value: object) -> object:
    """What a text holds that is a list or an object; a text that is none of both, and all else, as it is."""
    if not isinstance(value, str) or not value.lstrip().startswith(("[", "{")):
        return value
    cursor = Cursor(value.strip())
    try:
        return cursor.read_value(0)
    except BadModelOutput:
        return value


Text = Annotated[str, BeforeValidator(as_text)]
Texts = Annotated[tuple[str, ...], BeforeValidator(as_texts)]
Parsed = Annotated[object, BeforeValidator(as_json)]


def named(*names: str, default: object = ...) -> Any:
    """A field by the first of its names that a row has."""
    return Field(default, validation_alias=AliasChoices(*names))


def rows_of(folder: DataFolder, *patterns: str) -> Iterator[Row]:
    """The rows of the files of the first pattern that matches, those in a wrapper taken out. Raises UsageError."""
    for path in folder.require("questions", *patterns):
        for row in read_rows(path, name=folder.name(path)):
            yield from _unwrapped(row)


def entries_of(folder: DataFolder, kind: type[R], *patterns: str) -> Iterator[Entry[R]]:
    """The same as records. Raises UsageError at the first row that is none."""
    for row in rows_of(folder, *patterns):
        yield Entry(understood(row, kind), row.file, row.number)


def patterns(kit: str, *splits: str, part: str = "") -> tuple[str, ...]:
    """Where questions are sought: VLMEvalKit's table, the hub's shards of the split, other files of it, any at all.

    `part` is the folder of the shards, where one of the hub's data sets has those of several benchmarks.
    """
    places = [f"**/{part}/", "**/"] if part else ["**/"]
    shards = [f"{place}{split}-*.parquet" for place in places for split in splits]
    others = [f"**/*{split}*.{suffix}" for split in splits for suffix in ("parquet", "jsonl", "json", "csv", "tsv")]
    return (f"{kit}.tsv", *shards, *others, "*.tsv", "*.parquet", "*.jsonl", "*.json")


def pictures(folder: DataFolder, value: object, *places: str) -> list[Screenshot]:
    """The pictures that a field holds: names of files, pictures of a parquet file or of a table, or a list of such.

    Raises UsageError for one that is not there or cannot be read, and for a field that holds none.
    """
    match value:
        case Encoded():
            return [read_image(part) for part in value.read()]
        case Stored() | str():
            return [folder.picture(value, *places)]
        case {"bytes": bytes() as content}:
            return [read_image(content)]
        case {"path": str() as name}:
            return [folder.picture(name, *places)]
        case list():
            return [shot for one in cast(list[object], value) for shot in pictures(folder, one, *places)]
        case _:
            raise UsageError("a question has no picture where one is expected")


def options_of(texts: Sequence[str]) -> dict[str, str]:
    """The options by their letters. Where they come as `A. a cat` already, the letters are taken off."""
    if texts and all(_has_letter(text, letter) for letter, text in zip(LETTERS, texts, strict=False)):
        texts = [text.strip()[2:].strip() for text in texts]
    return lettered([text.strip() for text in texts])


def letter_of(answer: str, options: Mapping[str, str], *, is_number: bool = False) -> str:
    """The letter of the right option, which the data give as letter or as text; or as number from 0. Empty for none."""
    answer = answer.strip()
    if is_number and answer.isdecimal():
        return LETTERS[int(answer)] if int(answer) < len(options) else ""
    if answer in options:
        return answer
    return next((letter for letter, text in options.items() if text == answer), "")


def require_answer(answer: object, place: str) -> None:
    """Raises UsageError for a row without one."""
    if not answer:
        raise UsageError(f"{place} has no answer: those of a test split are known to the benchmark's server alone")


def told_groups(groups: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those that are told."""
    return {name: value for name, value in groups if value}


def _has_letter(text: str, letter: str) -> bool:
    return text.strip()[:2] in (f"{letter}.", f"{letter}:", f"{letter})")


def _unwrapped(row: Row) -> Iterator[Row]:
    inner = next((row.values[key] for key in WRAPPERS if isinstance(row.values.get(key), list)), None)
    if not isinstance(inner, list):
        yield row
        return
    for number, values in enumerate(cast(list[object], inner), 1):
        if not isinstance(values, dict):
            raise UsageError(f"{row.file} entry {number} is no object with named fields")
        yield Row(cast(dict[str, object], values), row.file, number)
