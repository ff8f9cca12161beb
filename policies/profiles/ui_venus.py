"""UI-Venus 1.0, on Qwen2.5-VL, and UI-Venus 1.5, on Qwen3-VL: https://github.com/inclusionAI/UI-Venus

The prompts are those of models/grounding and models/navigation/utils.py there, on the branch of each version. The agent
of 1.5 still rescales places as those of 1.0 were; its grounding code and Venus_framework say thousandths.
"""

from dataclasses import replace

from ..grammars.canvas import SEEN_PIXELS
from ..grammars.plain import PlainPlaces
from ..grammars.venus import VenusCalls
from .profile import Acting, Checkpoint, Listed, Pointing, Profile, Score

_NAVI = """
**You are a GUI Agent.** \x20
Your task is to analyze a given user task, review current screenshot and previous actions, and determine the next \
action to complete the task.

### User Task
{goal}

### Previous Actions
{history}

### Available Actions
You may execute one of the following functions:
Click(box=(x1, y1))
Drag(start=(x1, y1), end=(x2, y2))
Scroll(start=(x1, y1), end=(x2, y2), direction='down/up/right/left')
Type(content='')
Launch(app='')
Wait()
Finished(content='')
CallUser(content='')
LongPress(box=(x1, y1))
PressBack()
PressHome()
PressEnter()
PressRecent()

### Instruction
- Make sure you understand the task goal to avoid wrong actions.
- Make sure you carefully examine the the current screenshot. Sometimes the summarized history might not be reliable, \
over-claiming some effects.
- For requests that are questions (or chat messages), remember to use the `CallUser` action to reply to user \
explicitly before finishing! Then, after you have replied, use the Finished action if the goal is achieved.
- Consider exploring the screen by using the `scroll` action with different directions to reveal additional content.
- To copy some text: first select the exact text you want to copy, which usually also brings up the text selection \
bar, then click the `copy` button in bar.
- To paste text into a text box, first long press the text box, then usually the text selection bar will appear with \
a `paste` button in it.
- You first thinks about the reasoning process in the mind, then provide the action. The reasoning and action are \
enclosed in <think></think> and <action></action> tags respectively. After providing action, summarize your action in \
<conclusion></conclusion> tags
"""
_WEB = """
**You are a GUI Agent.**
Your task is to analyze a given user task, review current screenshot and previous actions, and determine the next \
action to complete the task.

### Available Actions
You may execute one of the following functions:
- Click(box=(x1,y1))
- Drag(start=(x1,y1), end=(x2,y2))
- Scroll(direction='down or up')
- Type(content='')
- Launch(app='' or url='')
- Wait()
- Finished(content='')
- CallUser(content='')
- LongPress(box=(x1,y1))
- PressBack()
- PressHome()
- PressEnter()
- PressRecent()
- Hover(box=(x1,y1))
- DoubleClick(box=(x1,y1))
- Hotkey(keys=['ctrl', 'c']) # Split keys with comma and wrap each key in single quotes. Do not use more than 3 keys \
in one Hotkey action.

### User Task
{goal}

### Previous Actions
{history}

### Output Format
<think> your thinking process </think>
<action> the next action </action>
<conclusion> the conclusion about the next action </conclusion>

### Instruction
- Make sure you understand the task goal to avoid wrong actions.
- Make sure you carefully examine the the current screenshot. Sometimes the summarized history might not be reliable, \
over-claiming some effects.
- For complex information-retrieval tasks, use `CallUser(content='...')` to reply only at the very end, after \
gathering all required info. Combine web evidence with your reasoning.
- To input text: first `Click(box=...)` on the textbox, then `Type(content='...')`. The system automatically presses \
`ENTER` afterward. If search filters are needed, click the search button after typing.
- Try to use simple language when searching.
- Distinguish textbox from button: never `Type` into a button. If no textbox is visible, try clicking the search icon \
first — the input field may appear afterward.
- Execute only one action per step.
- Strictly avoid repeating the same action when the webpage remains unchanged — you may have executed the wrong \
action. Continuous use of `Wait()` is also NOT allowed.
"""
_PHONE = """
**You are a GUI Agent.**\x20
Your task is to analyze a given user task, review current screenshot and previous actions, and determine the next \
action to complete the task.

### Available Actions
You may execute one of the following functions:
- Click(box=(x1,y1))
- Drag(start=(x1,y1), end=(x2,y2))
- Scroll(start=(x1,y1), end=(x2,y2))
- Type(content='')
- Launch(app='')
- Wait()
- Finished(content='')
- CallUser(content='')
- LongPress(box=(x1,y1))
- PressBack()
- PressHome()
- PressEnter()
- PressRecent()

### User Task
{goal}

### Previous Actions
{history}

### Output Format
<think> your thinking process </think>
<action> the next action </action>
<conclusion> the conclusion about the next action </conclusion>

### Instruction
- Make sure you understand the task goal to avoid wrong actions.
- Make sure you carefully examine the the current screenshot. Sometimes the summarized history might not be reliable, \
over-claiming some effects.
- For requests that are questions (or chat messages), remember to use the `CallUser` action to reply to user \
explicitly before finishing! Then, after you have replied, use the Finished action if the goal is achieved.
- Consider exploring the screen by using the `scroll` action with different directions to reveal additional content.
- To copy some text: first select the exact text you want to copy, which usually also brings up the text selection \
bar, then click the `copy` button in bar.
- To paste text into a text box, first long press the text box, then usually the text selection bar will appear with \
a `paste` button in it.
"""

