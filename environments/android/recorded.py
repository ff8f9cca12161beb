"""A device that is only recorded: the public fake, an `adb` program that answers as a real one does.

What it answers is written after the documented output of adb, input, am, dumpsys, ime, cmd and uiautomator, not taken
from a real device. The line that a real device gives to its shell is given to a real shell here too, which finds
nothing but these commands: what is quoted wrongly shows.
"""

import json
import shlex
import shutil
import struct
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from xml.sax.saxutils import quoteattr

import numpy as np
from PIL import Image, ImageDraw

from ...errors import UsageError
from ...screen import Box, Point, Screenshot, Size
from ...screen.screenshot import Pixels

SCRIPT = Path(__file__).with_name("recorded_adb.py")
COMMANDS = ("input", "am", "screencap", "dumpsys", "uiautomator", "wm", "ime", "settings", "cmd")
SIZE = Size(540, 1200)

Fault = Literal["", "gone", "offline", "unauthorized", "many", "hang", "no picture", "no tree"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedNode:
    """One thing on a recorded screen. `kind` is the last part of its Android class; a tap shows `leads_to`."""

    box: Box
    text: str = ""
    kind: str = "TextView"
    description: str = ""
    resource: str = ""
    password: bool = False
    focused: bool = False
    leads_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedScreen:
    """A screen of an app; a `size` that is wider than high is that of a device that was turned."""

    name: str
    activity: str
    nodes: tuple[RecordedNode, ...] = ()
    size: Size = SIZE


class RecordedDevice:
    """Plays recorded screens and keeps a log of what reached the device. Use it as a context manager.

    `program` is the path to give as `adb=`. The first screen is the home screen; `apps` says which screen a package
    starts with, and `browser` which one shows pages. Raises UsageError for a screen that is not there.
    """

    def __init__(
        self,
        screens: Iterable[RecordedScreen],
        *,
        serial: str = "emulator-5554",
        apps: Mapping[str, str] | None = None,
        browser: str = "",
        adb_keyboard: bool = False,
    ) -> None:
        self._screens = {screen.name: screen for screen in screens}
        apps = dict(apps or {})
        for name in (*apps.values(), *([browser] if browser else [])):
            if name not in self._screens:
                raise UsageError(f"there is no recorded screen {name}")
        methods = ["com.android.inputmethod.latin/.LatinIME", *(["com.android.adbkeyboard/.AdbIME"] * adb_keyboard)]
        self._first: dict[str, Any] = {
            "at": next(iter(self._screens)),
            "home": next(iter(self._screens)),
            "serial": serial,
            "apps": {package: [self._screens[name].activity, name] for package, name in apps.items()},
            "browser": browser,
            "methods": methods,
            "method": methods[0],
            "fault": "",
            "awake": True,
            "locked": "",
        }
        self.folder = Path()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="clickwright-adb-"))
        (self.folder / "device").mkdir()
        for name in COMMANDS:
            _write_program(self.folder / "device" / name, self.folder, name)
        (self.folder / "device" / "grep").symlink_to(shutil.which("grep") or "/bin/grep")
        _write_program(self.folder / "adb", self.folder, "adb")
        told: dict[str, Any] = {}
        for screen in self._screens.values():
            picture = _draw(screen)
            (self.folder / f"{screen.name}.png").write_bytes(Screenshot(pixels=picture).to_png())
            (self.folder / f"{screen.name}.raw").write_bytes(_raw(picture))
            (self.folder / f"{screen.name}.xml").write_text(_dump(screen), "utf-8")
            links = [[*_sides(node.box), node.leads_to] for node in screen.nodes if node.leads_to]
            told[screen.name] = {"activity": screen.activity, "links": links}
        self._write(self._first | {"screens": told})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def program(self) -> str:
        return str(self.folder / "adb")

    @property
    def log(self) -> tuple[tuple[str, ...], ...]:
        """Every command that acted on the device, word by word as it arrived there."""
        path = self.folder / "log.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return tuple(tuple(json.loads(line)) for line in lines)

    @property
    def taps(self) -> tuple[Point, ...]:
        return tuple(Point(float(words[2]), float(words[3])) for words in self.log if words[:2] == ("input", "tap"))

    @property
    def typed(self) -> str:
        """What `input text` wrote: it reads %s as a space."""
        return "".join(words[2].replace("%s", " ") for words in self.log if words[:2] == ("input", "text"))

    @property
    def screen(self) -> str:
        """The name of the screen on show."""
        return str(self._read()["at"])

    @property
    def input_method(self) -> str:
        return str(self._read()["method"])

    def show(self, screen: str) -> None:
        """Change the screen as if an app had done so, or as if the device had been turned."""
        self._write(self._read() | {"at": self._screens[screen].name})

    def fail(self, fault: Fault) -> None:
        """Answer as a device with this fault does from now on; "" for none."""
        self._write(self._read() | {"fault": fault})

    def sleep(self, *, locked: Literal["", "swipe", "code"] = "") -> None:
        """Turn the screen off, and lock it in this way."""
        self._write(self._read() | {"awake": False, "locked": locked})

    def _read(self) -> dict[str, Any]:
        return json.loads((self.folder / "state.json").read_text("utf-8"))

    def _write(self, state: dict[str, Any]) -> None:
        (self.folder / "state.json").write_text(json.dumps(state), "utf-8")


