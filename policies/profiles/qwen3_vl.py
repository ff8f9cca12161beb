"""Qwen3-VL, Instruct and Thinking: places are thousandths again, and patches have 16 pixels.

Sources: https://github.com/QwenLM/Qwen3-VL, cookbooks/computer_use.ipynb, cookbooks/mobile_agent.ipynb and
cookbooks/utils/agent_function_call.py; the grounding prompt: arXiv 2511.21631, appendix B.
"""

from dataclasses import replace

from ...tools import COMPUTER_USE, MOBILE_USE
from ..grammars.call_grammar import REASONED, REASONING
from ..grammars.json_places import JsonPlaces
from ..grammars.published_calls import PublishedCalls
from .profile import Acting, Checkpoint, Dialogue, Listed, Pointing, Profile
from .qwen_functions import COMPUTER_3, COMPUTER_USE_3, MOBILE_3, MOBILE_USE_3, system_of

_RESPONSE_FORMAT = """

# Response format

Response format for every step:
1) Thought: one concise sentence explaining the next move (no multi-step reasoning).
2) Action: a short imperative describing what to do in the UI.
3) A single <tool_call>...</tool_call> block containing only the JSON: \
{"name": <function-name>, "arguments": <args-json-object>}.

Rules:
- Output exactly in the order: Thought, Action, <tool_call>.
- Be brief: one sentence for Thought, one for Action.
- Do not output anything else outside those three parts.
- If finishing, use action=terminate in the tool call."""

_ARCHITECTURES = ("qwen3_vl", "qwen3_vl_moe")
_FACTOR = 32
_POINTING = Pointing(
    places=JsonPlaces(),
    prompt='{image}Locate every object that matches the description "{description}" in the image. '
    "Report bbox coordinates in JSON format.",
)
_SIZES = {"2B": 2.1, "4B": 4.4, "8B": 8.8, "32B": 33.4, "30B-A3B": 31.1, "235B-A22B": 235.7}
_INSTRUCT, _THINKING = (
    tuple(Checkpoint(name=f"Qwen/Qwen3-VL-{size}-{kind}", parameters_b=count) for size, count in _SIZES.items())
    for kind in ("Instruct", "Thinking")
)
_COMPUTER = Acting(
    language=PublishedCalls(function=COMPUTER_USE, actions=COMPUTER_3),
    history=Dialogue(removed="(An earlier screenshot, no longer kept.)", is_told=True),
    prompt=("{image}{goal}",),
    system=system_of(COMPUTER_USE_3),
)

QWEN3_VL = Profile(
    name="qwen3-vl",
    title="Qwen3-VL",
    architectures=_ARCHITECTURES,
    names=(
        r"(^|/)qwen3-vl-(2|4|8|32)b-instruct",
        r"(^|/)qwen3-vl-(30b-a3b|235b-a22b)-instruct",
        r"(^|/)qwen3-vl:\d+b(?!.*thinking)",
    ),
    act=_COMPUTER,
    ground=_POINTING,
    asks=True,
    factor=_FACTOR,
    max_new_tokens=2048,
    checkpoints=_INSTRUCT,
)
"""On a computer: the cookbook's function, one screenshot and one answer after another."""

QWEN3_VL_THINKING = replace(
    QWEN3_VL,
    name="qwen3-vl-thinking",
    title="Qwen3-VL-Thinking",
    names=(r"(^|/)qwen3-vl[-:](2|4|8|32)b-thinking", r"(^|/)qwen3-vl[-:](30b-a3b|235b-a22b)-thinking"),
    act=replace(_COMPUTER, language=PublishedCalls(function=COMPUTER_USE, actions=COMPUTER_3, head="reasoning")),
    ground=replace(_POINTING, places=JsonPlaces(thought=f"({REASONING} {REASONED})?"), thinks=True),
    max_new_tokens=4096,
    checkpoints=_THINKING,
)
"""The same for those that think first. Their chat template begins the thought, and a server may keep it to itself."""

QWEN3_VL_MOBILE = Profile(
    name="qwen3-vl-mobile",
    title="Qwen3-VL on a phone",
    architectures=_ARCHITECTURES,
    act=Acting(
        language=PublishedCalls(function=MOBILE_USE, actions=MOBILE_3, head="steps"),
        history=Listed(
            line="Step {n}: {said}; ",
            none="",
            separator="",
            language=PublishedCalls(function=MOBILE_USE, actions=MOBILE_3, is_tagged=False),
        ),
        prompt=(
            "The user query: {goal}.\n"
            "Task progress (You have done the following operation on the current device): {history}.\n{image}",
        ),
        system=system_of(MOBILE_USE_3, "\n\n", _RESPONSE_FORMAT),
    ),
    ground=_POINTING,
    asks=True,
    factor=_FACTOR,
    max_new_tokens=2048,
    checkpoints=_INSTRUCT,
)
"""On a phone: one screenshot, and what the model said of each step before it."""
