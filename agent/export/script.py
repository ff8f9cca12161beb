"""A run as a test with Playwright alone: the same actions, found again by role and name where the page told them.

What pages and models wrote stands in it as string literals only.
"""

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from ...screen import Point
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
from ..record.trace import Did, Step, Trajectory
from .source import as_comment, as_name, at, chord, px, variable_of

_HEAD = '''"""Does what the run did, without a model: {goal}"""

{imports}from playwright.sync_api import Page, expect


def test_{name}(page: Page) -> None:
    page.set_viewport_size({{"width": {width}, "height": {height}}})
    agreed = {agreed!r}
    page.context.on(
        "dialog",
        lambda dialog: dialog.accept(dialog.default_value) if dialog.type in agreed else dialog.dismiss(),
    )
'''
_AGREED = ("alert", "beforeunload")
"""What is agreed to in every run; what asks something is where the step says so."""
_ACCEPTED = re.compile(
    r"""a dialog \((confirm|prompt)\) said (?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*") and was (accepted)?.*"""
)
_ROLES = frozenset(
    (
        *("button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "option"),
        *("menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem", "gridcell"),
    )
)
"""Those by which Playwright finds things, of the roles that Chromium tells."""
_VALUED = frozenset({"Date", "DateTime", "InputTime", "ColorWell"})


def as_test(run: Trajectory) -> str:
    """The source of a test. What was refused, failed or was not for the screen is left out; the goal is its comment."""
    first, goal = run.steps[0].saw, _goal(run)
    scale = first.scale or 1.0
    imports = "import os\n\n" if _uses_secrets(run) else ""
    lines = [
        _HEAD.format(
            imports=imports,
            goal=as_comment(goal),
            name=as_name(goal),
            width=round(first.width / scale),
            height=round(first.height / scale),
            agreed=_AGREED,
        )
    ]
    lines += [f"    {line}\n" for line in _opening(run)]
    for step in run.steps:
        done = [line for did in step.did for line in _written(did, step)]
        if done and _opened_a_tab(step):
            done += ["page.wait_for_timeout(1000)", "page = page.context.pages[-1]"]
        if done and (kinds := _agreed(step)):
            done = [f"agreed = {(*_AGREED, *kinds)!r}", *done, f"agreed = {_AGREED!r}"]
        if done:
            lines += [f"    # {as_comment(step.goal)}\n", *(f"    {line}\n" for line in done)]
    lines += [f"    {line}\n" for line in _ending(run)]
    return "".join(lines)


def _goal(run: Trajectory) -> str:
    return run.steps[0].goal if run.info is None else run.info.task.goal


def _uses_secrets(run: Trajectory) -> bool:
    done = (did.action for step in run.steps for did in step.did)
    return any(isinstance(action, TypeText) and action.secret is not None for action in done)


def _opening(run: Trajectory) -> Iterator[str]:
    url = run.steps[0].saw.url
    if url:
        yield f"page.goto({url!r})"


def _ending(run: Trajectory) -> Iterator[str]:
    """The page on which the run ended."""
    last = run.steps[-1]
    seen = last.left or last.saw
    if seen.url:
        yield f"expect(page).to_have_url({seen.url!r})"


def _written(did: Did, step: Step) -> Iterator[str]:
    """The lines for one action that was done."""
    if did.verdict == "denied" or did.effect in ("failed", "not_done"):
        return
    scale = step.saw.scale or 1.0
    match did.action:
        case Click() | LongPress() | Hover() | Scroll() | Pinch() | SelectOption() | Upload() | Drag():
            yield from _at_a_place(did.action, did, scale)
        case TypeText(text=str(text)):
            yield from _typed(text, did.role)
        case TypeText(secret=secret):
            yield f"page.keyboard.type(os.environ[{variable_of(secret or '')!r}])"
        case Press(keys=("GoBack",)):
            yield "page.go_back()"
        case Press(keys=keys):
            yield f"page.keyboard.press({chord(keys)!r})"
        case Navigate(url=url):
            yield f"page.goto({url!r})"
        case Back():
            yield "page.go_back()"
        case Forward():
            yield "page.go_forward()"
        case Reload():
            yield "page.reload()"
        case NewTab(url=url):
            yield "page = page.context.new_page()"
            yield f"page.goto({url!r})"
        case SwitchTab(index=index):
            yield f"page = page.context.pages[{index}]"
        case CloseTab(index=index):
            yield "page.close()" if index is None else f"page.context.pages[{index}].close()"
            yield "page = page.context.pages[-1] if page.is_closed() else page"
        case Wait(seconds=seconds):
            yield f"page.wait_for_timeout({px(1000 * seconds)})"
        case CallTool() | Ask() | Finish():
            return
        case _:
            assert_never(did.action)


def _typed(text: str, role: str) -> Iterator[str]:
    """A tab is the Tab key, as in the run; a field for dates and the like is given its value."""
    if role in _VALUED:
        yield f"page.locator(':focus').fill({text!r})"
        return
    for column, cell in enumerate(text.split("\t")):
        if column:
            yield "page.keyboard.press('Tab')"
        if cell:
            yield f"page.keyboard.type({cell!r})"


def _agreed(step: Step) -> list[str]:
    """The sorts of dialogs that ask something and were agreed to in this step, each time."""
    told = [_ACCEPTED.fullmatch(event) for event in (step.left.events if step.left else ())]
    answers = {(one[1], one[2] is not None) for one in told if one}
    return sorted(kind for kind, is_accepted in answers if is_accepted and (kind, False) not in answers)


def _opened_a_tab(step: Step) -> bool:
    is_asked = any(isinstance(did.action, NewTab | SwitchTab) for did in step.did)
    return not is_asked and step.left is not None and len(step.left.tabs) > len(step.saw.tabs)


def _at_a_place(
    action: Click | LongPress | Hover | Scroll | Pinch | SelectOption | Upload | Drag, did: Did, scale: float
) -> Iterator[str]:
    thing = _found(did)
    match action:
        case Click():
            yield from _clicked(action, thing, scale)
        case LongPress():
            yield f"page.mouse.move({at(action.point, scale)})"
            yield from (
                "page.mouse.down()",
                f"page.wait_for_timeout({px(1000 * action.duration_s)})",
                "page.mouse.up()",
            )
        case Hover():
            yield f"{thing}.hover()" if thing else f"page.mouse.move({at(action.point, scale)})"
        case Scroll():
            turn = f"page.mouse.wheel({px(action.dx / scale)}, {px(action.dy / scale)})"
            yield from _held(action, (f"page.mouse.move({at(action.point, scale)})", turn))
        case Drag():
            start, *further = (at(point, scale) for point in action.path)
            moves = (f"page.mouse.move({place}, steps=8)" for place in further)
            yield from _held(action, (f"page.mouse.move({start})", "page.mouse.down()", *moves, "page.mouse.up()"))
        case SelectOption():
            yield f"{thing or _under(action.point, scale)}.select_option(label={action.label!r})"
        case Upload():
            yield f"{thing or _under(action.point, scale)}.set_input_files({list(action.paths)!r})"
        case Pinch():
            yield f"# two fingers zoomed by {action.factor:g}, which Playwright has no word for"


def _clicked(click: Click, thing: str, scale: float) -> Iterator[str]:
    told: list[str] = []
    if click.button != "left":
        told.append(f"button={click.button!r}")
    if click.count > 1:
        told.append(f"click_count={click.count}")
    if thing:
        if click.modifiers:
            told.append(f"modifiers={list(click.modifiers)!r}")
        yield f"{thing}.click({', '.join(told)})"
        return
    yield from _held(click, (f"page.mouse.click({', '.join((at(click.point, scale), *told))})",))


def _held(action: Click | Drag | Scroll, lines: Iterable[str]) -> Iterator[str]:
    yield from (f"page.keyboard.down({key!r})" for key in action.modifiers)
    yield from lines
    yield from (f"page.keyboard.up({key!r})" for key in reversed(action.modifiers))


def _found(did: Did) -> str:
    """How the thing is found again by what it is called; empty where it has no name, or is no control."""
    if did.role not in _ROLES or not did.name:
        return ""
    return f"page.get_by_role({did.role!r}, name={did.name!r}, exact=True).first"


def _under(point: Point, scale: float) -> str:
    place = "([x, y]) => document.elementFromPoint(x, y)"
    return f"page.evaluate_handle({place!r}, [{at(point, scale)}]).as_element()"
