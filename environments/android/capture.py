"""What a device shows, at its own resolution, from `screencap`."""

import struct

import numpy as np

from ...errors import EnvironmentLost, UsageError
from ...screen import Screenshot, Size, read_image
from ...screen.screenshot import MAX_PIXELS
from .adb import Adb, last_line

_PNG = b"\x89PNG\r\n\x1a\n"
_WARNING_BYTES = 4096
"""With several displays, screencap writes a warning before the picture."""
_RGBA, _RGBX, _BGRA = 1, 2, 5


async def capture(adb: Adb, *, raw: bool = False) -> Screenshot:
    """The screen as it stands; turned when the device is. Raises EnvironmentLost where there is no picture.

    A PNG is made by the device, which takes it 0.2 to 1 s; `raw` pixels are sent as they are, 10 MB for 1080 x 2400,
    which is quicker for an emulator on the same machine.
    """
    data = await adb.read("screencap") if raw else await adb.read("screencap", "-p")
    return read_raw(data) if raw else read_png(data)


def read_png(data: bytes) -> Screenshot:
    """The picture after what screencap may have written before it."""
    start = data.find(_PNG, 0, _WARNING_BYTES)
    if start < 0:
        raise EnvironmentLost(f"the device gave no picture: {last_line(data[:500].decode('utf-8', 'replace'))}")
    try:
        return read_image(data[start:])
    except UsageError as error:
        raise EnvironmentLost(f"the device's picture cannot be read: {error}") from None


def read_raw(data: bytes) -> Screenshot:
    """Width, height and format as little-endian words, one word more since Android 9, then four bytes a pixel."""
    width, height, kind = struct.unpack_from("<III", data) if len(data) >= 12 else (0, 0, 0)
    head = len(data) - width * height * 4
    if head not in (12, 16) or not 0 < width * height <= MAX_PIXELS or kind not in (_RGBA, _RGBX, _BGRA):
        raise EnvironmentLost(f"the device's raw picture cannot be read: {len(data):,} bytes, format {kind}; use a PNG")
    size = Size(width, height)
    pixels = np.frombuffer(data, np.uint8, offset=head).reshape(size.height, size.width, 4)
    order = [2, 1, 0] if kind == _BGRA else [0, 1, 2]
    return Screenshot(pixels=np.ascontiguousarray(pixels[:, :, order]))
