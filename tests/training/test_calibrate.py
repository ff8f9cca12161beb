"""The curve that turns a probability into a share of hits, and how its error is measured."""

from random import Random

import pytest
from clickwright.policies.grammars import Calibration
from clickwright.training.figures.calibrate import expected_error, fit


def test_the_curve_that_made_the_outcomes_is_found_again() -> None:
    rng, truth = Random(1), Calibration(slope=2.0, offset=3.0)
    sure = [rng.uniform(0.01, 0.9) for _ in range(4000)]
    found = fit([(one, rng.random() < truth(one)) for one in sure])
    assert (found.slope, found.offset) == (pytest.approx(2, abs=0.3), pytest.approx(3, abs=0.4))
    checked = [(found(one), rng.random() < truth(one)) for one in sure]
    assert expected_error(checked) < 0.03


def test_the_error_is_the_gap_weighted_by_how_often_it_occurs() -> None:
    assert expected_error([(0.25, True), (0.25, False), (0.25, False), (0.25, False)]) == pytest.approx(0)
    assert expected_error([(0.95, False), (0.95, False), (0.05, False), (0.05, False)]) == pytest.approx(0.5)


def test_a_calibrated_probability_grows_and_stays_one() -> None:
    curve = Calibration(slope=2.5, offset=5.1)
    found = [curve(one) for one in (0.0, 0.01, 0.1, 0.4, 1.0)]
    assert found == sorted(found)
    assert 0 <= found[0] < 0.01
    assert found[-1] < 1
