"""A screen that exists only in memory: the public fake for tests, with every fault an environment can have."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Element, Observation, Point, Screenshot, Size, Tab
from ...tools import (
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    Drag,
    Finish,
    Forward,
    Navigate,
    Press,
    Reload,
    Scroll,
    SelectOption,
    Task,
    TypeText,
    Upload,
    Wait,
    points_of,
)
from ..environment import Facts
from ..points import refuse_off_screen
from .screen import FIRST_PAGE, MemoryItem, MemoryPage, Placed, draw

SCHEME = "memory:"
DEFAULT_SIZE = Size(1288, 728)


@dataclass(slots=True)
class _State:
    """What a reset forgets."""

    history: list[str]
    at: int = 0
    focus: str = ""
    selected_all: bool = False
    scrolled: float = 0.0
    values: dict[str, str] = field(default_factory=dict[str, str])
    moved: dict[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])


class MemoryEnvironment:
    """Pages of clickable rectangles. Same contract as a browser; every action that it was given is in `actions`.

    `size` is in input units, so that a `scale` of 2 gives a screenshot twice as wide, as on a dense display. The
    first page is the one called "start", or the first given; a URL `memory:NAME` shows the page NAME.
    """

    def __init__(
        self,
        pages: Iterable[MemoryPage] | Iterable[MemoryItem],
        *,
        size: Size = DEFAULT_SIZE,
        scale: float = 1.0,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._pages = _by_name(pages)
        self._first = FIRST_PAGE if FIRST_PAGE in self._pages else next(iter(self._pages))
        self._scale = scale
        self.size = Size(round(size.width * scale), round(size.height * scale))
        self._height = size.height
        self._secrets = dict(secrets or {})
        self._state = _State([self._first])
        self._open = False
        self._events: list[str] = []
        self._losses: list[str] = []
        self._lose_after = 0
        self._refusals: list[str] = []
        self._dead_actions = 0
        self.actions: list[Action] = []
        """Every action given to `step` since the environment was made, refused ones included."""
        self.clicks: list[tuple[Point, str]] = []
        """Where clicks landed, in screenshot pixels, and the name of the item there ("" for the background)."""
        self.closed = 0
        """How often `close` was called."""

    # What a test reads and sets.
    @property
    def page(self) -> str:
        """The name of the page on show."""
        return self._state.history[self._state.at]

    @property
    def values(self) -> Mapping[str, str]:
        """What was typed, chosen, ticked ("on") or uploaded, by item."""
        return self._state.values

    def box(self, name: str) -> Box:
        """Where an item of the page on show stands, in screenshot pixels."""
        for placed in self._placed():
            if placed.item.name == name:
                return placed.box
        raise UsageError(f"the page {self.page} has no item {name}")

    def happen(self, event: str) -> None:
        """Report this in the next observation, as a browser reports a dialog."""
        self._events.append(event)

    def show(self, page: str) -> None:
        """Change the page as if the application had done so by itself."""
        self._go(page)

    def lose(self, reason: str = "the screen is gone", *, after: int = 0) -> None:
        """Raise EnvironmentLost once `after` more actions are done, until the next reset or recovery."""
        self._losses.append(reason)
        self._lose_after = after

    def refuse(self, reason: str = "the screen did not take it", *, times: int = 1) -> None:
        """Answer the next actions with this error."""
        self._refusals.extend([reason] * times)

    def ignore(self, times: int = 1) -> None:
        """Let the next actions change nothing, without an error."""
        self._dead_actions += times

    # The contract of Environment.

    async def reset(self, task: Task) -> Observation:
        """The first page, or the one that the task's `memory:` URL names. Also brings a lost screen back."""
        self._losses.clear()
        self._open = True
        self._events.clear()
        self._state = _State([self._first])
        if task.start_url:
            page = self._page_of(task.start_url)
            if page is None:
                raise EnvironmentLost(f"{task.start_url} cannot be reached: there is no such page")
            self._state = _State([page])
        return self._show(None)

    async def recover(self) -> Observation:
        """The page on show, as if it were loaded anew: what was typed and the way back are gone."""
        if not self._open:
            raise EnvironmentLost("the screen is closed; reset it first")
        if self._losses:
            self._losses.clear()
            self._state = _State([self.page])
        return self._show(None)

    async def observe(self) -> Observation:
        await asyncio.sleep(0)
        self._require_open()
        return self._show(None)

    async def step(self, action: Action) -> Observation:
        """Do the action, or fail as it was told to: losses come first, then refusals, then dead actions."""
        await asyncio.sleep(0)
        self._require_open()
        self.actions.append(action)
        if self._losses:
            self._lose_after -= 1
            self._require_open()
        if self._refusals:
            return self._show(self._refusals.pop(0))
        if self._dead_actions:
            self._dead_actions -= 1
            return self._show(None)
        try:
            for point in points_of(action):
                refuse_off_screen(point, self.size)
            self._do(action)
        except ActionFailed as error:
            return self._show(str(error))
        return self._show(None)

    async def facts(self, action: Action) -> Facts:
        """The item at the first point of the action, or the one with the focus."""
        self._require_open()
        points = points_of(action)
        item = self._at(points[0]) if points else self._focused()
        href = (
            action.url if isinstance(action, Navigate) else f"{SCHEME}{item.leads_to}" if item and item.leads_to else ""
        )
        return Facts(
            point=points[0] if points else None,
            role=item.role if item else "",
            name=item.name if item else "",
            url=SCHEME + self.page,
            href=href,
            input_type=("password" if item.secret else "text") if item and item.role == "textbox" else "",
        )

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        self._require_open()
        boxes = (placed.box.clip(self.size) for placed in self._placed() if placed.item.secret)
        return tuple(box for box in boxes if box.area)

    async def close(self) -> None:
        self._open = False
        self.closed += 1

    # How it works.

    def _require_open(self) -> None:
        if not self._open:
            raise EnvironmentLost("the screen is closed; reset it first")
        if self._losses and self._lose_after <= 0:
            raise EnvironmentLost(self._losses[0])

    def _show(self, error: str | None) -> Observation:
        page = self._pages[self.page]
        pixels = draw(self._placed(), page.background, self.size, self._scale)
        events, self._events = tuple(self._events), []
        url = SCHEME + self.page
        return Observation(
            screenshot=Screenshot(pixels=pixels, scale=self._scale),
            url=url,
            title=self.page,
            tabs=(Tab(title=self.page, url=url, active=True),),
            error=error,
            events=events,
            elements=self._elements(),
        )

    def _elements(self) -> tuple[Element, ...]:
        """What is in sight and no other item covers in its middle."""
        seen = ((placed.item, placed.element(self.size)) for placed in self._placed() if placed.item.role != "text")
        return tuple(one for item, one in seen if one.box.area and self._at(one.box.center) is item)

    def _placed(self) -> tuple[Placed, ...]:
        state = self._state
        return tuple(
            Placed(
                item=item,
                box=self._box(item),
                value=state.values.get(item.name, ""),
                focused=item.name == state.focus,
            )
            for item in self._pages[self.page].items
        )

    def _box(self, item: MemoryItem) -> Box:
        dx, dy = self._state.moved.get(item.name, (0.0, 0.0))
        dy -= self._state.scrolled
        box = item.box
        return Box(box.x1 + dx, box.y1 + dy, box.x2 + dx, box.y2 + dy).scale(self._scale, self._scale)

    def _at(self, point: Point) -> MemoryItem | None:
        front_first = reversed(self._placed())
        return next((placed.item for placed in front_first if placed.box.contains(point)), None)

    def _focused(self) -> MemoryItem | None:
        return self._pages[self.page].item(self._state.focus)

    def _page_of(self, url: str) -> str | None:
        name = url.removeprefix(SCHEME)
        return name if name in self._pages else None

    def _go(self, page: str) -> None:
        if page not in self._pages:
            raise UsageError(f"there is no page {page}; known are {', '.join(self._pages)}")
        state = self._state
        state.history[state.at + 1 :] = [page]
        self._turn_to(state.at + 1)

    def _turn_to(self, at: int) -> None:
        if not 0 <= at < len(self._state.history):
            raise ActionFailed("there is no page to go to in that direction")
        self._state.at, self._state.focus, self._state.scrolled = at, "", 0.0

    def _do(self, action: Action) -> None:
        match action:
            case Click():
                self._click(action)
            case TypeText():
                self._type(self._text_of(action))
            case Press():
                self._press(action.keys)
            case Scroll():
                self._scroll(action.dy / self._scale)
            case Drag():
                self._drag(action.path)
            case SelectOption():
                self._select(action)
            case Upload():
                self._put(action.point, "file", ", ".join(action.paths))
            case Navigate():
                self._navigate(action.url)
            case Back():
                self._turn_to(self._state.at - 1)
            case Forward():
                self._turn_to(self._state.at + 1)
            case Reload():
                self._turn_to(self._state.at)
            case Wait() | CallTool() | Ask() | Finish():
                pass
            case _ if points_of(action):
                pass  # hover, long press and pinch change nothing here, but are recorded
            case _:
                raise ActionFailed(f"this screen has no {action.kind.replace('_', ' ')}")

    def _click(self, action: Click) -> None:
        item = self._at(action.point)
        self.clicks.append((action.point, item.name if item else ""))
        self._state.focus = item.name if item else ""
        self._state.selected_all = action.count > 1
        if item is None or action.button != "left":
            return
        if item.role == "checkbox":
            self._state.values[item.name] = "" if self._state.values.get(item.name) else "on"
        if item.leads_to and item.role != "textbox":
            self._go(item.leads_to)

    def _text_of(self, action: TypeText) -> str:
        if action.secret is None:
            return action.text or ""
        if action.secret not in self._secrets:
            raise ActionFailed(f"there is no secret {action.secret}")
        return self._secrets[action.secret]

    def _type(self, text: str) -> None:
        body, enter, _ = text.partition("\n")
        item = self._focused()
        if item is None or item.role != "textbox":
            raise ActionFailed("nothing that takes text has the focus")
        kept = "" if self._state.selected_all else self._state.values.get(item.name, "")
        self._state.values[item.name] = kept + body
        self._state.selected_all = False
        if enter:
            self._press(("Enter",))

    def _press(self, keys: tuple[str, ...]) -> None:
        item, values = self._focused(), self._state.values
        match keys:
            case ("Control" | "Meta" | "ControlOrMeta", "a" | "A"):
                self._state.selected_all = True
            case ("Backspace" | "Delete",) if item:
                values[item.name] = "" if self._state.selected_all else values.get(item.name, "")[:-1]
                self._state.selected_all = False
            case ("Enter",) if item and item.leads_to:
                self._go(item.leads_to)
            case ("Space",) if item and item.role == "checkbox":
                values[item.name] = "" if values.get(item.name) else "on"
            case (key,) if item and item.role == "textbox" and len(key) == 1:
                self._type(key)
            case ("Tab",):
                self._focus_next()
            case _:
                pass

    def _focus_next(self) -> None:
        names = [item.name for item in self._pages[self.page].items if item.role != "text"]
        if names:
            self._state.focus = names[
                (names.index(self._state.focus) + 1) % len(names) if self._state.focus in names else 0
            ]

    def _scroll(self, dy: float) -> None:
        furthest = max(0, self._pages[self.page].height - self._height)
        self._state.scrolled = min(max(self._state.scrolled + dy, 0), furthest)

    def _drag(self, path: tuple[Point, ...]) -> None:
        item = self._at(path[0])
        if item is None or not item.movable:
            return
        dx, dy = self._state.moved.get(item.name, (0.0, 0.0))
        moved = ((path[-1].x - path[0].x) / self._scale, (path[-1].y - path[0].y) / self._scale)
        self._state.moved[item.name] = (dx + moved[0], dy + moved[1])

    def _select(self, action: SelectOption) -> None:
        item = self._at(action.point)
        if item is not None and action.label not in item.options:
            raise ActionFailed(f"the list has no option {action.label!r}; it has {', '.join(item.options)}")
        self._put(action.point, "combobox", action.label)

    def _put(self, point: Point, role: str, value: str) -> None:
        item = self._at(point)
        if item is None or item.role != role:
            raise ActionFailed(f"there is no {role} at ({point.x:g}, {point.y:g})")
        self._state.values[item.name] = value

    def _navigate(self, url: str) -> None:
        page = self._page_of(url)
        if page is None:
            raise ActionFailed(f"{url} cannot be reached: there is no such page")
        self._go(page)


def _by_name(given: Iterable[MemoryPage] | Iterable[MemoryItem]) -> dict[str, MemoryPage]:
    """The pages by name; items alone make one page."""
    things = tuple(given)
    items = tuple(thing for thing in things if isinstance(thing, MemoryItem))
    pages = [thing for thing in things if isinstance(thing, MemoryPage)]
    if items or not pages:
        pages.insert(0, MemoryPage(items=items))
    named = {page.name: page for page in pages}
    for page in named.values():
        for item in page.items:
            if item.leads_to and item.leads_to not in named:
                raise UsageError(f"{item.name} leads to {item.leads_to}, which is not a page")
    return named
