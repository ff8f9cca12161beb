"""The files of OS-Atlas: a conversation for each step, with a last line such as `CLICK <point>[[683,321]]</point>`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, JsonValue

from ....errors import UsageError
from ....files import DataFolder, Entry, Record, read_entries
from ....screen import Point, Size
from ....tools import (
    Action,
    Click,
    Drag,
    Finish,
    LongPress,
    Press,
    Scroll,
    TypeText,
    Wait,
)
from ...metrics.os_atlas import Rules as LineRules
from ...metrics.os_atlas import is_match, line, point_line, word_of
from ..samples import Judged
from ..settings import one_of
from .answers import app, button, finger, main, opened, opening
from .steps import Seen, Step, written

_KEYS = {"PRESS_BACK": "GoBack", "PRESS_HOME": "GoHome", "PRESS_RECENT": "AppSwitch", "ENTER": "Enter"}
_WORDS = {key: word for word, key in _KEYS.items()}
_FINGERS = {"UP": (0, -1), "DOWN": (0, 1), "LEFT": (-1, 0), "RIGHT": (1, 0)}
_POINT = re.compile(r"\[\[\s*(\d{1,4})\s*,\s*(\d{1,4})\s*\]\]")
_TASK = re.compile(r"\nTask: (.*?)\nHistory: ?\n", re.DOTALL)
_STEP = re.compile(r"(?:^|.*_)(\d+)$")
PICTURES = (".", "images", "screenshots")
FILES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "android_control": {"high": ("ac_test.jsonl", "data/ac_test.jsonl"), "low": ("ac_low_test.jsonl",)},
    "odyssey": {"high": ("*odyssey*test*.jsonl", "data/*odyssey*test*.jsonl"), "low": ("*odyssey*low*.jsonl",)},
}


class _Turn(Record):
    sender: Annotated[str, Field(alias="from")]
    value: str


class _Conversation(Record):
    image: str
    conversations: Annotated[tuple[_Turn, ...], Field(min_length=2)]


@dataclass(frozen=True, slots=True)
class LineStepRules:
    """Implements `Rules` over lines. Metrics: `type`, and `grounding` for a click whose kind was right.

    `as_words`: a scroll is told by the way that the screen goes, as a checkpoint of OS-Atlas writes and reads it. Else
    by the way that a finger goes, as the data have it, whatever a model calls it.
    """

    rules: LineRules
    as_words: bool = False

    def actions(self, truth: str, size: Size) -> tuple[Action, ...]:
        """What a line says. Raises UsageError for one that is none."""
        word, at = word_of(truth), _point(truth, size)
        inner = truth.partition("[")[2].rpartition("]")[0]
        match word:
            case "CLICK" if at:
                return (Click(point=at),)
            case "LONG_PRESS" if at:
                return (LongPress(point=at),)
            case "TYPE":
                return (TypeText(text=inner),)
            case "SCROLL" if inner in _FINGERS:
                return (self._scroll(inner, size),)
            case "OPEN_APP":
                return (opening(inner),)
            case "WAIT":
                return (Wait(),)
            case "COMPLETE":
                return (Finish(),)
            case "IMPOSSIBLE":
                return (Finish(status="failure"),)
            case _ if word in _KEYS:
                return (Press(keys=(_KEYS[word],)),)
            case _:
                raise UsageError(f"the line {truth[:80]!r} is none that OS-Atlas writes")

    def judge(self, said: Sequence[Action], truth: str, size: Size) -> Judged:
        return self._judged(self.line_of(main(said), size), truth, written(said))

    def unread(self, raw: str, truth: str) -> Judged:
        action = opened(raw)
        said = "" if action is None else self.line_of(action, Size(1, 1))
        return self._judged(said, truth, None if action is None else written((action,)))

    def told(self, truth: str) -> JsonValue:
        return truth

    def line_of(self, action: Action | None, size: Size) -> str:
        """An action of ours as a line; empty for one that has none."""
        match action:
            case Click():
                return _placed("CLICK", action.point, size)
            case LongPress():
                return _placed("LONG_PRESS", action.point, size)
            case TypeText(text=str(text)):
                return f"TYPE [{text}]"
            case Scroll() | Drag():
                return line("SCROLL", self._way(action))
            case Wait():
                return "WAIT"
            case Finish(status=status):
                return "COMPLETE" if status == "success" else "IMPOSSIBLE"
            case _ if (name := app(action)) is not None:
                return f"OPEN_APP [{name}]"
            case _:
                return _WORDS.get(button(action), "")

    def _judged(self, said: str, truth: str, prediction: JsonValue) -> Judged:
        right, same = is_match(said, truth, self.rules), word_of(said) == word_of(truth)
        metrics = {"type": float(same)}
        if same and word_of(truth) in ("CLICK", "LONG_PRESS"):
            metrics["grounding"] = float(right)
        return Judged(score=float(right), success=right, metrics=metrics, prediction=prediction)

    def _scroll(self, way: str, size: Size) -> Scroll:
        across, down = _FINGERS[way]
        turn = 1 if self.as_words else -1
        return Scroll(point=size.box.center, dx=turn * across * size.width / 2, dy=turn * down * size.height / 2)

    def _way(self, action: Scroll | Drag) -> str:
        across, down = finger(action)
        if self.as_words and isinstance(action, Scroll):
            across, down = -across, -down
        if abs(across) > abs(down):
            return "RIGHT" if across > 0 else "LEFT"
        return "DOWN" if down > 0 else "UP"


def line_rules(rules: LineRules, settings: Mapping[str, str]) -> LineStepRules:
    """The rules as the setting `scrolls` has them: `finger` or `words`."""
    return LineStepRules(rules, one_of(settings, "scrolls", "finger", "words") == "words")


def open_atlas(folder: DataFolder, data: LineRules, level: str, settings: Mapping[str, str]) -> Iterator[Step[str]]:
    """The steps of a file of OS-Atlas. Steps of an episode are those of its picture's name, `EPISODE_STEP.png`."""
    rules = line_rules(data, settings)
    files = folder.require("steps of OS-Atlas", *FILES[data][level], *(f"eval/{name}" for name in FILES[data][level]))
    episodes: dict[str, list[tuple[int, Entry[_Conversation]]]] = {}
    for entry in read_entries(folder, files, _Conversation):
        episode, step = _episode(entry)
        episodes.setdefault(episode, []).append((step, entry))
    for episode, steps in episodes.items():
        steps.sort(key=lambda step: step[0])
        yield from _steps(folder, episode, steps, rules, level)


