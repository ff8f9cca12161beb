"""Aguvis, which says what it does to all and does it by pyautogui's calls, and GUI-Actor, which points with a head.

Their texts are those that they were trained on: https://github.com/xlang-ai/aguvis, src/aguvis/constants.py and
serve/cli.py; https://github.com/microsoft/GUI-Actor, src/gui_actor/constants.py, inference.py and README.md.
"""

from ..grammars.canvas import FRACTIONS
from ..grammars.programs import TO_SYSTEM, ClickedPlaces, RecipientTurns
from .profile import Acting, Checkpoint, Listed, Pointing, Profile, Score

GROUNDING = """\
You are a GUI agent. You are given a task and a screenshot of the screen. You need to perform a series of pyautogui \
actions to complete the task."""
"""The system text of both where they only point."""

_AGENT = """\
You are a GUI agent. You are given a task and a screenshot of the screen. You need to perform a series of pyautogui \
actions to complete the task.

You have access to the following functions:
- {"name": "mobile.swipe", "description": "Swipe on the screen", "parameters": {"type": "object", "properties": \
{"from_coord": {"type": "array", "items": {"type": "number"}, "description": "The starting coordinates of the \
swipe"}, "to_coord": {"type": "array", "items": {"type": "number"}, "description": "The ending coordinates of the \
swipe"}}, "required": ["from_coord", "to_coord"]}}
- {"name": "mobile.home", "description": "Press the home button"}
- {"name": "mobile.back", "description": "Press the back button"}
- {"name": "mobile.wait", "description": "wait for the change to happen", "parameters": {"type": "object", \
"properties": {"seconds": {"type": "number", "description": "The seconds to wait"}}, "required": ["seconds"]}}
- {"name": "mobile.long_press", "description": "Long press on the screen", "parameters": {"type": "object", \
"properties": {"x": {"type": "number", "description": "The x coordinate of the long press"}, "y": {"type": "number", \
"description": "The y coordinate of the long press"}}, "required": ["x", "y"]}}
- {"name": "mobile.open_app", "description": "Open an app on the device", "parameters": {"type": "object", \
"properties": {"app_name": {"type": "string", "description": "The name of the app to open"}}, "required": \
["app_name"]}}
"""

_USER = """{image}Please generate the next move according to the ui screenshot, instruction and previous actions.

Instruction: {goal}

Previous actions:
{history}
"""

AGUVIS = Profile(
    name="aguvis",
    title="Aguvis",
    names=(r"aguvis-\d+b",),
    marks=("<|recipient|>", "<|diff_marker|>"),
    space=FRACTIONS,
    act=Acting(
        language=RecipientTurns(),
        history=Listed(line="Step {n}: {step}", none="None"),
        prompt=(_USER,),
        system=_AGENT,
        prefill="<|recipient|>",
        second=TO_SYSTEM,
    ),
    ground=Pointing(
        places=ClickedPlaces(),
        prompt=_USER.replace("{goal}", "{description}").replace("{history}", "None"),
        system=GROUNDING,
        prefill=TO_SYSTEM,
    ),
    min_pixels=256 * 28 * 28,
    max_pixels=46 * 26 * 28 * 28,
    max_new_tokens=1024,
    stop=("<|diff_marker|>",),
    checkpoints=(
        Checkpoint(
            name="xlangai/Aguvis-7B-720P",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot", value=84.4, source="GUI-Actor README", note="83.0 in UGround's README"),
                Score(benchmark="ScreenSpot-v2", value=86.0, source="GUI-Actor README", note="measured by them"),
                Score(benchmark="ScreenSpot-Pro", value=22.9, source="GUI-Actor README"),
                Score(benchmark="AndroidControl low", value=80.5, source="UI-TARS README_v1", note="success rate"),
                Score(benchmark="AndroidControl high", value=61.5, source="UI-TARS README_v1", note="success rate"),
            ),
        ),
        Checkpoint(
            name="xlangai/Aguvis-72B-720P",
            parameters_b=73.4,
            scores=(
                Score(benchmark="ScreenSpot", value=89.2, source="GUI-Actor README"),
                Score(benchmark="AndroidControl low", value=84.4, source="UI-TARS README_v1", note="success rate"),
                Score(benchmark="AndroidControl high", value=66.4, source="UI-TARS README_v1", note="success rate"),
                Score(benchmark="OSWorld", value=10.3, source="UI-TARS README_v1"),
                Score(benchmark="AndroidWorld", value=26.1, source="UI-TARS README_v1"),
            ),
        ),
    ),
)
"""Aguvis as its authors run it: the model begins with a plan or, where it sees no need of one, with what is done."""

GUI_ACTOR = Profile(
    name="gui-actor",
    title="GUI-Actor",
    names=(r"gui-actor-\d+b-qwen2-vl",),
    marks=("<|recipient|>", "<|diff_marker|>", "<|pointer_start|>", "<|pointer_end|>", "<|pointer_pad|>"),
    space=FRACTIONS,
    ground=Pointing(
        places=ClickedPlaces(),
        prompt="{image}{description}",
        system=GROUNDING,
        prefill=f"{TO_SYSTEM}pyautogui.click(<|pointer_start|><|pointer_pad|><|pointer_end|>)",
        has_head=True,
    ),
    min_pixels=3136,
    max_pixels=5_720_064,
    stop=("<|diff_marker|>",),
    checkpoints=(
        Checkpoint(
            name="microsoft/GUI-Actor-2B-Qwen2-VL",
            parameters_b=2.2,
            scores=(
                Score(benchmark="ScreenSpot", value=86.5, source="GUI-Actor README"),
                Score(benchmark="ScreenSpot-v2", value=88.6, source="GUI-Actor README"),
                Score(benchmark="ScreenSpot-Pro", value=36.7, source="GUI-Actor README"),
            ),
        ),
        Checkpoint(
            name="microsoft/GUI-Actor-7B-Qwen2-VL",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot", value=88.3, source="GUI-Actor README"),
                Score(benchmark="ScreenSpot-v2", value=89.5, source="GUI-Actor README"),
                Score(benchmark="ScreenSpot-Pro", value=40.7, source="GUI-Actor README"),
            ),
        ),
    ),
)
"""GUI-Actor of Qwen2-VL's architecture: one pass over the prompt, and what the head makes of it."""
