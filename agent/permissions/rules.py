"""What a run may do without asking, what it must ask for, and what it may never do. Pure: no I/O, no model.

The facts about a place come from the environment at the moment of acting. A rule about origins is checked against
the URL that is opened, the link that is clicked and the page that is acted on, so that after a redirect to
elsewhere nothing is done there. What a page loads by itself is not seen here.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ...environments.environment import Facts
from ...errors import UsageError
from ...tools import (
    ACTION,
    Action,
    Ask,
    Back,
    CallTool,
    Click,
    CloseTab,
    Finish,
    Forward,
    LongPress,
    Navigate,
    NewTab,
    Press,
    SwitchTab,
    TypeText,
    Upload,
    Wait,
)
from .urls import WEB, OriginRule, Place, complete_url, read_url, start_origins

Trigger = Literal["payment", "password", "secret", "upload", "download", "elsewhere"]
"""Why the user is asked: money leaves; text goes into a password field; a secret goes into an ordinary field; a file
leaves; a file arrives; the run would leave the origins it may use."""

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

ASK_BY_DEFAULT: frozenset[Trigger] = frozenset({"payment", "secret", "upload", "elsewhere"})

_HARMLESS = ("about", "chrome-error")
"""Empty pages, and the page that Chromium shows where it could load none."""
_IN_PAGE = ("javascript", "mailto", "tel", "blob")
"""What a link may hold without leading out of its page."""
_PAYMENT = re.compile(
    r"\b(pay|buy now|order now|purchase|donate|(place|complete) (your |the |my )?(order|purchase))\b",
    re.IGNORECASE,
)
_PROGRAMS = (".exe", ".msi", ".dmg", ".pkg", ".deb", ".rpm", ".apk", ".appimage", ".jar", ".bat", ".ps1", ".sh")
_ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".iso")
_MAX_NAME_CHARS = 500
_MAX_FILES = 20


@dataclass(frozen=True, slots=True)
class Allow:
    """Go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    """Never. `code` names the kind of rule, `rule` says in one sentence which it was."""

    code: Literal["action", "scheme", "blocked", "origin", "url"]
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUser:
    """Only if the user agrees. `digest` stands for exactly this action on exactly this thing."""

    trigger: Trigger
    digest: str
    reason: str
    place: Place | None = None
    """Where it leads, if that is what is asked about."""


Verdict = Allow | Deny | AskUser


