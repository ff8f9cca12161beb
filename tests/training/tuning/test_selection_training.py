"""Training on some tokens of each surface: selecting all is selecting nothing, and what is read keeps its place."""

from random import Random

import numpy as np
import pytest
import torch
from clickwright.model import Picture
from clickwright.model.selection import selected, surfaces
from clickwright.training.tuning.examples import Example, example_of, pictures_of, thinned
from clickwright.training.tuning.learner import Learner
from clickwright.training.tuning.log import read_log
from clickwright.training.tuning.packing import pack
from clickwright.training.tuning.settings import Settings
from clickwright.training.tuning.trainer import Trainer

from .conftest import box, lesson, lesson_losses, lessons


def flat() -> Picture:
    """A white page with one square."""
    pixels = np.full((112, 140, 3), 255, np.uint8)
    pixels[28:56, 28:56] = (20, 90, 200)
    return Picture(pixels)


def selection(example: Example, mini, share: float) -> dict[str, np.ndarray]:
    return {
        name: selected(surfaces(mini.processor.patches(shown.seen)), share, Random(name))
        for name, shown in pictures_of([example]).items()
    }


@torch.no_grad()
def losses(mini, examples: list[Example]) -> dict[str, float]:
    batch = pack(examples)
    return lesson_losses(Learner(mini.network, mini.processor)(batch), batch)


def test_selecting_all_is_not_selecting(mini):
    examples = [example_of(one, mini) for one in lessons()]
    whole = [thinned(example, selection(example, mini, 1.0)) for example in examples]
    assert losses(mini, whole) == losses(mini, examples)


def test_what_is_read_keeps_its_position_and_its_features(mini):
    """Against the whole prompt with the other tokens masked out by hand."""
    example = example_of(lesson("square", flat(), "Click the square.", answer=box(200, 250)), mini)
    kept = selection(example, mini, 0.3)
    less = thinned(example, kept)
    (before,), (after,) = example.turns, less.turns
    stays = [n for n, key in enumerate(before.keys) if not isinstance(key, str)]
    first = before.keys.index(next(iter(kept)))
    stays = sorted([*stays, *(first + int(n) for n in next(iter(kept.values())))])
    assert 6 < len(before.ids) - len(after.ids) == 20 - len(next(iter(kept.values())))
    assert np.array_equal(after.positions, before.positions[:, stays])
    batch = pack([example])
    n = batch.tokens
    mask = torch.ones(n, n, dtype=torch.bool).tril()
    mask[:, [token for token in range(n) if token not in stays]] = False
    mask |= torch.eye(n, dtype=torch.bool)
    with torch.no_grad():
        shown = next(iter(batch.pictures.values()))
        learner = Learner(mini.network, mini.processor)
        features = learner._alone(shown)
        hidden = mini.network.decoder(mini.network.embed(batch.ids, features), batch.positions, mask[None, None])
        scores = mini.network.logits(hidden[0, batch.at])
        expected = float(torch.nn.functional.cross_entropy(scores, batch.targets))
    assert losses(mini, [less])["square"] == pytest.approx(expected, abs=1e-5)
    assert losses(mini, [example])["square"] != pytest.approx(expected, abs=1e-3)


def test_a_run_reads_less_and_learns(mini, tmp_path):
    asked = [lesson(f"{n}", flat(), f"Click {n}.", answer=box(n, 250)) for n in range(3)]
    for share in (1.0, 0.3):
        run = Trainer(mini, asked, Settings(steps=6, rate=1e-3, select=share), tmp_path / str(share))
        run.train()
    whole, less = ([row for row in read_log(tmp_path / str(share)) if "loss" in row] for share in (1.0, 0.3))
    assert less[0]["tokens"] < whole[0]["tokens"] - 10
    assert less[-1]["loss"] < less[0]["loss"]
