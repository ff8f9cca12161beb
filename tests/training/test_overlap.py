"""Success in measured episodes, by what of them was trained on."""

from pathlib import Path

import numpy as np
import pytest
from clickwright.environments.miniwob.groups import KEPT_BACK
from clickwright.errors import UsageError
from clickwright.training.figures.overlap import ALL, APART, NONE, SOME, by_kind, results, shared_steps, table_of
from clickwright.training.packs import Pack, Row, read_pack, write_pack
from clickwright.training.pages.render import encode
from clickwright.training.prepare import keys_of

TASK, KEPT = "click-button", KEPT_BACK[0]
WHITE = encode(np.full((448, 672, 3), 255, np.uint8))


def step(task: str, seed: int, x: int) -> Row:
    """A click on the only button, as `training.episodes.play` keeps it."""
    thing = ["button", "", "OK", x, 200.0, x + 40.0, 240.0]
    does = {"kind": "click", "x": x + 20.0, "y": 220.0, "count": 1}
    told = {"target": ["button", *thing[2:]], "things": [thing]}
    return {"task": task, "seed": seed, "goal": "Click the button.", "did": [], "does": does, **told}


def pack_of(path: Path, *rows: Row) -> Pack:
    write_pack(path, [WHITE] * len(rows), rows)
    return read_pack(path)


def test_steps_are_shared_by_task_goal_and_target(tmp_path: Path) -> None:
    trained = keys_of([pack_of(tmp_path / "trained.safetensors", step(TASK, 1, 40), step(TASK, 2, 80))])
    played = ((11, 40), (12, 80), (12, 90), (13, 90))
    measured = pack_of(tmp_path / "measured.safetensors", *(step(TASK, seed, x) for seed, x in played))
    found = shared_steps([measured], trained)
    assert found == {(TASK, 11): [True], (TASK, 12): [True, False], (TASK, 13): [False]}


def test_episodes_are_told_apart_by_what_of_them_is_shared() -> None:
    steps = {(TASK, 1): [True], (TASK, 2): [True, False], (TASK, 3): [False], (KEPT, 1): [True]}
    won = {(TASK, 1): True, (TASK, 2): False, (TASK, 3): True, (KEPT, 1): False, (TASK, 4): True}
    assert by_kind(won, steps) == {ALL: [True], SOME: [False], NONE: [True], APART: [False]}


def test_a_result_without_success_and_a_torn_line_are_left_out_and_told(tmp_path: Path) -> None:
    lines = [f'{{"task": "{TASK}", "seed": {seed}, "success": {said}}}' for seed, said in enumerate(("true", "false"))]
    lines += [f'{{"task": "{TASK}", "seed": 2, "success": null}}', f'{{"task": "{TASK}", "se']
    (tmp_path / "results.jsonl").write_text("\n".join(lines))
    won, told = results(tmp_path)
    assert won == {(TASK, 0): True, (TASK, 1): False}
    assert told.endswith("1 ended with an error and 1 are no whole line")
    tried_again = lines[2].replace("null", "true")
    (tmp_path / "results.jsonl").write_text("\n".join([*lines[:3], tried_again]))
    assert results(tmp_path) == ({(TASK, 0): True, (TASK, 1): False, (TASK, 2): True}, "")


def test_a_folder_without_results_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no benchmark run"):
        results(tmp_path)


def test_a_blind_player_stands_beside_the_one_that_sees() -> None:
    steps = {(TASK, 1): [True], (TASK, 2): [False]}
    table = table_of({"won": {(TASK, 1): True, (TASK, 2): True}, "on grey": {(TASK, 1): False}}, steps)
    assert [column.header for column in table.columns][1::3] == ["won", "on grey"]
    cells = [list(column.cells) for column in table.columns]
    assert cells[0] == [NONE, ALL]
    assert (cells[1], cells[2]) == (["1", "1"], ["1", "1"])
    assert (cells[4], cells[5]) == (["", "0"], ["", "1"])
