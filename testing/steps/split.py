"""Secrets that a page writes in pieces, side by side or line by line: no piece alone is one."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise, product

from ...screen import Box, Element, Label, Observation

WIDEST = 2
"""How far apart two texts stand at most that are side by side, in times their height."""
MUCH_CHARS = 4
"""From how many characters on a piece tells enough of a secret to stand in no name at all, and a line may be broken
within a word."""
Places = Callable[[str], list[tuple[int, int, str]]]
"""Where in a text secrets stand: from, to, and the name of each."""


def hide_split(seen: Observation, places: Places) -> tuple[Observation, tuple[Box, ...]]:
    """The observation with such pieces hidden in its texts and in the elements that show them, and where they stand."""
    hidden: dict[int, str] = {}
    labels = seen.labels or ()
    for lines in _paragraphs(labels, list(_runs(labels))):
        numbers = [n for run in lines for n in run]
        for texts in _joined(labels, lines):
            hidden |= dict(_pieces(texts, numbers, places))
    if not hidden:
        return seen, ()
    pieces = [labels[n] for n in hidden]
    told = tuple(replace(one, text=f"<secret {hidden[n]}>") if n in hidden else one for n, one in enumerate(labels))
    elements = seen.elements and tuple(_without(one, pieces) for one in seen.elements)
    focus = seen.focus and _without(seen.focus, pieces)
    return replace(seen, labels=told, elements=elements, focus=focus), tuple(piece.box for piece in pieces)


def _joined(labels: Sequence[Label], lines: Sequence[Sequence[int]]) -> Iterator[list[str]]:
    """The texts with what may stand between them, beside each other and from line to line: nothing, or a blank.

    Short lines end in a blank: they are broken at one, or are a list, such as the numbers of rows.
    """
    short = [sum(len(labels[n].text) for n in run) < MUCH_CHARS for run in lines]
    for beside, below in product(("", " "), repeat=2):
        ends = [" " if is_short else below for is_short in short]
        yield [
            labels[n].text + (end if n == run[-1] else beside)
            for run, end in zip(lines, ends, strict=True)
            for n in run
        ]


def _pieces(texts: Sequence[str], numbers: Sequence[int], places: Places) -> Iterator[tuple[int, str]]:
    """Of texts, the numbers of those that a secret stands in which goes over several, and its name."""
    starts = list(accumulate(map(len, texts), initial=0))
    for start, stop, name in places("".join(texts)):
        first, last = bisect_right(starts, start) - 1, bisect_left(starts, stop)
        if last - first > 1:
            yield from ((numbers[n], name) for n in range(first, last))


def _runs(labels: Sequence[Label]) -> Iterator[list[int]]:
    """The numbers of texts that stand side by side, from left to right; the runs from top to bottom."""
    left = deque(sorted(range(len(labels)), key=lambda n: (labels[n].box.center.y, labels[n].box.x1)))
    while left:
        first, row = labels[left[0]].box, list[int]()
        while left and labels[left[0]].box.center.y <= first.y2:
            row.append(left.popleft())
        run = list[int]()
        for n in sorted(row, key=lambda n: labels[n].box.x1):
            if run and labels[n].box.x1 - labels[run[-1]].box.x2 > WIDEST * first.height:
                yield run
                run = []
            run.append(n)
        yield run


def _paragraphs(labels: Sequence[Label], runs: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """Runs that go on in the one below, each with all that follows; what two go on in is told with both."""
    boxes = [Box.around(*(corner for n in run for corner in labels[n].box.corners)) for run in runs]
    following = [_below(boxes, n) for n in range(len(runs))]
    heads, taken = set(range(len(runs))) - set(following), set[int]()
    for head in sorted(heads):
        lines, at = [runs[head]], following[head]
        while at is not None:
            lines.append(runs[at])
            is_new = at not in taken
            taken.add(at)
            at = following[at] if is_new else None
        if sum(map(len, lines)) > 1:
            yield lines


def _below(boxes: Sequence[Box], index: int) -> int | None:
    """The next line of a text, where it goes on on one."""
    box = boxes[index]
    for n in range(index + 1, len(boxes)):
        below = boxes[n]
        gap = below.y1 - box.y2
        if gap > 2 * box.height:
            return None
        if -box.height / 2 <= gap <= max(box.height, below.height) and below.x1 < box.x2 and box.x1 < below.x2:
            return n
    return None


def _without(element: Element, pieces: Sequence[Label]) -> Element:
    """An element whose name or value tells of a secret by pieces that stand in it says neither."""
    within = [piece.text for piece in pieces if element.box.contains(piece.box.center)]
    name = "" if _tells(element.name, within) else element.name
    value = "" if _tells(element.value, within) else element.value
    return replace(element, name=name, value=value)


def _tells(said: str, pieces: Sequence[str]) -> bool:
    """Whether it says a long piece, several in a row, or nothing but pieces: a short one alone may be any word."""
    known = [piece for piece in pieces if piece in said]
    rest = said
    for piece in sorted(known, key=len, reverse=True):
        rest = rest.replace(piece, "")
    pairs = (rf"{re.escape(one)}\s*{re.escape(other)}" for one, other in pairwise(pieces))
    is_long = any(len(piece.strip()) >= MUCH_CHARS for piece in known)
    return is_long or (bool(known) and not rest.strip()) or any(re.search(pair, said) for pair in pairs)
