"""Parquet shards, as the data sets of the hub come: rows without their pictures, and a picture when it is wanted."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from ..errors import UsageError
from .row import Row

MISSING = "parquet files need pyarrow: pip install 'clickwright[data]'"


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture inside a parquet file, read when it is wanted: shards hold many gigabytes of them."""

    path: Path
    group: int
    """The row group."""
    row: int
    """Within the group."""
    column: str
    """`NAME`, or `NAME.bytes` for the structure that data sets of the hub hold a picture in."""

    def read(self) -> bytes:
        """The file of the picture, such as a PNG. Raises UsageError where there is none.

        Those of its row group are kept for the next, so that a shard is read once in order.
        """
        found = _column(self.path, self.group, self.column)[self.row].as_py()
        if not isinstance(found, bytes) or not found:
            raise UsageError(f"{self.path.name} holds no picture in {self.column} where one is named")
        return found


def read_parquet(path: Path, name: str, fields: Container[str] | None = None) -> Iterator[Row]:
    """The rows of a shard in their order; in the place of binary data each has a `Stored`. `fields` None: all of them.

    Raises UsageError where it cannot be read, and with the command that installs pyarrow where that is not there.
    """
    shard = _opened(path, name)
    plain, binary = _columns(shard)
    plain = [column for column in plain if fields is None or column in fields]
    number = 0
    for group in range(shard.num_row_groups):
        for row, values in enumerate(_plain_rows(shard, group, plain, name)):
            number += 1
            pictures = {column.partition(".")[0]: Stored(path, group, row, column) for column in binary}
            yield Row({**values, **pictures}, name, number)


def _plain_rows(shard: Any, group: int, columns: list[str], name: str) -> list[dict[str, object]]:
    if not columns:
        return [{} for _ in range(shard.metadata.row_group(group).num_rows)]
    return _read(lambda: shard.read_row_group(group, columns=columns).to_pylist(), name)


@lru_cache(maxsize=2)
def _column(path: Path, group: int, column: str) -> Any:
    shard = _opened(path, path.name)
    table = _read(lambda: shard.read_row_group(group, columns=[column]), path.name)
    return _read(lambda: table.flatten().column(column).combine_chunks(), path.name)


def _columns(shard: Any) -> tuple[list[str], list[str]]:
    """The columns that are read at once, and those of binary data: `NAME.bytes` for one in a structure."""
    arrow = _pyarrow()
    plain: list[str] = []
    binary: list[str] = []
    for field in shard.schema_arrow:
        if _is_binary(arrow, field.type):
            binary.append(field.name)
        elif arrow.types.is_struct(field.type) and any(
            inner.name == "bytes" and _is_binary(arrow, inner.type) for inner in field.type
        ):
            binary.append(f"{field.name}.bytes")
        else:
            plain.append(field.name)
    return plain, binary


def _is_binary(arrow: Any, kind: Any) -> bool:
    return bool(arrow.types.is_binary(kind) or arrow.types.is_large_binary(kind))


def _opened(path: Path, name: str) -> Any:
    parquet = _pyarrow().parquet
    return _read(lambda: parquet.ParquetFile(path), name)


def _read(work: Any, name: str) -> Any:
    arrow = _pyarrow()
    try:
        return work()
    except arrow.ArrowException as error:
        raise UsageError(f"{name} cannot be read as parquet: {str(error).splitlines()[0]}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{name} holds text that is not UTF-8") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read as parquet: {error.strerror or str(error).splitlines()[0]}") from None


def _pyarrow() -> Any:
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ModuleNotFoundError:
        raise UsageError(MISSING) from None
