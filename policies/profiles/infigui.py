"""InfiGUI-R1, Qwen2.5-VL trained to think before each step on a phone.

Sources: https://github.com/InfiXAI/InfiGUI-R1, eval/android_control/android_control.py and its README; the grounding
prompt: the model card of Reallm-Labs/InfiGUI-R1-3B.
"""

from ...tools import MOBILE_USE
from ..grammars.call_grammar import THOUGHT
from ..grammars.canvas import SEEN_PIXELS
from ..grammars.json_places import JsonPlaces
from ..grammars.published_calls import PublishedCalls
from .profile import Acting, Checkpoint, Pointing, Profile, Score
from .qwen2_5_vl import PHONE_PROMPT, PROGRESS
from .qwen_functions import MOBILE_2_5, MOBILE_USE_INFIGUI, system_of

_THINKING = """You FIRST think about the reasoning process as an internal monologue and then provide the final answer.
The reasoning process MUST BE enclosed within <think> </think> tags."""
_STEPS = f"""{_THINKING}
During the reasoning process, identify and state the sub-goal of the current step by enclosing it within <step> \
</step> tags."""
_README = "InfiGUI-R1 README"

INFIGUI = Profile(
    name="infigui",
    title="InfiGUI-R1",
    architectures=("qwen2_5_vl",),
    names=(r"(^|/)infigui-r1-3b",),
    space=SEEN_PIXELS,
    act=Acting(
        language=PublishedCalls(function=MOBILE_USE, actions=MOBILE_2_5, head="thinking"),
        history=PROGRESS,
        prompt=(PHONE_PROMPT,),
        system=system_of(MOBILE_USE_INFIGUI, f"{_STEPS}\n\n"),
    ),
    ground=Pointing(
        places=JsonPlaces(key="point_2d", indent="    ", thought=THOUGHT),
        prompt="{image}The screen's resolution is {width}x{height}.\nPoint to the UI element most relevant to \""
        '{description}", output its coordinates using JSON format:\n```json\n[\n'
        '    {"point_2d": [x, y], "label": "object name/description"}\n]```',
        system=_THINKING,
        thinks=True,
    ),
    max_pixels=5600 * 28 * 28,
    max_new_tokens=2048,
    checkpoints=(
        Checkpoint(
            name="Reallm-Labs/InfiGUI-R1-3B",
            parameters_b=3.8,
            scores=(
                Score(benchmark="ScreenSpot", value=87.5, source=_README),
                Score(benchmark="ScreenSpot-Pro", value=35.7, source=_README),
                Score(benchmark="AndroidControl high", value=71.1, source=_README),
                Score(benchmark="AndroidControl low", value=92.1, source=_README),
            ),
        ),
    ),
)
"""On a phone, with a thought before each call."""
