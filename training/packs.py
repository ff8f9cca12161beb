"""Pictures and what is known of them in one file of safetensors: read where they are needed, never unpickled.

A pack holds the pictures as WebP without loss, one behind the other, and a line of JSON for each.
"""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image
from safetensors import safe_open
from safetensors.numpy import save_file  # pyright: ignore[reportUnknownVariableType]

Row = dict[str, Any]
COPIES = "copies.safetensors"
"""In a folder to train from: a pack of made-up instructions, which no picture goes with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """An open pack. `rows` are in memory; a picture is read from disk and decoded when it is asked for."""

    path: Path
    rows: Sequence[Row]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.rows)

    def encoded(self, index: int) -> bytes:
        """A picture as `encode` gave it."""
        with cast(Any, safe_open(self.path, "numpy")) as file:
            return file.get_slice("pictures")[self.ends[index - 1] if index else 0 : self.ends[index]].tobytes()

    def picture(self, index: int) -> np.ndarray:
        """Dimensions: (height, width, 3) uint8 RGB."""
        return np.asarray(Image.open(io.BytesIO(self.encoded(index)), formats=["WEBP"]).convert("RGB"))


def encode(pixels: np.ndarray) -> bytes:
    """A picture as a pack holds it."""
    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "WEBP", lossless=True, quality=40, method=1)
    return held.getvalue()


def write_pack(path: Path, pictures: Iterable[bytes], rows: Iterable[Row]) -> None:
    """Write what `encode` gave and a row for each; nothing is left half written."""
    held = list(pictures)
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    arrays = {
        "pictures": np.frombuffer(b"".join(held), np.uint8),
        "ends": np.cumsum([len(one) for one in held], dtype=np.int64),
        "rows": np.frombuffer(lines, np.uint8),
    }
    begun = path.with_suffix(".part")
    save_file(arrays, begun)
    begun.replace(path)


def read_pack(path: Path) -> Pack:
    """Open a pack. Raises OSError and safetensors' error for a file that is none."""
    with cast(Any, safe_open(path, "numpy")) as file:
        rows = [json.loads(line) for line in file.get_tensor("rows").tobytes().decode().splitlines()]
        ends = [int(end) for end in file.get_tensor("ends")]
    return Pack(path=path, rows=rows, ends=ends)


def read_packs(folder: Path) -> Iterator[Pack]:
    """Open the packs of a folder, in the order of their names. Raises as `read_pack`."""
    return (read_pack(path) for path in sorted(folder.glob("*.safetensors")))
