"""Whole answers and the calls in them: as they are published, as models write them, and as they should not be."""

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from clickwright.errors import BadModelOutput
from clickwright.policies.grammars import Answer, Canvas, Reference, answer, parse_answer, parse_calls
from clickwright.policies.grammars.tool_calls import MAX_CALLS
from clickwright.policies.reading.limits import MAX_CHARS, MAX_DEPTH
from clickwright.screen import Box, Point, Size
from clickwright.tools import Action, CallTool, Click, Finish, Hover, Press, Scroll, SelectOption, TypeText, Wait

THOUSAND = Canvas(size=Size(1000, 1000))
BOX = "<|object_ref_start|>the cart<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>"
CART = Reference(description="the cart", shapes=(Box(100, 200, 300, 400),))
CENTRE = Point(200, 300)


def call(arguments: str, name: str = "computer_use") -> str:
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def calls(text: str) -> tuple[Action, ...]:
    return parse_calls(text, replace(THOUSAND, pointer=Point(7, 7)))


CLICK = call('{"action": "left_click", "coordinate": [109, 295]}')
HERE = call('{"action": "left_click"}')
FIG = call('{"action": "type", "text": "fig"}')
RIGHT = call('{"action": "right_click"}')
WAIT = call('{"action": "wait", "time": 2}')


# What the small model writes


def test_a_call_at_the_centre_of_the_box_leaves_out_its_place() -> None:
    text = answer("the cart", Box(100, 200, 300, 400), [Click(point=CENTRE)], THOUSAND)
    assert text == f"{BOX}\n{HERE}"
    assert parse_answer(text, THOUSAND) == Answer(thought="", references=(CART,), actions=(Click(point=CENTRE),))


def test_typing_is_two_calls() -> None:
    text = answer("the cart", Box(100, 200, 300, 400), [Click(point=CENTRE), TypeText(text="fig")], THOUSAND)
    assert text == f"{BOX}\n{HERE}\n{FIG}"
    assert parse_answer(text, THOUSAND).actions == (Click(point=CENTRE), TypeText(text="fig"))


def test_other_actions_at_the_centre_leave_out_their_place_too() -> None:
    for action, arguments, name in (
        (Hover(point=CENTRE), '{"action": "mouse_move"}', "computer_use"),
        (Click(point=CENTRE, count=2), '{"action": "double_click"}', "computer_use"),
        (SelectOption(point=CENTRE, label="Blue"), '{"option": "Blue"}', "select_option"),
    ):
        text = answer("the cart", Box(100, 200, 300, 400), [action], THOUSAND)
        assert text == f"{BOX}\n{call(arguments, name)}"
        assert parse_answer(text, THOUSAND).actions == (action,)


def test_a_call_elsewhere_keeps_its_place_and_so_do_those_after_it() -> None:
    done = [Click(point=CENTRE), Click(point=Point(900, 900)), Click(point=CENTRE)]
    text = answer("the cart", Box(100, 200, 300, 400), done, THOUSAND)
    assert text.count("coordinate") == 2
    assert parse_answer(text, THOUSAND).actions == tuple(done)


def test_without_a_box_there_are_only_calls() -> None:
    for description, box in ((None, None), ("the cart", None), (None, Box(1, 1, 2, 2))):
        assert answer(description, box, [Press(keys=("Enter",))], THOUSAND) == call(
            '{"action": "key", "keys": ["Enter"]}'
        )
    assert answer("the cart", Box(100, 200, 300, 400), [], THOUSAND) == BOX


# Reading answers


def test_a_thought_stands_before_the_first_reference_or_call() -> None:
    for text in (f"The cart is top left.\n{BOX}\n{CLICK}", f"The cart is top left.\n{CLICK}"):
        assert parse_answer(text, THOUSAND).thought == "The cart is top left."
    assert parse_answer(CLICK, THOUSAND).thought == ""


def test_one_place_and_no_call_asks_to_click_it() -> None:
    assert parse_answer(BOX, THOUSAND).actions == (Click(point=CENTRE),)
    assert parse_answer("<|box_start|>(5,6)<|box_end|>", THOUSAND).actions == (Click(point=Point(5, 6)),)


def test_a_call_with_a_place_wins_over_the_box() -> None:
    assert parse_answer(f"{BOX}{CLICK}", THOUSAND).actions == (Click(point=Point(109, 295)),)


def test_with_several_boxes_a_call_needs_its_place_or_the_pointer() -> None:
    text = f"{BOX}{BOX}{HERE}"
    with pytest.raises(BadModelOutput, match="left_click needs coordinate"):
        parse_answer(text, THOUSAND)
    assert parse_answer(text, replace(THOUSAND, pointer=Point(1, 2))).actions == (Click(point=Point(1, 2)),)
    assert parse_answer(f"{BOX}{BOX}{CLICK}", THOUSAND).shapes == CART.shapes * 2


