"""The windows of an X display: asked for and moved as window managers agreed (EWMH), or directly where none runs."""

import time
from typing import Any

from Xlib import X  # pyright: ignore[reportMissingTypeStubs]
from Xlib.error import XError  # pyright: ignore[reportMissingTypeStubs]
from Xlib.protocol import event  # pyright: ignore[reportMissingTypeStubs]

from ....errors import ActionFailed
from ..requests import WindowList, WindowSeen
from .x11_properties import ignore, numbers, text

TERMINALS = (
    *("gnome-terminal", "konsole", "xfce4-terminal", "lxterminal", "mate-terminal", "terminator", "tilix"),
    *("alacritty", "kitty", "qterminal", "deepin-terminal", "terminology", "guake", "tilda", "foot", "wezterm"),
)
_BY_A_PAGER = 2
"""The source of a request to a window manager that is to be obeyed at once."""
_FOCUS_S = 1.0


class X11Windows:
    """Uses a connection of its own."""

    def __init__(self, display: Any) -> None:
        self._display = display
        self._root = display.screen().root
        self._display.set_error_handler(ignore)  # a window may be gone by the time it is asked

    def list(self) -> WindowList:
        is_managed = self._is_managed()
        found = [seen for window in self._front_first(is_managed) if (seen := self._seen(window)) is not None]
        return WindowList(windows=tuple(found), managed=is_managed)

    def at(self, x: int, y: int) -> int | None:
        """The window with this place in front, also where it is covered by a menu of its own."""
        top = self._root.translate_coords(self._root, x, y).child
        if not top:
            return None
        known = {seen.id for seen in self.list().windows}
        return next((window.id for window in _and_all_inside(top) if window.id in known), None)

    def focus(self, number: int) -> None:
        window = self._window(number)
        if self._is_managed():
            self._request(window, "_NET_ACTIVE_WINDOW", _BY_A_PAGER, X.CurrentTime, 0)
            until = time.monotonic() + _FOCUS_S
            while time.monotonic() < until and numbers(self._root, "_NET_ACTIVE_WINDOW")[:1] != (number,):
                time.sleep(0.01)
        else:
            window.raise_window()
            window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
            self._display.sync()

    def place(self, number: int, x: int, y: int, width: int, height: int) -> None:
        """The content of the window goes there, and its frame around it."""
        window = self._window(number)
        if self._is_managed():
            static_gravity_and_all_four = 10 | 0xF << 8 | _BY_A_PAGER << 12
            self._request(window, "_NET_MOVERESIZE_WINDOW", static_gravity_and_all_four, x, y, width, height)
        else:
            window.configure(x=x, y=y, width=width, height=height)
        self._display.sync()

    def close(self, number: int) -> None:
        window = self._window(number)
        if self._is_managed():
            self._request(window, "_NET_CLOSE_WINDOW", X.CurrentTime, _BY_A_PAGER)
            return
        protocols = self._display.get_atom("WM_PROTOCOLS")
        data = (32, [self._display.get_atom("WM_DELETE_WINDOW"), X.CurrentTime, 0, 0, 0])
        window.send_event(event.ClientMessage(window=window, client_type=protocols, data=data))
        self._display.sync()

    def takes_terminal_paste(self) -> bool:
        active = next((seen for seen in self.list().windows if seen.active), None)
        return active is not None and active.app.lower().removesuffix("-server") in TERMINALS

    def _is_managed(self) -> bool:
        return bool(numbers(self._root, "_NET_SUPPORTING_WM_CHECK"))

    def _front_first(self, is_managed: bool) -> "list[Any]":
        if is_managed:
            ids = numbers(self._root, "_NET_CLIENT_LIST_STACKING")
            return [self._display.create_resource_object("window", number) for number in reversed(ids)]
        return list(reversed(self._root.query_tree().children))

    def _seen(self, window: Any) -> WindowSeen | None:
        """None for a window that cannot be seen: hidden, without a size, or a helper of its program."""
        try:
            attributes, geometry = window.get_attributes(), window.get_geometry()
            title = text(window, "_NET_WM_NAME", "WM_NAME")
            if attributes.map_state != X.IsViewable or (attributes.override_redirect and not title):
                return None
            place = self._root.translate_coords(window, 0, 0)
            kinds = window.get_wm_class()
            return WindowSeen(
                id=window.id,
                title=title,
                app=str(kinds[1]) if kinds else "",
                pid=next(iter(numbers(window, "_NET_WM_PID")), 0),
                x=place.x,
                y=place.y,
                width=geometry.width,
                height=geometry.height,
                active=window.id == self._active(),
            )
        except XError:
            return None

    def _active(self) -> int:
        told = numbers(self._root, "_NET_ACTIVE_WINDOW")
        if told:
            return told[0]
        focus = self._display.get_input_focus().focus
        return 0 if isinstance(focus, int) else int(focus.id)

    def _window(self, number: int) -> Any:
        window = self._display.create_resource_object("window", number)
        try:
            window.get_geometry()
        except XError:
            raise ActionFailed("the window is gone") from None
        return window

    def _request(self, window: Any, kind: str, *data: int) -> None:
        """Ask the window manager."""
        padded = [*data, *[0] * (5 - len(data))]
        message = event.ClientMessage(window=window, client_type=self._display.get_atom(kind), data=(32, padded))
        self._root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self._display.sync()


def _and_all_inside(window: Any) -> "list[Any]":
    """The window and those inside it, nearest first: the frame of a window manager holds the program's own."""
    found = [window]
    for one in found:
        try:
            found += one.query_tree().children if len(found) < 200 else []
        except XError:
            continue
    return found
