"""ShowUI, TongUI, OS-Atlas, UGround, SeeClick and OS-Genesis: by what they are known, and what they are told."""

from collections.abc import Sequence

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation, Message, Picture
from clickwright.policies import Decision, Turn
from clickwright.policies.grammars import HUNDREDTHS, SCREEN_PIXELS, Canvas
from clickwright.policies.profiles import PROFILES, find_profile
from clickwright.policies.prompts import Told, acting_conversation, pointing_conversation
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import Action, Click, Finish, Press, Scroll, TypeText

OURS = [name for name in PROFILES if name.startswith(("showui", "tongui", "os-", "uground", "seeclick"))]
SIZE = Size(1000, 1000)


def look(shade: int) -> Observation:
    pixels = np.full((SIZE.height, SIZE.width, 3), shade, np.uint8)
    return Observation(screenshot=Screenshot(pixels=pixels, taken_s=float(shade)))


def turn(shade: int, *actions: Action, thought: str = "", text: str | None = None) -> Turn:
    seen = look(shade)
    generation = None if text is None else Generation(text=text)
    decision = Decision(actions=actions, frame=seen.screenshot.frame, thought=thought, generation=generation)
    return Turn(observation=seen, decision=decision)


def told_parts(name: str, history: Sequence[Turn], goal: str = "Buy a pear.") -> list[str | int]:
    """The one message of the user: its texts as the chat template joins them, and the shade of each picture."""
    acting = PROFILES[name].act
    assert acting is not None
    told = Told(goal=goal, functions=(), own=(), canvas=Canvas(size=SIZE, space=PROFILES[name].space))
    (message,) = acting_conversation(acting, told, history, look(200)).messages
    return joined(message)


def joined(message: Message) -> list[str | int]:
    assert message.role == "user"
    parts: list[str | int] = []
    for part in message.parts:
        if isinstance(part, Picture):
            parts.append(int(part.pixels[0, 0, 0]))
        elif isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            assert isinstance(part, str)
            parts.append(part)
    return parts


@pytest.mark.parametrize(
    ("checkpoint", "name"),
    [
        *((checkpoint.name, None) for name in OURS for checkpoint in PROFILES[name].checkpoints),
        ("models/ShowUI_2B", "showui"),
        ("Bofeee5675/TongUI-32B", "tongui"),
        ("OS-Copilot/OS-Atlas-Base-7B-AWQ", "os-atlas-base"),
        ("OS-Copilot/OS-Atlas-Action-7B", "os-atlas-pro"),
        ("osunlp/UGround-V1-72B-Preview", "uground"),
        ("models/seeclick_aitw", "seeclick-aitw"),
    ],
)
def test_every_published_name_has_its_profile(checkpoint: str, name: str | None) -> None:
    found = find_profile(checkpoint)
    assert found.name == name or (name is None and checkpoint in [one.name for one in found.checkpoints])


@pytest.mark.parametrize(
    "checkpoint",
    [
        *("showlab/ShowUI-pi", "showlab/ShowUI-Aloha", "OS-Copilot/OS-Atlas-Base-4B", "OS-Copilot/OS-Atlas-Pro-4B"),
        *("OS-Copilot/OS-Genesis-7B-WA", "OS-Copilot/OS-Genesis-8B-AC", "osunlp/UGround", "Qwen/Qwen-VL-Chat"),
    ],
)
def test_other_models_of_their_makers_are_not_taken_for_them(checkpoint: str) -> None:
    with pytest.raises(UsageError, match="no profile is known"):
        find_profile(checkpoint)


def test_showui_is_told_its_actions_one_behind_the_other_before_the_screen() -> None:
    done = [
        turn(1, Click(point=Point(490, 420)), TypeText(text="it's 5")),
        turn(2, Press(keys=("Enter",))),
    ]
    text, picture = told_parts("showui", done)
    assert picture == 200
    assert isinstance(text, str)
    assert text.endswith(
        "scaled to a range of 0-1.\nTask: Buy a pear.\n"
        "{'action': 'INPUT', 'value': \"it's 5\", 'position': [0.49, 0.42]}"
        "{'action': 'ENTER', 'value': None, 'position': None}"
    )


def test_showui_is_told_the_last_four_actions_only() -> None:
    text, _ = told_parts("showui", [turn(n, Click(point=Point(100 * n, 0))) for n in range(1, 7)])
    assert isinstance(text, str)
    assert [f"[0.{n}, 0.0]" in text for n in range(1, 7)] == [False, False, True, True, True, True]


