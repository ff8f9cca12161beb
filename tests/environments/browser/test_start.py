"""How a browser is started, connected to or borrowed, and what its context is told: all read back from real pages."""

import asyncio
import base64
import json
import stat
import threading
import typing
from collections.abc import AsyncGenerator, Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import pytest_asyncio
from clickwright.environments import BrowserEnvironment, BrowserOptions, Chromium, Proxy, find_browser
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Point, Size
from clickwright.tools import Click, CloseTab, Drag, LongPress, NewTab, Scroll, Task, TypeText
from playwright.async_api import Browser, async_playwright

if typing.TYPE_CHECKING:
    from conftest import Open, Site

in_browser = pytest.mark.asyncio(loop_scope="session")
GO = Task(goal="go")
BUTTON = "<button id=b style='position:absolute; left:40px; top:30px; width:120px; height:40px'>Go</button>"
HERE = Click(point=Point(100, 50))
PHONE = Size(412, 915)
FIT = "<meta name=viewport content='width=device-width'>"


@in_browser
async def test_a_context_tells_pages_what_the_options_say(show: "Open") -> None:
    page = await show(
        options=BrowserOptions(
            user_agent="Clickwright/1",
            locale="de-DE",
            time_zone="Asia/Tokyo",
            colour_scheme="dark",
            permissions=("geolocation", "clipboard-read"),
            geolocation=(52.5, 13.4),
            headers={"X-Team": "blue"},
        )
    )
    assert await page.js("[navigator.userAgent, navigator.language, matchMedia('(prefers-color-scheme: dark)').matches,"
                         "Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "Clickwright/1", "de-DE", True, "Asia/Tokyo"
    ]  # fmt: skip
    place = "new Promise((done) => navigator.geolocation.getCurrentPosition((p) => done(p.coords.latitude)))"
    assert await page.js(place) == 52.5
    asked = (
        "Promise.all(['clipboard-read', 'notifications', 'camera'].map((name) => navigator.permissions.query({name})"
    )
    assert await page.js(f"{asked}.then((one) => one.state)))") == ["granted", "denied", "denied"]


@in_browser
async def test_without_options_no_page_can_ask_for_a_permission(show: "Open") -> None:
    page = await show()
    denied = "new Promise((done) => navigator.geolocation.getCurrentPosition(done, (fault) => done(fault.code)))"
    assert await page.js(denied) == 1


@pytest.mark.slow
@in_browser
@pytest.mark.parametrize("scale", [1.0, 2.0, 2.625])
@pytest.mark.parametrize("meta", [FIT, ""], ids=["fits", "wide"])
async def test_a_phone_takes_taps_where_it_is_seen(show: "Open", scale: float, meta: str) -> None:
    page = await show(
        f"{meta}<div id=d style='position:absolute; left:150px; top:300px; width:90px; height:90px;"
        "background:#f0f'></div><script>for (const kind of ['touchstart', 'mousedown', 'click']) d.addEventListener("
        "kind, (e) => { const at = e.touches ? e.touches[0] : e; note(kind, at.clientX, at.clientY) })</script>"
        "<script>let down; d.addEventListener('touchstart', () => down = performance.now());"
        "d.addEventListener('touchend', () => window.held = performance.now() - down)</script>",
        viewport=PHONE,
        device_scale=scale,
        options=BrowserOptions(mobile=True),
    )
    rows, columns = (page.first.screenshot.pixels == (255, 0, 255)).all(axis=2).nonzero()
    middle = Point((columns.min() + columns.max() + 1) / 2, (rows.min() + rows.max() + 1) / 2)
    assert (await page.step(Click(point=middle))).error is None
    log = [line.split() for line in await page.log()]
    assert [line[0] for line in log] == ["touchstart", "mousedown", "click"]
    pixel = 1 / (scale * await page.js("visualViewport.scale"))  # in CSS pixels
    await page.step(LongPress(point=middle, duration_s=0.8))
    assert await page.js("held") >= 780
    log += [line.split() for line in (await page.log())[3:]]
    assert [line[0] for line in log[3:]] == ["touchstart"]
    for _, x, y in log:
        assert max(abs(float(x) - 195), abs(float(y) - 345)) <= max(1.0, pixel)


@in_browser
async def test_fingers_tap_twice_and_slide(show: "Open") -> None:
    page = await show(
        f"{FIT}<div id=d style='position:absolute; left:50px; top:300px; width:90px; height:90px'></div>"
        "<div style='height:5000px'></div><script>d.onclick = () => note('tapped')</script>",
        viewport=PHONE,
        options=BrowserOptions(mobile=True),
    )
    await page.step(Click(point=Point(95, 345), count=2))
    assert await page.log() == ["tapped", "tapped"]
    seen = await page.step(Drag(path=(Point(200, 800), Point(200, 300)), duration_s=0.4))
    assert seen.page is not None
    assert seen.page.y1 < -300
    seen = await page.step(Scroll(point=Point(200, 400), dy=-5000))
    assert seen.page is not None
    assert seen.page.y1 == 0


