"""Chromium goes where a URL was judged to lead: a part of what `python -m clickwright.reliability urls rules` tries."""

import numpy as np
import pytest
from clickwright.agent.permissions import Deny, Permissions
from clickwright.agent.permissions.urls import OriginRule, Origins, read_url
from clickwright.environments.environment import Facts
from clickwright.reliability.rules import measure
from clickwright.reliability.url_texts import TEXTS, fuzzed
from clickwright.reliability.urls import compare, compare_in_bulk
from clickwright.screen import Point
from clickwright.tools import Click
from hypothesis import given
from hypothesis import strategies as st

OPENED = (
    "https://shop.test@evil.test/",
    "https://evil.test\\@shop.test/",
    "http://0x7f.1",
    "ht\ttp://shop.test",
    "//shop.test/",
    "https://shop\u3002test/",
    "shop.test",
    "http://*.shop.test",
    "javascript:1",
)


@pytest.mark.slow
async def test_chromium_goes_where_it_was_judged_to_go() -> None:
    found = await compare(OPENED, still_s=0.05)
    assert found.wrong == []
    assert found.opened == len(OPENED)
    assert found.allowed >= 12


async def test_chromium_reads_fuzzed_texts_as_they_were_judged() -> None:
    found = await compare_in_bulk(fuzzed(2000, seed=1))
    assert found.wrong == []
    assert found.allowed > 1000


def test_there_are_enough_texts_and_the_fuzzed_ones_can_be_had_again() -> None:
    assert len(TEXTS) >= 150
    assert list(fuzzed(50)) == list(fuzzed(50)) != list(fuzzed(50, seed=1))


def test_a_decision_is_quick() -> None:
    assert np.percentile(measure(2000), 95) < 200  # the figure itself is p99 < 100 µs on a machine of its own


@pytest.mark.parametrize("url", ["https://*.shop.test/", "https://shop,test/", "https://a{b.test/", "https://a!.test/"])
def test_a_host_that_is_no_name_is_not_read(url: str) -> None:
    assert read_url(url) is None
    verdict = Permissions().decide(Click(point=Point(1, 1)), Facts(url="https://shop.test/", href=url))
    assert isinstance(verdict, Deny)


HOSTS = st.sampled_from(
    ["shop.test", "a.shop.test", "b.a.shop.test", "evil.test", "test", "shop.test.", "[::1]", "1.2.3.4"]
)
SCHEMES, PORTS = st.sampled_from(["http", "https"]), st.sampled_from(["", ":80", ":443", ":8443"])
RULES = st.builds("{}://{}{}{}".format, SCHEMES, st.sampled_from(["", "*."]), HOSTS, PORTS) | st.just("file:")
PLACES = st.builds("{}://{}{}/x".format, SCHEMES, HOSTS, PORTS) | st.just("file:///x")


@given(st.lists(RULES, max_size=6), PLACES, st.booleans())
def test_many_rules_at_once_mean_what_each_means(rules: list[str], url: str, loosely: bool) -> None:
    place = read_url(url)
    assert place is not None
    each = [OriginRule.parse(rule).covers(place, loosely=loosely) for rule in rules if "*.[" not in rule]
    assert Origins(tuple(rule for rule in rules if "*.[" not in rule)).cover(place, loosely=loosely) is any(each)