def test_tongui_sees_the_last_two_screens_with_its_answers() -> None:
    answers = [
        f'Thought: {n}.\nAction: {{"action": "CLICK", "value": null, "position": [0.{n}, 0.5]}}' for n in (1, 2, 3)
    ]
    done = [turn(n, Click(point=Point(n, 0)), text=text) for n, text in enumerate(answers, 1)]
    head, *parts = told_parts("tongui", done)
    assert isinstance(head, str)
    assert head.endswith("\nTask: Buy a pear.\n")
    assert parts == [2, answers[1], 3, answers[2], 200]
    assert told_parts("tongui", [])[1:] == [200]


def test_the_step_that_failed_is_not_told() -> None:
    failed = Turn(observation=look(1), decision=None, error="no")
    assert told_parts("tongui", [failed])[1:] == [200]
    assert told_parts("showui", [failed]) == told_parts("showui", [])


def test_os_atlas_is_told_its_thoughts_and_where_there_is_none_its_actions() -> None:
    done = [turn(1, Click(point=Point(493, 578)), thought="open the app"), turn(2, Click(point=Point(1, 2)))]
    head, picture, tail = told_parts("os-atlas-pro", done)
    assert (head.endswith("\nScreenshot: "), picture) == (True, 200)  # type: ignore[union-attr]
    assert tail == (
        "\nTask: Buy a pear.\nHistory: \nStep 1: open the app\nStep 2: actions:\nCLICK <point>[[1,2]]</point>\n\n"
    )
    assert told_parts("os-atlas-pro-web", [])[2] == "\nTask: Buy a pear.\nHistory: \nNone\n"
    assert told_parts("os-atlas-pro-mobile", [])[2] == "Task instruction: Buy a pear.\nHistory: null"


def test_the_slip_in_the_prompt_of_os_atlas_is_kept_and_both_words_are_read() -> None:
    acting = PROFILES["os-atlas-pro"].act
    assert acting is not None
    assert (
        "Custom Action 2: RIGHTCLICK \n    - purpose: Right click at the specified position.\n"
        "    - format: DOUBLECLICK <point>[[x-axis, y-axis]]</point>\n"
    ) in acting.prompt[0]
    canvas = Canvas(size=SIZE)
    read = acting.language.parse(
        "actions:\nRIGHTCLICK <point>[[1,2]]</point>\nDOUBLECLICK <point>[[1,2]]</point>", canvas
    )
    assert read.actions == (Click(point=Point(1, 2), button="right"), Click(point=Point(1, 2), count=2))


def test_seeclick_is_told_the_last_four_actions_counted_from_nought() -> None:
    done = [turn(n, Click(point=Point(100 * n, 400))) for n in range(1, 7)]
    picture, text = told_parts("seeclick-aitw", done)
    assert picture == 200
    assert text == (
        "Please generate the next move according to the ui screenshot, instruction and previous actions. "
        "Instruction: Buy a pear.. Previous actions: "
        'Step0: {"action_type": 4, "click_point": (0.30,0.40)}. Step1: {"action_type": 4, "click_point": (0.40,0.40)}. '
        'Step2: {"action_type": 4, "click_point": (0.50,0.40)}. Step3: {"action_type": 4, "click_point": (0.60,0.40)}. '
    )


def test_os_genesis_is_told_its_thoughts_with_their_actions_and_no_tree() -> None:
    done = [
        turn(1, Click(point=Point(539.5, 214)), thought="Click it."),
        turn(2, Press(keys=("GoBack",)), thought="Go."),
    ]
    assert told_parts("os-genesis-aw", done) == [
        200,
        "\nYou are a GUI task expert, I will provide you with a high-level instruction, an action history, a "
        "screenshot with its corresponding accessibility tree.\n\nHigh-level instruction: Buy a pear.\n\n"
        'Action history: Step 1: Click it. action: {"action_type":"click","x":539.5,"y":214.0}\n'
        'Step 2: Go. action: {"action_type":"navigate_back"}\n\n'
        "Accessibility tree: \n\nPlease generate the low-level thought and action for the next step.",
    ]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "showui",
            [
                "Based on the screenshot of the page, I give a text description and you give its corresponding "
                "location. The coordinate represents a clickable location [x, y] for an element, which is a relative "
                "coordinate on the screenshot, scaled from 0 to 1.",
                9,
                "Nahant",
            ],
        ),
        (
            "os-atlas-base",
            [
                9,
                "In this UI screenshot, what is the position of the element corresponding to the command "
                '"Nahant" (with bbox)?',
            ],
        ),
        (
            "seeclick",
            [
                9,
                "In this UI screenshot, what is the position of the element corresponding to the command "
                '"Nahant" (with point)?',
            ],
        ),
    ],
)
def test_they_are_asked_where_something_is_as_they_were_trained(name: str, parts: list[str | int]) -> None:
    pointing = PROFILES[name].ground
    assert pointing is not None
    (message,) = pointing_conversation(pointing, "Nahant", Canvas(size=SIZE), look(9).screenshot).messages
    assert joined(message) == parts


