"""What may be done: tables of hostile URLs, and properties that hold for any rules."""

from dataclasses import replace
from typing import get_args

import pytest
from clickwright.agent.permissions import (
    Allow,
    AskUser,
    Budget,
    Deny,
    Files,
    Permissions,
    SecretRule,
    Trigger,
    Used,
    Verdict,
    canonical,
    digest,
)
from clickwright.agent.permissions.urls import OriginRule, complete_url, read_url
from clickwright.environments.environment import Facts
from clickwright.errors import UsageError
from clickwright.screen import Box, Point
from clickwright.tools import (
    Action,
    Ask,
    Back,
    Click,
    Finish,
    Navigate,
    NewTab,
    Press,
    Scroll,
    TypeText,
    Upload,
    Wait,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

SHOP = Permissions.for_url("https://shop.test/start?x=1")
HERE = Facts(url="https://shop.test/cart")
CLICK = Click(point=Point(1, 1))


def kind(verdict: Verdict) -> str:
    match verdict:
        case Allow():
            return "allow"
        case Deny():
            return verdict.code
        case AskUser():
            return verdict.trigger


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://shop.test/cart", "allow"),
        ("HTTPS://SHOP.TEST:443/", "allow"),
        ("https://www.shop.test/", "allow"),
        ("shop.test/cart", "allow"),
        ("/cart?page=2", "allow"),
        ("about:blank", "allow"),
        ("https://shop.test:8443/", "elsewhere"),
        ("http://shop.test/", "elsewhere"),
        ("https://evil.test/", "elsewhere"),
        ("https://shop.test@evil.test/", "elsewhere"),
        ("https://evil.test\\@shop.test/", "elsewhere"),
        ("https://shop.test.evil.test/", "elsewhere"),
        ("https://notshop.test/", "elsewhere"),
        ("https://shop.test./", "elsewhere"),
        ("https://a.shop.test/", "elsewhere"),
        ("//evil.test/", "elsewhere"),
        ("\\\\evil.test/", "elsewhere"),
        ("https:evil.test", "elsewhere"),
        ("ht\ntps://evil.test/", "elsewhere"),
        ("http://169.254.169.254/latest/meta-data", "elsewhere"),
        ("http://0x7f.1/", "elsewhere"),
        ("https://shop。test.evil.test/", "elsewhere"),
        ("file:///etc/passwd", "scheme"),
        ("FILE:/etc/passwd", "scheme"),
        ("chrome://settings", "scheme"),
        ("about:config", "scheme"),
        ("ABOUT:Settings", "scheme"),
        ("about:blank/../config", "scheme"),
        ("devtools://devtools/bundled/inspector.html", "scheme"),
        ("view-source:https://shop.test/", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("java\tscript:alert(1)", "scheme"),
        ("data:text/html,<script>alert(1)</script>", "scheme"),
        ("blob:https://shop.test/1", "scheme"),
        ("https://", "url"),
        ("https://exa mple.test/", "url"),
        ("   ", "url"),
    ],
)
def test_where_a_run_that_starts_in_a_shop_may_go(url: str, verdict: str) -> None:
    assert kind(SHOP.decide(Navigate(url=url), HERE)) == verdict
    assert kind(SHOP.decide(NewTab(url=url), HERE)) == verdict


@pytest.mark.parametrize(
    ("start", "url", "verdict"),
    [
        ("", "https://anywhere.test/", "allow"),
        ("", "file:///etc/passwd", "scheme"),
        ("file:///home/me/page.html", "file:///home/me/next.html", "allow"),
        ("file:///home/me/page.html", "https://shop.test/", "elsewhere"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/x", "allow"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/x", "elsewhere"),
        ("http://127.0.0.1:8000/", "http://localhost:8000/x", "elsewhere"),
        ("http://shop.test/", "https://shop.test/", "allow"),
        ("https://www.shop.test/", "https://shop.test/", "allow"),
        ("http://[::1]:80/", "http://[::1]/", "allow"),
        ("localhost:8000", "http://localhost:8000/a", "allow"),
    ],
)
def test_what_the_start_allows(start: str, url: str, verdict: str) -> None:
    assert kind(Permissions.for_url(start).decide(Navigate(url=url), Facts())) == verdict


