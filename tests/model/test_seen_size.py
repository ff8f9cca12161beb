"""The size at which every model reads a still of a given one: its answer is held against what it reads."""

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Message, Model, OpenAIModel, Picture, ScriptedModel
from clickwright.model.backends.transformers import load_transformers
from clickwright.model.open import open_model
from clickwright.model.processor import Budget
from clickwright.screen import Size
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from .served import Served, completion
from .test_openai_backend import decoded

sides = st.integers(1, 900)
SIZES = [Size(140, 84), Size(1288, 728), Size(31, 400), Size(20, 20)]


def asked(size: Size) -> Conversation:
    return Conversation(messages=(Message("user", (Picture(np.zeros((size.height, size.width, 3), np.uint8)),)),))


def visual_tokens(model: Model, size: Size) -> int:
    return model.generate(asked(size), Decoding(max_new_tokens=1)).visual_tokens


@pytest.mark.parametrize("size", SIZES)
def test_an_engine_and_its_sessions_read_at_the_size_they_tell(engine, size):
    session = engine.session()
    seen = session.seen_size(size)
    assert seen == engine.seen_size(size)
    assert seen.area == visual_tokens(engine, size) * 28**2
    assert engine.seen_size(seen) == seen


def test_an_engine_out_of_memory_tells_the_smaller_size(engine):
    from .test_relief import with_budget

    assert with_budget(engine, 30 * 28**2).seen_size(Size(280, 168)) == Size(196, 112)
    assert engine.seen_size(Size(280, 168)) == Size(280, 168)


@pytest.mark.parametrize(("name", "side"), [("small_qwen2", 28), ("qwen2_5", 28), ("qwen3", 32)])
@pytest.mark.parametrize("limits", [{}, {"min_pixels": 4096, "max_pixels": 90 * 32**2}])
def test_transformers_reads_at_the_size_that_it_tells(request, name, side, limits):
    model = load_transformers(request.getfixturevalue(name), device="cpu", dtype="float32", **limits)
    budget = Budget(**{"min_pixels": 3136, "max_pixels": 200704} | limits)
    for size in SIZES:
        seen = model.seen_size(size)
        assert seen == budget.resized(size, factor=side)
        assert seen.area == visual_tokens(model, size) * side**2
    with pytest.raises(UsageError, match="reads no picture of this size"):
        model.seen_size(Size(2, 900))


def test_a_processor_that_does_not_tell_reads_pictures_as_they_are(small_qwen2):
    model = load_transformers(small_qwen2, device="cpu", dtype="float32")
    model._processor.image_processor.model_input_names = ["pixel_values"]
    assert model.seen_size(Size(1000, 500)) == Size(1000, 500)


@pytest.mark.parametrize("factor", [28, 32])
@pytest.mark.parametrize("size", SIZES)
def test_a_served_model_is_sent_pictures_at_the_size_that_is_told(httpserver: HTTPServer, factor, size):
    served = Served(httpserver).answers(completion("ok"))
    model = served.model(budget=Budget(min_pixels=64**2, max_pixels=500 * 32**2), factor=factor)
    answer = model.generate(asked(size))
    sent = decoded(served.bodies[0]["messages"][0]["content"][0]["image_url"]["url"])
    seen = model.seen_size(size)
    assert sent.shape == (seen.height, seen.width, 3)
    assert answer.visual_tokens * factor**2 == seen.area
    assert (seen.width % factor, seen.height % factor) == (0, 0)


def test_a_factor_is_for_a_server_and_a_whole_number_of_pixels():
    model = open_model("Qwen/Qwen3-VL-8B-Instruct", base_url="http://127.0.0.1:9/v1", factor=32)
    assert model.seen_size(Size(100, 100)) == Size(96, 96)
    assert open_model("a/b", base_url="http://127.0.0.1:9/v1").seen_size(Size(100, 100)) == Size(112, 112)
    with pytest.raises(UsageError, match="at least one pixel"):
        OpenAIModel("a/b", "http://127.0.0.1:9/v1", api_key="k", factor=0)
    for backend in ("own", "transformers"):
        with pytest.raises(UsageError, match="leave it out"):
            open_model("clickwright/mini", backend=backend, factor=32)


@given(sides, sides)
def test_a_script_reads_pictures_as_they_are_or_within_its_budget(width, height):
    size = Size(width, height)
    assert ScriptedModel([]).seen_size(size) == size
    budget = Budget(min_pixels=56**2, max_pixels=100 * 28**2)
    model = ScriptedModel([], budget=budget)
    if max(size.width, size.height) > 200 * min(size.width, size.height):
        with pytest.raises(UsageError, match="times as long as wide"):
            model.seen_size(size)
    else:
        assert model.seen_size(size) == budget.resized(size)
        assert ScriptedModel([], budget=budget, factor=32).seen_size(size) == budget.resized(size, factor=32)
