"""One BrowserGym environment, driven over pipes: JSON lines come in on stdin, and go out on stdout.

Run by the Python of a virtual environment with browsergym-core in it; needs nothing else but the standard library.
An answer may be followed by the pixels of a screenshot, of which its first line tells the shape. What the libraries
print goes to stderr. An error that is not the page's ends the process: its last line says why.
"""

import importlib
import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

ROLES = {
    *("button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "option"),
    *("menuitem", "menuitemcheckbox", "menuitemradio", "tab", "slider", "spinbutton", "treeitem", "gridcell"),
}
MAX_ELEMENTS = 500
MAX_NAME_CHARS = 200
LEAST_VISIBLE = 0.5


class Server:
    """The environment, and what was last seen in it."""

    def __init__(self) -> None:
        self.environment: Any = None
        self.seen: dict[str, Any] = {}

    def make(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Open the environment that is asked for; `wrong` says why there is none."""
        task = str(request["task"])
        suite = re.match(r"browsergym/([a-z_]+)", task)
        if suite is None or importlib.util.find_spec("browsergym") is None:
            return {"wrong": f"{task} is not the name of a BrowserGym environment, or BrowserGym is not there"}, b""
        package = "core" if suite[1] == "openended" else suite[1]
        if importlib.util.find_spec(f"browsergym.{package}") is None:
            return {"wrong": f"this virtual environment has no browsergym-{package}"}, b""
        self._prepare(package)
        gymnasium: Any = importlib.import_module("gymnasium")
        importlib.import_module(f"browsergym.{package}")
        highlevel: Any = importlib.import_module("browsergym.core.action.highlevel")
        actions = highlevel.HighLevelActionSet(
            subsets=list(request["subsets"]), strict=True, multiaction=True, demo_mode="off"
        )
        settings = dict(request["settings"])
        try:
            self.environment = gymnasium.make(
                task, action_mapping=actions.to_python_code, disable_env_checker=True, **settings
            )
        except gymnasium.error.UnregisteredEnv as error:
            return {"wrong": f"BrowserGym has no environment {task}: {error}"}, b""
        return {}, b""

    def _prepare(self, package: str) -> None:
        """MiniWoB's pages come from the package miniwob where nobody says otherwise."""
        if package == "miniwob" and "MINIWOB_URL" not in os.environ:
            found = importlib.util.find_spec("miniwob")
            if found is not None and found.origin:
                os.environ["MINIWOB_URL"] = (Path(found.origin).parent / "html" / "miniwob").as_uri() + "/"

    def reset(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        self.seen, info = self.environment.reset(seed=request["seed"])
        return self._told(request, info)

    def step(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        self.seen, reward, terminated, truncated, info = self.environment.step(str(request["action"]))
        told, pixels = self._told(request, info)
        return told | {"reward": float(reward), "terminated": bool(terminated), "truncated": bool(truncated)}, pixels

    def _told(self, request: dict[str, Any], info: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        seen, picture = self.seen, self.seen["screenshot"]
        told = {
            "shape": list(picture.shape),
            "scale": self._scale(),
            "url": str(seen["url"]),
            "urls": [str(url) for url in seen["open_pages_urls"]],
            "titles": [str(title) for title in seen["open_pages_titles"]],
            "active": int(seen["active_page_index"][0]),
            "error": str(seen["last_action_error"]),
            "goal": str(seen["goal"]),
            "said": [str(one["message"]) for one in seen["chat_messages"] if one["role"] == "user"],
            "info": json.dumps(info.get("task_info"), default=str)[:10_000],
        }
        if request.get("elements"):
            told["elements"] = self._elements()
        return told, picture.tobytes()

    def _scale(self) -> float:
        return float(getattr(self.environment.unwrapped.page, "_bgym_scale_factor", 1.0))

    def facts(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The smallest thing with a role at a place, as of the last observation; the focused one without a place."""
        if request["x"] is None:
            focused = self.seen.get("focused_element_bid")
            named = [{"role": role, "name": name} for bid, role, name, _ in self._things() if bid == focused]
            return (named[0] if named else {}), b""
        there = [
            (box[2] * box[3], role, name)
            for _, role, name, box in self._things()
            if box[0] <= request["x"] < box[0] + box[2] and box[1] <= request["y"] < box[1] + box[3]
        ]
        return ({"role": min(there)[1], "name": min(there)[2]} if there else {}), b""

    def sensitive(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Fields for passwords in all frames, now, in pixels of the screenshot."""
        sync_api: Any = importlib.import_module("playwright.sync_api")
        boxes: list[list[float]] = []
        for frame in self.environment.unwrapped.page.frames:
            try:
                fields = [field.bounding_box() for field in frame.query_selector_all('input[type="password" i]')]
            except sync_api.Error:
                continue  # the frame went away meanwhile
            boxes += [[box["x"], box["y"], box["width"], box["height"]] for box in fields if box]
        scale = self._scale()
        return {"boxes": [[side * scale for side in box] for box in boxes]}, b""

    def _elements(self) -> list[dict[str, Any]]:
        things = [thing for thing in self._things() if thing[1] in ROLES]
        return [{"role": role, "name": name, "box": box} for _, role, name, box in things[:MAX_ELEMENTS]]

    def _things(self) -> list[tuple[str, str, str, list[float]]]:
        """Number, role, name and place of what is in sight and has a role."""
        places: dict[str, Any] = self.seen.get("extra_element_properties") or {}
        tree: Any = self.seen.get("axtree_object") or {}
        found: list[tuple[str, str, str, list[float]]] = []
        for node in tree.get("nodes", ()):
            bid = str(node.get("browsergym_id", ""))
            place = places.get(bid)
            if node.get("ignored") or place is None or not place["bbox"] or (place["visibility"] or 0) < LEAST_VISIBLE:
                continue
            role = str(node.get("role", {}).get("value", ""))
            name = str(node.get("name", {}).get("value", ""))[:MAX_NAME_CHARS]
            if role not in ("", "generic", "none", "RootWebArea"):
                found.append((bid, role, name, [float(side) for side in place["bbox"]]))
        return found

    def close(self) -> None:
        if self.environment is not None:
            self.environment.close()


def main() -> None:
    """Answer until stdin ends or the word is close."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not come between the answers
    server = Server()
    known = {"make": server.make, "reset": server.reset, "step": server.step}
    known |= {"facts": server.facts, "sensitive": server.sensitive}
    for line in sys.stdin.buffer:
        request = json.loads(line)
        if request["do"] == "close":
            break
        told, pixels = known[request["do"]](request)
        answers.write(json.dumps(told).encode() + b"\n" + pixels)
        answers.flush()
    server.close()


if __name__ == "__main__":
    main()
