"""A test while it is being written: its lines, and beside them the recording that they are played by."""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ... import __version__
from ...agent.export.source import as_comment, literal, px
from ...errors import UsageError
from ...screen import Box, Screenshot, Size
from ...tools import Action
from ..recording.recorded import RecordedElement, RecordedLabel, RecordedOn, RecordedStep, RecordedTarget, Recording, Verb
from ..target import Target

SCALED = '''
@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return browser_context_args | {{"device_scale_factor": {scale}}}

'''


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
    scrolled: tuple[Action, ...] = ()

    def __str__(self) -> str:
        return f"ui.{self.does}({', '.join((literal(self.words), *self.more))})"


def pressed(*keys: str) -> str:
    """Keys that are pressed together, which no recording has to know."""
    return f"ui.press({', '.join(map(literal, keys))})"


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

    def recording(self) -> Recording:
        """What is known of the things that the calls are about, in their order."""
        counts: Counter[tuple[Verb, str]] = Counter()
        steps: list[RecordedStep] = []
        for one in self.lines:
            if not isinstance(one, Said):
                continue
            counts[one.does, one.words] += 1
            if one.frame:
                steps.append(_recorded(one, counts[one.does, one.words]))
        width, height = round(self.viewport.width * self.scale), round(self.viewport.height * self.scale)
        on = RecordedOn(
            clickwright=__version__,
            model=self.by,
            platform=sys.platform,
            width=width,
            height=height,
            scale=self.scale,
        )
        return Recording(test=f"test_{self.name}", on=on, steps=tuple(steps))

    def pictures(self) -> dict[str, Screenshot]:
        """The crops that the recording names."""
        targets = (one.target for one in self.lines if isinstance(one, Said) and one.target is not None)
        return {picture_of(target): target.crop for target in targets}

    def write(self, path: Path) -> None:
        """The test, and its recording beside it. Raises UsageError where it cannot be written."""
        from ..recording.files import write_recording

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.source(), "utf-8")
        except OSError as error:
            raise UsageError(f"{path} cannot be written: {error.strerror}") from None
        write_recording(recording_beside(path, self.name), self.recording(), self.pictures())

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


def picture_of(target: Target) -> str:
    """The file of a crop: those that show the same have one."""
    return f"{target.crop.frame[:16]}.png"


def _recorded(said: Said, nth: int) -> RecordedStep:
    return RecordedStep(
        does=said.does,
        words=said.words,
        nth=nth,
        frame=said.frame,
        url=said.url,
        target=None if said.target is None else _recorded_target(said.target),
        shows=said.shows,
        scrolled=said.scrolled,
    )


def _recorded_target(target: Target) -> RecordedTarget:
    known = target.element
    return RecordedTarget(
        picture=picture_of(target),
        box=_sides(target.box),
        point=(target.point.x, target.point.y),
        element=None
        if known is None
        else RecordedElement(role=known.role, name=known.name, value=known.value, states=known.states),
        anchors=tuple(RecordedLabel(text=label.text, box=_sides(label.box)) for label in target.anchors),
    )


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2
