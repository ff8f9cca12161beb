"""The paper's experiments in their smallest form, and what their parts must be whatever a training makes of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from clickwright.benchmarks.experiments import data, length, resolution, rope, size
from clickwright.benchmarks.experiments.reader import END, PICTURE, START, Build, Reader, layout, positions_of
from clickwright.benchmarks.experiments.resolution import BUDGETS, SQUARE, WAYS, Way, fixed, token_count
from clickwright.benchmarks.experiments.results import Plan, over_seeds, point
from clickwright.benchmarks.experiments.scenes import ASKED, KINDS, STEPS, THINGS, WORDS, Data, picture, tiles, word
from clickwright.benchmarks.experiments.trial import Exam, Trial, joined, looks, steps_in, train
from clickwright.benchmarks.experiments.windows import Window, spread
from clickwright.screen import Size
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

SMALL = Build(width=32, heads=1, layers=1, tower=32)
SCENES = Data(seed=3, shapes=[(1, 3, 4), (2, 3, 3)], kinds=KINDS)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """As the command: for readers of this size a second thread is only in the way."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(minutes=0.02, seed=0, out=tmp_path, console=Console(quiet=True))


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# Positions


@given(st.integers(0, 40))
def test_text_alone_has_the_same_positions_in_one_axis_and_in_three(count: int) -> None:
    ids = [word("row")] * count
    assert torch.equal(positions_of(ids, (1, 1, 1), "m-rope"), positions_of(ids, (1, 1, 1), "1-d"))


def test_a_picture_counts_on_by_its_tokens_in_one_axis_and_by_its_longer_side_in_three() -> None:
    ids = [START, *[PICTURE] * 12, END]
    flat, deep = positions_of(ids, (1, 3, 4), "1-d"), positions_of(ids, (1, 3, 4), "m-rope")
    assert flat[:, -1].tolist() == [13] * 3
    assert deep[:, -1].tolist() == [5] * 3
    assert deep[:, 1 + 4].tolist() == [1, 2, 1]  # the first of the second row


def test_readers_of_one_seed_differ_in_their_positions_alone() -> None:
    flat, deep = Reader(Build(positions="1-d"), seed=5), Reader(Build(positions="m-rope"), seed=5)
    for (name, one), (_, other) in zip(flat.named_parameters(), deep.named_parameters(), strict=True):
        assert torch.equal(one, other), name
    many, single = SCENES.batch(0, range(3)), Data(seed=3, shapes=[(1, 1, 1)], kinds=("row",)).batch(0, range(3))
    assert not torch.equal(flat(many).loss, deep(many).loss)
    assert torch.equal(flat(single).loss, deep(single).loss)  # of one token, both positions are alike


def test_a_question_sees_the_picture_and_itself_and_begins_where_all_begin() -> None:
    prefix, positions, mask = layout((1, 2, 2), 3, "m-rope")
    first, second = (len(prefix) + ASKED * number for number in (0, 1))
    assert positions[:, first].equal(positions[:, second])
    assert mask[second, : len(prefix)].all()
    assert not mask[second, first : first + ASKED].any()


# Scenes


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 1))
def test_every_answer_can_be_read_off_the_scene(number: int, shape: int) -> None:
    batch = SCENES.batch(shape, [number])
    codes = batch.codes[0].reshape(batch.shape).numpy()
    for (kind, thing), answer in zip(batch.words[0].tolist(), batch.answers[0].tolist(), strict=True):
        code = thing - word(THINGS[0]) + 1
        [[t, row, column]] = np.argwhere(codes == code).tolist()
        match WORDS[kind]:
            case "row":
                assert WORDS[answer] == str(row)
            case "column":
                assert WORDS[answer] == str(column)
            case step:
                there = {"right": (t, row, column + 1), "below": (t, row + 1, column), "next": (t + 1, row, column)}[
                    step
                ]
                assert THINGS[codes[there] - 1] == WORDS[answer]


def test_a_scene_is_the_same_for_the_same_seed_and_few_scenes_come_again() -> None:
    again = Data(seed=3, shapes=SCENES.shapes, kinds=KINDS)
    assert torch.equal(SCENES.batch(0, [7]).words, again.batch(0, [7]).words)
    few = Data(seed=3, shapes=[(1, 3, 3)], kinds=("right",), count=2)
    drawn = few.draw(np.random.default_rng(0), 40).codes
    assert len(drawn.unique(dim=0)) == 2


def test_the_picture_that_people_see_is_the_one_that_the_tower_reads() -> None:
    batch = SCENES.batch(0, [1])
    codes, variants = (part[0].reshape(3, 4).numpy() for part in (batch.codes, batch.variants))
    pixels = picture(codes, variants)
    assert pixels.shape == (3 * 28, 4 * 28, 3)
    assert len({tuple(pixels[y, x]) for y in range(84) for x in range(112)}) > 5
    assert tiles().shape == (len(THINGS) + 1, 12, 4, 588)
    empty = picture(np.array([[0]]), np.array([[0]]))
    assert np.ptp(empty) == 0


# Training


def test_a_reader_learns_what_it_is_shown_and_the_same_seed_learns_the_same() -> None:
    trial = Trial(line="", build=SMALL, data=Data(seed=1, shapes=[(1, 2, 2)], kinds=("row",), count=4), seed=0)
    batch = trial.data.batch(0, range(4))
    found: list[list[float]] = []
    for _ in range(2):
        found.append([reader(batch, ("row",)).loss.item() for _, reader in train(trial, 12, [1, 12])])
        assert found[-1][1] < found[-1][0] - 0.3
    assert found[0] == found[1]