@in_browser
async def test_styled_lists_are_drawn_in_the_page_and_clicked(show: "Open", site: "Site") -> None:
    list_ = (
        "<select id=s style='position:absolute; left:20px; top:20px; width:200px; height:30px'><option>Small<option>"
    )
    shadow = f"h.attachShadow({{mode: 'open'}}).innerHTML = `{list_}Large</select>`"
    for html in (f"{list_}Large</select>", f"<div id=h></div><script>{shadow}</script>"):
        page = await show(html, options=BrowserOptions(styled_selects=True))
        opened = await page.step(Click(point=Point(120, 35)))
        assert opened.events == ()
        drawn = (opened.screenshot.pixels != page.first.screenshot.pixels).any(axis=2).nonzero()[0]
        assert drawn.max() > 80  # below the field
        large = Point(120, 35 + (drawn.max() - 35) * 0.75)
        await page.step(Click(point=large))
        field = "(document.querySelector('select') || h.shadowRoot.querySelector('select')).value"
        assert await page.js(field) == "Large"


class ProxyVisit(BaseHTTPRequestHandler):
    """A proxy that wants to know who asks, and answers everything itself."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(b"ann:secret").decode()
        if self.headers.get("Proxy-Authorization") != wanted:
            self.send_response(407)
            self.send_header("Proxy-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = f"<title>by proxy</title>{self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def proxy() -> Generator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), ProxyVisit)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@in_browser
async def test_a_proxy_with_credentials_carries_loopback_too(chromium: Chromium, site: "Site", proxy: str) -> None:
    told = Proxy(server=proxy, username="ann", password="secret")
    assert "secret" not in repr(told)
    environment = BrowserEnvironment(site.put("direct"), chromium=chromium, options=BrowserOptions(proxy=told))
    assert (await environment.reset(GO)).title == "by proxy"
    await environment.close()


@in_browser
async def test_storage_state_is_loaded_and_kept(chromium: Chromium, site: "Site", tmp_path: Path) -> None:
    count = "<script>document.title = localStorage.n = +(localStorage.n || 0) + 1; document.cookie = 'a=1'</script>"
    url, file = site.put(count), tmp_path / "login" / "state.json"
    options = BrowserOptions(storage_state=file, keeps_storage_state=True)
    for title in ("1", "2"):
        environment = BrowserEnvironment(url, chromium=chromium, options=options)
        assert (await environment.reset(GO)).title == title
        await environment.close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["cookies"][0]["name"] == "a"
    reader = BrowserEnvironment(url, chromium=chromium, options=BrowserOptions(storage_state=file))
    for _ in range(2):
        assert (await reader.reset(GO)).title == "3"
    await reader.save_storage_state(tmp_path / "again.json")
    assert (tmp_path / "again.json").exists()
    await reader.close()
    file.write_text("[]")
    with pytest.raises(UsageError, match="holds no cookies"):
        await reader.reset(GO)


def test_options_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(UsageError, match="in which file"):
        BrowserOptions(keeps_storage_state=True)
    with pytest.raises(UsageError, match="at least 0"):
        BrowserOptions(max_downloads=-1)


class Running(typing.NamedTuple):
    """A browser of the user's: it runs, with a tab in it."""

    browser: Browser
    endpoint: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Running]:
    async with async_playwright() as driver:
        arguments = ["--disable-gpu", "--remote-debugging-port=0"]
        folder = tmp_path_factory.mktemp("profile")
        context = await driver.chromium.launch_persistent_context(
            folder, executable_path=str(find_browser()), chromium_sandbox=False, args=arguments, no_viewport=True
        )
        port = (folder / "DevToolsActivePort").read_text().split()[0]
        assert context.browser is not None
        yield Running(context.browser, f"http://127.0.0.1:{port}")
        await context.close()


@in_browser
async def test_a_running_browser_is_used_and_left_as_it_was(running: Running, site: "Site") -> None:
    context = running.browser.contexts[0]
    mine = context.pages[0]
    await mine.goto(site.put("mine <script>document.cookie = 'login=ann'; localStorage.n = 7</script>"))
    site.put(f"<a href=/three target=_blank>{BUTTON}</a><script>document.title = document.cookie</script>", "/two")
    site.put("three", "/three")
    environment = BrowserEnvironment(site.url("/two"), chromium=Chromium.connect(running.endpoint))
    first = await environment.reset(GO)
    assert (first.title, first.screenshot.size, len(first.tabs)) == ("login=ann", Size(1288, 728), 1)
    seen = await environment.step(HERE)
    assert (seen.effect, seen.url, len(seen.tabs)) == ("new_tab", site.url("/three"), 2)
    elsewhere = await context.new_page()  # the user goes on
    assert len((await environment.observe()).tabs) == 2
    await elsewhere.close()
    assert (await environment.reset(GO)).title == "login=ann"
    await environment.close()
    await environment.chromium.close()
    for _ in range(40):
        if context.pages == [mine]:
            break
        await asyncio.sleep(0.05)
    assert context.pages == [mine]
    assert await mine.evaluate("localStorage.n") == "7"


