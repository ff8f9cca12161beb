"""Programs of pyautogui's calls: what Aguvis and OpenCUA are told, and what they write."""

import time
from contextlib import suppress
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation, Message, Picture, ScriptedModel
from clickwright.model.grammar import GrammarTokenizer, Guide
from clickwright.model.tokenizer import ChatTokenizer, read_tokenizer
from clickwright.policies import Decision, ModelPolicy, Turn
from clickwright.policies.grammars import FRACTIONS, SEEN_PIXELS, Canvas, Occasion
from clickwright.policies.grammars.program_words import KEY_WORDS
from clickwright.policies.grammars.programs import ClickedPlaces, FencedPrograms, RecipientTurns
from clickwright.policies.profiles import Profile, find_profile
from clickwright.policies.profiles.aguvis import AGUVIS, GUI_ACTOR
from clickwright.policies.profiles.opencua import OPENCUA, OPENCUA_72B, OPENCUA_RELATIVE
from clickwright.policies.reading.places import place_spans
from clickwright.screen import Observation, Point, Screenshot, Size
from clickwright.tools import (
    Action,
    CallTool,
    Click,
    Drag,
    Finish,
    Hover,
    LongPress,
    Press,
    Scroll,
    Task,
    TypeText,
    Wait,
    canonical_key,
)

from .test_languages import any_answer

SIZE = Size(1000, 1000)
SHARES = Canvas(size=SIZE, space=FRACTIONS)
PIXELS = Canvas(size=SIZE, space=SEEN_PIXELS)
_clock = count()


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("xlangai/Aguvis-7B-720P", AGUVIS),
        ("xlangai/Aguvis-72B-720P", AGUVIS),
        ("ranpox/aguvis_7b", AGUVIS),
        ("microsoft/GUI-Actor-2B-Qwen2-VL", GUI_ACTOR),
        ("microsoft/GUI-Actor-7B-Qwen2-VL", GUI_ACTOR),
        ("xlangai/OpenCUA-7B", OPENCUA),
        ("xlangai/OpenCUA-32B", OPENCUA),
        ("xlangai/OpenCUA-72B", OPENCUA_72B),
        ("xlangai/OpenCUA-Qwen2-7B", OPENCUA_RELATIVE),
        ("xlangai/OpenCUA-A3B", OPENCUA_RELATIVE),
    ],
)
def test_published_names_are_known(name: str, profile: Profile) -> None:
    assert find_profile(name) is profile


@pytest.mark.parametrize("name", ["microsoft/GUI-Actor-7B-Qwen2.5-VL", "microsoft/GUI-Actor-Verifier-2B"])
def test_what_has_another_architecture_is_not_taken_for_it(name: str) -> None:
    with pytest.raises(UsageError, match="no profile is known"):
        find_profile(name)


# What they are told


def look() -> Observation:
    pixels = np.full((SIZE.height, SIZE.width, 3), next(_clock), np.uint8)
    return Observation(screenshot=Screenshot(pixels=pixels, taken_s=float(next(_clock))))


def turn(*actions: Action, text: str = "", error: str | None = None) -> Turn:
    generation = Generation(text=text) if text else None
    return Turn(observation=look(), decision=Decision(actions=actions, frame="", generation=generation), error=error)


def told(message: Message) -> str:
    return "".join(part if isinstance(part, str) else "<image>" for part in message.parts)


def asked(profile: Profile, script: list[str], history: list[Turn]) -> ScriptedModel:
    model = ScriptedModel(script)
    policy = ModelPolicy(model, profile=profile)
    policy.reset(Task(goal="Buy a pear."))
    policy.act(look(), history)
    return model


CLICK = Click(point=Point(500, 250))
FIRST = "all\nThought: It is empty.\nAction: Click on the field.\n<|recipient|>os\npyautogui.click(x=0.5, y=0.25)"


def test_aguvis_is_told_its_steps_in_its_own_words() -> None:
    history = [turn(CLICK, text=FIRST), turn(CLICK, error="nothing changed"), turn(TypeText(text="pears"))]
    (conversation,) = asked(AGUVIS, ["os\nmobile.wait(seconds=1)"], history).asked
    assert told(conversation.messages[1]) == (
        "<image>Please generate the next move according to the ui screenshot, instruction and previous actions.\n\n"
        "Instruction: Buy a pear.\n\n"
        "Previous actions:\n"
        "Step 1: Click on the field.\n"
        "Step 2: pyautogui.write(message='pears')\n"
    )
    assert conversation.prefix == "<|recipient|>"
    assert told(conversation.messages[0]).startswith("You are a GUI agent.")
    (conversation,) = asked(AGUVIS, ["os\nmobile.wait(seconds=1)"], []).asked
    assert told(conversation.messages[1]).endswith("Previous actions:\nNone\n")