def test_uground_is_asked_as_its_scores_were_measured() -> None:
    pointing = PROFILES["uground"].ground
    assert pointing is not None
    (message,) = pointing_conversation(pointing, "the cart", Canvas(size=SIZE), look(9).screenshot).messages
    picture, text = joined(message)
    assert picture == 9
    assert isinstance(text, str)
    assert text.startswith("\nYour task is to help the user identify the precise coordinates (x, y) of a specific")
    assert text.endswith("point of the interest.\n\nDescription: the cart\n\nAnswer:")


# What is written


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("showui", Click(point=Point(1, 1), count=2)),
        ("showui", Click(point=Point(1, 1), modifiers=("Control",))),
        ("showui", Press(keys=("Tab",))),
        ("showui", TypeText(secret="password")),
        ("showui", Finish(status="failure", answer="no pears")),
        ("showui-mobile", Scroll(point=Point(500, 0), dy=300)),
        ("tongui", Finish(status="failure")),
        ("os-atlas-pro", Scroll(point=Point(1, 1), dy=300)),
        ("os-atlas-pro", Press(keys=("Control", "S"))),
        ("os-atlas-pro", TypeText(text="a]\nENTER")),
        ("os-atlas-pro-web", Finish(answer="no pears")),
        ("seeclick-miniwob", Press(keys=("Enter",))),
        ("os-genesis-aw", Click(point=Point(1, 1), button="right")),
    ],
)
def test_an_action_that_would_lose_its_meaning_is_not_written(name: str, action: Action) -> None:
    acting = PROFILES[name].act
    assert acting is not None
    with pytest.raises(UsageError, match=f"no word for {action.kind}"):
        acting.language.write([action], Canvas(size=SIZE, space=PROFILES[name].space))


def test_text_that_is_typed_where_it_was_clicked_is_one_action() -> None:
    acting = PROFILES["showui"].act
    assert acting is not None
    canvas = Canvas(size=SIZE, space=HUNDREDTHS)
    click, typed = Click(point=Point(500, 100)), TypeText(text="\u200b🙂\n'\"")
    written = acting.language.write([click, typed], canvas)
    assert written == r"""{'action': 'INPUT', 'value': '\u200b🙂\n\'"', 'position': [0.5, 0.1]}"""
    assert acting.language.parse(written, canvas).actions == (click, typed)


def test_pixels_of_the_screenshot_are_those_whatever_the_model_reads() -> None:
    canvas = Canvas(size=Size(1080, 2400), seen=Size(672, 1512), space=SCREEN_PIXELS)
    assert canvas.point(539.5, 2148) == Point(539.5, 2148)
    assert canvas.place(Point(539.54, 5000)) == (539.5, 2399.9)
    assert canvas.unit == (1, 1)


def test_too_many_actions_are_refused() -> None:
    for name, one in (("showui", "{'action': 'ENTER'}"), ("os-atlas-pro", "PRESS_ENTER\n")):
        acting = PROFILES[name].act
        assert acting is not None
        assert len(acting.language.parse(64 * one, Canvas(size=SIZE)).actions) == 64
        with pytest.raises(BadModelOutput, match="more than 64 actions in one answer"):
            acting.language.parse(65 * one, Canvas(size=SIZE))


def test_every_profile_that_acts_can_be_asked_to() -> None:
    """Also those whose system text shows, with places of its own, what an answer is to look like."""
    for profile in PROFILES.values():
        if profile.act is not None:
            canvas = Canvas(size=Size(280, 224), space=profile.space, seen=Size(280, 224))
            told = Told(goal="Go on.", functions=(), own=(), canvas=canvas)
            assert acting_conversation(profile.act, told, [], look(200)).messages, profile.name
    acting = PROFILES["opencua-72b"].act
    assert acting is not None
    system = acting_conversation(acting, told, [], look(200)).messages[0].parts[0]
    assert "## Thought:\n{thought}\n## Action:\n{action}\n" in str(system)
