"""What holds for every language: it reads what it writes, keeps answers to what it reads, and fails in one way only."""

from contextlib import suppress
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model.grammar import GrammarTokenizer, Guide
from clickwright.model.tokenizer import ChatTokenizer
from clickwright.policies.grammars import Canvas, Occasion, PlaceLanguage, Reference
from clickwright.policies.profiles import PROFILES, Profile
from clickwright.screen import Box, Point, Size
from clickwright.tools import Action, Click, Press, TypeText, points_of
from hypothesis import given, settings
from hypothesis import strategies as st

from .any_action import actions, custom_of

SIZES = [Size(1280, 720), Size(3840, 2160), Size(1080, 2400)]
ACTING = [name for name, profile in PROFILES.items() if profile.act]
POINTING = [name for name, profile in PROFILES.items() if profile.ground]
ANSWERS = 6
"""Of each grammar that are drawn at random, those of pointing among them."""
MARKS = [
    *("(", ")", "[[", "]]", "<point>", "</point>", "<|box_start|>", "<|box_end|>", "start_box='", "'", '"', "\\", "\n"),
    *("Thought: ", "Action: ", "actions:\n", "CLICK ", "TYPE [", "click(", "pyautogui.", "x=", "y=", ", ", "1e308"),
    *(
        "nan",
        "-1",
        "1000",
        "0.5",
        "{",
        "}",
        ":",
        "<tool_call>",
        "</tool_call>",
        "None",
        "null",
        "（",
        "，",
        "✿FUNCTION✿",
    ),
    *("<think>", "</think>", "<action>", "</action>", "```json\n", "```", "finished()", "action", "coordinate", "12"),
    "✿FUNCTION✿: ",
]


def canvas_of(profile: Profile, size: Size = SIZES[0]) -> Canvas:
    """A canvas whose pixels, where the space is one of pixels, are not those of the screen.

    On it anything is found that is named in words, and two boxes have numbers.
    """
    return Canvas(
        size=size,
        seen=Size(size.width // 56 * 28, size.height // 56 * 28),
        space=profile.space,
        locate=lambda words: Point(len(words), 5),
        marks=(Box(50, 80, 150, 120), Box(0, 0, 10, 10)),
    )


screens = st.sampled_from(SIZES)
anywhere = st.builds(Point, st.floats(0, 1070), st.floats(0, 710))


@pytest.mark.parametrize("name", ACTING)
@given(st.lists(actions(anywhere), min_size=1, max_size=3), screens)
def test_what_is_written_is_read_and_written_alike(name: str, done: list[Action], size: Size) -> None:
    profile = PROFILES[name]
    assert profile.act is not None
    language = profile.act.language
    canvas = replace(canvas_of(profile, size), tools=custom_of(*done))
    try:
        written = language.write(done, canvas)
    except UsageError:
        return  # it has no word for one of them
    read = language.parse(written, canvas).actions
    assert language.write(read, canvas) == written
    across, down = canvas.unit
    kept = {type(action) for action in done}
    assert {type(action) for action in read} <= kept or len(read) != len(done)
    if len(read) != len(done):
        return  # one action may take two calls, as a drag that begins away from the mouse does
    for before, after in zip(done, read, strict=True):
        if type(before) is type(after) and len(points_of(before)) == len(points_of(after)):
            for meant, found in zip(points_of(before), points_of(after), strict=True):
                assert abs(meant.x - found.x) <= 1.01 * across * profile.space.step + 1e-6
                assert abs(meant.y - found.y) <= 1.01 * down * profile.space.step + 1e-6


@pytest.mark.parametrize("name", ACTING)
def test_clicking_and_ending_can_be_said_in_every_language(name: str) -> None:
    profile = PROFILES[name]
    assert profile.act is not None
    language = profile.act.language
    for action in (Click(point=Point(100, 100)), TypeText(text='it\'s "two"\nlines \\ (a), b')):
        try:
            written, behind = language.write([action], canvas_of(profile)), []
        except UsageError:  # whatever is typed in it is submitted
            behind = [Press(keys=("Enter",))]
            written = language.write([action, *behind], canvas_of(profile))
        read, *more = language.parse(written, canvas_of(profile)).actions
        assert more == behind
        assert type(read) is type(action)
        if isinstance(action, TypeText):
            assert read == action


@pytest.mark.parametrize("name", POINTING)
@given(screens, st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 0.2))
def test_a_place_that_is_written_is_read_alike(
    name: str, size: Size, x: float, y: float, width: float, height: float
) -> None:
    profile = PROFILES[name]
    assert profile.ground is not None
    places, canvas = profile.ground.places, canvas_of(profile, size)
    for shape in (
        Point(x * size.width, y * size.height),
        Box(x * size.width, y * size.height, (x + width) * size.width, (y + height) * size.height).clip(size),
    ):
        written = places.write(Reference(description="", shapes=(shape,)), canvas)
        (read,) = places.parse(written, canvas)
        assert places.write(read, canvas) == written


