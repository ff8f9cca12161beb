"""Suites with episodes: MiniWoB++ in a real browser, BrowserGym and OSWorld on what is recorded of them."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from clickwright.benchmarks.players import make_player
from clickwright.benchmarks.record import read_rows
from clickwright.benchmarks.row import Key, Row
from clickwright.benchmarks.runner.begin import Plan, run_bench
from clickwright.benchmarks.suite import Choice
from clickwright.benchmarks.suites import SUITES, open_online
from clickwright.benchmarks.suites.osworld import OSWorld
from clickwright.benchmarks.verify import verify
from clickwright.environments.browsergym.recorded import RecordedGym
from clickwright.environments.osworld.recorded import RecordedDesktop
from clickwright.errors import UsageError
from clickwright.options.model import MINI, Chosen
from clickwright.screen import Box, Point, Screenshot, Size
from clickwright.tools import Click, Finish
from rich.console import Console


def run(suite: str, player: str, choice: Choice, folder: Path, workers: int = 1) -> Sequence[Row]:
    plan = Plan(
        suite=suite,
        player=make_player(player, Chosen(model=MINI)),
        choice=choice,
        folder=folder,
        workers=workers,
    )
    return read_rows(run_bench(plan)).every


@pytest.mark.slow
def test_the_oracle_solves_miniwob_by_rule_and_by_search_through_the_agents_loop(tmp_path: Path) -> None:
    tasks = ("enter-text", "click-test-2")  # one has a rule, the other none
    rows = run("miniwob", "oracle", Choice(tasks=tasks, episodes=2), tmp_path)
    assert [(row.task, row.seed, row.success, row.reward, row.ended) for row in rows] == [
        (task, seed, True, 1.0, "over") for task in tasks for seed in (0, 1)
    ]


def test_the_embedded_model_plays_miniwob_and_its_tokens_and_seconds_are_told(tmp_path: Path) -> None:
    (row,) = run("miniwob", "model", Choice(tasks=("click-test",)), tmp_path)
    assert row.error is None
    assert row.prompt_tokens > row.visual_tokens >= 96  # 12 x 8 tokens of one screenshot at least
    assert row.new_tokens > 0
    assert row.confidence is not None
    assert all(row.seconds[part] > 0 for part in ("setup", "vision", "prefill", "decode", "total"))


def test_verify_tells_a_task_that_nobody_solves_from_one_that_is_proved(tmp_path: Path) -> None:
    console = Console(width=120, record=True)
    choice = Choice(tasks=("press", "wait"), episodes=2, settings={"delay_ms": "1"})
    assert verify(console, "rehearsal", choice, folder=tmp_path / "good") == 0
    assert "2 of 2 tasks of Rehearsal of the runner are proved, 2 seeds each" in console.export_text()
    assert verify(console, "rehearsal", Choice(tasks=("press",), episodes=2), folder=tmp_path / "good") == 0
    assert len(list((tmp_path / "good").iterdir())) == 4, "a folder for each choice"
    with pytest.raises(UsageError, match="WebArena has no oracle"):
        verify(console, "browsergym-webarena", choice, folder=tmp_path / "none")


def test_browsergym_begins_limits_and_scores_its_own_episodes(tmp_path: Path) -> None:
    page = Screenshot(pixels=np.full((321, 498, 3), 255, np.uint8))
    with RecordedGym(page, solved_by=Box(0, 0, 498, 321)) as recorded:  # wherever the random player clicks
        choice = Choice(settings={"python": recorded.python, "steps": "4"})
        assert open_online("browsergym-miniwob", choice).keys() == [Key(task="click-test")]
        (row,) = run("browsergym-miniwob", "random", choice, tmp_path / "random")
        assert (row.success, row.reward, row.ended) == (True, 1.0, "over")
        (idle,) = run("browsergym-miniwob", "noop", choice, tmp_path / "noop")
        assert (idle.success, idle.reason) == (False, "the reward was 0")
        assert recorded.calls[-1][0] == "send_msg_to_user"  # what the agent said at its end was told
    with pytest.raises(UsageError, match="there is no Python at"):
        open_online("browsergym-miniwob", choice).keys()
    with pytest.raises(UsageError, match="clickwright setup browsergym FOLDER --suite webarena"):
        open_online("browsergym-webarena", Choice())
    with pytest.raises(UsageError, match="act on the same sites: one worker at a time"):
        Plan(suite="browsergym-webarena", player=make_player("noop", Chosen(model=MINI)), workers=2)


def osworld_folder(at: Path) -> Path:
    """The published form of the task files, with one task in each of two domains."""
    (at / "test_all.json").write_text(json.dumps({"os": ["a"], "chrome": ["b"]}))
    for domain, name in (("os", "a"), ("chrome", "b")):
        (at / "examples" / domain).mkdir(parents=True)
        config = {"id": name, "instruction": f"Do {name}.", "snapshot": domain, "config": [], "evaluator": {}}
        (at / "examples" / domain / f"{name}.json").write_text(json.dumps(config))
    return at


async def test_osworld_sets_a_machine_up_for_each_task_and_scores_it_itself(tmp_path: Path) -> None:
    shots = [Screenshot(pixels=np.full((108, 192, 3), shade, np.uint8)).to_png() for shade in (90, 200)]
    desktop = RecordedDesktop([(png, None) for png in shots], score=0.5)
    choice = Choice(data=osworld_folder(tmp_path), settings={"pause_s": "0.01"})
    suite = OSWorld(choice, lambda settings: desktop)
    assert suite.keys() == [Key(task="os/a"), Key(task="chrome/b")]
    stage = suite.stage()
    task = await stage.begin(Key(task="chrome/b"))
    assert (task.goal, task.limits.steps) == ("Do b.", 15)
    seen = await stage.environment.reset(task)
    assert seen.screenshot.size == Size(192, 108)
    await stage.environment.step(Click(point=Point(20, 20)))
    scored = await stage.score(Finish(status="success"))
    assert (scored.score, scored.success, scored.reason) == (0.5, False, "OSWorld's evaluator gave 0.5")
    assert desktop.actions[-1] == "DONE"
    assert desktop.task_configs[-1] == {**json.loads((tmp_path / "examples/chrome/b.json").read_text())}
    await stage.close()
    assert desktop.closed == 1


def test_osworld_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="OSWorld needs OSWorld's package"):
        OSWorld(Choice())
    with pytest.raises(UsageError, match=r"test_all\.json cannot be read"):
        OSWorld(Choice(data=tmp_path)).keys()
    with pytest.raises(UsageError, match="OSWorld have no seeds"):
        OSWorld(Choice(data=tmp_path, episodes=2))
    osworld_folder(tmp_path)
    with pytest.raises(UsageError, match="no task 'vlc'; its domains are os, chrome"):
        OSWorld(Choice(data=tmp_path, tasks=("vlc",))).keys()
    with pytest.raises(UsageError, match="OSWorld is not installed here"):
        run("osworld", "noop", Choice(data=tmp_path), tmp_path / "run")


@pytest.mark.parametrize("name", sorted(SUITES))
def test_every_suite_says_what_it_is(name: str) -> None:
    known = SUITES[name]
    assert known.title
    assert known.metric
    assert known.oracle or known.is_online


@pytest.mark.parametrize("setting", [{"stepz": "3"}, {"steps": "0"}, {"steps": "many"}, {"fresh_page": "perhaps"}])
def test_settings_are_read_strictly(setting: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"has no setting|is a number from 1 on|is yes or no"):
        open_online("miniwob", Choice(settings=setting)).stage()
