"""Who may use a virtual display: this user, and nobody else on the machine.

Xvfb lets every user of the machine in unless it has a key. With a key, each program would have to be told of it; so
the key is used once, here, to let in whatever runs as this user. Written in the bytes of the X11 protocol, because
python-xlib knows neither this request nor a key that is not in a file of its own choice.
"""

import os
import secrets
import socket
import struct
import tempfile
from pathlib import Path

from ...errors import EnvironmentLost

_KIND = b"MIT-MAGIC-COOKIE-1"
_ANY_DISPLAY = 0xFFFF
_CHANGE_HOSTS, _GET_INPUT_FOCUS = 109, 43
_SERVER_INTERPRETED = 5
_ANSWER_S = 5.0


class Key:
    """A secret that a display asks for. Its file must stay for as long as the display runs: without, all are let in."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="clickwright-")
        self._secret = secrets.token_bytes(16)
        self.file = Path(self._folder.name) / "key"
        fields = (b"", b"", _KIND, self._secret)
        entry = b"".join(struct.pack(">H", len(field)) + field for field in fields)
        self.file.write_bytes(struct.pack(">H", _ANY_DISPLAY) + entry)

    def let_this_user_in(self, number: str) -> None:
        """Tell the display of this number. Raises EnvironmentLost where it does not answer."""
        user = f"localuser\0#{os.getuid()}".encode()
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(_ANSWER_S)
                line.connect(f"/tmp/.X11-unix/X{number}")  # noqa: S108  where all displays are
                line.sendall(struct.pack("=cxHHHHxx", b"l", 11, 0, len(_KIND), len(self._secret)))
                line.sendall(_padded(_KIND) + _padded(self._secret))
                is_in, *_, words = struct.unpack("=B5xH", _receive(line, 8))
                _receive(line, words * 4)
                if is_in != 1:
                    raise EnvironmentLost("the virtual display did not take its own key")
                length = 2 + len(_padded(user)) // 4
                request = struct.pack("=BxHBxH", _CHANGE_HOSTS, length, _SERVER_INTERPRETED, len(user))
                line.sendall(request + _padded(user) + struct.pack("=BxH", _GET_INPUT_FOCUS, 1))
                if _receive(line, 32)[0] != 1:  # an error of the request before comes first
                    raise EnvironmentLost("the virtual display did not let this user in")
        except (OSError, struct.error) as error:
            raise EnvironmentLost(f"the virtual display did not answer: {error}") from error

    def forget(self) -> None:
        """Remove the file. Harmless when called twice."""
        self._folder.cleanup()


def _padded(field: bytes) -> bytes:
    return field + bytes(-len(field) % 4)


def _receive(line: socket.socket, count: int) -> bytes:
    whole = b""
    while len(whole) < count:
        more = line.recv(count - len(whole))
        if not more:
            raise OSError("it closed the connection")
        whole += more
    return whole
