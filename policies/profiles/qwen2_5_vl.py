"""Qwen2.5-VL-Instruct: places are pixels of the picture as it is read, whose size the model is told.

Sources: https://github.com/QwenLM/Qwen2.5-VL, cookbooks/computer_use.ipynb, cookbooks/mobile_agent.ipynb,
cookbooks/spatial_understanding.ipynb and cookbooks/utils/agent_function_call.py; scores: its README.
"""

from collections.abc import Mapping
from types import MappingProxyType

from ...tools import COMPUTER_USE, MOBILE_USE
from ..grammars.canvas import SEEN_PIXELS
from ..grammars.json_places import JsonPlaces
from ..grammars.published_calls import PublishedCalls
from .profile import Acting, Checkpoint, Dialogue, Listed, Pointing, Profile, Score
from .qwen_functions import COMPUTER_2_5, COMPUTER_USE_2_5, MOBILE_2_5, MOBILE_USE_2_5, system_of

PROGRESS = Listed(
    line="Step {n}: {action}; ",
    none="",
    separator="",
    language=PublishedCalls(function=MOBILE_USE, actions=MOBILE_2_5, is_tagged=False),
)
"""What was done on the phone: the call of each step, one behind the other."""
PHONE_PROMPT = (
    "The user query:  {goal}\n"
    "Task progress (You have done the following operation on the current device): {history}{image}"
)

_POINTING = Pointing(
    places=JsonPlaces(),
    prompt="{image}Locate {description}, output its bbox coordinates using JSON format.",
)


def _checkpoint(size: str, parameters_b: float, scores: Mapping[str, float] = MappingProxyType({})) -> Checkpoint:
    told = (Score(benchmark=name, value=value, source="Qwen2.5-VL README") for name, value in scores.items())
    return Checkpoint(name=f"Qwen/Qwen2.5-VL-{size}-Instruct", parameters_b=parameters_b, scores=tuple(told))


_CHECKPOINTS = (
    _checkpoint("3B", 3.8, {"ScreenSpot": 55.5, "ScreenSpot-Pro": 23.9, "AndroidControl high": 63.7}),
    _checkpoint("7B", 8.3, {"ScreenSpot": 84.7, "ScreenSpot-Pro": 29.0, "AndroidControl high": 60.1}),
    _checkpoint("32B", 33.5),
    _checkpoint(
        "72B",
        73.4,
        {
            "ScreenSpot": 87.1,
            "ScreenSpot-Pro": 43.6,
            "AndroidControl high": 67.36,
            "AndroidWorld": 35.0,
            "OSWorld": 8.83,
        },
    ),
)

QWEN2_5_VL = Profile(
    name="qwen2.5-vl",
    title="Qwen2.5-VL-Instruct",
    architectures=("qwen2_5_vl",),
    names=(r"(^|/)qwen2\.5-vl-(3|7|32|72)b-instruct", r"(^|/)qwen2\.5vl:(3|7|32|72)b"),
    space=SEEN_PIXELS,
    act=Acting(
        language=PublishedCalls(function=COMPUTER_USE, actions=COMPUTER_2_5),
        history=Dialogue(removed="(An earlier screenshot, no longer kept.)", is_told=True),
        prompt=("{image}{goal}",),
        system=system_of(COMPUTER_USE_2_5),
    ),
    ground=_POINTING,
    asks=True,
    checkpoints=_CHECKPOINTS,
)
"""On a computer: the cookbook's function, one screenshot and one answer after another."""

QWEN2_5_VL_MOBILE = Profile(
    name="qwen2.5-vl-mobile",
    title="Qwen2.5-VL-Instruct on a phone",
    architectures=QWEN2_5_VL.architectures,
    space=SEEN_PIXELS,
    act=Acting(
        language=PublishedCalls(function=MOBILE_USE, actions=MOBILE_2_5),
        history=PROGRESS,
        prompt=(PHONE_PROMPT,),
        system=system_of(MOBILE_USE_2_5),
    ),
    ground=_POINTING,
    asks=True,
    checkpoints=_CHECKPOINTS,
)
"""On a phone: one screenshot, and what was done before it as a list of calls."""
