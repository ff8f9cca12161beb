"""What is held out is examined beside grey pictures, and in the precision in which it is learned."""

from pathlib import Path

import numpy as np
import pytest
import torch
from clickwright.model import Message, Picture, Video
from clickwright.policies import blind
from clickwright.training.lesson import Lesson
from clickwright.training.tuning.examination import GREY, greyed
from clickwright.training.tuning.log import read_log
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.trainer import Trainer
from clickwright.training.tuning.tunable import Tunable, open_tunable

from .conftest import lesson, lessons, picture


def examined(mini: Tunable, out: Path, held_out: list[Lesson]) -> Trainer:
    return Trainer(mini, lessons()[:1], Settings(steps=1, batch_tokens=200), out, held_out=held_out)


def test_grey_pictures_of_the_same_size_are_the_blind_control(mini, tmp_path):
    grey = [lesson("grey", Picture(np.full((84, 140, 3), 128, np.uint8)), "Click the star.", answer="Yes")]
    run = examined(mini, tmp_path / "a", [lesson("star", picture(1), "Click the star.", answer="Yes")])
    found = run.evaluate()
    assert list(found) == ["held_out_loss", "held_out_loss_grey"]
    assert examined(mini, tmp_path / "b", grey).evaluate()["held_out_loss"] == found["held_out_loss_grey"]
    assert found["held_out_loss"] != pytest.approx(found["held_out_loss_grey"], abs=1e-3)
    assert blind.GREY == GREY


def test_what_the_tower_says_of_grey_is_not_kept_under_the_name_of_a_picture(mini, tmp_path):
    """Two pictures of one size are one grey picture, and each is itself when it is examined again."""
    held_out = [*lessons(), lesson("another", picture(3), "Click the bell.", answer="No")]
    run = examined(mini, tmp_path / "a", held_out)
    first = run.evaluate()
    assert run.learner._features.looks == 3 + 2
    assert run.evaluate() == first
    assert run.learner._features.looks == 3 + 2


def test_where_nothing_is_shown_there_is_no_control(mini, tmp_path):
    run = examined(mini, tmp_path, [lesson("words", "Say hello.", answer="hello")])
    assert list(run.evaluate()) == ["held_out_loss"]


def test_a_video_is_greyed_frame_by_frame():
    film = Video(np.zeros((2, 56, 84, 3), np.uint8))
    found = greyed(Lesson(name="film", messages=(Message("user", (film, "What?")), Message("assistant", ("Play",)))))
    shown, words = found.messages[0].parts
    assert isinstance(shown, Video)
    assert shown.frames.shape == film.frames.shape
    assert (shown.frames == GREY).all()
    assert (words, found.messages[1].parts) == ("What?", ("Play",))


def losses(out: Path, held_out: list[Lesson], precision: torch.dtype | None, *, stops: bool) -> list[float]:
    """Of four steps; where something is held out, it is examined before any, and again where the run goes on."""
    settings = Settings(steps=4, rate=1e-3, save_every=2)
    for part in range(2 if stops else 1):
        mini = open_tunable("clickwright/mini", device="cpu")
        shown = lessons()[:3]
        run = Trainer(mini, shown, settings, out, held_out=held_out, precision=precision, resume=bool(part))
        run.evaluate()
        run.train(until=2 if stops and not part else None)
    return [row["loss"] for row in read_log(out) if "loss" in row]


def test_in_bfloat16_what_is_examined_first_changes_no_loss(tmp_path):
    """What the tower said while it was examined is read again when it is learned."""
    plain = losses(tmp_path / "plain", [], torch.bfloat16, stops=False)
    assert len(plain) == 4
    assert losses(tmp_path / "examined", lessons()[:3], torch.bfloat16, stops=False) == plain
    assert losses(tmp_path / "resumed", lessons()[:3], torch.bfloat16, stops=True) == plain
    assert losses(tmp_path / "float", [], None, stops=False) != plain
