"""How the words of a test find their things: by a model, by a recording, or by both."""

from .way import Mode, Way

__all__ = ["Mode", "Way"]
