"""Numbers of a run that cannot be meant are refused before anything is read."""

import math

import pytest
from clickwright.errors import UsageError
from clickwright.training.tuning.settings import Settings


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"clip": 0.0}, "clip is above 0"),
        ({"clip": -1.0}, "clip is above 0"),
        ({"clip": math.nan}, "finite"),
        ({"rate": math.inf}, "finite"),
        ({"rate": 0.0}, "a rate above 0"),
        ({"weight_decay": math.nan}, "finite"),
        ({"weight_decay": -0.1}, "weight_decay not below"),
        ({"epochs": 0}, "epochs needs to be at least 1"),
        ({"warmup": 1.5}, "warmup is a share"),
        ({"select": 0.0}, "a selection above 0"),
    ],
)
def test_such_a_number_is_refused(given: dict[str, float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Settings(**given)  # type: ignore[arg-type]