def test_opencua_is_told_its_steps_as_answers_and_the_goal_behind_them() -> None:
    code = "## Code:\n```python\npyautogui.click(x=1, y=2)\n```"
    said = f"## Thought:\nIt is empty.\n\n## Action:\nClick field {{n}}.\n\n{code}"
    history = [turn(CLICK, text=said.replace("{n}", str(n))) for n in (1, 2, 3, 4)]
    (conversation,) = asked(OPENCUA, [said], history).asked
    assert [(message.role, told(message)) for message in conversation.messages[1:]] == [
        ("assistant", "# Step 1:\n## Action:\nClick field 1.\n\n# Step 2:\n## Action:\nClick field 2.\n"),
        ("user", "<image>"),
        ("assistant", "# Step 3:\n## Action:\nClick field 3.\n"),
        ("user", "<image>"),
        ("assistant", "# Step 4:\n## Action:\nClick field 4.\n"),
        (
            "user",
            "<image># Task Instruction:\nBuy a pear.\n\nPlease generate the next move according to the screenshot, "
            "task instruction and previous steps (if provided).\n",
        ),
    ]
    shown = [part for message in conversation.messages for part in message.parts if isinstance(part, Picture)]
    assert np.array_equal(shown[0].pixels, history[2].observation.screenshot.pixels)


def test_a_password_is_never_told() -> None:
    for profile in (OPENCUA, OPENCUA_72B, OPENCUA_RELATIVE):
        assert profile.act is not None
        assert "password" not in (profile.act.system or "")


# Two turns of one answer


def test_what_is_said_first_is_done_in_a_second_turn() -> None:
    model = ScriptedModel(["all\nThought: It is empty.\nAction: Click it.", "pyautogui.click(x=0.5, y=0.25)"])
    policy = ModelPolicy(model, profile=AGUVIS)
    policy.reset(Task(goal="Buy a pear."))
    decision = policy.act(look(), [])
    assert decision.actions == (CLICK,)
    assert decision.thought == "It is empty."
    first, second = model.asked
    assert second.messages == (
        *first.messages,
        Message("assistant", ("<|recipient|>all\nThought: It is empty.\nAction: Click it.",)),
    )
    assert (first.prefix, second.prefix) == ("<|recipient|>", "<|recipient|>os\n")
    plan, program = (decoding.grammar for decoding in model.decodings)
    assert plan is not None
    assert program is not None
    assert ("Thought" in plan.lark, "Thought" in program.lark) == (True, False)
    assert decision.generation is not None
    assert "Action: Click it.\n<|recipient|>os\npyautogui.click(" in decision.generation.text
    assert len(decision.generation.tokens) == len(decision.generation.logprobs)
    assert decision.confidence == 1


def test_what_is_done_at_once_is_one_turn() -> None:
    model = asked(AGUVIS, ["os\npyautogui.click(x=0.5, y=0.25)"], [])
    assert len(model.asked) == 1


def test_a_second_turn_without_a_call_is_refused_with_all_that_was_written() -> None:
    model = ScriptedModel(["all\nThought: Hm.\nAction: Go.", "I cannot."])
    policy = ModelPolicy(model, profile=AGUVIS)
    policy.reset(Task(goal="Buy a pear."))
    with pytest.raises(BadModelOutput, match="expected calls") as caught:
        policy.act(look(), [])
    assert caught.value.raw == "all\nThought: Hm.\nAction: Go.\n<|recipient|>os\nI cannot."


def test_a_plan_is_kept_to_its_form(qwen_tokenizer_file: Path) -> None:
    tokenizer: ChatTokenizer = read_tokenizer(qwen_tokenizer_file.parent)
    tokens = GrammarTokenizer(tokenizer.description(), len(tokenizer), (tokenizer.id("<|im_end|>"),))
    language = RecipientTurns()
    grammar = language.grammar(SHARES, Occasion(plans=True))
    assert grammar is not None
    assert grammar.fault == ""
    found = {any_answer(Guide(grammar, tokens), seed, tokenizer) for seed in range(6)} - {None}
    assert found
    assert all(text.startswith(("os\n", "all\nThought: ")) for text in found if text)


# What they write


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("pyautogui.click(x=0.512, y=0.433, clicks=2)", ["0.512", "0.433"]),
        ("pyautogui.click(x=14, y=343)", ["14", "343"]),
        ("pyautogui.click(x = 14, y = 343)", ["14", "343"]),
        ("mobile.swipe(from_coord=[0.5, 0.8], to_coord=[0.5, 0.2])", ["0.5", "0.8"]),
    ],
)
def test_a_place_counts_for_the_confidence_with_its_names(text: str, numbers: list[str]) -> None:
    spans = next(place_spans(text))
    assert [text[slice(*span)] for span in spans] == numbers


