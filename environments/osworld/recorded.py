"""A desktop that is only recorded: the public fake of OSWorld's DesktopEnv, with its interface."""

import ast
import re
import threading
import time
from collections.abc import Iterable
from typing import Any, Literal

from .programs import Command

HANG_S = 120
WORDS = ("WAIT", "DONE", "FAIL")
_CLICK = re.compile(r"pyautogui\.click\(x=(\d+), y=(\d+)")


class RecordedDesktop:
    """Shows recorded observations, one after another: each step that acts shows the next, the last one stays.

    An observation is a picture in PNG and an accessibility tree, or None. `actions` holds every action as it came,
    `pauses` the pause of each. `score` is what `evaluate` answers; `fault` is what goes wrong from now on.
    """

    def __init__(
        self,
        observations: Iterable[tuple[bytes, str | None]],
        *,
        action_space: Literal["pyautogui", "computer_13"] = "pyautogui",
        instruction: str = "",
        score: float = 1.0,
    ) -> None:
        self._observations = tuple(observations)
        self._at = 0
        self.action_space = action_space
        self.instruction = instruction
        self.score = score
        self.fault: Literal["", "hang", "raise", "no picture"] = ""
        self.released = threading.Event()
        """Set it to let a call go on that hangs."""
        self.actions: list[str | Command] = []
        self.pauses: list[float] = []
        self.task_configs: list[dict[str, Any] | None] = []
        self.closed = 0

    def reset(self, task_config: dict[str, Any] | None = None) -> dict[str, Any]:
        self._at = 0
        self.task_configs.append(task_config)
        return self._observation()

    def step(self, action: str | Command, pause: float = 2) -> tuple[dict[str, Any], float, bool, dict[str, Any]]:
        self.actions.append(action)
        self.pauses.append(pause)
        is_word = action in WORDS
        if is_word and action == "WAIT":
            time.sleep(pause)
        if not is_word:
            self._check(action)
            self._at = min(self._at + 1, len(self._observations) - 1)
        time.sleep(pause)
        info = {"DONE": {"done": True}, "FAIL": {"fail": True}}.get(action, {}) if isinstance(action, str) else {}
        return self._observation(), 0, bool(info), info

    def render(self, mode: str = "rgb_array") -> bytes | None:
        return self._observation()["screenshot"]

    def evaluate(self) -> float:
        return 0.0 if self.actions[-1:] == ["FAIL"] else self.score

    def close(self) -> None:
        self.closed += 1

    @property
    def clicks(self) -> tuple[tuple[int, int], ...]:
        """Where the clicks landed, in either form."""
        found: list[tuple[int, int]] = []
        for action in self.actions:
            if isinstance(action, str):
                found += [(int(x), int(y)) for x, y in _CLICK.findall(action)]
            elif action["action_type"] == "CLICK":
                parameters: Any = action["parameters"]
                found.append((parameters["x"], parameters["y"]))
        return tuple(found)

    def _check(self, action: str | Command) -> None:
        """What is no action raises, as it would there or on the machine."""
        if isinstance(action, str) != (self.action_space == "pyautogui"):
            raise TypeError(f"{action!r} is not of the action space {self.action_space}")
        if isinstance(action, str):
            ast.parse(action)

    def _observation(self) -> dict[str, Any]:
        if self.fault == "hang":
            self.released.wait(HANG_S)
        if self.fault == "raise":
            raise ConnectionError("the virtual machine is gone")
        picture, tree = self._observations[self._at]
        return {
            "screenshot": None if self.fault == "no picture" else picture,
            "accessibility_tree": tree,
            "terminal": None,
            "instruction": self.instruction,
        }
