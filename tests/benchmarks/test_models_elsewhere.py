"""A model elsewhere: what crosses the line is what was said, and each trajectory stays where it was read."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from clickwright.benchmarks.manifest import player_record
from clickwright.benchmarks.models.remote import RemoteModel
from clickwright.benchmarks.models.served import ServedModel
from clickwright.benchmarks.models.wire import About, Asked, Checkpoint, Told, asked_bytes, read_asked, read_told
from clickwright.benchmarks.players.player import ModelPlayer
from clickwright.benchmarks.worker.wire import packed
from clickwright.errors import UsageError
from clickwright.model import (
    Conversation,
    Decoding,
    Generation,
    Grammar,
    Marked,
    Message,
    Model,
    Part,
    Picture,
    Role,
    Timings,
    Video,
)
from clickwright.options.model import MINI, Chosen
from clickwright.policies import load_policy
from clickwright.screen import Observation, Screenshot
from clickwright.tools import Task
from hypothesis import given
from hypothesis import strategies as st


def pixels(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
PARTS: st.SearchStrategy[Part] = st.one_of(
    TEXT,
    TEXT.map(Marked),
    st.tuples(st.integers(1, 4), st.integers(1, 5)).map(lambda side: Picture(pixels(*side, 3))),
    st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 5)).map(lambda side: Video(pixels(*side, 3))),
)
ROLES: st.SearchStrategy[Role] = st.sampled_from(("system", "user", "assistant"))
MESSAGES = st.builds(Message, ROLES, st.lists(PARTS, max_size=3).map(tuple))


def plain(parts: Sequence[Part]) -> list[object]:
    """Parts in a form that can be compared."""
    told: list[object] = []
    for part in parts:
        if isinstance(part, str):
            told.append((type(part), str(part)))
        else:
            told.append((type(part), (part.pixels if isinstance(part, Picture) else part.frames).tolist()))
    return told


@given(st.lists(MESSAGES, max_size=4), TEXT)
def test_a_conversation_arrives_as_it_was(messages: list[Message], prefix: str) -> None:
    asked = Asked(do="generate", session=3)
    found, conversation = read_asked(asked_bytes(asked, Conversation(messages=tuple(messages), prefix=prefix)))
    assert (found.session, conversation.prefix) == (3, prefix)
    assert [one.role for one in conversation.messages] == [one.role for one in messages]
    assert [plain(one.parts) for one in conversation.messages] == [plain(one.parts) for one in messages]


def test_a_decoding_and_a_generation_arrive_as_they_were() -> None:
    grammar = Grammar.of_schema({"type": "object", "properties": {"a": {"type": "integer"}}})
    decoding = Decoding(max_new_tokens=7, temperature=0.4, seed=2, stop=("x",), grammar=grammar)
    found, _ = read_asked(asked_bytes(Asked(do="generate", decoding=decoding)))
    assert found.decoding == decoding
    assert found.decoding.grammar.schema == grammar.schema
    generation = Generation(
        text="a",
        token_ids=(1, 2),
        tokens=("a", ""),
        logprobs=(-0.1234567890123456, -math.inf),
        top_logprobs=((("a", -0.1), ("b", -math.inf)), ()),
        timings=Timings(decode_s=0.1),
    )
    told, _ = read_told(packed(Told(generation=generation)))
    assert told.generation == generation


def test_what_the_model_raises_is_raised_here() -> None:
    served = ServedModel()
    with pytest.raises(UsageError, match="'maxi' is not a backend"):
        read_told(served.answer(asked_bytes(Asked(do="open", checkpoint=Checkpoint(name="x", backend="maxi")))))
    with pytest.raises(ValueError, match="too short"):
        read_asked(b"\0\0")


class Near:
    """A line to a model in this very process."""

    def __init__(self) -> None:
        self.served = ServedModel()
        self.sessions: list[int] = []
        self.told = read_told(self.served.answer(asked_bytes(Asked(do="open", checkpoint=Checkpoint(name=MINI)))))[0]

    def ask(self, message: bytes, within_s: float) -> bytes:
        self.sessions.append(read_asked(message)[0].session)
        return self.served.answer(message)

    def about(self) -> About:
        assert self.told.about is not None
        return self.told.about


def test_policies_on_models_elsewhere_decide_as_with_one_here_and_read_nothing_twice() -> None:
    lines = [Near(), Near()]
    here = load_policy(MINI)
    there = load_policy(MINI, opened_by=lambda name, **told: RemoteModel(lines))
    task, screen = Task(goal="Click the button."), Observation(screenshot=Screenshot(pixels=pixels(84, 112, 3)))
    decisions = []
    for policy in (here.apart(), there.apart(), there.apart()):
        policy.reset(task)
        decided = policy.act(screen, [])
        assert decided.generation is not None
        decisions.append((decided.actions, decided.generation.token_ids, decided.generation.logprobs))
    again = policy.act(screen, []).generation
    assert again is not None
    assert again.reused_tokens > 0
    assert decisions[1] == decisions[0] == decisions[2]
    assert all(line.sessions for line in lines)
    assert not {*lines[0].sessions} & {*lines[1].sessions}
    assert (there.model.name, there.model.device) == (here.model.name, str(here.model.device))


def test_a_model_elsewhere_is_told_of_without_its_weights_being_fetched() -> None:
    chosen = Chosen(model="nobody/has-such-weights", profile="mini")
    player = ModelPlayer(chosen, opened_by=lambda name, **told: RemoteModel([Near()]))
    told = player_record(player)
    assert (told.checkpoint, told.checkpoint_hash, told.backend) == ("nobody/has-such-weights", "", "Engine")


def test_all_that_a_policy_says_of_its_model_goes_over_the_line() -> None:
    told: dict[str, object] = {}

    def opened(name: str, **given: object) -> Model:
        told.update(given)
        return RemoteModel([Near()])

    load_policy(MINI, max_pixels=28**2 * 100, opened_by=opened)
    assert Checkpoint.model_fields.keys() == told.keys() - {"base_url", "device_map"} | {"name"}
    assert Checkpoint(name=MINI, **{name: told[name] for name in Checkpoint.model_fields if name != "name"}).max_pixels
