"""SeeClick: one point, and beside it three fine-tunes that act.

It is a Qwen-VL, not a Qwen2-VL: its architecture comes as code of its own, which is never run here. So it is for a
server that speaks the OpenAI API, with --backend openai.

Prompts: https://github.com/njucckevin/SeeClick, readme.md and agent_tasks.
"""

from ..grammars.canvas import HUNDREDTHS
from ..grammars.plain import PlainPlaces
from ..grammars.seeclick import SeeClickActions, Task
from .profile import Acting, Checkpoint, Listed, Pointing, Profile, Score

_MOVE = (
    "{image}Please generate the next move according to the ui screenshot, instruction and previous actions. "
    "Instruction: {goal}. Previous actions: {history}"
)
_HISTORY = Listed(line="Step{n}: {action}. ", none="", separator="", last=4, first=0)
"""The last four actions, counted from 0."""

SEECLICK = Profile(
    name="seeclick",
    title="SeeClick, which points",
    architectures=("qwen",),
    names=("seeclick(-pretrain)?$",),
    space=HUNDREDTHS,
    ground=Pointing(
        places=PlainPlaces(point="({x},{y})", is_padded=True),
        prompt="{image}In this UI screenshot, what is the position of the element corresponding to the command "
        '"{description}" (with point)?',
    ),
    max_new_tokens=64,
    checkpoints=(
        Checkpoint(
            name="cckevinn/SeeClick",
            parameters_b=9.6,
            scores=(Score(benchmark="ScreenSpot", value=53.4, source="SeeClick readme"),),
        ),
    ),
)


def _acting(task: Task, title: str) -> Profile:
    return Profile(
        name=f"seeclick-{task}",
        title=title,
        architectures=("qwen",),
        names=(f"seeclick-{task}",),
        space=HUNDREDTHS,
        act=Acting(language=SeeClickActions(task=task), history=_HISTORY, prompt=(_MOVE,)),
        max_new_tokens=128,
        checkpoints=(Checkpoint(name=f"cckevinn/SeeClick-{task}", parameters_b=9.6),),
    )


SEECLICK_AITW = _acting("aitw", "SeeClick, on a phone (AITW)")
SEECLICK_MIND2WEB = _acting("mind2web", "SeeClick, in a browser (Mind2Web)")
SEECLICK_MINIWOB = _acting("miniwob", "SeeClick, on small pages (MiniWoB)")
