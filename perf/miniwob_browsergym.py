"""The peer of perf/miniwob.py: the same episodes in BrowserGym. Runs in its interpreter, imports nothing of ours."""

import importlib
import json
import os
import sys
import time
from typing import Any


def main() -> None:
    """The argument is the address of the pages. Reads a line of JSON for each episode from standard input, with task,
    seed, and the calls of each action in lines; prints as JSON what came of it, in seconds."""
    os.environ["MINIWOB_URL"] = sys.argv[1]
    importlib.import_module("browsergym.miniwob")  # registers
    highlevel: Any = importlib.import_module("browsergym.core.action.highlevel")
    actions = highlevel.HighLevelActionSet(
        subsets=["coord", "nav", "tab"], strict=True, multiaction=True, demo_mode="off"
    )
    for line in sys.stdin:
        sys.stdout.write(json.dumps(episode(json.loads(line), actions.to_python_code)) + "\n")
        sys.stdout.flush()


def episode(asked: dict[str, Any], mapping: Any) -> dict[str, Any]:
    """One episode, timed from its second reset on: the first starts the browser."""
    gymnasium: Any = importlib.import_module("gymnasium")
    observation: Any = importlib.import_module("browsergym.core.observation")
    environment = gymnasium.make(
        f"browsergym/miniwob.{asked['task']}",
        headless=True,
        slow_mo=0,
        pre_observation_delay=0,
        use_raw_page_output=True,
        action_mapping=mapping,
        disable_env_checker=True,
    ).unwrapped
    environment.reset(seed=asked["seed"])
    began = time.perf_counter()
    environment.reset(seed=asked["seed"])
    observation.extract_screenshot(environment.page)
    reward, over = 0.0, False
    for calls in asked["calls"]:
        if over:
            break
        _, reward, over, *_ = environment.step(calls)
        observation.extract_screenshot(environment.page)
    told = {"seconds": time.perf_counter() - began, "solved": reward > 0}
    environment.close()
    return told


if __name__ == "__main__":
    main()
