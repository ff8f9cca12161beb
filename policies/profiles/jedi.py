"""Jedi, Qwen2.5-VL trained to point: it answers a description with a call of computer_use.

Sources: https://github.com/xlang-ai/OSWorld-G, its demo; mm_agents/jedi_7b_agent.py of xlang-ai/OSWorld for the budget.
"""

from ...tools import COMPUTER_USE
from ..grammars.canvas import SEEN_PIXELS
from ..grammars.published_calls import PointingCalls
from .profile import Checkpoint, Pointing, Profile, Score
from .qwen_functions import COMPUTER_USE_2_5, system_of

_SOURCE = "GUI-Actor README"

JEDI = Profile(
    name="jedi",
    title="Jedi",
    architectures=("qwen2_5_vl",),
    names=(r"(^|/)jedi-(3|7)b-1080p",),
    space=SEEN_PIXELS,
    ground=Pointing(
        places=PointingCalls(function=COMPUTER_USE, action="left_click"),
        prompt="{image}{description}",
        system=system_of(COMPUTER_USE_2_5).replace("{own_tools}", ""),
    ),
    max_pixels=2700 * 28 * 28,
    checkpoints=(
        Checkpoint(
            name="xlangai/Jedi-3B-1080p",
            parameters_b=3.8,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=88.6, source=_SOURCE),
                Score(benchmark="ScreenSpot-Pro", value=36.1, source=_SOURCE),
            ),
        ),
        Checkpoint(
            name="xlangai/Jedi-7B-1080p",
            parameters_b=8.3,
            scores=(
                Score(benchmark="ScreenSpot-v2", value=91.7, source=_SOURCE),
                Score(benchmark="ScreenSpot-Pro", value=39.5, source=_SOURCE),
            ),
        ),
    ),
)
"""Jedi of both sizes, as a grounder for another model's plan."""
