"""Qwen2.5-VL, Qwen3-VL, Jedi and InfiGUI-R1 are asked as their sources ask them, and told of nothing else."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Picture, ScriptedModel
from clickwright.model.grammar import GrammarTokenizer, Guide
from clickwright.model.tokenizer import ChatTokenizer
from clickwright.policies import ModelPolicy, Turn
from clickwright.policies.grammars import Canvas, Occasion
from clickwright.policies.grammars.published_calls import PublishedCalls
from clickwright.policies.profiles import PROFILES, find_profile
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import Action, Ask, CallTool, Click, Drag, Finish, Hover, Navigate, Press, Scroll, Task, tool

NAMES = {
    "instruct": ["Qwen/Qwen2-VL-2B-Instruct", "Qwen/Qwen2-VL-7B-Instruct-GPTQ-Int4"],
    "qwen2.5-vl": [
        *(f"Qwen/Qwen2.5-VL-{size}-Instruct" for size in ("3B", "7B", "32B", "72B")),
        *("Qwen/Qwen2.5-VL-72B-Instruct-AWQ", "unsloth/Qwen2.5-VL-7B-Instruct-GGUF", "qwen2.5vl:7b"),
        *("qwen2.5-vl-7b-instruct", "models/Qwen2.5_VL_7B_Instruct"),
    ],
    "qwen3-vl": [
        *(f"Qwen/Qwen3-VL-{size}-Instruct" for size in ("2B", "4B", "8B", "32B", "30B-A3B", "235B-A22B")),
        *("Qwen/Qwen3-VL-235B-A22B-Instruct-FP8", "qwen3-vl:8b"),
    ],
    "qwen3-vl-thinking": ["Qwen/Qwen3-VL-8B-Thinking", "Qwen/Qwen3-VL-235B-A22B-Thinking-FP8", "qwen3-vl:8b-thinking"],
    "jedi": ["xlangai/Jedi-3B-1080p", "xlangai/Jedi-7B-1080p"],
    "infigui": ["Reallm-Labs/InfiGUI-R1-3B", "InfiX-ai/InfiGUI-R1-3B"],
}
MINE = [profile for name, profile in PROFILES.items() if name.startswith(("qwen", "jedi", "infigui", "instruct-"))]


@pytest.mark.parametrize(("profile", "name"), [(profile, name) for profile, names in NAMES.items() for name in names])
def test_a_published_name_has_its_profile(profile: str, name: str) -> None:
    assert find_profile(name).name == profile


@pytest.mark.parametrize("profile", MINE, ids=lambda profile: profile.name)
def test_every_checkpoint_of_a_profile_is_known_by_its_name(profile) -> None:
    for checkpoint in profile.checkpoints:
        assert find_profile(checkpoint.name).name in (profile.name, profile.name.removesuffix("-mobile"), "instruct")


@pytest.mark.parametrize(
    "name", ["Qwen/Qwen2.5-VL-7B", "me/qwen2.5-vl-7b-gui", "Qwen/Qwen3-8B", "Qwen/Qwen2.5-7B-Instruct"]
)
def test_others_that_carry_the_name_are_not_taken_for_it(name: str) -> None:
    with pytest.raises(UsageError, match="no profile is known"):
        find_profile(name)


# What is told


def look(shade: int) -> Observation:
    pixels = np.full((112, 224, 3), shade, np.uint8)
    return Observation(screenshot=Screenshot(pixels=pixels, taken_s=float(shade)))


def told(profile: str, script: Sequence[str], goal: str = "Buy a pear") -> Conversation:
    """What a model is asked in the last of so many turns."""
    model = ScriptedModel(script)
    policy = ModelPolicy(model, profile=PROFILES[profile])
    policy.reset(Task(goal=goal))
    history: list[Turn] = []
    for shade in range(len(script)):
        decision = policy.act(look(shade), history)
        history.append(Turn(observation=look(shade), decision=decision))
    return model.asked[-1]


def spelled(conversation: Conversation) -> str:
    return "".join(
        f"[{message.role}]" + "".join("<image>" if isinstance(part, Picture) else str(part) for part in message.parts)
        for message in conversation.messages
        if message.role != "system"
    )


def system_of(conversation: Conversation) -> str:
    (system,) = [message for message in conversation.messages if message.role == "system"]
    return str(system.parts[0])


def call(name: str, **arguments: object) -> str:
    return f"<tool_call>\n{json.dumps({'name': name, 'arguments': arguments})}\n</tool_call>"


CLICK = call("computer_use", action="left_click", coordinate=[5, 6])
TAP = call("mobile_use", action="click", coordinate=[5, 6])


@pytest.mark.parametrize("profile", ["qwen2.5-vl", "qwen3-vl"])
def test_on_a_computer_screenshots_and_answers_take_turns(profile: str) -> None:
    assert spelled(told(profile, [CLICK, CLICK])) == f"[user]<image>Buy a pear[assistant]{CLICK}[user]<image>"


def test_on_a_phone_qwen2_5_is_told_its_calls() -> None:
    """As cookbooks/mobile_agent.ipynb has it, with one step and with two."""
    first, second = told("qwen2.5-vl-mobile", [TAP]), told("qwen2.5-vl-mobile", [TAP, TAP, TAP])
    progress = "\nTask progress (You have done the following operation on the current device): "
    one = '{"name": "mobile_use", "arguments": {"action": "click", "coordinate": [5, 6]}}'
    assert spelled(first) == f"[user]The user query:  Buy a pear{progress}<image>"
    assert spelled(second) == f"[user]The user query:  Buy a pear{progress}Step 1: {one}; Step 2: {one}; <image>"
    assert spelled(told("infigui", [f"<think>So.</think>{TAP}", TAP])) == (
        f"[user]The user query:  Buy a pear{progress}Step 1: {one}; <image>"
    )


def test_on_a_phone_qwen3_is_told_what_it_said() -> None:
    said = f'Thought: It is there.\nAction: "I tapped on the search bar."\n{TAP}'
    assert spelled(told("qwen3-vl-mobile", [said, TAP, TAP])) == (
        "[user]The user query: Buy a pear.\nTask progress (You have done the following operation on the current "
        "device): Step 1: I tapped on the search bar.; Step 2: "
        '{"name": "mobile_use", "arguments": {"action": "click", "coordinate": [5, 6]}}; .\n<image>'
    )


def test_the_function_is_told_in_the_published_words_with_the_size_of_the_picture() -> None:
    system = system_of(told("qwen2.5-vl-mobile", [TAP]))
    begin, _, rest = system.partition("<tools>\n")
    function, _, end = rest.partition("\n</tools>")
    assert begin.startswith("You are a helpful assistant.\n\n# Tools\n\nYou may call one or more functions")
    assert end.endswith('<tool_call>\n{"name": <function-name>, "arguments": <args-json-object>}\n</tool_call>')
    assert function.startswith('{"type": "function", "function": {"name_for_human": "mobile_use", "name": "mobile_use"')
    assert "* The screen's resolution is 224x112.\\n" in function
    assert json.loads(function)["function"]["args_format"] == "Format the arguments as a JSON object."
    assert "resolution is 1000x1000." in system_of(told("qwen3-vl", [CLICK]))
    assert "resolution is 999x999." in system_of(told("qwen3-vl-mobile", [TAP]))


@tool
def look_up(word: str) -> str:
    """Look a word up."""
    return word


def test_the_users_own_tools_are_told_behind_the_published_function() -> None:
    model = ScriptedModel([call("look_up", word="pear")])
    policy = ModelPolicy(model, profile=PROFILES["qwen2.5-vl"], tools=[look_up])
    policy.reset(Task(goal="Buy a pear"))
    assert policy.act(look(0), []).actions == (CallTool(name="look_up", arguments={"word": "pear"}),)
    lines = system_of(model.asked[0]).partition("<tools>\n")[2].partition("\n</tools>")[0].splitlines()
    assert [json.loads(line)["function"]["name"] for line in lines] == ["computer_use", "look_up"]


def test_qwen2_is_told_of_functions_as_its_report_has_it() -> None:
    conversation = told("instruct-functions", ['✿FUNCTION✿: computer_use\n✿ARGS✿: {"action": "wait"}\n'])
    system = system_of(conversation)
    assert (
        "# Tools\n\n## You have access to the following tools:\n\n### computer_use\n\ncomputer_use: Use the" in system
    )
    assert "Format the arguments as a JSON object.\n\n### select_option\n\nselect_option: Choose" in system
    assert (
        "should be one of [computer_use,select_option,navigate,page,tab,upload,pinch,ask]\n✿ARGS✿: The input" in system
    )
    assert PROFILES["instruct-functions"].stop == ("✿RESULT✿", "✿RETURN✿")


def test_grounders_are_asked_as_they_were_measured() -> None:
    point = '<think>There.</think>\n```json\n[\n    {"point_2d": [112, 56], "label": "cart"}\n]\n```'
    for profile, answer, asked in (
        ("jedi", call("computer_use", action="left_click", coordinate=[112, 56]), "[user]<image>the cart"),
        (
            "infigui",
            point,
            '[user]<image>The screen\'s resolution is 224x112.\nPoint to the UI element most relevant to "the cart", '
            'output its coordinates using JSON format:\n```json\n[\n    {"point_2d": [x, y], '
            '"label": "object name/description"}\n]```',
        ),
        (
            "qwen2.5-vl",
            '```json\n[\n\t{"bbox_2d": [100, 50, 124, 62], "label": "cart"}\n]\n```',
            "[user]<image>Locate the cart, output its bbox coordinates using JSON format.",
        ),
    ):
        model = ScriptedModel([answer])
        found = ModelPolicy(model, profile=PROFILES[profile]).ground(look(0).screenshot, "the cart")
        assert found.point == Point(112, 56)
        assert spelled(model.asked[0]) == asked


@pytest.mark.parametrize(
    "thought", ["", "\nIt is the third.\n</think>\n\n", f"\n{'The menu is open. ' * 300}\n</think>\n\n"]
)
def test_a_thought_that_the_template_began_may_be_long_and_is_closed(
    thought: str, tokenizer: ChatTokenizer, tokens: GrammarTokenizer
) -> None:
    profile = PROFILES["qwen3-vl-thinking"]
    assert profile.act is not None
    assert profile.ground is not None
    place = '```json\n[\n\t{"bbox_2d": [100, 50, 124, 62], "label": "cart"}\n]\n```'
    acting, pointing = (
        profile.act.language.grammar(CANVAS, Occasion(goal="Buy it.")),
        profile.ground.places.grammar(CANVAS),
    )
    for grammar, text in ((acting, f"{thought}{CLICK}"), (pointing, f"{thought}{place}")):
        assert grammar is not None
        guide = Guide(grammar, tokens)
        for token in tokenizer.encode(text):
            guide.follow(token)
        assert guide.forced() == [tokenizer.id("<|im_end|>")] or guide.allowed()[tokenizer.id("<|im_end|>")]
    assert profile.act.language.parse(f"{thought}{CLICK}", CANVAS).actions == (Click(point=Point(5, 6)),)


# What is written

CANVAS = Canvas(size=Size(1000, 1000))
COMPUTER, PHONE = (PROFILES[name].act.language for name in ("qwen3-vl", "qwen2.5-vl-mobile"))  # type: ignore[union-attr]
A, B = Point(10, 20), Point(30, 40)


def test_a_drag_is_two_calls_unless_the_mouse_is_where_it_begins() -> None:
    move = call("computer_use", action="mouse_move", coordinate=[10, 20])
    drag = call("computer_use", action="left_click_drag", coordinate=[30, 40])
    assert COMPUTER.write([Drag(path=(A, B))], CANVAS) == f"{move}\n{drag}"
    assert COMPUTER.write([Hover(point=A), Drag(path=(A, B), duration_s=2)], CANVAS) == f"{move}\n{drag}"
    there = Canvas(size=Size(1000, 1000), pointer=A)
    assert COMPUTER.write([Drag(path=(A, B))], there) == drag


@pytest.mark.parametrize(
    ("language", "action"),
    [
        (COMPUTER, Click(point=A, modifiers=("Control",))),
        (COMPUTER, Click(point=A, button="right", count=2)),
        (COMPUTER, Drag(path=(A, B, A))),
        (COMPUTER, Scroll(point=A, dx=3, dy=4)),
        (COMPUTER, Navigate(url="https://shop.example/")),
        (COMPUTER, Finish(status="failure", answer="It is sold out.")),
        (PHONE, Click(point=A, count=2)),
        (PHONE, Scroll(point=A, dy=4)),
        (PHONE, Press(keys=("Control", "a"))),
        (PHONE, Finish(answer="Three.")),
        (PHONE, Ask(question="Which one?")),
    ],
)
def test_what_a_checkpoint_was_not_told_of_is_not_written(language: PublishedCalls, action: Action) -> None:
    with pytest.raises(UsageError, match=f"_use, as this checkpoint knows it, has no word for {action.kind}"):
        language.write([action], CANVAS)


def test_distances_are_pixels_of_the_picture_as_it_is_read() -> None:
    canvas = Canvas(size=Size(2000, 1000), seen=Size(1120, 560), space=PROFILES["qwen2.5-vl"].space)
    written = PROFILES["qwen2.5-vl"].act.language.write([Scroll(point=Point(1000, 500), dy=500)], canvas)  # type: ignore[union-attr]
    assert written == call("computer_use", action="scroll", coordinate=[560, 280], pixels=-280)
