"""How UI-TARS, UI-Venus, Holo and GTA1 are asked, as their own code does it, and by what they are known."""

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Conversation, Generation, Marked, Picture, ScriptedModel
from clickwright.policies import Decision, ModelPolicy, Turn
from clickwright.policies.grammars import Canvas
from clickwright.policies.profiles import PROFILES, find_profile
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import Action, Ask, Click, Drag, Finish, Hover, Press, Scroll, Task, TypeText, Wait

PUBLISHED = {
    "ui-tars": [
        *(f"bytedance-research/UI-TARS-{size}-SFT" for size in ("2B", "7B", "72B")),
        *("bytedance-research/UI-TARS-7B-DPO", "bytedance-research/UI-TARS-72B-DPO"),
        *("ByteDance-Seed/UI-TARS-7B-DPO", "bytedance-research/UI-TARS-7B-gguf", "models/ui_tars_2b_sft"),
    ],
    "ui-tars-1.5": ["ByteDance-Seed/UI-TARS-1.5-7B", "mlx-community/UI-TARS-1.5-7B-4bit"],
    "ui-venus-navi": ["inclusionAI/UI-Venus-Navi-7B"],
    "ui-venus-navi-72b": ["inclusionAI/UI-Venus-Navi-72B"],
    "ui-venus-ground": ["inclusionAI/UI-Venus-Ground-7B"],
    "ui-venus-ground-72b": ["inclusionAI/UI-Venus-Ground-72B"],
    "ui-venus-1.5": [f"inclusionAI/UI-Venus-1.5-{size}" for size in ("2B", "8B", "30B-A3B")],
    "holo1": ["Hcompany/Holo1-3B", "Hcompany/Holo1-7B"],
    "holo1.5": [*(f"Hcompany/Holo1.5-{size}" for size in ("3B", "7B", "72B")), "holo1-5-7b-20250915"],
    "gta1-2507": ["Salesforce/GTA1-7B-2507", "HelloKKMe/GTA1-7B", "HelloKKMe/GTA1-32B", "HelloKKMe/GTA1-72B"],
    "gta1": ["Salesforce/GTA1-7B", "Salesforce/GTA1-32B"],
}
OTHERS = ("doubao-1-5-ui-tars-250428", "Hcompany/Holo2-4B", "inclusionAI/UI-Venus-2", "UI-TARS", "gta-5-7b")

BOX = "click(start_box='<|box_start|>({})<|box_end|>')"
SIZE = Size(1000, 1000)


def played(name: str, *answers: str) -> Conversation:
    """What a model is asked after these answers, each to a screen of another shade."""
    profile = PROFILES[name]
    assert profile.act is not None
    turns: list[Turn] = []
    for shade, text in enumerate(answers):
        seen = look(shade)
        answer = profile.act.language.parse(text, Canvas(size=seen.screenshot.size, space=profile.space))
        decision = Decision(
            actions=answer.actions,
            thought=answer.thought,
            frame=seen.screenshot.frame,
            generation=Generation(text=text),
        )
        turns.append(Turn(observation=seen, decision=decision))
    model = ScriptedModel(["Action: wait()" if "tars" in name else "<action>Wait()</action>"])
    policy = ModelPolicy(model, profile=profile)
    policy.reset(Task(goal="Buy <|box_start|> a pear."))
    policy.act(look(len(answers)), turns)
    return model.asked[0]


def look(shade: int) -> Observation:
    return Observation(screenshot=Screenshot(pixels=np.full((200, 100, 3), shade, np.uint8), taken_s=float(shade)))


def outline(conversation: Conversation) -> list[tuple[str, ...]]:
    """Each message as its role and its parts, a picture as its shade."""
    shown = [
        (
            message.role,
            *(f"#{part.pixels[0, 0, 0]}" if isinstance(part, Picture) else str(part) for part in message.parts),
        )
        for message in conversation.messages
    ]
    return [tuple(map(str, message)) for message in shown]


TARS_PROMPT = """You are a GUI agent. You are given a task and your action history, with screenshots. You need to \
perform the next action to complete the task.\x20

## Output Format
```
Thought: ...
Action: ...
```

## Action Space

click(start_box='<|box_start|>(x1,y1)<|box_end|>')
left_double(start_box='<|box_start|>(x1,y1)<|box_end|>')
right_single(start_box='<|box_start|>(x1,y1)<|box_end|>')
drag(start_box='<|box_start|>(x1,y1)<|box_end|>', end_box='<|box_start|>(x3,y3)<|box_end|>')
hotkey(key='')
type(content='') #If you want to submit your input, use "\\n" at the end of `content`.
scroll(start_box='<|box_start|>(x1,y1)<|box_end|>', direction='down or up or right or left')
wait() #Sleep for 5s and take a screenshot to check for any changes.
finished()
call_user() # Submit the task and call the user when the task is unsolvable, or when you need the user's help.


## Note
- Use English in `Thought` part.
- Write a small plan and finally summarize your next action (with its target element) in one sentence in `Thought` part.

## User Instruction
Buy < |box_start|> a pear.
"""


def test_ui_tars_is_told_of_two_turns_as_its_agent_for_osworld_tells_it() -> None:
    first, second = "Thought: A.\nAction: click(start_box='(1,2)')", f"Thought: B.\nAction: {BOX.format('3,4')}"
    conversation = played("ui-tars", first, second)
    assert outline(conversation) == [
        ("user", TARS_PROMPT),
        ("user", "#0"),
        ("assistant", f"Thought: A.\nAction: {BOX.format('1,2')}"),
        ("user", "#1"),
        ("assistant", second),
        ("user", "#2"),
    ]
    assert isinstance(conversation.messages[0].parts[0], Marked)