def test_where_the_start_led_is_allowed_too() -> None:
    permissions = Permissions.for_url("http://shop.test/", "https://de.shop.test/start")
    assert kind(permissions.decide(CLICK, Facts(url="https://de.shop.test/cart"))) == "allow"
    assert kind(permissions.decide(CLICK, Facts(url="https://fr.shop.test/cart"))) == "elsewhere"


def test_nothing_is_done_on_a_page_elsewhere_but_going_back_is() -> None:
    elsewhere = Facts(url="https://evil.test/login")
    for action in (CLICK, TypeText(text="a"), Press(keys=("Enter",)), Scroll(point=Point(1, 1), dy=5)):
        assert kind(SHOP.decide(action, elsewhere)) == "elsewhere"
    for action in (Back(), Wait(), Ask(question="?"), Finish(), Navigate(url="https://shop.test/")):
        assert kind(SHOP.decide(action, elsewhere)) == "allow"


@pytest.mark.parametrize(
    ("href", "verdict"),
    [
        ("https://evil.test/", "elsewhere"),
        ("../cart", "allow"),
        ("javascript:void(0)", "allow"),
        ("mailto:a@b.test", "allow"),
        ("file:///etc/passwd", "scheme"),
        ("https://shop.test/tool.exe", "download"),
    ],
)
def test_links_are_judged_before_they_are_clicked(href: str, verdict: str) -> None:
    permissions = SHOP.model_copy(update={"ask": SHOP.ask | {"download"}})
    assert kind(permissions.decide(CLICK, Facts(url=HERE.url, href=href))) == verdict


@pytest.mark.parametrize(
    ("action", "facts", "verdict"),
    [
        (CLICK, Facts(url=HERE.url, role="button", name="Place your order"), "payment"),
        (Press(keys=("Enter",)), Facts(url=HERE.url, role="button", name="Pay € 12"), "payment"),
        (Press(keys=("Tab",)), Facts(url=HERE.url, role="button", name="Pay € 12"), "allow"),
        (CLICK, Facts(url=HERE.url, role="link", name="Payment methods"), "allow"),
        (CLICK, Facts(url="http://127.0.0.1:5/", role="button", name="Order now"), "allow"),
        (Upload(point=Point(1, 1), paths=("/a",)), HERE, "upload"),
        (TypeText(secret="pin"), Facts(url=HERE.url, input_type="password"), "allow"),
        (TypeText(secret="pin"), Facts(url=HERE.url, input_type="text"), "secret"),
        (TypeText(text="pin"), Facts(url=HERE.url, input_type="text"), "allow"),
    ],
)
def test_what_needs_the_user(action: Action, facts: Facts, verdict: str) -> None:
    permissions = SHOP.model_copy(update={"origins": (*(SHOP.origins or ()), "http://127.0.0.1:5")})
    assert kind(permissions.decide(action, facts)) == verdict


def test_text_in_a_password_field_needs_the_user_where_the_rules_say_so() -> None:
    field = Facts(url=HERE.url, input_type="password")
    asks = SHOP.model_copy(update={"ask": frozenset({"password"})})
    assert kind(SHOP.decide(TypeText(text="x"), field)) == "allow"
    assert kind(asks.decide(TypeText(text="x"), field)) == "password"


@pytest.mark.parametrize("url", ["https://bad.test/", "https://bad.test./", "https://a.bad.test/", "https://BAD.test"])
def test_a_block_wins_and_knows_the_dot_of_the_root(url: str) -> None:
    permissions = Permissions(origins=None, blocked=("https://bad.test", "https://*.bad.test"))
    assert kind(permissions.decide(Navigate(url=url), Facts())) == "blocked"


def test_without_elsewhere_in_ask_another_origin_is_denied() -> None:
    permissions = SHOP.model_copy(update={"ask": frozenset()})
    assert kind(permissions.decide(Navigate(url="https://evil.test/"), HERE)) == "origin"


def test_what_is_opened_is_what_was_judged() -> None:
    assert canonical(Navigate(url="Shop.Test:443/a/../b"), HERE) == Navigate(url="https://shop.test/b")
    assert canonical(Navigate(url="/x"), HERE) == Navigate(url="https://shop.test/x")
    assert canonical(CLICK, HERE) is CLICK


