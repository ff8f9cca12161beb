"""Pairs of pictures of real pages, half of them the same to a person, and whether the comparison sees it so."""

from .pair import Pair, pairs_of

__all__ = ["Pair", "pairs_of"]