@pytest.mark.parametrize("language", [RecipientTurns(), FencedPrograms()], ids=["aguvis", "opencua"])
@pytest.mark.parametrize(
    "action",
    [
        Click(point=Point(500, 250), modifiers=("Control", "Shift")),
        Click(point=Point(500, 250), button="middle", count=2),
        Drag(path=(Point(10, 20), Point(500, 250)), duration_s=2),
        Drag(path=(Point(10, 20), Point(30, 40), Point(500, 250)), modifiers=("Alt",)),
        LongPress(point=Point(500, 250)),
        LongPress(point=Point(500, 250), duration_s=3),
        Press(keys=("Control", "Shift", "+")),
        Press(keys=("'",)),
        Scroll(point=Point(500, 250), dy=300),
        Scroll(point=Point(500, 250), dx=-300),
        Scroll(point=Point(500, 250), dx=-300, dy=500),
        Scroll(point=Point(500, 250), dx=-300, dy=500, modifiers=("Control", "Shift")),
        Wait(seconds=3),
        Wait(seconds=20),
        Finish(status="failure"),
        TypeText(text="<|im_end|> ```\n# '''"),
        TypeText(text="```python\nos\npyautogui.click(1, 2)"),
        TypeText(text=""),
    ],
    ids=lambda action: action.kind,
)
def test_nothing_that_an_action_says_is_lost(language: RecipientTurns | FencedPrograms, action: Action) -> None:
    canvas = SHARES if isinstance(language, RecipientTurns) else PIXELS
    written = language.write([Hover(point=Point(1, 1)), action], canvas, thought="I see.")
    answer = language.parse(written, canvas)
    assert answer.actions == (Hover(point=Point(1, 1)), action)
    assert answer.thought == "I see."
    assert "<|im_end|>" not in written


@pytest.mark.parametrize(
    "action",
    [
        TypeText(secret="pin"),
        Press(keys=("ControlOrMeta", "c")),
        Press(keys=("AppSwitch",)),
        Click(point=Point(1, 1), modifiers=("ControlOrMeta",)),
        Finish(status="failure", answer="no pears"),
        CallTool(name="weather"),
    ],
    ids=lambda action: action.kind,
)
def test_what_there_is_no_word_for_is_not_written(action: Action) -> None:
    for language in (RecipientTurns(), FencedPrograms()):
        with pytest.raises(UsageError, match=f"{language.words.name} has no word for {action.kind}"):
            language.write([action], SHARES)


def test_an_app_is_opened_by_a_tool_of_the_users_own() -> None:
    canvas = Canvas(size=SIZE, space=FRACTIONS, tools={"open_app"})
    (action,) = RecipientTurns().parse("mobile.open_app(app_name='BBC News')", canvas).actions
    assert action == CallTool(name="open_app", arguments={"app_name": "BBC News"})


def test_each_key_has_the_word_by_which_it_is_read() -> None:
    for key, word in KEY_WORDS.items():
        assert canonical_key(word) == key


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("pyautogui.keyDown('ctrl')\npyautogui.write(message='a')", "type cannot be done while Control is held"),
        ("pyautogui.keyDown('ctrl')", "keyDown needs a keyUp after it, for Control"),
        ("pyautogui.keyUp('ctrl')", "pyautogui.keyUp needs a keyDown before it, for Control"),
        ("pyautogui.mouseUp()", "mouseUp needs a mouseDown before it"),
        (
            "pyautogui.mouseDown(x=0.1, y=0.1)\npyautogui.write('a')",
            "cannot be done while a button of the mouse is held",
        ),
        (
            "pyautogui.mouseDown(x=0.1, y=0.1, button='right')\npyautogui.moveTo(0.2, 0.2)\npyautogui.mouseUp()",
            "only the",
        ),
        ("pyautogui.moveTo(0.1, 0.1)\npyautogui.dragTo(0.2, 0.2, button='right')", "only be done with the left button"),
        ("pyautogui.moveRel(0.1, 0.1)", "pyautogui.moveRel needs a moveTo before it"),
        ("pyautogui.moveTo()", "pyautogui.moveTo needs x as a number"),
        ("pyautogui.dragTo(from_coord=[0.1, 0.2])", r"pyautogui.dragTo needs to_coord as \[x, y\], but it is missing"),
        ("pyautogui.press([])", "pyautogui.press needs the names of keys"),
        ("pyautogui.click(x=0.1, y=0.1, clicks=4)", "pyautogui.click cannot be done: count"),
        ("pyautogui.click(x=0.1, y=0.1, button='third')", "pyautogui.click cannot be done: button"),
        ("pyautogui.press('a')\n" * 65, "more than 64"),
        ("mobile.wait(seconds=600)", "mobile.wait cannot be done: seconds"),
    ],
)
def test_what_cannot_be_done_is_named(code: str, error: str) -> None:
    with pytest.raises(BadModelOutput, match=error):
        RecipientTurns().parse(code, SHARES)


@pytest.mark.parametrize(
    "piece", ["# Action: ", "```", "\n", "x(", "(", "x(1)\n", "os\n", "(x=", "<point>", "write('\\'"]
)
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    for read in (RecipientTurns().parse, ClickedPlaces().parse):
        began = time.perf_counter()
        with suppress(BadModelOutput):
            read(text, SHARES)
        assert time.perf_counter() - began < 2
