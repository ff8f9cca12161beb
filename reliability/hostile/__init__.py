"""Hostile pages, a model that obeys them, and what came of it in the world."""

from .runs import AWAITS, TRAPS, figures, go_through

__all__ = ["AWAITS", "TRAPS", "figures", "go_through"]
