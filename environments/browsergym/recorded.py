"""A BrowserGym that is only recorded: the public fake, a "Python" in which our server finds a BrowserGym.

The server, the pipes and the process are the real ones; only `gymnasium` and `browsergym` are played, by
`recorded_gym.py`, in the form of their interfaces as read in their sources.
"""

import json
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np

from ...screen import Box, Point, Screenshot

SCRIPT = Path(__file__).with_name("recorded_gym.py")
Fault = Literal["", "hang", "crash", "refuse"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedThing:
    """Something on a recorded page, in pixels of its screenshot."""

    box: Box
    role: str
    name: str
    password: bool = False
    focused: bool = False


class RecordedGym:
    """One page of one task. Use it as a context manager: `python` is what BrowserGymEnvironment takes.

    A click inside `solved_by` ends the episode with reward 1 and shows `after`. `calls` holds every line that the page
    was given to do.
    """

    def __init__(
        self,
        page: Screenshot,
        *,
        things: Iterable[RecordedThing] = (),
        solved_by: Box | None = None,
        after: Screenshot | None = None,
        task: str = "browsergym/miniwob.click-test",
        goal: str = "Click the button.",
    ) -> None:
        self._pictures = (page, after or page)
        self._told: dict[str, Any] = {
            "task": task,
            "goal": goal,
            "scale": page.scale,
            "things": [asdict(thing) for thing in things],
            "solved_by": None if solved_by is None else asdict(solved_by),
        }
        self.folder = Path()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="clickwright-gym-"))
        for number, picture in enumerate(self._pictures):
            np.save(self.folder / f"{number}.npy", picture.pixels)
        (self.folder / "told.json").write_text(json.dumps(self._told), "utf-8")
        self.fail("")
        (self.folder / "bin").mkdir()
        words = shlex.join((sys.executable, str(SCRIPT), str(self.folder)))
        program = self.folder / "bin" / "python"
        program.write_text(f'#!/bin/sh\nexec {words} "$@"\n', "utf-8")
        program.chmod(0o700)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    @property
    def calls(self) -> tuple[tuple[Any, ...], ...]:
        """Each call that the page was given, with its arguments; looking is a `noop`."""
        path = self.folder / "log.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return tuple(tuple(json.loads(line)) for line in lines)

    @property
    def clicks(self) -> tuple[Point, ...]:
        return tuple(Point(call[1], call[2]) for call in self.calls if call[0] == "mouse_click")

    def fail(self, fault: Fault) -> None:
        """Hang, end or refuse in each step from now on; "" for none."""
        (self.folder / "fault").write_text(fault, "utf-8")