def test_an_exam_marks_each_question_and_each_cell_and_knows_its_scene() -> None:
    exam = Exam(SCENES, 2)
    marks = exam.marked(Reader(SMALL))
    assert sum(len(marks[kind]) for kind in KINDS) == 2 * 2 * SCENES.questions
    assert len(marks["cell row"]) == 2 * 12 + 2 * 18
    assert len(marks["cell right"]) == 2 * 3 * 3 + 2 * 2 * 3 * 2  # those that have a cell left of them
    assert len(marks["cell next"]) == 2 * 9
    for names in (("right",), ("cell right", "cell row"), KINDS):
        assert len(exam.pictures(names)) == len(joined(names, marks))
    assert set(exam.pictures(KINDS)) == {"0:0", "0:1", "1:0", "1:1"}


@given(st.integers(0, 10**6))
def test_a_cell_must_know_what_stood_before_it(number: int) -> None:
    batch = SCENES.batch(1, [number])
    codes = batch.codes[0].reshape(batch.shape)
    for kind, (t, row, column) in STEPS.items():
        around = batch.around(kind)[0].reshape(batch.shape)
        if kind in ("row", "column"):
            assert around[1, 2, 0] == (2 if kind == "row" else 0)
            continue
        here, before = around[t:, row:, column:], codes[: 2 - t, : 3 - row, : 3 - column]
        assert torch.equal(here, before)
        assert (around.numel() - here.numel()) == int((around < 0).sum())


def test_trainings_are_looked_at_evenly_and_at_their_end(plan: Plan) -> None:
    assert looks(100, 4) == [25, 50, 75, 100]
    assert looks(2, 6) == [1, 2]
    assert steps_in(plan, [Trial(line="", build=SMALL, data=SCENES, seed=0)] * 1000) == 2
    assert steps_in(replace(plan, steps=70), []) == 70


# Resolution


@given(st.integers(5, 50), st.integers(5, 50), st.sampled_from(BUDGETS))
def test_a_fixed_budget_gives_as_many_tokens_as_it_says_but_for_one_row_and_column(
    columns: int, rows: int, tokens: int
) -> None:
    resized = fixed(tokens).resized(Size(columns * 28, rows * 28))
    wide, high = resized.width // 28, resized.height // 28
    if columns * rows < tokens:
        assert (wide - 1) * (high - 1) < tokens <= wide * high
    else:
        assert wide * high <= tokens < (wide + 1) * (high + 1)


def test_a_square_has_256_tokens_and_native_size_is_left_alone() -> None:
    pixels = np.zeros((364, 644, 3), np.uint8)
    square, native = Way(name="", is_square=True), Way(name="")
    assert token_count(square.shown(pixels)) == SQUARE.width * SQUARE.height // 784 == 256
    assert native.shown(pixels) is pixels


def test_the_cells_of_a_rescaled_window_cover_the_page_that_the_window_covers() -> None:
    window = Window(page="", pixels=np.zeros((6 * 28, 10 * 28, 3), np.uint8), offset=(3, 7), words=(), boxes=())
    rows, columns = spread(window, (6, 10))
    assert rows.unique().tolist() == [3, 4, 5, 6, 7, 8]
    assert columns.unique().tolist() == list(range(7, 17))
    rows, columns = spread(window, (3, 5))
    assert rows.unique().tolist() == [3.5, 5.5, 7.5]  # the middles of two cells each
    assert columns.unique().tolist() == [7.5, 9.5, 11.5, 13.5, 15.5]


@pytest.mark.slow
def test_mini_finds_things_on_a_page_at_its_own_size_and_not_in_a_square(plan: Plan) -> None:
    ways = (WAYS[0], WAYS[1], WAYS[-1])
    found = rows(resolution.run(plan, ways, ((46, 26), (11, 6))))
    assert [row["way"] for row in found] == [way.name for way in ways] * 2
    assert {row["what"] for row in found} == {resolution.CHAIN, resolution.TOLD}
    native, square = (next(row for row in found if row["way"] == way) for way in ("native size", "448 x 448"))
    assert native["value"] > 0.5 > square["value"]
    assert (plan.out / "resolution.png").stat().st_size < 80_000


# The other experiments


@pytest.mark.parametrize("experiment", [rope, length, size, data])
def test_each_writes_rows_and_a_picture(experiment, plan: Plan) -> None:
    path = experiment.run(plan)
    found = rows(path)
    assert len(found) >= 3
    for row in found:
        assert 0 <= row["interval"]["low"] <= row["value"] <= row["interval"]["high"] <= 1
        assert {"model", "data", "seeds", "training", "commit", "processor"} <= row["on"].keys()
    assert path.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_the_interval_over_seeds_is_students() -> None:
    # Three values: t of 2 degrees of freedom at 97.5 % is 4.3027, and the standard error of 0.4, 0.5, 0.6 is 0.05774.
    found = over_seeds([0.4, 0.5, 0.6])
    assert found.value == pytest.approx(0.5)
    assert (found.low, found.high) == pytest.approx((0.5 - 4.3027 * 0.057735, 0.5 + 4.3027 * 0.057735), abs=1e-4)


def test_a_point_of_one_seed_has_the_interval_of_its_pictures_and_of_several_that_of_the_seeds() -> None:
    one = point("a", 1, [[0, 1, 1, 1]], ["p", "p", "q", "q"])
    assert one.value == 0.75
    assert "bootstrap" in one.interval.method
    several = point("a", 1, [[0, 1], [1, 1]], ["p", "q"])
    assert several.each == (0.5, 1.0)
    assert "2 seeds" in several.interval.method
