"""Packed lessons are learned as each of them alone, and as transformers has it."""

import numpy as np
import pytest
import torch
from clickwright.errors import UsageError
from clickwright.model import Conversation, Message, Video
from clickwright.model.pixels import normalised
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.examples import Example, example_of
from clickwright.training.tuning.learner import Learner
from clickwright.training.tuning.packing import pack
from transformers import Qwen2VLForConditionalGeneration

from .conftest import box, lesson, lesson_losses, lessons, picture


@pytest.fixture(scope="module")
def oracle(request):
    from clickwright.model.checkpoint.weights import checkpoint_folder

    return Qwen2VLForConditionalGeneration.from_pretrained(
        checkpoint_folder("clickwright/mini"), dtype=torch.float32, attn_implementation="eager"
    )


def their_loss(oracle, mini, example: Example) -> float:
    """What transformers says of the last answer of an example."""
    turn = example.turns[-1]
    ids = torch.tensor([turn.ids])
    labels = ids.clone()
    labels[0, : turn.given] = -100
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": labels}
    inputs["mm_token_type_ids"] = (ids == mini.network.config.image_token_id).int()
    names = dict.fromkeys(key for key in turn.keys if isinstance(key, str))
    if names:
        patches = [mini.processor.patches(turn.pictures[name].seen) for name in names]
        values = [
            normalised(one.values, mini.processor.look, device=ids.device, dtype=torch.float32) for one in patches
        ]
        inputs["pixel_values"] = torch.cat([one.view(-1, 3, 1, 196).repeat(1, 1, 2, 1).flatten(1) for one in values])
        inputs["image_grid_thw"] = torch.tensor([one.grid for one in patches])
    with torch.no_grad():
        return float(oracle(**inputs).loss)


def test_only_answers_and_the_ends_of_their_turns_are_learned(mini):
    talk = example_of(lessons()[5], mini)
    assert [mini.tokenizer.decode(turn.ids[turn.given :]) for turn in talk.turns] == [
        f"{box(10, 20)}<|im_end|>",
        "Done<|im_end|>",
    ]
    whole = mini.prompt(Conversation(messages=lessons()[5].messages[:3]))
    assert talk.turns[1].ids[: talk.turns[1].given] == whole.ids
    assert talk.turns[1].keys[: talk.turns[1].given] == whole.keys
    assert np.array_equal(talk.turns[1].positions[:, : len(whole.ids)], whole.positions.numpy())


def test_packed_lessons_lose_what_each_loses_alone(mini):
    examples = [example_of(one, mini) for one in lessons()]
    learner = Learner(mini.network, mini.processor)
    together = pack(examples)
    with torch.no_grad():
        packed = lesson_losses(learner(together), together)
        alone = {}
        for example in examples:
            batch = pack([example])
            alone |= lesson_losses(learner(batch), batch)
    assert packed == pytest.approx(alone, abs=1e-5)
    assert max(packed.values()) > 0.5  # or equality would say nothing
    assert together.tokens < sum(pack([example]).tokens for example in examples) * 0.8
    assert len(together.blocks.lengths) >= 3
    assert len(set(together.places)) == 2  # each picture is looked at once


def test_losses_are_those_of_transformers(mini, oracle):
    examples = [example_of(one, mini) for one in lessons() if one.name != "talk"]
    learner = Learner(mini.network, mini.processor)
    batch = pack(examples)
    with torch.no_grad():
        ours = lesson_losses(learner(batch), batch)
    theirs = {example.name: their_loss(oracle, mini, example) for example in examples}
    assert ours == pytest.approx(theirs, abs=1e-5)


def test_gradients_of_a_row_are_those_of_its_lessons(mini):
    mini.network.requires_grad_(True)
    learner = Learner(mini.network, mini.processor)
    examples = [example_of(one, mini) for one in lessons()[:4]]
    learner(pack(examples)).sum().backward()
    packed = {name: value.grad.clone() for name, value in learner.named_parameters()}
    learner.zero_grad()
    for example in examples:
        learner(pack([example])).sum().backward()
    for name, value in learner.named_parameters():
        assert torch.allclose(packed[name], value.grad, atol=1e-4, rtol=1e-3), name


def test_a_video_is_learned_beside_a_still(mini):
    frames = np.random.default_rng(0).integers(0, 256, (2, 140, 140, 3), np.uint8)
    shown = [
        Lesson(name="film", messages=(Message("user", (Video(frames), "What?")), Message("assistant", ("Play",)))),
        lesson("still", picture(1), "Click.", answer="No"),
    ]
    examples = [example_of(one, mini) for one in shown]
    learner = Learner(mini.network, mini.processor)
    with torch.no_grad():
        batches = [pack(examples), *(pack([one]) for one in examples)]
        together, *alone = [lesson_losses(learner(batch), batch) for batch in batches]
    assert together == pytest.approx(alone[0] | alone[1], abs=1e-5)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ((Message("user", ("Hi",)),), "no message of the assistant"),
        ((Message("user", ("Hi",)), Message("assistant", (picture(1),))), "a picture in an answer"),
        ((Message("user", ("hello " * 9000,)), Message("assistant", ("Yes",))), "reads 8192"),
    ],
)
def test_what_cannot_be_learned_is_told(mini, messages, words):
    with pytest.raises(UsageError, match=f"the lesson odd .*{words}"):
        example_of(Lesson(name="odd", messages=messages), mini)
