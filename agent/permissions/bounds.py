"""What the rules bound: secrets to fields and origins, files to folders, and how often each thing may be done."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ...environments.environment import Facts
from ...errors import UsageError
from ...tools import Action, TypeText, Upload
from .triggers import takes_text
from .urls import OriginRule, read_url, rule_of
from .verdict import Deny, Kind


def _origin(text: str) -> str:
    try:
        OriginRule.parse(text)
    except UsageError as error:
        raise ValueError(str(error)) from None
    return text


Origin = Annotated[str, AfterValidator(_origin)]
"""A rule about origins, as it is written: `https://*.shop.test:8443`."""


Count = Annotated[int, Field(ge=0, strict=True)]
"""How often. A text or a truth value is no number: `"3"` in a file is a mistake, and so is `true`."""


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecretRule(_Rule):
    """Where one secret may be typed: into a field of this sort that is seen, on these origins, so many times in a run.

    The origin is that of the frame that the field is in. `windows` are programs or exact titles, for screens without
    origins; there a field cannot be known for one of passwords, so that `field` must be `any_visible`.
    """

    name: Annotated[str, Field(min_length=1, max_length=200)]
    origins: tuple[Origin, ...] = ()
    windows: tuple[str, ...] = ()
    field: Literal["password", "any_visible"] = "password"
    uses: Count = 3

    def refusal(self, facts: Facts, used: int) -> str:
        """Why it may not be typed there; empty where it may."""
        if not self._names_place(facts):
            return f"the secret {self.name} is not for {facts.origin or facts.url or facts.window or 'this screen'}"
        if self.field == "password" and facts.input_type != "password":
            return f"the secret {self.name} is for password fields alone"
        if facts.screen != "desktop" and not takes_text(facts):
            return f"the secret {self.name} is for text fields, and {facts.role or 'what has the focus'} is none"
        if used >= self.uses:
            return f"the secret {self.name} was typed {used} times already"
        return ""

    def after(self, used: "Used") -> "SecretRule":
        """The same with the uses that are left."""
        return self.model_copy(update={"uses": max(0, self.uses - used.secrets.get(self.name, 0))})

    def _names_place(self, facts: Facts) -> bool:
        if facts.screen == "browser" or facts.url:
            # A page of no origin of its own, such as one in a sandbox, is nobody's to whom a secret is bound.
            place = read_url(facts.origin if facts.screen == "browser" else facts.url)
            return place is not None and any(rule_of(rule).covers(place) for rule in self.origins)
        return bool({facts.window, facts.program} & set(self.windows) - {""})


class Files(_Rule):
    """Which files may be sent: those inside `upload_roots`, any where there are none; and what may be downloaded.

    Each download has at most `download_bytes`; a run keeps at most `downloads` of them. None leaves the environment's.
    """

    upload_roots: tuple[Annotated[Path, AfterValidator(lambda path: path.expanduser().resolve())], ...] = ()
    downloads: Count | None = None
    download_bytes: Count | None = None


class Budget(_Rule):
    """How often something may be done in a run: actions by their kind, and places elsewhere that are agreed to."""

    kinds: Mapping[Kind, Count] = {}
    new_origins: Count | None = None

    def after(self, used: "Used") -> "Budget":
        """What is left of it."""
        kinds: dict[Kind, int] = {kind: max(0, most - used.kinds.get(kind, 0)) for kind, most in self.kinds.items()}
        new = None if self.new_origins is None else max(0, self.new_origins - len(used.places))
        return Budget(kinds=kinds, new_origins=new)


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What a run has done so far: actions by kind, secrets by name, and the places elsewhere that were agreed to."""

    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    secrets: Mapping[str, int] = field(default_factory=dict[str, int])
    places: frozenset[str] = frozenset()

    def plus(self, more: "Used") -> "Used":
        """Both together."""
        return Used(
            kinds=Counter(self.kinds) + Counter(more.kinds),
            secrets=Counter(self.secrets) + Counter(more.secrets),
            places=self.places | more.places,
        )


NOTHING = Used()


def about_budget(budget: Budget, action: Action, used: Used) -> Iterator[Deny]:
    """What the budget says of one more action of its kind."""
    for kind, most in budget.kinds.items():
        if kind == action.kind and used.kinds.get(kind, 0) >= most:
            few = f"at most {most} actions" if most else "no more actions"
            yield Deny(code="budget", rule=f"the run may do {few} of the kind {kind}")


def about_files(files: Files, action: Action) -> Iterator[Deny]:
    """What the folders say of files to be sent. A path that is not whole and plain leads nobody knows where."""
    if not isinstance(action, Upload) or not files.upload_roots:
        return
    for path in map(PurePath, action.paths):
        inside = path.is_absolute() and ".." not in path.parts and "\0" not in str(path)
        if not inside or not any(path.is_relative_to(root) for root in files.upload_roots):
            yield Deny(code="file", rule=f"{str(path)[:200]} is in no folder that files may be sent from")


def about_secret(rules: tuple[SecretRule, ...] | None, action: Action, facts: Facts, used: Used) -> Iterator[Deny]:
    """What binds the secret that is typed. A field that nobody sees gets none; with rules, only those they name."""
    if not isinstance(action, TypeText) or action.secret is None:
        return
    if facts.visible is False:
        yield Deny(code="secret", rule=f"the secret {action.secret} would go into a field that nobody can see")
    if rules is None:
        if facts.screen == "browser" and not facts.origin:
            yield Deny(code="secret", rule=f"the secret {action.secret} would go into a frame of no origin")
        return
    mine = [rule for rule in rules if rule.name == action.secret]
    if not mine:
        yield Deny(code="secret", rule=f"no rule says where the secret {action.secret} may be typed")
        return
    refusals = [rule.refusal(facts, used.secrets.get(rule.name, 0)) for rule in mine]
    if all(refusals):
        yield Deny(code="secret", rule=refusals[0])
    elif facts.screen == "browser" and facts.visible is not True:
        yield Deny(code="secret", rule=f"it is not known whether the field for the secret {action.secret} is seen")
