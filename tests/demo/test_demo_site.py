"""The site as a process: served on loopback, kept in a file, gone with whoever started it."""

import http.client
import json
import socket
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from clickwright.demo.process import SiteProcess
from clickwright.demo.state import State, write_state
from clickwright.errors import EnvironmentLost


def ask(url: str, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    finally:
        connection.close()


def use(url: str, act: str, value: str = "") -> int:
    return ask(url, "POST", "/do", urlencode({"act": act, "value": value}))[0]


def test_it_goes_on_where_it_was_on_the_same_port(tmp_path: Path):
    with SiteProcess(tmp_path, State(seed=4, page="todo")) as site:
        first = site.url
        assert use(first, "add", "paint 中文") == 303
        assert site.state.entries[0].text == "paint 中文"
    with SiteProcess(tmp_path, State(seed=99)) as site:
        assert site.url == first
        assert site.state.seed == 4
        status, page = ask(site.url, "GET", "/todo")
        assert (status, "paint 中文" in page) == (200, True)


def test_it_ends_with_whoever_started_it(tmp_path: Path):
    with SiteProcess(tmp_path, State(seed=1)) as site:
        place = urlsplit(site.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=5)


def test_odd_requests_are_refused_and_change_nothing(tmp_path: Path):
    with SiteProcess(tmp_path, State(seed=1)) as site:
        before = site.state
        assert ask(site.url, "GET", "/../../etc/passwd")[0] == 404
        assert ask(site.url, "POST", "/elsewhere", "x")[0] == 404
        assert ask(site.url, "POST", "/do", **{"Content-Length": "99999999"})[0] == 413
        assert ask(site.url, "POST", "/targets", "[1, 2")[0] == 400
        assert site.state == before


def test_a_wrong_click_is_remembered(tmp_path: Path):
    with SiteProcess(tmp_path, State(seed=1)) as site:
        use(site.url, "gift-cards")
        assert site.state.strays == ("gift-cards",)
        assert json.loads(ask(site.url, "GET", "/state")[1])["strays"] == ["gift-cards"]


def test_a_damaged_state_is_told_and_not_overwritten(tmp_path: Path):
    write_state(tmp_path / "site.json", State(seed=1))
    (tmp_path / "site.json").write_text("{", "utf-8")
    with pytest.raises(EnvironmentLost, match=r"did not start; .*site\.log"), SiteProcess(tmp_path, State(seed=1)):
        pass
    assert (tmp_path / "site.json").read_text("utf-8") == "{"
    assert "is not the state of a demo site" in (tmp_path / "site.log").read_text("utf-8")