@pytest.mark.parametrize(
    "text",
    ["shop.test", "https://", "https://a@shop.test", "https://shop.test/path", "https://*.*.test?", "ftp://x", ""],
)
def test_a_rule_is_an_origin_and_nothing_more(text: str) -> None:
    with pytest.raises(UsageError):
        OriginRule.parse(text)
    with pytest.raises(ValidationError):
        Permissions(origins=(text,))


HOSTS = st.sampled_from(["shop.test", "www.shop.test", "a.shop.test", "evil.test", "shop.test.evil.test", "127.0.0.1"])
ORIGINS = st.builds("{}://{}".format, st.sampled_from(["http", "https"]), HOSTS)
RULES = st.one_of(ORIGINS, HOSTS.filter(lambda host: host[0] != "1").map("https://*.{}".format), st.just("file:"))
URLS = st.one_of(ORIGINS.map("{}/p".format), st.just("file:///x"), st.just("chrome://x"), st.text(max_size=20))
FACTS = st.builds(
    Facts,
    url=URLS,
    href=URLS,
    form=URLS,
    origin=ORIGINS | st.just(""),
    name=st.sampled_from(["", "Pay now", "Next", "Delete"]),
    input_type=st.sampled_from(["", "password", "text"]),
    screen=st.sampled_from(["", "browser", "desktop", "phone"]),
    window=st.sampled_from(["", "Mousepad", "xterm"]),
    submits=st.booleans(),
    downloads=st.booleans(),
    visible=st.sampled_from([None, True, False]),
)
ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.sampled_from(
        [
            CLICK,
            Back(),
            TypeText(text="a\n"),
            TypeText(secret="pin"),
            Press(keys=("Enter",)),
            Press(keys=("Alt", "F4")),
            Upload(point=Point(1, 1), paths=("/srv/a",)),
        ]
    ),
    URLS.filter(bool).map(lambda url: Navigate(url=url)),
)
TRIGGERS = st.sampled_from(get_args(Trigger))
SECRETS = st.builds(
    SecretRule,
    name=st.sampled_from(["pin", "other"]),
    origins=st.lists(RULES, max_size=2).map(tuple),
    field=st.sampled_from(["password", "any_visible"]),
    uses=st.integers(0, 2),
)
PERMISSIONS = st.builds(
    Permissions,
    origins=st.none() | st.lists(RULES, max_size=3).map(tuple),
    blocked=st.lists(RULES, max_size=2).map(tuple),
    kinds=st.none() | st.frozensets(st.sampled_from(["click", "navigate", "type"])),
    denied=st.frozensets(st.sampled_from(["click", "navigate", "type"])),
    ask=st.frozensets(TRIGGERS),
    windows=st.none() | st.just(("Mousepad",)),
    region=st.none() | st.just(Box(0, 0, 5, 5)),
    secrets=st.none() | st.lists(SECRETS, max_size=2).map(tuple),
    files=st.builds(Files, upload_roots=st.sampled_from([(), ("/srv",), ("/tmp",)])),
    budget=st.builds(Budget, kinds=st.dictionaries(st.sampled_from(["click", "type"]), st.integers(0, 2))),
)
USED = st.builds(
    Used,
    kinds=st.dictionaries(st.sampled_from(["click", "type", "upload"]), st.integers(0, 3)),
    secrets=st.dictionaries(st.just("pin"), st.integers(0, 3)),
)
RANK = {"Allow": 0, "AskUser": 1, "Deny": 2}


def strictness(verdict: Verdict) -> int:
    return RANK[type(verdict).__name__]


@given(PERMISSIONS, ACTIONS, FACTS, RULES)
def test_a_further_block_never_makes_anything_laxer(
    rules: Permissions, action: Action, facts: Facts, rule: str
) -> None:
    stricter = rules.model_copy(update={"blocked": (*rules.blocked, rule)})
    assert strictness(stricter.decide(action, facts)) >= strictness(rules.decide(action, facts))


@given(PERMISSIONS, ACTIONS, FACTS, RULES)
def test_a_further_origin_never_makes_anything_stricter(
    rules: Permissions, action: Action, facts: Facts, rule: str
) -> None:
    if rules.origins is None:
        return
    laxer = rules.model_copy(update={"origins": (*rules.origins, rule)})
    assert strictness(laxer.decide(action, facts)) <= strictness(rules.decide(action, facts))


