"""Keys that go to the system or close what is worked in, by the kind of screen."""

from collections.abc import Iterable

from ...environments.environment import Screen

_FUNCTION = frozenset(f"f{number}" for number in range(1, 25))
_EDITING = frozenset("acvxz")
"""With Meta these copy, paste and undo on a Mac, and do nothing that lasts elsewhere."""


def goes_to_system(keys: Iterable[str], screen: Screen) -> bool:
    """Whether the chord may reach beyond the page or the window. Where the kind of screen is not known: any may."""
    pressed = frozenset(key.lower() for key in keys)
    judges = {"browser": (_in_browser,), "desktop": (_on_desktop,), "phone": (_on_phone,)}
    return any(judge(pressed) for judge in judges.get(screen, (_in_browser, _on_desktop, _on_phone)))


def _in_browser(keys: frozenset[str]) -> bool:
    """Closing and opening tabs and windows, and the developer's tools. All other keys are the page's."""
    if "alt" in keys and "f4" in keys:
        return True
    if keys & {"control", "meta", "controlormeta"}:
        return bool(keys & ({"w", "t", "n", "q", "f4"} | ({"i", "j", "delete"} if "shift" in keys else set())))
    return "f12" in keys


def _on_desktop(keys: frozenset[str]) -> bool:
    """Menus and shells of the system, other windows and terminals, the end of a program."""
    if "meta" in keys:
        return not keys & _EDITING
    if "alt" in keys:
        with_alt = {"f4", "tab", "escape", "space", "f1", "f2", "printscreen"}
        return bool(keys & with_alt) or ("control" in keys and bool(keys & ({"delete", "backspace", "t"} | _FUNCTION)))
    if keys & {"control", "controlormeta"}:
        return bool(keys & {"w", "q", "t", "escape", "f4"})
    return "power" in keys


def _on_phone(keys: frozenset[str]) -> bool:
    return "power" in keys
