"""Questions about pictures and videos: what the model is told, and what is read from its answer."""

from dataclasses import replace

import numpy as np
import pytest
from clickwright.errors import BadModelOutput, UsageError
from clickwright.model import Generation, Picture, ScriptedModel, Video
from clickwright.model.processor import Budget
from clickwright.policies import ask, ask_places
from clickwright.policies.asking import require_asks
from clickwright.policies.grammars import SEEN_PIXELS
from clickwright.policies.grammars.plain import PlainPlaces
from clickwright.policies.profiles import PROFILES, Pointing
from clickwright.policies.prompts.asking import JSON_CAPTION, NATIVE_CAPTION
from clickwright.screen import Box, Screenshot

INSTRUCT, MINI = PROFILES["instruct"], PROFILES["mini"]
LISTING = replace(
    INSTRUCT, name="listing", space=SEEN_PIXELS, ground=Pointing(places=PlainPlaces(), prompt="{image}{description}")
)
"""As Qwen2.5-VL names places."""


def grey(width: int = 200, height: int = 100, level: int = 90) -> Screenshot:
    return Screenshot(pixels=np.full((height, width, 3), level, np.uint8))


def test_pictures_come_in_their_order_and_then_the_question() -> None:
    model, shots = ScriptedModel(["Two greys."]), [grey(level=10), grey(level=20)]
    pieces: list[str] = []
    reply = ask(model, INSTRUCT, "What is this?", shots, max_new_tokens=7, on_text=pieces.append)
    (message,) = model.asked[0].messages
    first, second, question = message.parts
    assert isinstance(first, Picture)
    assert isinstance(second, Picture)
    assert (first.pixels is shots[0].pixels, second.pixels is shots[1].pixels) == (True, True)
    assert (message.role, question) == ("user", "What is this?")
    assert (reply.text, reply.references, "".join(pieces)) == ("Two greys.", (), "Two greys.")
    assert model.decodings[0].max_new_tokens == 7


def test_a_video_is_one_part() -> None:
    model, video = ScriptedModel(["Nothing moves."]), Video(np.zeros((4, 28, 28, 3), np.uint8))
    assert ask(model, INSTRUCT, "What happens?", video).text == "Nothing moves."
    assert model.asked[0].messages[0].parts == (video, "What happens?")
    assert model.decodings[0].max_new_tokens == INSTRUCT.max_new_tokens


def test_words_and_videos_may_stand_between_pictures() -> None:
    model, video = ScriptedModel(["Yes."]), Video(np.zeros((4, 28, 28, 3), np.uint8))
    ask(model, INSTRUCT, " the same?", ["Is ", grey(level=10), " in ", video, " and ", grey(level=20)])
    parts = model.asked[0].messages[0].parts
    assert [part if isinstance(part, str) else type(part) for part in parts] == [
        "Is ",
        Picture,
        " in ",
        Video,
        " and ",
        Picture,
        " the same?",
    ]


@pytest.mark.parametrize(
    ("profile", "question", "asked"),
    [
        (INSTRUCT, "", NATIVE_CAPTION),
        (INSTRUCT, "Describe the animals.", "Describe the animals with grounding."),
        (INSTRUCT, "Where are the cups?", "Where are the cups with grounding."),
        (INSTRUCT, "OCR with grounding:", "OCR with grounding:"),
        (LISTING, "", JSON_CAPTION),
        (LISTING, "Locate every cup.", "Locate every cup and output all the coordinates in JSON format."),
        (LISTING, "Locate every cup, as JSON.", "Locate every cup, as JSON."),
    ],
)
def test_places_are_asked_for_in_the_words_that_a_checkpoint_knows(profile, question: str, asked: str) -> None:
    answers = "<|box_start|>(1,2)<|box_end|>" if profile is INSTRUCT else '[{"bbox_2d": [1, 2, 3, 4]}]'
    model = ScriptedModel([answers])
    ask_places(model, profile, question, grey())
    assert model.asked[0].messages[0].parts[-1] == asked


def test_places_are_pixels_of_the_screenshot() -> None:
    text = "<|object_ref_start|>a cat<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|> sleeps"
    reply = ask_places(ScriptedModel([text]), INSTRUCT, "", grey())
    assert reply.text == "a cat [1] sleeps"
    assert reply.references[0].shapes == (Box(20, 20, 60, 40),)
    assert reply.generation.text == text


def test_places_of_the_picture_as_it_was_read_are_taken_back_to_the_screenshot() -> None:
    budget = Budget(min_pixels=28 * 28, max_pixels=56 * 28)  # 200 x 100 is read at 56 x 28
    model = ScriptedModel(['[{"bbox_2d": [14, 7, 28, 14], "label": "a cat"}]'], budget=budget)
    assert ask_places(model, LISTING, "", grey()).references[0].shapes == (Box(50, 25, 100, 50),)


def test_an_answer_without_places_is_kept_with_the_fault() -> None:
    with pytest.raises(BadModelOutput, match="names no place") as fault:
        ask_places(ScriptedModel(["A grey wall."]), INSTRUCT, "", grey())
    assert fault.value.raw == "A grey wall."


def test_an_answer_that_was_cut_off_says_so() -> None:
    text = "<|object_ref_start|>a cat<|object_ref_end|><|box_start|>(100,20"
    cut = Generation(text=text, finish="length", passes=9)
    with pytest.raises(BadModelOutput, match="cut off after 9 tokens") as fault:
        ask_places(ScriptedModel([cut]), INSTRUCT, "", grey())
    assert fault.value.raw == text


def test_who_cannot_be_asked_names_who_can() -> None:
    model = ScriptedModel([])
    with pytest.raises(UsageError, match=r"mini was not trained to answer questions.*instruct.*Qwen/Qwen2-VL") as fault:
        ask(model, MINI, "What is this?", [grey()])
    assert "\n" not in str(fault.value)
    with pytest.raises(UsageError, match="not trained to say where it sees what it describes"):
        require_asks(replace(INSTRUCT, ground=None), places=True)
    assert model.asked == []
