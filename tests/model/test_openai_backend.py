"""The model behind a server: what is sent, and how answers are read."""

import base64
import io
import json
import math
import subprocess
import sys
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from clickwright.errors import UsageError
from clickwright.model import Conversation, Decoding, Grammar, Marked, Message, OpenAIModel, Picture, Video
from clickwright.model.processor import Budget, resize_still
from clickwright.model.tokenizer import defused
from clickwright.policies import ModelPolicy
from clickwright.policies.profiles.qwen2_vl import INSTRUCT
from clickwright.screen import Box, Point, Screenshot
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pytest_httpserver import HTTPServer

from .served import HELLO, KEY, NAME, Served, as_json, chunk, completion, refusal, streamed, token

MARKED = "<|object_ref_start|>the cart<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>"
PIXELS = np.random.default_rng(0).integers(0, 256, (90, 130, 3), np.uint8)


@pytest.fixture
def served(httpserver: HTTPServer) -> Served:
    return Served(httpserver)


# What is sent


def test_pictures_are_sent_as_they_are_read_and_in_place(served: Served):
    budget = Budget(min_pixels=56**2, max_pixels=84 * 84)
    asked = Conversation(
        messages=(
            Message("system", ("You look.",)),
            Message("user", ("One:", Picture(PIXELS), Picture(PIXELS[:56, :84]), "What is it?")),
            Message("assistant", (MARKED,)),
            Message("user", ("And now?",)),
        )
    )
    answer = served.answers(completion("A cart.")).model(budget=budget).generate(asked)
    system, user, assistant, last = served.bodies[0]["messages"]
    assert (system, last) == ({"role": "system", "content": "You look."}, {"role": "user", "content": "And now?"})
    assert assistant == {"role": "assistant", "content": MARKED}
    kinds = [part["type"] for part in user["content"]]
    assert kinds == ["text", "image_url", "image_url", "text"]
    seen = [decoded(part["image_url"]["url"]) for part in user["content"][1:3]]
    assert np.array_equal(seen[0], resize_still(PIXELS, budget))
    assert np.array_equal(seen[1], PIXELS[:56, :84])
    assert answer.visual_tokens == sum(pixels.shape[0] * pixels.shape[1] // 784 for pixels in seen)
    assert served.keys == [f"Bearer {KEY}"]


def decoded(url: str) -> np.ndarray:
    kind, _, data = url.partition(",")
    assert kind == "data:image/png;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))))


def test_decoding_says_what_a_server_would_otherwise_take_from_elsewhere(served: Served):
    served.answers(completion("Hi."), completion("Hi."))
    served.model().generate(HELLO)
    served.model().generate(HELLO, Decoding(max_new_tokens=7, temperature=0.4, top_p=0.9, top_k=5, seed=3, stop=("#",)))
    greedy, warm = served.bodies
    assert (greedy["model"], greedy["temperature"], greedy["top_k"]) == (NAME, 0.0, -1)
    assert (greedy["repetition_penalty"], greedy["min_p"], greedy["skip_special_tokens"]) == (1.0, 0.0, False)
    assert not {"seed", "stream", "structured_outputs", "response_format", "continue_final_message"} & greedy.keys()
    assert [warm[name] for name in ("max_tokens", "temperature", "top_p", "top_k", "seed")] == [7, 0.4, 0.9, 5, 3]
    assert warm["stop"] == ["#", "<|im_end|>", "<|endoftext|>"]


def test_the_beginning_of_an_answer_is_gone_on_with(served: Served):
    served.answers(completion("(1,2)"))
    asked = Conversation(messages=HELLO.messages, prefix="Here: <|box_start|><|im_end|>")
    answer = served.model().generate(asked)
    body = served.bodies[0]
    assert body["messages"][-1] == {"role": "assistant", "content": "Here: <|box_start|><| im_end|>"}
    assert (body["continue_final_message"], body["add_generation_prompt"]) == (True, False)
    assert answer.text == "(1,2)"


def test_of_our_own_text_grounding_marks_are_sent_as_they_are(served: Served):
    served.answers(completion("(1,2)"))
    own, shown = Marked("<|box_start|>(x,y)<|im_end|>"), Picture(PIXELS)
    served.model().generate(
        Conversation(messages=tuple(Message("user", parts) for parts in ((own,), (own, shown), (own, "Go."))))
    )
    alone, beside, mixed = (message["content"] for message in served.bodies[0]["messages"])
    assert alone == beside[0]["text"] == "<|box_start|>(x,y)<| im_end|>"
    assert mixed == "<| box_start|>(x,y)<| im_end|>Go."


def test_a_grammar_is_sent_as_lark_and_a_schema_as_a_schema(served: Served):
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    served.answers(completion("a"), completion("{}"))
    model = served.model()
    model.generate(HELLO, Decoding(grammar=Grammar('start: "a"')))
    model.generate(HELLO, Decoding(grammar=Grammar.of_schema(schema)))
    lark, of_schema = served.bodies
    assert (lark["structured_outputs"], lark["ebnf"]) == ({"grammar": 'start: "a"'}, 'start: "a"')
    assert "structured_outputs" not in of_schema
    assert of_schema["response_format"]["json_schema"]["schema"] == schema


TEXTS = st.text(st.sampled_from("<|>_abim \ud83d")) | st.lists(
    st.sampled_from(["<|im_end|>", "<|box_start|>", "<|", "|>", "im", "\ud83d", "é"])
).map("".join)


@given(TEXTS)
def test_no_text_holds_a_mark_when_it_is_sent(text: str):
    plain, written = defused(text), defused(text, marked=True)
    assert not [mark for mark in ("<|im_end|>", "<|box_start|>") if mark in plain]
    assert "<|im_end|>" not in written
    assert written.count("<|box_start|>") == text.count("<|box_start|>")
    assert plain.encode("utf-8", "strict") is not None
    assert defused(plain) == plain


def test_a_model_behind_a_server_needs_no_torch():
    script = (
        "import sys; from clickwright import load_policy; "
        f"load_policy({NAME!r}, base_url='http://127.0.0.1:9/v1'); "
        "sys.exit(sorted({'torch', 'transformers'} & sys.modules.keys()) or 0)"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_what_the_api_has_no_place_for_is_refused():
    model = OpenAIModel(NAME, "http://127.0.0.1:9/v1")
    for role, part in (("user", Video(frames=PIXELS[None])), ("system", Picture(PIXELS))):
        with pytest.raises(UsageError, match="behind a server"):
            model.generate(Conversation(messages=(Message(role, (part,)),)))


# What comes back


def spelled() -> list[dict[str, Any]]:
    """The tokens of MARKED; the first corner's x is 100 with 0.8, else 900."""
    texts = [
        "<|object_ref_start|>",
        "the cart",
        "<|object_ref_end|>",
        "<|box_start|>",
        "(",
        "1",
        "00",
        ",",
        "200",
        "),(",
    ]
    tokens = [token(text) for text in [*texts, "300", ",", "400", ")", "<|box_end|>"]]
    tokens[5] = token("1", 0.8, _9=0.2)
    return [*tokens, token("<|im_end|>", 0.5)]


def test_a_served_answer_is_grounded_with_its_confidence(served: Served):
    served.answers(completion(MARKED, tokens=spelled()))
    policy = ModelPolicy(served.model(), profile=INSTRUCT)
    found = policy.ground(Screenshot(pixels=np.zeros((200, 100, 3), np.uint8)), "the cart")
    assert (served.bodies[0]["logprobs"], served.bodies[0]["top_logprobs"]) == (True, 20)
    assert (found.box, found.point) == (Box(10, 40, 30, 80), Point(20, 60))
    assert found.confidence == pytest.approx(0.8)
    assert found.spread is not None
    assert found.spread.x > found.spread.y == 0
    generation = found.generation
    assert generation is not None
    assert "".join(generation.tokens) == generation.text == MARKED
    assert (generation.token_ids, generation.new_tokens) == ((), 15)
    assert generation.top_logprobs[5] == (("1", math.log(0.8)), ("9", math.log(0.2)))
    assert (generation.prompt_tokens, generation.reused_tokens) == (70, 50)
    assert generation.timings.decode_s > 0


def test_without_log_probabilities_there_is_an_answer(served: Served):
    served.answers(refusal(400, "logprobs are not supported here"), completion(MARKED), completion(MARKED))
    policy = ModelPolicy(served.model(), profile=INSTRUCT)
    for _ in range(2):
        with pytest.warns(RuntimeWarning, match="how sure they are") if not served.bodies else nullcontext():
            found = policy.ground(Screenshot(pixels=np.zeros((200, 100, 3), np.uint8)), "the cart")
        assert (found.box, found.confidence) == (Box(10, 40, 30, 80), None)
    assert ["logprobs" in body for body in served.bodies] == [True, False, False]


def test_a_grammar_that_is_refused_is_left_out_and_nothing_else_is(served: Served):
    served.answers(refusal(400, "Grammar error: at 1(1)"), *[completion("b")] * 2)
    model, decoding = served.model(), Decoding(grammar=Grammar("start: /b/"))
    with pytest.warns(RuntimeWarning, match="keep to the grammar"):
        first = model.generate(HELLO, decoding)
    assert [first.text, model.generate(HELLO, decoding).text] == ["b", "b"]
    assert ["ebnf" in body for body in served.bodies] == [True, False, False]
    assert all(body["logprobs"] for body in served.bodies)


def test_another_schema_than_the_one_refused_is_asked_for_until_a_few_were_refused(served: Served):
    model = served.model()
    wanted = [Decoding(grammar=Grammar.of_schema({"type": "string", "maxLength": most})) for most in range(1, 6)]
    served.answers(refusal(400, "Invalid JSON schema"), completion("b"), completion("b"))
    with pytest.warns(RuntimeWarning, match="keep to the schema"):
        model.generate(HELLO, wanted[0])
    model.generate(HELLO, wanted[1])
    assert ["response_format" in body for body in served.bodies] == [True, False, True]
    no = refusal(400, "response_format: json_schema is not supported")
    served.answers(no, completion("b"), no, completion("b"), completion("b"))
    for decoding in wanted[2:]:
        model.generate(HELLO, decoding)
    assert ["response_format" in body for body in served.bodies[3:]] == [True, False, True, False, False]


def test_a_refusal_within_a_stream_is_one_too(served: Served):
    failed = {"error": {"message": "Failed to compile ebnf grammar", "code": 400}}
    served.answers(streamed([failed]), streamed([chunk("b", finish="stop"), "[DONE]"]))
    told: list[str] = []
    with pytest.warns(RuntimeWarning, match="grammar"):
        answer = served.model().generate(HELLO, Decoding(grammar=Grammar("start: /b/")), on_text=told.append)
    assert (answer.text, told) == ("b", ["b"])


@pytest.mark.parametrize(
    ("choice", "finish"),
    [
        ({}, "end"),
        ({"finish_reason": "length"}, "length"),
        ({"stop_reason": "#"}, "stop"),
        ({"matched_stop": "#"}, "stop"),
        ({"stop_reason": None}, "end"),
        ({"matched_stop": 151645}, "end"),
        ({"stop_reason": "<|im_end|>"}, "end"),
    ],
)
def test_how_an_answer_ended(served: Served, choice: dict[str, Any], finish: str):
    served.answers(completion("a", **choice))
    assert served.model().generate(HELLO, Decoding(stop=("#",))).finish == finish


def test_a_stream_is_told_as_it_comes_and_is_the_same_answer(served: Served):
    tokens = spelled()
    usage = {"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 16}}
    events = [chunk(""), chunk(MARKED[:20], tokens=tokens[:1]), chunk(MARKED[20:], tokens=tokens[1:15])]
    served.answers(
        streamed([*events, chunk(None, finish="stop", tokens=tokens[15:]), usage, "[DONE]"]),
        completion(MARKED, tokens=tokens),
    )
    told: list[str] = []
    piecewise = served.model().generate(HELLO, on_text=told.append)
    whole = served.model().generate(HELLO)
    assert (served.bodies[0]["stream"], served.bodies[0]["stream_options"]) == (True, {"include_usage": True})
    assert told == [MARKED[:20], MARKED[20:]]
    assert (piecewise.text, piecewise.tokens, piecewise.logprobs) == (whole.text, whole.tokens, whole.logprobs)
    assert (piecewise.finish, piecewise.prompt_tokens) == ("end", 70)
    assert piecewise.timings.prefill_s > 0 == whole.timings.prefill_s


def test_half_a_character_becomes_a_question_mark(served: Served):
    half = json.dumps(completion("a\ud83d", tokens=[token("a\ud83d")]))
    answer = served.answers(as_json(half)).model().generate(HELLO)
    assert (answer.text, answer.tokens) == ("a\ufffd", ("a\ufffd",))


def test_what_a_listener_raises_is_its_own(served: Served):
    def listen(text: str) -> None:
        raise ValueError(text)

    served.answers(streamed([chunk("a"), chunk("b", finish="stop")]))
    with pytest.raises(ValueError, match=r"^a$"):
        served.model().generate(HELLO, on_text=listen)
