"""Put the parts together for the system that this runs on."""

import sys
from collections.abc import Callable

from ....errors import EnvironmentLost
from .desk import Desk
from .pointer import Pointer, load_pyautogui

if sys.platform == "linux":
    from Xlib.error import (  # pyright: ignore[reportMissingTypeStubs]
        ConnectionClosedError,
        DisplayError,
        XauthError,
        XError,
        XNoAuthError,
    )

    DISPLAY_ERRORS: tuple[type[Exception], ...] = (
        ConnectionClosedError,
        DisplayError,
        XError,
        XauthError,
        XNoAuthError,
        OSError,
    )
else:
    DISPLAY_ERRORS = (OSError,)


def open_desk(*, failsafe: bool, lets_go: bool, pause: Callable[[float], None]) -> Desk:
    """Raises EnvironmentLost where the display cannot be reached."""
    try:
        pyautogui = load_pyautogui()
        if sys.platform == "linux":
            return _on_x11(pyautogui, failsafe=failsafe, lets_go=lets_go, pause=pause)
        return _elsewhere(pyautogui, Pointer(pyautogui, failsafe=failsafe, pause=pause), pause)
    except DISPLAY_ERRORS as error:
        raise EnvironmentLost(f"the display cannot be used: {error or type(error).__name__}") from None


def _on_x11(pyautogui: object, *, failsafe: bool, lets_go: bool, pause: Callable[[float], None]) -> Desk:
    """A connection for each part: what one waits for is never taken by another."""
    from Xlib.display import Display  # pyright: ignore[reportMissingTypeStubs]

    from .x11_buttons import X11Buttons
    from .x11_clipboard import X11Clipboard
    from .x11_keyboard import X11Keyboard
    from .x11_windows import X11Windows

    keyboard = X11Keyboard(Display())
    if lets_go:
        keyboard.release_all()
    return Desk(
        pointer=Pointer(pyautogui, failsafe=failsafe, pause=pause, click_often=X11Buttons(Display()).click),
        keyboard=keyboard,
        clipboard=X11Clipboard(Display()),
        windows=X11Windows(Display()),
        pause=pause,
    )


def _elsewhere(pyautogui: object, pointer: Pointer, pause: Callable[[float], None]) -> Desk:
    from .by_pyautogui import PlainClipboard, PlainKeyboard, PlainWindows

    return Desk(
        pointer=pointer,
        keyboard=PlainKeyboard(pyautogui),
        clipboard=PlainClipboard(pause),
        windows=PlainWindows(),
        pause=pause,
    )
