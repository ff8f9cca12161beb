"""Rows of JSON, JSONL and parquet files. Nothing is believed of them here but that they are objects."""

import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import cast

from ..errors import UsageError
from .parquet import read_parquet
from .row import Row, Values
from .tables import read_table


def read_rows(path: Path, *, name: str = "", fields: Container[str] | None = None) -> Iterator[Row]:
    """The rows of a file in their order: of a list in a .json, of a .jsonl, a .parquet, a .tsv or a .csv.

    A .json that holds one object is one row. `name` is what messages call the file. `fields` are all that is wanted of
    a .parquet, whose others may be large: pages of HTML, lists of all that was not clicked. Raises UsageError where it
    cannot be read, at the first row that is no object.
    """
    name = name or path.name
    match path.suffix.lower():
        case ".parquet":
            yield from read_parquet(path, name, fields)
        case ".tsv" | ".csv":
            yield from read_table(path, name)
        case ".jsonl" | ".ndjson":
            yield from read_lines(path, name)
        case ".json":
            found = _parsed(_text(path, name), name)
            rows = cast(list[object], found) if isinstance(found, list) else [found]
            for number, row in enumerate(rows, 1):
                yield _row(row, name, number)
        case _:
            raise UsageError(f"{name} is none of .json, .jsonl, .parquet, .tsv and .csv")


def read_json(path: Path, *, name: str = "") -> object:
    """What a .json file holds. Raises UsageError where it cannot be read."""
    name = name or path.name
    return _parsed(_text(path, name), name)


def read_lines(path: Path, name: str) -> Iterator[Row]:
    """The rows of a file with one JSON object in each line, whatever it is called. Raises as `read_rows` does."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(_parsed(line, f"{name} row {number}"), name, number)
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from None


def _parsed(text: str, name: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{name} is not JSON: {error.msg} at line {error.lineno} column {error.colno}") from None
    except ValueError:
        raise UsageError(f"{name} is not JSON: a number in it is too long") from None
    except RecursionError:
        raise UsageError(f"{name} is not read: it is nested too deeply") from None


def _row(found: object, name: str, number: int) -> Row:
    if not isinstance(found, dict):
        raise UsageError(f"{name} row {number} is {type(found).__name__}, not an object with named fields")
    return Row(cast(Values, found), name, number)
