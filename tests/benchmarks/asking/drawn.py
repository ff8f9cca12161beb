"""Drawn pictures, films of a few frames, and the files that benchmarks are published in."""

import base64
import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image, ImageDraw


def png(words: str) -> bytes:
    image = Image.new("RGB", (84, 56), "white")
    ImageDraw.Draw(image).text((4, 20), words, fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def encoded(words: str) -> str:
    return base64.b64encode(png(words)).decode()


def table(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """As pandas writes it, which is how VLMEvalKit's tables came about."""
    head = list(dict.fromkeys(key for row in rows for key in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, delimiter="\t" if path.suffix == ".tsv" else ",", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def shard(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """As the hub has it: bytes become the structure of a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = [{key: _stored(value) for key, value in row.items()} for row in rows]
    pq.write_table(pa.Table.from_pylist(told), path)


def _stored(value: object) -> object:
    return {"bytes": value, "path": "picture.png"} if isinstance(value, bytes) else value


def dump(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


def lines(path: Path, rows: Sequence[object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def picture(path: Path, words: str = "text") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(words))


def film(path: Path, seconds: int = 2) -> None:
    """Four frames a second, each brighter than the one before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=4)
        stream.width, stream.height, stream.pix_fmt = 56, 56, "yuv420p"
        for n in range(4 * seconds):
            level = np.full((56, 56, 3), 20 + n * 200 // (4 * seconds), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(level, format="rgb24")))
        container.mux(stream.encode())


def options(**more: Any) -> dict[str, Any]:
    return {"question": "What is it?", "A": "a cat", "B": "a dog", "C": "a cow", "answer": "B", **more}