def test_ui_tars_sees_five_screenshots_and_its_prompt_grows_between_cuts() -> None:
    prompts = [outline(played("ui-tars", *["Action: wait()"] * turns)) for turns in range(9)]
    shown = [[part for message in prompt for part in message if part.startswith("#")] for prompt in prompts]
    assert [len(pictures) for pictures in shown] == [1, 2, 3, 4, 5, 3, 4, 5, 3]
    grown = [prompts[i + 1][: len(prompt)] == prompt for i, prompt in enumerate(prompts[:-1])]
    assert grown == [True, True, True, True, False, True, True, False]


def test_ui_venus_is_told_of_two_turns_in_words() -> None:
    first, second = "<think>A.</think>\n<action>Wait()</action>", "<think>B.</think><action>PressBack()</action>"
    ((role, text, picture),) = outline(played("ui-venus-1.5-mobile", first, second))
    assert (role, picture) == ("user", "#2")
    told = "\n### Previous Actions\nStep 0: <think>A.</think><action>Wait()</action>\n"
    assert f"{told}Step 1: <think>B.</think><action>PressBack()</action>\n\n### Output Format" in text
    assert "### User Task\nBuy < |box" not in text  # no mark in its prompt is a token
    ((_, alone, _),) = outline(played("ui-venus-1.5"))
    assert "\n### Previous Actions\n\n\n### Output Format" in alone


def test_gta1_is_told_the_size_at_which_it_reads() -> None:
    model = ScriptedModel(["(50,100)"])
    found = ModelPolicy(model, profile=PROFILES["gta1-2507"]).ground(look(0).screenshot, "the cart")
    seen = model.seen_size(Size(100, 200))
    system, asked = outline(model.asked[0])
    assert f"The image resolution is height {seen.height} and width {seen.width}. For elements" in system[1]
    assert asked == ("user", "#0", "the cart")
    assert found.point == Point(50 / seen.width * 100, 100 / seen.height * 200)


@pytest.mark.parametrize("name", ["ui-venus-1.5", "holo1.5", "gta1"])
def test_a_checkpoint_may_say_that_nothing_fits(name: str) -> None:
    policy = ModelPolicy(
        ScriptedModel(['{"x": -1, "y": -1}' if name == "holo1.5" else "[-1,-1]"]), profile=PROFILES[name]
    )
    with pytest.raises(BadModelOutput, match="nothing on the screen fits"):
        policy.ground(look(0).screenshot, "the cart")


@pytest.mark.parametrize(("name", "checkpoint"), [(name, one) for name, all_ in PUBLISHED.items() for one in all_])
def test_every_published_checkpoint_is_known_by_its_name(name: str, checkpoint: str) -> None:
    assert find_profile(checkpoint).name == name


@pytest.mark.parametrize("checkpoint", OTHERS)
def test_no_other_checkpoint_is_taken_for_one_of_them(checkpoint: str) -> None:
    with pytest.raises(UsageError, match="no profile is known"):
        find_profile(checkpoint)


UNSAID = {
    "ui-tars": [
        *(Click(point=Point(1, 1), button="middle"), Click(point=Point(1, 1), modifiers=("Shift",))),
        *(Hover(point=Point(1, 1)), Finish(status="failure"), TypeText(secret="password")),
        Drag(path=(Point(1, 1), Point(2, 2), Point(3, 3))),
    ],
    "ui-tars-mobile": [
        *(Wait(), Press(keys=("Enter",)), Drag(path=(Point(1, 1), Point(2, 2)))),
        Scroll(point=Point(0, 0), dy=300),
    ],
    "ui-tars-1.5": [Ask(question="Which one?")],
    "ui-venus-1.5": [TypeText(text="pears"), Finish(status="failure")],
    "ui-venus-1.5-mobile": [
        Click(point=Point(1, 1), count=2),
        Press(keys=("Control", "c")),
        Scroll(point=Point(0, 0), dy=300),
    ],
}


@pytest.mark.parametrize(("name", "action"), [(name, action) for name, actions in UNSAID.items() for action in actions])
def test_what_has_no_word_is_not_said_in_another(name: str, action: Action) -> None:
    acting = PROFILES[name].act
    assert acting is not None
    with pytest.raises(UsageError, match=rf"has no word for {action.kind}"):
        acting.language.write([action], Canvas(size=SIZE, space=PROFILES[name].space))


@pytest.mark.parametrize(
    ("actions", "written"),
    [
        ([TypeText(text="it's\n"), Press(keys=("Enter",))], r"type(content='it\'s\n\n')"),
        ([TypeText(text="<|im_end|>")], r"type(content='\u003c|im_end|>')"),
        ([Press(keys=("Control", "Shift", "T"))], "hotkey(key='ctrl shift T')"),
        ([Wait(seconds=5), Click(point=Point(1, 2))], "wait()\n\nclick(start_box='<|box_start|>(1,2)<|box_end|>')"),
        ([Ask(question="Which?")], "call_user(content='Which?')"),
        ([Finish(answer="42")], "finished(content='42')"),
    ],
)
def test_ui_tars_writes_as_it_was_told_to(actions: list[Action], written: str) -> None:
    acting = PROFILES["ui-tars"].act
    assert acting is not None
    assert acting.language.write(actions, Canvas(size=SIZE)) == f"Action: {written}"
    assert acting.language.write(actions, Canvas(size=SIZE), thought="Go.") == f"Thought: Go.\nAction: {written}"
    assert list(acting.language.parse(f"Action: {written}", Canvas(size=SIZE)).actions) == actions
