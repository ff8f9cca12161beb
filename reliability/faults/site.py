"""A web site on loopback that behaves as badly as asked: it never answers, resets, drips, redirects in a circle."""

import asyncio
import socket
import ssl
import struct

STYLE = "<style>html, body { margin: 0 } #b { width: 200px; height: 60px }</style><button id=b>Go</button>"
GOOD = f"""{STYLE}<script>
  document.cookie = "seen=yes"; localStorage.seen = "yes";
  b.onclick = () => {{ document.title = "clicked"; document.body.style.background = "rgb(0,200,0)" }};
</script>"""
_RESET = struct.pack("ii", 1, 0)
"""Of SO_LINGER: closing throws away what was not sent, and tells the other side so."""


class BadSite:
    """What stands in `pages`, and under /never, /reset, /drip, /loop, /endless and /large what their names say.

    `secure` is the same site by TLS, with a certificate that nobody knows.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str] = {"/": GOOD}
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "BadSite":
        for context in (None, _unknown_certificate()):
            self._servers.append(await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context))
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{_port(self._servers[0])}{path}"

    @property
    def secure(self) -> str:
        return f"https://127.0.0.1:{_port(self._servers[1])}/"

    @property
    def nowhere(self) -> str:
        """Where nobody listens: the port was free just now, and browsers open it."""
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            return f"http://127.0.0.1:{one.getsockname()[1]}/"

    def put(self, html: str, path: str = "/bad") -> str:
        """The URL of a page with this body, after a button of 200 by 60 pixels in the corner."""
        self.pages[path] = STYLE + html
        return self.url(path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("asyncio calls this in a task")
        self._open.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(head.split(b" ")[1].decode(), writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # asyncio would report it
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        match path.partition("?")[0]:
            case "/never":
                await asyncio.sleep(3600)
            case "/reset":
                await _send(writer, "200 OK", "<p>half", "Content-Length: 9999")
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                writer.transport.abort()
            case "/drip":
                await _send(writer, "200 OK", f"{STYLE}<p>", "Content-Length: 9999")
                await _for_ever(writer, b"a", 1.0)
            case "/loop":
                await _send(writer, "302 Found", "", f"Location: /loop?{len(path)}", "Content-Length: 0")
            case "/endless":
                await _send(writer, "200 OK", "x", "Content-Disposition: attachment; filename=endless.bin")
                await _for_ever(writer, b"x" * 1000, 0.2)
            case "/large":
                await _send(writer, "200 OK", "x" * 1_000_000, "Content-Disposition: attachment; filename=large.bin")
            case known:
                body = self.pages.get(known)
                status = "404 Not Found" if body is None else "200 OK"
                page = f"<!doctype html><meta charset=utf-8><title>{known}</title>{body or ''}"
                await _send(writer, status, page, f"Content-Length: {len(page.encode())}")


async def _send(writer: asyncio.StreamWriter, status: str, body: str, *headers: str) -> None:
    kind = "application/octet-stream" if any("attachment" in one for one in headers) else "text/html; charset=utf-8"
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *headers, "", "")
    writer.write("\r\n".join(lines).encode() + body.encode())
    await writer.drain()


async def _for_ever(writer: asyncio.StreamWriter, piece: bytes, every_s: float) -> None:
    while True:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(every_s)


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


def _unknown_certificate() -> ssl.SSLContext:
    import trustme  # of the test extra

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context
