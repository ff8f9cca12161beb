"""Secrets that a page writes in several pieces, side by side on one line: no piece alone is one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ...screen import Box, Element, Label, Observation

WIDEST = 2
"""How far apart two texts stand at most that are side by side, in times their height."""
Places = Callable[[str], list[tuple[int, int, str]]]
"""Where in a text secrets stand: from, to, and the name of each."""


def hide_split(seen: Observation, places: Places) -> tuple[Observation, tuple[Box, ...]]:
    """The observation with such pieces hidden in its texts and in the elements that show them, and where they stand."""
    hidden: dict[int, str] = {}
    labels = seen.labels or ()
    for run in _runs(labels):
        for between in ("", " "):
            hidden |= dict(_pieces([labels[n].text for n in run], run, between, places))
    if not hidden:
        return seen, ()
    pieces = [labels[n] for n in hidden]
    told = tuple(replace(one, text=f"<secret {hidden[n]}>") if n in hidden else one for n, one in enumerate(labels))
    elements = seen.elements and tuple(_without(one, pieces) for one in seen.elements)
    focus = seen.focus and _without(seen.focus, pieces)
    return replace(seen, labels=told, elements=elements, focus=focus), tuple(piece.box for piece in pieces)


def _pieces(texts: Sequence[str], run: Sequence[int], between: str, places: Places) -> Iterator[tuple[int, str]]:
    """Of a run of texts, the numbers of those that a secret stands in which goes over several, and its name."""
    starts, whole = list[int](), ""
    for text in texts:
        starts.append(len(whole))
        whole += text + between
    for start, stop, name in places(whole):
        within = [n for n, at in enumerate(starts) if at < stop and start < at + len(texts[n])]
        if len(within) > 1:
            yield from ((run[n], name) for n in within)


def _runs(labels: Sequence[Label]) -> Iterator[list[int]]:
    """The numbers of texts that stand side by side, from left to right; only runs of several."""
    left = sorted(range(len(labels)), key=lambda n: (labels[n].box.center.y, labels[n].box.x1))
    while left:
        first = labels[left[0]].box
        row = [n for n in left if first.y1 <= labels[n].box.center.y <= first.y2]
        left = [n for n in left if not first.y1 <= labels[n].box.center.y <= first.y2]
        run = list[int]()
        for n in sorted(row, key=lambda n: labels[n].box.x1):
            if run and labels[n].box.x1 - labels[run[-1]].box.x2 > WIDEST * first.height:
                if len(run) > 1:
                    yield run
                run = []
            run.append(n)
        if len(run) > 1:
            yield run


def _without(element: Element, pieces: Sequence[Label]) -> Element:
    """An element whose name or value is a piece that stands in it says neither."""
    for piece in pieces:
        if element.box.contains(piece.box.center):
            name = "" if piece.text in element.name else element.name
            value = "" if piece.text in element.value else element.value
            element = replace(element, name=name, value=value)
    return element
