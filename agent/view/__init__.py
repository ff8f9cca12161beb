"""A run as people look at it."""

from .beside import BESIDE, write_beside
from .live import Live
from .report import REPORT, render, write_report

__all__ = ["BESIDE", "REPORT", "Live", "render", "write_beside", "write_report"]
