"""What a run may do and where its browser may go, decided outside the model."""

from .bounds import NOTHING, Budget, Files, SecretRule, Used
from .names import names_money
from .rules import Permissions, is_consequential, lasts, read_rules
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
    "lasts",
    "leads_on",
    "names_money",
    "read_rules",
]
