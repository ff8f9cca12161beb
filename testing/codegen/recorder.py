"""What a person does in a browser becomes a test, line by line, and its recording."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, assert_never

from ...agent.export.source import literal, variable_of
from ...screen import Box, Element, Point, Tab
from ...tools.keys import NAMED_KEYS
from ..finding import element_at, target_at
from ..sight import Sight
from .draft import Draft, Said, in_tab, pressed, remark, switched
from .naming import words_for

if TYPE_CHECKING:
    from ...environments.browser.watch import Happened

CALM_S = 0.15
"""How long nothing happens before the screen is looked at again."""
MAX_SIGHTS = 4
RECENT_MS = 2000.0
"""An address that comes within this time of something done comes from that."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A sight, when it was there, and how far the page was scrolled, in CSS pixels."""

    sight: Sight
    until_ms: float


class Recorder:
    """Turns what happened into lines. `hear` is told each thing once, in order, `see` each look at the screen.

    `turn` is told in which tab that is: anything that tells tabs apart.
    """

    def __init__(
        self, draft: Draft, path: Path, first: Sight, on_line: Callable[[str], None] | None = None, tab: object = None
    ) -> None:
        self.draft, self.path = draft, path
        self._tab, self._first, self._known = tab, tab, {tab}
        self._on_line = on_line
        self._told = 0
        self._keys: list[str] = []
        """Of the field that each line is about; empty where it is about none."""
        self._sights = defaultdict[object, list[_Seen]](list, {tab: [_Seen(first, 0.0)]})
        self._dragged: Said | None = None
        """What waits for the place where it is let go."""
        self._scroll = _scrolled(first)
        """How far a replay of the lines would have scrolled, in CSS pixels."""
        self._drift = 0.0
        """How much further down the person has scrolled than the lines do."""
        self._last_ms = 0.0

    def see(self, sight: Sight, tab: object = None) -> None:
        """What the page did by itself meanwhile is what a replay will see, too."""
        self._sights[tab] = [*self._sights[tab], _Seen(sight, 1000 * time())][-MAX_SIGHTS:]
        if tab is self._tab:
            self._scroll = _scrolled(sight)

    @property
    def _seen(self) -> list[_Seen]:
        """Looks at the tab that is in front."""
        return self._sights[self._tab]

    def has_seen(self, tab: object) -> bool:
        return bool(self._sights[tab])

    def is_in(self, tab: object) -> bool:
        """Whether what happened last was in this tab."""
        return tab is self._tab

    def turn(self, tab: object, tabs: Sequence[tuple[object, Tab]] = ()) -> None:
        """What happens next happens in this one of the tabs. One that has just opened is followed without a word."""
        if tab is self._tab:
            return
        self._tab, self._drift = tab, 0.0
        shown = self._seen[-1].sight
        self._scroll = _scrolled(shown)
        if tab in self._known:
            was = Tab(title=shown.observation.title, url=shown.observation.url, active=True)
            own = next((told for one, told in tabs if one is tab), was)
            self._add(switched(own, [told for one, told in tabs if one is not tab]))
        self._known.add(tab)

    def hear(self, happened: "Happened") -> None:
        """Add, change or leave out a line, and write the file."""
        if happened.kind == "scroll":
            return self._note_scroll(happened)
        if not happened.is_placed:
            self._add(remark("what was done in a frame of another site is not written"))
            return self.write()
        match happened.kind:
            case "tap":
                self._tap(happened)
            case "drag":
                self._drag(happened)
            case "drop":
                self._drop(happened)
            case "upload":
                self._upload(happened)
            case "fill":
                self._fill(happened)
            case "choose":
                self._choose(happened)
            case "press":
                self._press(happened)
            case "check":
                self._check(happened)
            case "arrive" | "back" | "forward" | "reload":
                self._arrive(happened)
            case _:
                assert_never(happened.kind)
        self._last_ms = happened.at_ms or self._last_ms
        self.write()
        return None

    def miss(self) -> None:
        """Something was done in a tab that nobody could look at before it was over."""
        missed = remark("something was done here in a tab that was gone before it was looked at")
        if self._last() != missed:
            self._add(missed)
        self.write()

    def write(self) -> None:
        """The file as it is now."""
        self.draft.write(self.path)
        self._tell(len(self.draft.lines) - 1)

    def end(self) -> None:
        self.write()
        self._tell(len(self.draft.lines))

    def _tell(self, until: int) -> None:
        """Lines that nothing changes any more."""
        for line in self.draft.lines[self._told : max(until, self._told)]:
            if self._on_line is not None:
                self._on_line(str(line))
        self._told = max(self._told, until)

    # One for each kind of thing that happens.

    def _tap(self, happened: "Happened") -> None:
        if happened.count > 1 and happened.button == "left":
            return self._tap_again(happened)
        if happened.role == "file":
            return None  # which files it is given comes next
        self._keep_in_sight(happened)
        if happened.held:
            x, y = happened.point or (0, 0)
            for line in (*(f"page.keyboard.down({literal(key)})" for key in happened.held),):
                self._add(line)
            self._add(f"page.mouse.click({x:g}, {y:g})")
            for key in reversed(happened.held):
                self._add(f"page.keyboard.up({literal(key)})")
            return None
        said = self._said(happened)
        more = () if happened.button == "left" else (f"button={literal(happened.button)}",)
        self._add(replace(said, more=more), happened.key)
        return None

    def _tap_again(self, happened: "Happened") -> None:
        """The second click of two makes the first one a double tap; a third adds nothing that can be said."""
        last = self._last()
        if happened.count == 2 and isinstance(last, Said) and last.does == "tap":
            self._replace_last(replace(last, does="double_tap"), happened.key)
        elif happened.count == 2:
            self._add(replace(self._said(happened), does="double_tap"), happened.key)

    def _fill(self, happened: "Happened") -> None:
        """All that is typed into a field is one line, in the place of the click that went before."""
        while self._last() == pressed("Tab"):
            self._drop_last()
        value = literal(happened.value)
        last = self._last()
        if self._is_about(happened) and isinstance(last, Said) and last.does in ("tap", "double_tap"):
            said = replace(last, does="fill")
            self._drop_last()
            if self._is_about(happened) and isinstance(self._last(), Said) and self._last_does("fill"):
                self._drop_last()
        elif self._is_about(happened) and isinstance(last, Said) and last.does == "fill":
            said = last
            self._drop_last()
        else:
            self._keep_in_sight(happened)
            said = replace(self._said(happened), does="fill")
        if happened.is_secret:
            value = f"os.environ[{literal(variable_of(said.words).strip('_') or 'SECRET')}]"
        self._add(replace(said, more=(value,)), happened.key)

    def _choose(self, happened: "Happened") -> None:
        said, last = None, self._last()
        if self._is_about(happened) and isinstance(last, Said) and last.does in ("tap", "choose"):
            said = last
            self._drop_last()
        else:
            self._keep_in_sight(happened)
            said = self._said(happened)
        self._add(replace(said, does="choose", more=(literal(happened.value),)), happened.key)

    def _upload(self, happened: "Happened") -> None:
        names = ", ".join(happened.files)
        if happened.box is None:
            return self._add(remark(f"files were given here to what nobody sees ({names}): use set_input_files"))
        self._keep_in_sight(happened)
        said = replace(self._said(happened), does="upload", more=tuple(map(literal, happened.files)))
        self._add(remark("no browser tells where a file lies: give its whole path"))
        return self._add(said, happened.key)

    def _drag(self, happened: "Happened") -> None:
        self._keep_in_sight(happened)
        self._dragged = None if happened.box is None else replace(self._said(happened), does="drag")
        if self._dragged is None:
            self._add(remark("something was dragged here, which is not written: say it with page.mouse"))

    def _drop(self, happened: "Happened") -> None:
        said, self._dragged = self._dragged, None
        if said is not None:
            end = replace(self._said(happened), does="drag_to")
            self._add(replace(said, more=(literal(end.words),), ends=end), happened.key)

    def _press(self, happened: "Happened") -> None:
        if len(happened.value) == 1 or happened.value in NAMED_KEYS:
            self._add(pressed(*happened.held, happened.value))

    def _check(self, happened: "Happened") -> None:
        if not happened.value:
            return
        last = self._last()
        is_selecting = isinstance(last, Said) and last.does == "double_tap" and not _is_control(last)
        if happened.count == 0 and is_selecting:
            self._drop_last()
        sight = self._sight_for(happened)
        self._keep_in_sight(happened)
        words = f"'{happened.value}' is visible"
        frame = sight.screenshot.frame
        self._add(Said(does="check", words=words, frame=frame, url=sight.observation.url, shows=happened.value))

    def _arrive(self, happened: "Happened") -> None:
        """An address that a person typed, or the buttons of the browser; not what came of something in the page."""
        if 1000 * time() - self._last_ms < RECENT_MS:
            return
        match happened.kind:
            case "back":
                self._add("page.go_back()")
            case "forward":
                self._add("page.go_forward()")
            case "reload":
                self._add("page.reload()")
            case _:
                self._add(f"page.goto({literal(happened.value)})")
        self._drift = 0.0

    def _note_scroll(self, happened: "Happened") -> None:
        """What is scrolled within the time that an action has to settle comes from that."""
        if happened.at_ms - self._last_ms > 1000 * CALM_S:
            self._drift += happened.scroll[1] - self._scroll[1]
        self._scroll = happened.scroll

    # The lines, and the things that they are about.

    def _last(self) -> "Said | str | None":
        return self.draft.lines[-1] if self.draft.lines else None

    def _last_does(self, verb: str) -> bool:
        last = self._last()
        return isinstance(last, Said) and last.does == verb

    def _is_about(self, happened: "Happened") -> bool:
        return bool(self._keys) and self._keys[-1] == happened.key != ""

    def _add(self, line: Said | str, key: str = "") -> None:
        is_first = self._tab is self._first
        self.draft.lines.append(in_tab(line, is_first=is_first) if isinstance(line, str) else line)
        self._keys.append(key)

    def _replace_last(self, line: Said | str, key: str) -> None:
        self._drop_last()
        self._add(line, key)

    def _drop_last(self) -> None:
        self.draft.lines.pop()
        self._keys.pop()

    def _keep_in_sight(self, happened: "Happened") -> None:
        """Where a replay would not see the thing, because the person has scrolled, scroll to it first."""
        drift = self._drift + happened.scroll[1] - self._scroll[1]
        self._scroll = happened.scroll
        self._drift = drift
        if happened.box is None or not drift:
            return
        middle = (happened.box[1] + happened.box[3]) / 2 + drift
        if not 0 < middle < self.draft.viewport.height:
            if happened.kind == "check":
                self._add(f"page.mouse.wheel(0, {drift:g})")
            else:
                self._add(replace(self._said(happened), does="scroll_to"))
            self._drift = 0.0

    def _said(self, happened: "Happened") -> Said:
        sight = self._sight_for(happened)
        box = self._box(happened, sight)
        point = box.center if happened.point is None else Point(*happened.point).scale(*_twice(sight))
        point = point.clip(sight.size)
        element = element_at(sight, point)
        if element is None or (happened.name and element.name != happened.name):
            told = Element(box=box, role=happened.role, name=happened.name)
            element = told if happened.name or happened.role else element
        if element is not None and not element.box.contains(point):
            point = element.box.center
        sight_of_it = _told_of(sight, element)
        target = replace(target_at(sight_of_it, point, box), element=element)
        words = words_for(sight, point, element)
        return Said(
            does="tap",
            words=words,
            target=target,
            frame=sight.screenshot.frame,
            url=sight.observation.url,
        )

    def _box(self, happened: "Happened", sight: Sight) -> Box:
        """The place of the thing in pixels of the screenshot; a point has a box of one pixel."""
        x, y = happened.point or (0.0, 0.0)
        sides = happened.box or (x, y, x + 1, y + 1)
        box = Box(min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))
        kept = box.scale(*_twice(sight)).clip(sight.size)
        return kept if kept.width >= 1 and kept.height >= 1 else Box(0, 0, 1, 1)

    def _sight_for(self, happened: "Happened") -> Sight:
        """The last look before it happened; a later one, where only that shows the thing."""
        before = [seen for seen in self._seen if seen.until_ms <= happened.at_ms] or self._seen[:1]
        later = self._seen[self._seen.index(before[-1]) + 1 :]
        for seen in (before[-1], *later):
            box = self._box(happened, seen.sight)
            shown = element_at(seen.sight, box.center)
            if not happened.name or (shown is not None and shown.name == happened.name):
                return seen.sight
        return before[-1].sight


def _is_control(said: Said) -> bool:
    return said.target is not None and said.target.element is not None and bool(said.target.element.role)


def _scrolled(sight: Sight) -> tuple[float, float]:
    """How far the page is scrolled, in CSS pixels."""
    page, scale = sight.observation.page, sight.scale
    return (0.0, 0.0) if page is None else (-page.x1 / scale, -page.y1 / scale)


def _twice(sight: Sight) -> tuple[float, float]:
    return sight.scale, sight.scale


def _told_of(sight: Sight, element: Element | None) -> Sight:
    """The sight with what the page told of the thing, where it did so only as that was used."""
    if element is None or element in sight.elements:
        return sight
    known = (*sight.elements, element)
    return replace(sight, observation=replace(sight.observation, elements=known))
