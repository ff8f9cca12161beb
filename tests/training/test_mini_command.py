"""The command that trains clickwright/mini: from packs alone, and exactly on after a kill."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from clickwright.policies import load_policy
from clickwright.screen import Screenshot
from clickwright.training.mini.batches import EPISODES, PAGES, TIERS, Batches
from clickwright.training.mini.packing import Vocabulary
from clickwright.training.mini.pictures import Pictures, asked_in
from clickwright.training.mini.vocabulary import build_tokenizer
from clickwright.training.packs import COPIES, encode, read_pack, write_pack
from clickwright.training.pages.questions import made_up_question
from clickwright.training.prepare import episode_rows, key_of, page_rows, write
from clickwright.training.shown import Element
from safetensors.torch import load_file

SHADES = {"red": (214, 40, 40), "blue": (37, 99, 235), "green": (22, 163, 74), "purple": (126, 34, 206)}
BLOCKED = (
    *("pydantic", "transformers", "playwright", "langgraph", "typer", "rich", "cv2", "huggingface_hub", "datasets"),
    *("scipy", "peft", "tensorboard", "regex", "matplotlib", "httpx", "pyautogui", "mss"),
)
SHOWN = ("answer", "place", "cell", "box", "position", "look", "copy", "read")
RUN = f"""
import runpy, sys
for name in {BLOCKED!r}:
    sys.modules[name] = None
runpy.run_module("clickwright.training.mini", run_name="__main__")
"""


def painted(seed: int, size: tuple[int, int] = (728, 1288)) -> tuple[np.ndarray, list[Element]]:
    """A page with a rectangle of each colour, somewhere."""
    rng = Random(seed)
    pixels, elements = np.full((*size, 3), 240, np.uint8), list[Element]()
    for colour, name in zip(SHADES, ("Save", "Open", "Mauris", ""), strict=True):
        x, y = 28 * rng.randint(len(elements) * 5, len(elements) * 5 + 3), 28 * rng.randint(0, 12)
        pixels[y : y + 40, x : x + 60] = SHADES[colour]
        box = float(x), float(y), x + 60.0, y + 40.0
        elements.append(Element(kind="button", colour=colour, name=name, box=box, visible=1.0))
    return pixels, elements


def step_of(seed: int, task: str = "click-test") -> dict[str, object]:
    """A step of an episode as `play` keeps it."""
    thing = ["button", "", "Submit", 20.0, 120.0, 120.0, 160.0]
    does = {"kind": "click", "x": 70.0, "y": 140.0, "count": 1}
    target = ["button", "Submit", 20.0, 120.0, 120.0, 160.0]
    words = [["word", "", word, 20.0 + 90 * n, 200.0, 90.0 + 90 * n, 230.0] for n, word in enumerate(("quis", "leo,"))]
    goal = f'Click "{seed}".'
    return {
        "task": task,
        "seed": seed,
        "goal": goal,
        "did": [],
        "does": does,
        "target": target,
        "things": [thing, *words],
    }


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few pages and steps, some of both held out."""
    folder = tmp_path_factory.mktemp("packs")
    for kind, first, count in (("pages", 0, 6), ("held/pages", 50, 3)):
        drawn = [painted(seed) for seed in range(first, first + count)]
        rows = [
            {"seed": 0, "extent": [26, 46], "elements": [one.to_row() for one in elements]} for _, elements in drawn
        ]
        raw = folder / "raw" / kind
        raw.mkdir(parents=True)
        write_pack(raw / "a.safetensors", [encode(pixels) for pixels, _ in drawn], rows)
        write(folder / kind, [read_pack(raw / "a.safetensors")], page_rows)
    raw = folder / "raw" / "steps.safetensors"
    write_pack(raw, [encode(painted(seed, (448, 672))[0]) for seed in range(5)], [step_of(seed) for seed in range(5)])
    write(folder / EPISODES, [read_pack(raw)], episode_rows)
    rng = Random(0)
    rows = [{"asked": [made_up_question(rng).to_row() for _ in range(40)]} for _ in range(2)]
    write_pack(folder / COPIES, [b"", b""], rows)
    return folder


def command(data: Path, out: Path, *more: str) -> list[str]:
    given = ["--data", str(data), "--out", str(out), "--threads", "1", "--workers", "0", "--held", "0", *more]
    return [sys.executable, "-W", "error", "-c", RUN, *given]