_HISTORY = Listed(line="Step {n}: <think>{thought}</think>{action}", none="", first=0)
_README_1_0, _README_1_5 = "UI-Venus 1.0 README", "UI-Venus 1.5 README"

UI_VENUS_NAVI = Profile(
    name="ui-venus-navi",
    title="UI-Venus-Navi-7B",
    architectures=("qwen2_5_vl",),
    names=("ui-venus-navi-7b",),
    space=SEEN_PIXELS,
    act=Acting(
        language=VenusCalls(comma=", ", tells_direction=True),
        history=_HISTORY,
        prompt=(_NAVI + "{image}",),
    ),
    min_pixels=830_000,
    max_pixels=937_664,
    max_new_tokens=2048,
    checkpoints=(
        Checkpoint(
            name="inclusionAI/UI-Venus-Navi-7B",
            parameters_b=8.3,
            scores=(
                Score(benchmark="AndroidWorld", value=49.1, source=_README_1_0),
                Score(benchmark="AndroidControl high", value=76.1, source=_README_1_0),
            ),
        ),
    ),
)
"""UI-Venus 1.0 that acts on phones; it was published with no prompt for pointing."""

UI_VENUS_NAVI_72B = replace(
    UI_VENUS_NAVI,
    name="ui-venus-navi-72b",
    title="UI-Venus-Navi-72B",
    names=("ui-venus-navi-72b",),
    min_pixels=3136,
    max_pixels=12_845_056,
    checkpoints=(
        Checkpoint(
            name="inclusionAI/UI-Venus-Navi-72B",
            parameters_b=73.4,
            scores=(
                Score(benchmark="AndroidWorld", value=65.9, source=_README_1_0),
                Score(benchmark="AndroidControl high", value=77.2, source=_README_1_0),
            ),
        ),
    ),
)
"""The larger one, which has a pixel budget of its own."""

