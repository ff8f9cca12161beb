"""The pages of the `miniwob` package: which tasks there are, and a server on loopback that shows no other file."""

import mimetypes
import threading
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ...errors import UsageError

MISSING = "MiniWoB++ needs the pages of the miniwob package: pip install 'clickwright[miniwob]'"
_POLL_S = 0.05
_TIMEOUT_S = 30.0


@cache
def pages_folder() -> Path:
    """The folder `html` of the package, found without importing it, which would load selenium.

    Raises UsageError, with the command that installs it, where it is not there.
    """
    try:
        folder = Path(str(distribution("miniwob").locate_file("miniwob/html"))).resolve()
    except PackageNotFoundError:
        raise UsageError(MISSING) from None
    if (folder / "miniwob").is_dir():
        return folder
    raise UsageError(MISSING)


@cache
def task_names() -> tuple[str, ...]:
    """Every task of the package, sorted: 130 in miniwob 1.1.0."""
    return tuple(sorted(path.stem for path in (pages_folder() / "miniwob").glob("*.html")))


def require_task(name: str) -> None:
    """Raises UsageError for a task that there is not, with the names that come close."""
    names = task_names()
    if name in names:
        return
    close = get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else f"there are {len(names)}, such as {names[0]}"
    raise UsageError(f"MiniWoB++ has no task {name!r}; {hint}")


class PageServer:
    """Serves the package's pages on 127.0.0.1, at a port of its own, from a thread of its own."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Visit)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": _POLL_S}, name="miniwob pages", daemon=True
        )
        self._thread.start()

    def url(self, task: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/miniwob/{task}.html"

    def close(self) -> None:
        """Free the port; harmless when called twice."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Visit(BaseHTTPRequestHandler):
    timeout = _TIMEOUT_S

    def handle(self) -> None:
        with suppress(ConnectionError):  # the browser has closed while something was sent
            super().handle()

    def do_GET(self) -> None:
        file = _file_at(self.path)
        if file is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = file.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=3600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def _file_at(path: str) -> Path | None:
    """The file of the package that a request means; None for anything that is not inside its folder."""
    folder = pages_folder()
    wanted = unquote(urlsplit(path).path).lstrip("/")
    if "\0" in wanted:
        return None
    file = (folder / wanted).resolve()
    return file if file.is_relative_to(folder) and file.is_file() else None
