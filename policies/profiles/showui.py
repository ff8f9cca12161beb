"""ShowUI: one point in words of Python, and dictionaries of actions.

Prompts: https://github.com/showlab/ShowUI, data/template/screenspot.py and shared_navigation.py, as it was trained.
"""

from ..grammars.action_dicts import ActionDicts
from ..grammars.canvas import HUNDREDTHS
from ..grammars.plain import PlainPlaces
from .profile import Acting, Checkpoint, Listed, Pointing, Profile, Score

GROUNDING = (
    "Based on the screenshot of the page, I give a text description and you give its corresponding location. "
    "The coordinate represents a clickable location [x, y] for an element, which is a relative coordinate on the "
    "screenshot, scaled from 0 to 1.{image}{description}"
)
"""Text, picture, text: TongUI was trained on the same."""

NAVIGATION = """\
You are an assistant trained to navigate the %s screen.\x20
Given a task instruction, a screen observation, and an action history sequence,\x20
output the next action and wait for the next observation.\x20
Here is the action space:

%s

"""
WEB_ACTIONS = """\
1. `CLICK`: Click on an element, value is not applicable and the position [x,y] is required.\x20
2. `INPUT`: Type a string into an element, value is a string to type and the position [x,y] is required.\x20
3. `SELECT`: Select a value for an element, value is not applicable and the position [x,y] is required.\x20
4. `HOVER`: Hover on an element, value is not applicable and the position [x,y] is required.
5. `ANSWER`: Answer the question, value is the answer and the position is not applicable.
6. `ENTER`: Enter operation, value and position are not applicable.
7. `SCROLL`: Scroll the screen, value is the direction to scroll and the position is not applicable.
8. `SELECT_TEXT`: Select some text content, value is not applicable and position [[x1,y1], [x2,y2]] is the start and \
end position of the select operation.
9. `COPY`: Copy the text, value is the text to copy and the position is not applicable."""
_PHONE_ACTIONS = """\
1. `INPUT`: Type a string into an element, value is a string to type and the position [x,y] is not applicable.
2. `SWIPE`: Swipe the screen, value is not applicable and the position [[x1,y1], [x2,y2]] is the start and end \
position of the swipe operation.
3. `TAP`: Tap on an element, value is not applicable and the position [x,y] is required.
4. `ANSWER`: Answer the question, value is the status (e.g., 'task complete') and the position is not applicable.
5. `ENTER`: Enter operation, value and position are not applicable."""
WEB_NAMES = ("CLICK", "INPUT", "SELECT", "HOVER", "ANSWER", "ENTER", "SCROLL", "SELECT_TEXT", "COPY")
_PHONE_NAMES = ("INPUT", "SWIPE", "TAP", "ANSWER", "ENTER")

_FORMAT = """
Format the action as a dictionary with the following keys:
{'action': 'ACTION_TYPE', 'value': 'element', 'position': [x,y]}

If value or position is not applicable, set it as `None`.
Position might be [[x1,y1], [x2,y2]] if the action requires a start and end position.
Position represents the relative coordinates on the screenshot and should be scaled to a range of 0-1.
Task: {goal}
{history}{image}"""
_HISTORY = Listed(line="{action}", none="", separator="", last=4)
"""The last four actions, one behind the other, as train.py has it by default."""

MIN_PIXELS, MAX_PIXELS = 256 * 28 * 28, 1344 * 28 * 28

_POINTING = Pointing(places=PlainPlaces(point="[{x}, {y}]"), prompt=GROUNDING)
_CHECKPOINTS = (
    Checkpoint(
        name="showlab/ShowUI-2B",
        parameters_b=2.2,
        scores=(
            Score(benchmark="ScreenSpot", value=75.1, source="UGround README"),
            Score(benchmark="ScreenSpot-Pro", value=7.7, source="UI-TARS README_v1"),
        ),
    ),
)

SHOWUI = Profile(
    name="showui",
    title="ShowUI, in a browser",
    names=("showui-2b",),
    space=HUNDREDTHS,
    act=Acting(
        language=ActionDicts(names=WEB_NAMES, types_at=True),
        history=_HISTORY,
        prompt=(NAVIGATION % ("website", WEB_ACTIONS) + _FORMAT,),
    ),
    ground=_POINTING,
    min_pixels=MIN_PIXELS,
    max_pixels=MAX_PIXELS,
    max_new_tokens=128,
    checkpoints=_CHECKPOINTS,
)

SHOWUI_MOBILE = Profile(
    name="showui-mobile",
    title="ShowUI, on a phone",
    space=HUNDREDTHS,
    act=Acting(
        language=ActionDicts(names=_PHONE_NAMES),
        history=_HISTORY,
        prompt=(NAVIGATION % ("smartphone", _PHONE_ACTIONS) + _FORMAT,),
    ),
    ground=_POINTING,
    min_pixels=MIN_PIXELS,
    max_pixels=MAX_PIXELS,
    max_new_tokens=128,
    checkpoints=_CHECKPOINTS,
)
"""The same checkpoint with the actions of a phone: only by its name, never found."""
