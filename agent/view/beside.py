"""Two runs side by side: their steps aligned, and what is different about them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ...pages import EMBEDDED, page, write_page
from ...tools import points_of
from ..record.folder import RunFolder
from ..record.trace import Step, Trajectory
from ..words import in_words, seconds
from .pictures import Embedded
from .report import TEMPLATES
from .steps import Shown, shown_steps

BESIDE = "beside.html"
_LOCAL = re.compile(r"^(https?://(?:127\.0\.0\.1|localhost)):\d+")
CLOSE_PX = 1.0
"""Places nearer than that are the same."""
SLOWER = 1.5
LEAST_S = 0.2
"""Times differ that are `SLOWER` times as long, and by as much as this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A step of each run, or of one where the other has none like it. `differences` are in words."""

    number: int
    left: Shown | None
    right: Shown | None
    differences: tuple[str, ...]

    @property
    def step(self) -> Step:
        shown = self.left or self.right
        if shown is None:
            raise ValueError("a pair is of at least one step")
        return shown.step


def write_beside(run_dir: Path | str, other_dir: Path | str, path: Path | None = None) -> Path:
    """Write a page with two runs side by side, and say where it is. Raises UsageError where there is no run."""
    folders = RunFolder(Path(run_dir)), RunFolder(Path(other_dir))
    return write_page(render_beside(*folders), folders[0].path / BESIDE if path is None else path)


def render_beside(folder: RunFolder, other: RunFolder) -> str:
    """The page as HTML; escaped and closed as a report is."""
    runs, frames = (folder.read(), other.read()), Embedded()
    pairs = list(aligned(shown_steps(runs[0], folder, frames), shown_steps(runs[1], other, frames)))
    return page(
        "beside.html",
        folder=TEMPLATES,
        policy=EMBEDDED,
        in_words=in_words,
        runs=[_facts(run, str(each.path)) for run, each in zip(runs, (folder, other), strict=True)],
        pairs=pairs,
        different=sum(bool(pair.differences) for pair in pairs),
    )


def aligned(left: Sequence[Shown], right: Sequence[Shown]) -> Iterator[Pair]:
    """Steps for the same goal that do the same kinds of things stand together, then those that are left in order."""
    matcher = SequenceMatcher(None, [_key(one) for one in left], [_key(one) for one in right], autojunk=False)
    number = 0
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        count = max(a2 - a1, b2 - b1) if kind == "replace" else (a2 - a1) or (b2 - b1)
        for n in range(count):
            one = left[a1 + n] if a1 + n < a2 else None
            other = right[b1 + n] if b1 + n < b2 else None
            number += 1
            yield Pair(number=number, left=one, right=other, differences=tuple(_differences(one, other)))


def _key(shown: Shown) -> tuple[object, ...]:
    return shown.step.goal, tuple(action.kind for action in shown.step.actions)


def _differences(left: Shown | None, right: Shown | None) -> Iterator[str]:
    if left is None or right is None:
        yield "only in A" if right is None else "only in B"
        return
    one, other = left.step, right.step
    if [action.kind for action in one.actions] != [action.kind for action in other.actions]:
        yield "another action"
    elif left.words != right.words:
        apart = distance_px(one, other)
        if apart is None or apart <= CLOSE_PX:
            yield "other words"
        else:
            yield f"{apart:.0f} px apart"
    if left.look != right.look:
        yield "another outcome"
    if one.saw.size != other.saw.size:
        yield "another size"
    elif _address(one.saw.url) != _address(other.saw.url):
        yield "another address"
    short, long = sorted((one.seconds, other.seconds))
    if long - short >= LEAST_S and long >= SLOWER * short:
        whose = "A" if one.seconds > other.seconds else "B"
        yield f"{whose} took {seconds(long - short)} more"


def _address(url: str) -> str:
    """Without the port of this machine, which is another one each time that something is served for a run."""
    return _LOCAL.sub(r"\1", url)


def distance_px(one: Step, other: Step) -> float | None:
    """How far the places of two steps lie apart at most, in screenshot pixels; None where they have no such places."""
    mine, theirs = ([point for action in step.actions for point in points_of(action)] for step in (one, other))
    if not mine or len(mine) != len(theirs):
        return None
    return max(point.distance(across) for point, across in zip(mine, theirs, strict=True))


def _facts(run: Trajectory, path: str) -> dict[str, object]:
    return {
        "run": run,
        "path": path,
        "outcome": run.outcome,
        "spent": run.spent,
    }
