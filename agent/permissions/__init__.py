"""What a run may do and where its browser may go, decided outside the model."""

from .bounds import NOTHING, Budget, Files, SecretRule, Used
from .rules import Permissions, is_consequential, needs_look, read_rules
from .triggers import leads_on
from .verdict import Allow, AskUser, Deny, Trigger, Verdict, as_judged, canonical, digest

__all__ = [
    "NOTHING",
    "Allow",
    "AskUser",
    "Budget",
    "Deny",
    "Files",
    "Permissions",
    "SecretRule",
    "Trigger",
    "Used",
    "Verdict",
    "as_judged",
    "canonical",
    "digest",
    "is_consequential",
    "leads_on",
    "needs_look",
    "read_rules",
]
