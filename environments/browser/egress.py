"""A proxy on loopback that a browser is made to speak through: no byte leaves for a place that a run may not use.

What Playwright routes is no boundary: redirects, workers and web sockets pass it by. Names are looked up here, once,
and the connection goes to the very address that was judged, so that a name cannot be bound to another in between.
"""

import asyncio
import contextlib
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

import ada_url

from ...errors import EnvironmentLost
from ..environment import Destination, Judge

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, for a port; empty where it has none."""

HEAD_BYTES = 65_536
HEAD_S = 20.0
CONNECT_S = 10.0
NEXT_S = 1.0
"""How long one of several addresses has before the next is tried."""
LINGER_S = 30.0
"""How long a host may go on to answer a browser that has said all it had to say, or is gone."""
LOOKUPS = 4
MAX_NOTED = 100
_CHUNK = 65_536
_HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]{1,255}):[0-9]{1,5}")
_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "upgrade", "host")
)


class Egress:
    """Lets through what a judge allows, HTTP and tunnels; all else gets an answer of 403 that says why.

    `refused` notes the first of what was refused. Belongs to the event loop in which it is started.
    """

    def __init__(self, judge: Judge, *, lookup: Lookup | None = None) -> None:
        self.judge = judge
        self._lookup = lookup or self._addresses
        self._server: asyncio.Server | None = None
        self._names: ThreadPoolExecutor | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self.refused: list[str] = []

    async def __aenter__(self) -> "Egress":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """What a browser is given as its proxy. Raises EnvironmentLost while it does not run."""
        if self._server is None:
            raise EnvironmentLost("the proxy that keeps the browser to its places does not run")
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def start(self) -> None:
        """Listen, on a port that is free. Harmless when called again."""
        if self._server is None:
            self._server = await asyncio.start_server(self._visit, "127.0.0.1", 0, limit=HEAD_BYTES)

    async def close(self) -> None:
        """End every connection. Harmless when called twice."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)
        if self._names is not None:
            self._names.shutdown(wait=False, cancel_futures=True)
            self._names = None

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        """In threads of their own: names that nobody answers for must not hold up the agent's."""
        self._names = self._names or ThreadPoolExecutor(LOOKUPS, "clickwright-names")
        look = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._names, look)
        except (socket.gaierror, UnicodeError):
            return ()
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    async def _visit(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.current_task()
        if visit is not None:
            self._visits.add(visit)
            visit.add_done_callback(self._visits.discard)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # one of the two sides went away, or the proxy ends
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request, and the tunnel that it asks for."""
        try:
            async with asyncio.timeout(HEAD_S):
                request = _Request.read(await reader.readuntil(b"\r\n\r\n"))
        except TimeoutError:
            return
        except ValueError:
            await _answer(writer, 400, "this is no request to a proxy")
            return
        there = await self._open(request.destination, writer)
        if there is None:
            return
        upstream, outwards = there
        try:
            if request.is_tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                outwards.write(request.forwarded())
            back = _pump(upstream, writer) if request.is_tunnel else _respond(upstream, writer)
            await _both(_pump(reader, outwards), back)
        finally:
            outwards.close()

    async def _open(
        self, destination: Destination, writer: asyncio.StreamWriter
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to one of the addresses that were judged; None where the refusal was answered."""
        reason = self.judge(destination)
        if not reason:
            try:
                async with asyncio.timeout(CONNECT_S):
                    addresses = await self._lookup(destination.host, destination.port)
            except TimeoutError:
                addresses = ()
            if not addresses:
                await _answer(writer, 502, f"{destination.host} is not known")
                return None
            destination = replace(destination, addresses=tuple(addresses))
            reason = self.judge(destination)
        if reason:
            if len(self.refused) < MAX_NOTED:
                self.refused.append(f"{destination.host}:{destination.port}: {reason}")
            await _answer(writer, 403, reason)
            return None
        for number, address in enumerate(destination.addresses, 1):
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(CONNECT_S if number == len(destination.addresses) else NEXT_S):
                    return await asyncio.open_connection(address, destination.port)
        await _answer(writer, 502, f"{destination.host}:{destination.port} does not answer")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What a browser asks a proxy for. `target` is the path of a plain request, empty for a tunnel."""

    destination: Destination
    method: str = "CONNECT"
    target: str = ""
    headers: tuple[bytes, ...] = ()
    host: str = ""

    @property
    def is_tunnel(self) -> bool:
        return self.method == "CONNECT"

    @classmethod
    def read(cls, head: bytes) -> "_Request":
        """Raises ValueError for anything but a tunnel or a plain request with a whole http URL."""
        first, *headers = head[:-4].split(b"\r\n")
        method, target, version = first.decode("ascii").split(" ")
        if not version.startswith("HTTP/1."):
            raise ValueError(version)
        is_tunnel = method == "CONNECT"
        if is_tunnel and not _HOST_AND_PORT.fullmatch(target):
            raise ValueError(target)
        url = ada_url.URL(f"https://{target}" if is_tunnel else target)
        if (url.protocol != ("https:" if is_tunnel else "http:")) or url.username or url.password or not url.hostname:
            raise ValueError(target)
        port = int(url.port) if url.port else (443 if is_tunnel else 80)
        destination = Destination(host=url.hostname.strip("[]"), port=port)
        if is_tunnel:
            return cls(destination=destination)
        path = f"{url.pathname}{url.search}"
        return cls(destination=destination, method=method, target=path, headers=tuple(headers), host=url.host)

    def forwarded(self) -> bytes:
        """The same request as the host itself takes it, one to a connection."""
        kept = [line for line in self.headers if _name(line) not in _HOP_BY_HOP]
        first = f"{self.method} {self.target} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close".encode()
        return b"\r\n".join([first, *kept, b"", b""])


async def _respond(upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The answer to a plain request, after which the connection is not used again."""
    while True:
        first, *headers = (await upstream.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
        is_final = not first.split(b" ")[1:2] or not first.split(b" ")[1].startswith(b"1")
        kept = [line for line in headers if _name(line) not in _HOP_BY_HOP]
        writer.write(b"\r\n".join([first, *kept, *([b"Connection: close"] if is_final else []), b"", b""]))
        if is_final:
            return await _pump(upstream, writer)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything from one side to the other, until it ends."""
    while chunk := await reader.read(_CHUNK):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _both(out: Awaitable[None], back: Awaitable[None]) -> None:
    """Until what comes back has ended, or has had its time after the last that was sent."""
    both = asyncio.ensure_future(out), asyncio.ensure_future(back)
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(both[1:], timeout=LINGER_S)
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _answer(writer: asyncio.StreamWriter, status: int, reason: str) -> None:
    body = f"{reason}\n".encode()
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
    with contextlib.suppress(ConnectionError):
        await writer.drain()


def _name(line: bytes) -> str:
    return line.partition(b":")[0].strip().lower().decode("latin-1")
