"""The grammar of thoughts and calls: all it allows can be carried out, all that is usual is allowed, at few passes."""

from random import Random

import numpy as np
import pytest
from clickwright.model import Decoding
from clickwright.model.grammar import Guide
from clickwright.model.tokenizer import ChatTokenizer
from clickwright.perf.passes import Counted
from clickwright.policies.grammars import Canvas, parse_answer
from clickwright.policies.grammars.call_grammar import thought_and_calls
from clickwright.policies.grammars.tool_calls import encode_calls
from clickwright.screen import Point, Size
from clickwright.tools import (
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Drag,
    Finish,
    Hover,
    LongPress,
    Navigate,
    NewTab,
    Press,
    Scroll,
    SelectOption,
    SwitchTab,
    TypeText,
    Wait,
    tool,
)  # fmt: skip

SIZE = Canvas(size=Size(1000, 1000), tools={"look_up"})
A, B = Point(109, 295), Point(7, 999)


@tool
def look_up(word: str, times: int = 3) -> str:
    """Look a word up."""
    return word * times


GRAMMAR = thought_and_calls([look_up.shown])


def any_answer(guide: Guide, seed: int, tokenizer: ChatTokenizer, ends: tuple[int, ...]) -> str:
    """An answer chosen by chance among what is allowed; what closes a text, a call or the answer is made likely."""
    random, written = Random(seed), guide.forced()
    while not written or written[-1] not in ends:
        allowed = np.flatnonzero(guide.allowed())
        some = [int(allowed[random.randrange(len(allowed))]) for _ in range(100)]
        closing = [token for token in some if token in ends or set('"<') & set(tokenizer.decode([token]))]
        token = random.choice(closing if closing and random.random() < 0.4 else some)
        if ends[0] in allowed and random.random() < 0.5:
            token = ends[0]
        written.append(token)
        if token not in ends:
            guide.follow(token)
            written += guide.forced()
    return tokenizer.decode(written[:-1])


@pytest.mark.parametrize("seed", range(40))
def test_every_answer_that_is_allowed_can_be_carried_out(tokens, tokenizer, seed):
    text = any_answer(Guide(GRAMMAR, tokens), seed, tokenizer, tokens.ends)
    answer = parse_answer(text, SIZE)
    assert answer.actions


USUAL = [
    (Click(point=A),),
    (Click(point=A, button="right", count=2), Click(point=B, count=2, modifiers=("Control", "Shift"))),
    (Click(point=A), TypeText(text='Grüße, "you"\n\\ and <b>')),
    (TypeText(secret="password"), Press(keys=("Control", "a")), Press(keys=("Enter",))),
    (Hover(point=A), LongPress(point=B), Drag(path=(A, B)), Scroll(point=A, dy=300), Scroll(point=A, dx=-20)),
    (SelectOption(point=A, label="Dark blue"), Navigate(url="https://shop.example/?a=b&c"), Back()),
    (NewTab(url="https://shop.example/"), SwitchTab(index=2), CloseTab()),
    (Wait(seconds=2), Ask(question="Which one?"), CallTool(name="look_up", arguments={"word": "mug", "times": 2})),
    (Finish(answer="Three mugs."), Finish(status="failure"), Finish(status="failure", answer="It is sold out.")),
]


@pytest.mark.parametrize("actions", USUAL, ids=str)
@pytest.mark.parametrize("thought", ["", "The basket is empty, so I look for mugs, 3 < at least.\n".replace("<", "or")])
def test_what_is_usual_is_allowed(tokens, tokenizer, actions, thought):
    text = thought + encode_calls(actions, SIZE)
    assert _allows(Guide(GRAMMAR, tokens), [*tokenizer.encode(text), tokens.ends[0]])
    assert parse_answer(text, SIZE).actions == actions


def test_a_click_takes_few_passes(tokens, tokenizer):
    """Measured as the engine does it: what is forced or rightly guessed takes none."""
    click = encode_calls((Click(point=Point(512, 384)),), SIZE)
    assert len(tokenizer.encode(click)) == 39
    assert Counted(tokenizer).passes(click, Decoding(grammar=GRAMMAR)) <= 10


def test_a_schema_beyond_grammars_is_left_to_the_tool():
    function = look_up.shown
    odd = {"type": "object", "properties": {"word": {"type": "string", "pattern": "(?=a)b"}}}
    grammar = thought_and_calls([type(function)(name="look_up", description="", parameters=odd)])
    assert grammar.fault == ""


def _allows(guide: Guide, tokens: list[int]) -> bool:
    """Whether an answer may be these tokens, the end of turn behind them."""
    ahead = guide.forced()
    for token in tokens:
        if not ahead and not guide.allowed()[token]:
            return False
        if not ahead and token != tokens[-1]:
            guide.follow(token)
            ahead = [token, *guide.forced()]
        if ahead and ahead.pop(0) != token:
            return False
    return True
