"""OS-Genesis for Android: AndroidControl and AndroidWorld.

It was trained with the accessibility tree of each screen beside the screenshot, and points at what stands in it, in
pixels of the screenshot. There is no tree here, so it is told none and points less well. OS-Genesis-7B-WA, for
WebArena, names the elements of its tree by number and says no place at all: it cannot act by sight, and so has no
profile.

Prompt: https://github.com/OS-Copilot/OS-Genesis, evaluation/android_world/genesis_agents.py and genesis_utils.py, with
the picture first, as in training and in evaluation/android_control.
"""

from dataclasses import replace

from ..grammars.canvas import SCREEN_PIXELS
from ..grammars.genesis import GenesisActions
from .profile import Acting, Checkpoint, Listed, Profile

_PROMPT = """{image}
You are a GUI task expert, I will provide you with a high-level instruction, an action history, a screenshot with its \
corresponding accessibility tree.

High-level instruction: {goal}

Action history: {history}

Accessibility tree:\x20

Please generate the low-level thought and action for the next step."""

OS_GENESIS_AW = Profile(
    name="os-genesis-aw",
    title="OS-Genesis for AndroidWorld",
    names=("os-genesis-7b-aw",),
    space=SCREEN_PIXELS,
    act=Acting(
        language=GenesisActions(),
        history=Listed(line="Step {n}: {thought} {action}", none=""),
        prompt=(_PROMPT,),
    ),
    max_pixels=1024 * 1024,
    max_new_tokens=256,
    checkpoints=(Checkpoint(name="OS-Copilot/OS-Genesis-7B-AW", parameters_b=8.3),),
)

OS_GENESIS_AC = replace(
    OS_GENESIS_AW,
    name="os-genesis-ac",
    title="OS-Genesis for AndroidControl",
    names=("os-genesis-7b-ac",),
    checkpoints=(Checkpoint(name="OS-Copilot/OS-Genesis-7B-AC", parameters_b=8.3),),
)
