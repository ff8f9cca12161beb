"""Text for a device: `input text` for what its own keyboard has, the ADB keyboard for any other script.

`input text` knows the characters of a US keyboard only and writes %s as a space. ADBKeyBoard
(https://github.com/senzhk/ADBKeyBoard) is an input method that takes text in base64 from a broadcast.
"""

import asyncio
import base64
import re
from contextlib import suppress

from ...errors import ActionFailed, EnvironmentLost
from ..text import typeable
from .adb import Adb
from .keys import key_code

CHUNK_CHARS = 200
"""Each is a command of its own: a long text makes keys for seconds."""
ADB_KEYBOARD = "com.android.adbkeyboard/.AdbIME"
BACK_S = 3.0
"""How long the keyboard from before may take to come back."""
_METHOD = re.compile(r"[\w.]+/[\w.$]+")


async def type_text(adb: Adb, text: str) -> None:
    """Exactly this text; a line break is the Enter key, a tab the Tab key. Raises ActionFailed before it types any."""
    text = typeable(text)
    if text.isascii():
        await _type_keys(adb, text)
    else:
        await _type_any(adb, text)


async def _type_keys(adb: Adb, text: str) -> None:
    for part in re.split(r"([\n\t])", text):
        match part:
            case "\n":
                await adb.shell("input", "keyevent", key_code("Enter"))
            case "\t":
                await adb.shell("input", "keyevent", key_code("Tab"))
            case _:
                for piece in pieces(part):
                    await adb.shell("input", "text", piece)


def pieces(line: str) -> list[str]:
    """Arguments of `input text` that write this line. A %s of the text itself is split, else it would be a space."""
    found: list[str] = []
    for part in re.split(r"(?<=%)(?=s)", line):
        for start in range(0, len(part), CHUNK_CHARS):
            found.append(part[start : start + CHUNK_CHARS].replace(" ", "%s"))
    return found


async def _type_any(adb: Adb, text: str) -> None:
    if ADB_KEYBOARD not in (await adb.shell("ime", "list", "-a", "-s")).split():
        raise ActionFailed(
            "this text has characters that adb cannot type by itself; install the app ADBKeyBoard on the device, "
            f"which brings the input method {ADB_KEYBOARD}, or use plain ASCII"
        )
    before = (await adb.shell("settings", "get", "secure", "default_input_method")).strip()
    await adb.shell("ime", "enable", ADB_KEYBOARD)
    await adb.shell("ime", "set", ADB_KEYBOARD)
    try:
        message = base64.b64encode(text.encode()).decode()
        await adb.shell("am", "broadcast", "-a", "ADB_INPUT_B64", "--es", "msg", message)
    finally:
        if _METHOD.fullmatch(before) and before != ADB_KEYBOARD:
            with suppress(ActionFailed, EnvironmentLost, TimeoutError):  # a device that hangs or is gone
                async with asyncio.timeout(BACK_S):
                    await adb.shell("ime", "set", before)
