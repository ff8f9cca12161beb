"""The two controls whose pop-ups no screenshot shows: native lists and file inputs."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import ElementHandle, Frame, JSHandle
from playwright.async_api import Error as PlaywrightError

from ...errors import ActionFailed
from ...screen import Box, Point
from .faults import reason_of
from .loading import LoadingPage
from .page import BrowserPage

INSIDE_S = 1.0
"""How long a frame is asked for what is in it: a quarter of a second is long, where it does not hang."""

CHOOSER_MS = 2000
FIELD_MS = 3000
_MAX_LABELS = 30

_ELEMENT_AT = """([x, y]) => {
  let found = document.elementFromPoint(x, y);
  while (found && found.shadowRoot) {
    const inner = found.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === found) break;
    found = inner;
  }
  return found;
}"""

# Where the viewport of a frame begins in the viewport of the page that holds it, and how many pixels of that page
# each of its pixels takes. Playwright's own boxes leave out borders and padding of frames of another origin.
_FRAME = """(frame) => {
  const box = frame.getBoundingClientRect(), style = getComputedStyle(frame);
  const across = box.width / frame.offsetWidth || 1, down = box.height / frame.offsetHeight || 1;
  return [box.left + (frame.clientLeft + parseFloat(style.paddingLeft)) * across,
          box.top + (frame.clientTop + parseFloat(style.paddingTop)) * down, across, down];
}"""

_BOX = "(element) => { const b = element.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; }"

_CONTROL = """(element, wanted) => {
  const label = element.closest("label");
  return element.closest(wanted) || (label && label.control && label.control.matches(wanted) ? label.control : null);
}"""

_IS_OPEN = "(list) => { try { return list.matches(':open') } catch { return false } }"


async def select_option(page: BrowserPage, point: Point, label: str) -> None:
    """Choose an option by its label: exact, else but for spaces and case. Raises ActionFailed with the labels."""
    chosen = await _control_at(page, point, "select")
    if chosen is None:
        raise ActionFailed(f"there is no native list at {_at(point)}; open it with a click instead")
    if await chosen.is_disabled():
        raise ActionFailed(f"the list at {_at(point)} is disabled")
    options: list[Any] = await chosen.evaluate("(list) => [...list.options].map((one) => [one.label, one.disabled])")
    labels = [str(one[0]) for one in options]
    index = _index_of(label, labels)
    if index is None:
        known = ", ".join(repr(one) for one in labels[:_MAX_LABELS])
        raise ActionFailed(f"the list has no option {label!r}; it has {known}")
    if options[index][1]:
        raise ActionFailed(f"the option {label!r} is disabled")
    if await chosen.evaluate(_IS_OPEN):
        await page.page.keyboard.press("Escape")  # the pop-up would choose again, once a key reaches it
    await chosen.select_option(index=index, timeout=FIELD_MS)


async def upload(page: BrowserPage, point: Point, paths: tuple[str, ...]) -> None:
    """Give files to the file input at the point, or to the one that a click there opens."""
    _require_files(paths)
    chosen = await _control_at(page, point, "input[type=file]")
    with _uploading(page, point):
        if chosen is not None:
            await chosen.set_input_files(list(paths), timeout=FIELD_MS)
            return
    await give_files(page, point, (await page.view()).to_input(point), paths)


async def give_files(page: LoadingPage, point: Point, place: Point, paths: tuple[str, ...]) -> None:
    """Click a place, in CSS pixels, and give the files to the chooser that opens. `point` is what errors call it."""
    _require_files(paths)
    with _uploading(page, point):
        async with page.page.expect_file_chooser(timeout=CHOOSER_MS) as opening:
            await page.page.mouse.click(place.x, place.y)
        await (await opening.value).set_files(list(paths), timeout=FIELD_MS)


@contextmanager
def _uploading(page: LoadingPage, point: Point) -> Generator[None]:
    """What is wrong with the upload, as ActionFailed; that a page asks for a file is no news meanwhile."""
    page.is_uploading = True
    try:
        yield
    except PlaywrightError as error:
        if "Timeout" in str(error):
            raise ActionFailed(f"nothing at {_at(point)} takes a file") from None
        raise ActionFailed(f"the file was not taken: {reason_of(error)}") from None
    finally:
        page.is_uploading = False


def _require_files(paths: tuple[str, ...]) -> None:
    for path in paths:
        if not Path(path).is_file():
            raise ActionFailed(f"there is no file {path}")


def _index_of(label: str, labels: list[str]) -> int | None:
    forms: tuple[Callable[[str], str], ...] = (str, _one_line, _folded)
    for form in forms:
        known = [form(one) for one in labels]
        if form(label) in known:
            return known.index(form(label))
    return None


def _folded(text: str) -> str:
    return _one_line(text).casefold()


def _one_line(text: str) -> str:
    return " ".join(text.split())


async def _control_at(page: BrowserPage, point: Point, selector: str) -> ElementHandle | None:
    """The control at the point, or the one whose label is there; through shadow roots and frames of any origin."""
    place = (await page.view()).to_viewport(point)
    frame = page.page.main_frame
    while True:
        element = (await frame.evaluate_handle(_ELEMENT_AT, [place.x, place.y])).as_element()
        if element is None:
            return None
        inner = await element.content_frame()
        if inner is None:
            control: JSHandle = await element.evaluate_handle(_CONTROL, selector)
            return control.as_element()
        left, top, across, down = map(float, await element.evaluate(_FRAME))
        frame, place = inner, Point((place.x - left) / across, (place.y - top) / down)


async def box_in_viewport(frame: Frame, element: ElementHandle) -> Box:
    """The box of an element of any frame, in CSS pixels of the viewport of the page."""
    x1, y1, x2, y2 = map(float, await element.evaluate(_BOX))
    box = Box.around(Point(x1, y1), Point(x2, y2))
    while frame.parent_frame is not None:
        holder = await frame.frame_element()
        left, top, across, down = map(float, await holder.evaluate(_FRAME))
        box = box.scale(across, down)
        box = Box(box.x1 + left, box.y1 + top, box.x2 + left, box.y2 + top)
        frame = frame.parent_frame
    return box


def _at(point: Point) -> str:
    return f"({point.x:g}, {point.y:g})"
