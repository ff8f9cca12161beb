"""Lessons built by hand, for the mini and for networks that read its words."""

import numpy as np
import pytest
import torch
from clickwright.model import Message, Picture
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.packing import Batch
from clickwright.training.tuning.tunable import Tunable, open_tunable


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def mini() -> Tunable:
    return open_tunable("clickwright/mini", device="cpu")


def lesson_losses(surprise: torch.Tensor, batch: Batch) -> dict[str, float]:
    """The mean over the learned tokens of each lesson."""
    return {name: float(surprise[batch.lessons == n].mean()) for n, name in enumerate(batch.names)}


def picture(seed: int, height: int = 84, width: int = 140) -> Picture:
    return Picture(np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8))


def lesson(name: str, *parts: str | Picture, answer: str, weight: float = 1.0) -> Lesson:
    return Lesson(name=name, messages=(Message("user", parts), Message("assistant", (answer,))), weight=weight)


def box(x: int, y: int) -> str:
    return f"<|box_start|>({x},{y}),({x + 50},{y + 40})<|box_end|>"


def lessons() -> list[Lesson]:
    """Questions about pictures that are shown once and again, with text alone and with a history."""
    first, second = picture(1), picture(2, 112, 112)
    talk = (
        Message("user", (first, "Click the star.")),
        Message("assistant", (box(10, 20),)),
        Message("user", (second, "And now?")),
        Message("assistant", ("Done",)),
    )
    return [
        lesson("star", first, "Click the star.", answer=box(10, 20)),
        lesson("heart", first, "Click the heart.", answer=box(300, 400)),
        lesson("bell", second, "Click the bell.", answer=box(500, 100)),
        lesson("star again", first, "Click the star.", answer=box(11, 20)),
        lesson("words", "Say hello.", answer="hello"),
        Lesson(name="talk", messages=talk),
        lesson("two", second, first, "Which?", answer="Back"),
    ]