@given(PERMISSIONS, ACTIONS, FACTS, TRIGGERS.filter(lambda trigger: trigger != "elsewhere"))
def test_a_further_thing_to_ask_for_never_makes_anything_laxer(
    rules: Permissions, action: Action, facts: Facts, trigger: Trigger
) -> None:
    stricter = rules.model_copy(update={"ask": rules.ask | {trigger}})
    assert strictness(stricter.decide(action, facts)) >= strictness(rules.decide(action, facts))


@given(PERMISSIONS, ACTIONS, FACTS, SECRETS)
def test_a_further_rule_for_a_secret_never_makes_anything_stricter(
    rules: Permissions, action: Action, facts: Facts, rule: SecretRule
) -> None:
    if rules.secrets is None:
        return
    laxer = rules.model_copy(update={"secrets": (*rules.secrets, rule)})
    assert strictness(laxer.decide(action, facts)) <= strictness(rules.decide(action, facts))


@given(PERMISSIONS, ACTIONS, FACTS, USED)
def test_what_was_done_before_never_makes_anything_laxer(
    rules: Permissions, action: Action, facts: Facts, used: Used
) -> None:
    assert strictness(rules.decide(action, facts, used)) >= strictness(rules.decide(action, facts))


@given(PERMISSIONS, ACTIONS, FACTS, st.sampled_from(["windows", "region", "files", "budget"]))
def test_a_bound_that_is_lifted_never_makes_anything_stricter(
    rules: Permissions, action: Action, facts: Facts, bound: str
) -> None:
    free: dict[str, object] = {"windows": None, "region": None, "files": Files(), "budget": Budget()}
    laxer = rules.model_copy(update={bound: free[bound]})
    assert strictness(laxer.decide(action, facts)) <= strictness(rules.decide(action, facts))


@given(PERMISSIONS, FACTS, USED)
def test_no_secret_is_ever_typed_where_nobody_sees_it_or_no_rule_means_it(
    rules: Permissions, facts: Facts, used: Used
) -> None:
    verdict = rules.decide(TypeText(secret="pin"), facts, used)
    if isinstance(verdict, Deny):
        return
    assert facts.visible is not False
    if rules.secrets is not None:
        assert any(rule.name == "pin" and rule.uses > used.secrets.get("pin", 0) for rule in rules.secrets)
    if facts.screen == "browser":
        assert facts.origin


@given(PERMISSIONS, ACTIONS, FACTS)
def test_a_denied_kind_is_always_denied(rules: Permissions, action: Action, facts: Facts) -> None:
    stricter = rules.model_copy(update={"denied": rules.denied | {action.kind}})
    assert isinstance(stricter.decide(action, facts), Deny)


@given(PERMISSIONS, ACTIONS, FACTS)
def test_what_is_not_among_the_kinds_is_denied_and_a_further_kind_makes_nothing_stricter(
    rules: Permissions, action: Action, facts: Facts
) -> None:
    without = rules.model_copy(update={"kinds": frozenset[str]()})
    assert isinstance(without.decide(action, facts), Deny)
    if rules.kinds is not None:
        laxer = rules.model_copy(update={"kinds": rules.kinds | {action.kind}})
        assert strictness(laxer.decide(action, facts)) <= strictness(rules.decide(action, facts))


@given(PERMISSIONS, st.text(min_size=1, max_size=60), FACTS)
def test_no_text_is_too_odd_to_be_judged(rules: Permissions, url: str, facts: Facts) -> None:
    verdict = rules.decide(Navigate(url=url), facts)
    place = complete_url(url, facts.url)
    if place is None:
        assert isinstance(verdict, Deny)
    elif isinstance(verdict, Allow) and place.scheme not in ("about", "chrome-error"):
        # What is allowed reads the same a second time: there is one reading of it, and it was the judged one.
        again = read_url(place.url)
        assert again is not None
        assert again.origin == place.origin


@given(ACTIONS, FACTS, FACTS)
def test_a_permission_is_good_for_one_thing(action: Action, one: Facts, other: Facts) -> None:
    same = replace(one, screen="", visible=None) == replace(other, screen="", visible=None)
    assert (digest(action, one, "payment") == digest(action, other, "payment")) == same
    assert digest(action, one, "payment") != digest(action, one, "upload")
