"""How pictures reach the network when several processes share it."""

import numpy as np
import torch
from clickwright.model import Message, Video
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.examples import example_of
from clickwright.training.tuning.learner import Learner
from clickwright.training.tuning.packing import pack

from .conftest import lesson, lesson_losses, picture


def test_stills_and_videos_go_through_a_tower_that_learns_in_one_call(mini):
    """With the losses and the gradients of two calls: a process that made two would wait for others for ever."""
    frames = np.random.default_rng(0).integers(0, 256, (4, 140, 140, 3), np.uint8)
    shown = [
        lesson("still", picture(1), "Click.", answer="No"),
        Lesson(name="film", messages=(Message("user", (Video(frames), "What?")), Message("assistant", ("Play",)))),
        lesson("other", picture(2, 56, 84), "Click.", answer="Yes"),
    ]
    examples = [example_of(one, mini) for one in shown]
    mini.network.requires_grad_(True)
    learner = Learner(mini.network, mini.processor, looks_always=True)
    calls = []
    mini.network.visual.register_forward_hook(lambda *_: calls.append(None))
    batch = pack(examples)
    together = learner(batch)
    together.sum().backward()
    assert len(calls) == 1
    found = {name: value.grad.clone() for name, value in learner.named_parameters()}
    learner.zero_grad()
    alone = {}
    for part in ([examples[0], examples[2]], [examples[1]]):
        apart = pack(part)
        surprise = learner(apart)
        surprise.sum().backward()
        alone |= lesson_losses(surprise.detach(), apart)
    assert len(calls) == 3
    for name, loss in lesson_losses(together.detach(), batch).items():
        assert abs(loss - alone[name]) < 1e-5, name
    for name, value in learner.named_parameters():
        assert torch.allclose(found[name], value.grad, atol=1e-4, rtol=1e-3), name
