"""The head by which GUI-Actor points, against torch's own modules behind transformers' network."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from clickwright.errors import ModelUnavailable, UsageError
from clickwright.model import (
    Conversation,
    Decoding,
    Engine,
    Generation,
    Message,
    Model,
    OpenAIModel,
    Picture,
    Pointed,
    Pointer,
    ScriptedModel,
    Video,
    load_model,
)
from clickwright.model.backends.transformers import TransformersModel, load_transformers
from clickwright.model.checkpoint.weights import load_network
from clickwright.model.footprint import parameters, prefill_peak, weight_bytes
from clickwright.model.pointer import PointerHead
from clickwright.model.processor import Processor
from clickwright.screen import Size
from torch import nn

from .agents import MARKS, POINT, POINTER_PAD, WIDTH, add_pointer, pointer_weights, write_agent
from .test_relief import Narrow

IMAGE_PAD = 151655
SHORT = Decoding(max_new_tokens=4)


class Oracle(nn.Module):
    """The head in torch's own modules, by the names of its weights."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.projection_enc = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.projection_dec = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
        self.self_attention = nn.MultiheadAttention(width, num_heads=8, batch_first=True)
        self.layer_norm = nn.LayerNorm(width)

    def forward(self, features: torch.Tensor, hidden: torch.Tensor) -> torch.Tensor:
        seen = features[None]
        looked = self.layer_norm(seen + self.self_attention(seen, seen, seen, need_weights=False)[0])[0]
        scores = self.projection_dec(hidden[None]) @ self.projection_enc(looked).T
        return (scores / features.shape[-1] ** 0.5).softmax(-1)[0]


def oracle_of(weights: dict[str, torch.Tensor], width: int = WIDTH) -> Oracle:
    head = Oracle(width).eval().requires_grad_(False)
    head.load_state_dict({name.removeprefix("multi_patch_pointer_head."): one for name, one in weights.items()})
    return head


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    return pointer_weights()


