"""What second looks are worth: both ways begin with nothing, and things on one screen are not independent."""

import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from clickwright.policies import Grounding
from clickwright.policies.profiles import Doubt
from clickwright.screen import Box, Point, Screenshot
from clickwright.training.figures import looks
from clickwright.training.figures.looks import Pair, Target, interval, pairs, row
from clickwright.training.packs import encode, write_pack
from clickwright.training.shown import Element

TARGET = Target(screen=0, screenshot=Screenshot(pixels=np.zeros((8, 8, 3), np.uint8)), words="it", box=Box(0, 0, 8, 8))


class Engine:
    """A model that only says what is done to it."""

    def __init__(self) -> None:
        self.told = list[str]()

    def forget(self) -> None:
        self.told.append("forget")


class Looking:
    """A policy that says how it is asked."""

    def __init__(self, model: Engine) -> None:
        self.model, self.doubt = model, Doubt(below=0.5)

    def apart(self) -> "Looking":
        self.model.told.append("apart")
        return Looking(self.model)

    def ground(self, screenshot: Screenshot, words: str) -> Grounding:
        self.model.told.append("one look" if self.doubt is None else f"below {self.doubt.below}")
        return Grounding(point=Point(1, 1))


def pair(screen: int, one: bool, several: bool, one_s: float = 1.0) -> Pair:
    return Pair(screen=screen, one=one, several=several, confidence=1, looks=1, one_s=one_s, several_s=one_s)


def test_each_way_begins_with_nothing_seen_or_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks, "Engine", Engine)
    policy = Looking(Engine())
    found = pairs(policy, Doubt(below=0.9), [TARGET] * 2, "")  # pyright: ignore
    assert policy.model.told == ["forget", "apart", "one look", "forget", "apart", "below 0.9"] * 2
    assert all(one.one and one.several for one in found)


def test_seconds_are_means_of_both_ways() -> None:
    found = [pair(n, one=True, several=True, one_s=seconds) for n, seconds in enumerate((1.0, 1.0, 4.0))]
    assert row("", found)[-1] == "2.00 s, 2.00 s"


def width(found: Sequence[Pair]) -> float:
    low, high = interval(found)
    return high - low


def test_things_on_one_screen_count_as_one() -> None:
    """Eight times the things make the interval no narrower where each screen wins all of them or none."""
    wins = [n % 3 == 0 for n in range(12)]
    single = [pair(n, one=False, several=won) for n, won in enumerate(wins)]
    alike = [one for one in single for _ in range(8)]
    assert width(alike) == pytest.approx(width(single))
    apart = [pair(n, one=False, several=one.several) for n, one in enumerate(alike)]
    assert width(apart) < width(alike) / 2


def test_an_interval_needs_two_screens_that_differ() -> None:
    assert all(map(math.isnan, interval([pair(0, one=False, several=True)] * 5)))
    assert interval([pair(n, one=True, several=True) for n in range(3)]) == (0, 0)
    assert interval([pair(n, one=False, several=True) for n in range(3)]) == (1, 1)


def test_too_few_pages_for_a_wall_are_told_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    button = Element(kind="button", colour="red", name="", box=(4, 4, 40, 20), visible=1)
    page = {"seed": 1, "extent": (1, 2), "elements": [button.to_row()]}
    write_pack(tmp_path / "pages-1.safetensors", [encode(np.zeros((28, 56, 3), np.uint8))], [page])
    monkeypatch.setattr(looks, "load_policy", lambda name: pytest.fail("the policy is loaded"))
    monkeypatch.setattr(sys, "argv", ["looks", "--held", str(tmp_path), "--count", "8"])
    with pytest.raises(SystemExit) as ended:
        looks.main()
    assert ended.value.code == 2
    assert "--walls 0" in capsys.readouterr().err