@pytest.mark.parametrize("text", ["", "I cannot do this.", "Thought: click\nAction: click(3, 4)", f"{BOX}{BOX}"])
def test_an_answer_without_an_action_is_refused(text: str) -> None:
    with pytest.raises(BadModelOutput, match=r"expected <tool_call> .*saw (no call|2 places)"):
        parse_answer(text, THOUSAND)


def test_marks_inside_typed_text_are_text() -> None:
    typed = "<|box_start|>(1,1)<|box_end|> </tool_call> <tool_call>"
    text = answer("the cart", Box(100, 200, 300, 400), [Click(point=CENTRE), TypeText(text=typed)], THOUSAND)
    assert "<|box_start|>(1,1)" not in text
    read = parse_answer(text, THOUSAND)
    assert read.references == (CART,)
    assert read.actions == (Click(point=CENTRE), TypeText(text=typed))


# Reading calls


def test_several_calls_are_read_in_order_and_move_the_pointer() -> None:
    text = f"First {CLICK} then {RIGHT}{WAIT} done."
    assert calls(text) == (Click(point=Point(109, 295)), Click(point=Point(109, 295), button="right"), Wait(seconds=2))


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [5, 6]}}',
        '```json\n{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [5, 6]}}\n```',
        "<tool_call>{'name': 'computer_use', "
        "'arguments': {'action': 'left_click', 'coordinate': [5, 6], 'text': None,},}</tool_call>",
        '<tool_call>{"name": "computer_use", '
        '"arguments": "{\\"action\\": \\"left_click\\", \\"coordinate\\": [5, 6]}"}</tool_call>',
        '<tool_call>\n\n{"arguments":{"coordinate":[5.0,6e0],"action":"left_click"},"name":"computer_use"}\n\n</tool_call>',
        "I click it.\n```json\n"
        '{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [5, 6]}}\n```',
        '<tool_call>{"name": "computer_use", "action": "left_click", "coordinate": [5, 6]}</tool_call>',
        '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": "[5, 6]"}}',
        '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": "(5,6)"}}</tool_',
        '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": {"x": 5, "y": 6}}}',
        '<tool_call>{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [[4, 5], [6, 7]]}}',
        '⚗\n{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [5, 6]}}\n⚗',
        '<think>Not <tool_call>{"name": 1}.</think>\n'
        '{"name": "computer_use", "arguments": {"action": "left_click", "coordinate": [5, 6]}}',
    ],
)
def test_other_ways_to_write_a_call_are_read(text: str) -> None:
    assert parse_answer(text, THOUSAND).actions == (Click(point=Point(5, 6)),)


@pytest.mark.parametrize(
    ("head", "thought"),
    [
        ("<think>\nIt is here.\n</think>\n", "It is here."),
        ("It is here.</think>\n\n", "It is here."),
        ("<think>A</think>\nB\n", "A\n\nB"),
        ("It is here.\n```json\n", "It is here."),
        ("<think></think>", ""),
    ],
)
def test_a_thought_is_read_without_its_marks(head: str, thought: str) -> None:
    assert parse_answer(head + CLICK, THOUSAND) == Answer(
        thought=thought, references=(), actions=(Click(point=Point(109, 295)),)
    )


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        (r'"a\nb\t\"c\" \\ \/ é 🙂"', 'a\nb\t"c" \\ / é 🙂'),
        (r'"\ud83d\ude42"', "🙂"),
        ('"two\nlines"', "two\nlines"),
        (r'"C:\Windows"', "C:\\Windows"),
        (r"'it\'s'", "it's"),
        ('"汉字"', "汉字"),
        ('""', ""),
    ],
)
def test_strings_are_read_exactly(written: str, typed: str) -> None:
    assert calls(call(f'{{"action": "type", "text": {written}}}')) == (TypeText(text=typed),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<tool_call>", "expected an object that begins with {"),
        ("<tool_call>left_click</tool_call>", "expected an object that begins with {"),
        (CLICK.replace("</tool_call>", "<tool_call>"), "expected </tool_call> after the call of 'computer_use'"),
        (CLICK.replace("</tool_call>", "and so on"), "expected </tool_call>"),
        (
            '<tool_call>{"name": "computer_use", "arguments": {"action": "type", "text": "abc',
            "the text ends inside a string",
        ),
        ('<tool_call>{"name": "computer_use", "arguments": {"action"', "expected a colon after 'action'"),
        ('<tool_call>{"name": "computer_use" "arguments": {}}', "expected a comma or }"),
        ("<tool_call>{name: 1}</tool_call>", "expected a name in quotes or }"),
        ('<tool_call>{"name": "a", "name": "b"}</tool_call>', "'name' stands twice"),
        ('<tool_call>{"name": "a", "arguments": []}</tool_call>', "expected <tool_call>"),
        ('<tool_call>{"name": "a", "args": {}}</tool_call>', "saw an object with 'name', 'args'"),
        ("<tool_call>{}</tool_call>", "saw an object with nothing"),
        (call('{"action": "left_click", "coordinate": [NaN, 5]}'), "expected a value"),
        (call('{"action": "left_click", "coordinate": [Infinity, 5]}'), "expected a value"),
        (call('{"action": "left_click", "coordinate": [1e999, 5]}'), "too large"),
        (call('{"action": "left_click", "coordinate": [1e308, 5]}'), "needs coordinate"),
        (call('{"action": "left_click", "coordinate": [1-2, 5]}'), "'1-2' is not a number"),
        (call('{"action": "left_click", "coordinate": [%s, 5]}' % ("9" * 33)), "a number of 33 characters; at most 32"),
        (call('{"action": "left_click", "coordinate": [1001, 5]}'), "off the screen"),
        (call('{"action": "left_click", "coordinate": [-1, 5]}'), "off the screen"),
        (call('{"action": "left_click", "coordinate": __import__("os")}'), "expected a value"),
        (call('{"action": "type", "text": "\\ud83d"}'), "half a character"),
        (call('{"action": "type", "text": "\\u12"}'), "four hexadecimal digits"),
        (call("{}", "launch"), "there is no function 'launch'"),
    ],
)
def test_a_broken_call_is_refused_with_what_was_seen(text: str, words: str) -> None:
    with pytest.raises(BadModelOutput) as caught:
        calls(text)
    assert words in str(caught.value)
    assert len(str(caught.value)) < 600


