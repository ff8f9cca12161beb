"""Statistics of scores: how sure a figure is, whether two runs differ, and what a run of its size could have seen."""

from importlib.util import find_spec

from ...errors import UsageError

if find_spec("scipy") is None:
    raise UsageError('figures of benchmarks need SciPy: pip install "clickwright[bench]"')

from .calibration import Bin, Reliability, reliability
from .differences import estimate_difference, newcombe
from .intervals import LEVEL, Estimate, Interval, estimate, estimate_macro, wilson
from .paired import Paired, Pairs, mcnemar, pair, sign_flip
from .power import smallest_difference, smallest_mean_difference, smallest_paired_difference, worth
from .repeats import AtK, all_of_k, any_of_k, at_each_k
from .units import FEW

__all__ = [
    "FEW",
    "LEVEL",
    "AtK",
    "Bin",
    "Estimate",
    "Interval",
    "Paired",
    "Pairs",
    "Reliability",
    "all_of_k",
    "any_of_k",
    "at_each_k",
    "estimate",
    "estimate_difference",
    "estimate_macro",
    "mcnemar",
    "newcombe",
    "pair",
    "reliability",
    "sign_flip",
    "smallest_difference",
    "smallest_mean_difference",
    "smallest_paired_difference",
    "wilson",
    "worth",
]
