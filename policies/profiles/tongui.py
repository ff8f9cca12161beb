"""TongUI: ShowUI's prompts, answered in JSON behind a thought, on Qwen2.5-VL.

Prompts: https://github.com/TongUI-agent/TongUI-agent, tongui/data/template/navigation_prompt_v2.py and, for the
browser, shared_navigation_v2.py.
"""

from dataclasses import replace

from ..grammars.action_dicts import ActionDicts
from ..grammars.canvas import HUNDREDTHS
from ..grammars.plain import PlainPlaces
from .profile import Acting, Checkpoint, Interleaved, Pointing, Profile, Score
from .showui import GROUNDING, MAX_PIXELS, MIN_PIXELS, NAVIGATION, WEB_ACTIONS, WEB_NAMES

_DESKTOP_ACTIONS = """\
1. `CLICK`: Click on an element, value is not applicable and the position [x,y] is required.\x20
2. `INPUT`: Type a string into an element, value is a string to type and the position [x,y] is required.\x20
3. `SCROLL`: Scroll the screen, value is the direction to scroll and the position is start position of the scroll \
operation.
4. `LEFT_CLICK_DOUBLE`: Left click on an element twice, value is not applicable and the position [x,y] is required.
5. `RIGHT_CLICK_SINGLE`: Right click on an element once, value is not applicable and the position [x,y] is required.
6. `DRAG`: Drag the cursor to the specified position with the left button pressed. Value is not applicable and \
position [[x1,y1], [x2,y2]] is the start and end position of the drag operation.
7. `HOT_KEY`: Press a hot key, value is the hot key and the position is not applicable.
8. `WAIT`: Wait for 5 seconds, and take a screenshot to check for any changes. Value and position are not applicable.
9. `FINISH`: Finish the task. Value and position are not applicable."""
_DESKTOP_NAMES = (
    *("CLICK", "INPUT", "SCROLL", "LEFT_CLICK_DOUBLE", "RIGHT_CLICK_SINGLE", "DRAG", "HOT_KEY", "WAIT", "FINISH"),
)
_MOBILE_ACTIONS = """\
1. `INPUT`: Type a string into an element, value is a string to type and the position [x,y] is required.\x20
2. `SWIPE`: Swipe the screen, value is not applicable and the position [[x1,y1], [x2,y2]] is the start and end \
position of the swipe operation.
3. `TAP`: Tap on an element, value is not applicable and the position [x,y] is required.
4. `LONG_PRESS`: Long press on an element, value is the press duration and the position [x,y] is required.
5. `PRESS_HOME`: Press the home button, value and position are not applicable.
6. `PRESS_BACK`: Press the back button, value and position are not applicable.
7. `FINISH`: Submit the task regardless of whether it succeeds or fails. Value is the result of the task and position \
is not applicable."""
_MOBILE_NAMES = ("INPUT", "SWIPE", "TAP", "LONG_PRESS", "PRESS_HOME", "PRESS_BACK", "FINISH")

_FORMAT = """
Format your response as
Thought: <your reasoning process>
Action: <the next action>

Format the action as a JSON object with the following keys:
{"action": "ACTION_TYPE", "value": "element", "position": [x,y]}
%sYou can output multiple actions at once, and use JSON array to represent multiple actions.
If value or position is not applicable, set it as `None`.
Position might be [[x1,y1], [x2,y2]] if the action requires a start and end position.
Position represents the relative coordinates on the screenshot and should be scaled to a range of 0-1.
Task: {goal}
{image}"""
"""With what parts the object from what follows: an empty line, but not in the browser."""
_HISTORY = Interleaved(last=2)
"""The last two screenshots with their answers, as scripts/evaluation/run_mind2web_vllm.py has it."""


def _acting(app: str, actions: str, language: ActionDicts, parting: str = "\n") -> Acting:
    return Acting(language=language, history=_HISTORY, prompt=(NAVIGATION % (app, actions) + _FORMAT % parting,))


def _checkpoint(name: str, parameters_b: float, *, of_399k: float, of_1m: float) -> Checkpoint:
    """Of both data sets: which of them the published weights were trained on is not told."""
    scores = (
        Score(benchmark="ScreenSpot", value=of_399k, source="TongUI README", note="trained on 399K"),
        Score(benchmark="ScreenSpot", value=of_1m, source="TongUI README", note="trained on 1M"),
    )
    return Checkpoint(name=name, parameters_b=parameters_b, scores=scores)


TONGUI = Profile(
    name="tongui",
    title="TongUI, on a desktop",
    architectures=("qwen2_5_vl",),
    names=(r"tongui-\d+b",),
    space=HUNDREDTHS,
    act=_acting("computer", _DESKTOP_ACTIONS, ActionDicts(names=_DESKTOP_NAMES, is_json=True)),
    ground=Pointing(places=PlainPlaces(point="[{x}, {y}]"), prompt=GROUNDING),
    min_pixels=MIN_PIXELS,
    max_pixels=MAX_PIXELS,
    max_new_tokens=256,
    checkpoints=(
        _checkpoint("Bofeee5675/TongUI-3B", 3.8, of_399k=79.6, of_1m=83.6),
        _checkpoint("Bofeee5675/TongUI-7B", 8.3, of_399k=83.4, of_1m=86.0),
    ),
)

TONGUI_WEB = replace(
    TONGUI,
    name="tongui-web",
    title="TongUI, in a browser",
    names=(),
    act=_acting("website", WEB_ACTIONS, ActionDicts(names=WEB_NAMES, is_json=True, types_at=True), parting=""),
)

TONGUI_MOBILE = replace(
    TONGUI,
    name="tongui-mobile",
    title="TongUI, on a phone",
    names=(),
    act=_acting("smartphone", _MOBILE_ACTIONS, ActionDicts(names=_MOBILE_NAMES, is_json=True)),
)
