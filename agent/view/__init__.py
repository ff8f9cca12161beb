"""A run as people look at it."""

from .report import REPORT, render, write_report

__all__ = ["REPORT", "render", "write_report"]
