"""What a run may do and where its browser may go, decided outside the model."""

from .rules import Allow, AskUser, Deny, Permissions, Trigger, Verdict, as_judged, canonical, digest

__all__ = ["Allow", "AskUser", "Deny", "Permissions", "Trigger", "Verdict", "as_judged", "canonical", "digest"]
