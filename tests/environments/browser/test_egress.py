"""A browser behind the proxy reaches what it may, and nothing else by any way that a page has."""

import asyncio
import typing
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, Chromium
from clickwright.environments.browser.egress import Egress
from clickwright.environments.browser.options import BrowserOptions, Proxy
from clickwright.environments.environment import Destination, Judge
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.reliability.channels import CHANNELS, LEAST, tried
from clickwright.tools import Navigate, Task

if typing.TYPE_CHECKING:
    from conftest import Site

in_browser = pytest.mark.asyncio(loop_scope="session")


class Evil:
    """Notes what arrives: the first part of each path, "" for a connection without a request."""

    def __init__(self) -> None:
        self.arrived: set[str] = set()

    async def on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split(b" ")[1:2]
        self.arrived.add(path[0].decode().split("/")[1] if path else "")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()


@pytest_asyncio.fixture(loop_scope="session")
async def evil() -> AsyncGenerator[tuple[Evil, int]]:
    """Where nothing may arrive: what notes it, and its port."""
    noted = Evil()
    server = await asyncio.start_server(noted.on_connection, "127.0.0.1", 0)
    yield noted, server.sockets[0].getsockname()[1]
    server.close()


def only(*ports: int) -> Judge:
    return lambda to: "" if to.host in ("127.0.0.1", "localhost") and to.port in ports else "it is not of this run"


@in_browser
async def test_no_way_of_a_page_leads_to_where_it_may_not(chromium: Chromium) -> None:
    kept = await tried(BrowserEnvironment(chromium=chromium), "page", secure=False, confined=True)
    assert kept.leaked == 0
    assert kept.refused > 30


@in_browser
async def test_the_same_ways_lead_there_where_nothing_keeps_them(chromium: Chromium) -> None:
    """Otherwise the test above would prove nothing."""
    free = await tried(BrowserEnvironment(chromium=chromium), "page", secure=False, confined=False)
    assert len(free.arrived) >= LEAST, CHANNELS.keys() - free.arrived


@in_browser
async def test_what_cannot_be_kept_is_refused(chromium: Chromium, site: "Site") -> None:
    """A page of the user's, a browser that runs elsewhere, one behind a proxy of its own."""
    own = BrowserEnvironment(chromium=chromium)
    await own.reset(Task(goal="look", start_url=site.put("<p>x</p>")))
    behind = BrowserOptions(proxy=Proxy(server="http://127.0.0.1:1"))
    for environment in (
        BrowserEnvironment.around(own.window.active.page),
        BrowserEnvironment(chromium=Chromium.connect("http://127.0.0.1:1")),
        BrowserEnvironment(chromium=Chromium.connect("http://127.0.0.1:1", own_context=True)),
        BrowserEnvironment(chromium=chromium, options=behind),
    ):
        with pytest.raises(UsageError, match="cannot be kept"):
            environment.confine(lambda to: "")
    await own.close()


@in_browser
@pytest.mark.parametrize("is_lasting", [False, True])
async def test_what_is_open_already_is_opened_anew(
    is_lasting: bool, evil: tuple[Evil, int], site: "Site", tmp_path: Path
) -> None:
    noted, port = evil
    environment = BrowserEnvironment(user_data_dir=tmp_path if is_lasting else None)
    task = Task(goal="look", start_url=site.put(f"<p>x</p><img src=http://127.0.0.1:{port}/before>"))
    await environment.reset(task)
    assert noted.arrived == {"before"}
    environment.confine(only(site.server_port))
    with pytest.raises(EnvironmentLost, match="opened anew"):
        await environment.observe()
    site.put(f"<p>x</p><img src=http://127.0.0.1:{port}/after>")
    await environment.reset(task)
    await environment.close()
    assert noted.arrived == {"before"}


@in_browser
async def test_a_place_that_may_not_be_reached_is_told(chromium: Chromium, site: "Site") -> None:
    environment = BrowserEnvironment(chromium=chromium)
    environment.confine(only(site.server_port))
    await environment.reset(Task(goal="look", start_url=site.put("<p>x</p>")))
    after = await environment.step(Navigate(url="https://127.0.0.1:8443/"))
    assert "the proxy does not let it through" in str(after.error)
    await environment.close()


