"""Hostile pages, a model that obeys them, and what came of it in the world."""

from .runs import TRAPS, figures, go_through

__all__ = ["TRAPS", "figures", "go_through"]
