"""What stands between small windows and larger ones, what evaluations say beside what is hit, and how a run goes on."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch
from clickwright.training import prepare
from clickwright.training.mini.__main__ import Plan, train
from clickwright.training.mini.batches import PAGES
from clickwright.training.mini.evaluate import (
    ANOTHER,
    FEW,
    GREY,
    OWN,
    Answers,
    Share,
    Window,
    few_words,
    of_another,
    pointed,
    seen_by,
    worded,
)
from clickwright.training.mini.held import Held
from clickwright.training.mini.learner import Learner
from clickwright.training.mini.options import arguments, begun_of, device_of, require_data, with_data
from clickwright.training.mini.packing import Pack, Vocabulary, pack
from clickwright.training.mini.pictures import Pictures, Room, asked_in
from clickwright.training.mini.recipe import CONCEPTS, RECIPES, Phase
from clickwright.training.mini.run import Begun, Run, begun_with
from clickwright.training.mini.sizes import mini_config
from clickwright.training.mini.vocabulary import build_tokenizer
from clickwright.training.mini.windows import Crop, cells_of, taught_words
from clickwright.training.packs import encode, read_pack, write_pack
from clickwright.training.pages.questions import View, phrases, question
from clickwright.training.shown import Element
from scipy import stats

SHADES = ((214, 40, 40), (37, 99, 235), (22, 163, 74))
NAMES = "Save", "Open", "Help"
LADDER = (
    Phase(share=0.5, mix={"tiny": 1.0}, learns="tower"),
    Phase(share=0.5, mix={"small": 1.0}, words=1.0, gated=True),
)


def page(seed: int) -> tuple[np.ndarray, list[list[object]]]:
    """A page with three buttons near each other, and their labels as a pack of rendered pages has them."""
    rng = Random(seed)
    pixels, rows = np.full((728, 1288, 3), 240, np.uint8), list[list[object]]()
    left, top = rng.randint(0, 900), rng.randint(0, 500)
    for n, (shade, name) in enumerate(zip(SHADES, NAMES, strict=True)):
        x, y = left + 80 * n, top + rng.randint(0, 60)
        pixels[y : y + 40, x : x + 60] = shade
        button = Element(kind="button", colour="", name=name, box=(x, y, x + 60, y + 40), visible=1.0)
        rows.append(button.to_row())
    return pixels, rows


def write_pages(folder: Path, seeds: range) -> None:
    folder.mkdir(parents=True)
    drawn = [page(seed) for seed in seeds]
    rows = [
        {"seed": seed, "extent": [26, 46], "elements": things} for seed, (_, things) in zip(seeds, drawn, strict=True)
    ]
    write_pack(folder / "pages.safetensors", [encode(pixels) for pixels, _ in drawn], rows)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages alone, some of them held out."""
    folder = tmp_path_factory.mktemp("gates")
    for kind, seeds in ((PAGES, range(4)), (f"held/{PAGES}", range(50, 58))):
        write_pages(folder / "raw" / kind, seeds)
        packs = [read_pack(folder / "raw" / kind / "pages.safetensors")]
        prepare.write(folder / kind, packs, prepare.page_rows)
    return folder


@pytest.fixture(scope="module")
def learner() -> Learner:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    vocabulary = Vocabulary(build_tokenizer())
    return Learner(vocabulary, mini_config(vocabulary, "small")).eval()


@pytest.fixture(scope="module")
def windows(data: Path) -> list[Window]:
    return few_words(Pictures(data / "held" / PAGES), 4)


def given(monkeypatch: pytest.MonkeyPatch, data: Path, out: Path, *more: str) -> argparse.Namespace:
    """The command line as the command reads it."""
    told = ("--data", str(data), "--out", str(out), "--threads", "1", "--workers", "0", *more)
    monkeypatch.setattr(sys, "argv", ["training.mini", *told])
    return arguments()


