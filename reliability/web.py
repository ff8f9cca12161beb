"""A web server on loopback that keeps everything that it is sent."""

import asyncio
import contextlib
import ssl
from dataclasses import dataclass, field
from functools import cache

HEAD_S = 10.0
MAX_BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. `path` is with its query, `head` all lines before the body."""

    method: str
    path: str
    head: str
    body: str = ""

    @property
    def sent(self) -> str:
        """All that came with it."""
        return f"{self.head}\n{self.body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What stands at a path."""

    body: str = ""
    status: str = "200 OK"
    kind: str = "text/html; charset=utf-8"
    headers: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True, eq=False)
class Web:
    """Answers what `answers` has for a path, and `otherwise` for any other. With TLS where it is `secure`.

    `connections` counts those on which nothing was asked, too.
    """

    secure: bool = False
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    otherwise: Answer = field(default_factory=Answer)
    asked: list[Asked] = field(default_factory=list[Asked])
    connections: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.Task[None]] = field(default_factory=set["asyncio.Task[None]"])

    async def __aenter__(self) -> "Web":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("the server does not run")
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.secure else 'http'}://{host}:{self.port}{path}"

    def put(self, body: str, path: str = "/") -> str:
        """The URL of a page with this body."""
        self.answers[path] = Answer(body=f"<!doctype html><meta charset=utf-8><title>Page</title>{body}")
        return self.url(path)

    def redirect(self, path: str, to: str) -> str:
        """The URL of a page that leads elsewhere."""
        self.answers[path] = Answer(status="302 Found", headers=(f"Location: {to}",))
        return self.url(path)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            async with asyncio.timeout(HEAD_S):
                if self.secure:
                    await writer.start_tls(_certificate())
                await self._answer(reader, writer)
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the browser went away, or speaks another protocol; TimeoutError is an OSError
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
        method, path, _ = head.split("\r\n")[0].split(" ", 2)
        length = min(_length(head), MAX_BODY_BYTES)
        body = (await reader.readexactly(length)).decode("utf-8", "replace") if length else ""
        self.asked.append(Asked(method=method, path=path, head=head, body=body))
        found = self.answers.get(path.partition("?")[0], self.otherwise)
        content = found.body.encode()
        lines = (f"Content-Type: {found.kind}", f"Content-Length: {len(content)}", "Connection: close", *found.headers)
        writer.write("\r\n".join((f"HTTP/1.1 {found.status}", *lines, "", "")).encode() + content)
        with contextlib.suppress(ConnectionError):
            await writer.drain()


def _length(head: str) -> int:
    for line in head.split("\r\n"):
        name, _, value = line.partition(":")
        if name.lower() == "content-length" and value.strip().isdigit():
            return int(value)
    return 0


@cache
def _certificate() -> ssl.SSLContext:
    import trustme  # of the test extra

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued = trustme.CA().issue_cert("127.0.0.1", "localhost")
    issued.configure_cert(context)  # pyright: ignore[reportUnknownMemberType]
    return context