@pytest.mark.parametrize("name", list(PROFILES))
@settings(max_examples=60)
@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=6), max_size=14).map("".join))
def test_nothing_but_a_bad_output_comes_of_any_text(name: str, text: str) -> None:
    profile = PROFILES[name]
    canvas = canvas_of(profile)
    with suppress(BadModelOutput):
        if profile.act:
            assert profile.act.language.parse(text, canvas).actions
    with suppress(BadModelOutput):
        if profile.ground:
            assert all(reference.shapes for reference in profile.ground.places.parse(text, canvas))


def any_answer(guide: Guide, seed: int, tokenizer: ChatTokenizer, *, most: int = 400) -> str | None:
    """An answer of tokens drawn from what the grammar leaves, those that end a text often; None for one without end."""
    random, ids = Random(seed), list[int]()
    end = tokenizer.id("<|im_end|>")
    while end not in ids and len(ids) < most:
        forced = guide.forced()
        ids += forced
        if forced:
            continue
        allowed = np.flatnonzero(guide.allowed())
        some = [end] if end in allowed and random.random() < 0.3 else [int(random.choice(allowed)) for _ in range(20)]
        closing = [token for token in some if set('"<✿\n') & set(tokenizer.decode([token]))]
        token = random.choice(closing if closing and random.random() < 0.4 else some)
        ids.append(token)
        if token != end:
            guide.follow(token)
    return tokenizer.decode(ids[: ids.index(end)]) if end in ids else None


def is_read(places: PlaceLanguage, text: str, canvas: Canvas) -> bool:
    """Whether a place is found, or what a checkpoint was taught to write where nothing fits."""
    try:
        return bool(places.parse(text, canvas))
    except BadModelOutput as error:
        return "nothing on the screen fits" in str(error)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(PROFILES))
def test_all_that_a_grammar_allows_is_read(name: str, tokenizer: ChatTokenizer, tokens: GrammarTokenizer) -> None:
    profile = PROFILES[name]
    canvas = canvas_of(profile)
    occasion = Occasion(goal='Type "pears" into the search field.')
    kept = complete = 0
    for seed in range(12):
        if complete >= ANSWERS:
            break
        if profile.act and (grammar := profile.act.language.grammar(canvas, occasion)):
            kept += 1
            assert grammar.fault == ""
            text = any_answer(Guide(grammar, tokens), seed, tokenizer)
            if text is not None:
                complete += 1
                assert profile.act.language.parse(text, replace(canvas, pointer=Point(1, 1))).actions
        if profile.ground and not profile.ground.has_head and (grammar := profile.ground.places.grammar(canvas)):
            kept += 1
            assert grammar.fault == ""
            text = any_answer(Guide(grammar, tokens), seed, tokenizer)
            assert text is not None
            complete += 1
            assert is_read(profile.ground.places, text, canvas)
    assert complete >= min(kept, 3)
