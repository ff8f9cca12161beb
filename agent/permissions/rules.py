"""What a run may do without asking, what it must ask for, and what it may never do. Pure: no I/O, no model.

The facts about a place come from the environment at the moment of acting. A rule about origins is checked against
the URL that is opened, the link that is clicked, the form that is sent and the page that is acted on, so that after a
redirect to elsewhere nothing is done there. What a page loads by itself is not seen here.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...environments.environment import COUNTS_ELSE, SAYS_ELSE, Facts
from ...errors import UsageError
from ...screen import Box
from ...tools import (
    Action,
    Ask,
    Back,
    CallTool,
    CloseTab,
    Finish,
    Forward,
    Limits,
    Navigate,
    NewTab,
    Press,
    SwitchTab,
    TypeText,
    Wait,
    points_of,
)
from .addresses import is_private
from .bounds import NOTHING, Budget, Files, Origin, SecretRule, Used, about_budget, about_files, about_secret
from .names import names_money
from .triggers import activates, sends_form, triggers
from .urls import WEB, Place, complete_url, origins_of, read_url, rule_of, start_origins
from .verdict import Allow, AskUser, Deny, Kind, Trigger, Verdict, digest

ASK_BY_DEFAULT: frozenset[Trigger] = frozenset(
    {"payment", "delete", "secret", "upload", "elsewhere", "system_keys", "dialog"}
)
APPROVAL_S = 120.0

_SIDES = ("x1", "y1", "x2", "y2")
_IN_PAGE = ("javascript", "mailto", "tel", "blob")
"""What a link may hold without leading out of its page."""
_Model = TypeVar("_Model", bound=BaseModel)
_NOT_ON_SCREEN = (Wait, CallTool, Ask, Finish)


def _box(value: object) -> object:
    """In a file a box is the list of its sides, left, top, right, bottom; in run.json each has its name."""
    if isinstance(value, list):
        return _of_sides([*cast(list[object], value)])
    if isinstance(value, dict):
        named = cast(dict[str, object], value)
        return _of_sides([named.get(side) for side in _SIDES] if named.keys() == set(_SIDES) else [named])
    return value


def _of_sides(sides: list[object]) -> Box:
    numbers = [side for side in sides if isinstance(side, int | float) and not isinstance(side, bool)]
    if len(sides) != len(_SIDES) or len(numbers) != len(sides):
        raise ValueError(f"a region is four numbers, left, top, right, bottom, and {sides} are not")
    try:
        return Box(*map(float, numbers))
    except (UsageError, OverflowError) as error:
        raise ValueError(str(error)) from None


class Permissions(BaseModel):
    """The rules of one run. `origins` None means every web origin; an empty tuple means none at all.

    `kinds` None means every kind of action; else those that are named, and no others. `denied` wins over it.
    `blocked` wins over `origins`. Schemes other than http and https are allowed only where `origins` names them.
    `loads` is what pages may fetch by themselves: from any host of the open network, or from the origins alone.
    `private` is where a private network may be gone into: where an origin names the host, or anywhere.
    `windows` are the programs or exact titles that a desktop may be used in, `region` the part of the screen, in
    pixels. `secrets` None leaves them to password fields of the run's origins; else only those with a rule are typed.
    An answer of the user is good for `approval_s`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origins: tuple[Origin, ...] | None = None
    blocked: tuple[Origin, ...] = ()
    kinds: frozenset[Kind] | None = None
    denied: frozenset[Kind] = frozenset()
    ask: frozenset[Trigger] = ASK_BY_DEFAULT
    loads: Literal["public", "origins"] = "public"
    private: Literal["named", "any"] = "named"
    windows: tuple[str, ...] | None = None
    region: Annotated[Box, BeforeValidator(_box)] | None = None
    secrets: tuple[SecretRule, ...] | None = None
    files: Files = Files()
    budget: Budget = Budget()
    approval_s: Annotated[float, Field(gt=0, le=86_400, strict=True)] = APPROVAL_S

    @classmethod
    def for_url(cls, *start_urls: str, ask: frozenset[Trigger] = ASK_BY_DEFAULT) -> Self:
        """Everything that a task needs on the origin where it starts; on every web origin where it starts nowhere.

        The second URL is where the first one led, when it is known.
        """
        places = [place for url in start_urls if url and (place := complete_url(url)) is not None]
        named = [origin for place in places if not place.is_empty for origin in start_origins(place)]
        return cls(origins=tuple(dict.fromkeys(named)) or None, ask=ask)

    @classmethod
    def read(cls, path: Path | str) -> Self:
        """The rules in a TOML file, by the names of the fields here. Raises UsageError that says what is wrong.

        Limits are no permissions: a file that has some is for `read_rules`.
        """
        return _checked(path, cls, _table(path))

    @property
    def counts(self) -> bool:
        """Whether a verdict depends on what the run has done before."""
        return bool(self.secrets or self.budget.kinds) or self.budget.new_origins is not None

    def after(self, used: Used) -> Self:
        """The same rules with what is left of their budgets, for a run that goes on where others were."""
        secrets = self.secrets and tuple(rule.after(used) for rule in self.secrets)
        return self.model_copy(update={"budget": self.budget.after(used), "secrets": secrets})

    def decide(self, action: Action, facts: Facts, used: Used = NOTHING) -> Verdict:
        """The strictest of what the rules say, after what the run has done so far."""
        if isinstance(action, Ask | Finish):
            return Allow()
        found = [
            *self._about_kind(action),
            *about_budget(self.budget, action, used),
            *self._about_window(action, facts),
            *self._about_places(action, facts, used),
            *about_files(self.files, action),
            *about_secret(self.secrets, action, facts, used),
            *self._about_things(action, facts),
        ]
        strictest = max(found, key=_rank, default=Allow())
        return _whole(strictest, found, action, facts) if isinstance(strictest, AskUser) else strictest

    def _about_kind(self, action: Action) -> Iterator[Verdict]:
        if action.kind in self.denied or (self.kinds is not None and action.kind not in self.kinds):
            yield Deny(code="action", rule=f"the action {action.kind} is not allowed in this run")

    def _about_window(self, action: Action, facts: Facts) -> Iterator[Verdict]:
        """Which window is acted in, and where on the screen. Fails where that is not known."""
        if isinstance(action, _NOT_ON_SCREEN):
            return
        if self.windows is not None and not {facts.window, facts.program} & set(self.windows) - {""}:
            seen = facts.window or facts.program or "no window that is known"
            yield Deny(code="window", rule=f"{seen[:200]} is not among the windows of this run")
        if self.region is not None and not all(self.region.contains(point) for point in points_of(action)):
            yield Deny(code="region", rule="that place is outside the region of this run")

    def _about_places(self, action: Action, facts: Facts, used: Used) -> Iterator[Verdict]:
        """What the origin rules say of the URL to open, the page that is acted on and where the thing leads."""
        match action:
            case Navigate() | NewTab():
                yield self._leading(complete_url(action.url, facts.url), action.url, facts, used)
            case Wait() | Back() | Forward() | CloseTab() | SwitchTab() | CallTool():
                pass
            case _:
                if facts.url:
                    yield self._place(read_url(facts.url), facts.url, used)
                leads = isinstance(action, Press) or activates(action, facts)
                sends = bool(facts.form) and sends_form(action, facts)
                for there in ((facts.href,) if leads and facts.href else ()) + ((facts.form,) if sends else ()):
                    link = read_url(there, facts.url)
                    if link is None or link.scheme not in _IN_PAGE:
                        yield self._leading(link, there, facts, used)

    def _leading(self, place: Place | None, text: str, facts: Facts, used: Used) -> Verdict:
        """What is said of a place that an action leads to: into a private network only where an origin names it.

        A page that is there already may lead on within its own origin.
        """
        if place is None or place.scheme not in WEB or self.private == "any" or not is_private(place):
            return self._place(place, text, used)
        here = read_url(facts.url)
        if here is not None and here.origin == place.origin:
            return self._place(place, text, used)
        if self.origins is None:
            return Deny(code="origin", rule=f"{place.origin} is in a private network, and no origin names it")
        named = tuple(rule for rule in self.origins if rule_of(rule).host)  # a whole scheme names no host
        return self.model_copy(update={"origins": named})._place(place, text, used)

    def _place(self, place: Place | None, text: str, used: Used) -> Verdict:
        if place is None:
            return Deny(code="url", rule=f"{text[:200]!r} is no URL that a browser would open")
        if origins_of(self.blocked).cover(place, loosely=True):
            return Deny(code="blocked", rule=f"{place.origin} is blocked in this run")
        if place.is_empty or origins_of(self.origins or ()).cover(place):
            return Allow()
        if place.scheme not in WEB:
            return Deny(code="scheme", rule=f"pages of {place.scheme}: are not allowed in this run")
        if self.origins is None:
            return Allow()
        reason = f"{place.origin} is not among the origins of this run"
        asked = self._ask("elsewhere", reason, place)
        if asked is None:
            return Deny(code="origin", rule=reason)
        most = self.budget.new_origins
        if most is not None and len(used.places - {place.origin}) >= most:
            return Deny(code="budget", rule=f"{reason}, and it may go to at most {most} others")
        return asked

    def _about_things(self, action: Action, facts: Facts) -> Iterator[Verdict]:
        bound = self.secrets is not None
        found = [one for one in triggers(action, facts) if not (bound and one[0] == "secret")]  # its rule has said more
        if not bound and self.origins is None and isinstance(action, TypeText) and action.secret is not None:
            found.append(("secret", f"the secret {action.secret} is bound to no origin, and neither is this run"))
        for trigger, reason in found:
            asked = self._ask(trigger, reason)
            if asked is not None:
                yield asked

    def _ask(self, trigger: Trigger, reason: str, place: Place | None = None) -> AskUser | None:
        return AskUser(trigger=trigger, digest="", reason=reason, place=place) if trigger in self.ask else None