UI_VENUS_GROUND_72B = Profile(
    name="ui-venus-ground-72b",
    title="UI-Venus-Ground-72B",
    architectures=("qwen2_5_vl",),
    names=("ui-venus-ground-72b",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=PlainPlaces(box="[{x1},{y1},{x2},{y2}]"),
        prompt='{image}Output the bounding box in the image corresponding to the instruction "{description}" '
        "with grounding. The output should be only [x1,y1,x2,y2].",
    ),
    min_pixels=3_110_400,
    max_pixels=48_000_000,
    max_new_tokens=128,
    checkpoints=(
        Checkpoint(
            name="inclusionAI/UI-Venus-Ground-72B",
            parameters_b=73.4,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=95.3, source=_README_1_0),
                Score(benchmark="ScreenSpot-Pro", value=61.9, source=_README_1_0),
            ),
        ),
    ),
)
"""The larger UI-Venus 1.0 that points: it has a prompt and a pixel budget of its own."""

UI_VENUS_GROUND = Profile(
    name="ui-venus-ground",
    title="UI-Venus-Ground-7B",
    architectures=("qwen2_5_vl",),
    names=("ui-venus-ground-7b",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=PlainPlaces(box="[{x1},{y1},{x2},{y2}]"),
        prompt="{image}Outline the position corresponding to the instruction: {description}. "
        "The output should be only [x1,y1,x2,y2].",
    ),
    min_pixels=2_000_000,
    max_pixels=4_800_000,
    max_new_tokens=128,
    checkpoints=(
        Checkpoint(
            name="inclusionAI/UI-Venus-Ground-7B",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=94.1, source=_README_1_0),
                Score(benchmark="ScreenSpot-Pro", value=50.8, source=_README_1_0),
            ),
        ),
    ),
)
"""UI-Venus 1.0 that points."""

_POINTING_1_5 = Pointing(
    places=PlainPlaces(point="[{x},{y}]", refusal="[-1,-1]"),
    prompt="{image}Output the center point of the position corresponding to the following instruction: \n"
    "{description}. \n\nThe output should just be the coordinates of a point, in the format [x,y]. Additionally, "
    "if the task is infeasible (e.g., the task is not related to the image), the output should be [-1,-1].",
)
_CHECKPOINTS_1_5 = (
    Checkpoint(
        name="inclusionAI/UI-Venus-1.5-2B",
        parameters_b=2.1,
        scores=(
            Score(benchmark="ScreenSpot-Pro", value=57.7, source=_README_1_5),
            Score(benchmark="AndroidWorld", value=55.6, source=_README_1_5),
        ),
    ),
    Checkpoint(
        name="inclusionAI/UI-Venus-1.5-8B",
        parameters_b=8.8,
        scores=(
            Score(benchmark="ScreenSpot-Pro", value=68.4, source=_README_1_5),
            Score(benchmark="AndroidWorld", value=73.7, source=_README_1_5),
        ),
    ),
    Checkpoint(
        name="inclusionAI/UI-Venus-1.5-30B-A3B",
        parameters_b=31.1,
        scores=(
            Score(benchmark="ScreenSpot-Pro", value=69.6, source=_README_1_5),
            Score(benchmark="AndroidWorld", value=77.6, source=_README_1_5),
        ),
    ),
)

UI_VENUS_1_5 = Profile(
    name="ui-venus-1.5",
    title="UI-Venus 1.5",
    architectures=("qwen3_vl", "qwen3_vl_moe"),
    names=(r"ui-venus-1\.5",),
    act=Acting(language=VenusCalls(submits=True), history=_HISTORY, prompt=(_WEB + "{image}",)),
    ground=_POINTING_1_5,
    factor=32,
    max_new_tokens=2048,
    checkpoints=_CHECKPOINTS_1_5,
)
"""UI-Venus 1.5, told of the actions of a browser."""

UI_VENUS_1_5_MOBILE = Profile(
    name="ui-venus-1.5-mobile",
    title="UI-Venus 1.5 on phones",
    architectures=("qwen3_vl", "qwen3_vl_moe"),
    act=Acting(language=VenusCalls(), history=_HISTORY, prompt=(_PHONE + "{image}",)),
    ground=_POINTING_1_5,
    factor=32,
    max_new_tokens=2048,
    checkpoints=_CHECKPOINTS_1_5,
)
"""UI-Venus 1.5, told of a phone's actions."""