async def asked(egress: Egress, *heads: bytes) -> bytes:
    """All that the proxy answers to bytes that are sent one after the other."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rpartition(":")[2]))
    for head in heads:
        writer.write(head)
        await writer.drain()
    writer.write_eof()
    try:
        return await asyncio.wait_for(reader.read(), 5)
    finally:
        writer.close()


async def test_a_request_and_a_tunnel_go_through(site: "Site") -> None:
    site.put("<p>Pears</p>", "/a")
    there = f"127.0.0.1:{site.server_port}"
    async with Egress(only(site.server_port)) as egress:
        plain = await asked(egress, f"GET http://{there}/a?x=1 HTTP/1.1\r\nHost: other\r\nProxy-X: y\r\n\r\n".encode())
        tunnel = f"CONNECT {there} HTTP/1.1\r\n\r\n".encode()
        through = await asked(egress, tunnel, f"GET /a HTTP/1.1\r\nHost: {there}\r\nConnection: close\r\n\r\n".encode())
        assert not egress.refused
    assert plain.startswith(b"HTTP/1.0 200")
    assert plain.count(b"Connection: close") == 1
    assert b"Pears" in plain
    assert through.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.0 200")
    assert b"Pears" in through


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://a@127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET ftp://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"GET http://127.0.0.1/ HTTP/2\r\n\r\n",
        b"GET  http://127.0.0.1/ HTTP/1.1\r\n\r\n",
        b"CONNECT /etc/passwd HTTP/1.1\r\n\r\n",
        b"CONNECT  HTTP/1.1\r\n\r\n",
        b"\xff\xfe\r\n\r\n",
        b"\r\n\r\n",
    ],
)
async def test_what_is_no_request_goes_nowhere(head: bytes) -> None:
    async with Egress(lambda to: "" if to.port == 1 else "asked") as egress:
        assert (await asked(egress, head)).startswith(b"HTTP/1.1 400")
        assert egress.refused == []


async def test_a_head_without_an_end_is_cut_off() -> None:
    async with Egress(lambda to: "never") as egress:
        assert await asked(egress, b"GET http://127.0.0.1/ HTTP/1.1\r\n", b"X: y\r\n" * 20_000) == b""


@pytest.mark.parametrize("target", ["http://rebound.test/", "http://REBOUND.test:80/x"])
async def test_a_name_is_judged_by_where_it_leads_and_looked_up_once(target: str, site: "Site") -> None:
    """A name that is allowed, and leads to this machine."""
    asked_for: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked_for.append(host)
        return ["127.0.0.1"]

    def judge(to: Destination) -> str:
        return "it leads into a private network" if "127.0.0.1" in to.addresses else ""

    async with Egress(judge, lookup=lookup) as egress:
        answer = await asked(egress, f"GET {target} HTTP/1.1\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 403")
    assert b"private network" in answer
    assert asked_for == ["rebound.test"]


async def test_a_name_that_is_refused_is_not_looked_up() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        raise AssertionError(f"{host} was looked up: a name server would have been told of it")

    async with Egress(lambda to: "no", lookup=lookup) as egress:
        assert (await asked(egress, b"CONNECT secret.evil.test:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 403")


async def test_hosts_that_do_not_answer_are_told() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        return []

    async with Egress(lambda to: "", lookup=nowhere) as egress:
        assert (await asked(egress, b"CONNECT a.test:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 502")
    async with Egress(lambda to: "") as egress:
        assert (await asked(egress, b"CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 502")


async def test_closing_ends_what_is_open(site: "Site") -> None:
    egress = Egress(lambda to: "")
    await egress.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(egress.url.rpartition(":")[2]))
    writer.write(f"CONNECT 127.0.0.1:{site.server_port} HTTP/1.1\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 200")
    await egress.close()
    await egress.close()
    assert await asyncio.wait_for(reader.read(), 5) in (b"\r\n", b"")
    writer.close()
    with pytest.raises(EnvironmentLost):
        assert egress.url