class Session:
    """A run that is stopped and goes on, as the same command does it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data: Path, out: Path) -> None:
        self._monkeypatch, self._data, self.out = monkeypatch, data, out

    def goes(self, steps: int, *more: str) -> int:
        """The code that it ends with."""
        run = Run(self.out, device=torch.device("cpu"), begun=Begun(size="small"))
        if run.is_begun:
            run.load(self.out)
        told = given(self._monkeypatch, self._data, self.out, "--steps", str(steps), *more)
        try:
            train(run, Plan(LADDER, minutes=1, steps=steps), told)
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    @property
    def state(self) -> dict[str, object]:
        return json.loads((self.out / "state.json").read_text())


@pytest.mark.slow
def test_a_run_stops_where_small_windows_are_not_mastered(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """With more steps it learns more of what comes before; past the gate it is not asked again."""
    session = Session(monkeypatch, data, tmp_path)
    for steps, reached in ((2, 1), (2, 1), (4, 2)):
        assert session.goes(steps, "--held", "2") == 1
        assert (session.state["steps"], session.state["phase"]) == (reached, 0)
        assert capsys.readouterr().err == (
            "training.mini: in held-out windows of 2 to 6 words of pages 0% are read and 0% found, less than 80%: "
            "give the same command more --steps to train that first, or --past-gates to go on\n"
        )
    assert session.goes(4, "--held", "2", "--past-gates") == 0
    assert capsys.readouterr().err.endswith("found, less than 80%: it goes on all the same\n")
    assert session.goes(5, "--held", "2") == 0
    assert (session.state["steps"], session.state["phase"], capsys.readouterr().err) == (5, 1, "")
    last = json.loads((tmp_path / "log.jsonl").read_text().splitlines()[-1])
    assert {"reading", "finding", "large"} <= set(last) & set(last["within"]) & set(last[GREY])
    assert {"reading", "finding"} <= set(last[ANOTHER])


@pytest.mark.slow
def test_a_gate_that_cannot_look_says_so(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    assert Session(monkeypatch, data, tmp_path).goes(2, "--held", "0") == 0
    told = "words are read and found was not checked on pages: there are no held-out windows of 2 to 6 words of them"
    assert capsys.readouterr().err == f"training.mini: whether {told}\n"


def test_every_recipe_that_teaches_words_is_gated_before_its_first_larger_pictures():
    for name, phases in RECIPES.items():
        large = [
            n
            for n, phase in enumerate(phases)
            if phase.learns != "tower" and set(phase.mix) & {"medium", "large", "episode"}
        ]
        gated = [n for n, phase in enumerate(phases) if phase.gated]
        assert gated == ([] if phases is CONCEPTS else large[:1]), name
        assert all(set(phases[n - 1].mix) <= {"small", "part", "copy"} for n in gated), name


def test_windows_of_few_words_show_them_whole_and_ask_for_each_once(windows: list[Window]):
    assert len(windows) == 4
    for window in windows:
        words = taught_words(window.crop)
        assert len(words) in FEW
        assert sorted(one.box for one in window.questions) == sorted({word.box for word in words})
        assert all(question.rung == "b" for question in window.questions)
        assert window.crop.pixels.base is None  # a part of a page would keep the page


def test_the_same_is_tried_on_grey_and_on_another_page(learner: Learner, windows: list[Window]):
    found = pointed(learner, windows)
    assert list(found) == [OWN, GREY, ANOTHER]
    assert {shares["b"].of for shares in found.values()} == {sum(len(window.questions) for window in windows)}
    words = worded(learner, windows)
    assert words[OWN]["read"].of == sum(len(taught_words(window.crop)) for window in windows)
    assert list(worded(learner, windows, controls=False)) == [OWN]
    alone = [window for window in windows if window.page == windows[0].page]
    assert list(pointed(learner, alone)) == [OWN, GREY]  # no other page could be shown


def test_another_picture_is_one_of_another_page(windows: list[Window]):
    pages = [window.page for window in windows]
    assert len(set(pages)) > 1
    assert all(pages[of_another(windows, n)] != page for n, page in enumerate(pages))


@torch.inference_mode()
def test_what_is_read_once_is_read_as_if_it_were_read_anew(learner: Learner, windows: list[Window]):
    window = windows[0]
    seen = seen_by(learner, window.crop.pixels)
    answers, vocabulary = Answers(learner, window, seen), learner.vocabulary
    for text in ("<|object_ref_start|>the", "<|object_ref_start|>the Save button<|object_ref_end|>"):
        begun = [vocabulary.encode(text) for _ in window.questions]
        batch = pack(vocabulary, window.crop.grid, [window.questions], [window.crop.offset], answers=[begun])
        net = learner.net
        with torch.autocast("cpu", torch.bfloat16):
            hidden = net.decoder(net.embed(batch.ids, seen), batch.positions, batch.branches)
            logits = net.logits(hidden[0, torch.tensor(batch.ends[0]) - 1]).float()
        assert torch.allclose(answers.following(window.questions, begun), logits, atol=0.02, rtol=0.02)


class Knowing(Answers):
    """Knows every token but one, counted from where a text begins."""

    def __init__(self, learner: Learner, window: Window, seen: torch.Tensor, but: int | None) -> None:
        super().__init__(learner, window, seen)
        self._but = but

    def _logits(self, batch: Pack, at: torch.Tensor) -> torch.Tensor:
        right = batch.targets[0, at].clone()
        if self._but is not None:
            right[self._but] = 0
        return torch.nn.functional.one_hot(right, 5000).float()


def test_a_text_is_typed_exactly_to_its_closing_mark_or_not(learner: Learner, windows: list[Window]):
    box = Element(kind="text box", colour="", name="", box=(0.0, 0.0, 200.0, 40.0), visible=1.0)
    (phrase,) = phrases([box])
    made = (question(Random(seed), phrase, View()) for seed in range(50))
    typing = [one for one in made if one.copied][:2]
    window = replace(windows[0], typing=typing)
    seen = seen_by(learner, window.crop.pixels)
    assert Knowing(learner, window, seen, None).typed() == [True, True]
    assert Knowing(learner, window, seen, 0).typed() == [False, True]
    assert Knowing(learner, window, seen, -1).typed() == [True, False]
    assert Answers(learner, windows[0], seen).typed() == []
    assert pointed(learner, [window])[OWN]["typed"].of == 2
    assert worded(learner, [window])[OWN]["found"].of == len(window.questions)


def test_a_word_is_read_where_most_of_its_cells_tell_it(
    learner: Learner, windows: list[Window], monkeypatch: pytest.MonkeyPatch
):
    truth = iter([cells_of([window.crop]) for window in windows])

    def knows(features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cells = next(truth)
        return cells.kinds, cells.names

    monkeypatch.setattr(learner, "told", knows)
    share = worded(learner, windows, points=False, controls=False)[OWN]["read"]
    assert share.hits == share.of > 0


@pytest.mark.parametrize(("hits", "of"), [(0, 5), (3, 7), (40, 40)])
def test_an_interval_is_wilsons(hits: int, of: int):
    wanted = stats.binomtest(hits, of).proportion_ci(method="wilson")
    assert Share(hits, of).interval == pytest.approx((wanted.low, wanted.high), abs=1e-4)


def test_nothing_is_held_out_where_nothing_was_asked_for(data: Path, learner: Learner):
    held = Held({PAGES: Pictures(data / "held" / PAGES)}, 0)
    assert (held.row(learner), held.words(learner)) == ({}, {})


def test_all_pictures_share_the_room_for_decoded_ones(data: Path):
    bytes_a_page = 728 * 1288 * 3
    room = Room(2.5 * bytes_a_page / 1e6)
    one, other = Pictures(data / PAGES, room=room), Pictures(data / "held" / PAGES, room=room)
    for pictures in (one, other):
        for picture in pictures.all:
            pictures.pixels(picture)
    kept = [
        pictures.pixels(picture) is pictures.pixels(picture) for pictures in (one, other) for picture in pictures.all
    ]
    assert kept == [True, True, *[False] * 10]


def test_a_run_goes_on_with_its_own_recipe_and_seed_alone(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = given(monkeypatch, data, tmp_path, "--recipe", "concepts", "--seed", "3", "--size", "small")
    begun, told = with_data(begun_of(first), data)
    assert (begun.size, begun.recipe, begun.seed, told) == ("small", "concepts", 3, "")
    Run(tmp_path, device=torch.device("cpu"), begun=begun).save()
    assert begun_of(given(monkeypatch, data, tmp_path)) == begun
    for name, was, other in (("recipe", "concepts", "whole"), ("seed", "3", "0")):
        wanted = f"was begun with --{name} {was}: leave out --{name} {other}, or give another --out"
        with pytest.raises(ValueError, match=wanted):
            begun_of(given(monkeypatch, data, tmp_path, f"--{name}", other))
    with pytest.raises(ValueError, match="what it goes on with is small: leave out --size usual"):
        begun_of(given(monkeypatch, data, tmp_path, "--size", "usual"))
    anew = given(monkeypatch, data, tmp_path / "anew", "--resume", str(tmp_path))
    assert begun_of(anew) == Begun(size="small", recipe="further", seed=0)


def test_other_data_is_told(data: Path, tmp_path: Path):
    begun, _ = with_data(Begun(), data)
    assert with_data(begun, data) == (begun, "")
    write_pages(tmp_path / PAGES, range(2))
    other, told = with_data(begun, tmp_path)
    assert told == f"the data in {tmp_path} is not what the run was begun with: it goes on, but not to the last bit"
    assert other.data != begun.data


def test_a_state_of_an_older_run_is_read(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch):
    assert begun_with(tmp_path) == {}
    (tmp_path / "state.json").write_text(json.dumps({"steps": 4, "phase": 1}))
    assert begun_with(tmp_path) == {"size": "usual"}
    assert begun_of(given(monkeypatch, data, tmp_path, "--seed", "2")) == Begun(recipe="whole", seed=2)


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        (["--begin", "clickwright/mini"], "there is no checkpoint in clickwright/mini: --begin wants its folder"),
        (["--resume", "nowhere"], "there is no run in nowhere: --resume wants the --out of one"),
        (
            ["--begin", "model/mini", "--resume", "out"],
            "give --begin with a checkpoint or --resume with a run",
        ),
    ],
)
def test_what_cannot_be_gone_on_with_is_told(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], fault: str
):
    with pytest.raises(ValueError, match=fault):
        begun_of(given(monkeypatch, data, tmp_path, *options))


@pytest.mark.parametrize("options", [["--minutes", "0"], ["--steps", "0"], ["--steps", "-1"], ["--minutes", "nan"]])
def test_a_length_is_a_number_above_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options: list[str]
):
    with pytest.raises(SystemExit, match="2"):
        given(monkeypatch, data, tmp_path, *options)
    assert f"a number above 0, not {options[1]}" in capsys.readouterr().err


@pytest.mark.parametrize(("device", "fault"), [("gpu", "--device is cpu or cuda, not gpu"), ("cuda", "no GPU here")])
def test_a_device_that_is_not_there_is_told(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str, fault: str
):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match=fault):
        device_of(given(monkeypatch, data, tmp_path, "--device", device))


def test_a_state_that_counts_is_not_written_over(tmp_path: Path):
    """A kill while it is saved once more would leave none."""
    run = Run(tmp_path, device=torch.device("cpu"), begun=Begun(size="small"))
    run.save()
    before = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.safetensors")}
    assert len(before) == 3
    run.phase = 2
    run.save()
    again = Run(tmp_path, device=torch.device("cpu"), begun=run.begun)
    again.load(tmp_path)
    again.save()
    assert again.phase == 2
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.safetensors")} == before
    run.steps += 1
    run.save()
    assert not before.keys() & {*tmp_path.glob("*.safetensors")}


def test_made_up_instructions_are_needed_by_the_recipes_that_draw_them_alone(data: Path):
    require_data(data, CONCEPTS)
    with pytest.raises(ValueError, match=r"there is no copies\.safetensors"):
        require_data(data, RECIPES["whole"])


def test_a_part_of_an_episode_does_not_ask_for_its_goal(data: Path):
    pictures = Pictures(data / PAGES)
    picture, _ = pictures.around_word(Random(0), 11, 6)
    goal = replace(picture.questions[0], rung="goal", text="Win.")
    shown = replace(picture, questions=[goal, *picture.questions])
    whole = Crop(pixels=pictures.pixels(picture), elements=picture.elements)
    assert asked_in(Random(0), shown, whole, 4, 1.0)[0].text == "Win."
    assert "Win." not in {one.text for one in asked_in(Random(0), shown, whole, 4, 1.0, is_part=True)}
