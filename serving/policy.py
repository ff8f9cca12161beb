"""A policy behind a pipe, for programs that cannot share a process with it, such as BrowserGym's.

    python -m clickwright.serving.policy '{"model": "clickwright/mini"}'

The argument holds the arguments of `load_policy`. A policy of your own: `serve(MyPolicy())` in a script. Requests are
JSON lines on stdin, the pixels of the screenshot after each that has a shape; answers are JSON lines on stdout. What
is printed while it serves goes to stderr.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import IO, Any

import numpy as np

from ..environments.browsergym.calls import calls
from ..errors import ActionFailed, BadModelOutput, ClickwrightError, UsageError
from ..policies import Decision, Policy, Turn
from ..screen import Observation, Screenshot, Tab
from ..tools import Action, Ask, CallTool, Finish, Task

NOTHING = "noop(0)"
Told = dict[str, Any]


def serve(policy: Policy, *, ask: IO[bytes] | None = None, answer: IO[bytes] | None = None) -> None:
    """Answer until the questions end. Uses stdin and stdout unless told otherwise."""
    answer = answer or take_stdout()
    asked, episode = ask or sys.stdin.buffer, _Episode(policy)
    for line in asked:
        request: Told = json.loads(line)
        if request["do"] == "begin":
            told = episode.begin(str(request["goal"]))
        else:
            height, width, _ = (int(side) for side in request["shape"])
            told = episode.act(request, asked.read(height * width * 3))
        answer.write(json.dumps(told).encode() + b"\n")
        answer.flush()


def take_stdout() -> IO[bytes]:
    """Stdout for answers alone: what libraries print from now on goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


class _Episode:
    """One task, and the turns since it began."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._task: Task | None = None
        self._turns: list[Turn] = []
        self._failed: str | None = None

    def begin(self, goal: str) -> Told:
        self._task, self._turns, self._failed = Task(goal=goal or "-"), [], None
        self._policy.reset(self._task)
        return {}

    def act(self, request: Told, pixels: bytes) -> Told:
        """Lines of BrowserGym's calls; null when the model gave no answer that can be read."""
        seen = _observation(request, pixels, self._failed)
        self._failed = None
        try:
            decision = self._decide(seen)
        except ClickwrightError as error:
            return {"action": None, "error": str(error)}
        lines = self._lines(decision, seen)
        told = {"thought": decision.thought, "target": decision.target, "confidence": decision.confidence}
        return {"action": lines or NOTHING, "error": "", **told}

    def _decide(self, seen: Observation) -> Decision:
        """Ask again, with the reason, as often as the task allows. Raises the last error."""
        tries = self._task.limits.bad_outputs if self._task else 1
        for left in reversed(range(tries)):
            try:
                decision = self._policy.act(seen, self._turns)
            except BadModelOutput as error:
                self._turns.append(Turn(observation=seen, raw=error.raw, error=str(error)))
                if not left:
                    raise
                continue
            self._turns.append(Turn(observation=seen, decision=decision))
            return decision
        raise UsageError("a task allows no answer at all")

    def _lines(self, decision: Decision, seen: Observation) -> str:
        lines: list[str] = []
        for action in decision.actions:
            try:
                lines.append(_said(action) or calls(action, url=seen.url, tabs=len(seen.tabs)))
            except ActionFailed as failure:
                self._failed = str(failure)  # the model is told with the next screen
                break
        return "\n".join(line for line in lines if line)


def _said(action: Action) -> str:
    """What goes to the user's chat; tools of ours are not there."""
    match action:
        case Ask():
            return calls(Finish(answer=action.question))
        case CallTool():
            raise ActionFailed(f"there is no tool {action.name} here")
        case _:
            return ""


def _observation(request: Told, pixels: bytes, failed: str | None) -> Observation:
    picture = np.frombuffer(pixels, np.uint8).reshape(request["shape"])
    active = int(request["active"])
    pages = enumerate(zip(request["urls"], request["titles"], strict=True))
    tabs = tuple(Tab(title=title, url=url, active=number == active) for number, (url, title) in pages)
    return Observation(
        screenshot=Screenshot(pixels=picture),
        url=str(request["url"]),
        title=tabs[active].title if active < len(tabs) else "",
        tabs=tabs,
        error=failed or str(request["error"])[:500] or None,
    )


def _loaded(words: list[str]) -> Policy:
    from ..policies import load_policy

    try:
        told: object = json.loads(words[0]) if len(words) == 1 else None
    except ValueError:
        told = None
    if not isinstance(told, dict) or "model" not in told:
        raise UsageError('give the arguments of load_policy as JSON: {"model": "clickwright/mini"}')
    options: Told = {str(key): value for key, value in told.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    load: Callable[..., Policy] = load_policy
    return load(options.pop("model"), **options)


def main() -> int:
    """Serve the policy that the command line names."""
    answers = take_stdout()
    try:
        serve(_loaded(sys.argv[1:]), answer=answers)
    except ClickwrightError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
