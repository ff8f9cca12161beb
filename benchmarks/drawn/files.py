"""Pictures and files of rows, written."""

import io
import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np
from PIL import Image

Rows = Sequence[Mapping[str, object]]


def picture(width: int, height: int) -> Image.Image:
    ramp = np.linspace(0, 255, width * height * 3).reshape(height, width, 3)
    return Image.fromarray(ramp.astype(np.uint8))


def draw(path: Path, width: int = 200, height: int = 100) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(width, height).save(path)


def drawn(width: int = 200, height: int = 100) -> dict[str, object]:
    """A picture as a parquet file of the hub holds it."""
    buffer = io.BytesIO()
    picture(width, height).save(buffer, "PNG")
    return {"bytes": buffer.getvalue(), "path": "any.png"}


def write(path: Path, found: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found))


def write_lines(path: Path, rows: Rows) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def write_shard(path: Path, rows: Rows) -> None:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(arrow.Table.from_pylist([dict(row) for row in rows]), path, row_group_size=2)
