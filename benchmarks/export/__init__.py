"""A run in the forms that papers, leaderboards and other tools take."""

from .export import EXPORTS, export_bench

__all__ = ["EXPORTS", "export_bench"]
