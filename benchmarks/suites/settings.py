"""A suite's own settings, as the command line gives them: words, read once and strictly."""

from collections.abc import Mapping

from ...errors import UsageError

MOST = 1e9
_YES, _NO = ("yes", "true", "1", "on"), ("no", "false", "0", "off")


def require_known(settings: Mapping[str, str], *known: str) -> None:
    """Raises UsageError for a setting that the suite does not have, and says which it has."""
    for name in settings:
        if name not in known:
            has = ", ".join(known) or "none"
            raise UsageError(f"the suite has no setting {name!r}; it has {has}")


def flag(settings: Mapping[str, str], name: str, default: bool = False) -> bool:
    """Yes or no. Raises UsageError for anything else."""
    word = settings.get(name, "yes" if default else "no").lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise UsageError(f"{name} is yes or no, not {word!r}")


def number(settings: Mapping[str, str], name: str, default: float, *, least: float | None = None) -> float:
    """A number above 0, or from `least` on. Raises UsageError for anything else."""
    word = settings.get(name)
    if word is None:
        return default
    try:
        value = float(word)
    except ValueError:
        value = -1.0
    if not (value > 0 if least is None else value >= least) or value >= MOST:
        raise UsageError(f"{name} is a number {'above 0' if least is None else f'from {least:g} on'}, not {word!r}")
    return value


def count(settings: Mapping[str, str], name: str, default: int) -> int:
    """A whole number from 1 on. Raises UsageError for anything else."""
    value = number(settings, name, default, least=1)
    if value != int(value):
        raise UsageError(f"{name} is a whole number, not {settings[name]!r}")
    return int(value)


def one_of(settings: Mapping[str, str], name: str, *words: str) -> str:
    """One of several words, the first where it is not set. Raises UsageError for any other."""
    word = settings.get(name, words[0]).lower()
    if word not in words:
        raise UsageError(f"{name} is one of {', '.join(words)}, not {word!r}")
    return word