def _write_program(path: Path, folder: Path, name: str) -> None:
    words = shlex.join((sys.executable, "-I", "-S", str(SCRIPT), str(folder), name))
    path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', "utf-8")
    path.chmod(0o700)


def _sides(box: Box) -> tuple[int, int, int, int]:
    return round(box.x1), round(box.y1), round(box.x2), round(box.y2)


def _raw(pixels: Pixels) -> bytes:
    """As screencap writes pixels since Android 9: width, height, RGBA_8888, colour space, then four bytes a pixel."""
    height, width, _ = pixels.shape
    opaque = np.full((height, width, 1), 255, np.uint8)
    return struct.pack("<4I", width, height, 1, 1) + np.concatenate((pixels, opaque), axis=2).tobytes()


def _draw(screen: RecordedScreen) -> Pixels:
    image = Image.new("RGB", (screen.size.width, screen.size.height), "#f4f4f6")
    pen = ImageDraw.Draw(image)
    for node in screen.nodes:
        x1, y1, x2, y2 = _sides(node.box)
        pen.rectangle((x1, y1, x2 - 1, y2 - 1), fill="#ffffff", outline="#5f6368")
        pen.text((x1 + 8, y1 + 8), "*" * len(node.text) if node.password else node.text or node.description, "#202124")
    return np.array(image)


def _dump(screen: RecordedScreen) -> str:
    """In the form of `uiautomator dump`: https://developer.android.com/training/testing/other-components/ui-automator."""
    package = screen.activity.partition("/")[0]
    whole = f'bounds="[0,0][{screen.size.width},{screen.size.height}]"'
    nodes = "".join(_node(node, package, number) for number, node in enumerate(screen.nodes))
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><hierarchy rotation=\"0\">"
        f'<node index="0" text="" resource-id="" class="android.widget.FrameLayout" package="{package}" {whole}>'
        f"{nodes}</node></hierarchy>"
    )


def _node(node: RecordedNode, package: str, number: int) -> str:
    x1, y1, x2, y2 = _sides(node.box)
    clickable = str(bool(node.leads_to) or node.kind in ("Button", "EditText", "CheckBox")).lower()
    told = {
        "index": str(number),
        "text": "•" * len(node.text) if node.password else node.text,
        "resource-id": node.resource,
        "class": f"android.widget.{node.kind}",
        "package": package,
        "content-desc": node.description,
        "checkable": str(node.kind == "CheckBox").lower(),
        "clickable": clickable,
        "enabled": "true",
        "focused": str(node.focused).lower(),
        "password": str(node.password).lower(),
        "bounds": f"[{x1},{y1}][{x2},{y2}]",
    }
    return f"<node {' '.join(f'{key}={quoteattr(value)}' for key, value in told.items())} />"
