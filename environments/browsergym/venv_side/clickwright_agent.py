"""A Clickwright agent for BrowserGym's and AgentLab's loops. Runs in their virtual environment, which has none of ours.

    from clickwright_agent import ClickwrightAgentArgs
    args = ClickwrightAgentArgs(python="/path/of/clickwright/venv/bin/python", options={"model": "clickwright/mini"})

The policy runs in a process of its own, of Clickwright's Python; the two talk over pipes. The interface is that of
`browsergym.experiments.agent.Agent` and `AbstractAgentArgs`, as read in their source.
"""

import importlib
import json
import os
import subprocess
from dataclasses import dataclass, field
from typing import Any

SUBSETS = ["chat", "infeas", "coord", "nav", "tab"]
KEPT = (  # of an observation; the trees of the page are not needed, and are the largest part of what a loop records
    *("screenshot", "goal", "goal_object", "chat_messages", "url", "open_pages_urls", "open_pages_titles"),
    *("active_page_index", "last_action", "last_action_error", "elapsed_time"),
)
END_S = 10.0


class ClickwrightAgent:
    """Decides by the screenshot. `command` starts the process that holds the policy, for one episode."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: Any = None
        self._action_set: Any = None

    @property
    def action_set(self) -> Any:
        """BrowserGym's set of coordinate, tab, page and chat actions; it reads the calls strictly."""
        if self._action_set is None:
            highlevel: Any = importlib.import_module("browsergym.core.action.highlevel")
            self._action_set = highlevel.HighLevelActionSet(
                subsets=SUBSETS, strict=True, multiaction=True, demo_mode="off"
            )
        return self._action_set

    def obs_preprocessor(self, obs: dict[str, Any]) -> dict[str, Any]:
        """The observation without the trees of the page; with a screenshot where the loop gave the page itself."""
        kept = {key: obs[key] for key in KEPT if key in obs}
        if "screenshot" not in kept:
            observation: Any = importlib.import_module("browsergym.core.observation")
            kept["screenshot"] = observation.extract_screenshot(obs["page"])
        return kept

    def get_action(self, obs: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """The next calls, and what was thought. None, which ends the episode, where the model gave no answer.

        Raises RuntimeError when the process of the policy has ended; its own words are on stderr.
        """
        if self._process is None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self._ask({"do": "begin", "goal": str(obs["goal"])}, b"")
        picture = obs["screenshot"]
        request = {
            "do": "act",
            "shape": list(picture.shape),
            "url": str(obs["url"]),
            "urls": [str(url) for url in obs["open_pages_urls"]],
            "titles": [str(title) for title in obs["open_pages_titles"]],
            "active": int(obs["active_page_index"][0]),
            "error": str(obs["last_action_error"]),
        }
        told = self._ask(request, picture.tobytes())
        stats = {} if told.get("confidence") is None else {"confidence": told["confidence"]}
        info: dict[str, Any] = {"think": told.get("thought") or told.get("target") or "", "stats": stats}
        if told["action"] is None:
            info["err_msg"] = told["error"]
        return told["action"], info

    def close(self) -> None:
        """End the process of the policy."""
        process, self._process = self._process, None
        if process is None:
            return
        process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()

    def __del__(self) -> None:
        self.close()  # the loops have no word for the end of an agent

    def _ask(self, request: dict[str, Any], pixels: bytes) -> dict[str, Any]:
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n" + pixels)
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = b""
        if not line:
            raise RuntimeError(f"the process of the policy has ended ({' '.join(self._command)})")
        return json.loads(line)


@dataclass
class ClickwrightAgentArgs:
    """What the loops make agents from. `python` is that of Clickwright, `options` the arguments of its `load_policy`.

    With a `script`, that is run instead: one that calls `clickwright.serving.policy.serve` with a policy of your own.
    """

    python: str = ""
    options: dict[str, Any] = field(default_factory=lambda: {"model": "clickwright/mini"})
    script: str = ""
    agent_name: str = "Clickwright"
    use_raw_page_output: bool = True
    """AgentLab reads it: its loop then leaves out the trees of the page, which are most of the work of looking."""

    def make_agent(self) -> ClickwrightAgent:
        """An agent for one episode. Raises ValueError where no Python of Clickwright is named."""
        python = self.python or os.environ.get("CLICKWRIGHT_PYTHON", "")
        if not python:
            raise ValueError("say which Python has Clickwright: python=..., or the variable CLICKWRIGHT_PYTHON")
        if self.script:
            return ClickwrightAgent([python, self.script])
        return ClickwrightAgent([python, "-m", "clickwright.serving.policy", json.dumps(self.options)])

    def prepare(self) -> None:
        """Nothing is needed before an experiment."""

    def close(self) -> None:
        """Nothing is left after an experiment."""

    def set_benchmark(self, benchmark: Any, demo_mode: Any) -> None:
        """The agent is the same for all benchmarks."""

    def set_reproducibility_mode(self) -> None:
        """Answers are greedy anyway."""
