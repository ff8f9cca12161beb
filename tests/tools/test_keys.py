"""Key names: what models write for a key becomes the one name that the browser knows."""

import pytest
from clickwright.errors import BadModelOutput
from clickwright.tools import MODIFIERS, canonical_key, canonical_modifier, split_chord
from clickwright.tools.keys import _ALIASES, NAMED_KEYS  # pyright: ignore[reportPrivateUsage]
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Return", "Enter"),
        ("ENTER", "Enter"),
        ("\n", "Enter"),
        ("Ctrl", "Control"),
        ("Control_L", "Control"),
        ("Cmd", "Meta"),
        ("win", "Meta"),
        ("option", "Alt"),
        ("esc", "Escape"),
        ("Page_Down", "PageDown"),
        ("up", "ArrowUp"),
        ("BackSpace", "Backspace"),
        (" ", "Space"),
        ("space", "Space"),
        (" Tab ", "Tab"),
        ("f12", "F12"),
        ("a", "a"),
        ("A", "A"),
        ("é", "é"),
        ("+", "+"),
        ("menu", "ContextMenu"),
        ("gohome", "GoHome"),
        ("volume_up", "AudioVolumeUp"),
        ("CmdOrCtrl", "ControlOrMeta"),
    ],
)
def test_a_key_has_one_name(written: str, name: str) -> None:
    assert canonical_key(written) == name


def test_aliases_name_real_keys_and_hide_none() -> None:
    for alias, name in _ALIASES.items():
        assert alias == alias.lower()
        assert name in NAMED_KEYS or len(name) == 1
        assert alias not in {key.lower() for key in NAMED_KEYS}


@given(st.sampled_from(sorted(NAMED_KEYS)) | st.characters(exclude_categories=["C", "Z"]))
def test_a_canonical_name_is_its_own_name(name: str) -> None:
    assert canonical_key(name) == name
    assert canonical_key(canonical_key(name)) == name


@pytest.mark.parametrize("written", ["", "Hyper", "ab", "F25", "\x00", "\u200b", "a" * 100_000])
def test_an_unknown_key_is_refused_and_the_known_ones_named(written: str) -> None:
    with pytest.raises(BadModelOutput, match=r"unknown key .*Enter.*PageDown") as caught:
        canonical_key(written)
    assert len(str(caught.value)) < 1500


@pytest.mark.parametrize(
    ("chord", "keys"),
    [
        ("ctrl+s", ("Control", "s")),
        ("Ctrl + Shift + K", ("Control", "Shift", "K")),
        ("ctrl++", ("Control", "+")),
        ("+", ("+",)),
        ("Enter", ("Enter",)),
        (" ", ("Space",)),
        ("alt+F4", ("Alt", "F4")),
    ],
)
def test_a_chord_is_taken_apart(chord: str, keys: tuple[str, ...]) -> None:
    assert split_chord(chord) == keys


@pytest.mark.parametrize("chord", ["", "+ctrl", "ctrl+nothing"])
def test_a_broken_chord_is_refused(chord: str) -> None:
    with pytest.raises(BadModelOutput, match="unknown key"):
        split_chord(chord)


def test_only_modifiers_are_held() -> None:
    assert canonical_modifier("ctrl") == "Control"
    assert [canonical_modifier(name) for name in MODIFIERS] == list(MODIFIERS)
    with pytest.raises(BadModelOutput, match="'a' is not a modifier key; known are Control"):
        canonical_modifier("a")
