"""UI-TARS 1.0, on Qwen2-VL, and UI-TARS 1.5, on Qwen2.5-VL: https://github.com/bytedance/UI-TARS

The sources differ in their prompts. Those for computers are here as the authors' own agent for OSWorld has them
(mm_agents/uitars_agent.py and uitars15_v1.py of xlang-ai/OSWorld), with which the published scores were measured; those
for phones as README_v1.md and codes/ui_tars/prompt.py have them, with line breaks where README_v1.md has a backslash
and an n. Places are thousandths in 1.0 and pixels of the resized picture in 1.5.
"""

from dataclasses import replace

from ..grammars.canvas import SEEN_PIXELS
from ..grammars.plain import PlainPlaces
from ..grammars.ui_tars import UiTarsCalls
from .profile import Acting, Checkpoint, Dialogue, Pointing, Profile, Score

_TASK = (
    "You are a GUI agent. You are given a task and your action history, with screenshots. "
    "You need to perform the next action to complete the task. "
)
_PLAN = (
    "- Write a small plan and finally summarize your next action (with its target element) in one sentence in "
    "`Thought` part."
)
_COMPUTER = f"""{_TASK}

## Output Format
```
Thought: ...
Action: ...
```

## Action Space

click(start_box='<|box_start|>(x1,y1)<|box_end|>')
left_double(start_box='<|box_start|>(x1,y1)<|box_end|>')
right_single(start_box='<|box_start|>(x1,y1)<|box_end|>')
drag(start_box='<|box_start|>(x1,y1)<|box_end|>', end_box='<|box_start|>(x3,y3)<|box_end|>')
hotkey(key='')
type(content='') #If you want to submit your input, use "\\n" at the end of `content`.
scroll(start_box='<|box_start|>(x1,y1)<|box_end|>', direction='down or up or right or left')
wait() #Sleep for 5s and take a screenshot to check for any changes.
%s


## Note
- Use English in `Thought` part.
{_PLAN}

## User Instruction
{{goal}}
"""
_ENDS_1_0 = """finished()
call_user() # Submit the task and call the user when the task is unsolvable, or when you need the user's help."""
_ESCAPED = (
    "# Use escape characters \\', \\\", and \\n in content part to ensure we can parse the content in normal python "
    "string format."
)
_ENDS_1_5 = f"finished(content='xxx') {_ESCAPED}"

_PHONE = f"""{_TASK}

## Output Format
```
Thought: ...
Action: ...
```

## Action Space
click(start_box='<|box_start|>(x1,y1)<|box_end|>')
long_press(start_box='<|box_start|>(x1,y1)<|box_end|>', time='')
type(content='')
scroll(start_box='<|box_start|>(x1,y1)<|box_end|>', end_box='<|box_start|>(x3,y3)<|box_end|>')
press_home()
press_back()
finished(content='') # Submit the task regardless of whether it succeeds or fails.

## Note
- Use English in `Thought` part.

{_PLAN}

## User Instruction
{{goal}}"""
_PHONE_1_5 = f"""{_TASK}
## Output Format
```
Thought: ...
Action: ...
```
## Action Space

click(point='<point>x1 y1</point>')
long_press(point='<point>x1 y1</point>')
type(content='') #If you want to submit your input, use "\\n" at the end of `content`.
scroll(point='<point>x1 y1</point>', direction='down or up or right or left')
open_app(app_name='')
drag(start_point='<point>x1 y1</point>', end_point='<point>x2 y2</point>')
press_home()
press_back()
{_ENDS_1_5}


## Note
- Use English in `Thought` part.
{_PLAN}

## User Instruction
{{goal}}
"""

_CLICKS = ("click", "left_double", "right_single", "drag", "hotkey", "type", "scroll", "wait", "finished")
_TAPS = ("click", "long_press", "type", "scroll", "press_home", "press_back", "finished")

