"""AndroidControl's comparison of names: nothing is not a part of something."""

from clickwright.benchmarks.metrics.android_control import is_same_text


def test_an_empty_text_is_only_like_an_empty_one() -> None:
    assert is_same_text("gmail", "Gmail ")
    assert is_same_text("Google Mail", "mail")
    assert not is_same_text("", "Gmail")
    assert not is_same_text("Gmail", "")
    assert is_same_text("", "")
