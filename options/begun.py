"""The choices of a command line as a run keeps them, and as a run that is resumed gets them back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UsageError
from .browser import Browsing, Engine
from .desktop import ChosenDesktop
from .model import Backend, Chosen

if TYPE_CHECKING:
    from ..agent.record.begun import Begun, BegunDemo, BegunModel

ANEW = frozenset({"headed", "device", "quantize", "backend", "base_url", "connect", "proxy"})
"""Where things are now, and on what they run: what may be told in another way when a run is resumed."""
OF_BROWSER = frozenset(one.name for one in fields(Browsing))
OF_MODEL = frozenset(one.name for one in fields(Chosen))
_URLS = ("connect", "proxy", "base_url")
_MODELS = ("grounder", "checker", "plan_with")
"""Other models, which may stand behind a server of their own: NAME@URL."""
OF_DESKTOP = frozenset(one.name for one in fields(ChosenDesktop))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The screen and the model that a command line means."""

    chosen: Chosen
    on: ChosenDesktop = field(default_factory=ChosenDesktop)
    browsing: Browsing = field(default_factory=Browsing)

    def begun(self, demo: "BegunDemo | None" = None) -> "Begun":
        """As it is kept in the folder of a run: with whole paths, and without passwords and tokens."""
        from ..agent.record.begun import Begun, BegunBrowser, BegunDesktop, BegunModel

        browser, model = asdict(self.browsing), asdict(self.chosen)
        for name in ("profile_dir", "storage_state"):
            browser[name] = None if browser[name] is None else str(Path(browser[name]).resolve())
        if Path(self.chosen.model).is_dir():
            model["model"] = str(Path(self.chosen.model).resolve())
        secret = sorted(name for name, value in (browser | model).items() if _holds_secret(name, value))
        for name in secret:
            (browser if name in browser else model)[name] = None
        desktop = {name: value for name, value in asdict(self.on).items() if name != "desktop"}
        return Begun(
            screen=BegunDesktop(**desktop) if self.on.is_meant else BegunBrowser(**browser),
            model=BegunModel(**model),
            demo=demo,
            asks_again=tuple(secret),
        )


def choices_of(begun: "Begun") -> Choices:
    """What was kept; an option that held a secret is as if it had not been given."""
    screen, chosen = begun.screen.model_dump(exclude={"kind"}), chosen_of(begun.model, begun.asks_again)
    if begun.screen.kind == "desktop":
        return Choices(on=ChosenDesktop(desktop=True, **screen), chosen=chosen)
    for name in ("profile_dir", "storage_state"):
        screen[name] = None if screen[name] is None else Path(screen[name])
    screen["browser"] = Engine(screen["browser"])
    return Choices(browsing=Browsing(**screen), chosen=chosen)


def chosen_of(model: "BegunModel", asks_again: Iterable[str] = ()) -> Chosen:
    """The model that was kept; options that were not, because they held a secret, are to be told again."""
    options = model.model_dump()
    if options["checker"] is not None or "checker" in asks_again:
        options["check"] = None  # older runs have False there
    options["backend"] = None if options["backend"] is None else Backend(options["backend"])
    pixels = {name: options.pop(name) for name in ("min_pixels", "max_pixels")}
    options["load"] = (*options["load"], *(f"{name}={most}" for name, most in pixels.items() if most is not None))
    return Chosen(**options)


def choices_again(begun: "Begun", told: Choices, given: frozenset[str]) -> Choices:
    """Those of the run, with what is told anew of where things are. `given` are the options of the command line.

    Raises UsageError for an option that the run was begun without or in another way, and for one that is missing
    because it held a secret.
    """
    kept, is_desktop = choices_of(begun), begun.screen.kind == "desktop"
    if wrong := given & (OF_BROWSER if is_desktop else OF_DESKTOP):
        where = "on a desktop" if is_desktop else "in a browser"
        raise UsageError(f"the run was begun {where}: leave out {_named(wrong)}")
    if missing := frozenset(begun.asks_again) - given:
        raise UsageError(f"{_named(missing)} held a secret, which is not kept: give it again")
    anew = given & (ANEW | frozenset(begun.asks_again))
    was, now = _flat(begun), _flat(told.begun())
    del was["load"]  # is added to
    if was["check"] is None and now["check"]:
        was["check"] = True  # what it does unless told
    if other := {name for name in given - anew if name in was and was[name] != now[name]}:
        said = {"no_check" if name == "check" and not now[name] else name for name in other}
        raise UsageError(f"the run was begun in another way: leave out {_named(said)}")
    loading = (*kept.chosen.load, *told.chosen.load)  # of two that say the same, the later one counts
    return Choices(
        on=kept.on,
        browsing=replace(kept.browsing, **_values(told.browsing, anew & OF_BROWSER)),
        chosen=replace(kept.chosen, **_values(told.chosen, anew & OF_MODEL), load=loading),
    )


def told_again(told: Choices, given: frozenset[str], *, was_checked: bool) -> Choices:
    """Those for a run that was begun from Python: of its checker is only kept whether there was one."""
    if was_checked or given & {"check", "checker"}:
        return told
    return replace(told, chosen=replace(told.chosen, check=False))


def _values(choice: Browsing | Chosen, names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in asdict(choice).items() if name in names}


def _flat(begun: "Begun") -> dict[str, object]:
    """Every option that was kept, by the name that it has on a command line."""
    flat: dict[str, object] = begun.screen.model_dump() | begun.model.model_dump()
    return flat | {"desktop": begun.screen.kind == "desktop"}


def _holds_secret(name: str, value: object) -> bool:
    """Whether it is a URL with a password, or with what may be a token."""
    import ada_url

    if name not in (*_URLS, *_MODELS) or not isinstance(value, str):
        return False
    text = value.partition("@")[2] if name in _MODELS else value
    try:
        url = ada_url.URL(text)
    except ValueError:
        return "@" in text
    return bool(url.username or url.password or url.search)


def _named(names: Iterable[str]) -> str:
    return " and ".join(f"--{name.replace('_', '-')}" for name in sorted(names))