# The agents drop the oldest screenshot in each turn, from the sixth on. Here the sixth leaves the last three, so that
# the prompt only grows for two turns more, and what was computed of it can be kept.
_HISTORY = Dialogue(
    images=5,
    images_after_cut=3,
    restored=(r"((?:start|end)_box=')(\(\d{1,5}, ?\d{1,5}\))'", r"\1<|box_start|>\2<|box_end|>'"),
)
_POINTING = Pointing(
    places=PlainPlaces(point="({x},{y})"),
    prompt="{image}Output only the coordinate of one point in your response. "
    "What element matches the following task: {description}",
)
_README = "UI-TARS README_v1"
_CHECKPOINTS_1_0 = (
    Checkpoint(
        name="bytedance-research/UI-TARS-2B-SFT",
        parameters_b=2.2,
        scores=(
            Score(benchmark="ScreenSpot", value=82.3, source=_README),
            Score(benchmark="ScreenSpot-v2", value=84.7, source=_README),
            Score(benchmark="ScreenSpot-Pro", value=27.7, source=_README),
            Score(benchmark="AndroidControl high", value=68.9, source=_README),
        ),
    ),
    Checkpoint(
        name="bytedance-research/UI-TARS-7B-SFT",
        parameters_b=8.3,
        scores=(
            Score(benchmark="ScreenSpot", value=89.5, source=_README),
            Score(benchmark="ScreenSpot-v2", value=91.6, source=_README),
            Score(benchmark="ScreenSpot-Pro", value=35.7, source=_README),
            Score(benchmark="AndroidControl high", value=72.5, source=_README),
            Score(benchmark="OSWorld", value=17.7, source=_README, note="15 steps"),
            Score(benchmark="AndroidWorld", value=33.0, source=_README),
        ),
    ),
    Checkpoint(
        name="bytedance-research/UI-TARS-7B-DPO",
        parameters_b=8.3,
        scores=(Score(benchmark="OSWorld", value=18.7, source=_README, note="15 steps"),),
    ),
    Checkpoint(
        name="bytedance-research/UI-TARS-72B-SFT",
        parameters_b=73.4,
        scores=(
            Score(benchmark="ScreenSpot", value=88.4, source=_README),
            Score(benchmark="ScreenSpot-v2", value=90.3, source=_README),
            Score(benchmark="ScreenSpot-Pro", value=38.1, source=_README),
            Score(benchmark="AndroidControl high", value=74.7, source=_README),
            Score(benchmark="OSWorld", value=18.8, source=_README, note="15 steps"),
            Score(benchmark="AndroidWorld", value=46.6, source=_README),
        ),
    ),
    Checkpoint(
        name="bytedance-research/UI-TARS-72B-DPO",
        parameters_b=73.4,
        scores=(
            Score(benchmark="OSWorld", value=22.7, source=_README, note="15 steps"),
            Score(benchmark="OSWorld", value=24.6, source=_README, note="50 steps"),
        ),
    ),
)
_CHECKPOINTS_1_5 = (
    Checkpoint(
        name="ByteDance-Seed/UI-TARS-1.5-7B",
        parameters_b=8.3,
        scores=(
            Score(benchmark="OSWorld", value=27.5, source="UI-TARS README", note="100 steps"),
            Score(benchmark="ScreenSpot-Pro", value=49.6, source="UI-TARS README"),
        ),
    ),
)

UI_TARS = Profile(
    name="ui-tars",
    title="UI-TARS",
    names=(r"ui-tars-(2|7|72)b",),
    act=Acting(
        language=UiTarsCalls(words=(*_CLICKS, "call_user")),
        history=_HISTORY,
        prompt=(_COMPUTER % _ENDS_1_0, "{image}"),
    ),
    ground=_POINTING,
    min_pixels=100 * 28 * 28,
    max_pixels=2700 * 28 * 28,
    checkpoints=_CHECKPOINTS_1_0,
)
"""UI-TARS 1.0 of any size, told of a computer's actions."""

UI_TARS_MOBILE = replace(
    UI_TARS,
    name="ui-tars-mobile",
    title="UI-TARS on phones",
    names=(),
    act=Acting(
        language=UiTarsCalls(words=_TAPS, swipes=True),
        history=_HISTORY,
        prompt=(_PHONE, "{image}"),
    ),
)
"""UI-TARS 1.0 of any size, told of a phone's actions."""

UI_TARS_1_5 = replace(
    UI_TARS,
    name="ui-tars-1.5",
    title="UI-TARS 1.5",
    architectures=("qwen2_5_vl",),
    names=(r"ui-tars-1\.5",),
    space=SEEN_PIXELS,
    act=Acting(
        language=UiTarsCalls(words=_CLICKS),
        history=_HISTORY,
        prompt=(_COMPUTER % _ENDS_1_5, "{image}"),
    ),
    max_pixels=16384 * 28 * 28,
    checkpoints=_CHECKPOINTS_1_5,
)
"""UI-TARS 1.5, told of a computer's actions."""

UI_TARS_1_5_MOBILE = replace(
    UI_TARS_1_5,
    name="ui-tars-1.5-mobile",
    title="UI-TARS 1.5 on phones",
    names=(),
    act=Acting(
        language=UiTarsCalls(words=(*_TAPS, "drag"), writes_points=True),
        history=_HISTORY,
        prompt=(_PHONE_1_5, "{image}"),
    ),
)
"""UI-TARS 1.5, told of a phone's actions."""
