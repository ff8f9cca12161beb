"""The words by which payments and deletions are known are searched by their first letters, and are the same words."""

import re

import pytest
from clickwright.agent.permissions import names
from hypothesis import given
from hypothesis import strategies as st

LISTS = {"paying": names._PAYING, "deleting": names._DELETING}
FOUND = {name: names._whole(words) for name, words in LISTS.items()}
PLAIN = {name: re.compile(rf"\b(?:{'|'.join(words)})\b") for name, words in LISTS.items()}
WORDS = {name: sorted(set(re.findall(r"\w+|\W", " ".join(words)))) for name, words in LISTS.items()}


@pytest.mark.parametrize("name", LISTS)
@given(data=st.data())
def test_by_first_letters_nothing_else_is_found(name: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(st.sampled_from([*WORDS[name], " "]), max_size=12)))
    assert (FOUND[name].search(text) is None) == (PLAIN[name].search(text) is None)


def test_a_group_that_comes_first_is_opened() -> None:
    opened = list(names._alternatives("(be)?zahlen|(jetzt |sofort )((be)?zahlen|kaufen)|a( b)?"))
    assert opened == ["bezahlen", "zahlen", "jetzt ((be)?zahlen|kaufen)", "sofort ((be)?zahlen|kaufen)", "a( b)?"]
