"""A tiny sample of each published format, drawn here: no picture and no row is anybody else's. For tests and trials."""

from .formats import FORMATS, Format

__all__ = ["FORMATS", "Format"]
