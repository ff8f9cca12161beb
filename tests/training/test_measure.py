"""The published figures: what stands beside each, which words are open, and what several runs are told as."""

import json
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from clickwright.policies import Decision, ScriptedPolicy
from clickwright.screen import Observation, Point
from clickwright.tools import Click, Task
from clickwright.training.figures import measure as figures
from clickwright.training.packs import encode, write_pack
from clickwright.training.pages.rendered import Rendered
from clickwright.training.shown import Element

WORDS = "Save", "Adjust"
"""One that is taught, and one that never was."""


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """Six pages with a red button, one that is called by a taught word, and one by another."""
    folder = tmp_path / "held"
    folder.mkdir()
    pictures, rows = list[bytes](), list[dict[str, object]]()
    for seed in range(6):
        rng, pixels, things = Random(seed), np.full((728, 1288, 3), 240, np.uint8), list[list[object]]()
        for n, name in enumerate(("", *WORDS)):
            x, y = 300 * n + rng.randint(0, 200), rng.randint(0, 600)
            pixels[y : y + 40, x : x + 80] = (0, 0, 60 + n)
            button = Element(
                kind="button", colour="" if n else "red", name=name, box=(x, y, x + 80, y + 40), visible=1.0
            )
            things.append(button.to_row())
        pictures.append(encode(pixels))
        rows.append({"seed": seed, "extent": [26, 46], "elements": things})
    write_pack(folder / "a.safetensors", pictures, rows)
    return folder


class Seer:
    """Clicks on what the instruction asks for by the blue of its paint, where the picture shows it."""

    def __init__(self) -> None:
        self._goal = ""
        self.doubt: str | None = None

    def reset(self, task: Task) -> None:
        self._goal = task.goal

    def act(self, observation: Observation, history: object) -> Decision:
        blue = 60 + next((n for n, word in enumerate(WORDS, 1) if word in self._goal), 0)
        rows, columns = np.nonzero((observation.screenshot.pixels == (0, 0, blue)).all(-1))
        point = Point(float(columns.mean()), float(rows.mean())) if len(rows) else Point(1280, 720)
        return ScriptedPolicy([Click(point=point)]).act(observation, ())


def test_every_rung_has_both_controls(held: Path):
    found = {str(one["figure"]): one for one in figures.measure(Seer(), Rendered(held), 6, ("a1", "b1", "c1", "c12"))}
    for rung in "abc":
        label = f"rung ({rung}), at least 1"
        assert (found[label]["hits"], found[label]["of"]) == (6, 6)
        assert found[f"{label}, grey"]["hits"] == 0
        assert int(found[f"{label}, shuffled"]["hits"]) < 3
        assert f"{label}, the middle of all" in found
    assert not any("at least 12" in name for name in found)  # no page has so many candidates


def test_a_word_is_open_where_it_was_never_taught(held: Path):
    cases = figures.pointing_cases(Rendered(held), 6, 1, "c", 1)
    assert {case.question.text for case in cases} == {'Click the "Adjust" button.'}
    assert len(cases) == 6


def test_several_runs_are_told_with_their_spread(
    held: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "figures.json"
    monkeypatch.setattr(figures, "load_policy", lambda model, dtype: Seer())
    told = ["--held", str(held), str(held), "--model", "one", "other", "--only", "c1", "c12", "--out", str(out)]
    monkeypatch.setattr(sys, "argv", ["measure", *told])
    figures.main()
    said = capsys.readouterr().out
    assert "mean 1.000, from 1.000 to 1.000 in 4 runs" in said
    assert said.count("there is nothing on these pages") == 4
    assert "a claim needs" not in said
    written = json.loads(out.read_text())
    assert {(one["model"], one["held"]) for one in written["figures"]} == {("one", str(held)), ("other", str(held))}
    assert written["spread"][0] == {"figure": "rung (c), at least 1", "runs": 4, "mean": 1.0, "least": 1.0, "most": 1.0}
    monkeypatch.setattr(sys, "argv", ["measure", "--held", str(held), "--only", "c1"])
    figures.main()
    assert capsys.readouterr().out.splitlines()[-1].startswith("a claim needs 3 runs")


def test_one_figure_has_no_spread():
    row = {"figure": "x", "share": 0.5}
    assert figures.spread([[row]]) == []
    assert figures.spread([[row], [row | {"share": 0.7}]])[0]["mean"] == 0.6


def test_acting_has_both_controls_and_leaves_out_what_no_page_offers(
    held: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(figures, "DRAWS", 40)
    found = {str(one["figure"]): one for one in figures.measure(Seer(), Rendered(held), 8, ["acting"])}
    assert "without select: there is nothing" in capsys.readouterr().out  # no page has a list
    for name in ("kind and argument", "kind and argument, left_click", "kind, argument and place"):
        assert found[name]["of"] == found[f"{name}, grey"]["of"] == found[f"{name}, shuffled"]["of"]
    place = "kind, argument and place"
    assert int(found[place]["hits"]) > int(found[f"{place}, grey"]["hits"]) == 0
    assert found["kind and argument, left_click, grey"]["share"] == 1  # what is clicked on is no part of it


def test_another_picture_is_that_of_another_page(held: Path):
    cases = figures.pointing_cases(Rendered(held), 3, 1, "c", 1)
    repeated = [cases[0], cases[0], cases[1]]
    assert figures.elsewhere(repeated, 0) is cases[1].page.pixels
    assert figures.elsewhere(repeated, 2) is cases[0].page.pixels
    assert figures.elsewhere([cases[0]], 0) is cases[0].page.pixels


def test_one_look_takes_the_doubt_away(held: Path, monkeypatch: pytest.MonkeyPatch):
    seen = Seer()
    monkeypatch.setattr(figures, "load_policy", lambda model, dtype: seen)
    monkeypatch.setattr(sys, "argv", ["measure", "--held", str(held), "--only", "c1", "--count", "1", "--one-look"])
    seen.doubt = "as in use"
    figures.main()
    assert seen.doubt is None
