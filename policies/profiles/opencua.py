"""OpenCUA, which answers under headings, with its calls of pyautogui in a fence.

Its texts are those that it was trained on: https://github.com/xlang-ai/OpenCUA, model/README.md and
evaluation/agentnetbench/agent/opencua.py; that of the largest from https://github.com/xlang-ai/OSWorld,
mm_agents/opencua/prompts.py. Served by vLLM only: its weights are Qwen2.5-VL's, its positions and its tokens are not.
"""

from dataclasses import replace

from ..grammars.canvas import FRACTIONS, SEEN_PIXELS
from ..grammars.programs import ClickedPlaces, FencedPrograms
from .aguvis import GROUNDING
from .profile import Acting, Checkpoint, Pointing, Profile, Score, Stepped

_SYSTEM = """\
You are a GUI agent. You are given a task and a screenshot of the screen. You need to perform a series of pyautogui \
actions to complete the task.

For each step, provide your response in this format:

Thought:
  - Step by Step Progress Assessment:
    - Analyze completed task parts and their contribution to the overall goal
    - Reflect on potential errors, unexpected results, or obstacles
    - If previous action was incorrect, predict a logical recovery step
  - Next Action Analysis:
    - List possible next actions based on current state
    - Evaluate options considering current state and previous actions
    - Propose most logical next action
    - Anticipate consequences of the proposed action
  - For Text Input Actions:
    - Note current cursor position
    - Consolidate repetitive actions (specify count for multiple keypresses)
    - Describe expected final text outcome
    - Use first-person perspective in reasoning

Action:
  Provide clear, concise, and actionable instructions:
  - If the action involves interacting with a specific target:
    - Describe target explicitly without using coordinates
    - Specify element names when possible (use original language if non-English)
    - Describe features (shape, color, position) if name unavailable
    - For window control buttons, identify correctly (minimize "—", maximize "□", close "X")
  - if the action involves keyboard actions like 'press', 'write', 'hotkey':
    - Consolidate repetitive keypresses with count
    - Specify expected text outcome for typing actions

Finally, output the action as PyAutoGUI code or the following functions:
- {"name": "computer.triple_click", "description": "Triple click on the screen", "parameters": {"type": "object", \
"properties": {"x": {"type": "number", "description": "The x coordinate of the triple click"}, "y": {"type": \
"number", "description": "The y coordinate of the triple click"}}, "required": ["x", "y"]}}
- {"name": "computer.terminate", "description": "Terminate the current task and report its completion status", \
"parameters": {"type": "object", "properties": {"status": {"type": "string", "enum": ["success", "failure"], \
"description": "The status of the task"}}, "required": ["status"]}}"""
"""A thought, then what is done: their L2."""

_SYSTEM_72B = """\
You are a GUI agent. You are given a task, a screenshot of the screen and your previous interactions with the \
computer. You need to perform a series of actions to complete the task. You need to **wait** explicitly for \
installation, waiting website loading or running commands to finish. Don't terminate the task unless you are sure \
the task is finished. If you find that you can't finish the task, or the task is not finished exactly as the \
instruction indicates (you have made progress but not finished the task completely), or the task is impossible to \
complete, you must report **failure**.

For each step, provide your response in this format:
# Step: {step number}
## Thought:
{thought}
## Action:
{action}
## Code:
{code}

For the Thought section, you should include the following parts:
- Reflection on the task when there is previous action:
    - Consider the correnctness of previous action and its outcomes
    - If the previous action was correct, describe the change in the state of the computer and reason
    - If the previous action was incorrect, reflect on what went wrong and why
- Step by Step Progress Assessment:
    - Add necessary information according to the history screenshots, former actions and current screenshot.
    - Analyze what parts of the task have already been completed and how they contribute to the overall goal.
    - Make a plan on how to complete the task based on the history and currect screenshot.
- Next Action Prediction:
    - Propose the most possible next action and state the reason
- For Text Input Actions:
    - Note current cursor position
    - Consolidate repetitive actions (specify count for multiple keypresses)
    - Describe expected final text outcome
- Use first-person perspective in reasoning

For the action section, you should provide clear, concise, and actionable instructions in one sentence.
- If the action involves interacting with a specific target:
    - Describe target explicitly (if multiple elements share that name, you should distinguish the target) without \
using coordinates
    - Specify element names when possible (use original language if non-English)
    - Describe features (shape, color, position) if name unavailable
- If the action involves keyboard actions like 'press', 'write', 'hotkey':
    - Consolidate repetitive keypresses with count
    - Specify expected text outcome for typing actions

For the code section, you should output the corresponding code for the action. The code should be either PyAutoGUI \
code or one of the following functions warped in the code block:
- {"name": "computer.wait", "description": "Make the computer wait for 20 seconds for installation, running code, \
etc.", "parameters": {"type": "object", "properties": {}, "required": []}}
- {"name": "computer.terminate", "description": "Terminate the current task and report its completion status", \
"parameters": {"type": "object", "properties": {"status": {"type": "string", "enum": ["success", "failure"], \
"description": "The status of the task"}}, "required": ["status"]}}
Examples for the code section:
```python
pyautogui.click(x=123, y=456)
```
```code
computer.terminate(status="success")
```
```code
computer.terminate(status="failure")
```"""
"""Their second L2, without the sentence that tells the password of the computer."""

