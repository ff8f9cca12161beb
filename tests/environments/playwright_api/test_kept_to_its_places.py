"""What a browser without DevTools may reach and may be let do: by the proxy, and by the permissions."""

import typing

import pytest
from clickwright.agent import Permissions
from clickwright.agent.permissions import Allow, AskUser, Deny, SecretRule
from clickwright.environments import BrowserOptions, Facts, PlaywrightEnvironment, Proxy
from clickwright.errors import UsageError
from clickwright.reliability.channels import LEAST, tried
from clickwright.screen import Point
from clickwright.tools import Action, Click, Press, TypeText, Upload

if typing.TYPE_CHECKING:
    from ..conftest import Site
    from .conftest import Kind, See

in_browser = pytest.mark.asyncio(loop_scope="session")
HERE = Point(100, 50)
SECRET = TypeText(secret="pin")


@pytest.mark.slow
@in_browser
async def test_nothing_leaves_for_another_place(kind: "Kind") -> None:
    if kind == "webkit":
        pytest.skip("WebKit is not kept to its places")
    found = await tried(PlaywrightEnvironment(browser=kind), "page", secure=False, confined=True)
    assert (found.leaked, found.arrived) == (0, frozenset())
    assert found.refused > 25
    free = await tried(PlaywrightEnvironment(browser=kind), "page", secure=False, confined=False)
    assert len(free.arrived) >= LEAST


@in_browser
async def test_a_browser_that_runs_is_opened_anew_to_be_kept_to_its_places(see: "See", site: "Site") -> None:
    from clickwright.errors import EnvironmentLost
    from clickwright.tools import Navigate, Task

    page = await see("<h1>one</h1>")
    page.environment.confine(lambda to: "" if to.port == site.server_port else "it is not of this run")
    with pytest.raises(EnvironmentLost, match="opened anew"):
        await page.environment.observe()
    await page.environment.reset(Task(goal="go", start_url=site.url()))
    seen = await page.step(Navigate(url="http://localhost:4/"))
    assert seen.url == "http://localhost:4/" or seen.error is not None
    assert "one" not in await page.js("document.body.textContent")


def test_what_cannot_be_promised_is_refused() -> None:
    with pytest.raises(UsageError, match="WebKit cannot be kept from other places"):
        PlaywrightEnvironment(browser="webkit").confine(lambda to: "")
    proxied = PlaywrightEnvironment(options=BrowserOptions(proxy=Proxy(server="http://127.0.0.1:1")))
    with pytest.raises(UsageError, match="with a proxy of its own"):
        proxied.confine(lambda to: "")
    with pytest.raises(UsageError, match="need BrowserEnvironment"):
        PlaywrightEnvironment(options=BrowserOptions(mobile=True))
    with pytest.raises(UsageError, match="chromium, firefox, webkit, not 'opera'"):
        PlaywrightEnvironment(browser="opera")  # pyright: ignore[reportArgumentType]


@in_browser
async def test_the_page_is_all_that_is_known_of_a_place(see: "See", site: "Site") -> None:
    page = await see("<title>Pay now</title><input type=password>")
    facts = await page.environment.facts(Click(point=HERE))
    assert facts == Facts(point=HERE, role="page", name="Page /", url=site.url(), origin=site.url(""), screen="browser")
    assert await page.environment.sensitive_boxes() == ()


@in_browser
async def test_a_page_with_a_frame_of_another_origin_vouches_for_none(see: "See", site: "Site") -> None:
    site.put("other", "/other")
    page = await see(f"<iframe src='{site.url('/other', 'localhost')}'></iframe>")
    facts = await page.environment.facts(SECRET)
    assert (facts.url, facts.origin) == (site.url(), "")
    assert isinstance(Permissions.for_url(site.url()).decide(SECRET, facts), Deny)


@in_browser
@pytest.mark.parametrize(
    ("action", "verdict"),
    [
        (Click(point=HERE), Allow),
        (Upload(point=HERE, paths=("/tmp/a",)), AskUser),
        (SECRET, AskUser),
        (Press(keys=("Control", "w")), AskUser),
        (TypeText(text="one\ttwo"), Allow),
    ],
)
async def test_what_must_know_the_thing_asks(see: "See", site: "Site", action: Action, verdict: type) -> None:
    page = await see("<input type=password autofocus>")
    facts = await page.environment.facts(action)
    assert isinstance(Permissions.for_url(site.url()).decide(action, facts), verdict)
    elsewhere = Permissions.for_url("https://example.org").decide(action, facts)
    assert isinstance(elsewhere, AskUser)  # its page is another one than those of the run
    assert "elsewhere" in elsewhere.trigger or elsewhere.reason


@in_browser
async def test_a_secret_with_a_rule_is_never_typed_where_its_field_is_not_known(see: "See", site: "Site") -> None:
    page = await see("<input type=password autofocus>")
    facts = await page.environment.facts(SECRET)
    for field in ("password", "any_visible"):
        rule = SecretRule(name="pin", origins=(site.url(""),), field=field)
        verdict = Permissions(origins=None, secrets=(rule,)).decide(SECRET, facts)
        assert isinstance(verdict, Deny), field


@in_browser
async def test_a_page_that_says_what_it_is_for_is_asked_about_as_a_window_would_be(see: "See", site: "Site") -> None:
    page = await see("<script>document.title = 'Delete account'</script>")
    facts = await page.environment.facts(Click(point=HERE))
    verdict = Permissions.for_url(site.url()).decide(Click(point=HERE), facts)
    assert isinstance(verdict, AskUser)
    assert verdict.trigger == "delete"