def read_rules(path: Path | str) -> tuple[Permissions, Limits]:
    """The permissions in a TOML file, and in its table `limits` those of a task, by the names of `Limits`.

    Raises UsageError that says what is wrong.
    """
    table = _table(path)
    limits = _checked(path, Limits, table.pop("limits", {}), within=("limits",))
    return _checked(path, Permissions, table), limits


def _table(path: Path | str) -> dict[str, object]:
    try:
        return tomllib.loads(Path(path).read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the permissions {path} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the permissions {path} are no TOML: {error}") from None


def _checked(path: Path | str, kind: type[_Model], table: object, *, within: tuple[str, ...] = ()) -> _Model:
    """What a table says. Raises UsageError with its first fault; for an unknown name with those that are known."""
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join((*within, *map(str, first["loc"])))
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            names = ", ".join(kind.model_fields) if len(first["loc"]) == 1 else ""
            said = f"there is no such name here{'; there are ' + names if names else ''}"
        elif first["type"] in ("int_type", "float_type"):
            said = f"{said}, not {first['input']!r}"
        raise UsageError(f"the permissions {path}: {where}: {said}") from None


def is_consequential(verdict: Verdict, action: Action, facts: Facts) -> bool:
    """Whether it matters that the thing is the one that was decided on: it is asked about, sends, leads or lasts."""
    if isinstance(verdict, AskUser) or facts.href or isinstance(action, TypeText):
        return True
    return _lasts(action, facts)


def needs_look(verdict: Verdict, action: Action, facts: Facts) -> bool:
    """Whether what has changed about the thing is looked at again before the action is done.

    Other words always are, other numbers where they may be a price or the action lasts, all else where it matters.
    """
    if not facts.changed or facts.changed == SAYS_ELSE:
        return bool(facts.changed)
    if facts.changed == COUNTS_ELSE:
        return isinstance(verdict, AskUser) or names_money(facts.name) or _lasts(action, facts)
    return is_consequential(verdict, action, facts)


def _lasts(action: Action, facts: Facts) -> bool:
    """Whether it sends, pays, deletes or does what else may need a person."""
    return next(iter(triggers(action, facts)), None) is not None


def _whole(first: AskUser, found: list[Verdict], action: Action, facts: Facts) -> AskUser:
    """One question for all that needs asking, so that agreeing to one reason is not agreeing to another unseen."""
    asked = [verdict for verdict in found if isinstance(verdict, AskUser)]
    places = [verdict.place for verdict in asked if verdict.place is not None]
    reasons = dict.fromkeys(verdict.reason for verdict in asked)
    return AskUser(
        trigger=first.trigger,
        digest=digest(action, facts, first.trigger),
        reason="; ".join(reasons),
        place=places[-1] if places else None,
        downloads=any(verdict.trigger == "download" for verdict in asked),
    )


def _rank(verdict: Verdict) -> int:
    return 0 if isinstance(verdict, Allow) else 1 if isinstance(verdict, AskUser) else 2