@pytest.fixture(scope="module")
def gui_actor(qwen2: Path, agent_tokenizer_file: Path, weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gui_actor")
    ends = {"eos_token_id": [MARKS["<|diff_marker|>"]], "pointer_pad_token_id": POINTER_PAD}
    return add_pointer(write_agent(folder, qwen2, agent_tokenizer_file, **ends), weights)


@pytest.fixture(scope="module")
def actor(gui_actor: Path) -> Engine:
    return load_model(gui_actor, device="cpu", dtype="float32")


@pytest.fixture(scope="module")
def through_transformers(gui_actor: Path) -> TransformersModel:
    return load_transformers(gui_actor, device="cpu", dtype="float32")


def picture(seed: int, height: int = 84, width: int = 140) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def asked(*seeds: int, prefix: str = POINT, height: int = 84, width: int = 140) -> Conversation:
    turns = (Message("user", (picture(seed, height, width), f"the thing of step {seed}")) for seed in seeds)
    return Conversation(messages=(Message("system", ("You click.",)), *turns), prefix=prefix)


def expected(model: TransformersModel, conversation: Conversation, head: Oracle, tokens: int) -> np.ndarray:
    """The scores of the last picture, which has so many tokens, by transformers' network and torch's head."""
    prompt = model._prompt(conversation)
    with torch.no_grad():
        read = model._network.model(**prompt.inputs, output_hidden_states=True)
    ids = torch.tensor(prompt.ids)
    features = read.hidden_states[0][0][ids == IMAGE_PAD][-tokens:]
    hidden = read.last_hidden_state[0][ids == POINTER_PAD][-1]
    return head(features, hidden).numpy()


# The head


@pytest.mark.parametrize(("width", "tokens"), [(64, 1), (64, 15), (128, 70)])
def test_the_head_is_that_of_torchs_modules(width, tokens):
    torch.manual_seed(tokens)
    head = PointerHead(width).eval().requires_grad_(False)
    for parameter in head.parameters():
        parameter.normal_(0, 0.3)
    oracle = Oracle(width).eval().requires_grad_(False)
    oracle.load_state_dict(head.state_dict())
    features, hidden = torch.randn(tokens, width), torch.randn(width)
    torch.testing.assert_close(head(features, hidden), oracle(features, hidden), atol=1e-6, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("conversation", "shape"),
    [
        (asked(1), (3, 5)),
        (asked(2, height=168, width=56), (6, 2)),
        (asked(1, 2, 3, height=200, width=90), (7, 3)),
        (asked(4, prefix=f"{POINT[:-1]}, {POINT[-52:]}"), (3, 5)),
    ],
)
def test_an_engine_points_as_its_oracle(actor, through_transformers, weights, conversation, shape):
    found = actor.session().point(conversation)
    wanted = expected(through_transformers, conversation, oracle_of(weights), shape[0] * shape[1])
    assert found.scores.shape == shape
    assert found.scores.dtype == np.float32
    assert found.scores.sum() == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(found.scores.ravel(), wanted, atol=1e-5)
    assert found.scores.max() > 1.2 * found.scores.min()  # it chooses
    assert found.seen == Size(shape[1] * 28, shape[0] * 28)
    assert found.prompt_tokens == len(actor.prompt(conversation).ids)
    assert found.visual_tokens == actor.prompt(conversation).visual_tokens
    assert (found.reused_tokens, found.is_halved) == (0, False)
    assert min(found.timings.process_s, found.timings.vision_s, found.timings.prefill_s) > 0
    assert found.timings.decode_s == 0


def test_the_size_is_that_at_which_the_picture_is_read(actor):
    conversation = asked(1, height=730, width=1290)
    found = actor.session().point(conversation)
    assert found.seen == actor.seen_size(Size(1290, 730))
    assert found.scores.shape == (found.seen.height // 28, found.seen.width // 28)


@pytest.mark.parametrize(("row", "column"), [(0, 4), (2, 0), (1, 3)])
def test_rows_and_columns_are_those_of_the_picture(actor, row, column):
    """A part of a plain picture is painted, and the score of that part changes most."""
    plain = np.full((84, 140, 3), 128, np.uint8)
    painted = plain.copy()
    painted[row * 28 : (row + 1) * 28, column * 28 : (column + 1) * 28] = picture(1, 28, 28).pixels
    maps = [
        actor.session().point(Conversation(messages=(Message("user", (Picture(one),)),), prefix=POINT)).scores
        for one in (plain, painted)
    ]
    change = np.abs(np.log(maps[1]) - np.log(maps[0]))
    assert np.unravel_index(change.argmax(), change.shape) == (row, column)


@pytest.mark.slow
def test_other_precisions_and_narrow_layers_leave_the_head_as_it_is(gui_actor, actor):
    whole = actor.session().point(asked(1)).scores
    wide = load_model(gui_actor, device="cpu", dtype="bfloat16")
    assert {one.dtype for one in wide.network.pointer.parameters()} == {torch.bfloat16}
    np.testing.assert_allclose(wide.point(asked(1)).scores, whole, atol=0.05)
    pytest.importorskip("torchao")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchao's own
        narrow = load_model(gui_actor, device="cpu", dtype="float32", quantize="int8")
    own = actor.network.pointer.state_dict()
    assert all(torch.equal(one, own[name]) for name, one in narrow.network.pointer.state_dict().items())
    np.testing.assert_allclose(narrow.point(asked(1)).scores, whole, atol=0.05)


@pytest.mark.parametrize("place", ["cpu", "disk"])
def test_a_head_may_be_on_disk(gui_actor, actor, place):
    spread = load_model(
        gui_actor,
        dtype="float32",
        device_map={"model": "cpu", "multi_patch_pointer_head": place},
    )
    assert spread.network.pointer.layer_norm.weight.is_meta == (place == "disk")
    np.testing.assert_allclose(spread.point(asked(1)).scores, actor.session().point(asked(1)).scores, atol=1e-6)


def test_a_head_is_not_divided(gui_actor):
    with pytest.raises(UsageError, match="divides a layer"):
        load_model(gui_actor, device_map={"": "cpu", "multi_patch_pointer_head.layer_norm": "disk"})


# Memory


def test_a_session_reads_nothing_twice_and_points_the_same(actor):
    session, conversation = actor.session(), asked(1, 2)
    first = session.point(conversation)
    again = session.point(conversation)
    assert (first.reused_tokens, again.reused_tokens) == (0, first.prompt_tokens - 3)  # from the mark on
    np.testing.assert_allclose(again.scores, first.scores, atol=1e-6)


def test_pointing_and_writing_share_what_they_read(actor):
    session = actor.session()
    written = session.generate(asked(1, 2, prefix="<|recipient|>os\n"), SHORT)
    found = session.point(asked(1, 2))
    # All that the two prompts share. The last tokens of the first may be spelt otherwise with more behind them.
    assert written.prompt_tokens - 2 <= found.reused_tokens <= written.prompt_tokens
    np.testing.assert_allclose(found.scores, actor.session().point(asked(1, 2)).scores, atol=1e-5)
    grown = session.generate(asked(1, 2, 3, prefix="<|recipient|>os\n"), SHORT)
    assert grown.reused_tokens > actor.prompt(asked(1, 2)).starts[1]
    alone = actor.session().generate(asked(1, 2, 3, prefix="<|recipient|>os\n"), SHORT)
    assert grown.token_ids == alone.token_ids


def test_features_that_are_kept_are_not_made_again(gui_actor, actor):
    network = load_network(gui_actor, actor.config, device=actor.device, dtype=actor.dtype)
    network.model.visual = Narrow(network.visual, most=10_000)
    engine = Engine("counted", network, actor.tokenizer, actor.processor)
    sessions = [engine.session(), engine.session()]
    for session in sessions:
        session.point(asked(1))
    assert len(network.visual.seen) == 1
    sessions[0].point(asked(1, 2))
    assert len(network.visual.seen) == 2
    engine.forget()  # the features: what the session has read is still known, but not what its picture shows
    found = sessions[0].point(asked(1, 2))
    assert found.reused_tokens > 0
    assert len(network.visual.seen) == 3
    np.testing.assert_allclose(found.scores, actor.session().point(asked(1, 2)).scores, atol=1e-6)


def test_interleaved_sessions_and_forks_do_not_disturb_each_other(actor):
    sessions = [actor.session(), actor.session()]
    for seeds in ((1,), (1, 2), (1, 2, 3)):
        for session, offset in zip(sessions, (0, 10), strict=True):
            conversation = asked(*(seed + offset for seed in seeds))
            wanted = actor.session().point(conversation).scores
            np.testing.assert_allclose(session.point(conversation).scores, wanted, atol=1e-5)
            np.testing.assert_allclose(session.fork().point(conversation).scores, wanted, atol=1e-5)


def test_where_memory_is_short_it_points_in_a_smaller_picture(gui_actor, actor):
    network = load_network(gui_actor, actor.config, device=actor.device, dtype=actor.dtype)
    network.model.visual = Narrow(network.visual, most=59)
    engine = Engine("scarce", network, actor.tokenizer, Processor(actor.config.vision, actor.processor.look))
    with pytest.warns(RuntimeWarning, match="half the pixels"):
        found = engine.point(asked(1))
    assert found.is_halved
    assert found.seen == engine.seen_size(Size(140, 84))
    assert found.scores.size == found.visual_tokens <= 7


# What cannot be


def test_a_head_does_not_point_at_what_is_read_in_part(gui_actor):
    with pytest.raises(UsageError, match="load the checkpoint without select"):
        load_model(gui_actor, device="cpu", dtype="float32", select=0.5).point(asked(1))


@pytest.mark.slow
def test_a_checkpoint_without_a_head_says_so(agent, engine):
    for one in (agent, agent.session(), engine):
        assert not one.can_point
        with pytest.raises(UsageError, match="has no head that points"):
            one.point(asked(1))


@pytest.mark.parametrize(
    ("conversation", "says"),
    [
        (
            Conversation(messages=(Message("user", ("the cart",)),), prefix=POINT),
            "shows, and the conversation has none",
        ),
        (
            Conversation(messages=(Message("user", (Video(np.zeros((2, 56, 56, 3), np.uint8)),)),), prefix=POINT),
            "shows, and the conversation has none",
        ),
        (asked(1, prefix=""), "prefix does not have"),
        (asked(1, prefix="<|recipient|>os\npyautogui.click("), "prefix does not have"),
        (Conversation(messages=(*asked(1).messages, Message("assistant", (POINT,)))), "prefix does not have"),
        (
            Conversation(messages=(*asked(1).messages, Message("user", ("<|pointer_pad|>",))), prefix="so "),
            "prefix does not have",
        ),
        (asked(1, prefix="word " * 5000 + POINT), "reads 4096"),
    ],
)
def test_a_conversation_that_points_at_nothing_is_one_sentence(actor, conversation, says):
    with pytest.raises(UsageError, match=says) as caught:
        actor.point(conversation)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
def test_a_head_that_lacks_a_weight_or_has_another_shape_is_refused(qwen2, agent_tokenizer_file, weights, tmp_path):
    lacking = dict(list(weights.items())[1:])
    narrow = weights | {"multi_patch_pointer_head.layer_norm.bias": torch.zeros(8)}
    for name, given, says in (("a", lacking, "lacks 1 weights"), ("b", narrow, r"is \[8\]")):
        (tmp_path / name).mkdir()
        folder = add_pointer(write_agent(tmp_path / name, qwen2, agent_tokenizer_file), given)
        with pytest.raises(ModelUnavailable, match=says):
            load_model(folder, device="cpu", dtype="float32")


def test_a_width_that_its_heads_do_not_divide_is_refused(actor, gui_actor):
    odd = replace(actor.config, text=replace(actor.config.text, hidden_size=68))
    with pytest.raises(ModelUnavailable, match="do not divide its width"):
        load_network(gui_actor, odd, device=torch.device("cpu"), dtype=torch.float32)


# Around it


@pytest.mark.slow
def test_the_weights_decide_whether_there_is_a_head(qwen2, agent_tokenizer_file, weights, tmp_path):
    folder = write_agent(tmp_path, qwen2, agent_tokenizer_file, pointer_pad_token_id=POINTER_PAD)
    assert not load_model(folder, device="cpu", dtype="float32").can_point
    (folder / "config.json").unlink()
    (folder / "config.json").write_text((qwen2 / "config.json").read_text())
    engine = load_model(add_pointer(folder, weights), device="cpu", dtype="float32")
    assert engine.can_point
    assert engine.config.has_pointer


def test_a_head_counts_in_what_a_checkpoint_needs(actor):
    count = parameters(actor.config)
    assert count.pointer == sum(one.numel() for one in actor.network.pointer.parameters()) > 0
    assert count.total == sum(one.numel() for one in actor.network.parameters())
    assert weight_bytes(actor.config, "int8").pointer == 2 * count.pointer
    assert weight_bytes(actor.config, "float32").total == 4 * count.total


def test_pointing_takes_less_than_reading(actor):
    """The most that the head has at once: its input four times over, two of them turned, and what it makes of them."""
    config = actor.config
    for tokens in (100, 5000):
        assert 10 * tokens * WIDTH * 4 <= prefill_peak(config, "float32", tokens, visual=tokens)


@pytest.mark.slow
def test_an_engine_a_session_and_a_script_are_pointers_and_the_others_are_not(actor, through_transformers):
    models: list[tuple[Model, bool]] = [
        (actor, True),
        (actor.session(), True),
        (ScriptedModel([Pointed(scores=np.ones((1, 1), np.float32), seen=Size(28, 28))]), True),
        (ScriptedModel(["text"]), False),
        (through_transformers, False),
        (OpenAIModel("a/b", "http://127.0.0.1:9/v1", api_key="k"), False),
    ]
    for model, can in models:
        assert (isinstance(model, Pointer) and model.can_point) == can


def test_a_script_points_and_writes_in_its_order():
    place = Pointed(scores=np.full((2, 2), 0.25, np.float32), seen=Size(56, 56))
    model = ScriptedModel([place, "text", "text", place, UsageError("no")])
    assert model.point(asked(1)) is place
    assert model.generate(asked(2), SHORT).text == "text"
    with pytest.raises(UsageError, match="an answer where it is asked for a place"):
        model.point(asked(3))
    with pytest.raises(UsageError, match="a place where it is asked for an answer"):
        model.generate(asked(4))
    with pytest.raises(UsageError, match="no"):
        model.point(asked(5))
    with pytest.raises(ModelUnavailable, match="over after 5 answers"):
        model.point(asked(6))
    assert len(model.asked) == 6


def test_it_writes_as_the_same_network_without_a_head(actor, agent):
    found: list[Generation] = [one.session().generate(asked(1, prefix=""), SHORT) for one in (actor, agent)]
    assert found[0].token_ids == found[1].token_ids
