"""GUI-Odyssey: what to do next on a phone, across applications.

Two forms are read: OS-Atlas' conversations (`*odyssey*test*.jsonl`), judged by its script; and the data set's own
`annotations/*.json` with `screenshots/`, of which `splits/SPLIT_split.json` names the test, judged by its own
script, or with `matching=os-atlas` by the other. Settings: `split` (`random`, `app`, `device`, `task`), `level`
(`high`, `low`), `matching` (`own`, `os-atlas`), `scrolls` (`finger`, `words`). Metrics: `type`, and `grounding` for a
click whose kind was right.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, JsonValue

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, open_data, read_entries
from ....screen import Point, Size
from ....tools import Action, Click, LongPress
from ...metrics.odyssey import is_hit, is_same_text
from ...metrics.os_atlas import line, point_line, word_of
from ...suite import Choice
from ..grounding.boxes import Four
from ..samples import Judged, Sample, SampleSuite
from ..settings import one_of, require_known
from .answers import main
from .atlas_files import LineStepRules, line_rules, open_atlas
from .steps import Seen, Step, written

METRIC = "action matching score: kind, place within 14 % and text right; micro average"
_KEYS = {"KEY_HOME": "PRESS_HOME", "KEY_BACK": "PRESS_BACK", "KEY_APPSELECT": "PRESS_RECENT"}
_Pair = tuple[FiniteFloat, FiniteFloat]


class _Info(Record):
    instruction: Annotated[str, Field(min_length=1)]
    category: str = ""


class _PhoneStep(Record):
    """Places are thousandths of the screen."""

    screenshot: str
    action: Literal["CLICK", "LONG_PRESS", "SCROLL", "TEXT", "COMPLETE", "INCOMPLETE"]
    info: str | tuple[_Pair, ...] = ""
    low_level_instruction: str = ""
    sam2_bbox: Four | None = None


class _Episode(Record):
    episode_id: str = ""
    task_info: _Info
    steps: tuple[_PhoneStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step as a line, and the box of what is clicked in thousandths of the screen."""

    line: str
    point: tuple[float, float] = (0.0, 0.0)
    box: Four | None = None


@dataclass(frozen=True, slots=True)
class OwnRules:
    """Implements `Rules`, as GUIOdyssey_action_matching.py has it; `lines` says the same in lines."""

    lines: LineStepRules
    is_own: bool = True

    def actions(self, truth: Told, size: Size) -> tuple[Action, ...]:
        return self.lines.actions(truth.line, size)

    def judge(self, said: Sequence[Action], truth: Told, size: Size) -> Judged:
        """By the data set's own script, or by that of OS-Atlas."""
        if not self.is_own:
            return self.lines.judge(said, truth.line, size)
        action = main(said)
        mine, word = self.lines.line_of(action, size), word_of(truth.line)
        same = word_of(mine) == word
        right, metrics = same, {"type": float(same)}
        if same and isinstance(action, Click | LongPress):
            right = is_hit(_thousandths(action.point, size), truth.point, truth.box)
            metrics["grounding"] = float(right)
        elif same and word == "TYPE":
            right = is_same_text(_inner(truth.line), _inner(mine))
        elif same and word == "SCROLL":
            right = mine == truth.line
        return Judged(score=float(right), success=right, metrics=metrics, prediction=written(said))

    def unread(self, raw: str, truth: Told) -> Judged:
        return Judged(score=0.0, success=False, metrics={"type": 0.0})

    def told(self, truth: Told) -> JsonValue:
        box: list[JsonValue] | None = None if truth.box is None else [*truth.box]
        return {"line": truth.line, "box": box}


def _inner(line: str) -> str:
    return line.partition("[")[2].rpartition("]")[0]


def _thousandths(point: Point, size: Size) -> tuple[float, float]:
    return point.x / size.width * 1000, point.y / size.height * 1000


def open_odyssey(choice: Choice) -> SampleSuite:
    require_known(choice.settings, "split", "level", "matching", "scrolls")
    level = one_of(choice.settings, "level", "high", "low")
    split = one_of(choice.settings, "split", "random", "app", "device", "task")
    one_of(choice.settings, "matching", "own", "os-atlas")
    return SampleSuite(choice, metric=METRIC, read=lambda: _read(choice, split, level))


def _read(choice: Choice, split: str, level: str) -> Sequence[Sample]:
    folder = open_data(choice.data, "gui-odyssey")
    files = folder.files("annotations/*.json")
    if not files:
        return tuple(open_atlas(folder, "odyssey", level, choice.settings))
    named = _test(folder, split)
    chosen = [path for path in files if not named or path.name in named]
    is_own = one_of(choice.settings, "matching", "own", "os-atlas") == "own"
    rules = OwnRules(line_rules("odyssey", choice.settings), is_own)
    return tuple(
        step for entry in read_entries(folder, chosen, _Episode) for step in _steps(folder, entry, rules, level)
    )


def _test(folder: DataFolder, split: str) -> frozenset[str]:
    """The names of the annotations of a test; none where the folder has no such split, and then all are asked."""
    files = folder.files(f"splits/{split}_split.json")
    if not files:
        return frozenset()
    entry = next(read_entries(folder, files, _Split))
    return frozenset(entry.value.test)


class _Split(Record):
    test: tuple[str, ...]


def _steps(folder: DataFolder, entry: Entry[_Episode], rules: OwnRules, level: str) -> Iterator[Step[Told]]:
    episode = entry.value
    name = episode.episode_id or entry.file.rpartition("/")[2].rpartition(".")[0]
    seen: list[Seen[Told]] = []
    for index, step in enumerate(episode.steps):
        place = f"{entry.place} step {index}"
        picture = folder.reader(step.screenshot.rpartition("/")[2], place, "screenshots", "data/screenshots", ".")
        seen.append(Seen(picture=picture, truth=_told(step, place), said=step.low_level_instruction))
    for index, step in enumerate(episode.steps):
        low = level == "low"
        if low and not step.low_level_instruction:
            raise UsageError(f"{entry.place} step {index} has no low_level_instruction")
        yield Step(
            name=f"{name}/{index}",
            goal=step.low_level_instruction if low else episode.task_info.instruction,
            episode=seen,
            index=index,
            rules=rules,
            groups={
                "level": level,
                "category": episode.task_info.category or "none",
                "kind": word_of(seen[index].truth.line),
                "episode": name,
            },
        )


def _told(step: _PhoneStep, place: str) -> Told:
    """A step as `decode_action` in data/format_converter.py of GUI-Odyssey has it."""
    match step.action, step.info:
        case "CLICK" | "LONG_PRESS", str(key) if key in _KEYS:
            return Told(line=_KEYS[key])
        case "CLICK" | "LONG_PRESS" as word, ((x, y), *_):
            return Told(line=point_line(word, round(x), round(y)), point=(x, y), box=step.sam2_bbox)
        case "SCROLL", (start, end, *_):
            return Told(line=line("SCROLL", _way(end[0] - start[0], end[1] - start[1])))
        case "TEXT", str(text):
            return Told(line=f"TYPE [{text}]")
        case "COMPLETE", _:
            return Told(line="COMPLETE")
        case "INCOMPLETE", _:
            return Told(line="IMPOSSIBLE")
        case word, info:
            raise UsageError(f"{place}: {word} cannot be done with {str(info)[:80]!r}")


def _way(across: float, down: float) -> str:
    if abs(across) > abs(down):
        return "LEFT" if across < 0 else "RIGHT"
    return "UP" if down < 0 else "DOWN"
