"""The contract of whoever looks at a screen for a test: a model, or a script that stands for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ..errors import UsageError
from ..screen import Box, Point
from .sight import Sight
from .target import Found
from .verdicts import NotFound

if TYPE_CHECKING:
    from ..policies import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whether a claim holds; None where nobody can tell from the screen.

    `box` is the part of the screen that shows it, None where it is all of it; `shows` is the text that the claim is
    about. `anywhere`: it does not matter where the text stands.
    """

    met: bool | None
    reason: str
    box: Box | None = None
    shows: str | None = None
    anywhere: bool = False
    tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer read off the screen, and the part of the screen where it stands, where that is known."""

    text: str
    box: Box | None = None
    tokens: int = 0


class Eyes(Protocol):
    """Synchronous: called in a worker thread. All raise BadModelOutput and ModelUnavailable as models do."""

    @property
    def name(self) -> str:
        """Of the model, for reports and recordings."""
        ...

    def find(self, sight: Sight, words: str) -> Found:
        """Where the thing is. Raises NotFound where there is none."""
        ...

    def judge(self, sight: Sight, claim: str) -> Judged: ...

    def read(self, sight: Sight, question: str) -> Told: ...

    def policy(self) -> "Policy":
        """Who does what a `do` says. Raises UsageError where these eyes cannot act."""
        ...


class ScriptedEyes:
    """Eyes without a model, for tests: they know where things are and what is so. `calls` are what they were asked."""

    name = "scripted"

    def __init__(
        self,
        places: Mapping[str, Box | Point] | None = None,
        *,
        claims: Mapping[str, Judged | bool] | None = None,
        answers: Mapping[str, Told | str] | None = None,
        policy: "Callable[[], Policy] | None" = None,
    ) -> None:
        self.places, self.claims, self.answers = dict(places or {}), dict(claims or {}), dict(answers or {})
        self._policy = policy
        self.calls: list[str] = []

    def find(self, sight: Sight, words: str) -> Found:
        self.calls.append(words)
        place = self.places.get(words)
        if place is None:
            raise NotFound(f"{words!r} is not on the screen", screen=sight.shown)
        if isinstance(place, Point):
            return Found(point=place, how="model")
        return Found(point=place.center, box=place, how="model")

    def judge(self, sight: Sight, claim: str) -> Judged:
        self.calls.append(claim)
        known = self.claims.get(claim)
        if isinstance(known, Judged):
            return known
        return Judged(met=known, reason="so it was scripted" if known is not None else "the script does not say")

    def read(self, sight: Sight, question: str) -> Told:
        self.calls.append(question)
        known = self.answers.get(question)
        if known is None:
            raise NotFound(f"{question!r} stands nowhere on the screen", screen=sight.shown)
        return known if isinstance(known, Told) else Told(text=known)

    def policy(self) -> "Policy":
        if self._policy is None:
            raise UsageError("these eyes have no policy to act with")
        return self._policy()