def _steps(
    folder: DataFolder,
    episode: str,
    steps: Sequence[tuple[int, Entry[_Conversation]]],
    rules: LineStepRules,
    level: str,
) -> Iterator[Step[str]]:
    seen = [
        Seen(
            picture=folder.reader(entry.value.image.rpartition("/")[2], entry.place, *PICTURES),
            truth=_line(entry, rules),
            said=_said(entry),
        )
        for _, entry in steps
    ]
    for index, (step, entry) in enumerate(steps):
        yield Step(
            name=f"{episode}/{step}",
            goal=_goal(entry),
            episode=seen,
            index=index,
            rules=rules,
            groups={"level": level, "kind": word_of(seen[index].truth), "episode": episode},
        )


def _episode(entry: Entry[_Conversation]) -> tuple[str, int]:
    """The episode and the step, from the name of the picture."""
    stem = entry.value.image.rpartition("/")[2].rpartition(".")[0]
    found = _STEP.match(stem)
    if found is None:
        raise UsageError(f"{entry.place}: the name of the picture {stem[:80]!r} has no number of a step at its end")
    return stem[: found.start(1)].strip("_").removesuffix("_screenshot"), int(found[1])


def _goal(entry: Entry[_Conversation]) -> str:
    found = _TASK.search(f"{entry.value.conversations[0].value}\n")
    if found is None or not found[1].strip():
        raise UsageError(f"{entry.place}: the question has no Task between `Task:` and `History:`")
    return found[1].strip()


def _line(entry: Entry[_Conversation], rules: LineStepRules) -> str:
    """The first line behind `actions:`. Raises UsageError for one that is none."""
    answer = entry.value.conversations[1].value.rpartition("actions:\n")[2].strip()
    first = answer.splitlines()[0] if answer and not answer.startswith("TYPE") else answer
    try:
        rules.actions(first, Size(1, 1))
    except UsageError as error:
        raise UsageError(f"{entry.place}: {error}") from None
    return first


def _said(entry: Entry[_Conversation]) -> str:
    return entry.value.conversations[1].value.partition("actions:\n")[0].removeprefix("thoughts:\n").strip()


def _point(text: str, size: Size) -> Point | None:
    found = _POINT.search(text)
    return Point(int(found[1]) / 1000 * size.width, int(found[2]) / 1000 * size.height) if found else None


def _placed(word: str, point: Point, size: Size) -> str:
    at = point.clip(size)
    return point_line(word, round(at.x / size.width * 1000), round(at.y / size.height * 1000))
