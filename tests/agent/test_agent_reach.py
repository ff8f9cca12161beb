"""Where the browser of a run may connect to: tables, and what holds for any host and any rules."""

import pytest
from clickwright.agent.permissions import Allow, AskUser, Deny, Permissions
from clickwright.agent.permissions.reach import Reach
from clickwright.agent.permissions.urls import read_url
from clickwright.environments.environment import Destination, Facts
from clickwright.screen import Point
from clickwright.tools import Click, Navigate, NewTab
from hypothesis import given
from hypothesis import strategies as st

SHOP = Permissions.for_url("https://shop.test/start")
STRICT = SHOP.model_copy(update={"loads": "origins", "blocked": ("https://bad.test", "https://*.bad.test")})
LOCAL = Permissions.for_url("http://localhost:8000/")
OPEN, PRIVATE, HERE, METADATA = "93.184.216.34", "10.1.2.3", "127.0.0.1", "169.254.169.254"


def refusal(permissions: Permissions, host: str, port: int, *addresses: str) -> str:
    return Reach(permissions=lambda: permissions)(Destination(host=host, port=port, addresses=addresses))


@pytest.mark.parametrize(
    ("permissions", "host", "port", "address", "said"),
    [
        (STRICT, "shop.test", 443, OPEN, ""),
        (STRICT, "www.shop.test", 443, OPEN, ""),
        (STRICT, "shop.test.", 443, OPEN, ""),
        (STRICT, "shop.test", 443, PRIVATE, ""),  # a shop of an intranet
        (STRICT, "shop.test", 8443, OPEN, "not among"),
        (STRICT, "shop.test", 80, OPEN, "not among"),
        (STRICT, "a.shop.test", 443, OPEN, "not among"),
        (STRICT, "notshop.test", 443, OPEN, "not among"),
        (STRICT, "bad.test", 443, OPEN, "blocked"),
        (STRICT, "a.bad.test", 443, OPEN, "blocked"),
        (STRICT, "bad.test.", 443, OPEN, "blocked"),
        (STRICT, "shop.test", 443, HERE, "this machine"),
        (STRICT, "shop.test", 443, "::1", "this machine"),
        (STRICT, "shop.test", 443, "::ffff:127.0.0.1", "this machine"),
        (STRICT, "shop.test", 443, METADATA, "this machine"),
        (SHOP, "cdn.test", 443, OPEN, ""),
        (SHOP, "cdn.test", 80, OPEN, ""),
        (SHOP, "cdn.test", 443, PRIVATE, "private"),
        (SHOP, "cdn.test", 443, HERE, "private"),
        (SHOP, "127.0.0.1", 9222, HERE, "private"),
        (SHOP, "localhost", 9222, HERE, "private"),
        (SHOP, "169.254.169.254", 80, METADATA, "private"),
        (SHOP, "fd00::1", 80, "fd00::1", "private"),
        (LOCAL, "localhost", 8000, HERE, ""),
        (LOCAL, "localhost", 9222, HERE, "private"),
        (LOCAL, "127.0.0.1", 8000, HERE, "private"),
        (LOCAL, "cdn.test", 443, OPEN, ""),
        (Permissions.for_url("http://127.0.0.1:8000/"), "127.0.0.1", 8000, HERE, ""),
        (Permissions.for_url("http://[::1]:8000/"), "::1", 8000, "::1", ""),
        (Permissions.for_url("http://192.168.0.9/"), "192.168.0.9", 80, "192.168.0.9", ""),
        (Permissions(), "anything.test", 443, OPEN, ""),
        (Permissions(), "anything.test", 443, PRIVATE, "private"),
        (Permissions(private="any"), "anything.test", 443, PRIVATE, ""),
        (Permissions(private="any"), "127.0.0.1", 9222, HERE, ""),
        (Permissions(private="any"), "anything.test", 443, HERE, "this machine itself"),
        (Permissions(origins=()), "anything.test", 443, OPEN, ""),
        (Permissions(origins=(), loads="origins"), "anything.test", 443, OPEN, "not among"),
        (Permissions(loads="origins"), "anything.test", 443, OPEN, "not among"),
        (SHOP, "shop.test", 443, "0.0.0.0", "this machine"),
        (SHOP, "shop.test", 443, "::", "this machine"),
        (SHOP, "cdn.test", 443, "64:ff9b::a00:5", "private"),
        (SHOP, "cdn.test", 443, "64:ff9b:1::a00:5", "private"),
        (SHOP, "cdn.test", 443, "2002:a00:5::", "private"),
        (SHOP, "cdn.test", 443, "::7f00:1", "private"),
        (SHOP, "cdn.test", 443, "224.0.0.1", "private"),
        (Permissions.for_url("http://app.test:8000/"), "app.test", 8000, HERE, ""),
        (Permissions.for_url("http://localhost:8000/"), "localhost.", 8000, HERE, ""),
    ],
)
def test_what_is_reached(permissions: Permissions, host: str, port: int, address: str, said: str) -> None:
    told = refusal(permissions, host, port, address)
    assert said in told
    assert bool(said) == bool(told)


