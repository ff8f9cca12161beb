"""A test while it is being written: its lines, and beside them the recording that they are played by."""

import platform
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ... import __version__
from ...agent.export.source import as_comment, literal, px
from ...errors import UsageError
from ...screen import Size, Tab
from ..call import Call
from ..plain import tab_called
from ..recording import Recording, write_recording
from ..recording.recorded import RecordedOn, RecordedStep, Verb
from ..target import Target
from ..ways.record import Written

SCALED = """
@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return browser_context_args | {{"device_scale_factor": {scale}}}

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One call of the words of `Ui`. `more` are its further arguments, as source.

    `target` and `frame` are of the screenshot that it was done on; a call without them is in no recording.
    """

    does: Verb
    words: str
    more: tuple[str, ...] = ()
    target: Target | None = None
    frame: str = ""
    url: str = ""
    shows: str | None = None
    ends: "Said | None" = None
    """Where a drag ends, which a replay looks for first."""

    def __str__(self) -> str:
        return f"ui.{self.does}({', '.join((literal(self.words), *self.more))})"


def pressed(*keys: str) -> str:
    """Keys that are pressed together, which no recording has to know."""
    return f"ui.press({', '.join(map(literal, keys))})"


def switched(tab: Tab, others: Sequence[Tab]) -> str:
    """To this tab, by its title, else its address, which no recording has to know; a remark where both are others'."""
    for words in (tab.title, tab.url):
        if words and tab_called((tab, *others), words) == 0:
            return f"ui.switch_tab({literal(words)})"
    return remark(f"it goes on here in another tab, which nothing tells from the others: {tab.title or tab.url}")


def in_tab(line: str, *, is_first: bool) -> str:
    """Source that says `page`, which is the tab that the test begins in; a remark where it was done in another one."""
    return (
        line
        if is_first or not line.startswith(("page.", "expect(page)"))
        else remark(f"this was done in another tab: {line}")
    )


def remark(text: str) -> str:
    """A comment."""
    return f"# {as_comment(text)}"


@dataclass(slots=True, kw_only=True)
class Draft:
    """A test function `name` about a page. Lines are calls of `Ui`, or source as it stands.

    `viewport` is in CSS pixels, of which each has `scale` pixels of a screenshot.
    """

    name: str
    title: str
    url: str
    viewport: Size
    scale: float = 1.0
    by: str = ""
    """Who did it: the name of a model, or a person."""
    lines: list[Said | str] = field(default_factory=list["Said | str"])

    def source(self) -> str:
        """The whole file."""
        return "".join((*self._head(), *(f"    {line}\n" for line in self._body())))

    def recorded(self) -> Written:
        """What is known of the things that the calls are about, in their order, and how they looked."""
        counts, written = Counter[tuple[Verb, str]](), Written()
        for said in self.lines:
            if not isinstance(said, Said):
                continue
            for one in (said.ends, said):
                if one is None:
                    continue
                counts[one.does, one.words] += 1
                if one.frame:
                    _note(written, one, Call(does=one.does, words=one.words, nth=counts[one.does, one.words]))
        return written

    def recording(self, written: Written) -> Recording:
        """As its file holds it."""
        made = RecordedOn(
            clickwright=__version__,
            model=self.by,
            platform=platform.system().lower(),
            width=round(self.viewport.width * self.scale),
            height=round(self.viewport.height * self.scale),
            scale=self.scale,
        )
        return Recording(test=f"test_{self.name}", made=made, steps=tuple(written.steps.values()))

    def write(self, path: Path) -> None:
        """The test, and its recording beside it. Raises UsageError where it cannot be written."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.source(), "utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from None
        written = self.recorded()
        write_recording(recording_beside(path, self.name), self.recording(written), written.pictures)

    def _head(self) -> Iterator[str]:
        body = [str(line) for line in self._body()]
        reads, expects = any("os.environ[" in line for line in body), any("expect(" in line for line in body)
        yield f'"""{as_comment(self.title)}"""\n\n'
        if reads:
            yield "import os\n\n"
        if self.scale != 1:
            yield "import pytest\n"
        yield "from clickwright.testing import Ui\n"
        yield f"from playwright.sync_api import Page{', expect' if expects else ''}\n\n"
        if self.scale != 1:
            yield SCALED.format(scale=px(self.scale))
        yield f"\ndef test_{self.name}(ui: Ui, page: Page) -> None:\n"

    def _body(self) -> Iterator[str]:
        yield f'page.set_viewport_size({{"width": {self.viewport.width}, "height": {self.viewport.height}}})'
        if self.url:
            yield f"page.goto({literal(self.url)})"
        yield from map(str, self.lines)


def recording_beside(path: Path, name: str) -> Path:
    """Where the recording of a test is that a file holds."""
    return path.parent / f"{path.stem}.ui" / f"test_{name}.yaml"


def _note(written: Written, said: Said, call: Call) -> None:
    written.note(
        RecordedStep(
            does=said.does,
            words=said.words,
            nth=call.nth,
            frame=said.frame,
            page=said.url,
            target=None if said.target is None else written.target(call, said.target),
            shows=said.shows,
        )
    )
