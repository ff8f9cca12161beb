"""A window with two fields, one above the other: `python window.py LOG PLACE`. A click on one paints it and is noted.

The file PLACE says where the window stands, as `X Y`; the name of the field goes into LOG.
"""

import sys
from pathlib import Path

from Xlib import X, Xutil
from Xlib.display import Display

FIELDS = {"upper": (40, 30, 90, 40), "lower": (40, 130, 90, 40)}


def main() -> None:
    log, (x, y) = Path(sys.argv[1]), map(int, Path(sys.argv[2]).read_text().split())
    display = Display()
    screen = display.screen()
    window = screen.root.create_window(
        x, y, 300, 220, 0, screen.root_depth, background_pixel=0x203040, event_mask=X.ExposureMask | X.ButtonPressMask
    )
    window.set_wm_name("Fields")
    window.set_wm_class("fields", "Fields")
    window.set_wm_normal_hints(flags=Xutil.USPosition)
    window.set_wm_protocols([display.intern_atom("WM_DELETE_WINDOW")])
    colours = {"upper": 0xF0C020, "lower": 0x20C0F0}
    window.map()
    while True:
        event = display.next_event()
        if event.type == X.ClientMessage:
            return
        if event.type == X.ButtonPress:
            for name, (left, top, width, height) in FIELDS.items():
                if left <= event.event_x < left + width and top <= event.event_y < top + height:
                    colours[name] = 0x40E040
                    with log.open("a", encoding="utf-8") as file:
                        file.write(f"{name}\n")
        for name, (left, top, width, height) in FIELDS.items():
            window.fill_rectangle(window.create_gc(foreground=colours[name]), left, top, width, height)
            line = window.create_gc(foreground=0x101010, line_width=4)
            window.line(line, left + 8, top + 8, left + (30 if name == "upper" else 70), top + height - 8)


if __name__ == "__main__":
    main()
