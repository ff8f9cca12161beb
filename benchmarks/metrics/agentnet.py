"""AgentNetBench: how much of a desktop step is right (evaluation/agentnetbench/eval.py of OpenCUA)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, hypot, sqrt

from .edits import likeness

NEAR = 0.01 * sqrt(2)
"""How far a point may be for full marks, in shares of the screen's width and height."""
FALL = 120
"""How fast marks fall beyond."""
LIKE = 0.8
"""Likeness of a text from which on it has full marks."""
POINTED = ("click", "doubleclick", "rightclick", "tripleclick", "moveto", "dragto")

Shares = tuple[float, float]
SharesBox = tuple[float, float, float, float]
"""x, y, width, height in shares of the screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One action in the words of the data, its kind in lower case."""

    kind: str
    point: Shares | None = None
    boxes: tuple[SharesBox, ...] = ()
    """Where else it may happen."""
    text: str = ""
    keys: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a step, 0 to 1, and those of each kind of action in it."""

    total: float
    kinds: Mapping[str, float]


def marks(said: Sequence[Deed], options: Sequence[Sequence[Deed]]) -> Marks:
    """The best marks that an answer has for any of several right ones; the first of them where none is better.

    As `run.py` beside it: alternatives count only where the first is not wholly right.
    """
    best = Marks(0.0, {})
    for number, right in enumerate(options):
        found = step_marks(said, right)
        if number == 0 or found.total > best.total:
            best = found
        if best.total >= 1:
            break
    return best


def step_marks(said: Sequence[Deed], right: Sequence[Deed]) -> Marks:
    """The marks for one right answer: action by action, then the mean by kind, then over the kinds.

    Typing followed by the enter key is one action. Nothing is right where the first kind is none of those wanted. Kinds
    without marks of their own, such as a wait, are not counted where they agree; the script gives 0 where nothing else
    is wanted, and here that is right.
    """
    mine, wanted = _joined(said), _joined(right)
    if not mine or not wanted:
        return Marks(0.0, {})
    if wanted[0].kind == "terminate":
        done = float(mine[0].kind == "terminate" and mine[0].status == wanted[0].status)
        return Marks(done, {"terminate": done})
    found: dict[str, list[float]] = {}
    begins_well = mine[0].kind in {deed.kind for deed in wanted}
    for number, deed in enumerate(wanted):
        given = mine[number] if begins_well and number < len(mine) else None
        marked = deed_marks(given, deed)
        if marked is not None:
            found.setdefault(deed.kind, []).append(marked)
    kinds = {kind: sum(each) / len(each) for kind, each in found.items()}
    return Marks(sum(kinds.values()) / len(kinds) if kinds else 1.0, kinds)


def deed_marks(said: Deed | None, right: Deed) -> float | None:
    """The marks of one action; None for one that agrees and has none. A scroll is right wherever it goes."""
    if said is None or said.kind != right.kind:
        return 0.0
    if right.kind in POINTED:
        return _point_marks(said.point, right)
    match right.kind:
        case "write":
            close = likeness(said.text.lower().strip(), right.text.lower().strip())
            return 1.0 if close >= LIKE else close / LIKE
        case "press" | "hotkey":
            return float({key.lower() for key in said.keys} == {key.lower() for key in right.keys})
        case kind:
            return 1.0 if kind == "scroll" else None


def _point_marks(point: Shares | None, right: Deed) -> float:
    if point is None:
        return 0.0
    for x, y, width, height in right.boxes:
        if x <= point[0] <= x + width and y <= point[1] <= y + height:
            return 1.0
    if right.point is None:
        return 0.0
    far = hypot(point[0] - right.point[0], point[1] - right.point[1])
    return 1.0 if far <= NEAR else exp(-FALL * (far - NEAR))


def _joined(deeds: Sequence[Deed]) -> list[Deed]:
    """Without an enter key right behind typed text. A line break at the end is not compared, as in the script."""
    before = (None, *deeds[:-1])
    return [
        deed
        for deed, last in zip(deeds, before[: len(deeds)], strict=True)
        if not (_is_enter(deed) and _is_write(last))
    ]


def _is_enter(deed: Deed) -> bool:
    return deed.kind in ("press", "hotkey") and len(deed.keys) == 1 and deed.keys[0].lower() in ("enter", "return")


def _is_write(deed: Deed | None) -> bool:
    return deed is not None and deed.kind == "write"
