"""Pairs of pictures of real pages, half of them the same to a person, and whether the comparison sees it so."""

from .counted import figures
from .pair import Pair, pairs_of

__all__ = ["Pair", "figures", "pairs_of"]
