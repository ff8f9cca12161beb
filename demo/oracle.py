"""Two policies that see nothing and check the site itself: one knows where everything stands, one does nothing."""

import http.client
import json
import re
import threading
import time
from collections.abc import Sequence
from urllib.parse import urlsplit

from ..errors import BadModelOutput
from ..policies import Decision, Turn
from ..screen import Box, Observation, Point
from ..tools import Action, Click, Finish, Press, SelectOption, Task, TypeText

PATIENCE_S = 5.0
_CLICK = re.compile(r"Click the (.+)\.")
_TYPE = re.compile(r'Type "(.*)" into the (.+)\.')
_CHOOSE = re.compile(r'Choose "(.*)" in the (.+)\.')
_PRESS = re.compile(r"Press (\w+)\.")


class Oracle:
    """Follows each instruction through the places that the site itself reports. It must pass every task."""

    def __init__(self) -> None:
        self._goal = ""

    def reset(self, task: Task) -> None:
        self._goal = task.goal

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        """The action at the one place that the instruction means. Raises BadModelOutput when there is not one."""
        places = _targets(observation)
        actions, box = _follow(self._goal, places)
        return Decision(
            actions=(*actions, Finish()),
            frame=observation.screenshot.frame,
            boxes=() if box is None else (box,),
            confidence=1.0,
        )


class Idle:
    """Says at once that each step is done. It must pass no task."""

    def reset(self, task: Task) -> None:
        """Nothing is remembered."""

    def act(self, observation: Observation, history: Sequence[Turn]) -> Decision:
        return Decision(actions=(Finish(),), frame=observation.screenshot.frame)


def _follow(goal: str, places: list[tuple[str, Box]]) -> tuple[tuple[Action, ...], Box | None]:
    if found := _PRESS.fullmatch(goal):
        return (Press(keys=(found[1],)),), None
    if found := _TYPE.fullmatch(goal):
        box = _only(found[2], places)
        return (Click(point=box.center), TypeText(text=found[1])), box
    if found := _CHOOSE.fullmatch(goal):
        box = _only(found[2], places)
        return (SelectOption(point=box.center, label=found[1]),), box
    if found := _CLICK.fullmatch(goal):
        box = _only(found[1], places)
        return (Click(point=box.center),), box
    raise BadModelOutput(f"no instruction of the demo: {goal!r}")


def _only(name: str, places: list[tuple[str, Box]]) -> Box:
    boxes = [box for known, box in places if known == name]
    if len(boxes) != 1:
        raise BadModelOutput(f"the page has {len(boxes)} times the {name}, not once")
    return boxes[0]


def _targets(observation: Observation) -> list[tuple[str, Box]]:
    """Names and places that the page shown has reported, waited for until they are there."""
    until = time.monotonic() + PATIENCE_S
    pause = threading.Event()
    while not (found := _ask(observation.url)) and time.monotonic() < until:
        pause.wait(0.05)
    scale = observation.screenshot.scale
    corners = [(name, Point(x, y), Point(x + width, y + height)) for name, (x, y, width, height) in found]
    return [(name, Box.around(a.scale(scale, scale), b.scale(scale, scale))) for name, a, b in corners]


def _ask(url: str) -> list[tuple[str, tuple[float, float, float, float]]]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/targets")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()
