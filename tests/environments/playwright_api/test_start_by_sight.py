"""Which browser is started, what its pages are told, and what is said where there is none."""

import asyncio
import json
import typing
from importlib.util import find_spec
from pathlib import Path

import pytest
from clickwright.environments import BrowserOptions, PlaywrightEnvironment, Proxy
from clickwright.environments.browser.find import find_build
from clickwright.environments.playwright_api.install import install_build
from clickwright.environments.playwright_api.preferences import kept_to
from clickwright.environments.playwright_api.program import Kind, Program, find_program
from clickwright.errors import EnvironmentLost, UsageError
from clickwright.screen import Size
from clickwright.tools import Task

if typing.TYPE_CHECKING:
    from ..conftest import Site
    from .conftest import See

in_browser = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any browser: its programs would be in `bin`, and those of Playwright in `own`."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "own"))
    monkeypatch.delenv("CLICKWRIGHT_BROWSER", raising=False)
    return tmp_path


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\nexit 1\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("kind", ["firefox", "webkit"])
def test_without_a_browser_it_is_said_how_to_get_one(bare: Path, kind: Kind) -> None:
    with pytest.raises(EnvironmentLost, match=f"python -m playwright install --with-deps {kind}"):
        find_program(kind)
    with pytest.raises(EnvironmentLost, match="names nowhere, which is not a program"):
        find_program(kind, "nowhere")


def downloaded(bare: Path, kind: Kind) -> Path:
    """The folder of the build that the installed Playwright was made for."""
    spec = find_spec("playwright")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    listed = Path(spec.submodule_search_locations[0]) / "driver" / "package" / "browsers.json"
    revision = next(one["revision"] for one in json.loads(listed.read_text())["browsers"] if one["name"] == kind)
    folder = bare / "own" / f"{kind}-{revision}"
    folder.mkdir(parents=True)
    (folder / "INSTALLATION_COMPLETE").touch()
    return folder


def test_playwrights_own_build_wins_over_the_systems(bare: Path) -> None:
    stock = program(bare / "bin" / "firefox-esr")
    assert find_program("firefox") == Program(path=stock, channel="moz-firefox")
    older = program(bare / "own" / "firefox-1" / "firefox" / "firefox")
    assert find_program("firefox") == Program(path=stock, channel="moz-firefox")  # of another version of Playwright
    assert find_program("firefox", older) == Program(path=older)
    folder = downloaded(bare, "firefox")
    own = program(folder / "firefox" / "firefox")
    assert find_build("firefox") == folder
    assert find_program("firefox") == Program()
    assert find_program("firefox", own) == Program(path=own)
    assert find_program("firefox", stock) == Program(path=stock, channel="moz-firefox")
    assert find_program("webkit", stock) == Program(path=stock)


def test_setup_asks_playwright_and_says_what_came_of_it(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr("sys.executable", str(program(bare / "python")))
    with pytest.raises(EnvironmentLost, match="playwright install --with-deps webkit"):
        install_build("webkit", told.append)
    assert told == ["Asking Playwright for WebKit.", "It failed: exit status 1"]
    (bare / "own" / "webkit-7").mkdir(parents=True)
    assert find_build("webkit") is None
    folder = downloaded(bare, "webkit")
    assert install_build("webkit", told.append) == folder


def test_a_program_that_is_no_browser_ends_in_one_sentence(tmp_path: Path) -> None:
    async def start() -> None:
        environment = PlaywrightEnvironment(executable=program(tmp_path / "firefox"), launch_s=20)
        try:
            await environment.reset(Task(goal="go"))
        finally:
            await environment.close()

    with pytest.raises(EnvironmentLost, match="Firefox did not start") as lost:
        asyncio.run(start())
    assert "\n" not in str(lost.value)


def test_firefox_has_no_way_around_its_proxy() -> None:
    kept = kept_to("http://127.0.0.1:4711")
    assert (kept["network.proxy.http"], kept["network.proxy.http_port"], kept["network.proxy.ssl_port"]) == (
        "127.0.0.1", 4711, 4711
    )  # fmt: skip
    assert kept["network.proxy.no_proxies_on"] == ""
    assert kept["network.proxy.failover_direct"] is False
    assert kept["media.peerconnection.enabled"] is False


def test_a_closed_environment_says_so() -> None:
    environment = PlaywrightEnvironment()
    for ask in (environment.observe, environment.recover, environment.sensitive_boxes):
        with pytest.raises(EnvironmentLost, match="reset the environment first"):
            asyncio.run(ask())


def test_a_screen_of_no_size_is_refused() -> None:
    with pytest.raises(UsageError, match="more than 0 pixels"):
        PlaywrightEnvironment(device_scale=0)


@in_browser
async def test_pages_are_told_what_the_options_say(see: "See") -> None:
    page = await see(
        viewport=Size(800, 600),
        options=BrowserOptions(
            user_agent="Clickwright/1", locale="de-DE", time_zone="Asia/Tokyo", headers={"X-Team": "blue"}
        ),
    )
    assert page.first.screenshot.size == Size(800, 600)
    told = "[navigator.userAgent, navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]"
    assert await page.js(told) == ["Clickwright/1", "de-DE", "Asia/Tokyo"]


@in_browser
async def test_a_login_outlives_the_browser(see: "See", site: "Site", tmp_path: Path) -> None:
    file = tmp_path / "login.json"
    options = BrowserOptions(storage_state=file, keeps_storage_state=True)
    page = await see(
        "<script>document.cookie = 'a=1; max-age=9999'; localStorage.kept = 'yes'</script>", options=options
    )
    await page.environment.close()
    assert json.loads(file.read_text("utf-8"))["cookies"][0]["value"] == "1"
    page = await see("<h1>again</h1>", options=options)
    assert await page.js("[document.cookie, localStorage.kept]") == ["a=1", "yes"]


@in_browser
async def test_a_trace_is_written_where_it_is_asked_for(see: "See", tmp_path: Path) -> None:
    page = await see("<h1>one</h1>", options=BrowserOptions(trace=tmp_path / "trace.zip"))
    assert page.environment.keeps_trace
    await page.environment.close()
    assert (tmp_path / "trace.zip").stat().st_size > 0


@in_browser
async def test_a_dialog_is_left_to_its_judge(see: "See") -> None:
    page = await see("<script>setTimeout(() => note(confirm('Sure?')), 50)</script>")

    async def refuse(facts: object) -> str:
        return "it is not wanted"

    page.environment.judge_dialogs(refuse)
    seen = await page.environment.reset(Task(goal="again", start_url=page.first.url))
    for _ in range(5):
        if seen.events:
            break
        await asyncio.sleep(0.2)
        seen = await page.environment.observe()
    assert seen.events == ("a dialog (confirm) said 'Sure?' and was dismissed: it is not wanted",)


@in_browser
async def test_this_machine_too_is_reached_through_a_proxy_that_is_given(see: "See") -> None:
    with pytest.raises(EnvironmentLost, match="cannot be reached"):
        await see("<h1>one</h1>", options=BrowserOptions(proxy=Proxy(server="http://127.0.0.1:1")))