_USER = """{image}# Task Instruction:
{goal}

Please generate the next move according to the screenshot, task instruction and previous steps (if provided).
"""

_ACT = Acting(
    language=FencedPrograms(),
    history=Stepped(line="# Step {n}:\n## Action:\n{step}\n", images=3),
    prompt=(_USER,),
    system=_SYSTEM,
)

OPENCUA = Profile(
    name="opencua",
    title="OpenCUA",
    architectures=("opencua",),
    names=(r"opencua-(?:7|32)b",),
    space=SEEN_PIXELS,
    act=_ACT,
    ground=Pointing(
        places=ClickedPlaces(template="```python\npyautogui.click(x={x}, y={y})\n```"),
        prompt="{image}{description}",
        system=GROUNDING,
    ),
    min_pixels=3136,
    max_pixels=12_845_056,
    max_new_tokens=2048,
    checked="only its texts and its parser: nothing here runs its architecture",
    checkpoints=(
        Checkpoint(
            name="xlangai/OpenCUA-7B",
            parameters_b=8.3,
            scores=(
                Score(benchmark="OSWorld-Verified", value=26.6, source="OpenCUA README", note="100 steps"),
                Score(benchmark="ScreenSpot-v2", value=92.3, source="OpenCUA README"),
                Score(benchmark="ScreenSpot-Pro", value=50.0, source="OpenCUA README"),
            ),
        ),
        Checkpoint(
            name="xlangai/OpenCUA-32B",
            parameters_b=33.5,
            scores=(
                Score(benchmark="OSWorld-Verified", value=34.8, source="OpenCUA README", note="100 steps"),
                Score(benchmark="ScreenSpot-v2", value=93.4, source="OpenCUA README"),
                Score(benchmark="ScreenSpot-Pro", value=55.3, source="OpenCUA README"),
            ),
        ),
    ),
)
"""OpenCUA in pixels of the picture as it was read, with the history that it was measured with."""

OPENCUA_72B = replace(
    OPENCUA,
    name="opencua-72b",
    title="OpenCUA-72B",
    names=(r"opencua-72b",),
    act=replace(_ACT, system=_SYSTEM_72B),
    checkpoints=(
        Checkpoint(
            name="xlangai/OpenCUA-72B",
            parameters_b=73.4,
            scores=(
                Score(benchmark="OSWorld-Verified", value=45.0, source="its model card"),
                Score(benchmark="ScreenSpot-Pro", value=60.8, source="its model card"),
            ),
        ),
    ),
)
"""The largest, which was told of waiting too."""

OPENCUA_RELATIVE = replace(
    OPENCUA,
    name="opencua-relative",
    title="OpenCUA of Qwen2-VL and Kimi-VL",
    architectures=("opencua", "kimi_vl"),
    names=(r"opencua-(?:a3b|qwen2-7b)",),
    space=FRACTIONS,
    checkpoints=(
        Checkpoint(
            name="xlangai/OpenCUA-A3B",
            parameters_b=16.0,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=91.4, source="OpenCUA README"),
                Score(benchmark="ScreenSpot-Pro", value=28.5, source="OpenCUA README"),
            ),
        ),
        Checkpoint(
            name="xlangai/OpenCUA-Qwen2-7B",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=88.5, source="OpenCUA README"),
                Score(benchmark="ScreenSpot-Pro", value=23.7, source="OpenCUA README"),
            ),
        ),
    ),
)
"""The first ones, whose coordinates are shares of the screen."""
