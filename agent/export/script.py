"""A run as a test for pytest and Playwright: the same actions, found again by role and name where the page told them.

What pages and models wrote stands in it as string literals only.
"""

import re
from collections.abc import Iterator
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
from ..trace import Did, Step, Trajectory

_HEAD = '''"""Does what the run did, without a model: {goal}"""

{imports}from playwright.sync_api import Page, expect


def test_{name}(page: Page) -> None:
    page.set_viewport_size({{"width": {width}, "height": {height}}})
'''
_ROLES = frozenset(
    (
        *("button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "option"),
        *("menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem", "gridcell"),
    )
)
"""Those by which Playwright finds things, of the roles that Chromium tells."""
_MAX_NAME_CHARS = 60


def as_test(run: Trajectory) -> str:
    """The source of a test. What was refused, failed or was not for the screen is left out; the goal is its comment."""
    first, goal = run.steps[0].saw, _goal(run)
    scale = first.scale or 1.0
    imports = "import os\n\n" if _uses_secrets(run) else ""
    lines = [
        _HEAD.format(
            imports=imports,
            goal=_comment(goal),
            name=_name(goal),
            width=_px(first.width / scale),
            height=_px(first.height / scale),
        )
    ]
    lines += [f"    {line}\n" for line in _opening(run)]
    for step in run.steps:
        done = [line for did in step.did for line in _written(did, step)]
        if done:
            lines += [f"    # {_comment(step.goal)}\n", *(f"    {line}\n" for line in done)]
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
            yield f"page.keyboard.type({text!r})"
        case TypeText(secret=secret):
            yield f"page.keyboard.type(os.environ[{_variable(secret or '')!r}])"
        case Press(keys=keys):
            yield f"page.keyboard.press({'+'.join(keys)!r})"
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
        case CloseTab():
            yield "page.close()"
            yield "page = page.context.pages[-1]"
        case Wait(seconds=seconds):
            yield f"page.wait_for_timeout({_px(1000 * seconds)})"
        case CallTool() | Ask() | Finish():
            return
        case _:
            assert_never(did.action)


def _at_a_place(
    action: Click | LongPress | Hover | Scroll | Pinch | SelectOption | Upload | Drag, did: Did, scale: float
) -> Iterator[str]:
    thing = _found(did)
    match action:
        case Click():
            yield from _clicked(action, thing, scale)
        case LongPress():
            yield f"page.mouse.move({_at(action.point, scale)})"
            yield from (
                "page.mouse.down()",
                f"page.wait_for_timeout({_px(1000 * action.duration_s)})",
                "page.mouse.up()",
            )
        case Hover():
            yield f"{thing}.hover()" if thing else f"page.mouse.move({_at(action.point, scale)})"
        case Scroll():
            yield f"page.mouse.move({_at(action.point, scale)})"
            yield f"page.mouse.wheel({_px(action.dx / scale)}, {_px(action.dy / scale)})"
        case Drag():
            yield f"page.mouse.move({_at(action.path[0], scale)})"
            yield "page.mouse.down()"
            yield from (f"page.mouse.move({_at(point, scale)}, steps=8)" for point in action.path[1:])
            yield "page.mouse.up()"
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
    yield from (f"page.keyboard.down({key!r})" for key in click.modifiers)
    yield f"page.mouse.click({', '.join((_at(click.point, scale), *told))})"
    yield from (f"page.keyboard.up({key!r})" for key in reversed(click.modifiers))


def _found(did: Did) -> str:
    """How the thing is found again by what it is called; empty where it has no name, or is no control."""
    if did.role not in _ROLES or not did.name:
        return ""
    return f"page.get_by_role({did.role!r}, name={did.name!r}, exact=True).first"


def _under(point: Point, scale: float) -> str:
    place = "([x, y]) => document.elementFromPoint(x, y)"
    return f"page.evaluate_handle({place!r}, [{_at(point, scale)}]).as_element()"


def _at(point: Point, scale: float) -> str:
    return f"{_px(point.x / scale)}, {_px(point.y / scale)}"


def _px(number: float) -> str:
    return f"{round(number, 2):g}"


def _variable(secret: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", secret.upper())


def _name(goal: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", goal.lower()).strip("_")[:_MAX_NAME_CHARS].rstrip("_")
    return words or "the_run"


def _comment(text: str) -> str:
    """One line of printable characters that ends no literal."""
    flat = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(flat.replace("\\", "/").replace('"', "'").split())[:200]
