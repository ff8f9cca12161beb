"""A run followed in the browser while it goes on: served on loopback, to whoever knows the address."""

import hmac
import json
import re
import secrets
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ...errors import UsageError
from ..record.folder import RUN, STEPS, RunFolder
from ..record.trace import Trajectory
from .pictures import Linked
from .report import render

LOOPBACK = "127.0.0.1"
LINGER_S = 2.0
"""How long a page may take to ask for the end of a run: three of its questions."""
_POLL_S = 0.05
_STATE = "state"
_POLICY = "img-src 'self' data:; connect-src 'self'"
_FRAME = re.compile(r"frames/([0-9a-f]{64})\.png")
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Live:
    """The page of one run and its pictures, read from its folder as they are asked for. Nothing can be changed.

    Only this machine can reach it, only by the name or the address of loopback, and only with the token in its `url`.
    """

    def __init__(self, run_dir: Path | str, *, port: int = 0) -> None:
        """Raises UsageError where the port is taken."""
        self._folder = RunFolder(Path(run_dir))
        self._token = secrets.token_urlsafe(32)
        try:
            self._server = _Server((LOOPBACK, port), self)
        except OSError as error:
            raise UsageError(f"port {port} of {LOOPBACK} cannot be served: {error.strerror}") from None
        self.port = self._server.server_port
        self._is_watched = self._is_over = False
        self._caught_up = threading.Event()
        self._hosts = {f"{name}:{self.port}" for name in (LOOPBACK, "localhost")}

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/{self._token}/"

    def serve(self) -> None:
        """Serve until Ctrl-C."""
        try:
            self._server.serve_forever()
        except KeyboardInterrupt:
            return
        finally:
            self._server.server_close()

    @contextmanager
    def beside(self) -> Generator[str]:
        """Serve in a thread while something else goes on, and until a page that is open has shown its end."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True).start()
        try:
            yield self.url
            self._is_over = True
            if self._is_watched:
                self._caught_up.wait(LINGER_S)
        finally:
            self._server.shutdown()
            self._server.server_close()

    def answer(self, host: str, path: str) -> "Answer":
        """What is given for a path to one that asks for this host."""
        if host not in self._hosts:
            return Answer(HTTPStatus.FORBIDDEN)
        _, token, place = path.split("/", 2) if path.count("/") >= 2 else ("", "", "")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            return Answer(HTTPStatus.NOT_FOUND)
        if place == _STATE:
            state = json.dumps({"version": self._version()})
            return Answer(HTTPStatus.OK, "application/json", state.encode())
        if place == "":
            was_over, self._is_watched = self._is_over, True
            page = self._page().encode()
            if was_over:
                self._caught_up.set()
            return Answer(HTTPStatus.OK, "text/html; charset=utf-8", page)
        frame = _FRAME.fullmatch(place)
        return Answer(HTTPStatus.NOT_FOUND) if frame is None else self._picture(frame[1])

    def _version(self) -> str:
        """Changes when the run does."""
        told: list[str] = []
        for name in (RUN, STEPS):
            try:
                found = (self._folder.path / name).stat()
            except OSError:
                continue
            told.append(f"{found.st_mtime_ns}-{found.st_size}")
        return ".".join(told)

    def _page(self) -> str:
        return render(self._run(), self._folder, frames=Linked(), policy=_POLICY, live=_STATE)

    def _run(self) -> Trajectory:
        """The run so far. A step that is being written is shown when it is whole."""
        try:
            run = self._folder.read()
        except UsageError as error:
            warnings = (str(error),) if self._folder.is_used else ()
            return Trajectory(info=None, steps=(), warnings=warnings)
        return run if run.outcome else run.model_copy(update={"warnings": ()})

    def _picture(self, frame: str) -> "Answer":
        try:
            png = self._folder.frame_path(frame).read_bytes()
        except OSError:
            return Answer(HTTPStatus.NOT_FOUND)
        return Answer(HTTPStatus.OK, "image/png", png, keeps=True)


class Answer:
    """A status and, where it is OK, a body. One that `keeps` never changes."""

    __slots__ = ("body", "keeps", "kind", "status")

    def __init__(self, status: HTTPStatus, kind: str = "text/plain", body: bytes = b"", *, keeps: bool = False) -> None:
        self.status, self.kind, self.body, self.keeps = status, kind, body, keeps


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], live: Live) -> None:
        super().__init__(address, _Visit)
        self.live = live


class _Visit(BaseHTTPRequestHandler):
    """Knows GET only; every other method is refused by the standard library."""

    timeout = 30
    server_version, sys_version = "clickwright", ""

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser has closed while something was sent
            super().handle()

    def do_GET(self) -> None:
        """The page, its state or a picture, for who names this host and the token."""
        if not isinstance(self.server, _Server):
            raise TypeError("a visit belongs to a live page")
        hosts = self.headers.get_all("Host") or []
        answer = self.server.live.answer(hosts[0] if len(hosts) == 1 else "", self.path)
        self.send_response(answer.status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Cache-Control", "private, max-age=86400, immutable" if answer.keeps else "no-store")
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