def test_a_name_that_is_refused_is_refused_before_it_is_looked_up() -> None:
    assert refusal(STRICT, "evil.test", 443)
    assert not refusal(STRICT, "shop.test", 443)


def test_a_name_does_not_move_from_the_open_network_into_a_private_one() -> None:
    reach = Reach(permissions=lambda: STRICT)
    to = Destination(host="shop.test", port=443, addresses=(OPEN,))
    assert reach(to) == ""
    assert "private one now" in reach(Destination(host="shop.test", port=443, addresses=(PRIVATE,)))
    assert "private one now" in reach(Destination(host="shop.test.", port=443, addresses=(PRIVATE,)))
    mixed = Destination(host="shop.test", port=443, addresses=(OPEN, PRIVATE))
    assert "private one now" in Reach(permissions=lambda: STRICT)(mixed)


def test_what_the_user_agreed_to_is_reached() -> None:
    reach = Reach(permissions=lambda: STRICT)
    there = Destination(host="bank.test", port=443, addresses=(OPEN,))
    assert reach(there)
    place = read_url("https://bank.test/pay")
    assert place is not None
    reach.grant(place)
    assert reach(there) == ""
    assert reach(Destination(host="bank.test", port=80, addresses=(OPEN,)))


hosts = st.sampled_from(
    ["shop.test", "www.shop.test", "a.shop.test", "bad.test", "cdn.test", "localhost", HERE, PRIVATE]
)
destinations = st.builds(
    lambda host, port, address: Destination(host=host, port=port, addresses=(address,)),
    hosts,
    st.sampled_from([80, 443, 8000]),
    st.sampled_from([OPEN, PRIVATE, HERE, METADATA]),
)
RULES = ["https://shop.test", "https://*.shop.test", "http://localhost:8000", "https://bad.test"]
rules = st.lists(st.sampled_from(RULES), max_size=3).map(tuple)


@given(destinations, rules, rules, st.sampled_from(["https://cdn.test", "https://a.shop.test"]))
def test_an_origin_more_refuses_nothing_and_a_block_more_allows_nothing(
    to: Destination, origins: tuple[str, ...], blocked: tuple[str, ...], more: str
) -> None:
    for loads in ("public", "origins"):
        given = Permissions(origins=origins, blocked=blocked, loads=loads)
        before = Reach(permissions=lambda given=given: given)(to)
        wider = given.model_copy(update={"origins": (*origins, more)})
        narrower = given.model_copy(update={"blocked": (*blocked, more)})
        assert before or not Reach(permissions=lambda wider=wider: wider)(to)
        assert not before or Reach(permissions=lambda narrower=narrower: narrower)(to)


IN_PRIVATE = (
    "http://169.254.169.254/latest",
    "http://2852039166/",
    "http://10.0.0.1/",
    "http://192.168.1.1./",
    "http://100.100.100.200/",
    "http://127.0.0.1:9222/json",
    "http://localhost:8000/",
    "http://a.localhost./",
    "http://0.0.0.0/",
    "http://[::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[::ffff:10.0.0.1]/",
)


@pytest.mark.parametrize("url", IN_PRIVATE)
def test_the_rules_themselves_keep_a_run_out_of_private_networks(url: str) -> None:
    """For a browser that nobody confines."""
    elsewhere, click = Facts(url="https://shop.test/"), Click(point=Point(1, 1))
    leads = ((Navigate(url=url), elsewhere), (NewTab(url=url), elsewhere))
    leads += ((click, Facts(url="https://shop.test/", href=url)),)
    for action, facts in leads:
        assert isinstance(Permissions().decide(action, facts), Deny)
        assert isinstance(Permissions(origins=("http:", "https:")).decide(action, facts), AskUser)
        assert isinstance(Permissions(origins=("http:", "https:"), ask=frozenset()).decide(action, facts), Deny)
        place = read_url(url)
        assert place is not None
        named = Permissions(origins=("https://shop.test", place.origin))
        assert named.decide(action, facts) == Allow()
        assert Permissions().decide(action, Facts(url=url, href=facts.href)) == Allow()
        assert Permissions(private="any").decide(action, facts) == Allow()


@pytest.mark.parametrize(
    "url", ["http://8.8.8.8/", "https://shop.test/", "http://notlocalhost/", "http://10.0.0.1.test/"]
)
def test_the_open_network_is_not_taken_for_a_private_one(url: str) -> None:
    assert Permissions().decide(Navigate(url=url), Facts(url="https://shop.test/")) == Allow()
