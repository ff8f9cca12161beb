"""A run of an agent as a test in the words of `Ui`, with a recording that its own screenshots give.

What was refused, failed or was not for the screen is left out; what the words cannot say is written with Playwright.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from ...agent.export.source import as_name, at, literal, px, variable_of
from ...agent.record.folder import RunFolder
from ...agent.record.trace import Sight, Step, Trajectory
from ...agent.words import in_words
from ...errors import UsageError
from ...screen import Point, Size
from ...tools import (
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Forward,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Pinch,
    Press,
    Reload,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from .acted import TYPED_INTO, Acted, acted_in
from .draft import Draft, Said, in_tab, pressed, remark, switched
from .naming import ordinal, place_in
from .tabs import Tabs

FILE = "test_run.py"
SELECTS_ALL = (("Control", "a"), ("Meta", "a"))


def write_test(run_dir: Path | str, path: Path | None = None) -> Path:
    """Write the test and its recording. Without a path it goes into the folder of the run. Raises UsageError."""
    folder = RunFolder(Path(run_dir))
    if path is not None and path.exists():
        raise UsageError(f"{path} is there already: choose another name, or remove it first")
    path = folder.path / FILE if path is None else path
    if path.suffix != ".py":
        raise UsageError(f"a test is written to a file that ends in .py, not to {path.name!r}")
    draft_of(folder.read(), folder).write(path)
    return path


def draft_of(run: Trajectory, folder: RunFolder) -> Draft:
    """The test that does what the run did. Raises UsageError for a run without steps, or that was in no browser."""
    if not run.steps:
        raise UsageError(f"the run in {folder.path} has no step yet")
    first = run.steps[0].saw
    if not first.url:
        raise UsageError(f"the run in {folder.path} was not done in a browser: no test with a page does the same")
    goal = run.steps[0].goal if run.info is None else run.info.task.goal
    scale = first.scale or 1.0
    draft = Draft(
        name=as_name(goal),
        title=goal,
        url=first.url,
        viewport=Size(round(first.width / scale), round(first.height / scale)),
        scale=scale,
        by="" if run.info is None else run.info.model or run.info.policy,
    )
    _Writing(draft, _names(run, folder), Tabs(first.tabs)).write(run)
    return draft


def _names(run: Trajectory, folder: RunFolder) -> list[tuple[Step, list[tuple[Acted, str]]]]:
    """All that was done, step by step, with words for its things that mean one thing each on their page."""
    done = [(step, list(acted_in(step, folder))) for step in run.steps]
    places = defaultdict[tuple[str, str], list[Point]](list)
    for _, acts in done:
        for act in acts:
            known = places[act.url, act.words]
            if act.target is not None and act.words and not any(_is_same(act, point) for point in known):
                known.append(act.target.point)
    return [(step, [(act, _words(act, places[act.url, act.words])) for act in acts]) for step, acts in done]


def _is_same(act: Acted, point: Point) -> bool:
    return act.target is not None and act.target.box.contains(point)


def _words(act: Acted, places: list[Point]) -> str:
    """The name, with what the model called it where the run touched several of this name on one page."""
    if act.target is None:
        return ""
    if not act.words:
        return act.asked or f"the place {place_in(act.target.screen, act.target.point)}"
    if len(places) < 2:
        return act.words
    if act.asked and act.words.casefold() in act.asked.casefold() and act.words != act.asked:
        return act.asked
    ordered = sorted(places, key=lambda point: (point.y, point.x))
    return ordinal(act.words, next((n for n, point in enumerate(ordered) if _is_same(act, point)), 0))


class _Writing:
    """Lines for one action after another. What was scrolled and what was clicked may belong to the next."""

    def __init__(self, draft: Draft, done: list[tuple[Step, list[tuple[Acted, str]]]], tabs: Tabs) -> None:
        self.draft, self._done, self._tabs = draft, done, tabs
        self._scrolls: list[Scroll] = []
        self._scale = draft.scale

    def write(self, run: Trajectory) -> None:
        """Every step of the run as lines, with its goal above where that changes, and the address where it ends."""
        goal = self.draft.title
        for step, acts in self._done:
            if acts and step.goal != goal:
                self._add(remark(step.goal))
            goal = step.goal
            self._see(step.saw)
            for act, words in acts:
                self._write(act, words)
                self._tabs.follow(act.action)
        self._keep_scrolls()
        last = run.steps[-1]
        self._see(last.left or last.saw)
        self._add(f"expect(page).to_have_url({literal((last.left or last.saw).url)})")

    def _see(self, saw: Sight) -> None:
        """What was scrolled in one tab is not for a thing in another."""
        if not self._tabs.is_same(saw.tabs):
            self._keep_scrolls()
        self._tabs.see(saw.tabs)

    def _write(self, act: Acted, words: str) -> None:
        action = act.action
        if isinstance(action, Scroll) and not action.modifiers:
            self._scrolls.append(action)
            return
        if isinstance(action, TypeText):
            self._typed(act, action)
            return
        if isinstance(action, SwitchTab) and (tabs := self._tabs.one_of(action.index)) is not None:
            self._keep_scrolls()
            self._add(switched(*tabs))
            return
        said = self._said(act, words)
        if said is not None:
            self._scrolled_to(said)
            self._add(said)
            return
        self._keep_scrolls()
        for line in _plainly(act, self._scale):
            self._add(line)

    def _said(self, act: Acted, words: str) -> Said | None:
        """The action as one call of the words, where there is one."""
        one = Said(does="tap", words=words, target=act.target, frame=act.frame, url=act.url)
        match act.action:
            case Click(count=1, modifiers=(), button="left"):
                return one
            case Click(count=1, modifiers=(), button=button):
                return replace(one, more=(f"button={literal(button)}",))
            case Click(count=2, modifiers=(), button="left"):
                return replace(one, does="double_tap")
            case LongPress(duration_s=seconds):
                return replace(one, does="long_press", more=(f"seconds={px(seconds)}",))
            case Hover():
                return replace(one, does="hover")
            case SelectOption(label=label):
                return replace(one, does="choose", more=(literal(label),))
            case Upload(paths=paths):
                return replace(one, does="upload", more=tuple(map(literal, paths)))
            case _:
                return None

    def _typed(self, act: Acted, action: TypeText) -> None:
        """What is typed into a field that was just clicked fills it; a fill that goes on is one."""
        self._keep_scrolls()
        value = f"os.environ[{literal(variable_of(action.secret))}]" if action.secret else literal(action.text or "")
        lines = self.draft.lines
        selects = [pressed(*keys) for keys in SELECTS_ALL]
        at_field = len(lines) - 1
        if at_field >= 1 and str(lines[at_field]) in selects:
            at_field -= 1
        last = lines[at_field] if lines else None
        if isinstance(last, Said) and _is_click_on_field(last, act):
            lines[at_field:] = [replace(last, does="fill", more=(value,))]
            return
        for line in (f"page.keyboard.type({value})",) if action.secret else _keyboard(action.text or ""):
            self._add(line)

    def _scrolled_to(self, said: Said) -> None:
        if self._scrolls:
            self._add(replace(said, does="scroll_to", more=()))
        self._scrolls = []

    def _keep_scrolls(self) -> None:
        for scroll in self._scrolls:
            for line in _turned(scroll, self._scale):
                self._add(line)
        self._scrolls = []

    def _add(self, line: Said | str) -> None:
        is_first = self._tabs.is_home
        self.draft.lines.append(in_tab(line, is_first=is_first) if isinstance(line, str) else line)


def _is_click_on_field(said: Said, act: Acted) -> bool:
    known = None if said.target is None else said.target.element
    clicks = said.does in ("tap", "double_tap") and not said.more
    return clicks and (act.is_field or (known is not None and known.role in TYPED_INTO))


def _keyboard(text: str) -> Iterator[str]:
    """A tab is the Tab key, as in the run."""
    for column, cell in enumerate(text.split("\t")):
        if column:
            yield pressed("Tab")
        if cell:
            yield f"page.keyboard.type({literal(cell)})"


def _plainly(act: Acted, scale: float) -> Iterator[str]:
    """What the words of `Ui` cannot say, with Playwright; what that cannot either, as a comment."""
    action = act.action
    match action:
        case Click():
            yield from _held(action, _clicked(action, scale))
        case Drag():
            yield from _held(action, _dragged(action, scale))
        case Scroll():
            yield from _held(action, _turned(action, scale))
        case Press(keys=("GoBack",)) | Back():
            yield "page.go_back()"
        case Press():
            yield pressed(*action.keys)
        case Navigate():
            yield f"page.goto({literal(action.url)})"
        case Forward():
            yield "page.go_forward()"
        case Reload():
            yield "page.reload()"
        case Pinch() | NewTab() | SwitchTab() | CloseTab():
            yield remark(f"the run did here what a test has no word for: {in_words(action)}")
        case Wait() | CallTool() | Ask() | Finish():
            return
        case LongPress() | Hover() | SelectOption() | TypeText() | Upload():
            raise AssertionError(f"{action.kind} has words")
        case _:
            assert_never(action)


def _clicked(click: Click, scale: float) -> Iterator[str]:
    told = [at(click.point, scale)]
    if click.button != "left":
        told.append(f"button={literal(click.button)}")
    if click.count > 1:
        told.append(f"click_count={click.count}")
    yield f"page.mouse.click({', '.join(told)})"


def _dragged(drag: Drag, scale: float) -> Iterator[str]:
    yield f"page.mouse.move({at(drag.path[0], scale)})"
    yield "page.mouse.down()"
    yield from (f"page.mouse.move({at(point, scale)}, steps=8)" for point in drag.path[1:])
    yield "page.mouse.up()"


def _turned(scroll: Scroll, scale: float) -> Iterator[str]:
    yield f"page.mouse.move({at(scroll.point, scale)})"
    yield f"page.mouse.wheel({px(scroll.dx / scale)}, {px(scroll.dy / scale)})"


def _held(action: Click | Drag | Scroll, lines: Iterator[str]) -> Iterator[str]:
    yield from (f"page.keyboard.down({literal(key)})" for key in action.modifiers)
    yield from lines
    yield from (f"page.keyboard.up({literal(key)})" for key in reversed(action.modifiers))
