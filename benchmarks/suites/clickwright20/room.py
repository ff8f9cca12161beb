"""A server on loopback: the files of the applications, the pages of the episode, and what its application asks for."""

import mimetypes
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_POLL_S = 0.02
_TIMEOUT_S = 30.0
_MAX_BODY_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of the page. `path` begins behind the episode's own part of the address, without a slash.

    The names of `headers` are in small letters.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the page is told."""

    body: bytes = b""
    kind: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


Answers = Callable[[Asked], Answer | None]


def no_answer(asked: Asked) -> Answer | None:
    """That of an application without a server."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is served during one episode.

    `answers` is asked first. Where it does not know, `pages` are HTML documents by their paths, and all that starts
    with `apps/` is a file of the applications. `dress` goes into the head of every document. Files come no sooner than
    `slow_s` after the first document, and answers take half as long.
    """

    pages: Mapping[str, str] = field(default_factory=dict[str, str])
    answers: Answers = no_answer
    dress: str = ""
    slow_s: float = 0.0


class Room:
    """Serves one scene at a time on 127.0.0.1, at a port of its own, from threads of its own."""

    def __init__(self, apps: Path) -> None:
        self._apps = apps.resolve()
        self._scene = Scene()
        self._number = 0
        self._opened_s: float | None = None
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="applications", daemon=True
        )
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def base(self) -> str:
        """The address of the episode, up to and with a slash: what an earlier one left open asks in vain."""
        return f"{self.origin}/{self._number}/"

    def show(self, scene: Scene) -> None:
        """Serve this scene at a new address, and no other any more."""
        self._number += 1
        self._scene, self._opened_s = scene, None

    def close(self) -> None:
        """Free the port; harmless when called twice."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def answer(self, target: str, visit: Callable[[str, str], Asked]) -> Answer:
        """What is at an address. `visit` makes the request of a path and a query."""
        parts = urlsplit(target)
        number, _, path = unquote(parts.path).lstrip("/").partition("/")
        scene = self._scene
        if number != str(self._number):
            return Answer(status=HTTPStatus.GONE)
        asked = visit(path, parts.query)
        found = scene.answers(asked)
        if found is not None:
            time.sleep(scene.slow_s / 2)
            return found
        if asked.method == "GET" and path in scene.pages:
            return self._document(scene, scene.pages[path].encode())
        if asked.method == "GET" and path.startswith("apps/"):
            return self._file(scene, path.removeprefix("apps/"))
        return Answer(status=HTTPStatus.NOT_FOUND)

    def _document(self, scene: Scene, html: bytes) -> Answer:
        if self._opened_s is None:
            self._opened_s = time.monotonic()
        dressed = html.replace(b"<head>", b"<head>" + scene.dress.encode(), 1) if scene.dress else html
        return Answer(body=dressed, kind="text/html; charset=utf-8")

    def _file(self, scene: Scene, path: str) -> Answer:
        if "\0" in path:
            return Answer(status=HTTPStatus.NOT_FOUND)
        file = (self._apps / path).resolve()
        if not file.is_relative_to(self._apps) or not file.is_file():
            return Answer(status=HTTPStatus.NOT_FOUND)
        if file.suffix == ".html":
            return self._document(scene, file.read_bytes())
        if self._opened_s is not None:
            time.sleep(max(0.0, self._opened_s + scene.slow_s - time.monotonic()))
        return Answer(body=file.read_bytes(), kind=mimetypes.guess_type(file.name)[0] or "application/octet-stream")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, room: Room) -> None:
        self.room = room
        super().__init__(("127.0.0.1", 0), _Visit)


class _Visit(BaseHTTPRequestHandler):
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]
    timeout = _TIMEOUT_S

    def _serve(self) -> None:
        answer = self.server.room.answer(self.path, self._asked)
        self.send_response(answer.status)
        told = {"Content-Type": answer.kind, "Content-Length": str(len(answer.body)), "Cache-Control": "no-store"}
        for name, value in {**told, **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _asked(self, path: str, query: str) -> Asked:
        length = min(int(self.headers.get("Content-Length") or 0), _MAX_BODY_BYTES)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Asked(method=self.command, path=path, query=query, headers=headers, body=self.rfile.read(length))

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        pass
