"""OS-Atlas: Base points with Qwen2-VL's own marks, Pro acts.

Prompts of Base: https://github.com/OS-Copilot/OS-Atlas, README. Of Pro on a desktop and on the web: eval/data there,
omniact_test.jsonl and gui_act_web_test.jsonl; on a phone: the model card of OS-Copilot/OS-Atlas-Pro-7B.
"""

from collections.abc import Iterable

from ..grammars.atlas import AtlasActions
from ..grammars.native import NativePlaces
from .profile import Acting, Checkpoint, Listed, Pointing, Profile, Score

_BASE = "{image}In this UI screenshot, what is the position of the element corresponding to the command "
_BASE_CHECKPOINTS = (
    Checkpoint(
        name="OS-Copilot/OS-Atlas-Base-7B",
        parameters_b=8.3,
        scores=(
            Score(benchmark="ScreenSpot", value=82.5, source="UI-TARS README_v1", note="81.0 in UGround README"),
            Score(benchmark="ScreenSpot-v2", value=84.1, source="UI-TARS README_v1"),
            Score(benchmark="ScreenSpot-Pro", value=18.9, source="UI-TARS README_v1"),
        ),
    ),
)

OS_ATLAS_BASE = Profile(
    name="os-atlas-base",
    title="OS-Atlas-Base, which boxes",
    names=("os-atlas-base-7b",),
    ground=Pointing(places=NativePlaces(), prompt=f'{_BASE}"{{description}}" (with bbox)?'),
    max_new_tokens=128,
    checkpoints=_BASE_CHECKPOINTS,
)

OS_ATLAS_BASE_POINT = Profile(
    name="os-atlas-base-point",
    title="OS-Atlas-Base, which points",
    ground=Pointing(places=NativePlaces(is_point=True), prompt=f'{_BASE}"{{description}}" (with point)?'),
    max_new_tokens=128,
    checkpoints=_BASE_CHECKPOINTS,
)
"""The same checkpoint, asked for a point: only by its name, never found."""

_FOUNDATION = """
You are a foundational action model capable of automating tasks across various digital environments, including desktop \
systems like Windows, macOS, and Linux, as well as mobile platforms such as Android and iOS. You also excel in web \
browser environments. You will interact with digital devices in a human-like manner: by reading screenshots, analyzing \
them, and taking appropriate actions.

Your expertise covers two types of digital tasks:
    - Grounding: Given a screenshot and a description, you assist users in locating elements mentioned. Sometimes, you \
must infer which elements best fit the description when they aren't explicitly stated.
    - Executable Language Grounding: With a screenshot and task instruction, your goal is to determine the executable \
actions needed to complete the task.

"""
_BASIC = """
You are now operating in Executable Language Grounding mode. Your goal is to help users accomplish tasks by suggesting \
executable actions that best fit their needs. Your skill set includes both basic and custom actions:

1. Basic Actions
Basic actions are standardized and available across all platforms. They provide essential functionality and are \
defined with a specific format, ensuring consistency and reliability.\x20
Basic Action 1: CLICK\x20
    - purpose: Click at the specified position.
    - format: CLICK <point>[[x-axis, y-axis]]</point>
    - example usage: CLICK <point>[[101, 872]]</point>
      \x20
Basic Action 2: TYPE
    - purpose: Enter specified text at the designated location.
    - format: TYPE [input text]
    - example usage: TYPE [Shanghai shopping mall]

Basic Action 3: SCROLL
    - purpose: %s in the specified direction.
    - format: SCROLL [direction (UP/DOWN/LEFT/RIGHT)]
    - example usage: SCROLL [UP]
   \x20
2.%sCustom Actions
Custom actions are unique to each user's platform and environment. They allow for flexibility and adaptability, \
enabling the model to support new and unseen actions defined by users. These actions extend the functionality of the \
basic set, making the model more versatile and capable of handling specific tasks.
"""
_REASONING = """
In most cases, task instructions are high-level and abstract. Carefully read the instruction and action history, then \
perform reasoning to determine the most appropriate next action. Ensure you strictly generate two sections: Thoughts \
and Actions.
Thoughts: Clearly outline your reasoning process for current step.
Actions: Specify the actual actions you will take based on your reasoning.%s

Your current task instruction, action history, and associated screenshot are as follows:
Screenshot:\x20"""

_POINTED = "<point>[[x-axis, y-axis]]</point>", "<point>[[101, 872]]</point>"
_POINTED_CLOSE = "<point>[[x-axis, y-axis]]</point>", "<point>[[101,872]]</point>"


def _custom(number: int, name: str, purpose: str, form: str = "", example: str = "", *, word: str = "") -> str:
    """The block of one custom action. `word`: what its format says where that is not its name."""
    word = word or name.strip()
    return (
        f"\nCustom Action {number}: {name}\n    - purpose: {purpose}\n"
        f"    - format: {f'{word} {form}'.rstrip()}\n    - example usage: {f'{word} {example}'.rstrip()}\n"
    )


