"""The program behind a RecordedGym: plays gymnasium and BrowserGym for the script that it is given, and runs that.

The first argument is the folder of the recording, the second the script. What is played is what the script uses:
`gymnasium.make` and its errors, `BrowserEnv` and `HighLevelActionSet`, a page with frames.
"""

import ast
import importlib.util
import json
import sys
import time
from functools import partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

HANG_S = 120
NAMES = {
    *("noop", "send_msg_to_user", "report_infeasible", "scroll_at", "mouse_move", "mouse_up", "mouse_down"),
    *("mouse_click", "mouse_dblclick", "mouse_upload_file", "keyboard_down", "keyboard_up", "keyboard_press"),
    *("keyboard_type", "keyboard_insert_text", "goto", "go_back", "go_forward", "new_tab", "tab_focus", "tab_close"),
}


class UnregisteredEnv(Exception):  # noqa: N818 - gymnasium's own name
    pass


class HighLevelActionSet:
    """Reads calls with literal arguments and nothing else, as BrowserGym's strict parser does."""

    def __init__(self, *, subsets: list[str], strict: bool, multiaction: bool, demo_mode: str) -> None:
        if not {"coord", "nav", "tab"} <= set(subsets) or not strict or not multiaction:
            raise ValueError("not the action set that is played")

    def to_python_code(self, action: str) -> str:
        read_calls(action)
        return action


def read_calls(action: str) -> list[tuple[Any, ...]]:
    """Names and arguments. Raises ValueError for anything but known names with literals."""
    found: list[tuple[Any, ...]] = []
    for statement in ast.parse(action).body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in NAMES:
            raise ValueError(f"not a known call: {ast.unparse(statement)}")
        found.append((call.func.id, *(ast.literal_eval(argument) for argument in call.args)))
    return found


class RecordedEnv:
    def __init__(self, folder: Path, action_mapping: Any) -> None:
        self._folder = folder
        self._mapping = action_mapping
        self._told: dict[str, Any] = json.loads((folder / "told.json").read_text("utf-8"))
        self._pictures = [np.load(folder / f"{number}.npy") for number in (0, 1)]
        self._chat: list[dict[str, str]] = []
        self._is_solved = False
        self._pages = ["http://127.0.0.1/task.html"]
        self._active = 0
        self.page = SimpleNamespace(_bgym_scale_factor=self._told["scale"], frames=[self])
        self.unwrapped = self

    def reset(self, *, seed: int | None) -> tuple[dict[str, Any], dict[str, Any]]:
        self._is_solved, self._pages, self._active = False, self._pages[:1], 0
        self._chat = [{"role": "user", "message": self._told["goal"]}]
        return self._observation(""), {"task_info": {"seed": seed}}

    def step(self, action: str) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        fault = (self._folder / "fault").read_text("utf-8")
        if fault == "hang":
            time.sleep(HANG_S)
        if fault == "crash":
            raise RuntimeError("the browser is gone")
        for call in read_calls(self._mapping(action)):
            with (self._folder / "log.jsonl").open("a", encoding="utf-8") as log:
                log.write(json.dumps(call) + "\n")
            self._do(*call)
        error = "TimeoutError: Timeout 500ms exceeded." if fault == "refuse" else ""
        return self._observation(error), float(self._is_solved), self._is_solved, False, {"task_info": {}}

    def close(self) -> None:
        (self._folder / "closed").touch()

    def _do(self, name: str, *arguments: Any) -> None:
        box = self._told["solved_by"]
        match name:
            case "mouse_click" if box:
                x, y, _ = arguments
                self._is_solved = box["x1"] <= x < box["x2"] and box["y1"] <= y < box["y2"]
            case "goto":
                self._pages[self._active] = arguments[0]
            case "new_tab":
                self._pages.append("about:blank")
                self._active = len(self._pages) - 1
            case "tab_focus":
                self._active = arguments[0]
            case "tab_close":
                self._pages.pop(self._active)
                self._active = len(self._pages) - 1
            case "send_msg_to_user":
                self._chat.append({"role": "assistant", "message": arguments[0]})
            case _:
                pass

    def _observation(self, error: str) -> dict[str, Any]:
        things = self._told["things"]
        return {
            "screenshot": self._pictures[int(self._is_solved)],
            "url": self._pages[self._active],
            "open_pages_urls": tuple(self._pages),
            "open_pages_titles": tuple(f"Page {number}" for number in range(len(self._pages))),
            "active_page_index": np.asarray([self._active]),
            "last_action_error": error,
            "goal": self._told["goal"],
            "chat_messages": tuple(self._chat),
            "extra_element_properties": {str(n): _place(thing) for n, thing in enumerate(things)},
            "axtree_object": {"nodes": [_node(n, thing) for n, thing in enumerate(things)]},
            "focused_element_bid": next((str(n) for n, thing in enumerate(things) if thing["focused"]), ""),
        }

    def query_selector_all(self, selector: str) -> list[Any]:
        """Of the one frame: the fields for passwords, in CSS pixels as Playwright tells them."""
        return [
            SimpleNamespace(bounding_box=partial(_sides, thing, self._told["scale"]))
            for thing in self._told["things"]
            if thing["password"]
        ]


def _sides(thing: dict[str, Any], scale: float) -> dict[str, float]:
    box = thing["box"]
    sides = {"x": box["x1"], "y": box["y1"], "width": box["x2"] - box["x1"], "height": box["y2"] - box["y1"]}
    return {name: side / scale for name, side in sides.items()}


def _place(thing: dict[str, Any]) -> dict[str, Any]:
    return {"bbox": list(_sides(thing, 1.0).values()), "visibility": 1.0, "clickable": True}


def _node(number: int, thing: dict[str, Any]) -> dict[str, Any]:
    told = {"role": {"value": thing["role"]}, "name": {"value": thing["name"]}}
    return {"browsergym_id": str(number), "ignored": False, **told}


def _play(folder: Path) -> None:
    """Put the played packages where an import finds them."""
    task = json.loads((folder / "told.json").read_text("utf-8"))["task"]

    def make(name: str, *, action_mapping: Any, disable_env_checker: bool, **settings: Any) -> RecordedEnv:
        if name != task:
            raise UnregisteredEnv(f"Environment `{name}` doesn't exist.")
        return RecordedEnv(folder, action_mapping)

    suite = task.partition("/")[2].partition(".")[0]
    _module("gymnasium", make=make, registry={task: make}, error=SimpleNamespace(UnregisteredEnv=UnregisteredEnv))
    for name in ("browsergym", f"browsergym.{suite}", "browsergym.core", "browsergym.core.action"):
        _module(name)
    _module("browsergym.core.action.highlevel", HighLevelActionSet=HighLevelActionSet)
    _module("playwright", sync_api=None)
    _module("playwright.sync_api", Error=ConnectionError)


def _module(name: str, **members: Any) -> None:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None, is_package=True)
    module.__path__ = []
    vars(module).update(members)
    sys.modules[name] = module


def main(folder: Path, script: Path) -> None:
    """Run the script's own `main` with the played packages."""
    _play(folder)
    spec = importlib.util.spec_from_file_location("server", script)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