@in_browser
async def test_a_running_browser_gives_a_context_of_its_own(running: Running, site: "Site") -> None:
    url = site.put("<script>document.title = document.cookie + devicePixelRatio</script>")
    async with Chromium.connect(running.endpoint, own_context=True) as chromium:
        environment = BrowserEnvironment(url, chromium=chromium, device_scale=1.5, options=BrowserOptions(locale="fr"))
        assert (await environment.reset(GO)).title == "1.5"
        await environment.close()
    assert running.browser.is_connected()
    with pytest.raises(UsageError, match="own_context=True"):
        await BrowserEnvironment(chromium=Chromium.connect(running.endpoint), device_scale=2).reset(GO)


@in_browser
async def test_nothing_to_connect_to_is_one_sentence() -> None:
    environment = BrowserEnvironment(chromium=Chromium.connect("http://127.0.0.1:9"))
    with pytest.raises(EnvironmentLost, match=r"^no browser answered at http://127.0.0.1:9"):
        await environment.reset(GO)
    await environment.chromium.close()


@in_browser
async def test_a_page_of_the_user_is_acted_on_and_stays(running: Running, site: "Site") -> None:
    own = await running.browser.contexts[0].new_page()
    await own.set_viewport_size({"width": 900, "height": 600})
    await own.goto(site.put(f"{BUTTON}<input id=f><script>b.onclick = () => {{ note(1); open('/two') }}</script>"))
    site.put("two", "/two")
    environment = BrowserEnvironment.around(own)
    first = await environment.reset(GO)
    assert (first.url, first.screenshot.size, len(first.tabs)) == (site.url(), Size(900, 600), 1)
    seen = await environment.step(HERE)
    assert (seen.effect, seen.url) == ("new_tab", site.url("/two"))
    assert (await environment.step(CloseTab(index=0))).error == "this tab is the user's and stays open"
    await environment.step(NewTab())
    await environment.close()
    assert not own.is_closed()
    assert len(running.browser.contexts[0].pages) == 2
    assert await own.evaluate("log") == ["1"]
    other = BrowserEnvironment.around(own)
    await other.reset(Task(goal="go", start_url=site.url("/two")))
    assert own.url == site.url("/two")
    await own.close()
    with pytest.raises(EnvironmentLost):
        await other.observe()
    with pytest.raises(EnvironmentLost, match="was closed"):
        await other.reset(GO)
    with pytest.raises(UsageError, match="async_api"):
        BrowserEnvironment.around(typing.cast(typing.Any, "page"))


@in_browser
@pytest.mark.parametrize("scale", [1.5, 2.0])
async def test_a_page_of_the_user_on_a_dense_display(chromium: Chromium, site: "Site", scale: float) -> None:
    context = await chromium.open_context(Size(900, 600), scale)
    own = await context.new_page()
    await own.goto(site.put(f"{BUTTON}<script>onmousedown = (e) => note(e.clientX, e.clientY)</script>"))
    environment = BrowserEnvironment.around(own)
    first = await environment.reset(GO)
    assert (first.screenshot.size, first.screenshot.scale) == (Size(round(900 * scale), round(600 * scale)), scale)
    await environment.step(Click(point=Point(100, 50).scale(scale, scale)))
    await environment.step(TypeText(text="x"))
    assert await own.evaluate("log") == ["100 50"]
    await environment.close()
    await context.close()


async def test_a_window_of_the_user_on_a_display_that_is_dense_itself(site: "Site") -> None:
    target = "<div style='position:absolute; left:100px; top:60px; width:20px; height:20px; background:#f0f'></div>"
    url = site.put(f"{target}<script>onmousedown = (e) => note(e.clientX, e.clientY)</script>")
    async with Chromium(arguments=("--force-device-scale-factor=2",)) as chromium:
        browser = (await chromium.open_context(Size(9, 9), 1)).browser
        assert browser is not None
        own = await (await browser.new_context(no_viewport=True)).new_page()
        width, height = await own.evaluate("[innerWidth, innerHeight]")
        environment = BrowserEnvironment.around(own)
        first = await environment.reset(Task(goal="go", start_url=url))
        assert first.screenshot.size == Size(2 * width, 2 * height)
        rows, columns = (first.screenshot.pixels == (255, 0, 255)).all(axis=2).nonzero()
        await environment.step(Click(point=Point((columns.min() + columns.max() + 1) / 2, rows.mean() + 0.5)))
        assert await own.evaluate("log") == ["110 70"]
        (tile,) = await environment.tiles()
        assert tile.screenshot.size == first.screenshot.size
        await environment.close()
