"""Success in measured episodes, by what of them was trained on."""

from pathlib import Path

import numpy as np
from clickwright.environments.miniwob.groups import KEPT_BACK
from clickwright.training.figures.overlap import ALL, APART, NONE, SOME, by_kind, shared_steps
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
