"""A desktop of OSWorld as an environment, over the interface of its `DesktopEnv`.

That interface (https://github.com/xlang-ai/OSWorld, desktop_env/desktop_env.py): `reset(task_config)` and
`step(action, pause)` give observations with a screenshot in PNG; `render()` gives one picture; `evaluate()` a score.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, cast

from ...errors import ActionFailed, EnvironmentLost, UsageError
from ...screen import Box, Observation, Screenshot, read_image
from ...tools import Action, Ask, CallTool, Drag, Finish, LongPress, Press, Task, TypeText, Wait, points_of
from ..environment import Facts
from ..points import refuse_off_screen
from .calls import BlockingCalls
from .programs import Command, commands, program
from .strokes import Stroke, strokes
from .tree import Node, elements, node_at, nodes_of

Space = Literal["pyautogui", "computer_13"]
RESET_S = 600.0
"""A reset starts a virtual machine from a snapshot and sets the task up."""
EVALUATE_S = 300.0


class Desktop(Protocol):
    """What is used of OSWorld's DesktopEnv."""

    action_space: str

    def reset(self, task_config: dict[str, Any] | None = None) -> dict[str, Any]: ...
    def step(self, action: str | Command, pause: float = 2) -> tuple[dict[str, Any], float, bool, dict[str, Any]]: ...
    def render(self, mode: str = "rgb_array") -> bytes | None: ...
    def evaluate(self) -> float: ...
    def close(self) -> None: ...


