"""The device's end of adb's own protocol, for the real `adb` program: what it is asked is done by a recorded device.

The protocol is that of https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/protocol.txt,
with the packets of its shell protocol. Without authentication, one service at a time.
"""

import socket
import struct
import subprocess
import threading
from pathlib import Path

HEAD = struct.Struct("<6I")
CNXN, OPEN, OKAY, CLSE, WRTE = (
    int.from_bytes(word, "little") for word in (b"CNXN", b"OPEN", b"OKAY", b"CLSE", b"WRTE")
)
VERSION, MAX_DATA = 0x01000001, 256 * 1024
BANNER = b"device::ro.product.name=recorded;ro.product.model=recorded;ro.product.device=recorded;features=shell_v2,cmd"
STDOUT, STDERR, EXIT = 1, 2, 3


class Adbd(threading.Thread):
    """Listens on `port` until it is stopped. `folder` is that of a RecordedDevice."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self._folder = folder
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._host: socket.socket | None = None
        self.services: list[str] = []
        self.port = int(self._listening.getsockname()[1])
        self.breaks_off = False
        """Whether the connection is lost when the next service is asked for."""

    def run(self) -> None:
        while True:
            try:
                self._host, _ = self._listening.accept()
            except OSError:
                return
            try:
                self._serve(self._host)
            except (OSError, EOFError):
                self._host.close()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        if self._host is not None:
            self._host.close()

    def _serve(self, host: socket.socket) -> None:
        streams = 0
        while True:
            command, theirs, _, data = receive(host)
            if command == CNXN:
                send(host, CNXN, VERSION, MAX_DATA, BANNER)
            elif command == OPEN:
                if self.breaks_off:
                    raise EOFError
                streams += 1
                send(host, OKAY, streams, theirs)
                self._do(host, streams, theirs, data.rstrip(b"\0").decode())

    def _do(self, host: socket.socket, ours: int, theirs: int, service: str) -> None:
        self.services.append(service)
        kind, _, line = service.partition(":")
        environment = {"PATH": str(self._folder / "device"), "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, env=environment, check=False)
        if kind == "exec":
            stream = done.stdout + done.stderr
        else:
            packets = ((STDOUT, done.stdout), (STDERR, done.stderr), (EXIT, bytes([done.returncode])))
            stream = b"".join(struct.pack("<BI", kind, len(data)) + data for kind, data in packets)
        for start in range(0, len(stream), MAX_DATA):
            send(host, WRTE, ours, theirs, stream[start : start + MAX_DATA])
            while receive_for(host, ours) != OKAY:
                pass
        send(host, CLSE, ours, theirs)


def receive_for(host: socket.socket, ours: int) -> int:
    """The next word for this stream; what is written to it, the end of its stdin, is taken and dropped."""
    command, theirs, mine, _ = receive(host)
    if command == WRTE:
        send(host, OKAY, mine, theirs)
    return command if mine == ours else 0


def receive(host: socket.socket) -> tuple[int, int, int, bytes]:
    command, first, second, length, _, _ = HEAD.unpack(exactly(host, HEAD.size))
    return command, first, second, exactly(host, length)


def exactly(host: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = host.recv(count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def send(host: socket.socket, command: int, first: int, second: int, data: bytes = b"") -> None:
    host.sendall(HEAD.pack(command, first, second, len(data), sum(data) & 0xFFFFFFFF, command ^ 0xFFFFFFFF) + data)