def losses_of(out: Path) -> dict[int, dict[str, float]]:
    """What every step came to; a step that was taken again after a kill is written again."""
    rows = [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]
    return {row["step"]: {name: row[name] for name in SHOWN if name in row} for row in rows}


def killed_at(running: subprocess.Popen[bytes], out: Path, step: int, wait_s: float) -> int:
    """Kill a run so long after it saved a step, whatever it does then; the step that it then goes on from."""
    while running.poll() is None and steps_in(out) < step:
        time.sleep(0.01)
    time.sleep(wait_s)
    running.send_signal(signal.SIGKILL)
    running.wait()
    return steps_in(out)


def steps_in(out: Path) -> int:
    state = out / "state.json"
    return json.loads(state.read_text())["steps"] if state.exists() else 0


@pytest.mark.slow
def test_it_needs_nothing_but_torch_and_goes_on_exactly_after_kills(data: Path, tmp_path: Path):
    """At two moments that are drawn. Every step is saved, so that it may well be hit while it writes."""
    whole, killed, rng = tmp_path / "whole", tmp_path / "killed", Random(20261128)
    given = "--steps", "8", "--report", "0", "--size", "small"
    subprocess.run(command(data, whole, *given), check=True, capture_output=True, timeout=300)
    for _ in range(2):
        step = steps_in(killed) + rng.randint(1, 2)
        running = subprocess.Popen(command(data, killed, *given), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert step <= killed_at(running, killed, step, rng.uniform(0, 0.15)) < 8
    subprocess.run(command(data, killed, *given), check=True, capture_output=True, timeout=300)
    assert list(losses_of(whole)) == list(range(1, 9))
    assert losses_of(killed) == losses_of(whole)
    for name in ("learner-8", "average-8", "memory-8"):
        one, other = load_file(whole / f"{name}.safetensors"), load_file(killed / f"{name}.safetensors")
        assert one.keys() == other.keys()
        assert all(torch.equal(value, other[key]) for key, value in one.items()), name
    assert sorted(path.name for path in killed.glob("*.safetensors")) == [
        "average-8.safetensors",
        "learner-8.safetensors",
        "memory-8.safetensors",
    ]
    policy = load_policy(killed / "checkpoint", device="cpu", dtype="float32")
    assert policy.profile.name == "mini"
    shot = Screenshot(pixels=painted(1)[0])
    found = policy.ground(shot, "the red button")
    assert shot.size.box.contains(found.point)


def test_a_folder_without_packs_is_told(tmp_path: Path):
    told = subprocess.run(command(tmp_path, tmp_path / "out"), capture_output=True, text=True, timeout=120)
    assert told.returncode == 2
    assert told.stderr.splitlines()[-1].endswith(
        f"there are no pages in {tmp_path}: clickwright.training.prepare writes them"
    )


def test_what_prepare_writes_last_is_missed_at_the_start(data: Path, tmp_path: Path):
    broken = tmp_path / "data"
    broken.mkdir()
    (broken / PAGES).symlink_to(data / PAGES)
    told = subprocess.run(command(broken, tmp_path / "out"), capture_output=True, text=True, timeout=120)
    assert told.returncode == 2
    assert told.stderr.splitlines() == [
        f"training.mini: there is no {COPIES} in {broken}: clickwright.training.prepare writes it last, run it again"
    ]


@pytest.mark.slow
def test_a_step_counts_as_many_seconds_as_it_is_told_whatever_it_took(data: Path, tmp_path: Path):
    given = "--recipe", "concepts", "--size", "small", "--minutes", "0.1", "--report", "0", "--pace", "1"
    told = subprocess.run(command(data, tmp_path, *given), capture_output=True, text=True, timeout=120)
    assert told.returncode == 2
    assert told.stderr.splitlines() == [
        "training.mini: --pace has the seconds of a step for each of 2 phases, not for 1"
    ]
    subprocess.run(command(data, tmp_path, *given, "1.5"), check=True, capture_output=True, timeout=300)
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [(row["step"], row["phase"], row["s"]) for row in rows[:5]] == [
        *((1, 0, 1), (2, 0, 2), (3, 1, 4), (4, 1, 5), (5, 1, 6)),
    ]


def test_the_same_step_has_the_same_batch(data: Path):
    pictures = {kind: Pictures(data / kind) for kind in (PAGES, EPISODES)}
    vocabulary = Vocabulary(build_tokenizer())
    mix = {"small": 0.5, "episode": 0.25, "word": 0.25}
    one, other = (Batches(pictures, [], vocabulary, mix=mix, words=0.5, seed=3) for _ in range(2))
    drawn = [one[step] for step in range(8)]
    assert {batch.tier for batch in drawn} == set(mix)
    for step, batch in enumerate(drawn):
        again = other[step]
        assert torch.equal(batch.pixels, again.pixels)
        assert (batch.pack is None) == (not TIERS[batch.tier].questions)
        if batch.pack is not None and again.pack is not None:
            assert torch.equal(batch.pack.ids, again.pack.ids)
    assert not torch.equal(one[0].pixels, Batches(pictures, [], vocabulary, mix=mix, words=0.5, seed=4)[0].pixels)


def test_light_varies_by_the_number_of_the_step_alone(data: Path):
    pictures, vocabulary = {PAGES: Pictures(data / PAGES)}, Vocabulary(build_tokenizer())
    one, other, plain = (
        Batches(pictures, [], vocabulary, mix={"tiny": 1.0}, words=0.5, seed=3, vary=vary) for vary in (1.0, 1.0, 0.0)
    )
    assert torch.equal(one[2].pixels, other[2].pixels)
    assert not torch.equal(one[2].pixels, plain[2].pixels)
    assert torch.equal(one[2].cells.boxes, plain[2].cells.boxes)  # of the same windows
    means = (one[2].pixels.float() - plain[2].pixels).mean((1, 2, 3))
    assert means.std() > 3  # each window has its own light


def test_only_what_lies_in_a_window_is_asked_for_there(data: Path):
    pictures, rng = Pictures(data / PAGES), Random(2)
    for _ in range(40):
        picture, crop = pictures.window(rng, 11, 6)
        height, width = crop.pixels.shape[:2]
        for question in asked_in(rng, picture, crop, 8, 1.0):
            if question.box is None:
                assert question.kind in ("key", "scroll")
                continue
            x1, y1, x2, y2 = question.box
            assert 0 <= x1 < x2 <= width
            assert 0 <= y1 < y2 <= height
            shade = crop.pixels[int((y1 + y2) / 2), int((x1 + x2) / 2)]
            assert tuple(shade) in SHADES.values()


def test_keys_are_asked_for_on_whole_pages(data: Path):
    """A model for which every answer about a page began with a thing clicked where a key was to be pressed."""
    pictures, rng = Pictures(data / PAGES), Random(4)
    asked = [asked_in(rng, *pictures.window(rng, 46, 26), 12, 1.0) for _ in range(20)]
    keys = [one for some in asked for one in some if one.kind in ("key", "scroll")]
    assert 5 <= len(keys) <= 35
    assert all(one.box is None and "<|box_start|>" not in one.answer for one in keys)
    assert all(any(one.box is not None for one in some) for some in asked)


def test_a_goal_comes_first_and_is_written_in_thousandths_of_a_page(data: Path):
    pictures = Pictures(data / EPISODES)
    picture, crop = pictures.window(Random(0), 12, 15, is_corner=True)
    first, *others = asked_in(Random(0), picture, crop, 8, 1.0)
    assert first.rung == "goal"
    assert first.answer.startswith(
        "<|object_ref_start|>the Submit button<|object_ref_end|><|box_start|>(16,165),(93,220)"
    )
    assert {other.rung for other in others} == {"word"}
    assert any('"leo"' in other.text or "leo" in other.text for other in others)


def test_what_is_held_out_is_not_learned():
    steps = [step_of(1), step_of(2), step_of(2, "click-button")]
    held = frozenset(key_of(row) for _, row in episode_rows(Random(0), [step_of(2)]))
    kept = [row["group"] + row["asked"][0][0] for _, row in episode_rows(Random(0), steps, held)]
    assert kept == ['click-testClick "1".', 'click-buttonClick "2".']


def test_a_pack_gives_back_what_was_written(tmp_path: Path):
    pixels = np.random.default_rng(0).integers(0, 255, (56, 84, 3), np.uint8)
    write_pack(tmp_path / "a.safetensors", [encode(pixels), encode(pixels[:28])], [{"a": 1}, {"b": "é"}])
    pack = read_pack(tmp_path / "a.safetensors")
    assert list(pack.rows) == [{"a": 1}, {"b": "é"}]
    assert np.array_equal(pack.picture(0), pixels)
    assert np.array_equal(pack.picture(1), pixels[:28])
