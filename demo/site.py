"""The demo site as a process: `python -m clickwright.demo.site --state FILE --seed N` prints its URL.

It serves this machine only, keeps everything in the state file, and ends when its standard input closes, so that it
never outlives whoever started it. Started again on the same file it goes on where it stopped.
"""

import argparse
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from .pages import render
from .state import PAGES, State, apply, read_state, write_state

HOST = "127.0.0.1"
MAX_BODY_BYTES = 64 * 1024
_POLL_S = 0.05


class Site(ThreadingHTTPServer):
    """The server and what it knows. `targets` is where the page shown last said that its marked controls are."""

    daemon_threads = True

    def __init__(self, path: Path, state: State, port: int) -> None:
        super().__init__((HOST, port), _Visit)
        self._path = path
        self._lock = threading.Lock()
        self.targets = "[]"
        self.state = state.model_copy(update={"port": self.server_port})
        write_state(path, self.state)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    def use(self, act: str, value: str) -> State:
        """Use a control and keep what came of it."""
        with self._lock:
            after = apply(self.state, act, value)
            if after != self.state:
                write_state(self._path, after)
                self.state = after
            return after


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    @property
    def _site(self) -> Site:
        if not isinstance(self.server, Site):
            raise TypeError("a visit belongs to a Site")
        return self.server

    def do_GET(self) -> None:
        page = self.path.partition("?")[0].strip("/")
        if page == "targets":
            self._answer(200, self._site.targets, "application/json")
        elif page == "state":
            self._answer(200, self._site.state.model_dump_json(), "application/json")
        elif page in PAGES:
            self._site.targets = "[]"
            self._answer(200, render(self._site.use("page", page)), "text/html")
        elif page == "":
            self._redirect(self._site.state.page)
        else:
            self._answer(404, "There is no such page.", "text/plain")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            self._answer(413, "The form is too long.", "text/plain")
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        if self.path == "/targets":
            self._keep_targets(body)
        elif self.path == "/do":
            form = parse_qs(body, keep_blank_values=True)
            self._redirect(self._site.use(form.get("act", [""])[0], form.get("value", [""])[0]).page)
        else:
            self._answer(404, "There is no such form.", "text/plain")

    def _keep_targets(self, body: str) -> None:
        try:
            self._site.targets = json.dumps(json.loads(body))
        except ValueError:
            self._answer(400, "These are no targets.", "text/plain")
        else:
            self._answer(200, "", "text/plain")

    def _answer(self, status: int, text: str, kind: str) -> None:
        body = text.encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, page: str) -> None:
        self.send_response(303)
        self.send_header("Location", f"/{page}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: standard output carries the URL, and the run folder carries the rest."""


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(prog="clickwright.demo.site", description="Serve the demo site on this machine.")
    parser.add_argument("--port", type=int, help="by default where the file was last served, or a free one")
    parser.add_argument("--state", type=Path, required=True, help="the file that keeps what was done")
    parser.add_argument("--seed", type=int, default=0, help="content and layout, where the file is new")
    parser.add_argument("--page", choices=PAGES, default="shop", help="the page to begin on, where the file is new")
    given = parser.parse_args()
    known = given.state.exists()
    state = read_state(given.state) if known else State(seed=given.seed, page=given.page)
    site = Site(given.state, state, state.port if given.port is None else given.port)
    threading.Thread(target=site.serve_forever, kwargs={"poll_interval": _POLL_S}, daemon=True).start()
    sys.stdout.write(f"{site.url}\n")
    sys.stdout.flush()
    sys.stdin.read()
    site.shutdown()


if __name__ == "__main__":
    main()
