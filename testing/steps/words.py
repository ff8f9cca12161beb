"""Texts of a step file with the names of variables in them: `${name}`, and `${env.NAME}` for a secret."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from .nodes import StepFileError, Text

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
ENV = "env."
MAX_CHARS = 20_000
_PLACE = re.compile(r"\$?\$\{([^}\n]{0,80})\}?")
"""`$${` is the text `${` itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A text with its variables filled in: as it is typed, and as it is shown, with secrets as their names."""

    shown: str
    real: str

    @classmethod
    def of(cls, text: str) -> "Value":
        """One without secrets."""
        return cls(shown=text, real=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is written, and in which line."""

    text: str
    line: int

    @property
    def names(self) -> tuple[str, ...]:
        """Of the variables in it, without secrets."""
        return tuple(name for name in self._places() if not name.startswith(ENV))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of environment variables in it."""
        return tuple(name.removeprefix(ENV) for name in self._places() if name.startswith(ENV))

    def filled(self, values: Mapping[str, Value], secrets: Mapping[str, str]) -> Value:
        """With its variables. What they hold is text and nothing else: no name in it is looked up."""
        shown = self._filled(lambda name, written: written if name.startswith(ENV) else values[name].shown)
        real = self._filled(
            lambda name, _: secrets[name.removeprefix(ENV)] if name.startswith(ENV) else values[name].real
        )
        return Value(shown=shown, real=real)

    def _filled(self, value: Callable[[str, str], str]) -> str:
        return _PLACE.sub(
            lambda place: place[0][1:] if place[0].startswith("$$") else value(place[1], place[0]), self.text
        )

    def _places(self) -> list[str]:
        return [place[1] for place in _PLACE.finditer(self.text) if not place[0].startswith("$$")]


def words_of(text: Text) -> Words:
    """Raises StepFileError for a `${` that no name and no `}` follow."""
    if len(text.text) > MAX_CHARS:
        raise StepFileError(text.line, f"a text has at most {MAX_CHARS:,} characters, this one {len(text.text):,}")
    for place in _PLACE.finditer(text.text):
        whole, name = place[0], place[1]
        if whole.startswith("$$"):
            continue
        if not whole.endswith("}") or not NAME.fullmatch(name.removeprefix(ENV)):
            raise StepFileError(
                text.line,
                f"{whole[:40]!r} is no variable: write ${{name}}, ${{env.NAME}} for a secret, or $${{ for the signs",
            )
    return Words(text=text.text, line=text.line)


def require_known(words: Words, known: Mapping[str, bool]) -> None:
    """Raises StepFileError for a variable that is not there. `known` says whether each is a secret."""
    for name in words.names:
        if name not in known:
            raise StepFileError(words.line, f"there is no variable {name} here{meant(name, known)}")


def is_secret(words: Words, known: Mapping[str, bool]) -> bool:
    """Whether a secret is in it, by its name or in a variable."""
    return bool(words.secrets) or any(known[name] for name in words.names)


def require_told(words: Words, known: Mapping[str, bool], what: str) -> None:
    """Raises StepFileError for a secret in words that are shown, looked for or recorded."""
    require_known(words, known)
    if is_secret(words, known):
        raise StepFileError(
            words.line,
            f"a secret may not stand in {what}, which is recorded: it is for `with` of `fill`, `goto` and `start`",
        )


def meant(name: str, known: Collection[str]) -> str:
    """A guess at what was meant, else all there is."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are {', '.join(sorted(known))}" if known else ""
