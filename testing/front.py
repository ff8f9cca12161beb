"""The words of a test without `await`, and how a screen is opened for either."""

from collections.abc import Callable, Coroutine, Generator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from ..environments import Environment
from ..errors import UsageError
from ..screen import Box
from .budget import Budget
from .call import Done
from .eyes import Eyes
from .loop import OwnLoop
from .page_stage import PageStage
from .stage import Stage
from .ui import DEADLINE_S, AsyncUi
from .ways import Mode
from .ways.choose import choose_way

if TYPE_CHECKING:
    from ..environments.browser.sync_page import Page, SyncPage
    from .looks import Baselines

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")


def open_ui(
    screen: "Page | Environment | Stage",
    model: str | Eyes = "clickwright/mini",
    *,
    mode: Mode = "live",
    recording: Path | str | None = None,
    test: str = "",
    patches: Path | str | None = None,
    deadline_s: float = DEADLINE_S,
    budget: Budget | None = None,
    on_done: Callable[[Done], None] | None = None,
    baselines: "Baselines | None" = None,
) -> AsyncUi:
    """The words of a test over a page of Playwright's asynchronous interface, or over any environment.

    The model is only loaded where the mode needs one. `recording` is the file that is written or played, needed in all
    modes but live; `test` is the name that it gets, `patches` the folder for repairs of the mode heal. Raises
    UsageError for what does not go together.
    """
    stage = _stage(screen)
    file, folder = (None if path is None else Path(path) for path in (recording, patches))
    way = choose_way(mode, model, file, test=test, patches=folder)
    return AsyncUi(stage, way, deadline_s=deadline_s, budget=budget, on_done=on_done, baselines=baselines)


def _stage(screen: "Page | Environment | Stage") -> Stage:
    if isinstance(screen, Stage):
        return screen
    if hasattr(screen, "reset") and hasattr(screen, "step"):
        return Stage(screen)  # pyright: ignore[reportArgumentType]
    if hasattr(screen, "_sync"):
        raise UsageError("this is a page of playwright.sync_api: use Ui and the fixture ui, or open it asynchronously")
    if hasattr(screen, "goto") and hasattr(screen, "context"):
        return PageStage(screen)  # pyright: ignore[reportArgumentType]
    raise UsageError(f"a test is about a page of Playwright's or an environment, not {type(screen).__name__}")


class Ui:
    """`AsyncUi` for tests that do not wait with `await`: over a page of Playwright's synchronous interface, whose own
    loop is used, or over an environment, which gets a thread."""

    def __init__(
        self,
        screen: "SyncPage | Environment",
        model: str | Eyes = "clickwright/mini",
        *,
        mode: Mode = "live",
        recording: Path | str | None = None,
        test: str = "",
        patches: Path | str | None = None,
        deadline_s: float = DEADLINE_S,
        budget: Budget | None = None,
        on_done: Callable[[Done], None] | None = None,
        baselines: "Baselines | None" = None,
    ) -> None:
        """As `open_ui` has it."""
        self._loop: OwnLoop | None = None
        if hasattr(screen, "_sync"):
            from ..environments.browser.sync_page import driven

            over, self._run = driven(screen)  # pyright: ignore[reportArgumentType]
        else:
            over, self._loop = screen, OwnLoop()
            self._run = self._loop.run
        with ExitStack() as undoing:
            undoing.callback(self._end_loop)
            self.words = open_ui(
                over,  # pyright: ignore[reportArgumentType]
                model,
                mode=mode,
                recording=recording,
                test=test,
                patches=patches,
                deadline_s=deadline_s,
                budget=budget,
                on_done=on_done,
                baselines=baselines,
            )
            undoing.pop_all()

    def keep(self) -> Path | None:
        """Write what was recorded, or the patch with what was healed: to be called where the test has passed."""
        return self.words.keep()

    @property
    def done(self) -> list[Done]:
        return self.words.done

    def tap(self, target: str, *, description: str = "", button: Literal["left", "right", "middle"] = "left") -> None:
        """Click a thing once. With a `description`, `target` is a selector of Playwright's that is tried first."""
        self._do(self.words.tap(target, description=description, button=button))

    def double_tap(self, target: str, *, description: str = "") -> None:
        self._do(self.words.double_tap(target, description=description))

    def long_press(self, target: str, *, description: str = "", seconds: float = 0.8) -> None:
        self._do(self.words.long_press(target, description=description, seconds=seconds))

    def hover(self, target: str, *, description: str = "") -> None:
        self._do(self.words.hover(target, description=description))

    def fill(self, target: str, text: str, *, description: str = "") -> None:
        """Put the text into a field, in the place of what is in it."""
        self._do(self.words.fill(target, text, description=description))

    def choose(self, target: str, option: str, *, description: str = "") -> None:
        """Choose from a native list, by the words of the option."""
        self._do(self.words.choose(target, option, description=description))

    def upload(self, target: str, *files: Path | str, description: str = "") -> None:
        """Give files to a field for them."""
        self._do(self.words.upload(target, *files, description=description))

    def drag(self, target: str, to: str) -> None:
        """Press on a thing, and let it go over another one."""
        self._do(self.words.drag(target, to))

    def press(self, *keys: str) -> None:
        """Press keys together: `press("Control", "s")`."""
        self._do(self.words.press(*keys))

    def switch_tab(self, tab: str) -> None:
        """Go on in the only tab with these words in its title or address."""
        self._do(self.words.switch_tab(tab))

    def scroll_to(self, target: str, *, inside: str = "") -> Box:
        """Scroll down until the thing is in sight: the page, or the list or pane `inside` of it."""
        return self._do(self.words.scroll_to(target, inside=inside))

    def do(self, goal: str) -> None:
        """Several actions that the words ask for."""
        self._do(self.words.do(goal))

    def check(self, claim: str) -> None:
        """Raises CheckFailed with the reason where the claim does not hold, now; Inconclusive where nobody can tell."""
        self._do(self.words.check(claim))

    def wait_for(self, claim: str, *, seconds: float | None = None) -> None:
        """Like `check`, but the claim may come true later."""
        self._do(self.words.wait_for(claim, seconds=seconds))

    def get(self, what: str, type: type[_Value] = str) -> _Value:
        """What stands on the screen, as any type that pydantic reads: `get("total price", type=Decimal)`."""
        return self._do(self.words.get(what, type))

    def locate(self, target: str) -> Box:
        """Where the thing is, in pixels of the screenshot."""
        return self._do(self.words.locate(target))

    def to_look_like(
        self, name: str, *, area: str | Box | None = None, masks: Sequence[str | Box] = (), tolerance: float = 0.0
    ) -> None:
        """The screen, or an area of it, looks as its baseline does, but for what is masked; it may come to."""
        self._do(self.words.to_look_like(name, area=area, masks=masks, tolerance=tolerance))

    @contextmanager
    def freeze(self) -> Generator[None]:
        """Within this block, all questions are about one picture of the screen."""
        frozen = self.words.freeze()
        self._do(frozen.__aenter__())
        try:
            yield
        finally:
            self._do(frozen.__aexit__(None, None, None))

    def close(self) -> None:
        """Give the screen back. A page of the user's stays open; an environment is closed."""
        try:
            self._do(self.words.stage.end())
        finally:
            self._end_loop()

    def _end_loop(self) -> None:
        if self._loop is not None:
            self._loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _do(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        return self._run(work)
