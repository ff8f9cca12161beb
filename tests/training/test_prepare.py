"""Packs to train from: what is only measured is not among them, and more can be added."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from clickwright.environments.miniwob.groups import KEPT_BACK
from clickwright.training import prepare
from clickwright.training.episodes.tasks import FIRST_SEED
from clickwright.training.mini.batches import EPISODES, PAGES
from clickwright.training.packs import COPIES, encode, read_pack, write_pack
from clickwright.training.pages.apart import HELD_FROM
from clickwright.training.shown import Element

BUTTON = Element(kind="button", colour="red", name="", box=(20, 20, 120, 60), visible=1.0).to_row()


@pytest.fixture(autouse=True)
def few_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "MADE_UP", 100)


def pages(folder: Path, seeds: Sequence[int], name: str = "a") -> Path:
    """A pack of pages as `render` keeps them."""
    folder.mkdir(exist_ok=True)
    rows = [{"seed": seed, "extent": [26, 46], "elements": [BUTTON]} for seed in seeds]
    write_pack(folder / f"{name}.safetensors", [encode(np.full((728, 1288, 3), 240, np.uint8))] * len(rows), rows)
    return folder


def episodes(folder: Path, *steps: dict[str, object]) -> Path:
    folder.mkdir(exist_ok=True)
    pictures = [encode(np.full((448, 672, 3), 240, np.uint8))] * len(steps)
    write_pack(folder / "a.safetensors", pictures, steps)
    return folder


def step(seed: int, left: float, goal: str, task: str = "click-test") -> dict[str, object]:
    """A step of an episode as `play` keeps it."""
    box = [left, 120.0, left + 100, 160.0]
    does = {"kind": "click", "x": left + 50, "y": 140.0, "count": 1}
    told = {"target": ["button", "Submit", *box], "things": [["button", "", "Submit", *box]]}
    return {"task": task, "seed": seed, "goal": goal, "did": [], "does": does, **told}


def run(monkeypatch: pytest.MonkeyPatch, *told: object) -> None:
    monkeypatch.setattr(sys, "argv", ["prepare", *map(str, told)])
    prepare.main()


def test_what_a_benchmark_measures_is_not_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """A step with the task, goal and target of one of its seeds, by whatever seed it came about."""
    shown, taught = pages(tmp_path / "pages", [0, 1]), FIRST_SEED
    steps = (step(taught, 20, "Press it."), step(taught + 1, 20, "Press that."), step(taught + 2, 90, "Press it."))
    played = episodes(tmp_path / "played", *steps)
    measured = episodes(tmp_path / "measured", step(11, 20, "Press it."))
    given = "--pages", shown, "--episodes", played, "--out", tmp_path / "data", "--without"
    run(monkeypatch, *given, measured)
    kept = read_pack(tmp_path / "data" / EPISODES / "a.safetensors").rows
    assert [(row["asked"][0][0], row["asked"][0][3][0]) for row in kept] == [("Press that.", 20.0), ("Press it.", 90.0)]
    assert "2 steps of episodes; 1 are held out or measured" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, *given, tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("seed", "steps", "fault"),
    [
        (HELD_FROM, [step(FIRST_SEED, 20, "Press it.")], f"pages from seed {HELD_FROM} on are held out"),
        (0, [step(11, 20, "Press it.")], f"episodes below seed {FIRST_SEED} are measured, as 11 is"),
        (0, [step(FIRST_SEED, 20, "Press it.", KEPT_BACK[0])], f"the task {KEPT_BACK[0]} is kept back"),
    ],
)
def test_what_is_only_measured_is_refused_as_training(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    seed: int,
    steps: list[dict[str, object]],
    fault: str,
):
    shown, played = pages(tmp_path / "pages", [seed]), episodes(tmp_path / "played", *steps)
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "--pages", shown, "--episodes", played, "--out", tmp_path / "data")
    assert f"a.safetensors is not for training: {fault}" in capsys.readouterr().err
    assert not (tmp_path / "data" / COPIES).exists()  # without it nobody trains


def test_pages_are_added_beside_those_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each pack is asked about by its name, so that it is the same whether it came first or later."""
    first, out = pages(tmp_path / "pages", [0, 1]), tmp_path / "data"
    run(monkeypatch, "--pages", first, "--out", out)
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in out.rglob("*.safetensors")}
    run(monkeypatch, "--pages", pages(first, [2], "b"), "--out", out, "--add")
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before} == before
    run(monkeypatch, "--pages", first, "--out", tmp_path / "at once")
    packs = [path.relative_to(out) for path in out.rglob("*.safetensors")]
    assert len(packs) == 3
    for name in packs:
        assert (out / name).read_bytes() == (tmp_path / "at once" / name).read_bytes()
    assert len(read_pack(out / PAGES / "b.safetensors")) == 1
    pages(first, [2, 3], "b")  # it has grown since
    os.utime(first / "b.safetensors", (time.time() + 9, time.time() + 9))
    run(monkeypatch, "--pages", first, "--out", out, "--add")
    assert len(read_pack(out / PAGES / "b.safetensors")) == 2


def test_what_may_be_trained_on_is_refused_as_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    shown, held = pages(tmp_path / "pages", [0, 1]), pages(tmp_path / "held", [HELD_FROM, 1])
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "--pages", shown, "--held-pages", held, "--out", tmp_path / "data")
    assert capsys.readouterr().err.endswith("is not held out: it shows what may be trained on\n")


def test_a_folder_without_packs_or_one_that_would_be_written_over_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    shown, nowhere = pages(tmp_path / "pages", [0]), tmp_path / "nowhere"
    for option in ("--held-pages", "--episodes", "--without"):
        with pytest.raises(SystemExit, match="2"):
            run(monkeypatch, "--pages", shown, option, nowhere, "--out", tmp_path / "data")
        assert f"there are no packs in {nowhere}" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, "--pages", shown, "--out", tmp_path)
    assert f"{shown} is read and would be written over" in capsys.readouterr().err
    assert (shown / "a.safetensors").exists()


def test_nothing_of_an_earlier_preparation_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    out, shown = tmp_path / "data", pages(tmp_path / "pages", [0])
    held = pages(tmp_path / "held", [HELD_FROM])
    played = episodes(tmp_path / "played", step(FIRST_SEED, 20, "Press it."))
    run(monkeypatch, "--pages", shown, "--held-pages", held, "--episodes", played, "--out", out)
    assert len([*out.rglob("*.safetensors")]) == 4
    run(monkeypatch, "--pages", shown, "--out", out)
    left = sorted(str(path.relative_to(out)) for path in out.rglob("*.safetensors"))
    assert left == [COPIES, "pages/a.safetensors"]