class OSWorldEnvironment:
    """One virtual machine of OSWorld. Points are pixels of its screenshot.

    `task_config` is the content of one of its task files; it may be replaced before a reset. `pause_s` is how long the
    desktop waits after each step before it looks. Facts, elements and passwords come from the accessibility tree of
    the last step, where the desktop was made with `require_a11y_tree`. `can_paste` says that pyperclip is installed
    there, for text beyond ASCII, which goes through its clipboard. A desktop's calls block: each runs in a thread and
    raises EnvironmentLost after its deadline; a reset has `reset_s`, as it starts the machine.

    An agent keeps Finish to itself. Give it to `step` when the run is over: OSWorld scores tasks that cannot be done
    by whether the last step says so. Then `evaluate` scores the episode.
    """

    def __init__(
        self,
        desktop: Desktop,
        *,
        task_config: Mapping[str, Any] | None = None,
        pause_s: float = 1.0,
        can_paste: bool = False,
        tells_elements: bool = False,
        deadline_s: float = 120.0,
        reset_s: float = RESET_S,
    ) -> None:
        if desktop.action_space not in ("pyautogui", "computer_13"):
            raise UsageError(f"the action space {desktop.action_space} is not known; make it pyautogui or computer_13")
        self.desktop = desktop
        self.task_config = None if task_config is None else dict(task_config)
        self.instruction = ""
        """What the task asks for, after a reset."""
        self.is_done = False
        """Whether the episode has ended."""
        self.deadline_s = deadline_s
        self._space: Space = desktop.action_space
        self._pause_s = pause_s
        self._can_paste = can_paste
        self._tells_elements = tells_elements
        self._reset_s = reset_s
        self._calls = BlockingCalls("the desktop")
        self._is_started = False
        self._last: Screenshot | None = None
        self._tree: tuple[Node, ...] | None = None

    async def reset(self, task: Task) -> Observation:
        """Set the task of `task_config` up in a fresh machine; the goal of `task` is not read here."""
        self._last, self._tree, self.is_done, self._is_started = None, None, False, True
        seen = await self._call(self.desktop.reset, self.task_config, seconds=self._reset_s)
        self.instruction = str(seen.get("instruction") or "")
        return self._shown(seen)

    async def observe(self) -> Observation:
        self._require_open()
        return self._shown({"screenshot": await self._call(self.desktop.render)})

    async def step(self, action: Action) -> Observation:
        """Do one action, in as many commands as OSWorld has words for it; a Finish is told to it as DONE or FAIL."""
        last = self._require_open()
        try:
            for point in points_of(action):
                refuse_off_screen(point, last.size)
            steps = self._steps(action)
        except ActionFailed as failure:
            return self._shown({"screenshot": await self._call(self.desktop.render)}, error=str(failure))
        if not steps:
            return await self.observe()
        seen: dict[str, Any] = {}
        for number, (command, pause) in enumerate(steps, 1):
            pause = pause if pause is not None else self._pause_s if number == len(steps) else 0.0
            own_s = 2 * pause + (action.duration_s if isinstance(action, Drag | LongPress) else 0)
            seen, _, done, _ = await self._call(self.desktop.step, command, pause, seconds=self.deadline_s + own_s)
            self.is_done = self.is_done or bool(done)
        return self._shown(seen, before=None if isinstance(action, Finish) else last)

    async def facts(self, action: Action) -> Facts:
        """What the tree of the last step says of the action's first point, or of what has the focus."""
        self._require_open()
        points = points_of(action)
        nodes = self._tree or ()
        node = node_at(nodes, points[0]) if points else None
        if isinstance(action, TypeText | Press):
            node = next((node for node in reversed(nodes) if node.is_focused), None)
        kind = "" if node is None or node.role != "textbox" else "password" if node.is_password else "text"
        return Facts(
            point=points[0] if points else None,
            role=node.role if node else "",
            name=node.name if node else "",
            input_type=kind,
            screen="desktop",
        )

    async def sensitive_boxes(self) -> tuple[Box, ...]:
        """Fields for passwords in the tree of the last step; none are known without a tree."""
        size = self._require_open().size
        boxes = (node.box.clip(size) for node in self._tree or () if node.is_password)
        return tuple(box for box in boxes if box.area)

    async def evaluate(self) -> float:
        """OSWorld's own score of the episode, 0 to 1; it may open and close things on the desktop."""
        self._require_open()
        return float(await self._call(self.desktop.evaluate, seconds=max(self.deadline_s, EVALUATE_S)))

    async def close(self) -> None:
        """Stop the machine. A desktop that hangs is left behind."""
        self._last = None
        if not self._is_started:
            return
        self._is_started = False
        try:
            await self._calls.call(self.desktop.close, seconds=self.deadline_s)
        except EnvironmentLost:
            return

    def _steps(self, action: Action) -> list[tuple[str | Command, float | None]]:
        """What is given to the desktop, each with the pause after it where the action says how long."""
        match action:
            case Wait():
                return [("WAIT", action.seconds / 2)]  # it pauses once for the word, and once as always
            case Finish():
                return [("DONE" if action.status == "success" else "FAIL", 0.0)]
            case Ask() | CallTool():
                return []
            case _:
                return self._written(strokes(action, can_paste=self._can_paste))

    def _written(self, done: tuple[Stroke, ...]) -> list[tuple[str | Command, float | None]]:
        if not done:
            return []
        if self._space == "pyautogui":
            return [(program(done), None)]
        return [
            ("WAIT", cast(float, command["seconds"]) / 2) if command["action_type"] == "WAIT" else (command, None)
            for command in commands(done)
        ]

    def _require_open(self) -> Screenshot:
        if self._last is None:
            raise EnvironmentLost("no desktop is open; reset the environment first")
        return self._last

    def _shown(
        self, seen: Mapping[str, Any], error: str | None = None, *, before: Screenshot | None = None
    ) -> Observation:
        picture = seen.get("screenshot")
        try:
            shot = read_image(picture) if isinstance(picture, bytes) else None
        except UsageError as fault:
            raise self._lost(f"the desktop's picture cannot be read: {fault}") from None
        if shot is None:
            raise self._lost("the desktop gave no picture; its server may be down")
        self._last = shot
        if "accessibility_tree" in seen:
            self._tree = nodes_of(seen["accessibility_tree"])
        tells = self._tells_elements and self._tree is not None
        return Observation(
            screenshot=shot,
            error=error,
            elements=elements(self._tree or (), shot.size) if tells else None,
            effect=None if before is None else "nothing" if shot.frame == before.frame else "changed",
        )

    async def _call(self, function: Callable[..., Any], *arguments: Any, seconds: float | None = None) -> Any:
        try:
            return await self._calls.call(function, *arguments, seconds=seconds or self.deadline_s)
        except EnvironmentLost:
            self._last = None
            raise

    def _lost(self, sentence: str) -> EnvironmentLost:
        self._last = None
        return EnvironmentLost(sentence)