def _origin(text: str) -> str:
    try:
        OriginRule.parse(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


class Permissions(BaseModel):
    """The rules of one run. `origins` None means every web origin; an empty tuple means none at all.

    `blocked` wins over `origins`. Schemes other than http and https are allowed only where `origins` names them.
    `loads` is what pages may fetch by themselves: from any host of the open network, or from the origins alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origins: tuple[Annotated[str, AfterValidator(_origin)], ...] | None = None
    blocked: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    denied: frozenset[Kind] = frozenset()
    ask: frozenset[Trigger] = ASK_BY_DEFAULT
    loads: Literal["public", "origins"] = "public"

    @classmethod
    def for_url(cls, *start_urls: str, ask: frozenset[Trigger] = ASK_BY_DEFAULT) -> Self:
        """Everything that a task needs on the origin where it starts; on every web origin where it starts nowhere.

        The second URL is where the first one led, when it is known.
        """
        places = [place for url in start_urls if url and (place := complete_url(url)) is not None]
        named = [origin for place in places if place.scheme not in _HARMLESS for origin in start_origins(place)]
        return cls(origins=tuple(dict.fromkeys(named)) or None, ask=ask)

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """The rules in a TOML file, by the names of the fields here. Raises UsageError that says what is wrong."""
        try:
            return cls.model_validate(tomllib.loads(Path(path).read_text("utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the permissions {path} cannot be read: {error}") from None
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"the permissions {path} are no TOML: {error}") from None
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            said = first["msg"].removeprefix("Value error, ")
            raise UsageError(f"the permissions {path}: {where}: {said}") from None

    def decide(self, action: Action, facts: Facts) -> Verdict:
        """The strictest of what the rules say."""
        if isinstance(action, Ask | Finish):
            return Allow()
        found = [*self._about_kind(action), *self._about_places(action, facts), *self._about_things(action, facts)]
        return max(found, key=_rank, default=Allow())

    def _about_kind(self, action: Action) -> Iterator[Verdict]:
        if action.kind in self.denied:
            yield Deny(code="action", rule=f"the action {action.kind} is not allowed in this run")

    def _about_places(self, action: Action, facts: Facts) -> Iterator[Verdict]:
        """What the origin rules say of the URL to open, the page that is acted on and the link that is clicked."""
        match action:
            case Navigate() | NewTab():
                yield self._place(complete_url(action.url, facts.url), action.url, action, facts)
            case Wait() | Back() | Forward() | CloseTab() | SwitchTab() | CallTool():
                pass
            case _:
                if facts.url:
                    yield self._place(read_url(facts.url), facts.url, action, facts)
                link = read_url(facts.href, facts.url) if facts.href else None
                if link is not None and link.scheme not in _IN_PAGE and isinstance(action, Click | LongPress | Press):
                    yield self._place(link, facts.href, action, facts)

    def _place(self, place: Place | None, text: str, action: Action, facts: Facts) -> Verdict:
        if place is None:
            return Deny(code="url", rule=f"{text[:200]!r} is no URL that a browser would open")
        if any(OriginRule.parse(rule).covers(place, loosely=True) for rule in self.blocked):
            return Deny(code="blocked", rule=f"{place.origin} is blocked in this run")
        if place.scheme in _HARMLESS or any(OriginRule.parse(rule).covers(place) for rule in self.origins or ()):
            return Allow()
        if place.scheme not in WEB:
            return Deny(code="scheme", rule=f"pages of {place.scheme}: are not allowed in this run")
        if self.origins is None:
            return Allow()
        reason = f"{place.origin} is not among the origins of this run"
        asked = self._ask("elsewhere", action, facts, reason)
        return Deny(code="origin", rule=reason) if asked is None else replace(asked, place=place)

    def _about_things(self, action: Action, facts: Facts) -> Iterator[Verdict]:
        for trigger, reason in _triggers(action, facts):
            asked = self._ask(trigger, action, facts, reason)
            if asked is not None:
                yield asked

    def _ask(self, trigger: Trigger, action: Action, facts: Facts, reason: str) -> AskUser | None:
        if trigger not in self.ask:
            return None
        return AskUser(trigger=trigger, digest=digest(action, facts, trigger), reason=reason)


def digest(action: Action, facts: Facts, trigger: Trigger) -> str:
    """sha256 of the action and of what it touches; a permission given for one is good for no other."""
    what = {
        "action": ACTION.dump_python(action, mode="json"),
        "thing": [facts.url, facts.role, facts.name, facts.href, facts.input_type],
        "trigger": trigger,
    }
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def canonical(action: Action, facts: Facts) -> Action:
    """The same action with its URL as it was judged, so that what is opened is what was allowed."""
    match action:
        case Navigate() | NewTab():
            place = complete_url(action.url, facts.url)
            return action if place is None else action.model_copy(update={"url": place.url})
        case _:
            return action


def as_judged(action: Action, facts: Facts) -> tuple[Action, Facts]:
    """The action as `canonical` has it, and the facts as they are of that one."""
    action = canonical(action, facts)
    return action, replace(facts, href=action.url) if isinstance(action, Navigate | NewTab) else facts


def _rank(verdict: Verdict) -> int:
    return 0 if isinstance(verdict, Allow) else 1 if isinstance(verdict, AskUser) else 2


def _triggers(action: Action, facts: Facts) -> Iterator[tuple[Trigger, str]]:
    """What about the thing itself may need asking."""
    name = facts.name[:_MAX_NAME_CHARS]
    match action:
        case Upload():
            yield "upload", f"{_files(action.paths)} would be sent to {facts.url or 'this page'}"
        case TypeText(secret=str(secret)) if facts.input_type != "password":
            yield "secret", f"the secret {secret} would be typed into a field that shows it"
        case TypeText(text=str()) if facts.input_type == "password":
            yield "password", "text would be typed into a password field"
        case Click() | LongPress() | Press():
            if _pays(action) and _PAYMENT.search(name) and not _on_this_machine(facts):
                yield "payment", f"{name!r} looks like a payment"
            if _downloads(facts):
                yield "download", f"{facts.href[:200]} would be downloaded"
        case _:
            pass


def _files(paths: tuple[str, ...]) -> str:
    """Each path, long ones without their middle, so that none hides another."""
    short = [path if len(path) <= 80 else f"{path[:30]}…{path[-49:]}" for path in paths]
    return ", ".join(short[:_MAX_FILES]) + (f" and {len(short) - _MAX_FILES} more" if len(short) > _MAX_FILES else "")


def _pays(action: Click | LongPress | Press) -> bool:
    return not isinstance(action, Press) or bool({"Enter", "Space", " "} & set(action.keys))


def _on_this_machine(facts: Facts) -> bool:
    # A page that this machine serves to itself takes nobody's money; the demo's shop is one.
    place = read_url(facts.url)
    return place is not None and place.is_loopback


def _downloads(facts: Facts) -> bool:
    place = read_url(facts.href, facts.url) if facts.href else None
    return place is not None and place.file.lower().endswith(_PROGRAMS + _ARCHIVES)