def _presses(numbers: Iterable[int], keys: Iterable[str]) -> str:
    return "".join(
        _custom(number, f"PRESS_{key}", f"Press the {key} button.") for number, key in zip(numbers, keys, strict=True)
    )


_FINISHED = "Indicate the task is finished."
_DESKTOP_NAMES = ("SPACE", "TAB", "ESC", "PGDN", "DOWN", "ENTER", "RIGHT")
_DESKTOP = (
    _custom(1, "DOUBLECLICK ", "Double click at the specified position.", *_POINTED_CLOSE)
    # Its format is that of DOUBLECLICK: a slip in what the checkpoint was trained on, and so part of its prompt.
    + _custom(2, "RIGHTCLICK ", "Right click at the specified position.", *_POINTED_CLOSE, word="DOUBLECLICK")
    + _custom(3, "MOVETO ", "Move to the specified position.", *_POINTED_CLOSE)
    + _presses(range(4, 11), _DESKTOP_NAMES)
    + _custom(10, "HOTKEY", "Use the hot key.", "[keys]", "[CTRL_A]")
)
COMPLETE = _custom(11, "COMPLETE", _FINISHED)
"""Not in the published prompt for a desktop, whose tasks ended with one answer: the block of the other two."""
_WEB = _custom(1, "ENTER", "Press the enter button.") + _custom(2, "COMPLETE", _FINISHED)
_PHONE = (
    _custom(1, "LONG_PRESS ", "Long press at the specified position.", *_POINTED).removeprefix("\n")
    + "      \x20"
    + _custom(2, "OPEN_APP", "Open the specified application.", "[app_name]", "[Google Chrome]")
    + _custom(3, "PRESS_BACK", "Press a back button to navigate to the previous screen.")
    + _custom(4, "PRESS_HOME", "Press a home button to navigate to the home page.")
    + _custom(5, "PRESS_RECENT", "Press the recent button to view or switch between recently used applications.")
    + _custom(6, "ENTER", "Press the enter button.")
    + _custom(7, "WAIT", "Wait for the screen to load.")
    + _custom(8, "COMPLETE", _FINISHED)
)


def _pro_prompt(custom: str) -> str:
    asked = "{image}\nTask: {goal}\nHistory: \n{history}\n"
    return f"{_FOUNDATION}{_BASIC % ('Scroll', '')}\n{custom}\n{_REASONING % ''}{asked}"


def _card_prompt(custom: str) -> str:
    asked = "\n{image}Task instruction: {goal}\nHistory: {history}"
    follow = " You should follow action format above when generating. "
    return f"{_BASIC % ('SCROLL', ' ')}{custom}{_REASONING % follow}{asked}"


_PRO_HISTORY = Listed(line="Step {n}: {step}\n", none="None", separator="")
_PRO_CHECKPOINTS = (Checkpoint(name="OS-Copilot/OS-Atlas-Pro-7B", parameters_b=8.3),)

OS_ATLAS_PRO = Profile(
    name="os-atlas-pro",
    title="OS-Atlas-Pro, on a desktop",
    names=("os-atlas-(pro|action)-7b",),
    act=Acting(
        language=AtlasActions(
            custom=(
                *("DOUBLECLICK", "RIGHTCLICK", "MOVETO", *(f"PRESS_{key}" for key in _DESKTOP_NAMES)),
                *("HOTKEY", "COMPLETE"),
            )
        ),
        history=_PRO_HISTORY,
        prompt=(_pro_prompt(_DESKTOP + COMPLETE),),
    ),
    max_new_tokens=256,
    checkpoints=_PRO_CHECKPOINTS,
)

OS_ATLAS_PRO_WEB = Profile(
    name="os-atlas-pro-web",
    title="OS-Atlas-Pro, in a browser",
    act=Acting(language=AtlasActions(custom=("ENTER", "COMPLETE")), history=_PRO_HISTORY, prompt=(_pro_prompt(_WEB),)),
    max_new_tokens=256,
    checkpoints=_PRO_CHECKPOINTS,
)

OS_ATLAS_PRO_MOBILE = Profile(
    name="os-atlas-pro-mobile",
    title="OS-Atlas-Pro, on a phone",
    act=Acting(
        language=AtlasActions(
            custom=(
                *("LONG_PRESS", "OPEN_APP", "PRESS_BACK", "PRESS_HOME", "PRESS_RECENT", "ENTER", "WAIT", "COMPLETE"),
            )
        ),
        history=Listed(line="\nStep {n}: {step}", none="null", separator=""),
        prompt=(_card_prompt(_PHONE),),
    ),
    max_new_tokens=256,
    checkpoints=_PRO_CHECKPOINTS,
)
"""What the model card shows; a history that is not empty is told as the desktop's is."""
