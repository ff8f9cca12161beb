"""What a run tells on its way: a line of JSON for each step, and the same for TensorBoard."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...errors import ModelUnavailable

LINES, EVENTS = "log.jsonl", "events"


class Log:
    """The figures of a run, in its folder. What was told behind the step that it goes on from is dropped.

    Raises ModelUnavailable where TensorBoard is not installed.
    """

    def __init__(self, out: Path, *, step: int) -> None:
        out.mkdir(parents=True, exist_ok=True)
        self._path = out / LINES
        kept = [row for row in read_log(out) if row["step"] <= step]
        self._path.write_text("".join(f"{json.dumps(row)}\n" for row in kept), "utf-8")
        self._events = require_tensorboard()(str(out / EVENTS), purge_step=step + 1)

    def tell(self, step: int, figures: Mapping[str, float]) -> None:
        """The figures behind so many steps."""
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(f"{json.dumps({'step': step, **figures})}\n")
        for name, value in figures.items():
            self._events.add_scalar(name, value, step)

    def close(self) -> None:
        self._events.close()


def read_log(out: Path) -> list[dict[str, Any]]:
    """The figures of a run so far. A line that was not finished is none."""
    path = out / LINES
    rows = list[dict[str, Any]]()
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def require_tensorboard() -> Any:
    """What writes its files. Raises ModelUnavailable where it is not installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ModelUnavailable('logs need TensorBoard: pip install "clickwright[training]"') from None
    return SummaryWriter
