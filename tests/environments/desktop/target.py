"""A window that writes down what arrives in it: `python target.py LOG [TITLE [CLASS]]`. It never changes its looks."""

import json
import sys
from pathlib import Path

from Xlib import X, Xutil
from Xlib.display import Display

WIDTH, HEIGHT = 400, 300


def main() -> None:
    log, title = Path(sys.argv[1]), (sys.argv[2:3] or ["Target"])[0]
    x, y = 300, 200
    display = Display()
    screen = display.screen()
    mask = X.ExposureMask | X.KeyPressMask | X.KeyReleaseMask | X.ButtonPressMask | X.ButtonReleaseMask
    mask |= X.PointerMotionMask
    window = screen.root.create_window(
        x, y, WIDTH, HEIGHT, 0, screen.root_depth, background_pixel=0x2060C0, event_mask=mask
    )
    window.set_wm_name(title)
    window.set_wm_class("target", (sys.argv[3:4] or ["Target"])[0])
    window.set_wm_normal_hints(flags=Xutil.USPosition)
    window.set_wm_protocols([display.intern_atom("WM_DELETE_WINDOW")])
    gc = window.create_gc(foreground=0xF0C020)
    window.map()
    names = {
        X.KeyPress: "key",
        X.KeyRelease: "key_up",
        X.ButtonPress: "button",
        X.ButtonRelease: "button_up",
        X.MotionNotify: "move",
    }
    with log.open("a", encoding="utf-8") as file:
        while True:
            event = display.next_event()
            if event.type == X.Expose:
                window.fill_rectangle(gc, 100, 100, 60, 40)
            elif event.type == X.ClientMessage:
                return
            elif event.type in names:
                seen = {"is": names[event.type], "detail": event.detail, "x": event.root_x, "y": event.root_y}
                file.write(json.dumps(seen | {"state": event.state, "ms": event.time}) + "\n")
                file.flush()


if __name__ == "__main__":
    main()
