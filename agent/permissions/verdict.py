"""What the rules say of one action: go on, never, or only if the user agrees; and what exactly that is about."""

import hashlib
import os.path
from dataclasses import dataclass, replace
from typing import Literal

from ...environments.environment import Facts
from ...tools import ACTION, Action, Navigate, NewTab, Upload
from .urls import Place, complete_url

Trigger = Literal[
    "payment",
    "submit",
    "delete",
    "password",
    "secret",
    "upload",
    "download",
    "elsewhere",
    "system_keys",
    "dialog",
]
"""Why the user is asked: money leaves; a form is sent; something is deleted; text goes into a password field; a secret
goes where it is not bound to; a file leaves; a file arrives; the run would leave the origins it may use; keys that go
to the system or close what is worked in; the page asks something in a dialog."""

Kind = Literal[
    "click",
    "long_press",
    "hover",
    "drag",
    "scroll",
    "pinch",
    "type",
    "press",
    "navigate",
    "back",
    "forward",
    "reload",
    "new_tab",
    "switch_tab",
    "close_tab",
    "select",
    "upload",
    "wait",
    "call_tool",
]

Code = Literal["action", "scheme", "blocked", "origin", "url", "secret", "file", "budget", "window", "region"]


@dataclass(frozen=True, slots=True)
class Allow:
    """Go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    """Never. `code` names the kind of rule, `rule` says in one sentence which it was."""

    code: Code
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUser:
    """Only if the user agrees. `digest` stands for exactly this action on exactly this thing."""

    trigger: Trigger
    digest: str
    reason: str
    place: Place | None = None
    """Where it leads, if that is what is asked about."""
    downloads: bool = False
    """Whether a file that arrives is among what is asked about."""


Verdict = Allow | Deny | AskUser


def digest(action: Action, facts: Facts, trigger: Trigger) -> str:
    """sha256 of the action and of what it touches; a permission given for one is good for no other."""
    what = (
        ACTION.dump_python(action, mode="json"),
        (facts.url, facts.role, facts.name, facts.href, facts.input_type),
        (facts.origin, facts.form, facts.method, facts.sent_by, facts.submits, facts.downloads),
        (facts.window, facts.program),
        trigger,
    )
    return hashlib.sha256(repr(what).encode()).hexdigest()


def canonical(action: Action, facts: Facts) -> Action:
    """The same action with its URL or its files as they are judged, so that what is opened is what was allowed."""
    match action:
        case Navigate() | NewTab():
            place = complete_url(action.url, facts.url)
            return action if place is None else action.model_copy(update={"url": place.url})
        case Upload():
            return action.model_copy(update={"paths": tuple(_real(path) for path in action.paths)})
        case _:
            return action


def as_judged(action: Action, facts: Facts) -> tuple[Action, Facts]:
    """The action as `canonical` has it, and the facts as they are of that one."""
    action = canonical(action, facts)
    return action, replace(facts, href=action.url) if isinstance(action, Navigate | NewTab) else facts


def _real(path: str) -> str:
    """The file that the path leads to, through all links; the path itself where no file can have that name."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return path