def test_a_call_that_is_cut_off_is_refused_and_a_tag_that_is_cut_off_is_not_missed() -> None:
    """A server that stops at the end tag does not send it."""
    whole = CLICK.index("}}") + 2
    for end in range(len("<tool_call>"), whole):
        with pytest.raises(BadModelOutput):
            parse_answer(CLICK[:end], THOUSAND)
    for end in range(whole, len(CLICK)):
        assert parse_answer(CLICK[:end], THOUSAND).actions == (Click(point=Point(109, 295)),)


def test_a_thousand_is_the_last_thousandth() -> None:
    assert calls(call('{"action": "left_click", "coordinate": [1000, 0]}')) == (Click(point=Point(999, 0)),)


def test_scrolling_without_a_place_or_pointer_is_done_in_the_middle() -> None:
    text = call('{"action": "scroll", "pixels": -300}')
    assert parse_answer(text, Canvas(size=Size(1288, 728))).actions == (Scroll(point=Point(644, 364), dy=300),)
    assert parse_answer(f"{BOX}{text}", THOUSAND).actions == (Scroll(point=CENTRE, dy=300),)


def test_custom_tools_are_known_by_name() -> None:
    text = call('{"action": null, "coordinate": [1, 2]}', "order")
    assert parse_calls(text, replace(THOUSAND, tools={"order"})) == (
        CallTool(name="order", arguments={"action": None, "coordinate": [1, 2]}),
    )


def test_there_are_caps_on_length_depth_and_number_of_calls() -> None:
    with pytest.raises(BadModelOutput, match=f"at most {MAX_CHARS:,}"):
        parse_answer("x" * (MAX_CHARS + 1), THOUSAND)
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    with pytest.raises(BadModelOutput, match=f"more than {MAX_DEPTH} deep"):
        calls(call(f'{{"action": {deep}}}'))
    wait = call('{"action": "wait"}')
    assert len(calls(wait * MAX_CALLS)) == MAX_CALLS
    with pytest.raises(BadModelOutput, match=f"more than {MAX_CALLS} calls"):
        calls(wait * (MAX_CALLS + 1))


HOSTILE = [
    "<tool_call>",
    "<|box_start|>",
    "<|object_ref_start|>",
    "<|box_start|>(1,2)",
    '<tool_call>{"a":',
    "(1,",
    "1",
    "{",
    "[",
    "\\",
    '"',
    '\\"',
    " ",
    "<|",
    "<tool_call>{}",
    '{"name": "',
    "e",
    "```",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("start", ["", "<tool_call>", '<tool_call>{"name": "', "<|box_start|>", "<|box_start|>("])
def test_hostile_text_takes_no_more_than_linear_time(start: str, piece: str) -> None:
    """Twenty times the text may take at most a hundred times as long; a quadratic scan would take four hundred."""

    def seconds(length: int) -> float:
        text = (start + piece * (length // len(piece)))[:length]
        began = time.thread_time()
        with suppress(BadModelOutput):
            parse_answer(text, THOUSAND)
        return time.thread_time() - began

    short = min(seconds(MAX_CHARS // 20) for _ in range(3))
    assert min(seconds(MAX_CHARS) for _ in range(3)) < 100 * short + 0.05


def test_finishing_is_an_action_like_any_other() -> None:
    text = call('{"action": "answer", "text": "42"}')
    assert parse_answer(f"The total is shown.\n{text}", THOUSAND) == Answer(
        thought="The total is shown.", references=(), actions=(Finish(answer="42"),)
    )
